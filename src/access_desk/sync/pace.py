"""When the next round is due: full-jitter backoff after a failure, a steady pull with jitter otherwise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

STEADY_SECONDS: Final = 60.0
FIRST_SECONDS: Final = 1.0
LONGEST_SECONDS: Final = 300.0
# So long central asks everybody to wait who finds its door shut.
EVERYBODY_SECONDS: Final = 2.0
_MOST_DOUBLINGS: Final = 20


class SyncPace:
    """Seconds to wait. ``chance`` gives numbers from 0 to 1."""

    def __init__(self, chance: Callable[[], float]) -> None:
        self._chance = chance
        self._failures = 0

    def after_success(self) -> float:
        """A steady pull, spread so that desks do not all come at once."""
        self._failures = 0
        return STEADY_SECONDS * (0.8 + 0.4 * self._chance())

    def after_refusal(self) -> float:
        """The longest wait, spread."""
        return LONGEST_SECONDS * (0.8 + 0.4 * self._chance())

    def spread(self, most: float) -> float:
        """Any time up to ``most``: what many desks hear in one instant is not asked for in one."""
        return most * self._chance()

    def after_failure(self, asked: float = 0.0) -> float:
        """Anything between nothing and twice as long as before, so that desks which failed together return apart.

        It comes on top of what central ``asked`` for, which is believed up to the longest wait: nothing that answers
        may silence a desk for long. Who is asked to wait longer than everybody has a moment of its own, and comes then:
        minutes of backoff on top would leave central idle in the end.
        """
        ceiling: float = min(LONGEST_SECONDS, FIRST_SECONDS * 2.0 ** min(self._failures, _MOST_DOUBLINGS))
        self._failures += 1
        wait = min(max(asked, 0.0), LONGEST_SECONDS)
        return wait + (ceiling if wait <= EVERYBODY_SECONDS else FIRST_SECONDS) * self._chance()
