"""The forms of the registration desk, as one table: who needs them, in which version and languages, by which rule.

A form is needed by what is known of a visit: its type, its payers, and whether EMTALA lets money be spoken of. Wording is in
`domain.forms.wording`; a changed wording needs a new version here (a test holds the two together), because what somebody
signed is kept by form, version and language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

LANGUAGES = ("en", "es")
ADULT = 18
INITIAL, FOLLOW_UP = "initial", "follow_up"


class Payer(StrEnum):
    """Whose visits a form is for."""

    ANYBODY = "anybody"
    INSURED = "insured"
    MEDICARE = "medicare"
    SELF_PAY = "self_pay"


class Clock(StrEnum):
    """Which clock runs for a form; `domain.forms.clocks` has them."""

    NONE = ""
    IMPORTANT_MESSAGE = "important_message"
    OBSERVATION = "observation"
    GOOD_FAITH = "good_faith"
    SERVICE_DAY = "service_day"


@dataclass(frozen=True, slots=True)
class Form:
    """One row of the table.

    Attributes:
        official: the number of the government's form that has to be handed over; this program's paper is the record of it.
        visit_types: the visits that need it; an admission makes an inpatient of any other visit.
        only_asked: needed only when somebody says so, as an ABN is.
        once: given once to a patient in each version, not at every visit.
        financial: speaks of money, so that an emergency visit waits for its release (42 CFR 489.24(d)(4)).
        aloud: has to be explained aloud as well as given in writing.
    """

    code: str
    title: str
    title_es: str
    version: str
    visit_types: frozenset[str]
    source: str
    payer: Payer = Payer.ANYBODY
    clock: Clock = Clock.NONE
    official: str = ""
    only_asked: bool = False
    once: bool = False
    financial: bool = False
    adults: bool = False
    aloud: bool = False
    parts: tuple[str, ...] = (INITIAL,)
    languages: tuple[str, ...] = LANGUAGES

    def title_in(self, language: str) -> str:
        """What the form is called in a language."""
        return self.title_es if language == "es" else self.title


_EVERY = frozenset({"outpatient", "emergency", "inpatient", "observation", "newborn"})
_BEDDED = frozenset({"inpatient", "observation"})
_NOT_NEWBORN = _EVERY - {"newborn"}

_TABLE = (
    Form("consent", "Consent to treatment", "Consentimiento para el tratamiento", "2026-1", _EVERY,
         "42 CFR 482.13(b)(2), 482.24(c)(4)(v)"),
    Form("privacy_notice", "Receipt of the notice of privacy practices", "Recibo del aviso de prácticas de privacidad",
         "2026-1", _EVERY, "45 CFR 164.520(c)(2)(i)(A), (ii)", clock=Clock.SERVICE_DAY, once=True),
    Form("patient_rights", "Patient rights and responsibilities", "Derechos y responsabilidades del paciente", "2026-1",
         _EVERY, "42 CFR 482.13(a)(1)"),
    Form("advance_directive", "Advance directives", "Directivas anticipadas", "2026-1", _BEDDED,
         "42 CFR 489.102(a), (b)(1)(i) (Patient Self-Determination Act)", adults=True),
    Form("assignment", "Assignment of benefits", "Cesión de beneficios", "2026-1", _EVERY, "42 CFR 424.36(a), 424.55",
         Payer.INSURED, financial=True),
    Form("financial_policy", "Financial policy", "Política financiera", "2026-1", _EVERY,
         "26 CFR 1.501(r)-4(b)(5)(i)(D); facility policy", financial=True),
    Form("secondary_payer", "Medicare secondary payer questionnaire", "Cuestionario de pagador secundario de Medicare",
         "2026-1", _NOT_NEWBORN, "42 CFR 489.20(f), (g)", Payer.MEDICARE, financial=True),
    Form("important_message", "Important Message from Medicare", "Mensaje importante de Medicare", "2026-1",
         frozenset({"inpatient"}), "42 CFR 405.1205, 422.620", Payer.MEDICARE, Clock.IMPORTANT_MESSAGE, "CMS-10065",
         parts=(INITIAL, FOLLOW_UP)),
    Form("observation_notice", "Medicare Outpatient Observation Notice",
         "Aviso de Medicare sobre observación ambulatoria", "2026-1", frozenset({"observation"}), "42 CFR 489.20(y)",
         Payer.MEDICARE, Clock.OBSERVATION, "CMS-10611", aloud=True),
    Form("good_faith_estimate", "Good faith estimate", "Estimación de buena fe", "2026-1", _NOT_NEWBORN,
         "45 CFR 149.610(b)(1)(vi)", Payer.SELF_PAY, Clock.GOOD_FAITH, only_asked=True, financial=True),
    Form("advance_notice", "Advance Beneficiary Notice of Non-coverage", "Aviso anticipado de no cobertura", "2026-1",
         frozenset({"outpatient", "emergency", "observation"}), "42 CFR 411.404(b), 411.408(d)(2)", Payer.MEDICARE,
         official="CMS-R-131", only_asked=True, financial=True),
)  # fmt: skip
CATALOGUE: Mapping[str, Form] = MappingProxyType({form.code: form for form in _TABLE})


@dataclass(frozen=True, slots=True)
class Occasion:
    """What is known of a visit when its forms are asked for.

    ``types`` has the visit's type and, once admitted, ``inpatient``. ``asked`` are the forms that somebody asked for.
    ``released`` says whether EMTALA lets money be spoken of.
    """

    types: frozenset[str]
    insured: bool
    medicare: bool
    released: bool
    asked: frozenset[str] = frozenset()
    birth_date: date | None = None
    on: date | None = None

    @property
    def is_minor(self) -> bool:
        """Whether the patient is known to be under 18."""
        if self.birth_date is None or self.on is None:
            return "newborn" in self.types
        before = (self.on.month, self.on.day) < (self.birth_date.month, self.birth_date.day)
        return self.on.year - self.birth_date.year - before < ADULT


def is_for(form: Form, occasion: Occasion) -> bool:
    """Whether the form is one for such a visit at all, needed or not."""
    if form.adults and occasion.is_minor:
        return False
    payers = {
        Payer.ANYBODY: True,
        Payer.INSURED: occasion.insured,
        Payer.MEDICARE: occasion.medicare,
        Payer.SELF_PAY: not occasion.insured or form.code in occasion.asked,
    }
    return bool(form.visit_types & occasion.types) and payers[form.payer]


def is_needed(form: Form, occasion: Occasion) -> bool:
    """Whether the visit needs the form, now or once it is released."""
    return is_for(form, occasion) and (not form.only_asked or form.code in occasion.asked)


def is_held(form: Form, occasion: Occasion) -> bool:
    """Whether the form must not be offered yet: it speaks of money and the emergency visit is not released."""
    return form.financial and not occasion.released


def needed(occasion: Occasion) -> tuple[Form, ...]:
    """The forms that a visit needs now, in the order in which a desk works through them."""
    return tuple(form for form in CATALOGUE.values() if is_needed(form, occasion) and not is_held(form, occasion))
