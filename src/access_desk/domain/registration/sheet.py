"""A registration as the rules read it: texts by field, typed or kept, with what decides which questions are asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date

from access_desk.domain.coverage.state import coverage_texts
from access_desk.domain.patients.details import GUARANTOR, PATIENT_DETAILS
from access_desk.domain.patients.events import Demographics
from access_desk.domain.registration.dates import TypedTextError, read_date
from access_desk.domain.visits.details import ACCIDENT, VISIT_DETAILS
from access_desk.domain.visits.events import Coverage, VisitDetails

EMERGENCY = "emergency"
KNOWN, UNKNOWN_PERSON, NEWBORN = "known", "unidentified", "newborn"
PLAN_FIELDS = (
    "payer", "plan", "medicare", "copay", "member_id", "group", "subscriber", "relationship", "subscriber_birth_date", "starts",
    "ends",
)  # fmt: skip
# Asked about only when an emergency visit is released: they are about who pays (42 CFR 489.24(d)(4)).
WHO_PAYS = (
    "guarantor", "guarantor_name", "guarantor_birth_date", "guarantor_phone", "guarantor_address", "employment", "employer",
    "employer_phone",
)  # fmt: skip
# The cities that a ZIP code could mean, while there are several; not typed, and not filed.
ZIP_PLACES = "zip_places"
OF_VISIT = ("type", "service", "reason", "location", "attending_npi")
# Asked of a registration that is entered after the fact.
ON_PAPER, OF_PAPER = "paper", ("came_on", "came_at", "paper_number")
OTHERS = tuple(answer for answer in GUARANTOR if answer != "self")
_ACCIDENTS = tuple(answer for answer in ACCIDENT if answer != "none")
# Questions that only an answer before them raises.
_RAISED_BY: Mapping[str, tuple[str, tuple[str, ...]]] = {
    **{name: ("guarantor", OTHERS) for name in WHO_PAYS if name.startswith("guarantor_")},
    **dict.fromkeys(("accident_on", "accident_state"), ("accident", _ACCIDENTS)),
    "scheduled_at": ("arrival", ("scheduled",)),
    **dict.fromkeys(OF_PAPER, ("entered", (ON_PAPER,))),
}
_NOWHEN = date(1, 1, 1)


@dataclass(frozen=True, slots=True)
class Place:
    """A field of a sheet; ``plan`` is 0 for those of the registration itself."""

    name: str
    plan: int = 0

    @property
    def key(self) -> str:
        """The field's name on forms: ``phone``, ``plan2.member_id``."""
        return f"plan{self.plan}.{self.name}" if self.plan else self.name


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is said in a registration. ``settled_plans`` are on file and unchanged; ``mother_id`` is the record of a newborn's
    mother; ``is_released`` says that an emergency visit may be asked who pays.
    """

    values: Mapping[str, str]
    plans: Sequence[Mapping[str, str]] = ()
    today: date = _NOWHEN
    service_on: date = _NOWHEN
    has_record: bool = False
    was_unidentified: bool = False
    is_visit_on_file: bool = False
    is_released: bool = False
    mother_id: str = ""
    settled_plans: frozenset[int] = field(default_factory=frozenset)

    @property
    def who(self) -> str:
        """Whether the person is known, unidentified or a newborn."""
        return self.values.get("who", KNOWN)

    @property
    def withholds_coverage(self) -> bool:
        """Whether coverage and payment may not be asked for yet (EMTALA, 42 CFR 489.24(d)(4))."""
        return self.values.get("type") == EMERGENCY and not self.is_released

    def text(self, name: str, plan: int = 0) -> str:
        """The text of a field."""
        return (self.plans[plan - 1] if plan else self.values).get(name, "")

    def is_blank(self, name: str, plan: int = 0) -> bool:
        """Whether nothing stands in a field."""
        return not self.text(name, plan).strip()

    def day(self, name: str, plan: int = 0, *, birth: bool = False) -> date | None:
        """A date; None when it is blank or cannot be read, which its own rule says."""
        typed = self.text(name, plan)
        try:
            return read_date(typed, self.today, birth=birth) if typed.strip() else None
        except TypedTextError:
            return None

    def asks(self, name: str) -> bool:
        """Whether a question of the registration has a meaning for this person and visit."""
        if name in ("mother_mrn", "birth_order"):
            return self.who == NEWBORN and not self.has_record
        if name == "who":
            return not self.has_record or self.was_unidentified
        if name in WHO_PAYS and self.withholds_coverage:
            return False
        if name == "zip_city":
            return not self.is_blank(ZIP_PLACES)
        depends, answers = _RAISED_BY.get(name, ("", ()))
        return not depends or self.values.get(depends, "") in answers

    def used_plans(self) -> tuple[int, ...]:
        """The numbers of the plans in which anything stands; none while they may not be asked for."""
        if self.withholds_coverage:
            return ()
        numbers = range(1, len(self.plans) + 1)
        return tuple(one for one in numbers if any(not self.is_blank(name, one) for name in PLAN_FIELDS))


def recorded_sheet(
    person: Demographics,
    details: Mapping[str, str],
    visit: VisitDetails,
    visit_details: Mapping[str, str],
    coverages: Sequence[Coverage],
    *,
    who: str = KNOWN,
    today: date,
    service_on: date,
    is_released: bool,
) -> Sheet:
    """A registration as it is recorded. What was said of a visit later stands for what it was registered with."""
    values = {name: str(value or "") for name, value in asdict(person).items()}
    values |= {name: details.get(name, "") for name in PATIENT_DETAILS}
    values |= {name: getattr(visit, name) for name in OF_VISIT}
    values |= {name: visit_details[name] for name in VISIT_DETAILS if name in visit_details}
    return Sheet(
        {**values, "who": who},
        tuple(coverage_texts(one) for one in coverages),
        today,
        service_on,
        has_record=True,
        is_visit_on_file=True,
        is_released=is_released,
    )
