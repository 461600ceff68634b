"""The list of records as one types, read from the search rows alone. What was typed is always bound.

A page of the file costs its decryption, so a name is answered from the covering index: twenty neighbours lie on a page or two.
Where another index finds the people, it gives their names and birth dates, which lead into that index again.
"""

# Statements are put together from the constants of this module; every value is bound.
# ruff: noqa: S608

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, NamedTuple, TypeAlias

from access_desk.domain.patients.views import PatientListed
from access_desk.storage.queries.patient_index import ask, prefix
from access_desk.storage.statements import Readable

_COLUMNS: Final = (
    "s.patient_id, s.mrn, s.family, s.given, s.middle, s.suffix, s.born, s.sex, s.phone, s.unidentified OR s.newborn"
)
# A plus keeps a term out of an index, and what is known of one side out of the other: the covering index must be entered by
# the whole name of each, and every other index by what was typed.
_COVERED: Final = (
    "CROSS JOIN patient_search s ON s.facility_id = +a.facility_id AND s.family_key = +a.family_key "
    "AND s.given_key = +a.given_key AND s.born = +a.born AND +s.rowid = a.rowid "
)
# What is bound: ?1 facility, ?2 to ?3 the family name typed, from and to, ?4 to ?5 the given name, ?6 how many at most.
_FAMILY: Final = (
    f"SELECT {_COLUMNS} FROM patient_search s WHERE s.facility_id = ?1 AND s.family_key >= ?2 AND s.family_key < ?3 LIMIT +?6"
)
_GIVEN: Final = (
    f"SELECT {_COLUMNS} FROM patient_search a {_COVERED} "
    "WHERE a.facility_id = ?1 AND a.given_key >= ?4 AND a.given_key < ?5 LIMIT +?6"
)


def _whole(family: str, given: str, given_to: str) -> str:
    """Who has the family name whole and a given name that begins so. The arguments name what is bound."""
    return (
        f"SELECT {_COLUMNS} FROM patient_search s WHERE s.facility_id = ?1 AND s.family_key = {family} "
        f"AND s.given_key >= {given} AND s.given_key < {given_to}"
    )


def _longer(family: str, family_to: str, given: str, given_to: str) -> str:
    """Whose family name is longer than what was typed of it, where it was typed as far as the given name or further."""
    return (
        f"SELECT {_COLUMNS} FROM patient_search a {_COVERED} WHERE a.facility_id = ?1 AND a.initial = substr({given}, 1, 1) "
        f"AND a.family_key > {family} AND a.family_key < {family_to} "
        f"AND +a.given_key >= {given} AND +a.given_key < {given_to}"
    )


def _stepped(family: str, family_to: str, given: str, given_to: str) -> str:
    """The same where the given name was typed further: each that it may become, found by stepping over all who have the last."""
    return (
        "SELECT * FROM (WITH RECURSIVE names(name) AS (SELECT min(p.given_key) FROM patient_search p "
        f"WHERE p.facility_id = ?1 AND p.given_key >= {given} AND p.given_key < {given_to} UNION ALL "
        "SELECT (SELECT min(p.given_key) FROM patient_search p WHERE p.facility_id = ?1 AND p.given_key > names.name "
        f"AND p.given_key < {given_to}) FROM names WHERE names.name IS NOT NULL) "
        f"SELECT {_COLUMNS} FROM names CROSS JOIN patient_search a ON a.facility_id = ?1 AND a.given_key = names.name "
        f"AND a.family_key > {family} AND a.family_key < {family_to} {_COVERED})"
    )


def _both(straight: Callable[..., str], exchanged: Callable[..., str]) -> str:
    """With two names, one statement: it stops at a screenful, and what it does not come to costs nothing."""
    family, given = ("?2", "?3"), ("?4", "?5")
    parts = (
        _whole("?2", *given),
        straight(*family, *given),
        _whole("?4", *family),
        exchanged(*given, *family),
    )
    return f"{' UNION ALL '.join(parts)} LIMIT +?6"


# Whichever was typed further says where to look, so that few are read.
_BOTH: Final = _both(_longer, _longer)
_BOTH_FAMILY_FURTHER: Final = _both(_longer, _stepped)
_BOTH_GIVEN_FURTHER: Final = _both(_stepped, _longer)
_ROWS: Final = f"SELECT {_COLUMNS}, s.source_id, s.ssn_last4 FROM patient_search s WHERE s.facility_id = ? AND "
Ask: TypeAlias = Callable[..., list[tuple[Any, ...]]]
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


def begun_so(ask: Ask, facility_id: str, family: str, given: str, most: int) -> list[PatientListed]:
    """Records whose names begin so, also with the two exchanged: in the order of the index, who has a name whole first.

    Args:
        ask: gives the rows of a statement with what is bound in it.
        facility_id: whose records.
        family: as the index keeps it; blank when it was not typed.
        given: the same.
        most: how many at most.
    """
    found_twice = bool(family and given) and (family.startswith(given) or given.startswith(family))
    if not (family and given):
        statement = _FAMILY if family else _GIVEN
    elif len(given) == len(family):
        statement = _BOTH
    else:
        statement = _BOTH_GIVEN_FURTHER if len(given) > len(family) else _BOTH_FAMILY_FURTHER
    rows = ask(statement, facility_id, *prefix(family), *prefix(given), most * 2 if found_twice else most)
    if found_twice:
        rows = list({row[0]: row for row in rows}.values())[:most]
    # Not `_make`, which is a call more for each of a screenful at every key.
    made, agrees = tuple.__new__, NAME_AGREES
    return [made(PatientListed, (*row, agrees)) for row in rows]


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
