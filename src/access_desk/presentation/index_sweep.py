"""Comparing the whole index at a desk: it takes minutes or hours, on a thread of its own, and goes on where it was stopped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Protocol, TypeVar

from access_desk.domain.errors import DeskError, UnavailableError
from access_desk.presentation.drawer_session import Run
from access_desk.presentation.view_model import ViewModel
from access_desk.services.desk import Desk
from access_desk.services.duplicate_queue import QueueState

_Answer = TypeVar("_Answer")
Progress = Callable[[float], object]
Stopped = Callable[[], bool]
DUE: Final = "Records were imported that were never compared with the others."


class RunLong(Protocol):
    """Runs a call that takes long beside everything else; one at a time."""

    def __call__(
        self,
        call: Callable[[Progress, Stopped], _Answer],
        progress: Progress,
        done: Callable[[_Answer], object],
        failed: Callable[[Exception], object],
        /,
    ) -> Callable[[], object]:
        """Call, with how far it is told to ``progress``, then ``done`` or ``failed``; what is returned asks it to stop."""
        ...


@dataclass(frozen=True, slots=True)
class SweepState:
    """``part`` is what is compared of the index, from 0 to 1; None when nothing is under way or was begun."""

    part: float | None = None
    is_due: bool = False
    is_running: bool = False
    is_stopping: bool = False
    notice: str = ""

    @property
    def act(self) -> str:
        """What the button does."""
        if self.is_running:
            return "Stop"
        return "Go on comparing" if self.part is not None else "Compare all"

    @property
    def text(self) -> str:
        """How it stands, in a sentence; blank when there is nothing to say."""
        shown = f"{int((self.part or 0.0) * 100)} %"
        if self.is_stopping:
            return f"Stopping at {shown}."
        if self.is_running:
            return f"Comparing all records: {shown}. You can go on working."
        if self.notice:
            return self.notice
        if self.part is not None:
            return f"{shown} of the index is compared. It goes on from there."
        return DUE if self.is_due else ""


class SweepModel(ViewModel[SweepState]):
    """Intents: begin or go on, stop. ``finished`` is called when the queue may have changed."""

    def __init__(self, desk: Desk, run: Run, run_long: RunLong) -> None:
        super().__init__(SweepState())
        self._desk, self._run, self._run_long = desk, run, run_long
        self._halt: Callable[[], object] = lambda: None
        self.finished: Callable[[], object] = lambda: None

    def look(self) -> None:
        """How far the queue is."""
        if not self.state.is_running:
            self._run(self._desk.duplicates.state, self._stands, self._failed)

    def _stands(self, queue: QueueState) -> None:
        if not self.state.is_running:
            self._show(replace(self.state, part=queue.swept, is_due=queue.sweep_due))

    def press(self) -> None:
        """Begin or go on; stop it when it runs."""
        if self.state.is_running:
            self._show(replace(self.state, is_stopping=True))
            self._halt()
            return
        self._show(replace(self.state, part=self.state.part or 0.0, is_running=True, notice=""))
        self._halt = self._run_long(self._sweep, self._told, self._done, self._failed)

    def _sweep(self, progress: Progress, stopped: Stopped) -> tuple[QueueState, int]:
        queue = self._desk.duplicates.sweep(progress, stopped)
        return queue, self._desk.links.count_open()

    def _told(self, part: float) -> None:
        if self.state.is_running:
            self._show(replace(self.state, part=part))

    def _done(self, answer: tuple[QueueState, int]) -> None:
        queue, waiting = answer
        pairs = "1 pair waits" if waiting == 1 else f"{waiting} pairs wait"
        notice = "" if queue.swept is not None else f"The whole index was compared: {pairs} for a decision."
        self._show(SweepState(queue.swept, queue.sweep_due, notice=notice))
        self.finished()

    def _failed(self, problem: Exception) -> None:
        if not isinstance(problem, DeskError | UnavailableError):
            raise problem
        self._show(replace(self.state, is_running=False, is_stopping=False, notice=problem.text))
