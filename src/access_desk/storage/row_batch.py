"""The row changes of many events at once: rows table by table in bulk, and every row that changed is settled once.

What comes out is what `row_changes.write` makes of the same changes one after another: a row is what its versions say, in
whatever order they came. On a server rows go in by COPY, in a file by one prepared statement.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import Connection

from access_desk.storage.row_changes import (
    NEVER_CHANGED,
    FromContent,
    Insert,
    InsertMany,
    RowChange,
    RowKey,
    Version,
    insert_statement,
    row_key,
    settled,
    version_of,
)

Row = tuple[object, ...]
# SQLite takes at least 999 bound values in a statement.
_KEYS_AT_ONCE: Final = 400
# For fewer rows opening a COPY costs more than it saves.
_WORTH_COPYING: Final = 12


class NotForBatchError(Exception):
    """A change has to be made by itself."""


def insert_rows(cursor: Any, table: str, columns: tuple[str, ...], rows: Sequence[Row]) -> None:
    """New rows of one table; the error of its engine when one of them cannot be."""
    copy_rows = getattr(cursor, "copy_rows", None)
    if copy_rows is not None and len(rows) >= _WORTH_COPYING:
        copy_rows(table, columns, rows)
    elif len(rows) == 1:
        cursor.execute(insert_statement(table, columns), rows[0])
    else:
        cursor.executemany(insert_statement(table, columns), rows)


def _insert_missing(cursor: Any, table: str, columns: tuple[str, ...], rows: Sequence[Row]) -> None:
    insert_missing = getattr(cursor, "insert_missing", None)
    if insert_missing is not None:
        insert_missing(table, columns, rows)
    else:
        cursor.executemany(insert_statement(table, columns) + " ON CONFLICT DO NOTHING", rows)


def write_batch(connection: Connection, changes: Iterable[RowChange]) -> None:
    """Apply the row changes of many events, in a transaction of the caller's.

    Raises:
        NotForBatchError: one of them needs large content, or brings many rows that change later; nothing was written.
    """
    inserts: dict[tuple[str, tuple[str, ...]], list[Row]] = defaultdict(list)
    # Once each: the names of a page's people are few, and each is looked for in a large index.
    missing: dict[tuple[str, tuple[str, ...]], dict[Row, None]] = defaultdict(dict)
    versions: list[Version] = []
    touched: dict[str, dict[RowKey, None]] = defaultdict(dict)
    for change in changes:
        match change:
            case Insert(table, values):
                inserts[table, tuple(values)].append(tuple(values.values()))
                if table not in NEVER_CHANGED:
                    touched[table][row_key(table, values)] = None
            case InsertMany(table, columns, rows) if table in NEVER_CHANGED:
                missing[table, columns].update(dict.fromkeys(rows))
            case InsertMany() | FromContent():
                raise NotForBatchError
            case _:
                version = version_of(change)
                versions.append(version)
                touched[version.table_name][version.key] = None
    cursor = connection.connection.cursor()
    try:
        for (table, columns), rows in inserts.items():
            insert_rows(cursor, table, columns, rows)
        for (table, columns), rows in missing.items():
            # A person without a name is found by none.
            if rows:
                _insert_missing(cursor, table, columns, list(rows))
        if versions:
            insert_rows(cursor, "row_versions", Version._fields, versions)
        _settle_all(cursor, touched)
    finally:
        cursor.close()


def _settle_all(cursor: Any, touched: dict[str, dict[RowKey, None]]) -> None:
    alike: dict[str, list[Row]] = defaultdict(list)
    for table, key, versions in _versions(cursor, touched):
        statement, bound = settled(table, key, versions)
        alike[statement].append(bound)
    for statement, rows in alike.items():
        if len(rows) == 1:
            cursor.execute(statement, rows[0])
        else:
            cursor.executemany(statement, rows)


def _versions(cursor: Any, touched: dict[str, dict[RowKey, None]]) -> Iterator[tuple[str, RowKey, list[tuple[int, str]]]]:
    by_facility: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for table, keys in touched.items():
        for facility_id, key in keys:
            by_facility[facility_id].append((table, key))
    of_rows = _versions_at_once if hasattr(cursor, "versions_of") else _versions_by_table
    for facility_id, wanted in by_facility.items():
        found: dict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
        for table, key, is_claim, content in of_rows(cursor, facility_id, wanted):
            found[table, key].append((is_claim, content))
        yield from ((table, (facility_id, key), versions) for (table, key), versions in found.items())


def _versions_at_once(cursor: Any, facility_id: str, wanted: list[tuple[str, str]]) -> list[tuple[str, str, int, str]]:
    found: list[tuple[str, str, int, str]] = cursor.versions_of(
        facility_id, [one[0] for one in wanted], [one[1] for one in wanted]
    )
    return found


def _versions_by_table(cursor: Any, facility_id: str, wanted: list[tuple[str, str]]) -> Iterator[tuple[str, str, int, str]]:
    for table, pairs in groupby(wanted, key=itemgetter(0)):
        keys = [key for _, key in pairs]
        for start in range(0, len(keys), _KEYS_AT_ONCE):
            some = keys[start : start + _KEYS_AT_ONCE]
            # Marks only; what they stand for is bound.
            marks = ", ".join("?" * len(some))
            statement = (
                "SELECT row_key, is_claim, content FROM row_versions "  # noqa: S608
                f"WHERE facility_id = ? AND table_name = ? AND row_key IN ({marks}) ORDER BY row_key, place"
            )
            cursor.execute(statement, (facility_id, table, *some))
            yield from ((table, *row) for row in cursor.fetchall())
