"""The technical log: what went wrong, for whoever looks after the computer. Never anything about a patient.

JSON lines in ASCII, so that no control or right-to-left character reaches a terminal. Only fields on a list get through,
and only ids, codes and figures are on it; what else is handed over is dropped and its name kept. A bug is logged by its
type and the places in the program it came through: its message and its variables may hold what somebody typed.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import traceback
from collections.abc import Callable, MutableMapping
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import Any, Final

import structlog

from access_desk.domain.errors import UnavailableError
from access_desk.domain.ports import Clock

LOG_FILE: Final = "access-desk.log"
LARGEST_BYTES: Final = 1_000_000
KEPT_FILES: Final = 5
LONGEST_TEXT: Final = 200
MOST_PLACES: Final = 40
FIELDS: Final = frozenset(
    {
        "at", "attempt", "bytes", "code", "command", "command_id", "count", "custody_id", "desk_id", "drawer_id", "error",
        "event", "event_id", "exit", "facility_id", "kind", "level", "method", "milliseconds", "payment_id", "person_id",
        "places", "release", "revision", "route", "seconds", "sequence", "status", "thread", "visit_id", "what",
    }
)  # fmt: skip

Fields = MutableMapping[str, Any]
Crash = Callable[[BaseException], None]


class TechnicalLog:
    """Writes the log of one home."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        """Open the log; old files are rotated away.

        Raises:
            UnavailableError: the folder cannot be written.
        """
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lines = _Lines(folder / LOG_FILE)
        except OSError as wrong:
            raise UnavailableError(f"The folder {folder} cannot be written ({wrong.strerror}). Nothing was changed.") from wrong
        target = logging.Logger("access_desk", logging.INFO)  # noqa: LOG001 - its own, apart from other libraries' loggers
        target.addHandler(self._lines)

        def at(_: object, __: str, fields: Fields) -> Fields:
            return {"at": clock.now().isoformat(), **fields}

        processors: list[Any] = [structlog.processors.add_log_level, at, only_harmless, structlog.processors.JSONRenderer()]
        self._log = structlog.wrap_logger(target, processors=processors, wrapper_class=structlog.BoundLogger)

    def note(self, event: str, **fields: object) -> None:
        """Log that something happened; ``event`` is a fixed text of the program, fields are those of :data:`FIELDS`."""
        self._log.info(event, **fields)

    def warning(self, event: str, **fields: object) -> None:
        """Log that something outside the program failed."""
        self._log.warning(event, **fields)

    def bug(self, error: BaseException, event: str = "a bug") -> None:
        """Log an error that nobody expected: its type and where it came through, nothing else."""
        self._log.error(event, error=type(error).__qualname__, places=places(error), thread=threading.current_thread().name)

    def catch_bugs(self, crash: Crash) -> None:
        """Log what no code catches, in any thread, then let ``crash`` show it; nothing is printed."""

        def take(error: BaseException) -> None:
            self.bug(error)
            crash(error)

        def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
            if issubclass(kind, KeyboardInterrupt):
                sys.__excepthook__(kind, error, trace)
            else:
                take(error)

        def of_thread(arguments: threading.ExceptHookArgs) -> None:
            if arguments.exc_value is not None and not isinstance(arguments.exc_value, SystemExit):
                take(arguments.exc_value)

        sys.excepthook = hook
        threading.excepthook = of_thread

    def close(self) -> None:
        """Close the file."""
        self._lines.close()


class _Lines(RotatingFileHandler):
    """The file: readable by its owner only; a log that cannot be written hinders nobody."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, maxBytes=LARGEST_BYTES, backupCount=KEPT_FILES, encoding="ascii", errors="backslashreplace")

    def _open(self) -> Any:
        descriptor = os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        return os.fdopen(descriptor, "a", encoding=self.encoding, errors=self.errors)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the library's name
        del record


def only_harmless(_: object, __: str, fields: Fields) -> Fields:
    """Let through the fields of the list, as short texts and figures; name the others."""
    kept = {name: _plain(value) for name, value in fields.items() if name in FIELDS}
    dropped = sorted(name for name in fields if name not in FIELDS)
    return {**kept, "dropped": dropped} if dropped else kept


def places(error: BaseException) -> list[str]:
    """Say where an error, and what caused it, came through: file, line and function, the innermost last."""
    found: list[str] = []
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        frames = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(one.__traceback__)]
        found = [*frames, type(one).__qualname__, *found]
        one = one.__cause__ or one.__context__
    return found[-MOST_PLACES:]


def _plain(value: object) -> object:
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value[:MOST_PLACES]]
    return str(value)[:LONGEST_TEXT]
