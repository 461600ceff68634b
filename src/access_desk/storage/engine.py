"""Opening databases and their transactions.

One dedicated connection writes, so that a payment never waits for the pool or a pragma; readers have a pool of their
own. Every writer begins with BEGIN IMMEDIATE: a deferred one fails at once when another writer is there.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import sqlcipher3.dbapi2
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.pool import QueuePool, StaticPool

from access_desk.domain.errors import DamagedDatabaseError, UnavailableError

KEY_BYTES = 32
_FULL = 2
_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=5000",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA cache_size=-16000",
)


class CommitFailed(Exception):
    """COMMIT reported an error: recorded or not is not known until the event is looked up on a fresh connection."""


class _Writer:
    """The one connection that writes, and the lock that keeps writers apart."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.connection: Connection | None = None


_writers: WeakKeyDictionary[Engine, _Writer] = WeakKeyDictionary()
_writers_lock = threading.Lock()


def open_database(path: Path, key: bytes, *, create: bool) -> Engine:
    """An engine over an encrypted file.

    Raises:
        UnavailableError: there is no file and ``create`` is False, or the file cannot be opened.
        DamagedDatabaseError: the key is not the file's, or the file is no database.
    """
    if len(key) != KEY_BYTES:
        raise ValueError("the key of a database has 32 bytes")
    if not create and not path.exists():
        raise UnavailableError("The desk's database is not in its folder. Restore a backup, or enroll the desk again.")
    url = URL.create("sqlite+pysqlcipher", password=f"x'{key.hex()}'", database=str(path))
    engine = create_engine(
        url,
        module=sqlcipher3.dbapi2,
        poolclass=QueuePool,
        pool_size=4,
        connect_args={"check_same_thread": False, "timeout": 10, "isolation_level": None},
    )
    event.listen(engine, "connect", _prepare)
    try:
        with engine.connect() as connection:
            assert_pragmas(connection)
            connection.exec_driver_sql("SELECT count(*) FROM sqlite_master")
    except DBAPIError as wrong:
        engine.dispose()
        raise _opening_error(wrong) from wrong
    return engine


def open_memory_database() -> Engine:
    """An engine over an empty unencrypted database that never touches a disk; for replay and tests."""
    engine = create_engine(
        "sqlite://",
        module=sqlcipher3.dbapi2,
        poolclass=StaticPool,
        connect_args={"check_same_thread": False, "isolation_level": None},
    )
    event.listen(engine, "connect", _prepare_memory)
    return engine


def _prepare(connection: Any, record: object) -> None:
    del record
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _prepare_memory(connection: Any, record: object) -> None:
    del record
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys=ON")


def assert_pragmas(connection: Connection) -> None:
    """Raises UnavailableError unless the database keeps what it acknowledges: WAL, FULL, foreign keys."""
    mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar_one()
    durable = connection.exec_driver_sql("PRAGMA synchronous").scalar_one()
    keys = connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one()
    if str(mode).lower() != "wal" or int(durable) < _FULL or int(keys) != 1:
        raise UnavailableError(
            "The database was not opened the way that keeps payments through a power cut, so the desk does not start."
        )


def _opening_error(wrong: DBAPIError) -> UnavailableError:
    text = str(wrong.orig).lower()
    if "not a database" in text or "malformed" in text:
        return DamagedDatabaseError(
            "The desk's database cannot be read with its key. Nothing was changed. Restore a backup, or enroll the desk again."
        )
    return UnavailableError(f"The desk's database cannot be opened ({text}). Check the disk and the folder's rights.")


@contextmanager
def write_transaction(engine: Engine) -> Iterator[Connection]:
    """A transaction that may write: left normally it is durable, left by an exception nothing happened.

    Raises:
        CommitFailed: COMMIT reported an error.
        UnavailableError: the disk is full or cannot be written; nothing happened.
    """
    writer = _writer_of(engine)
    with writer.lock:
        connection = _writing_connection(engine, writer)
        try:
            yield connection
        except (IntegrityError, sqlcipher3.dbapi2.IntegrityError):
            # A broken constraint is a bug of ours, not the world's.
            _roll_back(writer, connection)
            raise
        except (DBAPIError, sqlcipher3.dbapi2.Error) as wrong:
            _give_up(writer, connection)
            raise _writing_error(wrong) from wrong
        except BaseException:
            _roll_back(writer, connection)
            raise
        try:
            connection.exec_driver_sql("COMMIT")
        except DBAPIError as failed:
            _give_up(writer, connection)
            raise CommitFailed(str(failed.orig)) from failed


def _writer_of(engine: Engine) -> _Writer:
    with _writers_lock:
        return _writers.setdefault(engine, _Writer())


def _writing_connection(engine: Engine, writer: _Writer) -> Connection:
    try:
        if writer.connection is None or writer.connection.closed:
            writer.connection = engine.connect()
        writer.connection.exec_driver_sql("BEGIN IMMEDIATE")
    except DBAPIError as wrong:
        raise _writing_error(wrong) from wrong
    return writer.connection


def _roll_back(writer: _Writer, connection: Connection) -> None:
    try:
        connection.exec_driver_sql("ROLLBACK")
    except DBAPIError:
        _give_up(writer, connection)


def _give_up(writer: _Writer, connection: Connection) -> None:
    """After an error the connection is not trusted any more; closing it rolls back."""
    writer.connection = None
    connection.invalidate()
    connection.close()


def _writing_error(wrong: Exception) -> UnavailableError:
    reason = str(getattr(wrong, "orig", wrong)).lower()
    if "full" in reason:
        return UnavailableError("The disk is full. Nothing was recorded and nothing is lost. Free some space, then try again.")
    if "readonly" in reason or "read-only" in reason:
        return UnavailableError("The desk's folder cannot be written. Nothing was recorded. Check the folder's rights.")
    if "malformed" in reason or "not a database" in reason:
        return DamagedDatabaseError("The desk's database is damaged. Nothing was recorded. Restore a backup.")
    return UnavailableError(f"The desk's database cannot be used now ({reason}). Nothing was recorded. Try again.")


@contextmanager
def read_transaction(engine: Engine) -> Iterator[Connection]:
    """One consistent view. Raises UnavailableError when the file cannot be read."""
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("BEGIN")
            try:
                yield connection
            finally:
                connection.exec_driver_sql("ROLLBACK")
    except DBAPIError as wrong:
        raise _writing_error(wrong) from wrong
