"""Clocks: the computer's, and one that is moved by hand."""

from __future__ import annotations

from datetime import UTC, datetime


class SystemClock:
    """The computer's clock."""

    def now(self) -> datetime:
        """Tell the present moment, aware, in UTC."""
        return datetime.now(UTC)


class ManualClock:
    """A clock that stands still until it is set; a played day and a rehearsal run on it."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment

    def now(self) -> datetime:
        """Tell the moment it was last set to."""
        return self._moment

    def set_to(self, moment: datetime) -> None:
        """Let it be that moment. Raises ValueError for a naive one."""
        if moment.tzinfo is None:
            raise ValueError("a clock is set to an aware moment")
        self._moment = moment.astimezone(UTC)


class RunningClock:
    """A clock that runs as the computer's does, but from another moment: a rehearsal goes on where its day stands."""

    def __init__(self, start: datetime) -> None:
        self._ahead = start - datetime.now(UTC)

    def now(self) -> datetime:
        """The moment it started from, and the time that went by since."""
        return datetime.now(UTC) + self._ahead
