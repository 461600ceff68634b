"""Projections of forms and stays: every event is its own row, so that the order of arrival does not matter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from access_desk.domain.events import Recorded
from access_desk.domain.forms import events as forms
from access_desk.storage.projections.rows import utc_text
from access_desk.storage.row_changes import Insert, RowChange

_SAID = (
    *("part", "version", "language", "status", "method", "given_at", "signer", "relationship", "reason", "seen_by"),
    *("witness_id", "wording_sha256", "strokes_sha256"),
)


def _of(event: Recorded, body: Any) -> dict[str, object]:
    return {
        "facility_id": event.facility_id,
        "event_id": event.event_id,
        "visit_id": body.visit_id,
        "patient_id": body.patient_id,
        "recorded_at": utc_text(event.recorded_at),
        "recorded_by": event.actor_id,
        "stamp": event.stamp,
    }


def _step(event: Recorded, body: Any, step: str, **said: object) -> list[RowChange]:
    values = {**_of(event, body), "form": body.form, "step": step, "explained": 0, **dict.fromkeys(_SAID, ""), **said}
    return [Insert("form_steps", values)]


def _asked(event: Recorded, body: forms.FormAskedFor) -> list[RowChange]:
    return _step(event, body, "asked_for", reason=body.reason)


def _offered(event: Recorded, body: forms.FormOffered) -> list[RowChange]:
    return _step(event, body, "offered", part=body.part, version=body.version, language=body.language)


def _completed(event: Recorded, body: forms.FormCompleted) -> list[RowChange]:
    return _step(
        event,
        body,
        "completed",
        part=body.part,
        version=body.version,
        language=body.language,
        status=body.status,
        method=body.method,
        given_at=utc_text(body.given_at),
        signer=body.signer,
        relationship=body.relationship,
        reason=body.reason,
        seen_by=body.seen_by,
        witness_id=body.witness_id,
        explained=int(body.explained),
        wording_sha256=body.wording,
        strokes_sha256=body.strokes.sha256 if body.strokes else "",
    )


def _stay(event: Recorded, body: forms.StayNoted) -> list[RowChange]:
    return [Insert("stay_moments", {**_of(event, body), "moment": body.moment, "at": utc_text(body.at)})]


PROJECTORS: dict[type, Callable[[Recorded, Any], list[RowChange]]] = {
    forms.FormAskedFor: _asked,
    forms.FormOffered: _offered,
    forms.FormCompleted: _completed,
    forms.StayNoted: _stay,
}
