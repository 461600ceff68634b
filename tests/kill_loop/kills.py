"""The kill arm: SIGKILL at random points, then a second run finishes the day."""

from __future__ import annotations

import json
import os
import random
import select
import shutil
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from tests.kill_loop import playing

# A resumed run signs people in again; that is no double effect.
SIGN_IN = "session.signed_in"


@dataclass
class Tally:
    """What the loop has seen."""

    kills: int = 0
    days: int = 0
    acknowledged: int = 0
    unacknowledged_but_recorded: int = 0
    problems: list[str] = field(default_factory=list)


def forked(
    body: Callable[[int], None], until: Callable[[bytes], bool] | None = None, patience_s: float = 0.0
) -> tuple[list[str], bool]:
    """Run in a forked child that writes lines to a pipe; kill it when ``until`` says so. The lines, and whether it ended."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.close(reading)
            body(writing)
            status = 0
        finally:
            os._exit(status)
    os.close(writing)
    heard = b""
    while True:
        chunk = os.read(reading, 65536)
        heard += chunk
        if not chunk:
            break
        if until is not None and until(heard):
            # A little later, so that the kill falls anywhere inside the next step.
            select.select([reading], [], [], patience_s)
            os.kill(child, signal.SIGKILL)
            heard += _rest(reading)
            break
    os.close(reading)
    _, status = os.waitpid(child, 0)
    whole = heard.rsplit(b"\n", 1)[0] if b"\n" in heard else b""
    return whole.decode().splitlines(), os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0


def _rest(reading: int) -> bytes:
    rest = b""
    while chunk := os.read(reading, 65536):
        rest += chunk
    return rest


def run(day_file: Path, folder: Path, count: int, seed: int, said: Callable[[Tally], None]) -> Tally:
    """Kill a playing day ``count`` times; each day is resumed until it is finished and compared with an undisturbed one."""
    chance = random.Random(seed)
    tally = Tally()
    undisturbed, _ = forked(partial(playing.play, day_file, folder / "undisturbed"))
    wanted, wanted_kinds = undisturbed[-1], _kinds(folder / "undisturbed")
    steps = len(undisturbed) - 1
    while tally.kills < count:
        home = folder / f"day{tally.days}"
        _one_day(day_file, home, chance, steps, count, tally)
        lines, ended = forked(partial(playing.play, day_file, home))
        if not ended or not lines or lines[-1] != wanted:
            tally.problems.append(f"day {tally.days}: the resumed day's result differs (seed {seed})")
        kinds = _kinds(home)
        expected = wanted_kinds["kinds"]
        doubled = [one for one, times in kinds["kinds"].items() if times > expected.get(one, 0) and SIGN_IN not in one]
        if doubled or kinds["faults"] or kinds["differing"]:
            seen = f"doubled {doubled[:3]}, faults {kinds['faults']}, differing {kinds['differing']}"
            tally.problems.append(f"day {tally.days}: {seen}")
        tally.days += 1
        shutil.rmtree(home)
        said(tally)
    return tally


def _one_day(day_file: Path, home: Path, chance: random.Random, steps: int, count: int, tally: Tally) -> None:
    acknowledged: set[int] = set()
    while tally.kills < count and len(acknowledged) < steps:
        after = min(len(acknowledged) + chance.randint(1, max(steps // 6, 2)), steps)
        lines, ended = forked(
            partial(playing.play, day_file, home),
            partial(_has_lines, after),
            chance.random() * 0.01,
        )
        acknowledged |= {int(line) for line in lines if line.isdecimal()}
        tally.acknowledged += sum(line.isdecimal() for line in lines)
        if ended:
            return
        tally.kills += 1
        kinds = _kinds(home)
        recorded = {int(key.split()[0].rsplit(":", 1)[1]) for key in kinds["kinds"]}
        if lost := acknowledged - recorded:
            tally.problems.append(f"day {tally.days}: acknowledged steps {sorted(lost)[:5]} are lost")
        if kinds["faults"] or kinds["differing"]:
            tally.problems.append(f"day {tally.days}: faults {kinds['faults']}, differing {kinds['differing']}")
        tally.unacknowledged_but_recorded += len(recorded - acknowledged)


def _has_lines(after: int, heard: bytes) -> bool:
    return heard.count(b"\n") >= after


def _kinds(home: Path) -> dict[str, dict[str, int]]:
    lines, ended = forked(partial(playing.look, home))
    if not ended or not lines:
        raise AssertionError(f"the log in {home} cannot be read")
    found: dict[str, dict[str, int]] = json.loads(lines[-1])
    return found
