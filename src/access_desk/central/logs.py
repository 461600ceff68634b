"""Central's log: JSON lines on standard error, for whoever runs it. Never anything about a patient, nor what was sent.

One line a request, one for every fault: its type and the places in the program that it came through, because its message
and its variables may hold what somebody typed. What may stand in a line is the list of `system.logs`.
"""

from __future__ import annotations

import contextlib
import logging
from typing import Any, Final, TextIO

import structlog

from access_desk.central.observed import Answered
from access_desk.domain.errors import UnavailableError
from access_desk.domain.ports import Clock
from access_desk.system.logs import Fields, only_harmless, places

REQUESTS, FAULTS, NOTHING = "requests", "faults", "nothing"
WANTED: Final = (REQUESTS, FAULTS, NOTHING)
_LIBRARIES: Final = ("uvicorn", "asyncio", "litestar", "psycopg", "sqlalchemy", "concurrent")


class CentralLog:
    """Writes the lines that are wanted."""

    def __init__(self, target: TextIO, clock: Clock, wanted: str = REQUESTS) -> None:
        self._wanted = wanted

        def at(_: object, __: str, fields: Fields) -> Fields:
            return {"at": clock.now().isoformat(), **fields}

        processors: list[Any] = [structlog.processors.add_log_level, at, only_harmless, structlog.processors.JSONRenderer()]
        self._log = structlog.wrap_logger(
            structlog.WriteLogger(target), processors=processors, wrapper_class=structlog.BoundLogger
        )

    def hear(self, answered: Answered) -> None:
        """Log an answer, and the fault behind it."""
        if self._wanted == REQUESTS:
            self._write(
                "info",
                "request",
                method=answered.method,
                route=answered.route,
                status=answered.status,
                code=answered.code,
                milliseconds=round(answered.seconds * 1000, 1),
                bytes=answered.bytes_in,
                desk_id=answered.desk_id,
            )
        if answered.fault is not None:
            event = "unavailable" if isinstance(answered.fault, UnavailableError) else "a bug"
            self.fault(answered.fault, event, route=answered.route, method=answered.method)

    def fault(self, error: BaseException, event: str, **fields: object) -> None:
        """Log an error: its type and where it came through, nothing else of it."""
        if self._wanted != NOTHING:
            self._write("error", event, error=type(error).__qualname__, places=places(error), **fields)

    def warning(self, event: str, **fields: object) -> None:
        """Log that something needs somebody; ``event`` is a fixed text of the program."""
        if self._wanted != NOTHING:
            self._write("warning", event, **fields)

    def take_over_libraries(self) -> None:
        """From now on what the server's libraries complain about comes in the same lines."""
        for name in _LIBRARIES:
            logger = logging.getLogger(name)
            logger.handlers, logger.propagate = [_Complaints(self)], False
            logger.setLevel(logging.WARNING)

    def _write(self, level: str, event: str, **fields: object) -> None:
        # A log that cannot be written hinders nobody.
        with contextlib.suppress(OSError, ValueError):
            getattr(self._log, level)(event, **fields)


class _Complaints(logging.Handler):
    def __init__(self, log: CentralLog) -> None:
        super().__init__(logging.WARNING)
        self._to = log

    def emit(self, record: logging.LogRecord) -> None:
        """The text before anything was filled into it: what is filled in may be what somebody sent."""
        said = str(record.msg).splitlines()[0] if record.msg else ""
        if record.exc_info and record.exc_info[1] is not None:
            self._to.fault(record.exc_info[1], record.name)
        else:
            self._to.warning(record.name, what=said)
