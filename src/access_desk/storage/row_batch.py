"""The row changes of many events at once: rows table by table in bulk, and every row that changed is settled once.

What comes out is what `row_changes.write` makes of the same changes one after another: a row is what its versions say, in
whatever order they came. In a file rows go in by one prepared statement a table; to a server they go as arrays, those of
several tables in one statement, and all statements are on their way before the first is answered.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby, islice
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import Connection

from access_desk.storage.row_changes import (
    NEVER_CHANGED,
    FromContent,
    Insert,
    InsertMany,
    InsertRows,
    RowChange,
    RowKey,
    Version,
    insert_statement,
    row_key,
    settled,
    version_of,
)
from access_desk.storage.statements import Row, Rows, is_on_server

# A table with columns of it.
_Kind = tuple[str, tuple[str, ...]]
# SQLite takes at least 999 bound values in a statement.
_KEYS_AT_ONCE: Final = 400
# So many changes are sent to a server together: it works on them while the next are made.
_AT_ONCE: Final = 330
# Fewer rows of a table wait for more: to put any into a table costs as much as some dozens of rows.
_WORTH_INSERTING: Final = 40


_NONE_YET: Final[tuple[tuple[str, ...], list[Row]]] = ((), [])


class NotForBatchError(Exception):
    """A change has to be made by itself."""


def insert_rows(cursor: Any, *sets: Rows) -> None:
    """New rows of some tables, one set a table; the error of its engine when one of them cannot be."""
    if is_on_server(cursor):
        cursor.insert_rows(sets)
        return
    for table, columns, rows, missing in sets:
        statement = insert_statement(table, columns) + (" ON CONFLICT DO NOTHING" if missing else "")
        if len(rows) == 1:
            cursor.execute(statement, rows[0])
        else:
            cursor.executemany(statement, rows)


class _Gathered:
    """Row changes by table, and the keys of the rows that change later as well."""

    def __init__(self) -> None:
        self._inserts: dict[_Kind, list[Row]] = defaultdict(list)
        # Where the last row of a table went: the next has the same columns nearly always.
        self._last: dict[str, tuple[tuple[str, ...], list[Row]]] = {}
        # Once each: the names of a page's people are few, and each is looked for in a large index.
        self._missing: dict[_Kind, dict[Row, None]] = defaultdict(dict)
        self._versions: list[Version] = []
        self.touched: dict[str, dict[RowKey, None]] = defaultdict(dict)

    def add(self, change: RowChange) -> None:
        """Raises NotForBatchError."""
        # Most of them; a pattern would look at it several times.
        if isinstance(change, InsertRows):
            self._into(change.table, change.columns).extend(change.rows)
            return
        if isinstance(change, Insert):
            table, values = change
            self._into(table, tuple(values)).append(tuple(values.values()))
            if table not in NEVER_CHANGED:
                self.touched[table][row_key(table, values)] = None
            return
        match change:
            case InsertMany(table, columns, rows, ()) if table in NEVER_CHANGED:
                # A person without a name is found by none.
                if made := dict.fromkeys(rows):
                    self._missing[table, columns].update(made)
            case InsertMany() | FromContent():
                raise NotForBatchError
            case _:
                version = version_of(change)
                self._versions.append(version)
                self.touched[version.table_name][version.key] = None

    def _into(self, table: str, columns: tuple[str, ...]) -> list[Row]:
        last, into = self._last.get(table, _NONE_YET)
        if columns != last:
            into = self._inserts[table, columns]
            self._last[table] = columns, into
        return into

    def insert(self, cursor: Any, at_least: int = 1) -> None:
        """What was gathered since the last time, of tables that so many rows were gathered for."""
        sets: list[Rows] = []
        for (table, columns), rows in self._inserts.items():
            if len(rows) >= at_least:
                sets.append(Rows(table, columns, rows))
        for (table, columns), made in self._missing.items():
            if len(made) >= at_least:
                # In the order of their keys, which are those of the index: what is looked for lies side by side.
                sets.append(Rows(table, columns, sorted(made), missing=True))
        if len(self._versions) >= at_least:
            sets.append(Rows("row_versions", Version._fields, self._versions))
        if sets:
            # In one order, whatever happened first: a server knows the statement that it has seen before.
            insert_rows(cursor, *sorted(sets, key=itemgetter(0, 1)))
        kept: list[list[Row] | dict[Row, None] | list[Version]] = [
            *self._inserts.values(),
            *self._missing.values(),
            self._versions,
        ]
        for one in kept:
            if len(one) >= at_least:
                one.clear()


def write_batch(connection: Connection, changes: Iterable[RowChange], meanwhile: Callable[[], object] = lambda: None) -> None:
    """Apply the row changes of many events, in a transaction of the caller's.

    Args:
        connection: in a transaction.
        changes: in the order of their events.
        meanwhile: what is done once all rows are on their way to a server, which is waited for afterwards.

    Raises:
        NotForBatchError: one of them needs large content, or brings many rows that change later; the caller undoes what was
            written.
    """
    gathered = _Gathered()
    cursor = connection.connection.cursor()
    try:
        each = iter(changes)
        while some := list(islice(each, _AT_ONCE) if is_on_server(cursor) else each):
            for change in some:
                gathered.add(change)
            gathered.insert(cursor, _WORTH_INSERTING)
        gathered.insert(cursor)
        _settle_all(cursor, gathered.touched, meanwhile)
    finally:
        cursor.close()


def _settle_all(cursor: Any, touched: dict[str, dict[RowKey, None]], meanwhile: Callable[[], object]) -> None:
    alike: dict[str, list[Row]] = defaultdict(list)
    for table, key, versions in _versions(cursor, touched, meanwhile):
        statement, bound = settled(table, key, versions)
        alike[statement].append(bound)
    for statement, rows in alike.items():
        if len(rows) == 1:
            cursor.execute(statement, rows[0])
        else:
            cursor.executemany(statement, rows)


def _versions(
    cursor: Any, touched: dict[str, dict[RowKey, None]], meanwhile: Callable[[], object]
) -> Iterator[tuple[str, RowKey, list[tuple[int, str]]]]:
    by_facility: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for table, keys in touched.items():
        for facility_id, key in keys:
            by_facility[facility_id].append((table, key))
    # Asked before the other work is done, so that the server has the answer by then.
    asked = {one: cursor.asked_for_versions(one, wanted) for one, wanted in by_facility.items()} if is_on_server(cursor) else {}
    meanwhile()
    for facility_id, wanted in by_facility.items():
        found: dict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
        rows = asked[facility_id].fetchall() if facility_id in asked else _versions_by_table(cursor, facility_id, wanted)
        for table, key, is_claim, content in rows:
            found[table, key].append((is_claim, content))
        yield from ((table, (facility_id, key), versions) for (table, key), versions in found.items())


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
