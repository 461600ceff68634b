"""How fast a day is played when somebody watches it."""

from __future__ import annotations

import threading
from datetime import datetime

from access_desk.domain.day import Day, StepOutcome
from access_desk.domain.ports import Clock

LONGEST_WAIT_S = 60.0


class Pace:
    """Waits between steps as long as the day did, divided by the factor; a factor of 0 does not wait."""

    def __init__(self, day: Day, clock: Clock, factor: float) -> None:
        self._clock = clock
        self._factor = factor
        self._last: datetime | None = None
        self._never = threading.Event()
        self._left = len(day.steps)

    def after_step(self, outcome: StepOutcome) -> None:
        """Wait for the time that passed in the day since the step before."""
        now = self._clock.now()
        if self._factor and self._last is not None and outcome.n < self._left:
            self._never.wait(min(max((now - self._last).total_seconds(), 0) / self._factor, LONGEST_WAIT_S))
        self._last = now
