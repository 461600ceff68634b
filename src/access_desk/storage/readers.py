"""Connections that only read, for the questions that every key asks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import Engine

# A page that is not kept has to be decrypted for the next key that needs it; of an index of a million this is half.
_CACHE_KIB: Final = 65_536


class Readers:
    """Connections of the driver that only read, out of the pool: taking one from there takes longer than a key's answer."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._idle: list[Any] = []

    @contextmanager
    def one(self) -> Iterator[Any]:
        """One in a transaction of its own, which sees one consistent snapshot."""
        # The list that it came from: after `close` it belongs to nobody, and neither does the connection.
        idle = self._idle
        try:
            driver = idle.pop()
        except IndexError:
            driver = self._opened()
        try:
            driver.execute("BEGIN")
            yield driver
            driver.rollback()
        except BaseException:
            driver.close()
            raise
        if idle is self._idle:
            idle.append(driver)
        else:
            driver.close()

    def close(self) -> None:
        """Close those that nobody uses; the others are closed when they are given back."""
        idle, self._idle = self._idle, []
        while idle:
            idle.pop().close()

    def _opened(self) -> Any:
        pooled = self._engine.raw_connection()
        driver: Any = pooled.dbapi_connection
        pooled.detach()
        driver.execute(f"PRAGMA cache_size=-{_CACHE_KIB}")
        return driver
