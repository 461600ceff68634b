"""Everything that a registration desk asks (ONC and NAHAM key attributes, UB-04, MSP manual) has a place in form and log."""

from __future__ import annotations

from dataclasses import fields

import pytest

from access_desk.domain.coverage.authorization import Authorization
from access_desk.domain.coverage.eligibility import EligibilityAnswer
from access_desk.domain.coverage.events import EligibilityChecked, SecondaryPayerAnswered
from access_desk.domain.estimates.good_faith import GoodFaithEstimate, GoodFaithItem
from access_desk.domain.estimates.share import ShareInputs
from access_desk.domain.forms.events import FormCompleted, FormOffered
from access_desk.domain.patients.details import PATIENT_DETAILS
from access_desk.domain.patients.events import Demographics, PatientAmended, PatientRegistered
from access_desk.domain.privacy.events import PATIENT_FLAGS
from access_desk.domain.visits.details import VISIT_DETAILS
from access_desk.domain.visits.emergency_events import EmergencyArrived, ScreeningCompleted, StabilizationRecorded
from access_desk.domain.visits.events import VISIT_MILESTONES, Coverage, VisitDetails, VisitRegistered
from access_desk.presentation.coverage_fields import CLEARING_FORM_SPECS, CLEARING_SPECS, QUESTION_SPECS
from access_desk.presentation.registration_fields import FORM_SPECS, PLAN_SPECS

ON_FORM = frozenset({*FORM_SPECS, *PLAN_SPECS, *CLEARING_SPECS, *CLEARING_FORM_SPECS, *QUESTION_SPECS})
# What is asked: the field of the Register form, and where the log keeps it.
ASKED: tuple[tuple[str, str, object, str], ...] = (
    ("first name", "given", Demographics, "given"),
    ("middle name", "middle", Demographics, "middle"),
    ("last name", "family", Demographics, "family"),
    ("suffix, apart from the name", "suffix", Demographics, "suffix"),
    ("previous name", "previous_names", PATIENT_DETAILS, "previous_names"),
    ("preferred name", "preferred_name", PATIENT_DETAILS, "preferred_name"),
    ("birth date", "birth_date", Demographics, "birth_date"),
    ("sex", "sex", Demographics, "sex"),
    ("gender identity", "gender_identity", PATIENT_DETAILS, "gender_identity"),
    ("pronouns", "pronouns", PATIENT_DETAILS, "pronouns"),
    ("SSN", "ssn", Demographics, "ssn"),
    ("why there is no SSN", "ssn_absent", PATIENT_DETAILS, "ssn_absent"),
    ("race and ethnicity, SPD 15", "race_ethnicity", PATIENT_DETAILS, "race_ethnicity"),
    ("language", "language", Demographics, "language"),
    ("interpreter", "interpreter", Demographics, "interpreter"),
    ("photo ID seen", "photo_id", PATIENT_DETAILS, "photo_id"),
    ("religion, for the directory of clergy", "religion", PATIENT_DETAILS, "religion"),
    ("address", "line", Demographics, "line"),
    ("city", "city", Demographics, "city"),
    ("state", "state", Demographics, "state"),
    ("ZIP code", "zip", Demographics, "zip"),
    ("former address and telephone", "line", PatientAmended, "changes"),
    ("mobile telephone", "phone", Demographics, "phone"),
    ("home telephone", "home_phone", PATIENT_DETAILS, "home_phone"),
    ("email", "email", Demographics, "email"),
    ("emergency contact", "emergency_contact", Demographics, "emergency_contact"),
    ("their relationship", "emergency_relationship", Demographics, "emergency_relationship"),
    ("their telephone", "emergency_phone", Demographics, "emergency_phone"),
    ("guarantor", "guarantor", PATIENT_DETAILS, "guarantor"),
    ("guarantor's name", "guarantor_name", PATIENT_DETAILS, "guarantor_name"),
    ("guarantor's birth date", "guarantor_birth_date", PATIENT_DETAILS, "guarantor_birth_date"),
    ("guarantor's telephone", "guarantor_phone", PATIENT_DETAILS, "guarantor_phone"),
    ("guarantor's address", "guarantor_address", PATIENT_DETAILS, "guarantor_address"),
    ("employment", "employment", PATIENT_DETAILS, "employment"),
    ("employer", "employer", PATIENT_DETAILS, "employer"),
    ("employer's telephone", "employer_phone", PATIENT_DETAILS, "employer_phone"),
    ("unidentified or newborn", "who", PatientRegistered, "unidentified"),
    ("a newborn's mother", "mother_mrn", PatientRegistered, "newborn_of"),
    ("order of birth", "birth_order", PatientRegistered, "birth_order"),
    ("visit type", "type", VisitDetails, "type"),
    ("UB-04 FL 14, admission type", "admission_type", VISIT_DETAILS, "admission_type"),
    ("UB-04 FL 15, point of origin", "admission_source", VISIT_DETAILS, "admission_source"),
    ("UB-04 FL 12 and 13, date and hour", "came_on", VisitRegistered, "happened_at"),
    ("from paper, which", "paper_number", VisitRegistered, "paper_number"),
    ("service", "service", VisitDetails, "service"),
    ("location", "location", VisitDetails, "location"),
    ("reason, chief complaint", "reason", VisitDetails, "reason"),
    ("attending NPI", "attending_npi", VisitDetails, "attending_npi"),
    ("ordering NPI", "ordering_npi", VISIT_DETAILS, "ordering_npi"),
    ("scheduled or walk-in", "arrival", VISIT_DETAILS, "arrival"),
    ("scheduled time", "scheduled_at", VISIT_DETAILS, "scheduled_at"),
    ("one of a series", "recurring", VISIT_DETAILS, "recurring"),
    ("UB-04 FL 31 to 34, accident", "accident", VISIT_DETAILS, "accident"),
    ("its date", "accident_on", VISIT_DETAILS, "accident_on"),
    ("UB-04 FL 29, its state", "accident_state", VISIT_DETAILS, "accident_state"),
    ("payer", "payer", Coverage, "payer"),
    ("plan", "plan", Coverage, "plan"),
    ("member id or MBI", "member_id", Coverage, "member_id"),
    ("Medicare", "medicare", Coverage, "medicare"),
    ("group", "group", Coverage, "group"),
    ("subscriber", "subscriber", Coverage, "subscriber"),
    ("subscriber's birth date", "subscriber_birth_date", Coverage, "subscriber_birth_date"),
    ("relationship", "relationship", Coverage, "relationship"),
    ("plan starts", "starts", Coverage, "starts"),
    ("plan ends", "ends", Coverage, "ends"),
    ("copay", "copay", Coverage, "copay"),
    ("271 EB01", "eb_status", EligibilityAnswer, "status"),
    ("when it was checked, raw and parsed", "eb_source", EligibilityChecked, "checked_at"),
    ("deductible left", "eb_deductible", EligibilityAnswer, "deductible_left"),
    ("coinsurance", "eb_coinsurance", EligibilityAnswer, "coinsurance"),
    ("out of pocket left", "eb_out_of_pocket", EligibilityAnswer, "out_of_pocket_left"),
    ("authorization's status", "au_status", Authorization, "status"),
    ("authorization's number", "au_number", Authorization, "number"),
    ("authorization's dates", "au_starts", Authorization, "starts"),
    ("estimate's inputs", "es_allowed", ShareInputs, "allowed"),
    ("Medicare questionnaire", "msp_black_lung", SecondaryPayerAnswered, "answers"),
    ("who answered it", "msp_by", SecondaryPayerAnswered, "answered_by"),
    ("good-faith estimate's items", "gf_item1", GoodFaithItem, "service"),
    ("service code", "gf_code1", GoodFaithItem, "code"),
    ("diagnosis code", "gf_diagnosis1", GoodFaithItem, "diagnosis"),
    ("expected charge", "gf_charge1", GoodFaithItem, "charge"),
    ("provider's NPI", "gf_npi", GoodFaithEstimate, "npi"),
    ("provider's TIN", "gf_tin", GoodFaithEstimate, "tin"),
)
# What is kept without being typed into Register.
KEPT: tuple[tuple[str, object, str], ...] = (
    ("registration started", VisitRegistered, "begun_at"),
    ("arrival at the emergency department", EmergencyArrived, "arrived_at"),
    ("triaged", VISIT_MILESTONES, "triaged"),
    ("screening exam", ScreeningCompleted, "completed_at"),
    ("stabilized", StabilizationRecorded, "stabilized_at"),
    ("roomed", VISIT_MILESTONES, "roomed"),
    ("departed", VISIT_MILESTONES, "departed"),
    ("form offered", FormOffered, "form"),
    ("form's status", FormCompleted, "status"),
    ("form's witness", FormCompleted, "witness_id"),
    ("form's reason", FormCompleted, "reason"),
    ("signature's hash", FormCompleted, "strokes"),
    ("directory opt-out", PATIENT_FLAGS, "directory_opt_out"),
    ("no information", PATIENT_FLAGS, "no_information"),
    ("VIP", PATIENT_FLAGS, "vip"),
    ("confidential", PATIENT_FLAGS, "confidential"),
)


def keeps(home: object, name: str) -> bool:
    """Whether a body or a list of names has this one."""
    names = home if isinstance(home, tuple) else tuple(field.name for field in fields(home))  # type: ignore[arg-type]
    return name in names


@pytest.mark.parametrize(("what", "on_form", "home", "name"), ASKED, ids=[one[0] for one in ASKED])
def test_it_is_asked_and_kept(what: str, on_form: str, home: object, name: str) -> None:
    assert on_form in ON_FORM, what
    assert keeps(home, name), what


@pytest.mark.parametrize(("what", "home", "name"), KEPT, ids=[one[0] for one in KEPT])
def test_it_is_kept(what: str, home: object, name: str) -> None:
    assert keeps(home, name), what


def test_every_detail_that_is_kept_is_asked() -> None:
    assert {*PATIENT_DETAILS, *VISIT_DETAILS} <= set(FORM_SPECS)
    assert {field.name for field in fields(Demographics)} <= set(FORM_SPECS)
