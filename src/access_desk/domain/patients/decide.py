"""The rules of making and amending a patient's record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date

from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.events import Fact
from access_desk.domain.patients.commands import UNIDENTIFIED, NewPatient, check_changes, check_demographics, very_probably_same
from access_desk.domain.patients.events import PatientAmended, PatientRegistered
from access_desk.domain.patients.state import PatientState, amended


def probable_duplicates(new: NewPatient, candidates: Sequence[PatientState], same: Sequence[str] = ()) -> tuple[str, ...]:
    """Which records are very probably the same person; never for a newborn or somebody unidentified.

    ``same`` are those that the index weighs as one person. Equal names and birth dates count whatever they weigh: in a large
    index common names alone prove too little.
    """
    if new.unidentified or new.newborn_of:
        return ()
    equal = (
        known.patient_id
        for known in candidates
        if (new.mrn and new.mrn == known.mrn)
        or (not known.unidentified and very_probably_same(new.demographics, known.demographics))
    )
    return tuple(dict.fromkeys((*equal, *same)))


def decide_new_patient(
    new: NewPatient,
    mother: PatientState | None,
    candidates: Sequence[PatientState],
    patient_id: str,
    mrn: str,
    today: date,
    same: Sequence[str] = (),
    alike: Sequence[str] = (),
) -> Fact:
    """A new record; somebody who very probably has one needs a reason, which sends it to review.

    ``same`` are records that the index weighs as one person with the new one, and ``alike`` those that it weighs as possibly
    the same: these refuse nothing, and are reviewed too.
    """
    new.check(today)
    duplicates = probable_duplicates(new, candidates, same)
    if duplicates and not new.despite_match.strip():
        raise DeskError(
            Refusal.PROBABLE_DUPLICATE,
            "A record for this person very probably exists. Use it, or say why a second one is made.",
        )
    named = new.named(mother.demographics if mother else None, mrn)
    made = PatientRegistered(
        patient_id,
        mrn,
        named.demographics,
        named.unidentified,
        named.newborn_of,
        named.birth_order,
        named.despite_match,
        tuple(dict.fromkeys((*duplicates, *alike))),
    )
    return Fact(patient_id, made)


def decide_amendment(
    patient: PatientState, changes: Mapping[str, str], today: date, seen: Mapping[str, str] | None = None
) -> list[Fact]:
    """Fields that really change, with their new values; nothing when none does.

    ``seen`` are the clock stamps of what the clerk saw, by field, where that is not what the record says now.
    """
    check_changes(changes)
    check_demographics(amended(patient.demographics, changes), today)
    now = {name: _text(value) for name, value in asdict(patient.demographics).items()}
    now[UNIDENTIFIED] = "1" if patient.unidentified else ""
    changed = {name: value for name, value in changes.items() if now[name] != value}
    if not changed:
        return []
    stamps = {name: (seen or {}).get(name, patient.seen(name)) for name in changed}
    return [Fact(patient.patient_id, PatientAmended(patient.patient_id, changed, stamps))]


def _text(value: object) -> str:
    return "" if value is None else str(value)
