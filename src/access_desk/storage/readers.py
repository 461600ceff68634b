"""Connections that only read, for the questions that every key asks.

What is written here is short on purpose: an answer takes less time than the layers that usually lie around one, and after
other work the processor has to fetch each of them again.
"""

from __future__ import annotations

from types import TracebackType
from typing import Any, Final, NoReturn, Self

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlcipher3 import dbapi2

from access_desk.storage.faults import unavailable

# A page that is not kept has to be decrypted for the next key that needs it; of an index of a million this is half.
_CACHE_KIB: Final = 65_536


class Readers:
    """Connections of the driver that only read, out of the pool: taking one from there takes longer than a key's answer."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        # Each as a cursor, which has its connection: to make one takes a tenth of an answer's time.
        self.idle: list[Any] = []

    def close(self) -> None:
        """Close those that nobody uses; the others are closed when they are given back."""
        idle, self.idle = self.idle, []
        while idle:
            idle.pop().connection.close()

    def taken(self) -> Any:
        """A cursor of one that nobody uses."""
        try:
            return self.idle.pop()
        except IndexError:
            return self._opened()

    def _opened(self) -> Any:
        pooled = self._engine.raw_connection()
        driver: Any = pooled.dbapi_connection
        pooled.detach()
        driver.execute(f"PRAGMA cache_size=-{_CACHE_KIB}")
        return driver.cursor()


class Reading:
    """One of the readers in a transaction of its own, which sees one consistent snapshot. Raises UnavailableError."""

    __slots__ = ("_cursor", "_idle", "_readers", "connection")

    def __init__(self, readers: Readers) -> None:
        self._readers = readers
        # The list that it comes from: after `close` it belongs to nobody, and neither does the connection.
        self._idle = readers.idle
        self._cursor: Any = None
        self.connection: Any = None

    def __enter__(self) -> Self:
        try:
            self._cursor = self._readers.taken()
            self.connection = self._cursor.connection
            self.connection.execute("BEGIN")
        except (dbapi2.Error, DBAPIError) as failure:
            self._give_up()
            raise_explained(failure)
        return self

    def __exit__(self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None) -> None:
        if failure is not None:
            self._give_up()
            if isinstance(failure, dbapi2.Error | DBAPIError):
                raise_explained(failure)
            return
        try:
            self.connection.rollback()
        except dbapi2.Error as late:
            self._give_up()
            raise_explained(late)
        if self._idle is self._readers.idle:
            self._idle.append(self._cursor)
        else:
            self._give_up()

    def _give_up(self) -> None:
        if self.connection is not None:
            self.connection.close()


def answer(readers: Readers, statement: str, values: tuple[object, ...]) -> list[Any]:
    """The rows of one statement, without a transaction around it: by itself it sees one consistent snapshot.

    Raises:
        UnavailableError: the file cannot be read.
    """
    idle, cursor = readers.idle, None
    try:
        cursor = readers.taken()
        rows: list[Any] = cursor.execute(statement, values).fetchall()
    except (dbapi2.Error, DBAPIError) as failure:
        if cursor is not None:
            cursor.connection.close()
        raise_explained(failure)
    if idle is readers.idle:
        idle.append(cursor)
    else:
        cursor.connection.close()
    return rows


def raise_explained(failure: dbapi2.Error | DBAPIError) -> NoReturn:
    """Raise UnavailableError where the world is the cause, else the failure itself."""
    world = unavailable(failure)
    if world is None:
        raise failure
    raise world from failure
