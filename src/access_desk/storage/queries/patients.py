"""Questions about patients."""

from __future__ import annotations

from sqlalchemy import Connection

from access_desk.domain.patients.commands import NewPatient, comparable

MOST_CANDIDATES = 50


def possible_duplicates(connection: Connection, facility_id: str, new: NewPatient) -> list[str]:
    """Ids of the records worth comparing with a new one: same MRN, or same birth date and a name or SSN in common."""
    found: list[str] = []
    if new.mrn:
        rows = connection.exec_driver_sql(
            "SELECT patient_id FROM patients WHERE facility_id = ? AND mrn = ?", (facility_id, new.mrn)
        ).all()
        found += [row[0] for row in rows]
    person = new.demographics
    if person.birth_date is not None:
        names = (comparable(person.family), comparable(person.given))
        ssn = "".join(letter for letter in person.ssn if letter.isdecimal()) or "-"
        rows = connection.exec_driver_sql(
            "SELECT patient_id FROM patients WHERE facility_id = ? AND birth_date = ? AND "
            "(family_key IN (?, ?) OR given_key IN (?, ?) OR ssn_key = ?) ORDER BY patient_id LIMIT ?",
            (facility_id, person.birth_date.isoformat(), *names, *names, ssn, MOST_CANDIDATES),
        ).all()
        found += [row[0] for row in rows]
    return list(dict.fromkeys(found))
