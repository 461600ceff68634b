"""Rules about who the person is, how to reach them, and who answers for the bill."""

from __future__ import annotations

from access_desk.domain.patients.details import is_minor
from access_desk.domain.registration.readings import NONE, digits_in
from access_desk.domain.registration.rules import Rule, Severity, blank
from access_desk.domain.registration.sheet import EMERGENCY, KNOWN, NEWBORN, OTHERS, UNKNOWN_PERSON, Place, Sheet
from access_desk.domain.registration.zip_ranges import POSTAL, states_of_zip

_NAHAM = "NAHAM Best Practice Recommendations for Patient Identity, key attributes (2016)"
_AHIMA = "AHIMA, naming policy for the master patient index (2023)"
_NO_NAMES = frozenset({"test", "unknown", "patient", "none", "n/a", "xx", "xxx", "baby", "babyboy", "babygirl"})
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})
_NEWBORN_DAYS = 28
_NANP = 10
_LEADING = frozenset("01")
NAMES = ("family", "given")


def requires(sheet: Sheet, name: str) -> bool:
    """Whether a registration cannot be filed without this field of the person or visit."""
    if name == "mother_mrn":
        return sheet.who == NEWBORN and sheet.asks(name)
    if name not in (*NAMES, "birth_date", "sex", "phone", "service") or sheet.who == UNKNOWN_PERSON:
        return False
    if sheet.values.get("type") == EMERGENCY:
        return name in NAMES
    if sheet.who == NEWBORN:
        return name in ("birth_date", "sex", "service")
    return name != "service" or not sheet.is_visit_on_file


def _is_known(sheet: Sheet, _place: Place | None = None) -> bool:
    """Somebody who can be asked everything: known, no newborn, and no emergency before its exam."""
    return sheet.who == KNOWN and not sheet.withholds_coverage


def _missing(name: str, text: str, source: str) -> Rule:
    demands = f"{name.replace('_', ' ').capitalize()} is known."
    check = blank(text, lambda sheet, place: requires(sheet, place.name))
    return Rule(f"missing.{name}", demands, source, (name,), check, gates=True)


def _wanted(rule_id: str, name: str, text: str, source: str) -> Rule:
    check = blank(text, _is_known)
    return Rule(rule_id, f"{name.replace('_', ' ').capitalize()} is asked.", source, (name,), check, Severity.WARNING)


def _mother(sheet: Sheet, place: Place) -> str:
    is_unknown = not sheet.is_blank(place.name) and not sheet.mother_id
    return "No record has this MRN. Register the mother first." if is_unknown else ""


def _name_digits(sheet: Sheet, place: Place) -> str:
    has_digit = sheet.who == KNOWN and any(letter.isdecimal() for letter in sheet.text(place.name))
    return "A digit stands in this name. Check it against the ID." if has_digit else ""


def _no_name(sheet: Sheet, place: Place) -> str:
    stands = sheet.text(place.name).strip().casefold()
    return "This does not look like a name. Check it against the ID." if sheet.who == KNOWN and stands in _NO_NAMES else ""


def _suffix(sheet: Sheet, place: Place) -> str:
    words = sheet.text(place.name).replace(",", " ").replace(".", " ").split()
    has_suffix = len(words) > 1 and words[-1].casefold() in _SUFFIXES
    return f"Move {words[-1]} into Suffix." if has_suffix else ""


def _ssn_and_reason(sheet: Sheet, place: Place) -> str:
    both = not sheet.is_blank("ssn") and not sheet.is_blank(place.name)
    return "An SSN is entered too. Take this answer away, or the number." if both else ""


def _ssn_reason(sheet: Sheet, place: Place) -> str:
    lacks = _is_known(sheet) and sheet.is_blank("ssn") and sheet.is_blank(place.name)
    return "Enter the SSN, or choose why there is none." if lacks else ""


def _newborn_age(sheet: Sheet, place: Place) -> str:
    born = sheet.day(place.name, birth=True)
    is_late = sheet.values.get("type") == "newborn" and born is not None and (sheet.service_on - born).days > _NEWBORN_DAYS
    return "A newborn visit is for the first 28 days. Check the birth date or the visit type." if is_late else ""


def _incomplete_address(sheet: Sheet, place: Place) -> str:
    begun = not sheet.is_blank("line") and sheet.text("line").strip().casefold() != NONE
    words = {"city": "city", "state": "state", "zip": "ZIP code"}
    return f"Enter the {words[place.name]} of the address." if begun and sheet.is_blank(place.name) else ""


def _is_foreign(sheet: Sheet) -> bool:
    return any(letter.isalpha() for letter in sheet.text("zip"))


def _state(sheet: Sheet, place: Place) -> str:
    stands = sheet.text(place.name).strip()
    is_wrong = bool(stands) and stands.upper() not in POSTAL and not _is_foreign(sheet)
    return "Enter the two letters of the state, like OH." if is_wrong else ""


def _zip_state(sheet: Sheet, place: Place) -> str:
    digits, state = digits_in(sheet.text(place.name)), sheet.text("state").strip().upper()
    states = states_of_zip(digits)
    is_other = bool(states) and state in POSTAL and state not in states and not _is_foreign(sheet)
    return f"This ZIP code is in {' or '.join(sorted(states))}, not in {state}. Check both." if is_other else ""


def _exchange(sheet: Sheet, place: Place) -> str:
    digits = digits_in(sheet.text(place.name))
    digits = digits[1:] if len(digits) == _NANP + 1 and digits[0] == "1" else digits
    is_domestic = len(digits) == _NANP and not sheet.text(place.name).strip().startswith("+")
    cannot = is_domestic and (digits[0] in _LEADING or digits[3] in _LEADING)
    return "No telephone has this number: area code and exchange begin with 2 to 9." if cannot else ""


def _language(sheet: Sheet, place: Place) -> str:
    lacks = not sheet.is_blank("interpreter") and sheet.is_blank(place.name)
    return "Enter the language to interpret." if lacks else ""


def _contact_phone(sheet: Sheet, place: Place) -> str:
    lacks = not sheet.is_blank("emergency_contact") and sheet.is_blank(place.name)
    return "Enter the phone of the emergency contact, or none." if lacks else ""


def _is_child(sheet: Sheet) -> bool:
    return is_minor(sheet.day("birth_date", birth=True), sheet.service_on)


def _own_guarantor(sheet: Sheet, place: Place) -> str:
    is_own = sheet.text(place.name) == "self" and _is_child(sheet)
    return "A patient under 18 is never their own guarantor. Choose a parent or guardian." if is_own else ""


def _minor_without(sheet: Sheet, place: Place) -> str:
    return "Choose who answers for a patient under 18." if sheet.is_blank(place.name) and _is_child(sheet) else ""


def _guarantor_name(sheet: Sheet, place: Place) -> str:
    lacks = sheet.text("guarantor") in OTHERS and sheet.is_blank(place.name)
    return "Enter the guarantor's name." if lacks else ""


def _minor_guarantor(sheet: Sheet, place: Place) -> str:
    is_other = sheet.text("guarantor") in OTHERS
    is_young = is_other and is_minor(sheet.day(place.name, birth=True), sheet.service_on)
    return "The guarantor is under 18. Enter an adult." if is_young else ""


def _employer(sheet: Sheet, place: Place) -> str:
    works = sheet.text("employment") in ("full_time", "part_time")
    return "Enter the employer: its health plan may pay first." if works and sheet.is_blank(place.name) else ""


_E, _W = Severity.ERROR, Severity.WARNING
_CONTRACT = "Restatement (Second) of Contracts, section 14"
_USPS = "USPS Publication 28"
PERSON_RULES: tuple[Rule, ...] = (
    _missing("family", "Enter the legal last name.", _NAHAM),
    _missing("given", "Enter the legal first name.", _NAHAM),
    _missing("birth_date", "Enter the birth date.", _NAHAM),
    _missing("sex", "Choose one, or Not known.", _NAHAM),
    _missing("phone", "Enter the phone number, or none when there is none.", _NAHAM),
    _missing("mother_mrn", "Enter the mother's MRN.", "Joint Commission NPSG.01.01.01"),
    Rule(
        "mother.unknown", "A newborn's mother has a record.", "Joint Commission NPSG.01.01.01",
        ("mother_mrn",), _mother, _E, gates=True,
    ),
    Rule("name.digits", "A name has no digits.", _AHIMA, NAMES, _name_digits, _W),
    Rule("name.placeholder", "A name is the person's own.", _AHIMA, NAMES, _no_name, _W),
    Rule("name.suffix", "A suffix stands in its own field.", "ONC, 45 CFR 170.315(a)(5)", ("family", "given"), _suffix, _W),
    Rule("ssn.and_reason", "There is an SSN or a reason why not.", "X12 837I REF*SY", ("ssn_absent",), _ssn_and_reason, _E),
    Rule("ssn.no_reason", "A missing SSN has its reason.", _NAHAM, ("ssn_absent",), _ssn_reason, _W),
    _wanted("photo_id.not_asked", "photo_id", "Choose the photo ID that was shown, or None shown.", "16 CFR 681.1, red flags"),
    Rule("birth_date.newborn", "A newborn is at most 28 days old.", "UB-04 FL 14, type 4", ("birth_date",), _newborn_age, _E),
    Rule(
        "address.missing", "The address is known.", _NAHAM, ("line",),
        blank("Enter the street address, or none when there is none.", _is_known), _E,
    ),
    Rule("address.incomplete", "An address is whole.", f"{_USPS}, 211", ("city", "state", "zip"), _incomplete_address, _E),
    Rule("address.state", "A state is two letters.", f"{_USPS}, appendix B", ("state",), _state, _E),
    Rule("address.zip_state", "The ZIP code lies in the state.", "USPS Labeling List L002", ("zip",), _zip_state, _W),
    Rule(
        "phone.impossible", "Area code and exchange begin with 2 to 9.", "ATIS-0300051",
        ("phone", "home_phone", "emergency_phone", "guarantor_phone", "employer_phone"), _exchange, _E,
    ),
    Rule("interpreter.language", "An interpreter's language is known.", "45 CFR 92.201", ("language",), _language, _E),
    _wanted("emergency_contact.missing", "emergency_contact", "Enter an emergency contact, or none.", _NAHAM),
    Rule("emergency_contact.phone", "An emergency contact can be called.", _NAHAM, ("emergency_phone",), _contact_phone, _E),
    Rule(
        "guarantor.minor_self", "A minor is never their own guarantor.", _CONTRACT,
        ("guarantor",), _own_guarantor, _E, gates=True,
    ),
    Rule("guarantor.minor_without", "Somebody answers for a minor.", _CONTRACT, ("guarantor",), _minor_without, _E),
    Rule(
        "guarantor.missing", "Somebody answers for the bill.", "UB-04 FL 38", ("guarantor",),
        blank("Choose who answers for the bill.", lambda sheet, _: _is_known(sheet) and not _is_child(sheet)), _W,
    ),
    Rule(
        "guarantor.name", "Another guarantor has a name.", "UB-04 FL 38",
        ("guarantor_name",), _guarantor_name, _E, gates=True,
    ),
    Rule("guarantor.minor", "A guarantor is of age.", _CONTRACT, ("guarantor_birth_date",), _minor_guarantor, _E, gates=True),
    Rule("employer.missing", "Who works has an employer.", "42 CFR 411.20(a)(1)(ii)", ("employer",), _employer, _W),
)  # fmt: skip
