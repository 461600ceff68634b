"""Questions about what has to be minded of a person: who belongs to them, and who else is here."""

# Statements are put together from the constants of this module; every value is bound.
# ruff: noqa: S608

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import Connection

from access_desk.domain.patients.events import Demographics
from access_desk.domain.patients.link_views import OtherRecord
from access_desk.storage.queries.patients import demographics_of

# A stay that nobody ended is believed for a month.
_STAY = timedelta(days=30)
_HERE = (
    "SELECT DISTINCT p.patient_id, p.mrn, p.family, p.given, p.middle, p.suffix, p.birth_date, "
    "p.unidentified OR p.newborn_of IS NOT NULL "
    "FROM visits v INDEXED BY ix_visits_business_date CROSS JOIN patients p ON p.facility_id = v.facility_id "
    "AND p.patient_id = v.patient_id WHERE v.facility_id = ? AND v.business_date >= ? AND v.business_date <= ? "
    "AND (v.business_date = ? OR v.type IN ('inpatient', 'observation', 'newborn')) "
    "AND NOT EXISTS (SELECT 1 FROM visit_milestones m WHERE m.facility_id = v.facility_id AND m.visit_id = v.visit_id "
    "AND m.milestone IN ('departed', 'left_without_being_seen')) ORDER BY p.family, p.given, p.patient_id"
)


def links_of(connection: Connection, facility_id: str, ids: Sequence[str]) -> list[tuple[str, str, str]]:
    """The links of records as (record, other record, reason), the newest first; each record of a pair may be asked for."""
    if not ids:
        return []
    marks = ", ".join("?" * len(ids))
    rows = connection.exec_driver_sql(
        f"SELECT one_id, other_id, reason, linked_at FROM patient_links INDEXED BY ix_patient_links_pair "
        f"WHERE facility_id = ? AND one_id IN ({marks}) UNION SELECT one_id, other_id, reason, linked_at "
        f"FROM patient_links INDEXED BY ix_patient_links_other WHERE facility_id = ? AND other_id IN ({marks}) "
        "ORDER BY linked_at DESC, reason",
        (facility_id, *ids, facility_id, *ids),
    ).all()
    wanted = set(ids)
    both = [pair for one, other, reason, _ in rows for pair in ((one, other, reason), (other, one, reason))]
    return [pair for pair in both if pair[0] in wanted]


def record_named(connection: Connection, facility_id: str, patient_id: str, reason: str = "") -> OtherRecord | None:
    """One record by its name; None when it is not here (yet)."""
    row = connection.exec_driver_sql(
        "SELECT * FROM patients WHERE facility_id = ? AND patient_id = ?", (facility_id, patient_id)
    ).mappings().first()  # fmt: skip
    return OtherRecord(patient_id, row["mrn"], demographics_of(row), reason) if row else None


def people_here(connection: Connection, facility_id: str, business_date: date) -> list[tuple[OtherRecord, bool]]:
    """Everybody who is here and did not leave yet, with whether they go by a name that the facility gave them."""
    day = business_date.isoformat()
    rows = connection.exec_driver_sql(_HERE, (facility_id, (business_date - _STAY).isoformat(), day, day)).all()
    found: list[tuple[OtherRecord, bool]] = []
    for row in rows:
        born = date.fromisoformat(row[6]) if row[6] else None
        found.append((OtherRecord(row[0], row[1], Demographics(row[2], row[3], row[4], row[5], born)), bool(row[7])))
    return found
