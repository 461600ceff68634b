"""Projections of checked registrations: rows are only added, so that arrival order does not matter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from access_desk.domain.events import Recorded
from access_desk.domain.registration.events import RegistrationChecked
from access_desk.storage.projections.rows import utc_text
from access_desk.storage.row_changes import Insert, RowChange


def _checked(event: Recorded, body: RegistrationChecked) -> list[RowChange]:
    of = {"facility_id": event.facility_id, "visit_id": body.visit_id, "event_id": event.event_id}
    check = {
        "patient_id": body.patient_id,
        "is_filing": int(body.is_filing),
        "table_version": body.table_version,
        "checks": body.checks,
        "checked_at": utc_text(event.recorded_at),
        "checked_by": event.actor_id,
        "business_date": event.business_date.isoformat(),
        "stamp": event.stamp,
    }
    changes: list[RowChange] = [Insert("registration_checks", {**of, **check})]
    for was_caught, rules in ((0, body.failed), (1, body.caught)):
        for one in dict.fromkeys(rules):
            failed = {"rule": one.rule, "field": one.field, "severity": one.severity, "was_caught": was_caught}
            changes.append(Insert("registration_failures", {**of, **failed}))
    return changes


PROJECTORS: dict[type, Callable[[Recorded, Any], list[RowChange]]] = {RegistrationChecked: _checked}
