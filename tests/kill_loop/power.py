"""The power arm: after a kill, every database file is put back to what had reached the disk with its last fsync.

FULL must lose nothing that was acknowledged; the control arm, NORMAL, does lose, which proves that the rig can see.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.kill_loop import kills, playing

HERE = Path(__file__).parent


@dataclass
class Cuts:
    """What power cuts did to one arm."""

    arm: str
    cuts: int = 0
    acknowledged: int = 0
    lost: int = 0
    broken: int = 0


def shim(folder: Path) -> Path | None:
    """The compiled shim; None where there is no C compiler, or no LD_PRELOAD."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None or not sys.platform.startswith("linux"):
        return None
    library = folder / "synced.so"
    subprocess.run([compiler, "-O2", "-shared", "-fPIC", "-o", library, HERE / "synced.c", "-ldl"], check=True)
    return library


def cut_power(arm: str, day_file: Path, folder: Path, library: Path, cuts: int, seed: int) -> Cuts:
    """Cut the power of ``cuts`` playing days at random points."""
    chance = random.Random(seed)
    seen = Cuts(arm)
    for number in range(cuts):
        home = folder / f"{arm}{number}"
        # The home is made before the shim watches, as a desk is on the day it is set up.
        kills.forked(partial(playing.play, day_file, home), lambda heard: heard.count(b"\n") >= 1)
        for path in home.glob("desk.db*"):
            shutil.copy(path, path.with_name(path.name + ".synced"))
        acknowledged = _play_until_cut(arm, day_file, home, library, chance.randint(3, 25))
        _what_the_disk_has(home)
        seen.cuts += 1
        seen.acknowledged += len(acknowledged)
        lines, ended = kills.forked(partial(playing.look, home))
        if not ended:
            seen.broken += 1
            seen.lost += len(acknowledged)
        else:
            found = json.loads(lines[-1])
            recorded = {int(key.split()[0].rsplit(":", 1)[1]) for key in found["kinds"]}
            seen.lost += len(acknowledged - recorded)
            seen.broken += bool(found["faults"] or found["differing"])
        shutil.rmtree(home)
    return seen


def _play_until_cut(arm: str, day_file: Path, home: Path, library: Path, after: int) -> set[int]:
    command = [sys.executable, "-m", "tests.kill_loop.playing", "play", str(day_file), str(home)]
    environment = {**os.environ, "LD_PRELOAD": str(library)}
    with subprocess.Popen([*command, f"--{arm}"], stdout=subprocess.PIPE, env=environment, cwd=HERE.parents[1]) as child:
        acknowledged: set[int] = set()
        for line in child.stdout or ():
            if line.strip().isdigit():
                acknowledged.add(int(line))
            if len(acknowledged) >= after:
                # Stopped before the cut: what it says after the power is gone would not count.
                child.send_signal(signal.SIGSTOP)
                break
        child.kill()
    return acknowledged


def _what_the_disk_has(home: Path) -> None:
    for path in list(home.glob("desk.db*")):
        if not path.name.endswith((".synced", ".part")):
            path.unlink()
    for path in list(home.glob("desk.db*.synced")):
        path.rename(path.with_name(path.name.removesuffix(".synced")))
    for left in (home / "desk.db-shm", home / "desk.db.new", home / "desk.db.new-wal"):
        left.unlink(missing_ok=True)
