"""Look-ups in the patient index. Statements are the constants here; what was typed is always bound.

They run on the driver's own cursor: a keystroke asks several, and the layer above would cost more than the answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import Connection

from access_desk.domain.patients.events import Demographics
from access_desk.domain.patients.views import PatientFound
from access_desk.storage.schema.people import DEMOGRAPHIC_COLUMNS
from access_desk.storage.search_rows import last_four

_ISO_LENGTH: Final = 10
_COLUMNS: Final = tuple(name for name in DEMOGRAPHIC_COLUMNS if name != "birth_date")
_TEXTS: Final = (*_COLUMNS, "ssn")
_AFTER_SSN: Final = tuple(name.name for name in fields(Demographics))[7:]
_LAST_SSN: Final = (
    "coalesce((SELECT n.ssn FROM patient_ssns n WHERE n.facility_id = p.facility_id AND n.patient_id = p.patient_id "
    "ORDER BY n.stamp DESC LIMIT 1), '')"
)
# Conditions on the search rows; :func:`ids` and :func:`matching` make questions of them.
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
SSN: Final = "SELECT patient_id FROM patient_ssns WHERE facility_id = ? AND ssn_key != '' AND ssn_key = ? LIMIT ?"
FORMER: Final = "SELECT patient_id FROM patient_numbers WHERE facility_id = ? AND was_key = ? LIMIT ?"
ACCOUNT: Final = "SELECT patient_id FROM visits WHERE facility_id = ? AND account_number = ? LIMIT ?"
_NARROW: Final = "SELECT patient_id, family_key, given_key, born FROM patient_search WHERE facility_id = ? AND "
AT_BIRTH_DATE: Final = _NARROW + "born = ? LIMIT ?"
WITH_NAMES: Final = _NARROW + "family_key = ? AND given_key = ? LIMIT ?"
_RECORD: Final = (
    "SELECT p.patient_id, p.mrn, p.unidentified, p.newborn_of, s.source_id, s.born, "  # noqa: S608 - names of the schema
    f"{', '.join(f'p.{name}' for name in _COLUMNS)}, {_LAST_SSN}"
    " FROM patients p JOIN patient_search s ON s.facility_id = p.facility_id AND s.patient_id = p.patient_id "
)
# What a list shows, with the columns in the order of ``Demographics``, so that a row becomes one without looking up names.
_SHOWN: Final = (
    "SELECT p.patient_id, p.mrn, p.unidentified OR p.newborn_of IS NOT NULL, s.source_id, p.family, p.given, p.middle, "  # noqa: S608
    f"p.suffix, s.born, p.sex, s.ssn_last4, {', '.join(f'p.{name}' for name in _AFTER_SSN)} "
    "FROM patient_search s CROSS JOIN patients p ON p.facility_id = s.facility_id AND p.patient_id = s.patient_id "
    "WHERE s.facility_id = ? AND "
)
_LAST_VISIT: Final = (
    "SELECT v.patient_id, v.arrived_at, v.type, c.payer FROM visits v LEFT JOIN coverages c ON c.facility_id = v.facility_id "
    "AND c.visit_id = v.visit_id AND c.position = 1 WHERE v.facility_id = ? AND v.patient_id IN ({}) ORDER BY v.arrived_at"
)

_BY_NAME: Final = ("name",)
_NAME_AGREES: Final[Mapping[str, bool]] = MappingProxyType({"name": True})


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
        texts: dict[str, Any] = {**self.fields, "ssn": last_four(self.fields["ssn"]), "birth_date": _day(self.born)}
        return Demographics(**texts)


def _day(born: str) -> date | None:
    if len(born) != _ISO_LENGTH:
        return None
    try:
        return date.fromisoformat(born)
    except ValueError:
        return None


def prefix(text: str) -> tuple[str, str]:
    """The half-open range of everything that starts with the text, which an index answers."""
    return text, text + "\U0010ffff"


def ask(connection: Connection, statement: str, *values: object) -> list[tuple[Any, ...]]:
    """The rows of one of the statements above."""
    cursor = connection.connection.cursor()
    try:
        rows: list[tuple[Any, ...]] = cursor.execute(statement, values).fetchall()
    finally:
        cursor.close()
    return rows


def ids(connection: Connection, condition: str, *values: object) -> list[str]:
    """The ids of the records that fit one of the conditions above; the last value is how many at most."""
    if condition in (ACCOUNT, FORMER, SSN):
        return [row[0] for row in ask(connection, condition, *values)]
    statement = f"SELECT s.patient_id FROM patient_search s WHERE s.facility_id = ? AND {condition} LIMIT ?"  # noqa: S608
    return [row[0] for row in ask(connection, statement, *values)]


def matching(connection: Connection, condition: str, *values: object) -> list[IndexRecord]:
    """The records themselves, in one question, because a keystroke waits for it."""
    return [_record(row) for row in ask(connection, f"{_RECORD}WHERE s.facility_id = ? AND {condition} LIMIT ?", *values)]


def records(connection: Connection, facility_id: str, wanted: Sequence[str]) -> list[IndexRecord]:
    """Records by id, in the order asked for."""
    if not wanted:
        return []
    marks = ", ".join("?" * len(wanted))
    rows = ask(connection, f"{_RECORD} WHERE p.facility_id = ? AND p.patient_id IN ({marks})", facility_id, *wanted)
    by_id = {row[0]: _record(row) for row in rows}
    return [by_id[one] for one in wanted if one in by_id]


def every_record(connection: Connection, facility_id: str) -> Iterator[tuple[int, IndexRecord]]:
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


def record_at(connection: Connection, facility_id: str, row_number: int) -> IndexRecord:
    """One record by its row number."""
    return _record(ask(connection, _RECORD + "WHERE s.facility_id = ? AND s.rowid = ?", facility_id, row_number)[0])


def _record(row: tuple[Any, ...]) -> IndexRecord:
    texts = dict(zip(_TEXTS, row[6:], strict=True))
    texts["birth_date"] = row[5]
    return IndexRecord(row[0], row[1], row[4], row[5], texts, bool(row[2] or row[3]))


@dataclass(frozen=True, slots=True)
class Fit:
    """A record with how well it fits what was asked, and what of it agrees."""

    record: IndexRecord
    score: float
    agrees: Mapping[str, bool]
    why: tuple[str, ...]


def found(connection: Connection, facility_id: str, fits: Sequence[Fit]) -> list[PatientFound]:
    """Records as screens list them, with the last visit."""
    if not fits:
        return []
    last = _last_visits(connection, facility_id, [fit.record.patient_id for fit in fits])
    shown = []
    for fit in fits:
        one, visit = fit.record, last.get(fit.record.patient_id)
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


def by_name(connection: Connection, condition: str, facility_id: str, *values: object) -> list[tuple[Any, ...]]:
    """Rows for :func:`listed`: everything that a list shows of the records that fit, in one statement."""
    return ask(connection, f"{_SHOWN}{condition} LIMIT ?", facility_id, *values)


def listed(connection: Connection, facility_id: str, rows: Sequence[tuple[Any, ...]]) -> list[PatientFound]:
    """Rows of :func:`by_name` as screens list them: nothing but the name was asked, and it agrees."""
    if not rows:
        return []
    last = _last_visits(connection, facility_id, [row[0] for row in rows])
    shown = []
    for row in rows:
        visit = last.get(row[0])
        payer, at, kind = (visit[3] or "", datetime.fromisoformat(visit[1]), visit[2]) if visit else ("", None, "")
        known = Demographics(row[4], row[5], row[6], row[7], _day(row[8]), *row[9:])
        shown.append(PatientFound(row[0], row[1], known, bool(row[2]), payer, at, kind, _NAME_AGREES, 1.0, row[3], _BY_NAME))
    return shown


def last_visit(connection: Connection, facility_id: str, members: Sequence[str]) -> tuple[datetime, str, str] | None:
    """The last visit under any of some records: when, its type, who pays first; None without one."""
    visits = ask(connection, _LAST_VISIT.format(", ".join("?" * len(members))), facility_id, *members)
    return (datetime.fromisoformat(visits[-1][1]), visits[-1][2], visits[-1][3] or "") if visits else None


def _last_visits(connection: Connection, facility_id: str, wanted: Sequence[str]) -> dict[str, tuple[Any, ...]]:
    visits = ask(connection, _LAST_VISIT.format(", ".join("?" * len(wanted))), facility_id, *wanted)
    return {row[0]: row for row in visits}


def names_near(connection: Connection, facility_id: str, field: str, shorter: Sequence[str]) -> list[str]:
    """The names of the index that share one of these one-letter-shorter forms, or are a part of a double name."""
    marks = ", ".join("?" * len(shorter))
    statement = f"SELECT DISTINCT name FROM name_variants WHERE facility_id = ? AND shorter IN ({marks}) AND field = ?"  # noqa: S608
    return [row[0] for row in ask(connection, statement, facility_id, *shorter, field)]


def with_any_names(
    connection: Connection, facility_id: str, families: Sequence[str], givens: Sequence[str], most: int
) -> list[tuple[Any, ...]]:
    """Id, names and birth date of the records that have one of the family names and one of the given names."""
    one, other = ", ".join("?" * len(families)), ", ".join("?" * len(givens))
    statement = f"{_NARROW} family_key IN ({one}) AND given_key IN ({other}) LIMIT ?"
    return ask(connection, statement, facility_id, *families, *givens, most)


def count_of_name(connection: Connection, facility_id: str, field: str, key: str, most: int) -> int:
    """How many records have the name, counted up to a limit."""
    column = "family_key" if field == "family" else "given_key"
    statement = f"SELECT count(*) FROM (SELECT 1 FROM patient_search WHERE facility_id = ? AND {column} = ? LIMIT ?)"  # noqa: S608
    return int(ask(connection, statement, facility_id, key, most)[0][0])


def size(connection: Connection) -> int:
    """About how many records the index has: records are never removed from it."""
    return int(ask(connection, "SELECT coalesce(max(rowid), 0) FROM patient_search")[0][0])


def known_sources(connection: Connection, facility_id: str, source_ids: Sequence[str]) -> set[str]:
    """Which of another system's ids are in the index already."""
    known: set[str] = set()
    for start in range(0, len(source_ids), 500):
        part = source_ids[start : start + 500]
        marks = ", ".join("?" * len(part))
        statement = f"SELECT source_id FROM patient_search WHERE facility_id = ? AND source_id != '' AND source_id IN ({marks})"  # noqa: S608
        known.update(row[0] for row in ask(connection, statement, facility_id, *part))
    return known
