"""Projections of names that were given, and of people who were identified since."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from access_desk.domain.events import Recorded
from access_desk.domain.patients import naming_events as naming
from access_desk.domain.patients.commands import comparable
from access_desk.storage.projections.facility import activity
from access_desk.storage.projections.rows import utc_text
from access_desk.storage.row_changes import Insert, RowChange


def _given(event: Recorded, body: naming.AliasGiven) -> list[RowChange]:
    values = {
        "facility_id": event.facility_id,
        "patient_id": body.patient_id,
        "event_id": event.event_id,
        "family": body.family,
        "given": body.given,
        "family_key": comparable(body.family),
        "given_key": comparable(body.given),
        "kind": body.kind,
        "age_low": body.age_low,
        "age_high": body.age_high,
        "given_at": utc_text(event.recorded_at),
        "given_by": event.actor_id,
    }
    return [Insert("patient_aliases", values)]


def _identified(event: Recorded, body: naming.PatientIdentified) -> list[RowChange]:
    return [activity(event, text=body.source)]


def _set(event: Recorded, body: naming.NamingSet) -> list[RowChange]:
    return [activity(event, text=f"{body.unidentified}, {body.newborn}")]


PROJECTORS: dict[type, Callable[[Recorded, Any], list[RowChange]]] = {
    naming.AliasGiven: _given,
    naming.PatientIdentified: _identified,
    naming.NamingSet: _set,
}
