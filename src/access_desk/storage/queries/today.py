"""Questions about expected visits, blocked accounts and privacy: which there are; what holds is folded from the log."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection


def appointments_of_day(connection: Connection, facility_id: str, day: date) -> list[str]:
    """The appointments that were ever scheduled for a day."""
    rows = connection.exec_driver_sql(
        "SELECT DISTINCT appointment_id FROM appointment_steps WHERE facility_id = ? AND day = ? ORDER BY appointment_id",
        (facility_id, day.isoformat()),
    ).all()
    return [str(row[0]) for row in rows]


def open_blocks(connection: Connection, facility_id: str) -> list[str]:
    """The blocks that nobody lifted yet."""
    rows = connection.exec_driver_sql(
        "SELECT b.block_id FROM block_steps b WHERE b.facility_id = ? AND b.step = 'blocked' AND NOT EXISTS ("
        "SELECT 1 FROM block_steps u WHERE u.facility_id = b.facility_id AND u.block_id = b.block_id AND u.step = 'unblocked') "
        "ORDER BY b.recorded_at, b.block_id",
        (facility_id,),
    ).all()
    return [str(row[0]) for row in rows]


def patients_like(connection: Connection, facility_id: str, mrn: str, keys: tuple[str, str, str]) -> list[str]:
    """The record with that number, else those with that name (family and given key) and birth date."""
    if mrn:
        rows = connection.exec_driver_sql(
            "SELECT patient_id FROM patients WHERE facility_id = ? AND mrn = ?", (facility_id, mrn)
        ).all()
        return [str(row[0]) for row in rows]
    rows = connection.exec_driver_sql(
        "SELECT patient_id FROM patients WHERE facility_id = ? AND family_key = ? AND given_key = ? AND birth_date = ?",
        (facility_id, *keys),
    ).all()
    return [str(row[0]) for row in rows]


def patients_opened(connection: Connection, facility_id: str) -> list[str]:
    """The patients whose protected records were opened, the last opened first."""
    rows = connection.exec_driver_sql(
        "SELECT patient_id FROM glass_openings WHERE facility_id = ? GROUP BY patient_id ORDER BY max(opened_at) DESC",
        (facility_id,),
    ).all()
    return [str(row[0]) for row in rows]


def flagged_and_merged(connection: Connection, facility_id: str) -> frozenset[str]:
    """Of the patients who ever had a privacy flag, those whose record was ever merged."""
    rows = connection.exec_driver_sql(
        "SELECT f.patient_id FROM patient_flags f JOIN patient_merges m ON m.facility_id = f.facility_id "
        "AND m.survivor_id = f.patient_id WHERE f.facility_id = ? UNION SELECT f.patient_id FROM patient_flags f "
        "JOIN patient_merges m ON m.facility_id = f.facility_id AND m.retired_id = f.patient_id WHERE f.facility_id = ?",
        (facility_id, facility_id),
    ).all()
    return frozenset(str(row[0]) for row in rows)


def flagged_patients(connection: Connection, facility_id: str) -> list[str]:
    """The patients who ever had a privacy flag."""
    rows = connection.exec_driver_sql("SELECT DISTINCT patient_id FROM patient_flags WHERE facility_id = ?", (facility_id,)).all()
    return [str(row[0]) for row in rows]
