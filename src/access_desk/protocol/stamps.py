"""Hybrid logical clock stamps: sortable text that never goes back, whatever the wall clock does."""

from __future__ import annotations

from datetime import datetime

_MILLISECONDS = 1000


class Stamper:
    """Makes stamps ``MMMMMMMMMMMMM-CCCCC-desk``: milliseconds since 1970, a counter within one, the desk.

    Not safe for use by two threads at once; a desk records with one.
    """

    def __init__(self, desk_id: str, last: str = "") -> None:
        self._desk_id = desk_id
        self._millis, self._counter = (int(part) for part in last.split("-")[:2]) if last else (0, 0)

    def stamp(self, now: datetime) -> str:
        """The stamp of something that happens now (aware)."""
        millis = int(now.timestamp() * _MILLISECONDS)
        if millis > self._millis:
            self._millis, self._counter = millis, 0
        else:
            self._counter += 1
        return f"{self._millis:013d}-{self._counter:05d}-{self._desk_id}"
