"""Questions about the emergency department: its central log, and payments before the exam."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, RowMapping

from access_desk.domain.money import Money
from access_desk.domain.visits.emergency import Phase
from access_desk.domain.visits.emergency_views import EarlyPayment, LoggedArrival
from access_desk.storage.projections.rows import utc_text
from access_desk.storage.queries.patient_links import records_of, survivor_of

# The first arrival that was entered for a visit is the one that counts; a visit that was registered as an emergency without
# one arrived when it was registered.
_ARRIVALS = (
    "SELECT * FROM (SELECT v.facility_id, v.visit_id, v.patient_id, v.account_number, v.reason, v.registered_by, "
    "coalesce(e.arrived_at, v.arrived_at) AS came_at, e.complaint, coalesce(e.entered_at, v.entered_at) AS entered_at, "
    "coalesce(e.entered_by, v.registered_by) AS entered_by FROM visits v LEFT JOIN emergency_arrivals e "
    "ON e.facility_id = v.facility_id AND e.visit_id = v.visit_id AND e.event_id = (SELECT min(f.event_id) "
    "FROM emergency_arrivals f WHERE f.facility_id = v.facility_id AND f.visit_id = v.visit_id) "
    "WHERE v.type = 'emergency') AS arrivals WHERE facility_id = ? "
)
_ENDS = ("admitted", "departed", "left_without_being_seen")
_END_WORDS = {"admitted": "admitted", "departed": "discharged", "left_without_being_seen": "left_without_being_seen"}


def central_log(connection: Connection, facility_id: str, since: datetime, until: datetime) -> list[LoggedArrival]:
    """Everybody who came to the emergency department in a period, in the order of arrival."""
    rows = connection.exec_driver_sql(
        _ARRIVALS + "AND came_at >= ? AND came_at < ? ORDER BY came_at, visit_id",
        (facility_id, utc_text(since), utc_text(until)),
    ).mappings().all()  # fmt: skip
    return [_logged(connection, facility_id, row) for row in rows]


def logged_arrival(connection: Connection, facility_id: str, visit_id: str) -> LoggedArrival | None:
    """One line of the central log; None for a visit that is no emergency."""
    row = connection.exec_driver_sql(_ARRIVALS + "AND visit_id = ?", (facility_id, visit_id)).mappings().first()
    return _logged(connection, facility_id, row) if row else None


def early_payments(
    connection: Connection, facility_id: str, release: str, since: datetime, until: datetime
) -> list[EarlyPayment]:
    """Payments of a period that came before the exam (or stabilization) of an emergency visit; voided ones too.

    One that was entered from paper was taken when the paper says.

    A payment for a visit is held against that visit; one for a patient against every emergency visit of theirs which they
    had come for, and had neither been released from nor left, when it was taken.
    """
    payments = connection.exec_driver_sql(
        "SELECT * FROM (SELECT p.facility_id, p.payment_id, p.receipt, p.patient_id, p.visit_id, p.amount_cents, p.received_by, "
        "p.voided_at, coalesce(n.taken_at, p.received_at) AS received_at FROM payments p LEFT JOIN payment_papers n "
        "ON n.facility_id = p.facility_id AND n.payment_id = p.payment_id) AS taken "
        "WHERE facility_id = ? AND received_at >= ? AND received_at < ? ORDER BY received_at, payment_id",
        (facility_id, utc_text(since), utc_text(until)),
    ).mappings().all()  # fmt: skip
    looked_at = (_held_early(connection, facility_id, release, paid) for paid in payments)
    return [one for one in looked_at if one is not None]


def was_early(connection: Connection, facility_id: str, release: str, payment_id: str) -> bool:
    """Whether one payment came before the exam (or stabilization) of an emergency visit."""
    paid = connection.exec_driver_sql(
        "SELECT p.facility_id, p.payment_id, p.receipt, p.patient_id, p.visit_id, p.amount_cents, p.received_by, p.voided_at, "
        "coalesce(n.taken_at, p.received_at) AS received_at FROM payments p LEFT JOIN payment_papers n "
        "ON n.facility_id = p.facility_id AND n.payment_id = p.payment_id WHERE p.facility_id = ? AND p.payment_id = ?",
        (facility_id, payment_id),
    ).mappings().first()  # fmt: skip
    return paid is not None and _held_early(connection, facility_id, release, paid) is not None


def _held_early(connection: Connection, facility_id: str, release: str, paid: RowMapping) -> EarlyPayment | None:
    for visit in _visits_held_against(connection, facility_id, paid):
        reached = _reached(connection, facility_id, visit["visit_id"])
        released_at = _released_at(connection, facility_id, visit["visit_id"], reached, release)
        left_at = min((at for name, at in reached.items() if name in _ENDS), default="")
        is_gone = paid["visit_id"] is None and left_at and left_at <= paid["received_at"]
        if not is_gone and (released_at is None or released_at > paid["received_at"]):
            return _early(paid, visit, released_at)
    return None


def _visits_held_against(connection: Connection, facility_id: str, paid: RowMapping) -> list[RowMapping]:
    if paid["visit_id"] is not None:
        asked, values = "AND visit_id = ?", [paid["visit_id"]]
    else:
        values = records_of(connection, facility_id, paid["patient_id"])
        asked = f"AND patient_id IN ({', '.join('?' * len(values))}) AND came_at <= ?"
        values.append(paid["received_at"])
    return list(connection.exec_driver_sql(_ARRIVALS + asked, (facility_id, *values)).mappings().all())


def _reached(connection: Connection, facility_id: str, visit_id: str) -> dict[str, str]:
    """The first moment at which each milestone was reached."""
    rows = connection.exec_driver_sql(
        "SELECT milestone, min(reached_at) FROM visit_milestones WHERE facility_id = ? AND visit_id = ? GROUP BY milestone",
        (facility_id, visit_id),
    ).all()
    return {row[0]: row[1] for row in rows}


def _released_at(connection: Connection, facility_id: str, visit_id: str, reached: dict[str, str], release: str) -> str | None:
    moments = [reached["stabilized"]] if "stabilized" in reached else []
    if release == "mse" and "mse_completed" in reached:
        moments.append(reached["mse_completed"])
    without = connection.exec_driver_sql(
        "SELECT min(happened_at) FROM emergency_steps WHERE facility_id = ? AND visit_id = ? AND has_condition = 0",
        (facility_id, visit_id),
    ).scalar()
    return min([*moments, without] if without else moments, default=None)


def _early(paid: RowMapping, visit: RowMapping, released_at: str | None) -> EarlyPayment:
    return EarlyPayment(
        receipt=paid["receipt"],
        payment_id=paid["payment_id"],
        visit_id=visit["visit_id"],
        account_number=visit["account_number"],
        amount=Money(int(paid["amount_cents"])),
        paid_at=datetime.fromisoformat(paid["received_at"]),
        arrived_at=datetime.fromisoformat(visit["came_at"]),
        released_at=_moment(released_at),
        taken_by=paid["received_by"],
        voided=paid["voided_at"] is not None,
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _logged(connection: Connection, facility_id: str, row: RowMapping) -> LoggedArrival:
    reached = _reached(connection, facility_id, row["visit_id"])
    steps = {
        one["step"]: one
        for one in connection.exec_driver_sql(
            "SELECT * FROM emergency_steps WHERE facility_id = ? AND visit_id = ? ORDER BY stamp DESC",
            (facility_id, row["visit_id"]),
        ).mappings()
    }
    exam, end = steps.get("screening"), steps.get("end")
    came_as = _person(connection, facility_id, row["patient_id"])
    stands = _person(connection, facility_id, survivor_of(connection, facility_id, row["patient_id"])) or came_as
    ended = min((at for name, at in reached.items() if name in _ENDS), default=None)
    plain = next((_END_WORDS[name] for name in reversed(_ENDS) if name in reached), "")
    return LoggedArrival(
        visit_id=row["visit_id"],
        patient_id=stands["patient_id"] if stands else row["patient_id"],
        account_number=row["account_number"],
        mrn=stands["mrn"] if stands else "",
        logged_mrn=came_as["mrn"] if came_as else "",
        family=stands["family"] if stands else "",
        given=stands["given"] if stands else "",
        middle=stands["middle"] if stands else "",
        suffix=stands["suffix"] if stands else "",
        unidentified=bool(stands["unidentified"]) if stands else True,
        arrived_at=datetime.fromisoformat(row["came_at"]),
        entered_at=datetime.fromisoformat(row["entered_at"]),
        entered_by=row["entered_by"],
        complaint=row["complaint"] if row["complaint"] is not None else row["reason"],
        phase=_phase(reached),
        triaged_at=_moment(reached.get("triaged")),
        examined_at=_moment(reached.get("mse_completed")),
        examined_by=exam["by_whom"] if exam else "",
        examiner_role=exam["role"] if exam else "",
        exam_source=exam["source"] if exam else "",
        has_condition=bool(exam["has_condition"]) if exam else None,
        stabilized_at=_moment(reached.get("stabilized")),
        disposition=end["outcome"] if end else plain,
        ended_at=_moment(end["happened_at"] if end else ended),
    )


def _person(connection: Connection, facility_id: str, patient_id: str) -> RowMapping | None:
    return connection.exec_driver_sql(
        "SELECT patient_id, mrn, family, given, middle, suffix, unidentified FROM patients "
        "WHERE facility_id = ? AND patient_id = ?",
        (facility_id, patient_id),
    ).mappings().first()  # fmt: skip


def _phase(reached: dict[str, str]) -> Phase:
    if any(name in reached for name in _ENDS):
        return Phase.ENDED
    if "stabilized" in reached:
        return Phase.STABILIZED
    if "mse_completed" in reached:
        return Phase.SCREENED
    return Phase.TRIAGED if "triaged" in reached else Phase.ARRIVED
