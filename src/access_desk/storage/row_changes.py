"""Row changes: what an event does to the tables, as values. Each engine has one bulk writer for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class Insert:
    """A new row."""

    table: str
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Update:
    """Columns of the row with that key."""

    table: str
    key: Mapping[str, object]
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class SetLatest:
    """One demographic field of a patient, unless a later stamp for it is already there: arrival order does not matter."""

    facility_id: str
    patient_id: str
    field: str
    stamp: str
    values: Mapping[str, object]


RowChange = Insert | Update | SetLatest


def write(connection: Connection, changes: Iterable[RowChange]) -> None:
    """Apply row changes in order on an SQLite connection that is in a transaction."""
    cursor = connection.connection.cursor()
    try:
        for change in changes:
            _write_one(cursor, change)
    finally:
        cursor.close()


def _write_one(cursor: Any, change: RowChange) -> None:
    match change:
        case Insert(table, values):
            cursor.execute(_insert(table, tuple(values)), tuple(values.values()))
        case Update(table, key, values):
            cursor.execute(_update(table, tuple(values), tuple(key)), (*values.values(), *key.values()))
        case SetLatest(facility_id, patient_id, field, stamp, values):
            row = (facility_id, patient_id)
            cursor.execute(_set_latest(tuple(values)), (*values.values(), *row, *row, field, stamp))


@cache
def _insert(table: str, columns: tuple[str, ...]) -> str:
    # Names come from the schema, never from input; values are always bound.
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"  # noqa: S608


@cache
def _update(table: str, columns: tuple[str, ...], key: tuple[str, ...]) -> str:
    assigned = ", ".join(f"{column} = ?" for column in columns)
    matched = " AND ".join(f"{column} = ?" for column in key)
    return f"UPDATE {table} SET {assigned} WHERE {matched}"  # noqa: S608


@cache
def _set_latest(columns: tuple[str, ...]) -> str:
    assigned = ", ".join(f"{column} = ?" for column in columns)
    return (
        f"UPDATE patients SET {assigned} WHERE facility_id = ? AND patient_id = ? AND NOT EXISTS ("  # noqa: S608
        "SELECT 1 FROM patient_changes WHERE facility_id = ? AND patient_id = ? AND field = ? AND stamp > ?)"
    )
