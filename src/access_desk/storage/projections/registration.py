"""Projections of checked registrations: rows are only added, so that arrival order does not matter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from access_desk.domain.events import Recorded
from access_desk.domain.registration.events import RegistrationChecked
from access_desk.storage.projections.rows import utc_text
from access_desk.storage.row_changes import Insert, InsertRows, RowChange

_FAILURE: Final = ("facility_id", "visit_id", "event_id", "rule", "field", "severity", "was_caught")


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
    # A dozen for every registration: rows of their own would be a third of all that is written.
    # Of a finding that is named twice, the first counts.
    found = {(one.rule, one.field): (one.severity, 1) for one in reversed(body.caught)}
    found |= {(one.rule, one.field): (one.severity, 0) for one in reversed(body.failed)}
    rows = [(*of.values(), *finding, *said) for finding, said in found.items()]
    return [Insert("registration_checks", {**of, **check}), InsertRows("registration_failures", _FAILURE, rows)]


PROJECTORS: dict[type, Callable[[Recorded, Any], list[RowChange]]] = {RegistrationChecked: _checked}
