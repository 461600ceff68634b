"""What a registration asks about a person beyond who they are and how to reach them, and how each answer is checked.

Each detail is a text under its name, blank when it is not known; dates are in ISO form. They are kept apart from the
demographics that searches and duplicate checks read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.events import Fact, event_kind

# OMB Statistical Policy Directive No. 15, 28 March 2024: one question, any number of answers, seven minimum categories.
RACE_ETHNICITY = {
    "aian": "American Indian or Alaska Native",
    "asian": "Asian",
    "black": "Black or African American",
    "hispanic": "Hispanic or Latino",
    "mena": "Middle Eastern or North African",
    "nhpi": "Native Hawaiian or Pacific Islander",
    "white": "White",
    "declined": "Declined to answer",
    "unknown": "Not known",
}
NO_ANSWER = frozenset({"declined", "unknown"})
GENDER_IDENTITY = {
    "woman": "Woman", "man": "Man", "trans_woman": "Transgender woman", "trans_man": "Transgender man",
    "nonbinary": "Nonbinary", "other": "Another", "declined": "Declined to answer",
}  # fmt: skip
# A number that is not there is absent with its reason, never a made-up one.
SSN_ABSENT = {"none": "Has none", "declined": "Declined", "not_known": "Not known to the patient", "unable": "Unable to answer"}
PHOTO_ID = {
    "driver_license": "Driver license", "state_id": "State ID", "passport": "Passport", "tribal_id": "Tribal ID",
    "other": "Other photo ID", "none": "None shown",
}  # fmt: skip
EMPLOYMENT = {
    "full_time": "Full time", "part_time": "Part time", "self": "Self-employed", "retired": "Retired",
    "student": "Student", "none": "Not employed", "military": "Active duty", "not_known": "Not known",
}  # fmt: skip
GUARANTOR = {"self": "Patient", "parent": "Parent", "guardian": "Legal guardian", "spouse": "Spouse", "other": "Other person"}
CHOICES: Mapping[str, Mapping[str, str]] = {
    "gender_identity": GENDER_IDENTITY,
    "ssn_absent": SSN_ABSENT,
    "photo_id": PHOTO_ID,
    "employment": EMPLOYMENT,
    "guarantor": GUARANTOR,
}
DATES = ("guarantor_birth_date",)
PATIENT_DETAILS = (
    "preferred_name", "previous_names", "gender_identity", "pronouns", "race_ethnicity", "ssn_absent", "photo_id", "religion",
    "home_phone", "employment", "employer", "employer_phone", "guarantor", "guarantor_name", "guarantor_birth_date",
    "guarantor_phone", "guarantor_address",
)  # fmt: skip
ADULT = 18


@event_kind("patient.details_given")
@dataclass(frozen=True, slots=True)
class PatientDetailsGiven:
    """Details with their new values; blank means no longer known."""

    patient_id: str
    details: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class DetailsState:
    """The details of one subject by name, each with the clock stamp it was given at: the latest counts, however it arrives."""

    given: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def values(self) -> dict[str, str]:
        """The details by name; those that are blank are not there."""
        return {name: value for name, (_, value) in self.given.items() if value}

    def with_given(self, stamp: str, details: Mapping[str, str]) -> DetailsState:
        """The details after more were given."""
        newer = {name: (stamp, value) for name, value in details.items() if stamp > self.given.get(name, ("", ""))[0]}
        return replace(self, given={**self.given, **newer})


def age_on(born: date, day: date) -> int:
    """Full years of age on a day; who is born on 29 February has their birthday on 1 March of other years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def is_minor(born: date | None, day: date) -> bool:
    """Whether somebody is known to be under 18 on that day."""
    return born is not None and age_on(born, day) < ADULT


def check_details(details: Mapping[str, str], born: date | None, today: date) -> None:
    """Check all details of a person together.

    Raises:
        DeskError: ``bad_value``: a name that is no detail, an answer that is not offered, a date that cannot be; or a minor
        as their own guarantor. A contract of a minor can be undone by them, so that nobody would owe the bill (Restatement
        (Second) of Contracts, section 14); a parent or legal guardian stands for it.
    """
    for name, value in details.items():
        if name not in PATIENT_DETAILS:
            raise DeskError(Refusal.BAD_VALUE, f"{name} is not a detail of a patient.")
        if value and name in CHOICES and value not in CHOICES[name]:
            raise DeskError(Refusal.BAD_VALUE, f"{_words(name)}: choose one of the answers offered.")
        if value and name in DATES:
            _check_birth(name, value, today)
    race_codes(details.get("race_ethnicity", ""))
    guarantor = details.get("guarantor", "")
    if guarantor == "self" and is_minor(born, today):
        raise DeskError(Refusal.BAD_VALUE, "A patient under 18 is never their own guarantor. Enter a parent or legal guardian.")
    if guarantor not in ("", "self") and not details.get("guarantor_name", "").strip():
        raise DeskError(Refusal.BAD_VALUE, "Enter the guarantor's name, or choose the patient as guarantor.")
    guarantor_born = details.get("guarantor_birth_date", "")
    if guarantor not in ("", "self") and guarantor_born and is_minor(date.fromisoformat(guarantor_born), today):
        raise DeskError(Refusal.BAD_VALUE, "The guarantor is under 18. Enter an adult.")


def race_codes(text: str) -> tuple[str, ...]:
    """The codes of a race and ethnicity answer, kept as ``asian,white``.

    Raises:
        DeskError: ``bad_value`` for a code that is not of SPD 15, or "declined" beside an answer.
    """
    codes = tuple(code for code in text.split(",") if code)
    if any(code not in RACE_ETHNICITY for code in codes):
        raise DeskError(Refusal.BAD_VALUE, "Race and ethnicity: choose from the categories offered.")
    if len(codes) > 1 and NO_ANSWER & set(codes):
        raise DeskError(Refusal.BAD_VALUE, "Race and ethnicity: declined or not known stands alone.")
    return codes


def decide_details(
    patient_id: str, before: Mapping[str, str], given: Mapping[str, str], born: date | None, today: date
) -> list[Fact]:
    """Details that really change; nothing when none does."""
    changed = {name: value for name, value in given.items() if before.get(name, "") != value}
    check_details({**before, **given}, born, today)
    return [Fact(patient_id, PatientDetailsGiven(patient_id, changed))] if changed else []


def without_minor_as_guarantor(patient_id: str, details: Mapping[str, str], born: date | None, today: date) -> list[Fact]:
    """When a corrected birth date makes somebody under 18 their own guarantor: from then on nobody is, until somebody is named.

    The date is the truth and is not refused for it.
    """
    if details.get("guarantor") != "self" or not is_minor(born, today):
        return []
    return [Fact(patient_id, PatientDetailsGiven(patient_id, {"guarantor": ""}))]


def _check_birth(name: str, value: str, today: date) -> None:
    try:
        born = date.fromisoformat(value)
    except ValueError as wrong:
        raise DeskError(Refusal.BAD_VALUE, f"{_words(name)}: this is not a date.") from wrong
    if not date(1850, 1, 1) <= born <= today:
        raise DeskError(Refusal.BAD_VALUE, f"{_words(name)}: the date lies in the future or too far in the past.")


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()
