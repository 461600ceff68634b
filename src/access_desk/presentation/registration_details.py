"""Details of patients and visits as the form shows them, and back: lists by their words, times as they are said."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, time

from access_desk.domain.patients.details import DATES, NO_ANSWER, PATIENT_DETAILS, RACE_ETHNICITY
from access_desk.domain.visits.details import STATES, VISIT_DETAILS
from access_desk.presentation.registration_dates import TypedTextError, read_date, shown_date

_TIME = re.compile(r"(\d{1,2})(?::?(\d{2}))?\s*([ap])?\.?(?:m\.?)?", re.ASCII | re.IGNORECASE)
_DATES = (*DATES, "accident_on")
NOON = 12


def read_race(typed: str) -> str:
    """``Asian, White`` from any beginnings of the words, like ``as, wh``. Raises TypedTextError."""
    codes = _race_codes(typed)
    return ", ".join(RACE_ETHNICITY[code] for code in codes)


def _race_codes(typed: str) -> tuple[str, ...]:
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


def read_time(typed: str) -> str:
    """``11:00 AM`` from ``11``, ``1100``, ``2:15p`` or ``14:15``. Raises TypedTextError."""
    at = _time(typed)
    return f"{at.hour % NOON or NOON}:{at.minute:02d} {'AM' if at.hour < NOON else 'PM'}"


def _time(typed: str) -> time:
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


def read_state(typed: str) -> str:
    """Two letters of a state. Raises TypedTextError."""
    code = typed.strip().upper()
    if code not in STATES:
        raise TypedTextError("Enter the two letters of the state, like OH.")
    return code


def stored(values: Mapping[str, str], names: tuple[str, ...], today: date) -> dict[str, str]:
    """The details that stand in a form, as the desk keeps them. Raises TypedTextError."""
    return {name: _stored(name, values.get(name, ""), today) for name in names}


def _stored(name: str, text: str, today: date) -> str:
    if not text.strip():
        return ""
    if name in _DATES:
        return read_date(text, today, birth=name in DATES).isoformat()
    if name == "race_ethnicity":
        return ",".join(_race_codes(text))
    return f"{_time(text):%H:%M}" if name == "scheduled_at" else text


def patient_details(values: Mapping[str, str], today: date) -> dict[str, str]:
    """The patient's details in a form, as the desk keeps them."""
    return stored(values, PATIENT_DETAILS, today)


def given_of_visit(values: Mapping[str, str], today: date) -> dict[str, str]:
    """The visit's details in a form that were given."""
    return {name: value for name, value in stored(values, VISIT_DETAILS, today).items() if value}


def shown_details(details: Mapping[str, str]) -> dict[str, str]:
    """Details on file as form fields."""
    return {name: _shown(name, value) for name, value in details.items()}


def _shown(name: str, value: str) -> str:
    if value and name in _DATES:
        return shown_date(date.fromisoformat(value))
    if name == "race_ethnicity":
        return ", ".join(RACE_ETHNICITY.get(code, code) for code in value.split(",") if code)
    return read_time(value) if value and name == "scheduled_at" else value
