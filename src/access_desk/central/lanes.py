"""Who may be taken in at the same moment: a storm of long batches does not keep a desk waiting that sends one registration.

Short batches have a lane of their own. Long ones are taken one at a time for each facility, whose head row only one
transaction can hold anyway, and a few at a time over all. Beyond a number that wait they are told to come back, one after
another at the pace at which batches are taken in: desks that failed together must not return together, nor leave central idle.
"""

from __future__ import annotations

import asyncio
import math
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final, TypeVar

from access_desk.sync.pace import EVERYBODY_SECONDS, LONGEST_SECONDS

MOST_SHORT: Final = 8
_SHORT_BYTES: Final = 64 * 1024
_SIGNATURE: Final = b'"signature":'
_FIRST_GUESS_SECONDS: Final = 0.1
# As many batches make out the pace: fewer when they are quick, and a slow one counts as twice the pace at most. While hundreds
# of desks are turned away at once batches take several times as long as afterwards, when those return that were told a moment
# then; too early is cheaper than an idle lane.
_REMEMBERED_QUICK: Final = 20
_REMEMBERED_SLOW: Final = 200
# A desk takes less for what everybody is told, and backs off by itself; it believes no longer wait than the longest.
_SHORTEST_SECONDS: Final = int(EVERYBODY_SECONDS) + 1
_LONGEST_SECONDS: Final = int(LONGEST_SECONDS) - _SHORTEST_SECONDS
# Who comes back finds some waiting, so that a desk that does not come, or late, leaves no gap.
_EARLY: Final = 0.9
_R = TypeVar("_R")


@dataclass(frozen=True, slots=True)
class Widths:
    """How many at once in each lane, and how many may wait for the long one: of a facility, and over all."""

    short: int = 4
    long: int = 2
    waiting_of_facility: int = 16
    waiting: int = 96


class CrowdedError(Exception):
    """Too many wait already; come back after so many whole seconds."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Lanes:
    """The lanes of one central. Used from its event loop; the work itself is done in threads.

    ``seconds`` is a clock that only goes forward, ``chance`` gives numbers from 0 to 1. Who is turned away twice gets a second
    moment after everybody else's, so nobody has to be remembered by name.
    """

    def __init__(self, seconds: Callable[[], float], chance: Callable[[], float], widths: Widths | None = None) -> None:
        self._seconds, self._chance = seconds, chance
        self._booked = 0.0
        self._pace = _FIRST_GUESS_SECONDS
        self._widths = widths or Widths()
        self._short = asyncio.Semaphore(self._widths.short)
        self._long = asyncio.Semaphore(self._widths.long)
        self._facilities: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._waiting: Counter[str] = Counter()
        # Of its own: who waits in a lane takes no thread that another request needs.
        self._threads = ThreadPoolExecutor(self._widths.short + self._widths.long, "lane")

    async def run(self, facility_id: str, body: bytes, work: Callable[[], _R]) -> _R:
        """Do the work of a batch in a thread, in its lane. Raises CrowdedError."""
        lane = self._short if is_short(body) else self._long_lane(facility_id)
        async with lane:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    @asynccontextmanager
    async def _long_lane(self, facility_id: str) -> AsyncIterator[None]:
        widths = self._widths
        if self._waiting[facility_id] >= widths.waiting_of_facility or self._waiting.total() >= widths.waiting:
            raise CrowdedError(self._come_back())
        self._waiting[facility_id] += 1
        try:
            async with self._facilities[facility_id], self._long:
                begun = self._seconds()
                yield
                off = min(self._seconds() - begun, 2 * self._pace) - self._pace
                self._pace += off / (_REMEMBERED_QUICK if off < 0 else _REMEMBERED_SLOW)
        finally:
            self._waiting[facility_id] -= 1
            if not self._waiting[facility_id]:
                del self._waiting[facility_id], self._facilities[facility_id]

    def _come_back(self) -> int:
        """After how many seconds: at the first moment that nobody else was told; any of the later ones when all are taken."""
        now = self._seconds()
        moment = max(self._booked, now)
        if moment > now + _LONGEST_SECONDS:
            return math.ceil(_LONGEST_SECONDS * (1 + self._chance()) / 2)
        self._booked = moment + self._pace / self._widths.long * _EARLY
        return math.ceil(_SHORTEST_SECONDS + moment - now)


def is_short(body: bytes) -> bool:
    """Whether a batch has at most eight events, before anything reads it: a quote inside a text is written with a backslash."""
    return len(body) <= _SHORT_BYTES and body.count(_SIGNATURE) <= MOST_SHORT
