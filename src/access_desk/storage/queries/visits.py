"""Questions about visits."""

# Statements are put together from the constants of this module; every value is bound.
# ruff: noqa: S608

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, RowMapping

from access_desk.domain.money import Money, total
from access_desk.domain.patients.events import Demographics
from access_desk.domain.payments.events import PaymentLine
from access_desk.domain.payments.on_paper import paper_key
from access_desk.domain.payments.views import paid_by_purpose
from access_desk.domain.visits.events import VisitDetails
from access_desk.domain.visits.views import Milestone, VisitRow
from access_desk.storage.projections.rows import utc_text
from access_desk.storage.queries.coverage import coverages_of_visit, shares_of_visit
from access_desk.storage.queries.patient_links import records_of, survivor_of
from access_desk.storage.queries.patients import demographics_of

# When a wristband was printed for the visit last, and the numbers that the visit's record had, each with when it was replaced:
# a temporary one, that of a record that was merged, that of a survivor when the merge was taken back and a band was printed
# meanwhile. The indexes are named: without figures about the tables the planner reads all of a facility for every visit.
_PRINTED = (
    "SELECT coalesce(max(d.printed_at), '') FROM printed_documents d INDEXED BY ix_printed_documents_about "
    "WHERE d.facility_id = v.facility_id AND d.document = 'wristband' AND d.about = v.visit_id"
)
_MERGED = (
    "FROM patient_merges m INDEXED BY ix_patient_merges_retired CROSS JOIN patients {0} ON {0}.facility_id = m.facility_id "
    "AND {0}.patient_id = m.{1} {2} WHERE m.facility_id = v.facility_id AND m.retired_id = v.patient_id "
)
_TAKEN_BACK = "CROSS JOIN patient_unmerges u ON u.facility_id = m.facility_id AND u.merge_id = m.merge_id"
_NUMBERS = (
    "SELECT n.was AS was, n.numbered_at AS at FROM patient_numbers n WHERE n.facility_id = v.facility_id "
    "AND n.patient_id = v.patient_id UNION ALL SELECT r.mrn, m.merged_at "
    + _MERGED.format("r", "retired_id", "")
    + "AND NOT EXISTS (SELECT 1 FROM patient_unmerges u WHERE u.facility_id = m.facility_id AND u.merge_id = m.merge_id) "
    "UNION ALL SELECT s.mrn, u.unmerged_at " + _MERGED.format("s", "survivor_id", _TAKEN_BACK) + f"AND ({_PRINTED}) > m.merged_at"
)
_VISITS = (
    "SELECT a.*, v.visit_id, v.account_number, v.type, v.service, v.reason, v.location, v.attending_npi, v.arrived_at, "
    f"v.entered_at, v.paper_number, v.registered_by, (SELECT x.was FROM ({_NUMBERS}) x WHERE x.at > v.entered_at "
    f"AND x.at > ({_PRINTED}) ORDER BY x.at DESC LIMIT 1) AS band_says FROM visits v "
    "JOIN patients a ON a.facility_id = v.facility_id AND a.patient_id = v.patient_id WHERE v.facility_id = ? "
)


def visits_of_day(connection: Connection, facility_id: str, business_date: date) -> list[VisitRow]:
    """The visits registered on a business date, the longest waiting first."""
    asked = _VISITS + "AND v.business_date = ? ORDER BY v.arrived_at, v.visit_id"
    rows = connection.exec_driver_sql(asked, (facility_id, business_date.isoformat())).mappings().all()
    return [_visit(connection, row) for row in rows]


def visits_carried_over(connection: Connection, facility_id: str, business_date: date, since: datetime) -> list[VisitRow]:
    """The visits of the business date before one whose people came since a moment and have not left."""
    before = (business_date - timedelta(days=1)).isoformat()
    asked = _VISITS + "AND v.business_date = ? AND v.arrived_at >= ? ORDER BY v.arrived_at, v.visit_id"
    rows = connection.exec_driver_sql(asked, (facility_id, before, utc_text(since))).mappings().all()
    return [row for row in (_visit(connection, one) for one in rows) if not row.has_left]


def visit(connection: Connection, facility_id: str, visit_id: str) -> VisitRow | None:
    """One visit."""
    row = connection.exec_driver_sql(_VISITS + "AND v.visit_id = ?", (facility_id, visit_id)).mappings().first()
    return _visit(connection, row) if row else None


def visits_of_patient(connection: Connection, facility_id: str, patient_id: str) -> list[VisitRow]:
    """A patient's visits, the newest first, with those of records that were merged into theirs."""
    members = records_of(connection, facility_id, patient_id)
    asked = _VISITS + f"AND v.patient_id IN ({', '.join('?' * len(members))}) ORDER BY v.arrived_at DESC"
    rows = connection.exec_driver_sql(asked, (facility_id, *members)).mappings().all()
    return [_visit(connection, row) for row in rows]


def entered_as(connection: Connection, facility_id: str, paper_number: str) -> str:
    """The account as which a paper was entered already, however its number was spaced or written; blank when it was not."""
    key = paper_key(paper_number)
    found = connection.exec_driver_sql(
        "SELECT account_number FROM visits WHERE facility_id = ? AND paper_key = ? AND paper_key <> '' "
        "ORDER BY entered_at, visit_id LIMIT 1",
        (facility_id, key),
    ).scalar() if key else None  # fmt: skip
    return str(found or "")


def _visit(connection: Connection, row: RowMapping) -> VisitRow:
    key = (row["facility_id"], row["visit_id"])
    plans = coverages_of_visit(connection, *key)
    paid_for = _paid(connection, key)
    person = _standing(connection, row)
    demographics: Demographics = demographics_of(person)
    visit = VisitRow(
        visit_id=row["visit_id"],
        patient_id=person["patient_id"],
        account_number=row["account_number"],
        mrn=person["mrn"],
        demographics=demographics,
        unidentified=bool(person["unidentified"]),
        details=VisitDetails(row["type"], row["service"], row["reason"], row["location"], row["attending_npi"]),
        coverages=tuple(plans.values()),
        arrived_at=datetime.fromisoformat(row["arrived_at"]),
        registered_by=row["registered_by"],
        milestones=_milestones(connection, key),
        copay_owed=Money(0),
        paid=total(paid_for.values()),
        coverage_ids=tuple(plans),
        shares=shares_of_visit(connection, *key, tuple(plans)),
        paid_for=paid_for,
        band_says=row["band_says"] or "",
        entered_at=datetime.fromisoformat(row["entered_at"]),
        paper_number=row["paper_number"],
    )
    copays = total(copay for _, copay in visit.copays())
    return replace(visit, copay_owed=max(copays - paid_for.get("copay", Money(0)), Money(0)))


def _standing(connection: Connection, row: RowMapping) -> RowMapping:
    """The patient that a visit is shown under: the survivor when the record it was made for has been merged."""
    stands = survivor_of(connection, row["facility_id"], row["patient_id"])
    if stands == row["patient_id"]:
        return row
    found = connection.exec_driver_sql(
        "SELECT * FROM patients WHERE facility_id = ? AND patient_id = ?", (row["facility_id"], stands)
    ).mappings().first()  # fmt: skip
    # A merge can arrive from another desk before the record that it keeps.
    return found if found is not None else row


def _milestones(connection: Connection, key: tuple[str, str]) -> tuple[Milestone, ...]:
    rows = connection.exec_driver_sql(
        "SELECT milestone, reached_at, recorded_by FROM visit_milestones WHERE facility_id = ? AND visit_id = ? "
        "ORDER BY reached_at, event_id",
        key,
    ).all()
    return tuple(Milestone(row[0], datetime.fromisoformat(row[1]), row[2]) for row in rows)


def _paid(connection: Connection, key: tuple[str, str]) -> dict[str, Money]:
    """What was paid for the visit, by purpose, less what was refunded; voided payments do not count."""
    rows = connection.exec_driver_sql(
        "SELECT p.payment_id, l.purpose, l.amount_cents, coalesce((SELECT sum(r.amount_cents) FROM refunds r "
        "INDEXED BY ix_refunds_payment WHERE r.facility_id = p.facility_id AND r.payment_id = p.payment_id), 0) "
        "FROM payments p JOIN payment_lines l ON l.facility_id = p.facility_id AND l.payment_id = p.payment_id "
        "WHERE p.facility_id = ? AND p.visit_id = ? AND p.voided_at IS NULL ORDER BY p.payment_id, l.line",
        key,
    ).all()
    lines: dict[tuple[str, int], list[PaymentLine]] = {}
    for payment_id, purpose, cents, refunded in rows:
        lines.setdefault((payment_id, int(refunded)), []).append(PaymentLine(purpose, Money(int(cents))))
    # What is left of those that were let go stands in sums.
    let_go = connection.exec_driver_sql(
        "SELECT purpose, sum(amount_cents) FROM local_let_go_paid WHERE facility_id = ? AND visit_id = ? GROUP BY purpose", key
    ).all()
    paid = {row[0]: Money(int(row[1])) for row in let_go}
    for (_, refunded), of_payment in lines.items():
        for purpose, amount in paid_by_purpose(of_payment, Money(refunded)).items():
            paid[purpose] = paid.get(purpose, Money(0)) + amount
    return paid
