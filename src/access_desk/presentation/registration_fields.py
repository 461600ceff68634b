"""The fields of the registration form: what they are called, where they stand, how what is typed into them is read."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from access_desk.domain.errors import DeskError
from access_desk.domain.estimates.good_faith import check_tin
from access_desk.domain.identifiers import check_mbi, check_npi, check_ssn
from access_desk.domain.money import Money
from access_desk.domain.patients import details as patients
from access_desk.domain.visits import details as visits
from access_desk.presentation.registration_dates import TypedTextError, read_date, shown_date
from access_desk.presentation.registration_details import read_race, read_state, read_time

PHONE_DIGITS = 10
SSN_DIGITS = 9
NO_PHONE = "none"
MOST_UNITS, ALL_OF_IT = 9_999, 10_000
Choices = tuple[tuple[str, str], ...]
SEX_CHOICES: Choices = (("", ""), ("female", "Female"), ("male", "Male"), ("other", "Other"), ("unknown", "Not known"))
WHO_CHOICES: Choices = (("known", "Known person"), ("unidentified", "Unidentified patient"), ("newborn", "Newborn, by mother"))
TYPE_CHOICES: Choices = (
    ("outpatient", "Outpatient"),
    ("emergency", "Emergency"),
    ("inpatient", "Inpatient"),
    ("observation", "Observation"),
    ("newborn", "Newborn"),
)
RELATIONSHIP_CHOICES: Choices = (
    ("", ""),
    ("self", "Self"),
    ("spouse", "Spouse"),
    ("child", "Child"),
    ("parent", "Parent"),
    ("other", "Other"),
)
CONTACT_CHOICES: Choices = (
    ("", ""),
    ("spouse", "Spouse"),
    ("partner", "Partner"),
    ("parent", "Parent"),
    ("child", "Child"),
    ("sibling", "Sibling"),
    ("friend", "Friend"),
    ("other", "Other"),
)
INTERPRETER_CHOICES: Choices = (
    ("", "Not needed"),
    ("in_person", "Needed, in person"),
    ("phone", "Needed, by phone"),
    ("video", "Needed, by video"),
)
MEDICARE_CHOICES: Choices = (("", "No"), ("1", "Yes, Medicare"))


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field. ``weight`` is its share of the row's width; ``kind`` says how its text is read; ``section`` from 1 to 4."""

    name: str
    label: str
    section: int
    weight: int
    kind: str = "text"
    optional: bool = False
    choices: Choices = ()


def _offered(name: str) -> Choices:
    return (("", ""), *patients.CHOICES[name].items())


def _of_visit(name: str) -> Choices:
    return (("", ""), *visits.CHOICES[name].items())


IDENTITY_ROWS: tuple[tuple[FieldSpec, ...], ...] = (
    (
        FieldSpec("family", "Legal last name", 1, 33),
        FieldSpec("given", "Legal first name", 1, 33),
        FieldSpec("middle", "Middle", 1, 17, optional=True),
        FieldSpec("suffix", "Suffix", 1, 17, optional=True),
    ),
    (
        FieldSpec("birth_date", "Birth date", 1, 24, "birth_date"),
        FieldSpec("sex", "Sex", 1, 24, "choice", choices=SEX_CHOICES),
        FieldSpec("ssn", "SSN", 1, 24, "ssn", optional=True),
        FieldSpec("who", "Record for", 1, 28, "choice", choices=WHO_CHOICES),
    ),
    (
        FieldSpec("mother_mrn", "Mother's MRN", 1, 33, "mother"),
        FieldSpec("birth_order", "Birth order", 1, 17, "order", optional=True),
    ),
    (
        FieldSpec("preferred_name", "Preferred name", 1, 25, optional=True),
        FieldSpec("previous_names", "Previous names", 1, 25, optional=True),
        FieldSpec("gender_identity", "Gender identity", 1, 25, "choice", optional=True, choices=_offered("gender_identity")),
        FieldSpec("pronouns", "Pronouns", 1, 25, optional=True),
    ),
    (
        FieldSpec("race_ethnicity", "Race and ethnicity, all that apply", 1, 50, "race", optional=True),
        FieldSpec("ssn_absent", "No SSN because", 1, 25, "choice", optional=True, choices=_offered("ssn_absent")),
        FieldSpec("photo_id", "Photo ID seen", 1, 25, "choice", optional=True, choices=_offered("photo_id")),
    ),
)
CONTACT_ROWS: tuple[tuple[FieldSpec, ...], ...] = (
    (
        FieldSpec("line", "Street address", 2, 41, optional=True),
        FieldSpec("city", "City", 2, 25, optional=True),
        FieldSpec("state", "State", 2, 16, optional=True),
        FieldSpec("zip", "ZIP code", 2, 18, "zip", optional=True),
    ),
    (
        FieldSpec("phone", "Mobile phone", 2, 25, "phone"),
        FieldSpec("email", "Email", 2, 33, "email", optional=True),
        FieldSpec("language", "Language", 2, 17, optional=True),
        FieldSpec("interpreter", "Interpreter", 2, 25, "choice", choices=INTERPRETER_CHOICES),
    ),
    (
        FieldSpec("emergency_contact", "Emergency contact", 2, 33, optional=True),
        FieldSpec("emergency_relationship", "Relationship", 2, 25, "choice", optional=True, choices=CONTACT_CHOICES),
        FieldSpec("emergency_phone", "Emergency contact phone", 2, 42, "phone", optional=True),
    ),
    (
        FieldSpec("guarantor", "Guarantor", 2, 22, "choice", optional=True, choices=_offered("guarantor")),
        FieldSpec("guarantor_name", "Guarantor name", 2, 30, optional=True),
        FieldSpec("guarantor_birth_date", "Guarantor birth date", 2, 22, "birth_date", optional=True),
        FieldSpec("guarantor_phone", "Guarantor phone", 2, 26, "phone", optional=True),
    ),
    (
        FieldSpec("guarantor_address", "Guarantor address, when another", 2, 50, optional=True),
        FieldSpec("home_phone", "Home phone", 2, 25, "phone", optional=True),
        FieldSpec("employment", "Employment", 2, 25, "choice", optional=True, choices=_offered("employment")),
    ),
    (
        FieldSpec("employer", "Employer", 2, 50, optional=True),
        FieldSpec("employer_phone", "Employer phone", 2, 25, "phone", optional=True),
    ),
)
VISIT_ROWS: tuple[tuple[FieldSpec, ...], ...] = (
    (
        FieldSpec("type", "Visit type", 3, 24, "choice", choices=TYPE_CHOICES),
        FieldSpec("service", "Service", 3, 43),
        FieldSpec("location", "Location", 3, 33, optional=True),
    ),
    (
        FieldSpec("reason", "Reason for visit", 3, 60, optional=True),
        FieldSpec("attending_npi", "Attending provider NPI", 3, 40, "npi", optional=True),
    ),
    (
        FieldSpec("arrival", "Arrival", 3, 20, "choice", optional=True, choices=_of_visit("arrival")),
        FieldSpec("scheduled_at", "Scheduled for", 3, 20, "time", optional=True),
        FieldSpec("admission_type", "Admission type", 3, 30, "choice", optional=True, choices=_of_visit("admission_type")),
        FieldSpec("admission_source", "Came from", 3, 30, "choice", optional=True, choices=_of_visit("admission_source")),
    ),
    (
        FieldSpec("ordering_npi", "Ordering provider NPI", 3, 30, "npi", optional=True),
        FieldSpec("accident", "Accident", 3, 24, "choice", optional=True, choices=_of_visit("accident")),
        FieldSpec("accident_on", "Accident date", 3, 24, "birth_date", optional=True),
        FieldSpec("accident_state", "Accident state", 3, 22, "state", optional=True),
    ),
)
PLAN_ROWS: tuple[tuple[FieldSpec, ...], ...] = (
    (
        FieldSpec("payer", "Payer", 4, 33),
        FieldSpec("plan", "Plan", 4, 25, optional=True),
        FieldSpec("medicare", "Medicare", 4, 21, "choice", choices=MEDICARE_CHOICES),
        FieldSpec("copay", "Copay", 4, 21, "money", optional=True),
    ),
    (
        FieldSpec("member_id", "Member ID", 4, 33),
        FieldSpec("group", "Group number", 4, 25, optional=True),
        FieldSpec("subscriber", "Subscriber", 4, 42, optional=True),
    ),
    (
        FieldSpec("relationship", "Relationship", 4, 33, "choice", optional=True, choices=RELATIONSHIP_CHOICES),
        FieldSpec("subscriber_birth_date", "Subscriber birth date", 4, 25, "birth_date", optional=True),
        FieldSpec("starts", "Starts", 4, 21, "date", optional=True),
        FieldSpec("ends", "Ends", 4, 21, "date", optional=True),
    ),
)
SECTION_TITLES = ("Identity", "Contact", "Visit", "Coverage", "Financial clearance")
FORM_ROWS = (IDENTITY_ROWS, CONTACT_ROWS, VISIT_ROWS)
FORM_SPECS: dict[str, FieldSpec] = {spec.name: spec for rows in FORM_ROWS for row in rows for spec in row}
PLAN_SPECS: dict[str, FieldSpec] = {spec.name: spec for row in PLAN_ROWS for spec in row}

_ZIP = re.compile(r"(\d{5})-?(\d{4})?", re.ASCII)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


def choice_word(choices: Choices, value: str) -> str:
    """The word of a choice; a value that is no choice stands as it is."""
    return dict(choices).get(value, value)


def settle(spec: FieldSpec, typed: str, today: date, *, medicare: bool = False) -> str:
    """What a field shows once it is left: formatted when it can be read, and blank when it is blank.

    Raises:
        TypedTextError: it cannot be read; its text says what to do. Free text is never refused and never changed.
    """
    if not typed.strip():
        return typed
    match spec.kind:
        case "birth_date" | "date":
            return shown_date(read_date(typed, today, birth=spec.kind == "birth_date"))
        case "phone":
            return _phone(typed)
        case "phone_part":
            return _phone(typed) if len(_digits(typed)) == PHONE_DIGITS else typed
        case kind if kind in _READERS:
            return _READERS[kind](typed)
        case "units" if not (typed.strip().isascii() and typed.strip().isdecimal() and int(typed) <= MOST_UNITS):
            raise TypedTextError("Enter a whole number.")
        case "email" if not _EMAIL.fullmatch(typed.strip()):
            raise TypedTextError("Enter an email address like name@example.com, or leave it blank.")
        case "order" if not (typed.strip().isascii() and typed.strip().isdecimal() and 1 <= int(typed) <= 20):  # noqa: PLR2004
            raise TypedTextError("Enter 1 for the first child born, 2 for the second.")
    if medicare and spec.name == "member_id":
        return _said_by(check_mbi, typed)
    return typed


def _said_by(check: object, typed: str) -> str:
    try:
        settled = check(typed)  # type: ignore[operator]
    except DeskError as refusal:
        raise TypedTextError(refusal.text) from refusal
    return str(settled)


def _digits(typed: str) -> str:
    return "".join(letter for letter in typed if letter.isascii() and letter.isdecimal())


def _phone(typed: str) -> str:
    """``(216) 555-0148``; numbers of other countries begin with + and stay as typed; ``none`` says there is none."""
    if typed.strip().casefold() == NO_PHONE or typed.strip().startswith("+"):
        return typed
    digits = _digits(typed)
    if len(digits) == PHONE_DIGITS + 1 and digits[0] == "1":
        digits = digits[1:]
    if len(digits) != PHONE_DIGITS:
        raise TypedTextError(_wrong_count(PHONE_DIGITS, len(digits)))
    return f"({digits[:3]}) {digits[3:6]}-{digits[6:]}"


def _ssn(typed: str) -> str:
    digits = _digits(typed)
    if len(digits) != SSN_DIGITS:
        raise TypedTextError(_wrong_count(SSN_DIGITS, len(digits)))
    shaped = f"{digits[:3]}-{digits[3:5]}-{digits[5:]}"
    _said_by(check_ssn, shaped)
    return shaped


def _zip(typed: str) -> str:
    """US codes are formatted; a code with letters is another country's and stays as typed."""
    plain = typed.strip()
    match = _ZIP.fullmatch(plain)
    if match is not None:
        return f"{match[1]}-{match[2]}" if match[2] else match[1]
    if any(letter.isalpha() for letter in plain):
        return typed
    raise TypedTextError("Enter 5 digits, or 9 with the extension.")


def _percent(typed: str) -> str:
    """``20`` of ``20 %``, ``12.50`` of ``12.5``; two decimals of a percent are basis points, as cents are of a dollar."""
    percent = _said_by(lambda text: str(Money.typed(text)), typed.strip().removesuffix("%").strip())
    if Money.parse(percent).cents > ALL_OF_IT:
        raise TypedTextError("Coinsurance is from 0 to 100 percent.")
    return percent.removesuffix(".00")


def _wrong_count(wanted: int, typed: int) -> str:
    return f"Enter {wanted} digits. {typed} {'is' if typed == 1 else 'are'} typed."


_READERS: dict[str, Callable[[str], str]] = {
    "ssn": _ssn,
    "npi": lambda typed: _said_by(check_npi, typed.strip()),
    "money": lambda typed: _said_by(lambda text: str(Money.typed(text)), typed),
    "zip": _zip,
    "percent": _percent,
    "tin": lambda typed: _said_by(check_tin, typed),
    "race": read_race,
    "time": read_time,
    "state": read_state,
}


def hidden_ssn(ssn: str) -> str:
    """``••• •• 6613``: what is shown of a number while nobody types it."""
    digits = _digits(ssn)
    return f"••• •• {digits[-4:]}" if len(digits) == SSN_DIGITS else ssn
