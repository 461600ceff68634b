"""The fields of the registration form: what they are called, where they stand, how what is typed into them is read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from access_desk.domain.patients import details as patients
from access_desk.domain.registration.readings import SSN_DIGITS, digits_in, read
from access_desk.domain.visits import details as visits

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
# How a registration gets into the program: from the person at the desk, or from paper filled in while it was down.
ENTERED_CHOICES: Choices = (("", "As they come"), ("paper", "Later, from paper"))
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
        FieldSpec("race_ethnicity", "Race and ethnicity, all that apply", 1, 40, "race", optional=True),
        FieldSpec("ssn_absent", "No SSN because", 1, 20, "choice", optional=True, choices=_offered("ssn_absent")),
        FieldSpec("photo_id", "Photo ID seen", 1, 20, "choice", optional=True, choices=_offered("photo_id")),
        FieldSpec("religion", "Religion", 1, 20, optional=True),
    ),
)
CONTACT_ROWS: tuple[tuple[FieldSpec, ...], ...] = (
    (
        FieldSpec("line", "Street address", 2, 41, optional=True),
        FieldSpec("city", "City", 2, 25, optional=True),
        FieldSpec("state", "State", 2, 16, optional=True),
        FieldSpec("zip", "ZIP code", 2, 18, "zip", optional=True),
    ),
    (FieldSpec("zip_city", "City, of those with this ZIP code", 2, 41, "choice", optional=True, choices=(("", ""),)),),
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
        FieldSpec("home_phone", "Home phone", 2, 33, "phone", optional=True),
        FieldSpec("guarantor", "Guarantor", 2, 67, "choice", optional=True, choices=_offered("guarantor")),
    ),
    (
        FieldSpec("guarantor_name", "Guarantor name", 2, 42, optional=True),
        FieldSpec("guarantor_birth_date", "Guarantor birth date", 2, 25, "birth_date", optional=True),
        FieldSpec("guarantor_phone", "Guarantor phone", 2, 33, "phone", optional=True),
    ),
    (FieldSpec("guarantor_address", "Guarantor address, when another", 2, 100, optional=True),),
    (
        FieldSpec("employment", "Employment", 2, 33, "choice", optional=True, choices=_offered("employment")),
        FieldSpec("employer", "Employer", 2, 37, optional=True),
        FieldSpec("employer_phone", "Employer phone", 2, 30, "phone", optional=True),
    ),
)
VISIT_ROWS: tuple[tuple[FieldSpec, ...], ...] = (
    (
        FieldSpec("type", "Visit type", 3, 24, "choice", choices=TYPE_CHOICES),
        FieldSpec("service", "Service", 3, 43),
        FieldSpec("location", "Location", 3, 33, optional=True),
    ),
    (
        FieldSpec("reason", "Reason for visit", 3, 46, optional=True),
        FieldSpec("attending_npi", "Attending provider NPI", 3, 30, "npi", optional=True),
        FieldSpec("entered", "Entered", 3, 24, "choice", choices=ENTERED_CHOICES),
    ),
    (
        FieldSpec("came_on", "Date on the paper", 3, 24, "past"),
        FieldSpec("came_at", "Time on the paper", 3, 22, "time"),
        FieldSpec("paper_number", "Number of the paper", 3, 30, optional=True),
    ),
    (
        FieldSpec("arrival", "Arrival", 3, 20, "choice", optional=True, choices=_of_visit("arrival")),
        FieldSpec("scheduled_at", "Scheduled for", 3, 20, "time", optional=True),
        FieldSpec("admission_type", "Admission type", 3, 30, "choice", optional=True, choices=_of_visit("admission_type")),
        FieldSpec("admission_source", "Came from", 3, 30, "choice", optional=True, choices=_of_visit("admission_source")),
    ),
    (
        FieldSpec("ordering_npi", "Ordering provider NPI", 3, 24, "npi", optional=True),
        FieldSpec("recurring", "Visits", 3, 22, "choice", optional=True, choices=_of_visit("recurring")),
        FieldSpec("accident", "Accident", 3, 18, "choice", optional=True, choices=_of_visit("accident")),
        FieldSpec("accident_on", "Accident date", 3, 18, "past", optional=True),
        FieldSpec("accident_state", "Accident state", 3, 18, "state", optional=True),
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
# Asked of everybody who is known, and filed without: not called optional.
ADDRESS = ("line", "city", "state", "zip")
SECTION_TITLES = ("Identity", "Contact", "Visit", "Coverage", "Financial clearance")
FORM_ROWS = (IDENTITY_ROWS, CONTACT_ROWS, VISIT_ROWS)
FORM_SPECS: dict[str, FieldSpec] = {spec.name: spec for rows in FORM_ROWS for row in rows for spec in row}
PLAN_SPECS: dict[str, FieldSpec] = {spec.name: spec for row in PLAN_ROWS for spec in row}


def choice_word(choices: Choices, value: str) -> str:
    """The word of a choice; a value that is no choice stands as it is."""
    return dict(choices).get(value, value)


def settle(spec: FieldSpec, typed: str, today: date, *, medicare: bool = False) -> str:
    """What a field shows once it is left: formatted when it can be read, and blank when it is blank.

    Raises:
        TypedTextError: it cannot be read; its text says what to do. Free text is never refused and never changed.
    """
    return read(spec.kind, typed, today, is_mbi=medicare and spec.name == "member_id")


HIDDEN = "•"


def hidden_ssn(ssn: str) -> str:
    """``••• •• 6613``: what is shown of a number while nobody types it."""
    digits = digits_in(ssn)
    return f"••• •• {digits[-4:]}" if len(digits) == SSN_DIGITS else ssn
