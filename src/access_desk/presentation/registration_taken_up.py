"""A record on file taken for what was typed as a new one: what was typed stays, and is filed as a change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from access_desk.domain.patients.commands import comparable
from access_desk.domain.patients.state import PatientState
from access_desk.presentation.registration_fields import SEX_CHOICES, choice_word
from access_desk.presentation.registration_form import RegistrationForm, patient_values, spec_of

# Who somebody is. A change of these may be another person: what is on file stands beside the field.
IDENTITY: Final = ("family", "given", "middle", "suffix", "birth_date", "sex", "ssn")
ADDRESS: Final = ("line", "city", "state", "zip")
_MAY_BE_SHORT: Final = ("given", "middle")
_LAST = 4


def taken_up(form: RegistrationForm, patient: PatientState) -> RegistrationForm:
    """The form for a record on file. A typed text that says the same in other letters gives way to the record's."""
    on_file = patient_values(patient)
    kept = {name: text for name, text in form.values.items() if says_otherwise(name, text, on_file)}
    kept = {**kept, **_address(form, on_file)}
    who = {"who": "unidentified" if patient.unidentified else "known"}
    return replace(
        form,
        values={**form.values, **on_file, **kept, **who},
        patient_id=patient.patient_id,
        mrn=patient.mrn,
        on_file=on_file,
        was_unidentified=patient.unidentified,
        despite_match="",
        seen_alike=(),
    )


def _address(form: RegistrationForm, on_file: Mapping[str, str]) -> dict[str, str]:
    """An address is kept whole or not at all: a street of one place with the city of another is nobody's address."""
    typed = {name: form.values.get(name, "") for name in ADDRESS}
    known = {name: on_file.get(name, "") for name in ADDRESS}
    is_kept = typed["line"].strip() and any(says_otherwise(name, text, on_file) for name, text in typed.items())
    return typed if is_kept or not any(text.strip() for text in known.values()) else known


def says_otherwise(name: str, text: str, on_file: Mapping[str, str]) -> bool:
    """Whether a typed text says something else than the record does; a blank one, or one that is only shorter, does not."""
    known = on_file.get(name, "")
    if name not in on_file or not text.strip() or text == known or (name == "sex" and text == "unknown"):
        return False
    mine, theirs = _plain(text), _plain(known)
    if name == "ssn":
        # Of a number on file only the last four are known here; the desk compares the whole one.
        return True
    if name in _MAY_BE_SHORT and mine and theirs.startswith(mine):
        return False
    return mine != theirs or not mine


def differing(form: RegistrationForm) -> tuple[str, ...]:
    """The fields that say something else than the record on file does, in reading order."""
    known = form.on_file
    names = [name for name in form.field_keys() if known.get(name, "").strip()]
    other = [name for name in names if says_otherwise(name, form.value(name), known)]
    return tuple(name for name in other if name != "ssn" or form.value(name)[-_LAST:] != known[name][-_LAST:])


def record_says(form: RegistrationForm) -> dict[str, str]:
    """Beside each field of who somebody is: what the record on file says, where the form would change it."""
    if not form.patient_id or form.was_unidentified:
        return {}
    said = {name: _shown(name, form.on_file[name]) for name in differing(form) if name in IDENTITY}
    return {name: f"On file: {text}. Filing changes it." for name, text in said.items()}


def kept_text(form: RegistrationForm) -> str:
    """What is said once a record was taken up for what was typed."""
    names = [spec_of(name).label for name in differing(form)]
    if not names:
        return "This record is used. What you typed beyond it stays and is filed with the visit."
    return f"This record is used. You typed otherwise, and filing changes it: {', '.join(names)}."


def _shown(name: str, known: str) -> str:
    if name == "sex":
        return choice_word(SEX_CHOICES, known)
    return f"••• {known[-_LAST:]}" if name == "ssn" else known


def _plain(text: str) -> str:
    return comparable(text) + "".join(letter for letter in text if letter.isdecimal())
