"""Projections of checked registrations: rows are only added, so that arrival order does not matter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from access_desk.domain.events import Recorded
from access_desk.domain.registration.events import RegistrationChecked
from access_desk.storage.projections.rows import utc_text
from access_desk.storage.row_changes import Insert, InsertMany, RowChange

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
    failed = [
        (*of.values(), one.rule, one.field, one.severity, was_caught)
        for was_caught, rules in ((0, body.failed), (1, body.caught))
        for one in dict.fromkeys(rules)
    ]
    return [Insert("registration_checks", {**of, **check}), InsertMany("registration_failures", _FAILURE, failed)]


PROJECTORS: dict[type, Callable[[Recorded, Any], list[RowChange]]] = {RegistrationChecked: _checked}
