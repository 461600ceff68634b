"""Records by names that are near, and by a name with a birth date, from the index alone. What was typed is always bound."""

# Statements are put together from the constants of this module, marks and names of the schema; every value is bound.
# ruff: noqa: S608

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from access_desk.storage.queries.patient_index import ask, places, prefix
from access_desk.storage.search_rows import half_of
from access_desk.storage.statements import Readable

_FEW_LETTERS, _ANYWHERE = 2, 1_000
# Of those who share one name, where the index has nothing to narrow them by: each page of them that is read costs its decryption.
MOST_OF_A_SHARED_NAME = 8_000


def names_near(connection: Readable, facility_id: str, field: str, shorter: Sequence[str]) -> list[str]:
    """The names of the index, and the parts of double ones, that share one of these one-letter-shorter forms."""
    marks = ", ".join("?" * len(shorter))
    statement = f"SELECT DISTINCT name FROM name_variants WHERE facility_id = ? AND shorter IN ({marks}) AND field = ?"
    return [row[0] for row in ask(connection, statement, facility_id, *shorter, field)]


def double_names(connection: Readable, facility_id: str, field: str, halves: Sequence[str], most: int) -> list[str]:
    """The double names of the index that have one of these parts, so many at most."""
    marks = ", ".join("?" * len(halves))
    statement = f"SELECT DISTINCT name FROM name_variants WHERE facility_id = ? AND shorter IN ({marks}) AND field = ? LIMIT +?"
    return [row[0] for row in ask(connection, statement, facility_id, *halves, half_of(field), most)]


def with_double_name(
    connection: Readable, facility_id: str, field: str, halves: Sequence[str], others: Sequence[str], most: int
) -> list[int]:
    """Row numbers of records with a double name in the field that has one of these parts, so many at most.

    ``others`` are the names of which one is the record's other name, or begins it or is part of it; without any it may be
    whatever.
    """
    mine, other = _fields(field)
    condition, values = _among(f"other{'' if others else ' IS NOT NULL'}", others)
    statement = (
        f"SELECT place FROM (SELECT s.rowid AS place, s.{other} AS other FROM (SELECT DISTINCT name FROM name_variants "
        f"WHERE facility_id = ? AND shorter IN ({', '.join('?' * len(halves))}) AND field = ?) d "
        f"CROSS JOIN patient_search s ON s.facility_id = ? AND s.{mine} = d.name LIMIT +?) WHERE {condition} LIMIT +?"
    )
    looked_up = (facility_id, *halves, half_of(field), facility_id, MOST_OF_A_SHARED_NAME)
    return [row[0] for row in ask(connection, statement, *looked_up, *values, most)]


def with_double_name_and_date(
    connection: Readable,
    facility_id: str,
    field: str,
    halves: Sequence[str],
    others: Sequence[str],
    born: Sequence[str],
    most: int,
) -> list[int]:
    """The same where the birth date is one of these, however many have such a name: fewer have a date than a common name."""
    mine, other = _fields(field)
    condition, values = _among(f"s.{other}{'' if others else ' IS NOT NULL'}", others)
    # The plus keeps each date from being asked for with each of a thousand names.
    statement = (
        f"SELECT s.rowid FROM patient_search s WHERE s.facility_id = ? AND s.born IN ({', '.join('?' * len(born))}) "
        f"AND +s.{mine} IN (SELECT name FROM name_variants WHERE facility_id = ? "
        f"AND shorter IN ({', '.join('?' * len(halves))}) AND field = ?) AND {condition} LIMIT +?"
    )
    looked_up = (facility_id, *born, facility_id, *halves, half_of(field))
    return [row[0] for row in ask(connection, statement, *looked_up, *values, most)]


def _fields(field: str) -> tuple[str, str]:
    return ("family_key", "given_key") if field == "family" else ("given_key", "family_key")


def _among(column: str, names: Sequence[str]) -> tuple[str, tuple[object, ...]]:
    """The condition that a column has one of these names, or has the first within it, and what is bound there."""
    if not names:
        return column, ()
    # Two letters begin a name; inside of one they stand anywhere.
    furthest = _ANYWHERE if len(names[0]) > _FEW_LETTERS else 1
    condition = f"(+{column} IN ({', '.join('?' * len(names))}) OR instr({column}, ?) BETWEEN 1 AND ?)"
    return condition, (*names, names[0], furthest)


def with_middle_name(
    connection: Readable, facility_id: str, families: Sequence[str], middle: str, born: Sequence[str], most: int
) -> list[int]:
    """Row numbers of records with one of the family names whose middle name begins so, as when somebody goes by it.

    No index has middle names: of a very common family name only the first are looked at, and whoever was ``born`` on one of
    these dates.
    """
    marks = ", ".join("?" * len(families))
    beginning = "".join(f"!{one}" if one in "!%_" else one for one in middle) + "%"
    found: list[int] = []
    if born:
        # Joined by row number, because the index on dates has no middle names and would be left for one that has.
        dated = (
            "SELECT s.rowid FROM patient_search b CROSS JOIN patient_search s ON s.rowid = b.rowid WHERE b.facility_id = ? "
            f"AND b.born IN ({', '.join('?' * len(born))}) AND b.family_key IN ({marks}) "
            "AND s.middle LIKE ? ESCAPE '!' LIMIT +?"
        )
        found += [row[0] for row in ask(connection, dated, facility_id, *born, *families, beginning, most)]
    statement = (
        "SELECT place FROM (SELECT s.rowid AS place, s.middle AS middle FROM patient_search s "
        f"WHERE s.facility_id = ? AND s.family_key IN ({marks}) LIMIT +?) WHERE middle LIKE ? ESCAPE '!' LIMIT +?"
    )
    rows = ask(connection, statement, facility_id, *families, MOST_OF_A_SHARED_NAME, beginning, most)
    return found + [row[0] for row in rows]


def with_any_names(
    connection: Readable, facility_id: str, families: Sequence[str], givens: Sequence[str], most: int, near: str = ""
) -> list[tuple[int, str]]:
    """Row number and birth date of records with one of the family and one of the given names, from the index alone.

    ``most`` is how many are looked at. ``near``: an ISO date; of those only who was born in its year or on its day of a month,
    which whoever has a near date was, or whose date could not be read.
    """
    marks = (", ".join("?" * len(values)) for values in (families, givens))
    statement = (
        "SELECT s.rowid AS place, s.born AS born FROM patient_search s WHERE s.facility_id = ? "
        "AND s.family_key IN ({}) AND s.given_key IN ({}) LIMIT +?"
    ).format(*marks)
    dates: tuple[str, ...] = ()
    if near:
        # The parts of a date are compared where the rows are: each that comes here costs more than ten that are passed over.
        among = "WHERE substr(born, 1, 4) = ? OR substr(born, 9) = ? OR length(born) != 10"
        statement, dates = f"SELECT place, born FROM ({statement}) {among}", (near[:4], near[8:])
    rows: list[Any] = ask(connection, statement, facility_id, *families, *givens, most, *dates)
    return rows


def named_and_born_on(connection: Readable, facility_id: str, born: str, families: Sequence[str], most: int) -> list[int]:
    """Row numbers of the records with that birth date and one of the family names."""
    marks = ", ".join("?" * len(families))
    condition = f"s.born = ? AND s.family_key IN ({marks})"
    return places(connection, condition, facility_id, born, *families, most)


def has_more_than(connection: Readable, facility_id: str, family: str, givens: Sequence[str], most: int) -> bool:
    """Whether more than so many records have the family name and one of the given names."""
    marks = ", ".join("?" * len(givens))
    statement = (
        f"SELECT 1 FROM patient_search WHERE facility_id = ? AND family_key = ? AND given_key IN ({marks}) LIMIT 1 OFFSET +?"
    )
    return bool(ask(connection, statement, facility_id, family, *givens, most))


def named_and_born_in(
    connection: Readable, facility_id: str, family: str, givens: Sequence[str], year: str, days: Sequence[str], most: int
) -> list[tuple[int, str]]:
    """Row number and birth date of records with these names born in the year or on one of the days, however many have them."""
    some, dates = ", ".join("?" * len(givens)), ", ".join("?" * len(days))
    names = f"FROM patient_search s WHERE s.facility_id = ? AND s.family_key = ? AND s.given_key IN ({some})"
    statement = (
        f"SELECT s.rowid, s.born {names} AND s.born >= ? AND s.born < ? "
        f"UNION ALL SELECT s.rowid, s.born {names} AND s.born IN ({dates}) LIMIT +?"
    )
    who = (facility_id, family, *givens)
    rows: list[Any] = ask(connection, statement, *who, *prefix(f"{year}-"), *who, *days, most)
    return rows
