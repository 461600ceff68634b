"""Rounds of synchronization on a thread of their own, while the desk is open.

A round is due a minute after the last one, sooner after a failure, at once when somebody asks for it, and at once after
something was recorded or central said that it has something new, unless central is away or refuses: then the pace stays
what it is, and a refusal waits until somebody has looked. Whatever happens here, the desk goes on: nothing that a person
does waits for it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Protocol

from access_desk.domain.errors import UnavailableError
from access_desk.domain.ports import Clock
from access_desk.sync.core import RetryLaterError, RoundResult, StoppedError
from access_desk.sync.pace import SyncPace

# What is recorded within so many seconds travels in one round.
TOGETHER_SECONDS: Final = 2.0
# How long details that were fetched again stay: long enough to look into what was asked for.
DETAILS_STAY: Final = timedelta(days=7)
_LOG: Final = logging.getLogger(__name__)


class Rounds(Protocol):
    """Carries rounds and knows what waits."""

    def run(self) -> RoundResult:
        """One round. Raises RetryLaterError, StoppedError, UnavailableError."""
        ...

    def look_again(self) -> None:
        """Somebody has looked: the next round is of every facility, also of those that stopped."""
        ...

    def fetch_again(self, stays: timedelta) -> None:
        """Have the next round bring what was let go of other desks' details, which then stays for so long."""
        ...

    def waiting(self) -> int:
        """How many of the desk's events central has not acknowledged."""
        ...

    def facilities(self) -> tuple[FacilityStatus, ...]:
        """How each facility of the desk stands."""
        ...

    def listen(self, told: Callable[[], object]) -> None:
        """From now on call ``told`` whenever central has something new, from whatever thread."""
        ...

    def is_behind(self) -> bool:
        """Whether central said that it has something new."""
        ...

    def abandon(self) -> None:
        """End the round that runs before its next step; from any thread."""
        ...

    def close(self) -> None:
        """Let go of the connection."""
        ...


@dataclass(frozen=True, slots=True)
class FacilityStatus:
    """How one of the desk's facilities stands with central.

    ``last_contact`` (aware, UTC) is None before the first; ``trouble`` is why its rounds stopped, blank when they did not.
    """

    facility_id: str
    last_contact: datetime | None = None
    is_reached: bool = False
    trouble: str = ""
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class SyncStatus:
    """How the desk stands with central.

    ``offline_since`` is when central was first missed, None while it answers. ``trouble`` is why rounds stopped until
    somebody looks; blank when they did not. ``received`` counts the events of other desks since the desk was opened.
    """

    waiting: int = 0
    last_contact: datetime | None = None
    offline_since: datetime | None = None
    trouble: str = ""
    received: int = 0
    rounds: int = 0
    is_running: bool = False
    facilities: tuple[FacilityStatus, ...] = ()


class SyncLoop:
    """Runs rounds until it is stopped. ``heard`` is told of every new status, on the loop's own thread."""

    def __init__(self, rounds: Rounds, clock: Clock, pace: SyncPace, together_s: float = TOGETHER_SECONDS) -> None:
        self._rounds, self._clock, self._pace, self._together_s = rounds, clock, pace, together_s
        self._wake = threading.Condition()
        self._is_poked = self._has_recorded = self._is_stopping = self._wants_details = False
        # Whether central answered the last round: with several facilities one of them may have stopped meanwhile.
        self._is_well = True
        self._status = SyncStatus()
        self.heard: Callable[[SyncStatus], object] = lambda _: None
        self._thread = threading.Thread(target=self._work, name="desk-sync", daemon=True)

    @property
    def status(self) -> SyncStatus:
        """The last status."""
        return self._status

    def start(self) -> None:
        """Begin with a round."""
        self._rounds.listen(self._told)
        self._thread.start()

    def poke(self) -> None:
        """Somebody wants a round now."""
        with self._wake:
            self._is_poked = True
            self._wake.notify_all()

    def fetch_again(self) -> None:
        """Somebody wants what was let go of other desks' details: the next round brings it."""
        with self._wake:
            self._wants_details = self._is_poked = True
            self._wake.notify_all()

    def carry(self) -> None:
        """Something was recorded. While central is away it waits for the round that is due."""
        with self._wake:
            self._has_recorded = True
            self._wake.notify_all()

    def _told(self) -> None:
        """Central has something new. While it refuses, or was away, that waits for the round that is due."""
        with self._wake:
            self._wake.notify_all()

    def stop(self, patience_s: float = 10.0) -> None:
        """End, without waiting for what central answers; what was not sent goes with the next start."""
        with self._wake:
            self._is_stopping = True
            self._wake.notify_all()
        self._rounds.abandon()
        if self._thread.is_alive():
            self._thread.join(patience_s)

    def _work(self) -> None:
        try:
            while not self._is_stopping:
                seconds = self._round()
                with self._wake:
                    if self._wake.wait_for(self._is_wanted, seconds):
                        is_own = self._is_poked or self._has_recorded
                        together_s = self._together_s if is_own else self._pace.spread(self._together_s)
                        self._wake.wait_for(lambda: self._is_stopping, together_s)
                    if self._is_poked:
                        self._rounds.look_again()
                    self._is_poked = self._has_recorded = False
        finally:
            self._rounds.close()

    def _is_wanted(self) -> bool:
        return self._is_stopping or self._is_poked or (self._is_well and (self._has_recorded or self._rounds.is_behind()))

    def _round(self) -> float | None:
        """One round; the seconds until the next, None when there is none until somebody asks."""
        self._say(replace(self._status, is_running=True))
        before, now = self._status, self._clock.now()
        self._is_well = False
        try:
            if self._wants_details:
                self._rounds.fetch_again(DETAILS_STAY)
                self._wants_details = False
            result = self._rounds.run()
        except RetryLaterError as away:
            self._say(replace(self._after(before), offline_since=before.offline_since or now, trouble=""))
            return self._pace.after_failure(away.seconds)
        except StoppedError as stopped:
            self._say(replace(self._after(before), last_contact=now, offline_since=None, trouble=stopped.text))
            return None
        except UnavailableError as here:
            # The desk's own file cannot be written: whoever uses the desk is told by their own next action as well.
            self._say(replace(self._after(before), trouble=here.text))
            return self._pace.after_failure()
        except Exception:  # noqa: BLE001 - the thread must not end unseen: it is logged, and the strip says so
            _LOG.exception("a round of synchronization failed")
            self._say(replace(self._after(before), trouble="The program made a mistake while it synchronized. Tell support."))
            return None
        self._is_well = True
        received = before.received + result.pulled
        facilities = self._rounds.facilities()
        rounds = before.rounds + 1
        self._say(
            SyncStatus(self._rounds.waiting(), self._clock.now(), None, result.stopped, received, rounds, facilities=facilities)
        )
        return self._pace.after_success()

    def _after(self, before: SyncStatus) -> SyncStatus:
        waiting, facilities = self._look(before)
        return replace(before, waiting=waiting, facilities=facilities, rounds=before.rounds + 1, is_running=False)

    def _look(self, before: SyncStatus) -> tuple[int, tuple[FacilityStatus, ...]]:
        try:
            return self._rounds.waiting(), self._rounds.facilities()
        except UnavailableError:
            return before.waiting, before.facilities

    def _say(self, status: SyncStatus) -> None:
        self._status = status
        self.heard(status)
