"""Rounds that end as a test says, and a loop over them."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterable
from datetime import timedelta

from access_desk.sync.core import RoundResult
from access_desk.sync.loop import FacilityStatus, SyncLoop, SyncStatus
from access_desk.sync.pace import SyncPace
from tests.desks import SetClock

PATIENCE_S = 20.0


class ScriptedRounds:
    """Each round ends as the next one said; when nothing is left, as the last one."""

    def __init__(self, ends: Iterable[RoundResult | Exception]) -> None:
        self.ends = list(ends)
        self.left, self.ran, self.looked_again, self.is_closed = 0, 0, 0, False
        self.is_abandoned = self.has_news = False
        self.fetched: list[tuple[int, timedelta]] = []

    def run(self) -> RoundResult:
        self.ran += 1
        end = self.ends.pop(0) if len(self.ends) > 1 else self.ends[0]
        if isinstance(end, Exception):
            raise end
        self.left = end.waiting
        return end

    def look_again(self) -> None:
        self.looked_again += 1

    def fetch_again(self, stays: timedelta) -> None:
        self.fetched.append((self.ran, stays))

    def waiting(self) -> int:
        return self.left

    def facilities(self) -> tuple[FacilityStatus, ...]:
        return ()

    def listen(self, told: Callable[[], object]) -> None:
        self.told = told

    def is_behind(self) -> bool:
        return self.has_news

    def abandon(self) -> None:
        self.is_abandoned = True

    def close(self) -> None:
        self.is_closed = True


class HeardLoop:
    """A loop whose rounds run only when it is poked: the next one is due much later."""

    def __init__(self, ends: Iterable[RoundResult | Exception], left: int = 0) -> None:
        self.rounds, self.clock = ScriptedRounds(ends), SetClock()
        self.rounds.left = left
        self.loop = SyncLoop(self.rounds, self.clock, SyncPace(lambda: 1e4), together_s=0)
        self.said: queue.Queue[SyncStatus] = queue.Queue()
        self.loop.heard = self.said.put

    def ended(self) -> SyncStatus:
        """The status after the round that runs now."""
        while True:
            status = self.said.get(timeout=PATIENCE_S)
            if not status.is_running:
                return status
