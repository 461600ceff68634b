"""The files of a simulated desk or central: most in memory, some encrypted and on disk, all with the real tables.

Storage asks an engine whether its transactions are elsewhere, as those of PostgreSQL are. So are these: what can go wrong
with a file goes wrong here, at the beginning, in the middle and at the end of a transaction.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine
from sqlalchemy.exc import DBAPIError
from sqlcipher3 import dbapi2

from access_desk.storage.engine import ELSEWHERE, CommitFailed, Database, open_database, read_transaction, write_transaction
from access_desk.storage.faults import unavailable

KEY = b"k" * 32
LOST, KEPT, KILLED_BEFORE, KILLED_AFTER = "commit lost", "commit kept", "killed before commit", "killed after commit"
AT_COMMIT = (LOST, KEPT, KILLED_BEFORE, KILLED_AFTER)
_EXTENDED_IO_ERROR = 10 | (1 << 8)
# Of the many statements of the program none is prepared twice.
_STATEMENTS = 1_000
_NOWHERE = create_engine("sqlite://")


class KilledError(BaseException):
    """The process was killed; nothing that it held in memory is left, and no handler of it runs."""


def io_error() -> dbapi2.OperationalError:
    """What the library raises when the disk reports an error."""
    failure = dbapi2.OperationalError("disk I/O error")
    failure.sqlite_errorcode = _EXTENDED_IO_ERROR
    return failure


class File(ABC):
    """A database; ``fate`` is asked at every COMMIT for one of ``AT_COMMIT`` or nothing, ``fails`` at every beginning."""

    def __init__(self) -> None:
        self.database: Database = _NOWHERE.execution_options(**{ELSEWHERE: self})
        self.fate: Callable[[], str] = str
        self.fails: Callable[[bool], bool] = lambda writing: False
        self._is_in_use = False

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """Somebody works with the program, who is told when something goes wrong; else transactions only begin well."""
        before, self._is_in_use = self._is_in_use, True
        try:
            yield
        finally:
            self._is_in_use = before

    def open_again(self) -> None:  # noqa: B027 - in memory there is nothing to open
        """A new process."""

    def _begins(self, writing: bool) -> None:
        if self._is_in_use and self.fails(writing):
            raise unavailable(io_error()) or io_error()

    @abstractmethod
    def write(self) -> Any:
        """A write transaction."""

    @abstractmethod
    def look(self) -> Any:
        """A read transaction that nothing goes wrong with, for whoever judges."""

    @contextmanager
    def read(self) -> Iterator[Any]:
        """A read transaction."""
        self._begins(False)
        with self.look() as connection:
            yield connection

    @abstractmethod
    def fill(self, full: bool) -> None:
        """The disk is full, or has room again."""

    @abstractmethod
    def close(self) -> None:
        """Let go of it."""


class _Answer:
    """What a statement answered, as storage reads it."""

    __slots__ = ("_cursor", "rowcount")

    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor
        self.rowcount: int = cursor.rowcount

    def all(self) -> list[tuple[Any, ...]]:
        """Every row."""
        rows: list[tuple[Any, ...]] = self._cursor.fetchall()
        return rows

    def first(self) -> tuple[Any, ...] | None:
        """The first row; None when there is none."""
        row: tuple[Any, ...] | None = self._cursor.fetchone()
        self._cursor.close()
        return row

    def one(self) -> tuple[Any, ...]:
        """The only row."""
        (row,) = self._cursor.fetchall()
        found: tuple[Any, ...] = row
        return found

    def scalar_one(self) -> Any:
        """The only value."""
        ((value,),) = self._cursor.fetchall()
        return value

    def mappings(self) -> _ByName:
        """The rows by the names of their columns."""
        return _ByName(self._cursor)

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return iter(self._cursor)


class _ByName:
    """Rows by the names of their columns."""

    __slots__ = ("_cursor", "_names")

    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor
        self._names = [one[0] for one in cursor.description]

    def all(self) -> list[dict[str, Any]]:
        """Every row."""
        return list(self)

    def first(self) -> dict[str, Any] | None:
        """The first row; None when there is none."""
        return next(iter(self), None)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return (dict(zip(self._names, row, strict=True)) for row in self._cursor.fetchall())


class _Handle:
    """What storage is given as a connection."""

    def __init__(self, driver: Any) -> None:
        self.dbapi_connection = driver
        self.connection = self
        self.cursor = driver.cursor

    def exec_driver_sql(self, statement: str, bound: Sequence[Any] = ()) -> _Answer:
        """Execute one statement, for many rows when a list is given."""
        cursor = self.cursor()
        if isinstance(bound, list):
            return _Answer(cursor.executemany(statement, bound))
        return _Answer(cursor.execute(statement, bound))


class InMemory(File):
    """A database in memory without a cipher, a pool and a dialect between: the library and the statements are the same."""

    def __init__(self) -> None:
        super().__init__()
        self.driver = dbapi2.connect(":memory:", isolation_level=None, cached_statements=_STATEMENTS, check_same_thread=False)
        self.driver.execute("PRAGMA foreign_keys=ON")
        self._handle = _Handle(self.driver)

    def copy_of(self, other: InMemory) -> None:
        """Have what another has, and nothing else."""
        other.driver.backup(self.driver)

    @contextmanager
    def write(self) -> Iterator[Any]:
        """A write transaction; any exception rolls it back."""
        driver = self.driver
        self._begins(True)
        try:
            driver.execute("BEGIN IMMEDIATE")
            yield self._handle
        except (dbapi2.Error, DBAPIError) as failure:
            driver.rollback()
            world = unavailable(failure)
            if world is None:
                raise
            raise world from failure
        except BaseException:
            driver.rollback()
            raise
        fate = self.fate()
        if not fate:
            driver.commit()
            return
        if fate in (LOST, KILLED_BEFORE):
            driver.rollback()
        else:
            driver.commit()
        raise CommitFailed(fate) if fate in (LOST, KEPT) else KilledError(fate)

    @contextmanager
    def look(self) -> Iterator[Any]:
        """A read transaction. There is one connection: who reads inside a write transaction reads in it."""
        if self.driver.in_transaction:
            yield self._handle
            return
        try:
            self.driver.execute("BEGIN")
            try:
                yield self._handle
            finally:
                self.driver.rollback()
        except (dbapi2.Error, DBAPIError) as failure:
            world = unavailable(failure)
            if world is None:
                raise
            raise world from failure

    def fill(self, full: bool) -> None:
        """No page more than there are."""
        pages = self.driver.execute("PRAGMA page_count").fetchone()[0] if full else 1 << 30
        self.driver.execute(f"PRAGMA max_page_count={pages}")

    def close(self) -> None:
        """Let go of it."""
        self.driver.close()


class _LostError(Exception):
    """Rolls a transaction of the program back."""


class OnDisk(File):
    """An encrypted file with the program's own engine around it."""

    def __init__(self, path: Path, *, create: bool) -> None:
        super().__init__()
        self.path = path
        self.engine = open_database(path, KEY, create=create)
        self._full = False

    @contextmanager
    def write(self) -> Iterator[Any]:
        """A transaction of the program's; what a fate says happens around its COMMIT."""
        self._begins(True)
        if self._full:
            raise unavailable(io_error()) or io_error()
        fate = ""
        try:
            with write_transaction(self.engine) as connection:
                yield connection
                fate = self.fate()
                if fate in (LOST, KILLED_BEFORE):
                    raise _LostError
        except _LostError:
            pass
        if fate:
            raise CommitFailed(fate) if fate in (LOST, KEPT) else KilledError(fate)

    @contextmanager
    def look(self) -> Iterator[Any]:
        """A transaction of the program's."""
        with read_transaction(self.engine) as connection:
            yield connection

    def fill(self, full: bool) -> None:
        """Nothing can be written any more, or again."""
        self._full = full

    def open_again(self) -> None:
        """Close the connections, and find again what is on the disk."""
        self.engine.dispose()
        self.engine = open_database(self.path, KEY, create=False)

    def close(self) -> None:
        """Close the engine's connections."""
        self.engine.dispose()
