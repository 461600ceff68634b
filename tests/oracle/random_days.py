"""Seeded days for differential testing: valid and invalid steps mixed, each marked with how the model says it ends.

``python -m tests.oracle.random_days --seed N [--steps M]`` prints one day file.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from datetime import datetime, timedelta

from tests.oracle import model, reading
from tests.oracle.random_steps import Desk
from tests.oracle.values import Json

STARTS = (
    ("America/Chicago", "2026-11-23T06:30"),
    ("America/Chicago", "2026-10-31T21:40"),  # the night that has an hour twice
    ("America/New_York", "2026-03-07T22:15"),  # the night that lacks an hour
    ("America/Los_Angeles", "2026-10-31T23:30"),
    ("America/Phoenix", "2026-12-31T20:05"),
    ("Asia/Kolkata", "2028-02-28T22:50"),
)
PEOPLE = (
    ("dana", "registrar"),
    ("priya", "registrar"),
    ("omar", "registrar"),
    ("marcus", "lead"),
    ("teresa", "supervisor"),
)


def policy(chance: random.Random) -> Json:
    """Some settings, the others left to their defaults."""
    given: Json = {}
    choices: Json = {
        "recounts": [0, 1, 2, 3],
        "void_approval": [True, False],
        "refund_approval": [True, False],
        "paid_out": [True, True, False],
        "two_person_open": [True, False],
        "two_person_close": [True, False],
        "cash_rounding": ["none", "nearest_5", "nearest_5"],
        "emtala_release": ["mse", "stabilized"],
        "drop_at": ["800.00", "50.00"],
        "over_short": [
            [],
            [{"from": "1.00", "needs": ["reason"]}, {"from": "10.00", "needs": ["memo"]}],
            [{"from": "0.01", "needs": []}, {"from": "5.00", "needs": ["approval", "reason"]}],
        ],
        "shifts": [
            [{"name": "only", "from": "00:00"}],
            [{"name": "early", "from": "06:45"}, {"name": "late", "from": "18:45"}],
        ],
    }
    for key, values in choices.items():
        if chance.random() < 0.3:
            given[key] = chance.choice(values)
    return given


def blank_day(chance: random.Random) -> tuple[Json, datetime]:
    """A file without steps, and the local time at which its first one happens."""
    zone, start = chance.choice(STARTS)
    pins = chance.sample(range(1000, 999_999), len(PEOPLE))
    drawers = [(f"D{number}", chance.choice(["200.00", "100.00", "0.00", "150.50"])) for number in (1, 2, 3)]
    file = {
        "format": "access-desk.day/1",
        "facility": {"code": "CHR", "name": "Cedar Hollow Regional", "timezone": zone, "policy": policy(chance)},
        "staff": [
            {"key": key, "name": key.title(), "role": role, "pin": str(pin)}
            for (key, role), pin in zip(PEOPLE, pins, strict=True)
        ],
        "drawers": [{"key": key, "desk": f"Admitting {key[1:]}", "imprest": imprest} for key, imprest in drawers],
        "steps": [],
    }
    return file, datetime.fromisoformat(start)


def random_day(seed: int, steps: int = 60) -> Json:
    """The day of a seed; every step that the model refuses carries its refusal as the expected end."""
    chance = random.Random(seed)
    file, start = blank_day(chance)
    day, _ = reading.day_of(file)
    desk = Desk(chance, day, file)
    for number in range(steps):
        step = desk.next_step()
        if number == 0:
            step["at"] = start.isoformat(timespec="minutes")
        elif chance.random() < 0.4:
            step["at"] = _later(chance, day.now.astimezone(day.zone).replace(tzinfo=None))
        code = model.perform(day, step)
        desk.note_names(step)
        if code is not None:
            step |= {"expect": "refused", "code": code}
        file["steps"].append(step)
    return file


def _later(chance: random.Random, local: datetime) -> str:
    """A local time some minutes on, now and then an impossible one."""
    if chance.random() < 0.03:
        return chance.choice(["2026-02-30T08:00", "2026-03-08T02:30", "1899-12-31T23:59", "noon", "2026-11-23 08:00"])
    minutes = chance.choice([0, 1, 3, 4, 5, 7, 20, 45, 130, 300])
    return (local + timedelta(minutes=minutes)).isoformat(timespec=chance.choice(["minutes", "seconds"]))


def main(argv: list[str]) -> int:
    """Prints the day of a seed."""
    parser = argparse.ArgumentParser(description=random_day.__doc__)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--steps", type=int, default=60)
    asked = parser.parse_args(argv)
    print(json.dumps(random_day(asked.seed, asked.steps), indent=1, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
