"""`access-desk demo`: the demo day through the real screens, or a practice desk in the middle of it."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import platformdirs

from access_desk import app
from access_desk.cli import DONE, NO
from access_desk.commands import paper_files
from access_desk.commands.show import on_screen
from access_desk.domain.day import Day
from access_desk.exchange.day_file import read_day
from access_desk.services.desk import Desk
from access_desk.services.play import DayPlayer
from access_desk.services.result import day_result, verify
from access_desk.system.clock import ManualClock, RunningClock
from access_desk.system.home import Home
from access_desk.ui.kit.resources import resource_folder
from access_desk.ui.rehearsal import Rehearsal
from access_desk.ui.start import Start, run_window

# The middle of the demo day: the day shift is at work, one drawer is counted and one is still taking money.
MIDDLE = 0.4


def demo_day() -> Day:
    """The bundled demo day."""
    return read_day((resource_folder() / "demo" / "demo-day.json").read_bytes())


def run(arguments: argparse.Namespace) -> int:
    """Play it, or open the window in the middle of it."""
    if arguments.window:
        return _open_window(arguments.home)
    out = arguments.out or Path("build") / "demo"
    home = arguments.home or Path(tempfile.mkdtemp(prefix="access-desk-demo-"))
    try:
        return _play(home, out)
    finally:
        if arguments.home is None:
            shutil.rmtree(home, ignore_errors=True)


def _play(home: Path, out: Path) -> int:
    day = demo_day()
    clock = ManualClock(app.BEFORE_ANY_STEP)
    with app.open_practice_desk(home, clock, facility_id=day.facility.code) as opened:
        desk = opened.desk
        player = DayPlayer(day, desk.journal, clock, desk.for_day())
        player.learn(desk.provisioning.day(day))
        with on_screen(desk, home) as (start, program):
            shown = Album(start, out / "pictures")
            rehearsal = Rehearsal(program, player, shown.take)
            outcomes = rehearsal.play(day.steps)
        papers = paper_files.write_all(desk, out)
        result = day_result(desk.journal, outcomes, verify(desk.journal, opened.trusted_keys), papers)
    unexpected = [outcome.n for step, outcome in zip(day.steps, outcomes, strict=True) if not outcome.as_the_file_says(step)]
    sheets = [name for name in papers if name.startswith("cash-sheet")]
    sys.stdout.write(
        f"The demo day was played on the real screens: {len(outcomes)} steps, {rehearsal.through_forms} of them typed into "
        f"their forms; {result['patients']} patients, {len(sheets)} cash sheets.\n"
        f"Cash sheets and other papers: {out.resolve()}/  (cash-sheet-*.pdf)\n"
        f"Pictures of the screens:      {(out / 'pictures').resolve()}/\n"
    )
    if unexpected:
        sys.stderr.write(f"access-desk demo: steps {unexpected} did not end as the day says\n")
    return NO if unexpected else DONE


class Album:
    """Keeps the first pictures of every page."""

    def __init__(self, start: Start, folder: Path, most: int = 2) -> None:
        self._start, self._folder, self._most = start, folder, most
        self._taken: dict[str, int] = {}

    def take(self, page_id: str) -> None:
        """One more picture of a page, unless there are enough."""
        number = self._taken.get(page_id, 0) + 1
        if number <= self._most:
            self._taken[page_id] = number
            picture = self._folder / f"{page_id}-{number}.png"
            picture.parent.mkdir(parents=True, exist_ok=True)
            self._start.frame.grab().save(str(picture))


def _open_window(folder: Path | None) -> int:
    """A practice desk in the middle of the demo day; opened again, it goes on where it stood."""
    home = folder or Path(platformdirs.user_data_dir("access-desk-demo", appauthor=False))
    if Home.at(home).is_new:
        play_part(home, MIDDLE)
    _say_who_can_sign_in()
    return run_window(home, lambda fault: _going_on(home, fault))


def _say_who_can_sign_in() -> None:
    """The demo day's PINs are no secret: its file tells them, and nothing on a practice desk is real."""
    people = "".join(f"  {person.key:8} {person.pin}  {person.name}, {person.role.value}\n" for person in demo_day().staff)
    sys.stdout.write(f"A practice desk in the middle of a day. Sign in with one of these names and PINs:\n{people}")
    sys.stdout.flush()


def play_part(home: Path, part: float) -> None:
    """Play the first steps of the demo day into a home."""
    day = demo_day()
    clock = ManualClock(app.BEFORE_ANY_STEP)
    with app.open_practice_desk(home, clock, facility_id=day.facility.code) as opened:
        player = DayPlayer(day, opened.desk.journal, clock, opened.desk.for_day())
        player.learn(opened.desk.provisioning.day(day))
        for step in day.steps[: int(len(day.steps) * part)]:
            player.play_step(step)


@contextmanager
def _going_on(home: Path, fault: Callable[[], object]) -> Iterator[Desk]:
    with app.open_to_read(home) as looked_at:
        last = looked_at.desk.view.last_moment()
    clock = RunningClock((last or datetime.now(UTC)) + timedelta(minutes=1))
    with app.open_to_write(home, clock) as opened, app.logging_bugs(opened, fault):
        yield opened.desk
