"""Projections of emergency visits: every event is its own row, and stands among the visit's milestones."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from access_desk.domain.events import Recorded
from access_desk.domain.visits import emergency_events as emergency
from access_desk.storage.projections.rows import utc_text
from access_desk.storage.row_changes import Insert, RowChange


def _entered(event: Recorded) -> dict[str, object]:
    return {"entered_at": utc_text(event.recorded_at), "entered_by": event.actor_id, "stamp": event.stamp}


def _arrived(event: Recorded, body: emergency.EmergencyArrived) -> list[RowChange]:
    values = {
        "facility_id": event.facility_id,
        "visit_id": body.visit_id,
        "event_id": event.event_id,
        "patient_id": body.patient_id,
        "arrived_at": utc_text(body.arrived_at),
        "complaint": body.complaint,
        "identifier": body.identifier,
        **_entered(event),
    }
    return [Insert("emergency_arrivals", values)]


def _step(event: Recorded, body: Any, step: str, happened_at: datetime, **said: object) -> list[RowChange]:
    blank: dict[str, object] = {"by_whom": "", "role": "", "outcome": "", "has_condition": None}
    of_visit = {"facility_id": event.facility_id, "event_id": event.event_id, "visit_id": body.visit_id}
    at = utc_text(happened_at)
    row = {
        **of_visit,
        "patient_id": body.patient_id,
        "step": step,
        "happened_at": at,
        "source": body.source,
        **blank,
        **said,
        **_entered(event),
    }
    # Each stands for one milestone that screens know; that there is no condition is told by the row above.
    milestone = min(emergency.milestones_of(body) - {emergency.NO_CONDITION})
    reached = {**of_visit, "milestone": milestone, "reached_at": at, "recorded_by": event.actor_id}
    return [Insert("emergency_steps", row), Insert("visit_milestones", reached)]


def _screened(event: Recorded, body: emergency.ScreeningCompleted) -> list[RowChange]:
    said: dict[str, object] = {"by_whom": body.examined_by, "role": body.role, "has_condition": int(body.has_condition)}
    return _step(event, body, "screening", body.completed_at, **said)


def _stabilized(event: Recorded, body: emergency.StabilizationRecorded) -> list[RowChange]:
    return _step(event, body, "stabilization", body.stabilized_at, by_whom=body.stabilized_by)


def _ended(event: Recorded, body: emergency.EmergencyEnded) -> list[RowChange]:
    return _step(event, body, "end", body.ended_at, outcome=body.disposition)


PROJECTORS: dict[type, Callable[[Recorded, Any], list[RowChange]]] = {
    emergency.EmergencyArrived: _arrived,
    emergency.ScreeningCompleted: _screened,
    emergency.StabilizationRecorded: _stabilized,
    emergency.EmergencyEnded: _ended,
}
