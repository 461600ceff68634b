"""What of other desks' money is not here any more: its sums, and that it was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from access_desk.domain.money import Money


@dataclass(frozen=True, slots=True)
class GoneOfShift:
    """Custodies of a shift whose details are at central only; ``received`` is what came from patients, less what went back."""

    custodies: int
    received: Money
    over_short: Money


def custodies_gone(connection: Connection, facility_id: str) -> int:
    """Of how many custodies the details are at central only."""
    counted = "SELECT count(*) FROM local_let_go_custodies WHERE facility_id = ?"
    return int(connection.exec_driver_sql(counted, (facility_id,)).scalar_one())


def gone_of_shift(connection: Connection, facility_id: str, day: date, shift: str | None) -> GoneOfShift:
    """Those of a business date, of one shift or of all."""
    row = connection.exec_driver_sql(
        "SELECT count(*), coalesce(sum(over_short_cents), 0), coalesce(sum((SELECT -sum(l.amount_cents) FROM local_let_go l "
        "WHERE l.facility_id = c.facility_id AND l.custody_id = c.custody_id AND l.account = 'patients')), 0) "
        "FROM local_let_go_custodies c WHERE c.facility_id = ? AND c.business_date = ? AND (? IS NULL OR c.shift = ?)",
        (facility_id, day.isoformat(), shift, shift),
    ).one()
    return GoneOfShift(int(row[0]), Money(int(row[2])), Money(int(row[1])))


def is_custody_gone(connection: Connection, facility_id: str, custody_id: str) -> bool:
    """Whether the details of a custody are at central only."""
    return _is_there(connection, "local_let_go_custodies", "custody_id", (facility_id, custody_id))


def is_payment_gone(connection: Connection, facility_id: str, payment_id: str) -> bool:
    """Whether the details of a payment are at central only."""
    return _is_there(connection, "local_let_go_paid", "payment_id", (facility_id, payment_id))


def copays_gone(connection: Connection, facility_id: str, visit_id: str, until: str) -> Money:
    """What was paid as a copay for a visit, up to a clock stamp, in payments whose details are at central only."""
    cents = connection.exec_driver_sql(
        "SELECT coalesce(sum(amount_cents), 0) FROM local_let_go_paid WHERE facility_id = ? AND visit_id = ? "
        "AND purpose = 'copay' AND stamp <= ?",
        (facility_id, visit_id, until),
    ).scalar_one()
    return Money(int(cents))


def _is_there(connection: Connection, table: str, column: str, key: tuple[str, str]) -> bool:
    # Names of this module.
    found = connection.exec_driver_sql(f"SELECT 1 FROM {table} WHERE facility_id = ? AND {column} = ? LIMIT 1", key)  # noqa: S608
    return found.first() is not None
