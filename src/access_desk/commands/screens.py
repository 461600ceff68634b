"""`access-desk screens`: every screen as a PNG, from the demo day, offscreen."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path

from access_desk import app
from access_desk.cli import DONE, WrongUseError
from access_desk.commands.demo import demo_day
from access_desk.commands.show import already_open
from access_desk.services.play import DayPlayer
from access_desk.system.clock import ManualClock
from access_desk.ui.start import Start, application
from access_desk.ui.tour import Tour


def run(arguments: argparse.Namespace) -> int:
    """Draw them; ``payment-dark.png`` and so on."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    home = Path(tempfile.mkdtemp(prefix="access-desk-screens-"))
    try:
        names = _draw(home, arguments.out, arguments.theme, arguments.size)
    except OSError as wrong:
        raise WrongUseError(f"{arguments.out}: {wrong.strerror or 'it cannot be written'}") from wrong
    finally:
        shutil.rmtree(home, ignore_errors=True)
    sys.stdout.write(f"{len(names)} screens in {arguments.out}\n")
    return DONE


def _draw(home: Path, out: Path, theme: str, size: tuple[int, int]) -> list[str]:
    out.mkdir(parents=True, exist_ok=True)
    day = demo_day()
    clock = ManualClock(app.BEFORE_ANY_STEP)
    qt = application()
    names: list[str] = []
    with app.open_practice_desk(home, clock, facility_id=day.facility.code) as opened:
        player = DayPlayer(day, opened.desk.journal, clock, opened.desk.for_day())
        player.learn(opened.desk.provisioning.day(day))
        player.set_clock(day.steps[0])
        start = Start(home, lambda _: already_open(opened.desk), theme)
        start.frame.resize(*size)
        start.show()
        start.load()
        start.window.toasts.keep_quiet()

        def take(name: str) -> None:
            qt.processEvents()
            if not start.frame.grab().save(str(out / f"{name}-{theme}.png")):
                raise OSError(None, "a picture cannot be written")
            names.append(name)

        if start.program is None:
            raise WrongUseError("the window could not be opened")
        Tour(start.program, player, take).walk()
        start.close()
        qt.processEvents()
    return names
