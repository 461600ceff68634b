"""Projections of patients and visits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from access_desk.domain.events import Recorded
from access_desk.domain.patients import events as patients
from access_desk.domain.patients.commands import UNIDENTIFIED
from access_desk.domain.patients.dispute_events import DisputeSettled
from access_desk.domain.patients.number_events import PatientNumbered
from access_desk.domain.payments.on_paper import paper_key
from access_desk.domain.visits import events as visits
from access_desk.storage.projections.rows import demographics_texts, utc_text
from access_desk.storage.row_changes import Insert, RowChange, SetLatest
from access_desk.storage.search_rows import SSN_ROW, last_four, mrn_key, search_columns, ssn_row


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _registered(event: Recorded, body: patients.PatientRegistered) -> list[RowChange]:
    fields = demographics_texts(body.demographics)
    ssn = fields.pop("ssn")
    values = {
        "facility_id": event.facility_id,
        "patient_id": body.patient_id,
        "mrn": body.mrn,
        **fields,
        "unidentified": int(body.unidentified),
        "newborn_of": body.newborn_of,
        "birth_order": body.birth_order,
        "despite_match": body.despite_match,
        "registered_at": utc_text(event.recorded_at),
    }
    return [Insert("patients", values), *_ssn(event, body.patient_id, ssn, only_known=True)]


def _ssn(event: Recorded, patient_id: str, ssn: str, *, only_known: bool = False) -> list[RowChange]:
    """A number that was said, where whole numbers stand; nothing for a record made without one."""
    if only_known and not ssn:
        return []
    row = ssn_row(event.facility_id, patient_id, event.stamp, ssn)
    return [Insert("patient_ssns", dict(zip(SSN_ROW, row, strict=True)))]


def _amended(event: Recorded, body: patients.PatientAmended) -> list[RowChange]:
    changes: list[RowChange] = []
    for field, value in body.changes.items():
        history = {
            "facility_id": event.facility_id,
            "patient_id": body.patient_id,
            "field": field,
            "stamp": event.stamp,
            "seen": (body.seen or {}).get(field, ""),
            "value": last_four(value) if field == "ssn" else value,
            "changed_at": utc_text(event.recorded_at),
            "changed_by": event.actor_id,
            "desk_id": event.desk_id,
        }
        changes.append(Insert("patient_changes", history))
        if field == "ssn":
            changes += _ssn(event, body.patient_id, value)
            continue
        columns: dict[str, object] = {field: int(bool(value)) if field == UNIDENTIFIED else value}
        changes.append(SetLatest(event.facility_id, body.patient_id, field, event.stamp, columns))
    return changes


def _settled(event: Recorded, body: DisputeSettled) -> list[RowChange]:
    values = {
        "facility_id": event.facility_id,
        "patient_id": body.patient_id,
        "field": body.field,
        "event_id": event.event_id,
        "reason": body.reason,
        "settled_at": utc_text(event.recorded_at),
        "settled_by": event.actor_id,
    }
    return [Insert("dispute_settlements", {**values, "stamp": stamp}) for stamp in body.stamps]


def _numbered(event: Recorded, body: PatientNumbered) -> list[RowChange]:
    was = {
        "facility_id": event.facility_id,
        "patient_id": body.patient_id,
        "event_id": event.event_id,
        "was": body.was,
        "was_key": mrn_key(body.was),
        "mrn": body.mrn,
        "numbered_at": utc_text(event.recorded_at),
    }
    return [
        Insert("patient_numbers", was),
        SetLatest(event.facility_id, body.patient_id, "mrn", event.stamp, {"mrn": body.mrn}),
        SetLatest(event.facility_id, body.patient_id, "mrn", event.stamp, search_columns({"mrn": body.mrn}), "patient_search"),
    ]


def _visit_registered(event: Recorded, body: visits.VisitRegistered) -> list[RowChange]:
    of_visit = {"facility_id": event.facility_id, "visit_id": body.visit_id}
    visit = {
        "patient_id": body.patient_id,
        "account_number": body.account_number,
        **{name: getattr(body.details, name) for name in visits.VisitDetails.__slots__},
        "arrived_at": utc_text(body.came_at(event.recorded_at)),
        "entered_at": utc_text(event.recorded_at),
        "paper_number": body.paper_number,
        "paper_key": paper_key(body.paper_number),
        "begun_at": utc_text(body.begun_at) if body.begun_at else "",
        "registered_by": event.actor_id,
        "business_date": event.business_date.isoformat(),
    }
    changes: list[RowChange] = [Insert("visits", {**of_visit, **visit})]
    for position, coverage in enumerate(body.coverages, 1):
        changes.append(Insert("coverages", {**of_visit, "position": position, **_coverage_columns(coverage)}))
    return changes


def _coverage_columns(coverage: visits.Coverage) -> dict[str, object]:
    return {
        "payer": coverage.payer,
        "plan": coverage.plan,
        "member_id": coverage.member_id,
        "group_number": coverage.group,
        "relationship": coverage.relationship,
        "subscriber": coverage.subscriber,
        "copay_cents": coverage.copay.cents if coverage.copay is not None else None,
        "medicare": int(coverage.medicare),
        "subscriber_birth_date": _text(coverage.subscriber_birth_date),
        "starts": _text(coverage.starts),
        "ends": _text(coverage.ends),
    }


def _progressed(event: Recorded, body: visits.VisitProgressed) -> list[RowChange]:
    values = {
        "facility_id": event.facility_id,
        "visit_id": body.visit_id,
        "event_id": event.event_id,
        "milestone": body.milestone,
        "reached_at": utc_text(event.recorded_at),
        "recorded_by": event.actor_id,
    }
    return [Insert("visit_milestones", values)]


PROJECTORS: dict[type, Callable[[Recorded, Any], list[RowChange]]] = {
    patients.PatientRegistered: _registered,
    patients.PatientAmended: _amended,
    DisputeSettled: _settled,
    PatientNumbered: _numbered,
    visits.VisitRegistered: _visit_registered,
    visits.VisitProgressed: _progressed,
}
