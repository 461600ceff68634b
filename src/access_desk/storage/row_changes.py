"""Row changes: what an event does to the tables, as values. Each engine has one bulk writer for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

from sqlalchemy import Connection

from access_desk.domain.content import Content
from access_desk.storage import blobs


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
    """What follows from one field of a patient, unless a later stamp for it is there: arrival order does not matter."""

    facility_id: str
    patient_id: str
    field: str
    stamp: str
    values: Mapping[str, object]
    table: str = "patients"


@dataclass(frozen=True, slots=True)
class InsertMany:
    """Rows of one table, in bulk; a row whose key is there already is left as it is."""

    table: str
    columns: tuple[str, ...]
    rows: Iterable[tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class FromContent:
    """Changes that a pure function makes of large content, which the writer fetches from the store beside the log."""

    facility_id: str
    content: Content
    changes: Callable[[bytes], Iterable[RowChange]]


RowChange: TypeAlias = Insert | Update | SetLatest | InsertMany | FromContent


def write(connection: Connection, changes: Iterable[RowChange], store: Connection | None = None) -> None:
    """Apply row changes in order on an SQLite connection that is in a transaction.

    Args:
        connection: where the tables are.
        changes: what to do to them.
        store: where large content lies, when that is another database (a replay into an empty one).
    """
    cursor = connection.connection.cursor()
    try:
        for change in changes:
            if isinstance(change, FromContent):
                data = blobs.get(store or connection, change.facility_id, change.content.sha256)
                write(connection, change.changes(data), store)
            else:
                _write_one(cursor, change)
    finally:
        cursor.close()


def _write_one(cursor: Any, change: RowChange) -> None:
    match change:
        case Insert(table, values):
            cursor.execute(_insert(table, tuple(values)), tuple(values.values()))
        case Update(table, key, values):
            cursor.execute(_update(table, tuple(values), tuple(key)), (*values.values(), *key.values()))
        case SetLatest(facility_id, patient_id, field, stamp, values, table):
            row = (facility_id, patient_id)
            cursor.execute(_set_latest(table, tuple(values)), (*values.values(), *row, *row, field, stamp))
        case InsertMany(table, columns, rows):
            cursor.executemany(_insert(table, columns) + " ON CONFLICT DO NOTHING", rows)


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
def _set_latest(table: str, columns: tuple[str, ...]) -> str:
    assigned = ", ".join(f"{column} = ?" for column in columns)
    return (
        f"UPDATE {table} SET {assigned} WHERE facility_id = ? AND patient_id = ? AND NOT EXISTS ("  # noqa: S608
        "SELECT 1 FROM patient_changes WHERE facility_id = ? AND patient_id = ? AND field = ? AND stamp > ?)"
    )
