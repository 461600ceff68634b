"""What the rules find in a form: at its fields, in the list of what is missing, and what filing does not wait for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from access_desk.domain.registration.rule_table import check, findings_at
from access_desk.domain.registration.rules import Finding, Severity
from access_desk.domain.registration.sheet import Place
from access_desk.presentation.registration_fields import SECTION_TITLES
from access_desk.presentation.registration_form import RegistrationForm, spec_of, split_key

# Said at a blank field too once it was left, because an answer before it asked for it.
_FOLLOW_UPS = frozenset(
    {
        "guarantor.name", "subscriber.name", "subscriber.birth_date", "accident.date", "accident.state", "arrival.time",
        "interpreter.language", "emergency_contact.phone",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Advice:
    """Something the rules find that filing does not wait for."""

    key: str
    section: int
    label: str
    text: str
    is_error: bool


def place_of(key: str) -> Place:
    """The field of a sheet that a form's field is."""
    number, name = split_key(key)
    return Place(name, number)


def found_in(form: RegistrationForm, today: date) -> tuple[Finding, ...]:
    """Everything the rules find, in reading order."""
    order = {key: number for number, key in enumerate(form.field_keys())}
    found = [one for one in check(form.sheet(today)) if one.key in order]
    return tuple(sorted(found, key=lambda one: (order[one.key], not one.gates, one.severity)))


def said_at(form: RegistrationForm, key: str, today: date) -> Finding | None:
    """What is said beside a field that was left: about its text, or about a blank that an answer asks for."""
    is_blank = not form.value(key).strip()
    for one in findings_at(form.sheet(today), place_of(key)):
        if not is_blank or one.rule_id in _FOLLOW_UPS:
            return one
    return None


def error_in(form: RegistrationForm, key: str, today: date) -> str:
    """What is wrong with a field that was left; blank when it can be used."""
    one = said_at(form, key, today)
    return one.text if one is not None and one.severity is Severity.ERROR else ""


def stops(form: RegistrationForm, key: str, today: date) -> str:
    """What filing waits for at a field; blank when nothing."""
    return next((one.text for one in findings_at(form.sheet(today), place_of(key)) if one.gates), "")


def cautions_in(form: RegistrationForm, keys: Iterable[str], today: date) -> dict[str, str]:
    """Warnings beside fields that were left."""
    said = ((key, said_at(form, key, today)) for key in keys)
    return {key: one.text for key, one in said if one is not None and one.severity is Severity.WARNING}


def advice_in(form: RegistrationForm, found: Iterable[Finding], labels: Mapping[str, str]) -> tuple[Advice, ...]:
    """What filing does not wait for, errors first; one line a field."""
    lines: dict[str, Advice] = {}
    for one in sorted(found, key=lambda finding: finding.severity):
        section = spec_of(one.key).section
        if not one.gates and section <= len(SECTION_TITLES):
            lines.setdefault(one.key, Advice(one.key, section, labels[one.key], one.text, one.severity is Severity.ERROR))
    return tuple(lines.values())


def with_met(form: RegistrationForm, found: Iterable[Finding]) -> RegistrationForm:
    """The form that remembers which rules failed while it was typed."""
    met = {rule: tuple(keys) for rule, keys in form.met.items()}
    for one in found:
        keys = met.get(one.rule_id, ())
        if one.key not in keys:
            met[one.rule_id] = (*keys, one.key)
    return replace(form, met=met)
