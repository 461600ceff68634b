"""Questions about visits."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Connection, RowMapping

from access_desk.domain.money import Money, total
from access_desk.domain.patients.events import Demographics
from access_desk.domain.visits.events import Coverage, VisitDetails
from access_desk.domain.visits.views import Milestone, VisitRow
from access_desk.storage.queries.patients import demographics_of

_VISITS = (
    "SELECT a.*, v.visit_id, v.account_number, v.type, v.service, v.reason, v.location, v.attending_npi, v.arrived_at, "
    "v.registered_by FROM visits v "
    "JOIN patients a ON a.facility_id = v.facility_id AND a.patient_id = v.patient_id WHERE v.facility_id = ? "
)


def visits_of_day(connection: Connection, facility_id: str, business_date: date) -> list[VisitRow]:
    """The visits registered on a business date, the longest waiting first."""
    asked = _VISITS + "AND v.business_date = ? ORDER BY v.arrived_at, v.visit_id"
    rows = connection.exec_driver_sql(asked, (facility_id, business_date.isoformat())).mappings().all()
    return [_visit(connection, row) for row in rows]


def visit(connection: Connection, facility_id: str, visit_id: str) -> VisitRow | None:
    """One visit."""
    row = connection.exec_driver_sql(_VISITS + "AND v.visit_id = ?", (facility_id, visit_id)).mappings().first()
    return _visit(connection, row) if row else None


def visits_of_patient(connection: Connection, facility_id: str, patient_id: str) -> list[VisitRow]:
    """A patient's visits, the newest first."""
    asked = _VISITS + "AND v.patient_id = ? ORDER BY v.arrived_at DESC"
    rows = connection.exec_driver_sql(asked, (facility_id, patient_id)).mappings().all()
    return [_visit(connection, row) for row in rows]


def _visit(connection: Connection, row: RowMapping) -> VisitRow:
    key = (row["facility_id"], row["visit_id"])
    coverages = _coverages(connection, key)
    paid_copay, paid = _paid(connection, key)
    copays = total(one.copay for one in coverages if one.copay is not None)
    demographics: Demographics = demographics_of(row)
    return VisitRow(
        visit_id=row["visit_id"],
        patient_id=row["patient_id"],
        account_number=row["account_number"],
        mrn=row["mrn"],
        demographics=demographics,
        unidentified=bool(row["unidentified"]),
        details=VisitDetails(row["type"], row["service"], row["reason"], row["location"], row["attending_npi"]),
        coverages=coverages,
        arrived_at=datetime.fromisoformat(row["arrived_at"]),
        registered_by=row["registered_by"],
        milestones=_milestones(connection, key),
        copay_owed=max(copays - paid_copay, Money(0)),
        paid=paid,
    )


def _coverages(connection: Connection, key: tuple[str, str]) -> tuple[Coverage, ...]:
    rows = connection.exec_driver_sql(
        "SELECT payer, plan, member_id, group_number, relationship, subscriber, copay_cents, medicare, "
        "subscriber_birth_date, starts, ends FROM coverages WHERE facility_id = ? AND visit_id = ? ORDER BY position",
        key,
    ).all()
    return tuple(
        Coverage(
            row[0],
            row[1],
            row[2],
            row[3],
            row[4],
            row[5],
            Money(row[6]) if row[6] is not None else None,
            bool(row[7]),
            *(date.fromisoformat(text) if text else None for text in row[8:11]),
        )
        for row in rows
    )


def _milestones(connection: Connection, key: tuple[str, str]) -> tuple[Milestone, ...]:
    rows = connection.exec_driver_sql(
        "SELECT milestone, reached_at, recorded_by FROM visit_milestones WHERE facility_id = ? AND visit_id = ? "
        "ORDER BY reached_at, event_id",
        key,
    ).all()
    return tuple(Milestone(row[0], datetime.fromisoformat(row[1]), row[2]) for row in rows)


def _paid(connection: Connection, key: tuple[str, str]) -> tuple[Money, Money]:
    """What was paid for the visit towards its copay, and in all; voided payments do not count."""
    copay, everything = connection.exec_driver_sql(
        "SELECT coalesce(sum(CASE WHEN l.purpose = 'copay' THEN l.amount_cents END), 0), coalesce(sum(l.amount_cents), 0) "
        "FROM payments p JOIN payment_lines l ON l.facility_id = p.facility_id AND l.payment_id = p.payment_id "
        "WHERE p.facility_id = ? AND p.visit_id = ? AND p.voided_at IS NULL",
        key,
    ).one()
    return Money(int(copay)), Money(int(everything))
