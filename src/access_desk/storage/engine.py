"""Opens the desk's encrypted database, and hands out its transactions.

SQLCipher through SQLAlchemy's ``sqlite+pysqlcipher`` dialect with a raw 256-bit key. WAL with ``synchronous=FULL``:
measured, NORMAL loses acknowledged rows in a power cut, FULL does not. One writer at a time: it keeps one connection of
its own, so that a transaction costs ``BEGIN IMMEDIATE`` and ``COMMIT`` and next to nothing else. Readers take theirs
from a pool and see one consistent snapshot each.

The library inside the encryption wheel is built with double-quoted strings allowed and offers no way to switch them off,
so statements in this package quote strings with single quotes only (an unknown column in double quotes would be text).
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any, Final, TypeAlias

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool, StaticPool
from sqlcipher3 import dbapi2

from access_desk.domain.errors import DamagedDatabaseError, UnavailableError
from access_desk.storage.durable_files import sync_file
from access_desk.storage.faults import is_world_fault, unavailable
from access_desk.storage.readers import Readers, Reading, answer, raise_explained
from access_desk.storage.statements import Readable, rows_of

# What floors above call the engine, so that they need not import the library.
Database: TypeAlias = Engine

KEY_BYTES: Final = 32
SMALLEST_PAGE: Final = 512
BUSY_TIMEOUT_MS: Final = 5_000
POOL_SIZE: Final = 4
# Bytes that the log keeps after a large import was moved into the database.
LARGEST_IDLE_LOG: Final = 16 * 1024 * 1024
# Kibibytes of pages that a connection keeps, as the negative number that the setting takes.
_CACHE: Final = -16_000
_OPTION: Final = "access_desk_writer"
# Where an engine on another database than a file keeps its own transactions, which have `write()` and `read()`.
ELSEWHERE: Final = "access_desk_transactions"
# The write-ahead log's layout (sqlite.org/fileformat2.html, section 4.1).
_WAL_HEADER: Final = 32
_WAL_FRAME_HEADER: Final = 24

# What a connection is set to, and what it must answer when asked; `assert_pragmas` compares.
PRAGMAS: Final[tuple[tuple[str, str, object], ...]] = (
    ("synchronous", "FULL", 2),
    ("foreign_keys", "ON", 1),
    ("busy_timeout", str(BUSY_TIMEOUT_MS), BUSY_TIMEOUT_MS),
    ("temp_store", "MEMORY", 2),
    ("cache_size", str(_CACHE), _CACHE),
    ("fullfsync", "ON", 1),
    ("checkpoint_fullfsync", "ON", 1),
    ("trusted_schema", "OFF", 0),
    ("cell_size_check", "ON", 1),
    ("journal_size_limit", str(LARGEST_IDLE_LOG), LARGEST_IDLE_LOG),
)


class CommitFailed(Exception):  # noqa: N818 - it is an outcome to resolve, not yet an error
    """COMMIT reported an error: recorded or not is unknown until it is looked up.

    The next transaction of the engine is on a fresh connection and settles the file first, so what it then shows is
    what stays true.
    """


class _Writer:
    """The one connection that writes, and the lock that queues for it."""

    def __init__(self, engine: Engine, wal: Path | None) -> None:
        self.lock = threading.RLock()
        self.wal = wal
        self.is_busy = False
        self._is_unsettled = False
        self._engine = engine
        self._connection: Connection | None = None
        self._failed: Connection | None = None
        self.readers = Readers(engine)

    def begin(self) -> Connection:
        """Start the transaction. Raises UnavailableError when the file cannot be written."""
        if self.is_busy:
            raise RuntimeError("a write transaction is already open in this thread")
        self.settle()
        connection = self.connection()
        _driver(connection).execute("BEGIN IMMEDIATE")
        self.is_busy = True
        return connection

    def connection(self) -> Connection:
        """Give the writer's own connection, opened when there is none."""
        connection = self._connection
        if connection is None or connection.closed or connection.invalidated:
            connection = self._connection = self._engine.connect()
            if self.wal is not None:
                connection.detach()
        return connection

    def commit(self, connection: Connection) -> None:
        """Make it durable. Raises CommitFailed when the file reports an error, and the driver's own error for a bug."""
        try:
            _driver(connection).commit()
        except dbapi2.Error as failure:
            self.roll_back(connection)
            if not is_world_fault(failure):
                raise
            if self.wal is not None:
                self._give_up(connection)
            raise CommitFailed(str(failure)) from failure
        self.is_busy = False
        _tidy(connection)

    def roll_back(self, connection: Connection) -> None:
        """Undo it. A connection that cannot even do that is closed, which undoes it too."""
        self.is_busy = False
        try:
            _driver(connection).rollback()
            _tidy(connection)
        except (dbapi2.Error, DBAPIError):
            connection.invalidate()

    def settle(self) -> None:
        """After a failed COMMIT, make what the file shows final. Raises UnavailableError when that is impossible.

        The frames of the failed commit may lie behind the log's end, where a recovery after a crash could take them for
        committed although they were reported as not recorded. Moving all that is committed into the database empties
        the log; where that is impossible (the disk is full, somebody reads an older state), the frames are cut off.
        """
        if not self._is_unsettled or self.wal is None:
            return
        with self.lock, self._engine.connect() as fresh, self._engine.connect() as counting:
            driver = _driver(fresh)
            if not _empty_log(driver):
                driver.execute("BEGIN IMMEDIATE")
                try:
                    _cut_log(_driver(counting), self.wal)
                finally:
                    driver.rollback()
            self._is_unsettled = False
            failed, self._failed = self._failed, None
            if failed is not None:
                failed.close()

    def settled_readers(self) -> Readers:
        """Those of the driver, after :meth:`settle`."""
        if self._is_unsettled:
            try:
                self.settle()
            except (dbapi2.Error, DBAPIError) as failure:
                raise_explained(failure)
        return self.readers

    def close(self) -> None:
        """Close the connections; the next transaction opens another."""
        self.readers.close()
        open_ones, self._connection, self._failed = (self._connection, self._failed), None, None
        for connection in open_ones:
            if connection is not None and not connection.closed:
                connection.close()

    def _give_up(self, connection: Connection) -> None:
        self._connection = None
        self._engine.dispose()
        # It stays open until the file is settled: with the last connection the shared index of the log would go, and on a
        # full disk there is no room to make another.
        self._failed = connection
        self._is_unsettled = True


def _empty_log(driver: Any) -> bool:
    # Without waiting for readers: there is another way when they are there.
    driver.execute("PRAGMA busy_timeout=0")
    try:
        return bool(driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0)
    except dbapi2.Error as failure:
        if not is_world_fault(failure):
            raise
        return False
    finally:
        driver.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")


def _cut_log(driver: Any, wal: Path) -> None:
    frames = driver.execute("PRAGMA wal_checkpoint(NOOP)").fetchone()[1]
    page_size = int(driver.execute("PRAGMA page_size").fetchone()[0])
    end = _WAL_HEADER + max(frames, 0) * (_WAL_FRAME_HEADER + page_size)
    try:
        if wal.stat().st_size > end:
            os.truncate(wal, end)
            sync_file(wal)
    except FileNotFoundError:
        return
    except OSError as wrong:
        raise UnavailableError(
            f"The disk reports errors ({wrong.strerror}), so the desk cannot find out what was recorded. "
            "Stop recording here and call support."
        ) from wrong


def _tidy(connection: Connection) -> None:
    # SQLAlchemy began a transaction of its own if it executed anything; the driver's is over already.
    if connection.in_transaction():
        connection.rollback()


def open_database(path: Path, key: bytes, *, create: bool) -> Engine:
    """Open the encrypted database.

    Args:
        path: the file.
        key: its raw 256-bit key.
        create: make a new, empty one; there must be none yet. Otherwise it must exist: nothing is ever created over
            a database that cannot be opened.

    Raises:
        DamagedDatabaseError: the key does not open it, or it is not a database.
        UnavailableError: it is missing, already there, or cannot be written to.
    """
    if len(key) != KEY_BYTES:
        raise ValueError(f"a key has {KEY_BYTES} bytes")
    _look(path, create=create)
    engine = _engine(path.absolute(), key, may_create=create)
    try:
        with engine.connect() as connection:
            driver = _driver(connection)
            driver.execute("SELECT count(*) FROM sqlite_master").fetchone()
            if driver.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
                driver.execute("PRAGMA journal_mode=WAL")
            assert_pragmas(connection)
    except (dbapi2.Error, DBAPIError) as failure:
        engine.dispose()
        raise unavailable(failure, opening=True) or failure from failure
    except BaseException:
        engine.dispose()
        raise
    return engine


def open_memory_database() -> Engine:
    """Open an empty database in memory, unkeyed: for replay and tests. One connection, shared."""
    engine = create_engine(
        "sqlite://",
        module=dbapi2,
        poolclass=StaticPool,
        hide_parameters=True,
        connect_args={"check_same_thread": False, "isolation_level": None},
    )
    engine.update_execution_options(**{_OPTION: _Writer(engine, None)})
    event.listen(engine, "connect", _set_up_in_memory)
    return engine


def assert_pragmas(connection: Connection) -> None:
    """Refuse a connection that would not keep what it acknowledges.

    Raises:
        UnavailableError: a setting is not what it must be, naming it.
    """
    driver = _driver(connection)
    wanted = (("journal_mode", "WAL", "wal"), *PRAGMAS)
    for name, setting, wanted_answer in wanted:
        found = driver.execute(f"PRAGMA {name}").fetchone()
        if found is None or found[0] != wanted_answer:
            raise UnavailableError(
                f"The desk's database is not set to {name}={setting}, so a power cut could lose what was recorded. "
                "The desk does not start like this. Nothing was changed. Install the program again, or call support."
            )


@contextmanager
def write_transaction(engine: Engine) -> Iterator[Connection]:
    """Write in one transaction, from ``BEGIN IMMEDIATE`` to a durable ``COMMIT``; any exception rolls it back.

    Raises:
        UnavailableError: the file cannot be written; nothing was recorded.
        CommitFailed: COMMIT reported an error; whether it was recorded has to be looked up.
    """
    elsewhere = engine.get_execution_options().get(ELSEWHERE)
    if elsewhere is not None:
        with elsewhere.write() as connection:
            yield connection
        return
    writer = _writer(engine)
    with writer.lock:
        try:
            connection = writer.begin()
        except (dbapi2.Error, DBAPIError) as failure:
            raise unavailable(failure) or failure from failure
        try:
            yield connection
        except (dbapi2.Error, DBAPIError) as failure:
            writer.roll_back(connection)
            world = unavailable(failure)
            if world is None:
                raise
            raise world from failure
        except BaseException:
            writer.roll_back(connection)
            raise
        writer.commit(connection)


@contextmanager
def wide_cache(engine: Engine, kibibytes: int) -> Iterator[None]:
    """Give the writer more memory for pages while a lot is loaded: indexes are written all over the file."""
    try:
        with write_transaction(engine) as connection:
            _driver(connection).execute(f"PRAGMA cache_size=-{kibibytes}")
        yield
    finally:
        with write_transaction(engine) as connection:
            _driver(connection).execute(f"PRAGMA cache_size={_CACHE}")
            _driver(connection).execute("PRAGMA shrink_memory")


@contextmanager
def attached(engine: Engine, path: Path, key: bytes, alias: str) -> Iterator[None]:
    """Let the writer see the tables of another encrypted file that nobody writes to, as ``alias``.

    Write transactions in between are this thread's: others wait. Raises UnavailableError when the file cannot be opened.
    """
    writer = _writer(engine)
    with writer.lock:
        driver = _driver(writer.connection())
        try:
            # The name is the program's own, never input.
            driver.execute(f"ATTACH ? AS {alias} KEY ?", (f"{path.absolute().as_uri()}?mode=ro", f"x'{key.hex()}'"))
            driver.execute(f"SELECT count(*) FROM {alias}.sqlite_master").fetchone()  # noqa: S608
            yield
        except dbapi2.Error as failure:
            raise unavailable(failure) or failure from failure
        finally:
            # After a failed commit the connection is gone, and with it what was attached.
            if _driver(writer.connection()) is driver:
                with suppress(dbapi2.Error):
                    driver.execute(f"DETACH {alias}")


@contextmanager
def read_transaction(engine: Engine) -> Iterator[Connection]:
    """Read one consistent snapshot of everything committed. It never waits for the writer, nor the writer for it.

    Raises:
        UnavailableError: the file cannot be read (DamagedDatabaseError: a page of it).
    """
    elsewhere = engine.get_execution_options().get(ELSEWHERE)
    if elsewhere is not None:
        with elsewhere.read() as connection:
            yield connection
        return
    writer = _writer(engine)
    try:
        if writer.wal is None:
            with _read_in_memory(writer) as connection:
                yield connection
            return
        writer.settle()
        with engine.connect() as connection:
            _driver(connection).execute("BEGIN")
            yield connection
    except (dbapi2.Error, DBAPIError) as failure:
        raise_explained(failure)


def driver_transaction(engine: Engine) -> AbstractContextManager[Readable]:
    """The same for statements on the driver's own cursor: to begin and to end takes a fifth as long, and every key begins one.

    Raises:
        UnavailableError: as :func:`read_transaction`.
    """
    options = engine.get_execution_options()
    if ELSEWHERE in options or options[_OPTION].wal is None:
        return read_transaction(engine)
    return Reading(options[_OPTION].settled_readers())


def read_once(engine: Engine, statement: str, *values: object) -> list[Any]:
    """The rows of one statement of the driver, which needs no transaction around it to see one consistent snapshot.

    Raises:
        UnavailableError: as :func:`read_transaction`.
    """
    options = engine.get_execution_options()
    if (once := getattr(options.get(ELSEWHERE), "once", None)) is not None:
        return list(once(statement, values))
    if ELSEWHERE in options or options[_OPTION].wal is None:
        with read_transaction(engine) as connection:
            return rows_of(connection, statement, *values)
    return answer(options[_OPTION].settled_readers(), statement, values)


@contextmanager
def _read_in_memory(writer: _Writer) -> Iterator[Connection]:
    # There is one connection only: readers and the writer take turns, and who reads inside a transaction reads in it.
    with writer.lock:
        connection = writer.connection()
        driver = _driver(connection)
        if driver.in_transaction:
            yield connection
            return
        driver.execute("BEGIN")
        try:
            yield connection
        finally:
            driver.rollback()
            _tidy(connection)


def _look(path: Path, *, create: bool) -> None:
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        if create:
            return
        raise UnavailableError(
            f"The desk's database is missing: {path}. Nothing was changed, and no empty one was made in its place. "
            "Restore a backup, or enroll this desk again."
        ) from None
    except OSError as wrong:
        raise UnavailableError(
            f"The desk's database cannot be reached: {path} ({wrong.strerror}). Nothing was changed. "
            "Check the folder, then start again."
        ) from wrong
    if create:
        raise UnavailableError(f"There is a database already: {path}. It was left as it is.")
    # The library would take a file without a whole page for a new database, and begin one.
    if size < SMALLEST_PAGE:
        raise DamagedDatabaseError(
            f"The desk's database is empty or cut off: {path}. Nothing was changed, and no empty one was made in its place. "
            "Restore a backup."
        )


def _engine(path: Path, key: bytes, *, may_create: bool) -> Engine:
    url = URL.create(
        "sqlite+pysqlcipher",
        password=f"x'{key.hex()}'",
        database=path.as_uri(),
        query={"uri": "true", "mode": "rwc" if may_create else "rw"},
    )
    engine = create_engine(
        url,
        module=dbapi2,
        poolclass=QueuePool,
        pool_size=POOL_SIZE,
        max_overflow=-1,
        hide_parameters=True,  # an error's text never carries what was typed
        pool_use_lifo=True,
        connect_args={"check_same_thread": False, "isolation_level": None, "timeout": BUSY_TIMEOUT_MS / 1000},
    )
    writer = _Writer(engine, path.with_name(path.name + "-wal"))
    engine.update_execution_options(**{_OPTION: writer})
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "engine_disposed", lambda _: writer.close())
    return engine


def _set_up(driver: Any, _: object) -> None:
    # Before the first page is read: the cipher would report a wrong key on stderr by itself.
    driver.execute("PRAGMA cipher_log_level=NONE")
    # ON would lock and wipe every allocation: measured, twelve inserts then take 0.43 to 0.86 ms instead of 0.15 ms.
    driver.execute("PRAGMA cipher_memory_security=OFF")
    for name, setting, _answer in PRAGMAS:
        driver.execute(f"PRAGMA {name}={setting}")


def _set_up_in_memory(driver: Any, _: object) -> None:
    driver.execute("PRAGMA foreign_keys=ON")


def _driver(connection: Connection) -> Any:
    return connection.connection.dbapi_connection


def _writer(engine: Engine) -> _Writer:
    writer = engine.get_execution_options().get(_OPTION)
    if not isinstance(writer, _Writer):
        raise TypeError("the engine was not opened by open_database or open_memory_database")
    return writer
