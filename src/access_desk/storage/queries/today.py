"""Questions about expected visits, blocked accounts and privacy: which there are; what holds is folded from the log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection

from access_desk.domain.patients.commands import comparable
from access_desk.storage.search_rows import mrn_key


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


def patients_numbered(connection: Connection, facility_id: str, mrn: str) -> list[str]:
    """The records with that number, exactly as it is written."""
    rows = connection.exec_driver_sql(
        "SELECT patient_id FROM patient_search WHERE facility_id = ? AND mrn_key != '' AND mrn_key = ? AND mrn = ?",
        (facility_id, mrn_key(mrn), mrn),
    ).all()
    return [str(row[0]) for row in rows]


def patients_numbered_so(connection: Connection, facility_id: str, typed: str) -> list[str]:
    """The records whose number is the one that was typed, with or without its leading zeros, or was it before."""
    key = mrn_key(typed)
    if not key:
        return []
    rows = connection.exec_driver_sql(
        "SELECT patient_id FROM patient_search WHERE facility_id = ? AND mrn_key = ? AND mrn_key != '' "
        "UNION SELECT patient_id FROM patient_numbers WHERE facility_id = ? AND was_key = ?",
        (facility_id, key, facility_id, key),
    ).all()
    return [str(row[0]) for row in rows]


def patients_named(connection: Connection, facility_id: str, family: str, given: str, born: date) -> list[str]:
    """The records with these names, compared without case, accents and marks, and that birth date."""
    rows = connection.exec_driver_sql(
        "SELECT patient_id, family, given FROM patient_search WHERE facility_id = ? AND born = ?",
        (facility_id, born.isoformat()),
    ).all()
    asked = (comparable(family), comparable(given))
    return [str(row[0]) for row in rows if (comparable(row[1]), comparable(row[2])) == asked]


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


def flagged_patients(connection: Connection, facility_id: str, among: Sequence[str] = ()) -> list[str]:
    """The patients who ever had a privacy flag; of those named, when any are."""
    marks = f" AND patient_id IN ({', '.join('?' * len(among))})" if among else ""
    rows = connection.exec_driver_sql(
        f"SELECT DISTINCT patient_id FROM patient_flags WHERE facility_id = ?{marks}",  # noqa: S608 - marks only
        (facility_id, *among),
    ).all()
    return [str(row[0]) for row in rows]
