"""Questions about patients."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, RowMapping

from access_desk.domain.matching.names import name_key
from access_desk.domain.numbering import temporary_mrn
from access_desk.domain.patients.commands import NewPatient
from access_desk.domain.patients.events import Demographics
from access_desk.storage.schema.people import DEMOGRAPHIC_COLUMNS
from access_desk.storage.search_rows import last_four, mrn_key

MOST_CANDIDATES = 50


def possible_duplicates(connection: Connection, facility_id: str, new: NewPatient) -> list[str]:
    """Ids of the records worth comparing with a new one: same MRN, or same birth date and a name or SSN in common."""
    found: list[str] = []
    if new.mrn:
        rows = connection.exec_driver_sql(
            "SELECT s.patient_id FROM patient_search s JOIN patients p USING (facility_id, patient_id) "
            "WHERE s.facility_id = ? AND s.mrn_key = ? AND s.mrn_key != '' AND p.mrn = ?",
            (facility_id, mrn_key(new.mrn), new.mrn),
        ).all()
        found += [row[0] for row in rows]
    person = new.demographics
    if person.birth_date is not None:
        names = (name_key(person.family), name_key(person.given))
        last = last_four(person.ssn) or "-"
        rows = connection.exec_driver_sql(
            "SELECT patient_id FROM patient_search WHERE facility_id = ? AND born = ? AND "
            "(family_key IN (?, ?) OR given_key IN (?, ?) OR ssn_last4 = ?) ORDER BY patient_id LIMIT +?",
            (facility_id, person.birth_date.isoformat(), *names, *names, last, MOST_CANDIDATES),
        ).all()
        found += [row[0] for row in rows]
    return list(dict.fromkeys(found))


def temporary_numbers(connection: Connection, facility_id: str, desk_number: int) -> list[tuple[str, str, str]]:
    """The records whose number is a temporary one of a desk, with it and the mother of a newborn; the oldest first."""
    start = temporary_mrn(desk_number, 0, 0).partition("-")[0] + "-"
    rows = connection.exec_driver_sql(
        "SELECT p.patient_id, p.mrn, coalesce(p.newborn_of, '') FROM patient_search s "
        "JOIN patients p USING (facility_id, patient_id) "
        "WHERE s.facility_id = ? AND s.mrn_key != '' AND s.mrn_key >= ? AND s.mrn_key < ? ORDER BY p.registered_at, p.patient_id",
        (facility_id, start, start[:-1] + chr(ord("-") + 1)),
    ).all()
    return [(row[0], row[1], row[2]) for row in rows]


def demographics_of(row: RowMapping) -> Demographics:
    """A patient row's demographics; of a Social Security number the last four, and only where the row brings them."""
    texts = {name: row[name] for name in DEMOGRAPHIC_COLUMNS if name != "birth_date"}
    return Demographics(birth_date=_day(row["birth_date"]), ssn=row.get("ssn_last4", ""), **texts)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
