"""Questions about fields that two desks changed without knowing of each other."""

# Statements are put together from the constants of this module; every value is bound.
# ruff: noqa: S608

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from access_desk.domain.patients.disputes import IDENTITY_FIELDS, Answer, Dispute, group

MOST_LISTED = 200
_FIELDS = ", ".join(f"'{name}'" for name in IDENTITY_FIELDS)
# Whole numbers stand in a table of their own; only whether they differ is asked here.
_DIFFER = (
    "(a.value <> b.value OR (a.field = 'ssn' AND (SELECT s.ssn FROM patient_ssns s WHERE s.facility_id = a.facility_id AND "
    "s.patient_id = a.patient_id AND s.stamp = a.stamp) <> (SELECT s.ssn FROM patient_ssns s WHERE s.facility_id = b.facility_id "
    "AND s.patient_id = b.patient_id AND s.stamp = b.stamp)))"
)
_SETTLED = (
    "EXISTS (SELECT 1 FROM dispute_settlements x JOIN dispute_settlements y ON y.facility_id = x.facility_id AND "
    "y.patient_id = x.patient_id AND y.field = x.field AND y.event_id = x.event_id WHERE x.facility_id = a.facility_id AND "
    "x.patient_id = a.patient_id AND x.field = a.field AND x.stamp = a.stamp AND y.stamp = b.stamp)"
)
# The later of two changes had not seen the earlier one; the earlier one cannot have seen the later.
_PAIRS = (
    "SELECT a.patient_id, p.mrn, a.field, a.stamp, a.value, a.changed_at, a.changed_by, a.desk_id, "
    "b.stamp, b.value, b.changed_at, b.changed_by, b.desk_id FROM patient_changes b JOIN patient_changes a "
    "ON a.facility_id = b.facility_id AND a.patient_id = b.patient_id AND a.field = b.field AND a.stamp < b.stamp "
    "AND a.stamp > b.seen JOIN patients p ON p.facility_id = a.facility_id "
    f"AND p.patient_id = a.patient_id WHERE b.facility_id = ? AND b.seen <> '' AND a.seen <> '' AND b.field IN ({_FIELDS}) "
    f"AND {_DIFFER} AND NOT {_SETTLED}"
)


def disputes(connection: Connection, facility_id: str, patient_id: str | None = None) -> list[Dispute]:
    """What is disputed and not settled, of the facility or of one record, the oldest first."""
    where, bound = ("", (facility_id,)) if patient_id is None else (" AND b.patient_id = ?", (facility_id, patient_id))
    rows = connection.exec_driver_sql(f"{_PAIRS}{where} ORDER BY a.stamp LIMIT {MOST_LISTED}", bound).all()
    return group([(row[0], row[1], row[2], _answer(row[3:8]), _answer(row[8:13])) for row in rows])


def stamp_of(connection: Connection, facility_id: str, patient_id: str, field: str, value: str) -> str | None:
    """The stamp of the last change that gave a field this value; None when none did."""
    row = connection.exec_driver_sql(
        "SELECT max(stamp) FROM patient_changes WHERE facility_id = ? AND patient_id = ? AND field = ? AND value = ?",
        (facility_id, patient_id, field, value),
    ).first()
    return row[0] if row else None


def _answer(row: tuple[str, ...]) -> Answer:
    stamp, value, said_at, said_by, desk_id = row
    return Answer(stamp, value, datetime.fromisoformat(said_at), said_by, desk_id)
