"""Hears from central at once that there is something, on threads of their own, one for each facility that the desk serves.

Nothing of it touches the desk's file: what is heard is that a facility's feed has come further than the last round, and
then a round is wanted. A line that cannot be had or breaks is tried again, later each time; rounds are due without it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Protocol

from access_desk.protocol.messages import Poke
from access_desk.sync.core import RetryLaterError, StoppedError
from access_desk.sync.pace import SyncPace


class Line(Protocol):
    """A line to central."""

    def pokes(self) -> Iterator[Poke]:
        """Each poke as it comes, until central ends the stream. Raises RetryLaterError, StoppedError."""
        ...

    def hang_up(self) -> None:
        """End it now, and for good; from any thread."""
        ...

    def close(self) -> None:
        """Let go of it, on the thread that listened."""
        ...


class Listening:
    """What is heard of the facilities of a desk. ``line_to`` makes a line for one, ``pace`` what it waits between two tries."""

    def __init__(self, line_to: Callable[[str], Line], pace: Callable[[], SyncPace]) -> None:
        self._line_to, self._pace = line_to, pace
        self._told: Callable[[], object] | None = None
        self._lock = threading.Lock()
        self._lines: dict[str, Line] = {}
        self._heard: dict[str, int] = {}
        self._reached: dict[str, int] = {}
        self._is_over = threading.Event()

    def begin(self, told: Callable[[], object]) -> None:
        """From now on lines are held; ``told`` is called from their threads when there is something to fetch."""
        self._told = told

    def follow(self, facility_ids: Iterable[str]) -> None:
        """Hold a line for each of these, if that was begun."""
        if self._told is None or self._is_over.is_set():
            return
        with self._lock:
            new = [one for one in facility_ids if one not in self._lines]
            self._lines |= {one: self._line_to(one) for one in new}
        for facility_id in new:
            threading.Thread(target=self._listen, args=(facility_id,), name=f"desk-pokes {facility_id}", daemon=True).start()

    def heard(self) -> Mapping[str, int]:
        """How far facilities were said to have come, and rounds have not."""
        with self._lock:
            return dict(self._heard)

    def reached(self, facility_id: str, position: int, before: Mapping[str, int]) -> None:
        """A round has come to a position; ``before`` is what was heard when it began.

        What was said before it and is still further is no longer so: central was put back from a backup.
        """
        with self._lock:
            self._reached[facility_id] = position
            heard = self._heard.get(facility_id)
            if heard is not None and (heard <= position or heard == before.get(facility_id)):
                del self._heard[facility_id]

    def is_behind(self) -> bool:
        """Whether there is something to fetch."""
        with self._lock:
            return bool(self._heard)

    def end(self) -> None:
        """Hang up, for good. Threads end by themselves."""
        self._is_over.set()
        with self._lock:
            lines = list(self._lines.values())
        for line in lines:
            line.hang_up()

    def _listen(self, facility_id: str) -> None:
        line, pace = self._lines[facility_id], self._pace()
        while not self._is_over.is_set():
            try:
                for poke in line.pokes():
                    pace.after_success()
                    self._hear(facility_id, poke.position)
                seconds = pace.after_failure()
            except RetryLaterError as away:
                seconds = pace.after_failure(away.seconds)
            except StoppedError:
                # Central refuses, or is of before there were pokes; rounds say what there is to say about it.
                seconds = pace.after_refusal()
            self._is_over.wait(seconds)
        line.close()

    def _hear(self, facility_id: str, position: int) -> None:
        with self._lock:
            if position <= self._reached.get(facility_id, 0):
                return
            self._heard[facility_id] = position
        if self._told is not None:
            self._told()
