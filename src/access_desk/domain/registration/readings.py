"""How the text of each kind of field is read, and the usual form it is then shown in.

Texts come as a clerk types them or as they are kept; both read alike. Free text is never refused and never changed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, time

from access_desk.domain.errors import DeskError
from access_desk.domain.estimates.good_faith import check_tin
from access_desk.domain.identifiers import check_mbi, check_npi, check_ssn
from access_desk.domain.money import Money
from access_desk.domain.patients.commands import MOST_AT_ONE_BIRTH
from access_desk.domain.patients.details import NO_ANSWER, RACE_ETHNICITY
from access_desk.domain.registration.dates import TypedTextError, read_date, shown_date
from access_desk.domain.visits.details import STATES

PHONE_DIGITS, SSN_DIGITS, NOON = 10, 9, 12
# Typed into a telephone or an address when there is none.
NONE = "none"
_MOST_UNITS, _ALL_OF_IT = 9_999, 10_000
_ZIP = re.compile(r"(\d{5})-?(\d{4})?", re.ASCII)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_TIME = re.compile(r"(\d{1,2})(?::?(\d{2}))?\s*([ap])?\.?(?:m\.?)?", re.ASCII | re.IGNORECASE)
# Kinds of fields by name; the fields of clearance are told apart by their names' beginnings. What is not here is free text.
KINDS: Mapping[str, str] = {
    "birth_date": "birth_date", "guarantor_birth_date": "birth_date", "subscriber_birth_date": "birth_date",
    "accident_on": "past", "starts": "date", "ends": "date", "au_starts": "date", "au_ends": "date",
    "gf_asked_on": "date", "gf_service_on": "date", "came_on": "past", "came_at": "time",
    "ssn": "ssn", "zip": "zip", "email": "email", "birth_order": "order", "race_ethnicity": "race", "scheduled_at": "time",
    "phone": "phone", "home_phone": "phone", "emergency_phone": "phone", "guarantor_phone": "phone", "employer_phone": "phone",
    "attending_npi": "npi", "ordering_npi": "npi", "gf_npi": "npi", "gf_tin": "tin", "accident_state": "state",
    "copay": "money", "eb_copay": "money", "eb_deductible": "money", "eb_out_of_pocket": "money", "eb_coinsurance": "percent",
    "es_allowed": "money", "es_copay": "money", "es_deductible": "money", "es_coinsurance": "percent",
    "es_out_of_pocket": "money",
    "au_requested": "units", "au_approved": "units",
    **{f"gf_charge{number}": "money" for number in range(1, 7)}, **{f"gf_quantity{number}": "units" for number in range(1, 7)},
}  # fmt: skip


def read(kind: str, typed: str, today: date, *, is_mbi: bool = False) -> str:
    """The text in its usual form; a blank stays as it is.

    Raises:
        TypedTextError: it cannot be read; its text says what to do.
    """
    if not typed.strip():
        return typed
    if kind in ("birth_date", "date"):
        return shown_date(read_date(typed, today, birth=kind == "birth_date"))
    if kind == "past":
        day = read_date(typed, today)
        if day > today:
            raise TypedTextError("This date lies in the future. Check the year.", "future")
        return shown_date(day)
    if kind == "phone_part":
        return read_phone(typed) if len(digits_in(typed)) == PHONE_DIGITS else typed
    if kind in _READERS:
        return _READERS[kind](typed)
    return _said_by(check_mbi, typed) if is_mbi else typed


def digits_in(typed: str) -> str:
    """The digits of a text."""
    return "".join(letter for letter in typed if letter.isascii() and letter.isdecimal())


def read_phone(typed: str) -> str:
    """``(216) 555-0148``; numbers of other countries begin with + and stay as typed; ``none`` says there is none."""
    if typed.strip().casefold() == NONE or typed.strip().startswith("+"):
        return typed
    digits = digits_in(typed)
    if len(digits) == PHONE_DIGITS + 1 and digits[0] == "1":
        digits = digits[1:]
    if len(digits) != PHONE_DIGITS:
        raise TypedTextError(_wrong_count(PHONE_DIGITS, len(digits)))
    return f"({digits[:3]}) {digits[3:6]}-{digits[6:]}"


def race_codes_in(typed: str) -> tuple[str, ...]:
    """The codes of categories named by their words, or by beginnings of them like ``as, wh``. Raises TypedTextError."""
    codes: list[str] = []
    for part in (one.strip().casefold() for one in typed.replace(";", ",").split(",")):
        fits = [code for code, words in RACE_ETHNICITY.items() if part and (words.casefold().startswith(part) or code == part)]
        if part and len(fits) != 1:
            raise TypedTextError(
                "Type the beginning of each category: American Indian, Asian, Black, Hispanic, Middle Eastern, Native Hawaiian, "
                "White, Declined, Not known."
            )
        codes += [code for code in fits if code not in codes]
    if len(codes) > 1 and NO_ANSWER & set(codes):
        raise TypedTextError("Declined or not known stands alone.")
    return tuple(codes)


def read_race(typed: str) -> str:
    """``Asian, White`` from any beginnings of the words. Raises TypedTextError."""
    return ", ".join(RACE_ETHNICITY[code] for code in race_codes_in(typed))


def time_in(typed: str) -> time:
    """A time of day from ``11``, ``1100``, ``2:15p`` or ``14:15``. Raises TypedTextError."""
    match = _TIME.fullmatch(typed.strip())
    hour, minute = (int(match[1]), int(match[2] or 0)) if match else (-1, -1)
    if match and match[3] and 1 <= hour <= NOON:
        hour = hour % NOON + (NOON if match[3].lower() == "p" else 0)
    elif match and match[3]:
        hour = -1
    try:
        return time(hour, minute)
    except ValueError as wrong:
        raise TypedTextError("Enter a time of day, like 11:00 AM or 14:15.") from wrong


def read_time(typed: str) -> str:
    """``11:00 AM`` of a time of day. Raises TypedTextError."""
    at = time_in(typed)
    return f"{at.hour % NOON or NOON}:{at.minute:02d} {'AM' if at.hour < NOON else 'PM'}"


def read_state(typed: str) -> str:
    """Two letters of a state. Raises TypedTextError."""
    code = typed.strip().upper()
    if code not in STATES:
        raise TypedTextError("Enter the two letters of the state, like OH.")
    return code


def _said_by(check: Callable[[str], object], typed: str) -> str:
    try:
        return str(check(typed))
    except DeskError as refusal:
        raise TypedTextError(refusal.text, "impossible") from refusal


def _ssn(typed: str) -> str:
    digits = digits_in(typed)
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


def _email(typed: str) -> str:
    if not _EMAIL.fullmatch(typed.strip()):
        raise TypedTextError("Enter an email address like name@example.com, or leave it blank.")
    return typed


def _order(typed: str) -> str:
    plain = typed.strip()
    if not (plain.isascii() and plain.isdecimal() and 1 <= int(plain) <= MOST_AT_ONE_BIRTH):
        raise TypedTextError("Enter 1 for the first child born, 2 for the second.")
    return typed


def _units(typed: str) -> str:
    plain = typed.strip()
    if not (plain.isascii() and plain.isdecimal() and int(plain) <= _MOST_UNITS):
        raise TypedTextError("Enter a whole number.")
    return typed


def _money(typed: str) -> str:
    return _said_by(Money.typed, typed)


def _percent(typed: str) -> str:
    """``20`` of ``20 %``, ``12.50`` of ``12.5``; two decimals of a percent are basis points, as cents are of a dollar."""
    percent = _money(typed.strip().removesuffix("%").strip())
    if Money.parse(percent).cents > _ALL_OF_IT:
        raise TypedTextError("Coinsurance is from 0 to 100 percent.")
    return percent.removesuffix(".00")


def _wrong_count(wanted: int, typed: int) -> str:
    return f"Enter {wanted} digits. {typed} {'is' if typed == 1 else 'are'} typed."


_READERS: Mapping[str, Callable[[str], str]] = {
    "phone": read_phone,
    "ssn": _ssn,
    "zip": _zip,
    "email": _email,
    "order": _order,
    "units": _units,
    "npi": lambda typed: _said_by(check_npi, typed.strip()),
    "money": _money,
    "percent": _percent,
    "tin": lambda typed: _said_by(check_tin, typed),
    "race": read_race,
    "time": read_time,
    "state": read_state,
}
