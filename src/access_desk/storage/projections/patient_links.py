"""Projections of links, merges and reviews."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import Any

from access_desk.domain.events import Recorded
from access_desk.domain.patients import link_events as links
from access_desk.domain.patients.events import PatientRegistered
from access_desk.storage.projections.rows import json_text, utc_text
from access_desk.storage.row_changes import Insert, RowChange


def review_item_id(event_id: str, one: str, other: str) -> str:
    """The id of a review item: the same wherever the event that caused it arrives."""
    first, second = sorted((one, other))
    return sha256(f"{event_id}/{first}/{second}".encode()).hexdigest()[:32]


def _pair(event: Recorded, one: str, other: str) -> dict[str, object]:
    first, second = sorted((one, other))
    return {"facility_id": event.facility_id, "event_id": event.event_id, "one_id": first, "other_id": second}


def _item(event: Recorded, one: str, other: str, source: str, reason: str) -> Insert:
    values = {
        "item_id": review_item_id(event.event_id, one, other),
        "source": source,
        "reason": reason,
        "stamp": event.stamp,
        "raised_at": utc_text(event.recorded_at),
        "raised_by": event.actor_id,
    }
    return Insert("review_items", {**_pair(event, one, other), **values})


def _made_despite_match(event: Recorded, body: PatientRegistered) -> list[RowChange]:
    """A record made although somebody alike was on file is looked at by a lead."""
    source = "despite_match" if body.despite_match.strip() else "alike"
    return [
        _item(event, body.patient_id, other, source, body.despite_match)
        for other in dict.fromkeys(body.possible_duplicates)
        if other != body.patient_id
    ]


def _flagged(event: Recorded, body: links.PatientFlagged) -> list[RowChange]:
    return [_item(event, body.patient_id, body.other_id, "flag", body.reason)]


def _linked(event: Recorded, body: links.PatientLinked) -> list[RowChange]:
    values = {"reason": body.reason, "linked_at": utc_text(event.recorded_at), "linked_by": event.actor_id}
    return [Insert("patient_links", {**_pair(event, body.patient_id, body.other_id), **values})]


def _merged(event: Recorded, body: links.PatientMerged) -> list[RowChange]:
    values = {
        "facility_id": event.facility_id,
        "merge_id": body.merge_id,
        "survivor_id": body.survivor_id,
        "retired_id": body.retired_id,
        "reason": body.reason,
        "filled": json_text(body.filled),
        "stamp": event.stamp,
        "merged_at": utc_text(event.recorded_at),
        "merged_by": event.actor_id,
    }
    return [Insert("patient_merges", values)]


def _unmerged(event: Recorded, body: links.PatientUnmerged) -> list[RowChange]:
    values = {
        "facility_id": event.facility_id,
        "merge_id": body.merge_id,
        "event_id": event.event_id,
        "reason": body.reason,
        "unmerged_at": utc_text(event.recorded_at),
        "unmerged_by": event.actor_id,
    }
    return [Insert("patient_unmerges", values)]


def _answered(event: Recorded, body: links.ReviewResolved) -> list[RowChange]:
    values = {
        "reason": body.reason,
        "stamp": event.stamp,
        "answered_at": utc_text(event.recorded_at),
        "answered_by": event.actor_id,
    }
    return [Insert("review_answers", {**_pair(event, body.patient_id, body.other_id), **values})]


# Registrations have another projection as well: the record itself.
PROJECTORS: dict[type, Callable[[Recorded, Any], list[RowChange]]] = {
    PatientRegistered: _made_despite_match,
    links.PatientFlagged: _flagged,
    links.PatientLinked: _linked,
    links.PatientMerged: _merged,
    links.PatientUnmerged: _unmerged,
    links.ReviewResolved: _answered,
}
