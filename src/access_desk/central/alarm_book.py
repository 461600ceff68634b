"""The alarms that central raised, beside its databases: whoever deletes one there with its flag leaves this.

::

    alarms.jsonl    a line for each alarm, and one for each that was missing and that somebody has looked at

A line is written before the alarm is, so one may stand here that central was stopped before it could keep; the desk brings
that again. Whoever can write in central's folder can change this file as well: it speaks of the databases, not of the folder.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from access_desk.storage.durable_files import sync_folder

FILE: Final = "alarms.jsonl"


@dataclass(frozen=True, slots=True)
class NotedAlarm:
    """An alarm as it was raised."""

    facility_id: str
    alarm_id: str
    kind: str
    desk_id: str
    desk_seq: int
    raised_at: str


class AlarmBook:
    """The file in central's folder. A line that cannot be read, such as one that was cut off, is passed over."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._lock = threading.Lock()

    def note(self, alarm: NotedAlarm) -> None:
        """Write an alarm down, durably; once, however often it is raised. Raises OSError."""
        with self._lock:
            noted, _ = self._read()
            if (alarm.facility_id, alarm.alarm_id) not in noted:
                self._append(asdict(alarm))

    def missing(self, is_kept: Callable[[NotedAlarm], bool]) -> list[NotedAlarm]:
        """Those that are not where they were and that nobody has looked at. Raises OSError."""
        noted, looked_at = self._read()
        return [one for key, one in noted.items() if key not in looked_at and not is_kept(one)]

    def settle(self, alarm: NotedAlarm) -> None:
        """Somebody has looked at one that is missing. Raises OSError."""
        with self._lock:
            self._append({"facility_id": alarm.facility_id, "looked_at": alarm.alarm_id})

    def _append(self, said: dict[str, object]) -> None:
        is_new = not self._path.exists()
        with open(self._path, "ab", opener=_private) as file:
            # On a line of its own, whatever became of the one before it.
            start = b"\n" if file.tell() else b""
            file.write(start + json.dumps(said).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        if is_new:
            sync_folder(self._path.parent)

    def _read(self) -> tuple[dict[tuple[str, str], NotedAlarm], set[tuple[str, str]]]:
        noted: dict[tuple[str, str], NotedAlarm] = {}
        looked_at: set[tuple[str, str]] = set()
        try:
            lines = self._path.read_bytes().splitlines()
        except FileNotFoundError:
            return noted, looked_at
        for line in lines:
            try:
                said = json.loads(line)
                if "looked_at" in said:
                    looked_at.add((said["facility_id"], said["looked_at"]))
                else:
                    one = NotedAlarm(**said)
                    noted[one.facility_id, one.alarm_id] = one
            except (ValueError, TypeError, KeyError):
                continue
        return noted, looked_at


def _private(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)
