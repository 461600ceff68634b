"""Has snapshots made by a process of its own, one at a time, while central answers desks."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Sequence
from typing import Final

_PATIENCE_SECONDS: Final = 10


class SnapshotOrders:
    """Starts `access-desk central snapshot` for a facility. ``arguments`` name central's home and databases."""

    def __init__(self, arguments: Sequence[str]) -> None:
        self._arguments = list(arguments)
        self._lock = threading.Lock()
        self._running: subprocess.Popen[bytes] | None = None
        self._facility_id = ""

    def order(self, facility_id: str) -> None:
        """Have one made, unless one is being made: a desk that needs another asks again."""
        with self._lock:
            if self._is_running():
                return
            command = [sys.executable, "-m", "access_desk", "central", "snapshot", "--facility", facility_id, *self._arguments]
            self._facility_id = facility_id
            self._running = subprocess.Popen(  # noqa: S603 - this program, with the arguments that it was started with
                command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
            )

    def is_making(self, facility_id: str) -> bool:
        """Whether one is being made of that facility."""
        with self._lock:
            return self._is_running() and self._facility_id == facility_id

    def close(self) -> None:
        """End what is being made: it is made again when somebody asks."""
        with self._lock:
            if self._running is None:
                return
            if self._is_running():
                self._running.terminate()
            try:
                self._running.wait(_PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                self._running.kill()
                self._running.wait()

    def _is_running(self) -> bool:
        return self._running is not None and self._running.poll() is None
