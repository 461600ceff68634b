"""Questions about who pays for a visit."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection

from access_desk.domain.coverage.events import CoverageAdded
from access_desk.domain.coverage.state import CoverageState, Mark, first_id, folded
from access_desk.domain.estimates.share import Share
from access_desk.domain.events import body_class_of
from access_desk.domain.money import Money
from access_desk.domain.visits.events import Coverage
from access_desk.protocol.encoding import decode_value
from access_desk.storage.queries.patient_links import records_of


def coverages_of_visit(connection: Connection, facility_id: str, visit_id: str) -> dict[str, Coverage]:
    """The plans that pay for a visit now, by id, the first payer first."""
    first = _first_coverages(connection, facility_id, visit_id)
    rows = connection.exec_driver_sql(
        "SELECT kind, stamp, content FROM coverage_changes WHERE facility_id = ? AND visit_id = ? ORDER BY stamp",
        (facility_id, visit_id),
    ).all()
    if not rows:
        return {first_id(visit_id, position): coverage for position, coverage in enumerate(first, 1)}
    state = CoverageState()
    for position, coverage in enumerate(first, 1):
        state = folded(state, CoverageAdded(visit_id, "", first_id(visit_id, position), position, coverage), Mark())
    for kind, stamp, content in rows:
        body_class = body_class_of(kind)
        if body_class is not None:
            state = folded(state, decode_value(content.encode(), body_class), Mark(stamp))
    return {plan.coverage_id: plan.coverage for plan in state.in_order()}


def _first_coverages(connection: Connection, facility_id: str, visit_id: str) -> tuple[Coverage, ...]:
    rows = connection.exec_driver_sql(
        "SELECT payer, plan, member_id, group_number, relationship, subscriber, copay_cents, medicare, "
        "subscriber_birth_date, starts, ends FROM coverages WHERE facility_id = ? AND visit_id = ? ORDER BY position",
        (facility_id, visit_id),
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


def shares_of_visit(connection: Connection, facility_id: str, visit_id: str, plans: tuple[str, ...]) -> dict[str, Share]:
    """The last estimate of each of the plans that has one."""
    if not plans:
        return {}
    rows = connection.exec_driver_sql(
        "SELECT coverage_id, copay_cents, deductible_cents, coinsurance_cents, uncapped_cents FROM estimates "
        "WHERE facility_id = ? AND visit_id = ? ORDER BY stamp",
        (facility_id, visit_id),
    ).all()
    return {row[0]: Share(*(Money(cents) for cents in row[1:])) for row in rows if row[0] in plans}


def last_asked_who_pays_first(connection: Connection, facility_id: str, patient_id: str) -> date | None:
    """When the patient last answered the Medicare secondary payer questionnaire, under any record that is theirs now."""
    members = records_of(connection, facility_id, patient_id)
    marks = ", ".join("?" * len(members))
    found = connection.exec_driver_sql(
        f"SELECT max(asked_on) FROM secondary_payer_answers WHERE facility_id = ? AND patient_id IN ({marks})",  # noqa: S608
        (facility_id, *members),
    ).scalar_one()
    return date.fromisoformat(found) if found else None
