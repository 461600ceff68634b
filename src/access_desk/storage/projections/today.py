"""Projections of the queue, expected visits, blocked accounts and privacy. Every event is its own row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from access_desk.domain.blocked import events as blocked
from access_desk.domain.events import Recorded
from access_desk.domain.privacy import events as privacy
from access_desk.domain.queue import events as queue
from access_desk.domain.schedule import events as schedule
from access_desk.storage.projections.rows import json_text, utc_text
from access_desk.storage.row_changes import Insert, RowChange


def _recorded(event: Recorded) -> dict[str, object]:
    return {
        "facility_id": event.facility_id,
        "event_id": event.event_id,
        "recorded_at": utc_text(event.recorded_at),
        "recorded_by": event.actor_id,
        "stamp": event.stamp,
    }


def _moved(event: Recorded, body: queue.QueueMoved) -> list[RowChange]:
    values = {
        "facility_id": event.facility_id,
        "event_id": event.event_id,
        "visit_id": body.visit_id,
        "patient_id": body.patient_id,
        "place": body.place,
        "desk_label": body.desk_label,
        "moved_at": utc_text(event.recorded_at),
        "moved_by": event.actor_id,
        "stamp": event.stamp,
    }
    return [Insert("queue_moves", values)]


def _appointment(event: Recorded, appointment_id: str, step: str, **said: object) -> list[RowChange]:
    blank = dict.fromkeys(("day", "details", "patient_id", "visit_id", "reason"), "")
    return [Insert("appointment_steps", {**_recorded(event), "appointment_id": appointment_id, "step": step, **blank, **said})]


def _scheduled(event: Recorded, body: schedule.VisitScheduled) -> list[RowChange]:
    said = {"day": body.day.isoformat(), "details": json_text(body.details), "patient_id": body.patient_id}
    return _appointment(event, body.appointment_id, "scheduled", **said)


def _arrived(event: Recorded, body: schedule.AppointmentArrived) -> list[RowChange]:
    return _appointment(event, body.appointment_id, "arrived")


def _became(event: Recorded, body: schedule.AppointmentRegistered) -> list[RowChange]:
    return _appointment(event, body.appointment_id, "registered", visit_id=body.visit_id)


def _ended(event: Recorded, body: schedule.AppointmentEnded) -> list[RowChange]:
    return _appointment(event, body.appointment_id, body.outcome, reason=body.reason)


def _block(event: Recorded, block_id: str, step: str, **said: object) -> list[RowChange]:
    blank = dict.fromkeys(("about_id", "patient_id", "reason", "level", "note"), "")
    return [Insert("block_steps", {**_recorded(event), "block_id": block_id, "step": step, **blank, **said})]


def _blocked(event: Recorded, body: blocked.AccountBlocked) -> list[RowChange]:
    said = {"about_id": body.about_id, "patient_id": body.patient_id, "reason": body.reason, "note": body.note}
    return _block(event, body.block_id, "blocked", level=blocked.CHAIN[0], **said)


def _escalated(event: Recorded, body: blocked.AccountEscalated) -> list[RowChange]:
    return _block(event, body.block_id, "escalated", level=body.level, note=body.reason)


def _unblocked(event: Recorded, body: blocked.AccountUnblocked) -> list[RowChange]:
    return _block(event, body.block_id, "unblocked", note=body.outcome)


def _levels(event: Recorded, body: blocked.ServiceLevelsSet) -> list[RowChange]:
    values = {
        "facility_id": event.facility_id,
        "event_id": event.event_id,
        "levels": json_text(body.levels),
        "set_at": utc_text(event.recorded_at),
        "set_by": event.actor_id,
        "stamp": event.stamp,
    }
    return [Insert("service_levels", values)]


def _flagged(event: Recorded, body: privacy.PatientFlagged) -> list[RowChange]:
    said = {"patient_id": body.patient_id, "flag": body.flag, "is_on": int(body.is_on), "reason": body.reason}
    return [Insert("patient_flags", {**_recorded(event), **said})]


def _broken(event: Recorded, body: privacy.GlassBroken) -> list[RowChange]:
    values = {
        "facility_id": event.facility_id,
        "glass_id": body.glass_id,
        "patient_id": body.patient_id,
        "code": body.code,
        "words": body.text,
        "opened_at": utc_text(event.recorded_at),
        "opened_by": event.actor_id,
        "until": utc_text(body.until),
    }
    return [Insert("glass_openings", values)]


def _reviewed(event: Recorded, body: privacy.GlassReviewed) -> list[RowChange]:
    values = {
        "facility_id": event.facility_id,
        "event_id": event.event_id,
        "glass_id": body.glass_id,
        "patient_id": body.patient_id,
        "verdict": body.verdict,
        "note": body.note,
        "reviewed_at": utc_text(event.recorded_at),
        "reviewed_by": event.actor_id,
        "stamp": event.stamp,
    }
    return [Insert("glass_reviews", values)]


def _disclosed(event: Recorded, body: privacy.DisclosureRecorded) -> list[RowChange]:
    values = {
        "facility_id": event.facility_id,
        "disclosure_id": body.disclosure_id,
        "patient_id": body.patient_id,
        "disclosed_on": body.disclosed_on.isoformat(),
        "recipient": body.recipient,
        "address": body.address,
        "what": body.what,
        "purpose": body.purpose,
        "recorded_at": utc_text(event.recorded_at),
        "recorded_by": event.actor_id,
    }
    return [Insert("disclosures", values)]


PROJECTORS: dict[type, Callable[[Recorded, Any], list[RowChange]]] = {
    queue.QueueMoved: _moved,
    schedule.VisitScheduled: _scheduled,
    schedule.AppointmentArrived: _arrived,
    schedule.AppointmentRegistered: _became,
    schedule.AppointmentEnded: _ended,
    blocked.AccountBlocked: _blocked,
    blocked.AccountEscalated: _escalated,
    blocked.AccountUnblocked: _unblocked,
    blocked.ServiceLevelsSet: _levels,
    privacy.PatientFlagged: _flagged,
    privacy.GlassBroken: _broken,
    privacy.GlassReviewed: _reviewed,
    privacy.DisclosureRecorded: _disclosed,
}
