"""Questions about checked registrations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Connection, RowMapping

from access_desk.domain.registration.events import FailedRule
from access_desk.domain.registration.quality import CheckedRegistration, Correction, Failure

_FILED = (
    "SELECT c.*, v.account_number, v.begun_at FROM registration_checks c JOIN visits v ON v.facility_id = c.facility_id AND "
    "v.visit_id = c.visit_id WHERE c.facility_id = ? AND c.is_filing = 1 AND c.business_date BETWEEN ? AND ? "
    "ORDER BY c.checked_at, c.visit_id"
)
_LATER = "SELECT * FROM registration_checks WHERE facility_id = ? AND visit_id = ? AND stamp > ? ORDER BY stamp"
_FAILED = (
    "SELECT rule, field, severity, was_caught FROM registration_failures WHERE facility_id = ? AND visit_id = ? AND event_id = ?"
)


def checked_registrations(connection: Connection, facility_id: str, first: date, last: date) -> list[CheckedRegistration]:
    """The registrations filed on these business dates, with what they failed and what became of it."""
    period = (facility_id, first.isoformat(), last.isoformat())
    rows = connection.exec_driver_sql(_FILED, period).mappings().all()
    return [_registration(connection, row) for row in rows]


def _registration(connection: Connection, row: RowMapping) -> CheckedRegistration:
    key = (row["facility_id"], row["visit_id"])
    failed, caught = _failed(connection, key, row["event_id"])
    later = connection.exec_driver_sql(_LATER, (*key, row["stamp"])).mappings().all() if failed else []
    checks = [(one, set(_keys(_failed(connection, key, one["event_id"])[0]))) for one in later]
    return CheckedRegistration(
        row["visit_id"],
        row["account_number"],
        row["checked_by"],
        datetime.fromisoformat(row["checked_at"]),
        date.fromisoformat(row["business_date"]),
        row["table_version"],
        tuple(Failure(one, _correction(one, checks)) for one in failed),
        tuple(caught),
        datetime.fromisoformat(row["begun_at"]) if row["begun_at"] else None,
    )


def _keys(rules: Sequence[FailedRule]) -> list[tuple[str, str]]:
    return [(one.rule, one.field) for one in rules]


def _correction(failed: FailedRule, checks: Sequence[tuple[RowMapping, set[tuple[str, str]]]]) -> Correction | None:
    """The first later check that the rule passed, when no check after it failed it again."""
    found: Correction | None = None
    for row, failing in checks:
        if (failed.rule, failed.field) in failing:
            found = None
        elif found is None:
            at = datetime.fromisoformat(row["checked_at"])
            found = Correction(at, row["checked_by"], date.fromisoformat(row["business_date"]))
    return found


def _failed(connection: Connection, key: tuple[str, str], event_id: str) -> tuple[list[FailedRule], list[FailedRule]]:
    rows = connection.exec_driver_sql(f"{_FAILED} ORDER BY rule, field", (*key, event_id)).all()
    failed = [FailedRule(row[0], row[1], row[2]) for row in rows if not row[3]]
    return failed, [FailedRule(row[0], row[1], row[2]) for row in rows if row[3]]
