"""Rounds of the facilities of one desk: what stops one, or has central tell it to come later, does not keep the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from access_desk.sync.core import Began, RetryLaterError, RoundResult, StoppedError
from access_desk.sync.loop import FacilityStatus
from access_desk.sync.pace import LONGEST_SECONDS


class SeveralFacilities:
    """How each of them stands.

    Args:
        now: aware, UTC.
        seconds: of a clock that never goes back.
        is_abandoned: whether the desk is closing.
    """

    def __init__(self, now: Callable[[], datetime], seconds: Callable[[], float], is_abandoned: Callable[[], bool]) -> None:
        self._now, self._seconds, self._is_abandoned = now, seconds, is_abandoned
        self._states: dict[str, FacilityStatus] = {}
        self._stopped: dict[str, StoppedError] = {}
        # Until when central wants to be left alone with each.
        self._later: dict[str, float] = {}

    def run(self, facility_ids: Sequence[str], run_one: Callable[[str], RoundResult]) -> RoundResult:
        """One round of each that is due.

        Raises:
            RetryLaterError: central answers for none of them.
            StoppedError: all of them wait until somebody has looked.
        """
        results: list[RoundResult] = []
        away: list[RetryLaterError] = []
        for facility_id in self.going_on(facility_ids):
            try:
                results.append(self._run(facility_id, run_one))
            except StoppedError as stopped:
                self._say(facility_id, is_reached=True, trouble=stopped.text)
                self._stopped[facility_id] = stopped
            except RetryLaterError as failed:
                self._say(facility_id, is_reached=False, trouble="")
                self._later[facility_id] = self._seconds() + min(failed.seconds, LONGEST_SECONDS)
                away.append(failed)
                if self._is_abandoned():
                    break
        if not results or self._is_abandoned():
            # Also of a desk that is closing: nothing may touch its file any more.
            soonest = min(away, key=lambda one: one.seconds, default=None)
            raise soonest or next(iter(self._stopped.values()), RetryLaterError("this desk serves no facility yet"))
        return replace(_together(results), stopped=" ".join(f"{name}: {one.text}" for name, one in self._stopped.items()))

    def _run(self, facility_id: str, run_one: Callable[[str], RoundResult]) -> RoundResult:
        left = self._later.get(facility_id, 0.0) - self._seconds()
        if left > 0:
            raise RetryLaterError("central asked to come later", left)
        result = run_one(facility_id)
        self._states[facility_id] = FacilityStatus(facility_id, self._now(), is_reached=True, trouble=result.differs)
        return result

    def _say(self, facility_id: str, *, is_reached: bool, trouble: str) -> None:
        before = self._states.get(facility_id, FacilityStatus(facility_id))
        self._states[facility_id] = replace(before, is_reached=is_reached, trouble=trouble)

    def going_on(self, facility_ids: Sequence[str]) -> list[str]:
        """Those that do not wait until somebody has looked."""
        return [one for one in facility_ids if one not in self._stopped]

    def look_again(self) -> None:
        """Somebody has looked, or wants a round now: the next one is of every facility."""
        self._stopped.clear()
        self._later.clear()

    def all(self) -> tuple[FacilityStatus, ...]:
        """How each stands, in the order in which they are served."""
        return tuple(self._states.values())


def _together(results: list[RoundResult]) -> RoundResult:
    compared = [one.sane for one in results]
    return RoundResult(
        sum(one.pushed for one in results),
        sum(one.pulled for one in results),
        sum(one.waiting for one in results),
        sum(one.parked for one in results),
        False if False in compared else None if None in compared else True,
        " ".join(one.differs for one in results if one.differs),
        next((one.began for one in results if one.began != Began()), Began()),
    )
