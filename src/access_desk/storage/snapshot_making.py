"""Makes the snapshot of a facility, from whatever database central is on, in one consistent view of it.

Rows are read in the order of their keys and a few thousand at a time; nobody who writes waits for that. They go into an
encrypted database beside, whose pages are then compressed and sealed: nothing lies on the disk in the open on the way.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, Table
from sqlcipher3 import dbapi2

from access_desk.domain.errors import UnavailableError
from access_desk.storage.central_log import feed_head
from access_desk.storage.desk_feed import FeedCursor
from access_desk.storage.engine import KEY_BYTES, read_transaction
from access_desk.storage.row_changes import insert_statement
from access_desk.storage.schema import blobs
from access_desk.storage.sealed_file import write_sealed
from access_desk.storage.sealed_pages import opened_pages
from access_desk.storage.snapshot_tables import TABLES, index_statements, table_statements

_AT_ONCE: Final = 2_000
# Of content, which is large.
_BLOBS_AT_ONCE: Final = 4
_CACHE_KIB: Final = 64_000


@dataclass(frozen=True, slots=True)
class Made:
    """A snapshot's file, and what it holds."""

    at: FeedCursor
    rows: int
    size: int
    sha256: str
    database_size: int
    key: bytes


def make_snapshot(engine: Engine, facility_id: str, target: Path) -> Made:
    """Write a snapshot of a facility into ``target``, which is whole and durable when this returns.

    Raises:
        UnavailableError: the database cannot be read, or the file cannot be written.
    """
    beside = target.with_name(target.name + ".db")
    page_key, file_key = os.urandom(KEY_BYTES), os.urandom(KEY_BYTES)
    try:
        beside.unlink(missing_ok=True)
        with read_transaction(engine) as connection:
            at = feed_head(connection, facility_id)
            rows = _fill(connection, facility_id, beside, page_key)
        with target.open("wb") as file:
            digest = write_sealed(file, file_key, opened_pages(beside, page_key))
            file.flush()
            os.fsync(file.fileno())
        return Made(at, rows, target.stat().st_size, digest, beside.stat().st_size, file_key)
    except OSError as wrong:
        raise UnavailableError(
            f"The snapshot cannot be written to {target.parent} ({wrong.strerror}). Central is as it was."
        ) from wrong
    finally:
        beside.unlink(missing_ok=True)


def _fill(source: Connection, facility_id: str, beside: Path, key: bytes) -> int:
    driver = dbapi2.connect(str(beside), isolation_level=None)
    try:
        # Left behind half made, it is made again: it needs no log of its own, and no disk that has it.
        for setting in (f"key=\"x'{key.hex()}'\"", "journal_mode=OFF", "synchronous=OFF", f"cache_size=-{_CACHE_KIB}"):
            driver.execute(f"PRAGMA {setting}")
        driver.execute("BEGIN")
        for statement in table_statements():
            driver.execute(statement)
        rows = sum(_copy(source, facility_id, table, driver) for table in TABLES)
        for statement in index_statements():
            driver.execute(statement)
        driver.execute("COMMIT")
    except dbapi2.OperationalError as full:
        raise UnavailableError(f"The snapshot cannot be written to {beside.parent}. Central is as it was.") from full
    finally:
        driver.close()
    return rows


def _copy(source: Connection, facility_id: str, table: Table, driver: Any) -> int:
    statement = insert_statement(table.name, tuple(column.name for column in table.columns))
    rows = 0
    for some in _batches(source, facility_id, table):
        driver.executemany(statement, some)
        rows += len(some)
    return rows


def _batches(source: Connection, facility_id: str, table: Table) -> Iterator[list[tuple[Any, ...]]]:
    columns = [column.name for column in table.columns]
    key = [column.name for column in table.primary_key if column.name != "facility_id"]
    places = [columns.index(name) for name in key]
    most = _BLOBS_AT_ONCE if table is blobs else _AT_ONCE
    # Names come from the schema; what is looked for is bound.
    begin = f"SELECT {', '.join(columns)} FROM {table.name} WHERE facility_id = ? "  # noqa: S608
    order = f"ORDER BY {', '.join(['facility_id', *key])} LIMIT {most}"
    later = f"AND ({', '.join(key)}) > ({', '.join('?' * len(key))}) " if key else ""
    last: tuple[Any, ...] = ()
    while True:
        statement = begin + (later if last else "") + order
        some = [tuple(row) for row in source.exec_driver_sql(statement, (facility_id, *last)).all()]
        if some:
            yield some
        if len(some) < most or not key:
            return
        last = tuple(some[-1][place] for place in places)
