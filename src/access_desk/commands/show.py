"""`access-desk play --show`: a day on the real screens, slow enough to watch."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from access_desk.cli import WrongUseError
from access_desk.domain.day import StepOutcome
from access_desk.services.desk import Desk
from access_desk.services.play import DayPlayer
from access_desk.ui.program import Program
from access_desk.ui.rehearsal import Rehearsal
from access_desk.ui.start import Start, application

# Long enough to read what a step did.
LOOK_S = 0.7
LONGEST_WAIT_S = 60.0


@contextmanager
def already_open(desk: Desk) -> Iterator[Desk]:
    """A desk that somebody else opened and closes."""
    yield desk


@contextmanager
def on_screen(desk: Desk, home: Path) -> Iterator[tuple[Start, Program]]:
    """The window on a desk that is already open. Raises WrongUseError when it cannot be shown."""
    qt = application()
    start = Start(home, lambda _: already_open(desk))
    start.show()
    start.load()
    if start.program is None:
        raise WrongUseError("the window could not be opened")
    yield start, start.program
    start.close()
    qt.processEvents()


def play_on_screen(desk: Desk, home: Path, player: DayPlayer, factor: float) -> list[StepOutcome]:
    """Every step in order, with a pause after each: the day's own divided by ``factor``, or a fixed one without it."""
    outcomes: list[StepOutcome] = []
    with on_screen(desk, home) as (_, program):
        rehearsal = Rehearsal(program, player)
        last = None
        for step in player.day.steps:
            outcomes.append(rehearsal.play_step(step))
            now = desk.journal.clock.now()
            gap = (now - last).total_seconds() / factor if factor and last is not None else LOOK_S
            rehearsal.rest(min(max(gap, 0.0), LONGEST_WAIT_S))
            last = now
    return outcomes
