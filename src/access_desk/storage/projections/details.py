"""Projections of the details of patients and visits: every value given is a row, so that arrival order does not matter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from access_desk.domain.events import Recorded
from access_desk.domain.patients.details import PatientDetailsGiven
from access_desk.domain.visits.details import REGISTERED_DETAILS, VisitDetailsGiven
from access_desk.storage.projections.rows import utc_text
from access_desk.storage.row_changes import Insert, RowChange, SetLatest


def _rows(event: Recorded, table: str, key: str, subject_id: str, details: Mapping[str, str]) -> list[RowChange]:
    given = {"stamp": event.stamp, "given_at": utc_text(event.recorded_at), "given_by": event.actor_id}
    of = {"facility_id": event.facility_id, key: subject_id}
    return [Insert(table, {**of, "field": name, "value": value, **given}) for name, value in details.items()]


def _of_patient(event: Recorded, body: PatientDetailsGiven) -> list[RowChange]:
    return _rows(event, "patient_details", "patient_id", body.patient_id, body.details)


def _of_visit(event: Recorded, body: VisitDetailsGiven) -> list[RowChange]:
    rows = _rows(event, "visit_details", "visit_id", body.visit_id, body.details)
    # The visit itself shows the latest word on what it was registered with; every word stays in its own row.
    rows += [
        SetLatest(event.facility_id, body.visit_id, name, event.stamp, {name: value}, "visits")
        for name, value in body.details.items()
        if name in REGISTERED_DETAILS
    ]
    return rows


PROJECTORS: dict[type, Callable[[Recorded, Any], list[RowChange]]] = {
    PatientDetailsGiven: _of_patient,
    VisitDetailsGiven: _of_visit,
}
