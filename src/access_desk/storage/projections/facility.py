"""Projections of the facility, its staff, its drawers, its deposits, and of what people did that moved nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from access_desk.domain.events import Recorded
from access_desk.domain.facility import events as made
from access_desk.domain.flags.events import FlagReviewed
from access_desk.storage.projections.rows import json_text, posting_rows, utc_text
from access_desk.storage.row_changes import Claim, Insert, RowChange, Update


def _established(event: Recorded, body: made.FacilityEstablished) -> list[RowChange]:
    values = {
        "facility_id": event.facility_id,
        "code": body.code,
        "name": body.name,
        "timezone": body.timezone,
        "address": "\n".join(body.address_lines),
        "phone": body.phone,
        "policy": "{}",
    }
    return [Claim("facilities", values)]


def _policy_set(event: Recorded, body: made.PolicySet) -> list[RowChange]:
    return [Update("facilities", {"facility_id": event.facility_id}, {"policy": json_text(body.policy)})]


def _staff_added(event: Recorded, body: made.StaffAdded) -> list[RowChange]:
    values = {
        "facility_id": event.facility_id,
        "person_id": body.person_id,
        "key": body.key,
        "name": body.name,
        "role": body.role.value,
        "active": 1,
        "pin_sha256": "",
    }
    return [Claim("staff", values)]


def _staff_amended(event: Recorded, body: made.StaffAmended) -> list[RowChange]:
    key = {"facility_id": event.facility_id, "person_id": body.person_id}
    return [Update("staff", key, {"role": body.role.value, "active": int(body.active)})]


def _pin_set(event: Recorded, body: made.PinSet) -> list[RowChange]:
    key = {"facility_id": event.facility_id, "person_id": body.person_id}
    return [Update("staff", key, {"pin_sha256": body.verifier_sha256}), activity(event)]


def _drawer_installed(event: Recorded, body: made.DrawerInstalled) -> list[RowChange]:
    values = {
        "facility_id": event.facility_id,
        "drawer_id": body.drawer_id,
        "key": body.key,
        "desk_label": body.desk_label,
        "imprest_cents": body.imprest.cents,
    }
    return [Claim("drawers", values), _lease(event, body.drawer_id, body.desk_label, "")]


def _drawer_leased(event: Recorded, body: made.DrawerLeased) -> list[RowChange]:
    key = {"facility_id": event.facility_id, "drawer_id": body.drawer_id}
    return [Update("drawers", key, {"desk_label": body.desk_label}), _lease(event, body.drawer_id, body.desk_label, body.reason)]


def _lease(event: Recorded, drawer_id: str, desk_label: str, reason: str) -> RowChange:
    values = {
        "facility_id": event.facility_id,
        "drawer_id": drawer_id,
        "stamp": event.stamp,
        "event_id": event.event_id,
        "desk_id": event.desk_id,
        "desk_label": desk_label,
        "leased_at": utc_text(event.recorded_at),
        "leased_by": event.actor_id,
        "reason": reason,
    }
    return Insert("drawer_leases", values)


def _clock_off(event: Recorded, body: made.DeskClockOff) -> list[RowChange]:
    return [activity(event, text=str(body.offset_seconds))]


def _flag_reviewed(event: Recorded, body: FlagReviewed) -> list[RowChange]:
    of_event = {"facility_id": event.facility_id, "event_id": event.event_id}
    said = {"note": body.note, "reviewed_at": utc_text(event.recorded_at), "reviewed_by": event.actor_id}
    return [Insert("flag_reviews", {**of_event, "flag_id": flag, **said}) for flag in body.flags]


def _deposit_sent(event: Recorded, body: made.DepositSent) -> list[RowChange]:
    moved: list[RowChange] = [
        Update(
            "bags",
            {"facility_id": event.facility_id, "bag": bag},
            {"place": "in_transit", "sent_at": utc_text(event.recorded_at)},
        )
        for bag in body.bags
    ]
    return moved + posting_rows(event, body.postings)


def _deposit_confirmed(event: Recorded, body: made.DepositConfirmed) -> list[RowChange]:
    values = {"place": "bank", "confirmed_at": utc_text(event.recorded_at), "confirmed_cents": body.amount.cents}
    confirmed = Update("bags", {"facility_id": event.facility_id, "bag": body.bag}, values)
    return [confirmed, *posting_rows(event, body.postings)]


def activity(event: Recorded, *, code: str = "", text: str = "") -> RowChange:
    """A line of what people did, for the audit trail's screens and reports."""
    values = {
        "facility_id": event.facility_id,
        "event_id": event.event_id,
        "kind": event.kind,
        "happened_at": utc_text(event.recorded_at),
        "business_date": event.business_date.isoformat(),
        "actor_id": event.actor_id,
        "subject_id": event.subject_id,
        "code": code,
        "text": text,
    }
    return Insert("activities", values)


def _refused(event: Recorded, body: made.ActionRefused) -> list[RowChange]:
    return [activity(event, code=body.code, text=f"{body.action}: {body.text}")]


def _plain_activity(event: Recorded, body: object) -> list[RowChange]:
    del body
    return [activity(event)]


def _locked(event: Recorded, body: made.Locked) -> list[RowChange]:
    return [activity(event, code="idle" if body.idle else "")]


def _noted(event: Recorded, body: made.NoteAdded) -> list[RowChange]:
    return [activity(event, text=body.text)]


def _viewed(event: Recorded, body: made.RecordViewed) -> list[RowChange]:
    return [activity(event, text=body.reason)]


def _printed(event: Recorded, body: made.DocumentPrinted) -> list[RowChange]:
    values = {
        "facility_id": event.facility_id,
        "event_id": event.event_id,
        "document": body.document,
        "about": body.about,
        "copy_number": body.copy_number,
        "printed_at": utc_text(event.recorded_at),
        "printed_by": event.actor_id,
        "head_seq": body.head_seq,
        "head_hash": body.head_hash,
    }
    return [Insert("printed_documents", values)]


PROJECTORS: dict[type, Callable[[Recorded, Any], list[RowChange]]] = {
    made.FacilityEstablished: _established,
    made.PolicySet: _policy_set,
    made.StaffAdded: _staff_added,
    made.StaffAmended: _staff_amended,
    made.PinSet: _pin_set,
    made.DrawerInstalled: _drawer_installed,
    made.DrawerLeased: _drawer_leased,
    made.DeskClockOff: _clock_off,
    FlagReviewed: _flag_reviewed,
    made.DepositSent: _deposit_sent,
    made.DepositConfirmed: _deposit_confirmed,
    made.SignedIn: _plain_activity,
    made.SignedOut: _plain_activity,
    made.Locked: _locked,
    made.Unlocked: _plain_activity,
    made.ActionRefused: _refused,
    made.NoteAdded: _noted,
    made.RecordViewed: _viewed,
    made.DocumentPrinted: _printed,
}
