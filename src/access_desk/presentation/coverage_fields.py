"""The fields of financial clearance: eligibility, authorization and estimate of a plan, questionnaire, good-faith estimate.

What is typed about a plan stands in the plan itself, under these names, so that it moves with it when the order changes.
"""

from __future__ import annotations

from access_desk.domain.coverage import secondary_payer
from access_desk.domain.coverage.authorization import STATUS_WORDS as AUTHORIZATION_WORDS
from access_desk.domain.coverage.eligibility import STATUS_WORDS as ELIGIBILITY_WORDS
from access_desk.presentation.registration_fields import Choices, FieldSpec

CLEARANCE = 5
ELIGIBILITY_CHOICES: Choices = (("", ""), *ELIGIBILITY_WORDS.items())
SOURCE_CHOICES: Choices = (("phone", "Telephone"), ("portal", "Payer's website"), ("card", "Card"), ("271", "271 message"))
AUTHORIZATION_CHOICES: Choices = (("", ""), *AUTHORIZATION_WORDS.items())
ANSWERED_CHOICES: Choices = (("patient", "Patient"), ("representative", "Representative"), ("record", "From the record"))
TRIGGER_CHOICES: Choices = (("", ""), ("scheduled", "A service was scheduled"), ("requested", "The patient asked for it"))
MOST_ITEMS = 6

ELIGIBILITY_ROWS: tuple[tuple[FieldSpec, ...], ...] = (
    (
        FieldSpec("eb_status", "The payer says", CLEARANCE, 38, "choice", optional=True, choices=ELIGIBILITY_CHOICES),
        FieldSpec("eb_source", "Answer from", CLEARANCE, 26, "choice", optional=True, choices=SOURCE_CHOICES),
        FieldSpec("eb_reference", "Reference", CLEARANCE, 36, optional=True),
    ),
    (
        FieldSpec("eb_copay", "Copay", CLEARANCE, 22, "money", optional=True),
        FieldSpec("eb_deductible", "Deductible left", CLEARANCE, 26, "money", optional=True),
        FieldSpec("eb_coinsurance", "Coinsurance %", CLEARANCE, 22, "percent", optional=True),
        FieldSpec("eb_out_of_pocket", "Out of pocket left", CLEARANCE, 30, "money", optional=True),
    ),
)
AUTHORIZATION_ROWS: tuple[tuple[FieldSpec, ...], ...] = (
    (
        FieldSpec("au_status", "Authorization", CLEARANCE, 38, "choice", optional=True, choices=AUTHORIZATION_CHOICES),
        FieldSpec("au_number", "Number", CLEARANCE, 32, optional=True),
        FieldSpec("au_with", "Agreed with", CLEARANCE, 30, optional=True),
    ),
    (
        FieldSpec("au_starts", "Good from", CLEARANCE, 25, "date", optional=True),
        FieldSpec("au_ends", "Good to", CLEARANCE, 25, "date", optional=True),
        FieldSpec("au_requested", "Units asked for", CLEARANCE, 25, "units", optional=True),
        FieldSpec("au_approved", "Units approved", CLEARANCE, 25, "units", optional=True),
    ),
)
ESTIMATE_ROWS: tuple[tuple[FieldSpec, ...], ...] = (
    (
        FieldSpec("es_allowed", "Allowed amount", CLEARANCE, 24, "money", optional=True),
        FieldSpec("es_copay", "Copay", CLEARANCE, 17, "money", optional=True),
        FieldSpec("es_deductible", "Deductible left", CLEARANCE, 20, "money", optional=True),
        FieldSpec("es_coinsurance", "Coinsurance %", CLEARANCE, 18, "percent", optional=True),
        FieldSpec("es_out_of_pocket", "Out of pocket left", CLEARANCE, 21, "money", optional=True),
    ),
)
PLAN_PANELS = {"eligibility": ELIGIBILITY_ROWS, "authorization": AUTHORIZATION_ROWS, "estimate": ESTIMATE_ROWS}
CLEARING_SPECS: dict[str, FieldSpec] = {spec.name: spec for rows in PLAN_PANELS.values() for row in rows for spec in row}

GOOD_FAITH_ROWS: tuple[tuple[FieldSpec, ...], ...] = (
    (
        FieldSpec("gf_trigger", "Why an estimate", CLEARANCE, 40, "choice", optional=True, choices=TRIGGER_CHOICES),
        FieldSpec("gf_asked_on", "Scheduled or asked for on", CLEARANCE, 32, "date", optional=True),
        FieldSpec("gf_service_on", "Service on", CLEARANCE, 28, "date", optional=True),
    ),
    (
        FieldSpec("gf_service", "Main service", CLEARANCE, 36, optional=True),
        FieldSpec("gf_provider", "Provider", CLEARANCE, 28, optional=True),
        FieldSpec("gf_npi", "Provider NPI", CLEARANCE, 18, "npi", optional=True),
        FieldSpec("gf_tin", "Tax ID", CLEARANCE, 18, "tin", optional=True),
    ),
    *(
        (
            FieldSpec(f"gf_item{number}", f"Item {number}", CLEARANCE, 36, optional=True),
            FieldSpec(f"gf_code{number}", "Service code", CLEARANCE, 18, optional=True),
            FieldSpec(f"gf_diagnosis{number}", "Diagnosis code", CLEARANCE, 18, optional=True),
            FieldSpec(f"gf_quantity{number}", "Quantity", CLEARANCE, 12, "units", optional=True),
            FieldSpec(f"gf_charge{number}", "Expected charge", CLEARANCE, 16, "money", optional=True),
        )
        for number in range(1, MOST_ITEMS + 1)
    ),
)
MSP = "msp_"
MSP_BY = "msp_by"
_KINDS = {"date": "date"}
QUESTION_SPECS: dict[str, FieldSpec] = {
    MSP_BY: FieldSpec(MSP_BY, "Who answers?", CLEARANCE, 100, "choice", optional=True, choices=ANSWERED_CHOICES),
    **{
        MSP + key: FieldSpec(
            MSP + key,
            question.text,
            CLEARANCE,
            100,
            _KINDS.get(question.kind, "choice"),
            optional=True,
            choices=(("", ""), *question.choices) if question.choices else (),
        )
        for key, question in secondary_payer.QUESTIONS.items()
    },
}
ORDER_REASON = FieldSpec("order_reason", "Why another plan pays first than the questionnaire says", 4, 100, optional=True)
CLEARING_FORM_SPECS: dict[str, FieldSpec] = {
    ORDER_REASON.name: ORDER_REASON,
    **QUESTION_SPECS,
    **{spec.name: spec for row in GOOD_FAITH_ROWS for spec in row},
}
