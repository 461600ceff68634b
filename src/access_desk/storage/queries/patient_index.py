"""Look-ups in the patient index. Statements are the constants here; what was typed is always bound.

They run on the driver's own cursor: a keystroke asks several, and the layer above would cost more than the answer. The plus
before a bound limit keeps it from the planner, which otherwise makes the whole statement anew each time that it is asked:
that took two to eight times as long as the answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from access_desk.domain.patients.events import Demographics
from access_desk.domain.patients.views import PatientFound, day_of
from access_desk.storage.schema.people import DEMOGRAPHIC_COLUMNS
from access_desk.storage.search_rows import last_four
from access_desk.storage.statements import Readable

_COLUMNS: Final = tuple(name for name in DEMOGRAPHIC_COLUMNS if name != "birth_date")
_TEXTS: Final = (*_COLUMNS, "ssn")
_LAST_SSN: Final = (
    "coalesce((SELECT n.ssn FROM patient_ssns n WHERE n.facility_id = p.facility_id AND n.patient_id = p.patient_id "
    "ORDER BY n.stamp DESC LIMIT 1), '')"
)
# Conditions on the search rows; :func:`places` and `patients_listed.fitting` make questions of them.
FAMILY: Final = "s.family_key >= ? AND s.family_key < ?"
GIVEN: Final = "s.given_key >= ? AND s.given_key < ?"
# A plus keeps an index out: without it the planner takes the given name's, and reads everybody whose name begins alike.
BOTH: Final = "s.initial = ? AND s.family_key >= ? AND s.family_key < ? AND +s.given_key >= ? AND +s.given_key < ?"
# Exchanged: what was typed as family name is the longer text, so its index is the one to use.
EXCHANGED: Final = "s.given_key >= ? AND s.given_key < ? AND +s.family_key >= ? AND +s.family_key < ?"
BORN: Final = "s.born = ?"
BORN_AND_FAMILY: Final = "s.born = ? AND s.family_key >= ? AND s.family_key < ?"
BORN_AND_GIVEN: Final = "s.born = ? AND +s.given_key >= ? AND +s.given_key < ?"
PHONE: Final = "s.phone_key != '' AND s.phone_key >= ? AND s.phone_key < ?"
LAST_FOUR: Final = "s.ssn_last4 != '' AND s.ssn_last4 = ?"
MRN: Final = "s.mrn_key != '' AND s.mrn_key = ?"
SOURCE: Final = "s.source_id != '' AND s.source_id = ?"
# Whole numbers stand in a table of their own, with every one that was said of a record.
SSN: Final = "SELECT patient_id FROM patient_ssns WHERE facility_id = ? AND ssn_key != '' AND ssn_key = ? LIMIT +?"
FORMER: Final = "SELECT patient_id FROM patient_numbers WHERE facility_id = ? AND was_key = ? LIMIT +?"
ACCOUNT: Final = "SELECT patient_id FROM visits WHERE facility_id = ? AND account_number = ? LIMIT +?"
SSN_NOW: Final = (
    "SELECT n.patient_id FROM patient_ssns n WHERE n.facility_id = ? AND n.ssn_key != '' AND n.ssn_key = ? "
    "AND NOT EXISTS (SELECT 1 FROM patient_ssns l WHERE l.facility_id = n.facility_id AND l.patient_id = n.patient_id "
    "AND l.stamp > n.stamp) LIMIT +?"
)
NUMBERS: Final = (SSN_NOW, FORMER, ACCOUNT)
_RECORD: Final = (
    "SELECT p.patient_id, p.mrn, p.unidentified, p.newborn_of, s.source_id, s.born, "  # noqa: S608 - names of the schema
    f"{', '.join(f'p.{name}' for name in _COLUMNS)}, {_LAST_SSN}"
    " FROM patient_search s CROSS JOIN patients p ON p.facility_id = s.facility_id AND p.patient_id = s.patient_id "
)
# Named, because of more than a few patients the planner thinks that reading every visit is less.
_LAST_VISIT: Final = (
    "SELECT v.patient_id, v.arrived_at, v.type, c.payer FROM visits v INDEXED BY ix_visits_patient "
    "LEFT JOIN coverages c ON c.facility_id = v.facility_id AND c.visit_id = v.visit_id AND c.position = 1 "
    "WHERE v.facility_id = ? AND v.patient_id IN ({}) ORDER BY v.arrived_at"
)


@dataclass(frozen=True, slots=True)
class IndexRecord:
    """A record of the index. ``born`` is ISO, or what was typed where an imported date could not be read."""

    patient_id: str
    mrn: str
    source_id: str
    born: str
    fields: dict[str, str]
    nobody: bool

    @property
    def demographics(self) -> Demographics:
        """The record's demographics as they are shown: with the last four of a Social Security number."""
        texts: dict[str, Any] = {**self.fields, "ssn": last_four(self.fields["ssn"]), "birth_date": day_of(self.born)}
        return Demographics(**texts)


def prefix(text: str) -> tuple[str, str]:
    """The half-open range of everything that starts with the text, which an index answers."""
    return text, text + "\U0010ffff"


def ask(connection: Readable, statement: str, *values: object) -> list[tuple[Any, ...]]:
    """The rows of one of the statements above."""
    rows: list[tuple[Any, ...]] = connection.connection.cursor().execute(statement, values).fetchall()
    return rows


def ids(connection: Readable, question: str, *values: object) -> list[str]:
    """The ids of the records that one of the questions above finds; the last value is how many at most."""
    return [row[0] for row in ask(connection, question, *values)]


def places(connection: Readable, condition: str, *values: object) -> list[int]:
    """The row numbers of the records that fit one of the conditions above; the last value is how many at most."""
    statement = f"SELECT s.rowid FROM patient_search s WHERE s.facility_id = ? AND {condition} LIMIT +?"  # noqa: S608
    return [row[0] for row in ask(connection, statement, *values)]


def places_of(connection: Readable, facility_id: str, wanted: Sequence[str]) -> list[int]:
    """The row numbers of records by their ids."""
    marks = ", ".join("?" * len(wanted))
    statement = f"SELECT rowid FROM patient_search WHERE facility_id = ? AND patient_id IN ({marks})"  # noqa: S608
    return [row[0] for row in ask(connection, statement, facility_id, *wanted)]


def records(connection: Readable, facility_id: str, wanted: Sequence[str]) -> list[IndexRecord]:
    """Records by id, in the order asked for."""
    if not wanted:
        return []
    marks = ", ".join("?" * len(wanted))
    rows = ask(connection, f"{_RECORD} WHERE s.facility_id = ? AND s.patient_id IN ({marks})", facility_id, *wanted)
    by_id = {row[0]: _record(row) for row in rows}
    return [by_id[one] for one in wanted if one in by_id]


def records_at(connection: Readable, facility_id: str, wanted: Sequence[int]) -> list[IndexRecord]:
    """Records by their row numbers, in the order of the rows."""
    # The plus: of many row numbers the planner thinks less than of a facility, which it takes for a few rows.
    marks = ", ".join("?" * len(wanted))
    statement = f"{_RECORD} WHERE s.rowid IN ({marks}) AND +s.facility_id = ?"
    return [_record(row) for row in ask(connection, statement, *wanted, facility_id)]


def every_record(connection: Readable, facility_id: str) -> Iterator[tuple[int, IndexRecord]]:
    """All records with their row numbers, in the order of the file."""
    cursor = connection.connection.cursor()
    try:
        cursor.execute(
            _RECORD.replace("SELECT ", "SELECT s.rowid, ", 1) + "WHERE s.facility_id = ? AND p.facility_id = ? ORDER BY s.rowid",
            (facility_id, facility_id),
        )
        while rows := cursor.fetchmany(2_000):
            for row in rows:
                yield row[0], _record(row[1:])
    finally:
        cursor.close()


def record_at(connection: Readable, facility_id: str, row_number: int) -> IndexRecord:
    """One record by its row number."""
    return _record(ask(connection, _RECORD + "WHERE s.facility_id = ? AND s.rowid = ?", facility_id, row_number)[0])


def _record(row: tuple[Any, ...]) -> IndexRecord:
    texts = dict(zip(_TEXTS, row[6:], strict=True))
    texts["birth_date"] = row[5]
    return IndexRecord(row[0], row[1], row[4], row[5], texts, bool(row[2] or row[3]))


@dataclass(frozen=True, slots=True)
class Fit:
    """A record with how well it fits what was asked, and what of it agrees."""

    patient_id: str
    score: float
    agrees: Mapping[str, bool]
    why: tuple[str, ...]


def found(connection: Readable, facility_id: str, fits: Sequence[Fit]) -> list[PatientFound]:
    """Records with everything that screens show side by side, and the last visit."""
    wanted = [fit.patient_id for fit in fits]
    last = _last_visits(connection, facility_id, wanted) if wanted else {}
    known = {one.patient_id: one for one in records(connection, facility_id, wanted)}
    shown = []
    for fit in fits:
        one, visit = known.get(fit.patient_id), last.get(fit.patient_id)
        if one is None:
            continue
        shown.append(
            PatientFound(
                patient_id=one.patient_id,
                mrn=one.mrn,
                demographics=one.demographics,
                unidentified=one.nobody,
                coverage=(visit[3] or "") if visit else "",
                last_visit_at=datetime.fromisoformat(visit[1]) if visit else None,
                last_visit_type=visit[2] if visit else "",
                agrees=fit.agrees,
                score=fit.score,
                source_id=one.source_id,
                why=fit.why,
            )
        )
    return shown


def last_visit(connection: Readable, facility_id: str, members: Sequence[str]) -> tuple[datetime, str, str] | None:
    """The last visit under any of some records: when, its type, who pays first; None without one."""
    visits = ask(connection, _LAST_VISIT.format(", ".join("?" * len(members))), facility_id, *members)
    return (datetime.fromisoformat(visits[-1][1]), visits[-1][2], visits[-1][3] or "") if visits else None


def _last_visits(connection: Readable, facility_id: str, wanted: Sequence[str]) -> dict[str, tuple[Any, ...]]:
    visits = ask(connection, _LAST_VISIT.format(", ".join("?" * len(wanted))), facility_id, *wanted)
    return {row[0]: row for row in visits}


def born_on(connection: Readable, facility_id: str, born: str, most: int) -> list[tuple[int, str, str]]:
    """Row number and names of the records with that birth date, from the index alone."""
    statement = "SELECT s.rowid, s.family_key, s.given_key FROM patient_search s WHERE s.facility_id = ? AND s.born = ? LIMIT +?"
    rows: list[Any] = ask(connection, statement, facility_id, born, most)
    return rows


def count_of_name(connection: Readable, facility_id: str, field: str, key: str, most: int) -> int:
    """How many records have the name, counted up to a limit."""
    column = "family_key" if field == "family" else "given_key"
    statement = f"SELECT count(*) FROM (SELECT 1 FROM patient_search WHERE facility_id = ? AND {column} = ? LIMIT +?)"  # noqa: S608
    return int(ask(connection, statement, facility_id, key, most)[0][0])


def size(connection: Readable) -> int:
    """About how many records the index has: records are never removed from it."""
    return int(ask(connection, "SELECT coalesce(max(rowid), 0) FROM patient_search")[0][0])


def known_sources(connection: Readable, facility_id: str, source_ids: Sequence[str]) -> set[str]:
    """Which of another system's ids are in the index already."""
    known: set[str] = set()
    for start in range(0, len(source_ids), 500):
        part = source_ids[start : start + 500]
        marks = ", ".join("?" * len(part))
        statement = f"SELECT source_id FROM patient_search WHERE facility_id = ? AND source_id != '' AND source_id IN ({marks})"  # noqa: S608
        known.update(row[0] for row in ask(connection, statement, facility_id, *part))
    return known
