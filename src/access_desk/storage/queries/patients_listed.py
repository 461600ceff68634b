"""The list of records as one types, read from the search rows alone. What was typed is always bound.

A page of the file costs its decryption, so a name is answered from the covering index: twenty neighbours lie on a page or two.
Where another index finds the people, it gives their names and birth dates, which lead into that index again.
"""

# Statements are put together from the constants of this module; every value is bound.
# ruff: noqa: S608

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from access_desk.domain.patients.views import PatientListed
from access_desk.storage.engine import Readable
from access_desk.storage.queries.patient_index import ask, prefix

_COLUMNS: Final = (
    "s.patient_id, s.mrn, s.family, s.given, s.middle, s.suffix, s.born, s.sex, s.phone, s.unidentified OR s.newborn"
)
# A plus keeps a term out of an index, and what is known of one side out of the other: the covering index must be entered by
# the whole name of each, and every other index by what was typed.
_COVERED: Final = (
    "CROSS JOIN patient_search s ON s.facility_id = +a.facility_id AND s.family_key = +a.family_key "
    "AND s.given_key = +a.given_key AND s.born = +a.born AND +s.rowid = a.rowid "
)
_FAMILY: Final = (
    f"SELECT {_COLUMNS} FROM patient_search s WHERE s.facility_id = ? AND s.family_key >= ? AND s.family_key < ? LIMIT +?"
)
_GIVEN: Final = (
    f"SELECT {_COLUMNS} FROM patient_search a {_COVERED} "
    "WHERE a.facility_id = ? AND a.given_key >= ? AND a.given_key < ? LIMIT +?"
)
# With two names: who has the one whole and whose other begins so; then those whose names are longer.
_WHOLE: Final = (
    f"SELECT {_COLUMNS} FROM patient_search s WHERE s.facility_id = ? AND s.family_key = ? "
    "AND s.given_key >= ? AND s.given_key < ? LIMIT +?"
)
_LONGER: Final = (
    f"SELECT {_COLUMNS} FROM patient_search a {_COVERED} WHERE a.facility_id = ? AND a.initial = ? "
    "AND a.family_key > ? AND a.family_key < ? AND +a.given_key >= ? AND +a.given_key < ? LIMIT +?"
)
# The given name was typed further: of the few that it may become, or of however many, each found by stepping over everybody
# who has the one before.
_NEXT_GIVEN: Final = "SELECT min(given_key) FROM patient_search WHERE facility_id = ? AND given_key >= ? AND given_key < ?"
_FEW: Final = (
    f"SELECT {_COLUMNS} FROM patient_search a {_COVERED} WHERE a.facility_id = ? AND a.given_key IN (?, ?, ?) "
    "AND a.family_key > ? AND a.family_key < ? LIMIT +?"
)
_STEPPED: Final = (
    "WITH RECURSIVE names(name) AS (SELECT min(p.given_key) FROM patient_search p "
    "WHERE p.facility_id = ?1 AND p.given_key >= ?2 AND p.given_key < ?3 UNION ALL "
    "SELECT (SELECT min(p.given_key) FROM patient_search p WHERE p.facility_id = ?1 AND p.given_key > names.name "
    "AND p.given_key < ?3) FROM names WHERE names.name IS NOT NULL) "
    f"SELECT {_COLUMNS} FROM names CROSS JOIN patient_search a ON a.facility_id = ?1 AND a.given_key = names.name "
    f"AND a.family_key > ?4 AND a.family_key < ?5 {_COVERED} LIMIT +?6"
)
_ROWS: Final = f"SELECT {_COLUMNS}, s.source_id, s.ssn_last4 FROM patient_search s WHERE s.facility_id = ? AND "
_MOST_NAMES: Final = 3
_LISTED: Final = len(PatientListed._fields) - 1
NAME_AGREES: Final[Mapping[str, bool]] = MappingProxyType({"name": True})


class SearchRow(NamedTuple):
    """A search row: what is listed of a record, and what ranking reads beside it."""

    patient_id: str
    mrn: str
    family: str
    given: str
    middle: str
    suffix: str
    born: str
    sex: str
    phone: str
    nobody: int
    source_id: str
    ssn_last4: str

    def listed(self, agrees: Mapping[str, bool]) -> PatientListed:
        """The record with what of it agrees."""
        return PatientListed._make((*self[:_LISTED], agrees))


def named(connection: Readable, facility_id: str, family: str, given: str, most: int) -> list[PatientListed]:
    """Records whose names begin so, also with the two exchanged; in the order of the index."""
    if family and given:
        rows = _begun(connection, facility_id, family, given, most)
        if len(rows) < most:
            known = {row[0] for row in rows}
            rows += [row for row in _begun(connection, facility_id, given, family, most) if row[0] not in known]
    else:
        rows = ask(connection, _FAMILY if family else _GIVEN, facility_id, *prefix(family or given), most)
    return [PatientListed._make((*row, NAME_AGREES)) for row in rows]


def _begun(connection: Readable, facility_id: str, family: str, given: str, most: int) -> list[tuple[Any, ...]]:
    """Rows whose family and given name begin so; whichever was typed further says where to look, so that few are read."""
    rows = ask(connection, _WHOLE, facility_id, family, *prefix(given), most)
    left = most - len(rows)
    if not left:
        return rows
    if len(given) <= len(family):
        return rows + ask(connection, _LONGER, facility_id, given[0], *prefix(family), *prefix(given), left)
    few = _few_names(connection, facility_id, given)
    if few is None:
        return rows + ask(connection, _STEPPED, facility_id, *prefix(given), *prefix(family), left)
    return rows + ask(connection, _FEW, facility_id, *few, *prefix(family), left) if few else rows


def _few_names(connection: Readable, facility_id: str, given: str) -> tuple[str, ...] | None:
    """The given names that begin so, as many as `_FEW` takes; blank when there are none, None when there are more."""
    names: list[str] = []
    low, high = prefix(given)
    while (name := ask(connection, _NEXT_GIVEN, facility_id, low, high)[0][0]) is not None:
        if len(names) == _MOST_NAMES:
            return None
        names.append(name)
        low = f"{name}\0"
    return tuple((names * _MOST_NAMES)[:_MOST_NAMES])


def fitting(connection: Readable, condition: str, facility_id: str, *values: object) -> list[SearchRow]:
    """Rows that fit one of the conditions of `patient_index`; the last value is how many at most."""
    return [SearchRow(*row) for row in ask(connection, f"{_ROWS}{condition} LIMIT +?", facility_id, *values)]


def rows_of(connection: Readable, facility_id: str, wanted: Iterable[str]) -> list[SearchRow]:
    """Rows by the id of the record, in the order asked for."""
    ids: Sequence[str] = list(wanted)
    if not ids:
        return []
    marks = ", ".join("?" * len(ids))
    found = {row[0]: SearchRow(*row) for row in ask(connection, f"{_ROWS}s.patient_id IN ({marks})", facility_id, *ids)}
    return [found[one] for one in ids if one in found]


def rows_at(connection: Readable, facility_id: str, places: Iterable[int]) -> list[SearchRow]:
    """Rows by their row numbers."""
    numbers = list(dict.fromkeys(places))
    marks = ", ".join("?" * len(numbers))
    statement = f"{_ROWS.replace(' s.facility_id', ' +s.facility_id')}s.rowid IN ({marks})"
    return [SearchRow(*row) for row in ask(connection, statement, facility_id, *numbers)]
