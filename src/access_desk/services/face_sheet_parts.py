"""The captions and values of a face sheet: everything that a registration asks, in the words of its answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from access_desk.domain.patients import details as patients
from access_desk.domain.patients.events import Demographics
from access_desk.domain.registration.readings import read_time
from access_desk.domain.visits import details as visits
from access_desk.domain.visits.views import VisitRow

Facts = tuple[tuple[str, str], ...]
SSN_SHOWN = 4
INTERPRETER = {"in_person": "in person", "phone": "by phone", "video": "by video"}
FLAGS = {
    "confidential": "Confidential",
    "vip": "VIP",
    "no_information": "No information",
    "directory_opt_out": "Not in the directory",
    "do_not_announce": "Do not announce",
}


def face_sheet_sections(
    visit: VisitRow,
    details: Mapping[str, str],
    of_visit: Mapping[str, str],
    flags: frozenset[str],
    *,
    asks_who_pays: bool,
) -> tuple[tuple[str, Facts], ...]:
    """Titles with their captions and values; who pays stands on it only once it may be asked (42 CFR 489.24(d)(4))."""
    sections = [
        ("Identity", _identity(visit.demographics, details, flags)),
        ("Contact", _contact(visit.demographics, details)),
        ("Emergency contact", _emergency(visit.demographics)),
        ("Visit", _visit(visit, of_visit)),
    ]
    if asks_who_pays:
        sections.append(("Guarantor and employer", _who_pays(details)))
    return tuple(sections)


def _identity(person: Demographics, details: Mapping[str, str], flags: frozenset[str]) -> Facts:
    last_four = "".join(letter for letter in person.ssn if letter.isdecimal())[-SSN_SHOWN:]
    without = _word(patients.SSN_ABSENT, details, "ssn_absent")
    races = (patients.RACE_ETHNICITY.get(code, code) for code in details.get("race_ethnicity", "").split(",") if code)
    return (
        ("Preferred name", details.get("preferred_name", "")),
        ("Previous names", details.get("previous_names", "")),
        ("Gender identity", _word(patients.GENDER_IDENTITY, details, "gender_identity")),
        ("Pronouns", details.get("pronouns", "")),
        ("SSN, last four", last_four or without),
        ("Photo ID seen", _word(patients.PHOTO_ID, details, "photo_id")),
        ("Race, ethnicity", ", ".join(races)),
        ("Religion", details.get("religion", "")),
        ("Privacy", ", ".join(word for flag, word in FLAGS.items() if flag in flags) or "No flags"),
    )


def _contact(person: Demographics, details: Mapping[str, str]) -> Facts:
    region = " ".join(part for part in (person.state, person.zip) if part)
    interpreter = f"interpreter {INTERPRETER.get(person.interpreter, person.interpreter)}" if person.interpreter else ""
    return (
        ("Address", ", ".join(part for part in (person.line, person.city, region) if part)),
        ("Mobile phone", person.phone),
        ("Home phone", details.get("home_phone", "")),
        ("E-mail", person.email),
        ("Language", ", ".join(part for part in (person.language, interpreter) if part)),
    )


def _emergency(person: Demographics) -> Facts:
    return (
        ("Name", person.emergency_contact),
        ("Relationship", person.emergency_relationship.capitalize()),
        ("Phone", person.emergency_phone),
    )


def _visit(visit: VisitRow, said: Mapping[str, str]) -> Facts:
    details = visit.details
    accident = _word(visits.ACCIDENT, said, "accident")
    when = [_day(said.get("accident_on", "")), said.get("accident_state", "")]
    scheduled = said.get("scheduled_at", "")
    arrival = [_word(visits.ARRIVAL, said, "arrival"), f"for {read_time(scheduled)}" if scheduled else ""]
    return (
        ("Service", details.service),
        ("Location", details.location),
        ("Reason", details.reason),
        ("Attending NPI", details.attending_npi),
        ("Admission type", _word(visits.ADMISSION_TYPE, said, "admission_type")),
        ("Came from", _word(visits.ADMISSION_SOURCE, said, "admission_source")),
        ("Arrival", " ".join(part for part in arrival if part)),
        ("Ordering NPI", said.get("ordering_npi", "")),
        ("Visits", _word(visits.RECURRING, said, "recurring")),
        ("Accident", ", ".join(part for part in (accident, *when) if part)),
    )


def _who_pays(details: Mapping[str, str]) -> Facts:
    other = (
        ("Guarantor's name", details.get("guarantor_name", "")),
        ("Born", _day(details.get("guarantor_birth_date", ""))),
        ("Phone", details.get("guarantor_phone", "")),
        ("Address", details.get("guarantor_address", "")),
    )
    return (
        ("Guarantor", _word(patients.GUARANTOR, details, "guarantor")),
        *(other if details.get("guarantor", "") not in ("", "self") else ()),
        ("Employment", _word(patients.EMPLOYMENT, details, "employment")),
        ("Employer", details.get("employer", "")),
        ("Employer phone", details.get("employer_phone", "")),
    )


def _word(words: Mapping[str, str], said: Mapping[str, str], name: str) -> str:
    return words.get(said.get(name, ""), said.get(name, ""))


def _day(iso: str) -> str:
    return f"{date.fromisoformat(iso):%m/%d/%Y}" if iso else ""
