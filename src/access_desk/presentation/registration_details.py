"""Details of patients and visits as the form shows them, and back: lists by their words, times as they are said."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from access_desk.domain.patients.details import DATES, PATIENT_DETAILS, RACE_ETHNICITY
from access_desk.domain.registration.readings import race_codes_in, read_time, time_in
from access_desk.domain.visits.details import ASKED_DETAILS, VISIT_DETAILS
from access_desk.presentation.registration_dates import read_date, shown_date

_DATES = (*DATES, "accident_on")


def stored(values: Mapping[str, str], names: tuple[str, ...], today: date) -> dict[str, str]:
    """The details that stand in a form, as the desk keeps them. Raises TypedTextError."""
    return {name: _stored(name, values.get(name, ""), today) for name in names}


def _stored(name: str, text: str, today: date) -> str:
    if not text.strip():
        return ""
    if name in _DATES:
        return read_date(text, today, birth=name in DATES).isoformat()
    if name == "race_ethnicity":
        return ",".join(race_codes_in(text))
    return f"{time_in(text):%H:%M}" if name == "scheduled_at" else text


def patient_details(values: Mapping[str, str], today: date) -> dict[str, str]:
    """The patient's details in a form, as the desk keeps them."""
    return stored(values, PATIENT_DETAILS, today)


def given_of_visit(values: Mapping[str, str], today: date) -> dict[str, str]:
    """The visit's details in a form that were given, beyond what it is registered with."""
    return {name: value for name, value in stored(values, ASKED_DETAILS, today).items() if value}


def visit_details(values: Mapping[str, str], today: date) -> dict[str, str]:
    """Everything in a form that may be said again of a visit on file, as the desk keeps it."""
    return stored(values, VISIT_DETAILS, today)


def shown_details(details: Mapping[str, str]) -> dict[str, str]:
    """Details on file as form fields."""
    return {name: _shown(name, value) for name, value in details.items()}


def _shown(name: str, value: str) -> str:
    if value and name in _DATES:
        return shown_date(date.fromisoformat(value))
    if name == "race_ethnicity":
        return ", ".join(RACE_ETHNICITY.get(code, code) for code in value.split(",") if code)
    return read_time(value) if value and name == "scheduled_at" else value
