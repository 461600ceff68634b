"""Projections that finding people reads, and those of an imported index."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import repeat
from operator import itemgetter
from typing import Any, Final

from access_desk.domain.content import Content
from access_desk.domain.events import Recorded
from access_desk.domain.patients import events as patients
from access_desk.domain.patients.commands import UNIDENTIFIED
from access_desk.domain.patients.index_events import ImportedRow, PatientsImported
from access_desk.storage.imported_index import patient_ids_of, unpack
from access_desk.storage.projections.rows import demographics_texts, utc_text
from access_desk.storage.row_changes import FromContent, Insert, InsertMany, RowChange, SetLatest
from access_desk.storage.schema.people import patients as patients_table
from access_desk.storage.search_rows import (
    NAMES,
    SEARCH_ROW,
    SSN_ROW,
    VARIANT_ROW,
    last_four,
    search_columns,
    search_row,
    search_rows,
    ssn_rows,
    variant_rows,
    variants,
)

# A patient's columns that an imported row has; nothing is known of the others.
_IMPORTED: Final = tuple(column.name for column in patients_table.columns if column.name in ImportedRow._fields)
_TEXTS: Final = tuple((place, name) for place, name in enumerate(ImportedRow._fields) if name != "unreadable")
_PATIENT_ROW: Final = ("facility_id", "patient_id", "registered_at", *_IMPORTED)
_BLANK: Final = tuple(column.name for column in patients_table.columns if column.name not in _PATIENT_ROW)


def _registered(event: Recorded, body: patients.PatientRegistered) -> list[RowChange]:
    row = search_row(
        event.facility_id,
        body.patient_id,
        "",
        {**demographics_texts(body.demographics), "mrn": body.mrn},
        unidentified=body.unidentified,
        newborn=body.newborn_of is not None,
    )
    names = [(name, getattr(body.demographics, name)) for name in NAMES]
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
    """What a batch does to the tables, column by column: every desk makes these rows of each record."""
    if not rows:
        return
    facility_id, count = event.facility_id, len(rows)
    ids = patient_ids_of(event.event_id, count)
    columns: dict[str, list[str]] = {name: list(map(itemgetter(place), rows)) for place, name in _TEXTS}
    unreadable = {place: row.unreadable for place, row in enumerate(rows) if row.unreadable}
    # Thousands of tuples and dictionaries less for the collector to look through.
    del rows
    facility, at = repeat(facility_id, count), repeat(utc_text(event.recorded_at), count)
    people = zip(facility, ids, at, *(columns[name] for name in _IMPORTED), strict=True)
    yield InsertMany("patients", _PATIENT_ROW, people, _BLANK)
    yield InsertMany("patient_ssns", SSN_ROW, ssn_rows(facility_id, ids, event.stamp, columns["ssn"]))
    # A birth date that could not be read is searched and compared as it was typed.
    born = list(columns["birth_date"])
    for place, texts in unreadable.items():
        born[place] = born[place] or texts.get("birth_date", "")
    yield search_rows(facility_id, ids, columns["source_id"], {**columns, "birth_date": born})
    names = [(field, name) for field in NAMES for name in set(columns[field])]
    yield InsertMany("name_variants", VARIANT_ROW, variant_rows(facility_id, names))
    typed: list[tuple[object, ...]] = []
    for place, texts in unreadable.items():
        kept = {**texts, **({"ssn": last_four(columns["ssn"][place])} if "ssn" in texts else {})}
        typed += [(facility_id, ids[place], field, text) for field, text in kept.items()]
    yield InsertMany("patient_unreadable", ("facility_id", "patient_id", "field", "typed"), typed)


PROJECTORS: dict[type, Callable[[Recorded, Any], list[RowChange]]] = {
    patients.PatientRegistered: _registered,
    patients.PatientAmended: _amended,
    PatientsImported: _imported,
}
