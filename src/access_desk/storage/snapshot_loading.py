"""Takes a snapshot into a desk's file: one transaction in which the facility's tables become those of the snapshot.

What this desk recorded and the snapshot has not is kept and projected on top of it, with everything else of the log that the
snapshot lacks: nothing is ever lost by it. `local_*` tables stay as they are, except what was set aside and what stamps from
the future count as, which is part of what a log makes; for an event that the snapshot lacks the feed says it again. The whole
log is in the snapshot, so `verify` and replay need nothing else: they start from nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, Table

from access_desk.domain.errors import DamagedDatabaseError
from access_desk.protocol.encoding import UndecodableEventError, decode
from access_desk.protocol.snapshots import Snapshot
from access_desk.storage import let_go_rows
from access_desk.storage.desk_feed import FeedCursor, save_cursor
from access_desk.storage.durable_files import put_in_place, sync_file
from access_desk.storage.engine import KEY_BYTES, attached, open_database, read_transaction, wide_cache, write_transaction
from access_desk.storage.event_log import StoredEvent, Stream, facility_ids
from access_desk.storage.migrate import mark_as_newest
from access_desk.storage.received import store
from access_desk.storage.schema import LOCAL, blobs, events, metadata
from access_desk.storage.sealed_file import read_sealed
from access_desk.storage.sealed_pages import PageSealer
from access_desk.storage.snapshot_tables import ALIAS, BESIDE, TABLES

# Kibibytes of pages that are kept while tables are filled in order of their keys.
_CACHE_KIB: Final = 64_000
_AT_ONCE: Final = 500


class SnapshotRefusedError(Exception):
    """A snapshot cannot be taken in. Nothing was changed: the desk follows the feed. The text says why."""


def unpack(snapshot: Snapshot, source: Path, target: Path, key: bytes) -> None:
    """Make an encrypted database of a snapshot's file, a few mebibytes of it in memory at a time.

    Raises:
        SnapshotRefusedError: the file is not what was signed.
        OSError: it cannot be written.
    """
    if len(key) != KEY_BYTES:
        raise ValueError(f"a key has {KEY_BYTES} bytes")
    written = 0
    try:
        with target.open("wb") as file:
            pages = PageSealer(file, key)
            for part in read_sealed(source, bytes.fromhex(snapshot.key)):
                written += len(part)
                if written > snapshot.database_size:
                    raise SnapshotRefusedError("the snapshot holds more than was signed")
                pages.write(part)
            pages.close()
    except DamagedDatabaseError as wrong:
        raise SnapshotRefusedError("the snapshot is not as central wrote it") from wrong
    if written != snapshot.database_size:
        raise SnapshotRefusedError("the snapshot holds less than was signed")


def begin_with(snapshot: Snapshot, source: Path, database: Path, key: bytes) -> None:
    """Put a snapshot in the place of a new desk's database, in which nothing was recorded yet and which nobody has open.

    Its pages are encrypted with the desk's key as they come, so that they are written once. Killed at any point, the desk has
    its empty database or this one.

    Raises:
        SnapshotRefusedError: it is no snapshot, or something is in the desk's database.
        UnavailableError: the file cannot be written (OSError: nor looked at).
    """
    beside = database.with_name("snapshot-begun.db")
    for path in (beside, *_logs_of(beside)):
        path.unlink(missing_ok=True)
    try:
        _refuse_unless_new(database, key)
        unpack(snapshot, source, beside, key)
        engine = open_database(beside, key, create=False)
        try:
            with write_transaction(engine) as connection:
                metadata.create_all(connection, tables=[table for table in LOCAL if table not in BESIDE], checkfirst=False)
                mark_as_newest(connection)
                save_cursor(connection, snapshot.facility_id, FeedCursor(snapshot.position, snapshot.digest))
        finally:
            engine.dispose()
        beside.chmod(0o600)
        sync_file(beside)
        put_in_place(beside, database)
    finally:
        for path in (beside, *_logs_of(beside)):
            path.unlink(missing_ok=True)


def _refuse_unless_new(database: Path, key: bytes) -> None:
    engine = open_database(database, key, create=False)
    try:
        with read_transaction(engine) as connection:
            for table in (events, *LOCAL):
                if connection.exec_driver_sql(f"SELECT 1 FROM {table.name} LIMIT 1").first() is not None:  # noqa: S608
                    raise SnapshotRefusedError("something was recorded at this desk already")
    finally:
        engine.dispose()
    if any(path.exists() for path in _logs_of(database)):
        raise SnapshotRefusedError("somebody else has the desk's file open")


def _logs_of(database: Path) -> list[Path]:
    return [database.with_name(database.name + ending) for ending in ("-wal", "-shm")]


def load(engine: Engine, stream: Stream, snapshot: Snapshot, database: Path, key: bytes) -> None:
    """Take in what :func:`unpack` made, and follow the feed from there.

    Raises:
        SnapshotRefusedError: it is of another history than this desk's file, or is no snapshot.
        UnavailableError: the desk's file cannot be written. Nothing was changed.
    """
    with (
        wide_cache(engine, _CACHE_KIB),
        attached(engine, database, key, ALIAS),
        write_transaction(engine) as connection,
    ):
        _check(connection, stream)
        kept = _not_in_snapshot(connection, stream.facility_id)
        alone = facility_ids(connection) in ([], [stream.facility_id])
        for table in TABLES:
            _replace(connection, table, stream.facility_id, alone=alone)
        for some in _in_parts(kept):
            store(connection, some)
        let_go_rows.forget(connection, stream.facility_id)
        save_cursor(connection, stream.facility_id, FeedCursor(snapshot.position, snapshot.digest))


def _check(connection: Connection, stream: Stream) -> None:
    names = {row[0] for row in connection.exec_driver_sql(f"SELECT name FROM {ALIAS}.sqlite_master WHERE type = 'table'").all()}  # noqa: S608
    if not names.issuperset(table.name for table in TABLES):
        raise SnapshotRefusedError("the snapshot lacks tables")
    for table in TABLES:
        foreign = f"SELECT 1 FROM {ALIAS}.{table.name} WHERE facility_id <> ? LIMIT 1"  # noqa: S608 - names of the schema
        if table in (events, blobs) and connection.exec_driver_sql(foreign, (stream.facility_id,)).first() is not None:
            raise SnapshotRefusedError("the snapshot is of another facility")
    forked = connection.exec_driver_sql(
        f"SELECT 1 {_BOTH} WHERE m.facility_id = ? AND m.hash <> s.hash LIMIT 1", (stream.facility_id,)
    )
    if forked.first() is not None:
        raise SnapshotRefusedError("the snapshot has other events than this desk under the same numbers")
    ends = "SELECT coalesce(max(desk_seq), 0) FROM {}.events WHERE facility_id = ? AND desk_id = ? AND stream_epoch = ?"
    of_stream = (stream.facility_id, stream.desk_id, stream.epoch)
    here, there = (connection.exec_driver_sql(ends.format(name), of_stream).scalar_one() for name in ("main", ALIAS))
    if there > here:
        raise SnapshotRefusedError("the snapshot has events of this desk that the desk has not: an older copy was put back")


_SAME: Final = (
    "s.facility_id = m.facility_id AND s.desk_id = m.desk_id AND s.stream_epoch = m.stream_epoch AND s.desk_seq = m.desk_seq"
)
_BOTH: Final = f"FROM main.events m JOIN {ALIAS}.events s ON {_SAME}"


def _not_in_snapshot(connection: Connection, facility_id: str) -> list[StoredEvent]:
    rows = connection.exec_driver_sql(
        f"SELECT m.data, m.hash, m.signature FROM main.events m WHERE m.facility_id = ? AND NOT EXISTS "  # noqa: S608
        f"(SELECT 1 FROM {ALIAS}.events s WHERE {_SAME}) ORDER BY m.desk_id, m.stream_epoch, m.desk_seq",
        (facility_id,),
    ).all()
    if not all(row[0] for row in rows):
        raise SnapshotRefusedError("the snapshot lacks events whose details were let go here")
    try:
        return [
            StoredEvent(decode(bytes(data))[0], bytes(data), bytes(digest), bytes(signature) if signature else None)
            for data, digest, signature in rows
        ]
    except UndecodableEventError as wrong:
        raise SnapshotRefusedError("the desk's own log cannot be read") from wrong


def _replace(connection: Connection, table: Table, facility_id: str, *, alone: bool) -> None:
    """Put a table's rows in the place of those of the facility."""
    name = table.name
    if table is blobs:
        # What is there already is the same, and what the desk has not sent yet stays.
        connection.exec_driver_sql(f"INSERT OR IGNORE INTO main.{name} {_rows(connection, name)}")
        return
    if alone:
        connection.exec_driver_sql(f"DELETE FROM main.{name}")  # noqa: S608 - names come from the schema
    else:
        connection.exec_driver_sql(f"DELETE FROM main.{name} WHERE facility_id = ?", (facility_id,))  # noqa: S608
    connection.exec_driver_sql(f"INSERT INTO main.{name} {_rows(connection, name)}")


def _rows(connection: Connection, name: str) -> str:
    here, there = (_columns(connection, schema, name) for schema in ("main", ALIAS))
    if set(here) != set(there):
        raise SnapshotRefusedError(f"table {name} of the snapshot has other columns")
    # Into an empty table of the same columns SQLite moves whole rows and index entries, in order, without reading them
    # (sqlite.org, "the xfer optimization"): only this plain form does it.
    named = ", ".join(here)
    return f"SELECT * FROM {ALIAS}.{name}" if here == there else f"({named}) SELECT {named} FROM {ALIAS}.{name}"  # noqa: S608


def _columns(connection: Connection, schema: str, name: str) -> list[str]:
    return [str(row[1]) for row in connection.exec_driver_sql(f"PRAGMA {schema}.table_info({name})").all()]


def _in_parts(kept: Sequence[StoredEvent]) -> Iterator[Sequence[Any]]:
    for at in range(0, len(kept), _AT_ONCE):
        yield kept[at : at + _AT_ONCE]
