"""Hybrid logical clock stamps: sortable text that never goes back, whatever the wall clock does."""

from __future__ import annotations

from datetime import datetime

_MILLISECONDS = 1000
_MOST_IN_A_MILLISECOND = 99_999


def _parts(stamp: str) -> tuple[int, int]:
    if not stamp:
        return 0, 0
    millis, counter = stamp.split("-")[:2]
    return int(millis), int(counter)


def milliseconds(moment: datetime) -> int:
    """Since 1970, as stamps count them."""
    return int(moment.timestamp() * _MILLISECONDS)


def capped(stamp: str, latest: int, behind: str, desk_id: str, desk_seq: int) -> str:
    """What a stamp counts as that must lie before a moment; blank when it counts as it is.

    Args:
        stamp: of an event.
        latest: milliseconds since 1970.
        behind: what the event before it counts as, of whatever stream of its desk. This one comes to lie behind it, even when
            that is later than the moment: a desk's order is never another than that in which it recorded.
        desk_id: of the event.
        desk_seq: of the event; the counter of what it counts as.
    """
    if int(stamp.partition("-")[0]) < latest:
        return ""
    counter = desk_seq % (_MOST_IN_A_MILLISECOND + 1)
    last = _parts(behind)[0]
    moments = (f"{moment:013d}-{counter:05d}-{desk_id}" for moment in (latest, last, last + 1))
    found = next(moment for moment in moments if moment > behind)
    return found if found < stamp else ""


class Stamper:
    """Makes stamps ``MMMMMMMMMMMMM-CCCCC-desk``: milliseconds since 1970, a counter within one, the desk.

    Not safe for use by two threads at once; a desk records with one.
    """

    def __init__(self, desk_id: str, last: str = "") -> None:
        self._desk_id = desk_id
        self._millis, self._counter = _parts(last)

    def observe(self, stamp: str) -> None:
        """Another desk's event was received: what is stamped from now on is later."""
        seen = _parts(stamp)
        self._millis, self._counter = max((self._millis, self._counter), seen)

    def stamp(self, now: datetime) -> str:
        """The stamp of something that happens now (aware)."""
        millis = milliseconds(now)
        if millis > self._millis:
            self._millis, self._counter = millis, 0
        elif self._counter < _MOST_IN_A_MILLISECOND:
            self._counter += 1
        else:
            self._millis, self._counter = self._millis + 1, 0
        return f"{self._millis:013d}-{self._counter:05d}-{self._desk_id}"
