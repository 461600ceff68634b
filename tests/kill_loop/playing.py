"""A day that is played in a process of its own and says on a pipe, after each step is durable, that it is."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from pathlib import Path

from access_desk import app
from access_desk.exchange.day_file import read_day
from access_desk.services.play import DayPlayer
from access_desk.services.result import day_result, verify
from access_desk.storage import engine
from access_desk.storage.event_log import every_row
from access_desk.system.clock import ManualClock


def play(day_file: Path, home: Path, out: int) -> None:
    """Play the day into the home; every acknowledged step is a line on the descriptor, the result the last line."""
    day = read_day(day_file.read_bytes())
    clock = ManualClock(app.BEFORE_ANY_STEP)
    with app.open_practice_desk(home, clock, facility_id=day.facility.code) as opened:
        player = DayPlayer(day, opened.desk.journal, clock, opened.desk.for_day())
        player.learn(opened.desk.provisioning.day(day))
        outcomes = player.play(lambda outcome: _say(out, str(outcome.n)))
        result = day_result(opened.desk.journal, outcomes, verify(opened.desk.journal, opened.trusted_keys), [])
    result.pop("log")
    _say(out, json.dumps(result, sort_keys=True))


def look(home: Path, out: int) -> None:
    """What is in the home's log: how often each command recorded each kind of event, and whether all is whole."""
    with app.open_to_read(home) as opened:
        with engine.read_transaction(opened.files.database) as connection:
            kinds = Counter(f"{row.command_id} {row.kind}" for row in every_row(connection) if row.command_id)
        verdict = verify(opened.desk.journal, opened.trusted_keys)
    _say(out, json.dumps({"kinds": kinds, "faults": [fault.what for fault in verdict.faults], "differing": verdict.differing}))


def keep_less() -> None:
    """For the control arm: open databases the way that a power cut does hurt."""
    less = tuple(("synchronous", "NORMAL", 1) if one[0] == "synchronous" else one for one in engine.PRAGMAS)
    vars(engine)["PRAGMAS"] = less


def _say(out: int, text: str) -> None:
    os.write(out, text.encode() + b"\n")


if __name__ == "__main__":
    if "--normal" in sys.argv:
        keep_less()
    {"play": lambda: play(Path(sys.argv[2]), Path(sys.argv[3]), 1), "look": lambda: look(Path(sys.argv[2]), 1)}[sys.argv[1]]()
