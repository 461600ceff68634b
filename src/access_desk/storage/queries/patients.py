"""Questions about patients."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Connection, RowMapping

from access_desk.domain.patients.commands import NewPatient, comparable
from access_desk.domain.patients.events import Demographics
from access_desk.domain.patients.views import PatientFound, SearchTerms
from access_desk.storage.schema.people import DEMOGRAPHIC_COLUMNS

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


def demographics_of(row: RowMapping) -> Demographics:
    """A patient row's demographics."""
    texts = {name: row[name] for name in DEMOGRAPHIC_COLUMNS if name != "birth_date"}
    return Demographics(birth_date=_day(row["birth_date"]), **texts)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def search(connection: Connection, facility_id: str, terms: SearchTerms, most: int) -> list[PatientFound]:
    """Records that fit what was typed, the best first: exact and prefix matches of name, birth date, phone and numbers."""
    ids = _candidates(connection, facility_id, terms)
    found = [_found(connection, facility_id, patient_id, terms) for patient_id in ids]
    found.sort(key=lambda one: (-one.score, one.demographics.family, one.demographics.given, one.patient_id))
    return found[:most]


def _candidates(connection: Connection, facility_id: str, terms: SearchTerms) -> list[str]:
    """Ids from each index that something was typed for; a record may come from several."""
    asked: list[tuple[str, tuple[str, ...]]] = []
    family, given = comparable(terms.family), comparable(terms.given)
    if family and given:
        asked.append(("family_key >= ? AND family_key < ? AND given_key LIKE ?", (*_prefix(family), given[0] + "%")))
        asked.append(("given_key >= ? AND given_key < ? AND family_key LIKE ?", (*_prefix(given), family[0] + "%")))
    elif family or given:
        column = "family_key" if family else "given_key"
        asked.append((f"{column} >= ? AND {column} < ?", _prefix(family or given)))
    if terms.birth_date is not None:
        asked.append(("birth_date = ?", (terms.birth_date.isoformat(),)))
    phone = "".join(letter for letter in terms.phone if letter.isdecimal())
    if phone:
        asked.append(("phone_key >= ? AND phone_key < ?", _prefix(phone)))
    number = terms.number.strip()
    if number:
        asked.append(("mrn = ? OR mrn = ?", (number, number.rjust(8, "0"))))
        asked.append(("ssn_key LIKE ? AND ssn_key <> ''", ("%" + _digits(number),)))
        asked.append(
            ("patient_id IN (SELECT patient_id FROM visits WHERE facility_id = ? AND account_number = ?)", (facility_id, number))
        )
    ids: dict[str, None] = {}
    for condition, values in asked:
        # Conditions are the constants above; what was typed is always bound.
        rows = connection.exec_driver_sql(
            f"SELECT patient_id FROM patients WHERE facility_id = ? AND ({condition}) LIMIT {MOST_CANDIDATES}",  # noqa: S608
            (facility_id, *values),
        ).all()
        ids.update((row[0], None) for row in rows)
    return list(ids)


def _digits(text: str) -> str:
    return "".join(letter for letter in text if letter.isdecimal()) or "-"


def _prefix(text: str) -> tuple[str, str]:
    """The half-open range of everything that starts with the text, which an index answers."""
    return text, text + "\U0010ffff"


def _found(connection: Connection, facility_id: str, patient_id: str, terms: SearchTerms) -> PatientFound:
    row = connection.exec_driver_sql(
        "SELECT * FROM patients WHERE facility_id = ? AND patient_id = ?", (facility_id, patient_id)
    ).mappings().one()  # fmt: skip
    visit = connection.exec_driver_sql(
        "SELECT v.arrived_at, v.type, c.payer FROM visits v LEFT JOIN coverages c ON c.facility_id = v.facility_id "
        "AND c.visit_id = v.visit_id AND c.position = 1 WHERE v.facility_id = ? AND v.patient_id = ? "
        "ORDER BY v.arrived_at DESC LIMIT 1",
        (facility_id, patient_id),
    ).first()
    agrees = _agreements(row, terms)
    return PatientFound(
        patient_id=patient_id,
        mrn=row["mrn"],
        demographics=demographics_of(row),
        unidentified=bool(row["unidentified"]),
        coverage=(visit[2] or "") if visit else "",
        last_visit_at=datetime.fromisoformat(visit[0]) if visit else None,
        last_visit_type=visit[1] if visit else "",
        agrees=agrees,
        score=sum(agrees.values()) / len(agrees) if agrees else 0.0,
    )


def _agreements(row: RowMapping, terms: SearchTerms) -> dict[str, bool]:
    """Per detail typed, whether the record agrees; both names together are one detail."""
    agrees: dict[str, bool] = {}
    family, given = comparable(terms.family), comparable(terms.given)
    if family or given:
        straight = row["family_key"].startswith(family) and row["given_key"].startswith(given)
        swapped = bool(family and given) and row["family_key"].startswith(given) and row["given_key"].startswith(family)
        agrees["name"] = straight or swapped
    if terms.birth_date is not None:
        agrees["birth_date"] = row["birth_date"] == terms.birth_date.isoformat()
    if terms.sex:
        agrees["sex"] = row["sex"] == terms.sex
    if terms.phone:
        agrees["phone"] = bool(row["phone_key"]) and row["phone_key"].startswith(_digits(terms.phone))
    if terms.number.strip():
        number = terms.number.strip()
        agrees["number"] = row["mrn"].lstrip("0") == number.lstrip("0") or row["ssn_key"].endswith(_digits(number))
    return agrees
