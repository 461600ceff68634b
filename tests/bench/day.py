"""The demo day, headless: steps per second."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from access_desk import app
from access_desk.commands.demo import demo_day
from access_desk.services.play import DayPlayer
from access_desk.system.clock import ManualClock
from tests.bench.figures import Figure


def measure(folder: Path) -> list[Figure]:
    """One play on an encrypted file; hashing the staff's PINs is part of it."""
    day = demo_day()
    clock = ManualClock(app.BEFORE_ANY_STEP)
    with app.open_practice_desk(Path(tempfile.mkdtemp(dir=folder)), clock, facility_id=day.facility.code) as opened:
        player = DayPlayer(day, opened.desk.journal, clock, opened.desk.for_day())
        player.learn(opened.desk.provisioning.day(day))
        begun = time.perf_counter()
        player.play()
        taken = time.perf_counter() - begun
    return [
        Figure(
            "demo day headless, steps per second", len(day.steps) / taken, None, "–", f"{len(day.steps)} steps in {taken:.2f} s"
        )
    ]
