"""Projections that finding people reads, and those of an imported index."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import Integer

from access_desk.domain.content import Content
from access_desk.domain.events import Recorded
from access_desk.domain.patients import events as patients
from access_desk.domain.patients.commands import UNIDENTIFIED
from access_desk.domain.patients.index_events import ImportedRow, PatientsImported
from access_desk.storage.imported_index import patient_id_of, unpack
from access_desk.storage.projections.rows import utc_text
from access_desk.storage.row_changes import FromContent, Insert, InsertMany, RowChange, SetLatest
from access_desk.storage.schema.people import patients as patients_table
from access_desk.storage.search_rows import (
    NAMES,
    SEARCH_ROW,
    SSN_ROW,
    last_four,
    search_columns,
    search_row,
    ssn_row,
    variants,
)

_FIELDS: Final = (
    "mrn", "family", "given", "middle", "suffix", "birth_date", "sex", "ssn", "phone", "email", "line", "city", "state", "zip",
)  # fmt: skip
_fields_of = attrgetter(*_FIELDS)
# A patient's columns that an imported row has, and what stands in the others.
_IMPORTED: Final = tuple(column.name for column in patients_table.columns if column.name in ImportedRow._fields)
_imported_of = attrgetter(*_IMPORTED)
_OTHERS: Final = {
    column.name: None if column.nullable else 0 if isinstance(column.type, Integer) else ""
    for column in patients_table.columns
    if column.name not in ("facility_id", "patient_id", "registered_at", *_IMPORTED)
}
_PATIENT_ROW: Final = ("facility_id", "patient_id", "registered_at", *_IMPORTED, *_OTHERS)


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _registered(event: Recorded, body: patients.PatientRegistered) -> list[RowChange]:
    fields = {name: _text(getattr(body.demographics, name)) for name in _FIELDS if name != "mrn"}
    row = search_row(
        event.facility_id,
        body.patient_id,
        "",
        {**fields, "mrn": body.mrn},
        unidentified=body.unidentified,
        newborn=body.newborn_of is not None,
    )
    names = [(name, fields[name]) for name in NAMES]
    return [Insert("patient_search", dict(zip(SEARCH_ROW, row, strict=True))), variants(event.facility_id, names)]


def _amended(event: Recorded, body: patients.PatientAmended) -> list[RowChange]:
    changes: list[RowChange] = []
    for field, value in body.changes.items():
        columns = {"unidentified": int(bool(value))} if field == UNIDENTIFIED else search_columns({field: value})
        if columns:
            changes.append(SetLatest(event.facility_id, body.patient_id, field, event.stamp, columns, "patient_search"))
        if field in NAMES:
            changes.append(variants(event.facility_id, [(field, value)]))
    return changes


def _imported(event: Recorded, body: PatientsImported) -> list[RowChange]:
    content: Content = body.batch
    return [FromContent(event.facility_id, content, lambda data: rows_of_batch(event, unpack(data)))]


def rows_of_batch(event: Recorded, rows: list[ImportedRow]) -> Iterator[RowChange]:
    """What a batch does to the tables."""
    facility_id, at = event.facility_id, utc_text(event.recorded_at)
    names: set[tuple[str, str]] = set()
    people, searched, unreadable, numbers = [], [], [], []
    others = tuple(_OTHERS.values())
    for place, row in enumerate(rows):
        patient_id = patient_id_of(event.event_id, place)
        fields = dict(zip(_FIELDS, _fields_of(row), strict=True))
        people.append((facility_id, patient_id, at, *_imported_of(row), *others))
        # A birth date that could not be read is searched and compared as it was typed.
        fields["birth_date"] = row.birth_date or row.unreadable.get("birth_date", "")
        searched.append(search_row(facility_id, patient_id, row.source_id, fields))
        names.update((("family", row.family), ("given", row.given)))
        if row.unreadable:
            kept = {**row.unreadable, **({"ssn": last_four(row.ssn)} if "ssn" in row.unreadable else {})}
            unreadable += [(facility_id, patient_id, field, typed) for field, typed in kept.items()]
        if row.ssn:
            numbers.append(ssn_row(facility_id, patient_id, event.stamp, row.ssn))
    yield InsertMany("patients", _PATIENT_ROW, people)
    yield InsertMany("patient_ssns", SSN_ROW, numbers)
    yield InsertMany("patient_search", SEARCH_ROW, searched)
    yield variants(facility_id, names)
    yield InsertMany("patient_unreadable", ("facility_id", "patient_id", "field", "typed"), unreadable)


PROJECTORS: dict[type, Callable[[Recorded, Any], list[RowChange]]] = {
    patients.PatientRegistered: _registered,
    patients.PatientAmended: _amended,
    PatientsImported: _imported,
}
