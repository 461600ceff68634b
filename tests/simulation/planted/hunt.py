"""Looks for the seed that finds a planted bug."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from tests.simulation.planted import details, log, money, travel
from tests.simulation.planted.planting import BUGS, Planted
from tests.simulation.world import simulate

TABLE = Path(__file__).parent / "found.json"
SEEDS = range(40)
__all__ = ["BUGS", "Finding", "details", "hunt", "keep", "kept", "log", "money", "travel", "try_seed"]


@dataclass(frozen=True)
class Finding:
    """The seed that found a bug, and what was seen."""

    seed: int
    said: str


def hunt(bug: Planted, first: int = 0) -> Finding | None:
    """The first seed that finds it, that one before all others; None when none does."""
    for seed in (first, *(one for one in SEEDS if one != first)):
        said = try_seed(bug, seed)
        if said:
            return Finding(seed, said)
    return None


def kept() -> dict[str, Finding]:
    """The table: by bug, the seed that found it."""
    read = json.loads(TABLE.read_text()) if TABLE.exists() else {}
    return {name: Finding(one["seed"], one["said"]) for name, one in read.items()}


def keep(found: dict[str, Finding]) -> None:
    """Write the table again, with these in it and without bugs that are no longer planted."""
    known = {name: one for name, one in (kept() | found).items() if name in BUGS}
    table = {name: {"about": BUGS[name].about, "seed": known[name].seed, "said": known[name].said} for name in sorted(known)}
    TABLE.write_text(json.dumps(table, indent=1) + "\n")


def try_seed(bug: Planted, seed: int) -> str:
    """What a seed sees with the bug in place; blank when it sees nothing. A crash of the program is seen as well."""
    with bug.in_place():
        try:
            simulate(seed, bug.hours)
        except AssertionError as violation:
            return without_ids(f"{violation}")
        except Exception as crash:  # noqa: BLE001 - whatever the bug makes of the program
            return without_ids(f"seed {seed}: the program stopped with {type(crash).__name__}")
    return ""


def without_ids(text: str) -> str:
    """The first part of what was said, which is the same on every machine."""
    return re.sub(r"[0-9a-f]{32,}", "…", text).split(": ", 1)[1][:160]
