"""Every way of tampering once, at a desk and at central, and as many copies that nobody touched; `make tamper` runs thousands."""

from __future__ import annotations

from pathlib import Path

from tests.central.kinds import in_memory
from tests.tamper import ways
from tests.tamper.campaign import Campaign, run
from tests.tamper.stage import a_morning

CLEAN = 6


def test_what_was_spoilt_is_found_and_named_and_nothing_else_is(tmp_path: Path) -> None:
    databases = [in_memory() for _ in range(2)]
    with a_morning(tmp_path, databases[0]) as base:
        tally = run(Campaign(base, tmp_path, databases[1]), CLEAN, 2 * max(len(ways.ON_DESK), len(ways.ON_CENTRAL)), 0, _nothing)
    for database in databases:
        database.dispose()
    assert (tally.missed, tally.unnamed, tally.alarms) == ([], [], [])
    assert len(tally.found) == len(ways.ON_DESK) + len(ways.ON_CENTRAL)
    assert tally.clean == CLEAN


def _nothing(_: object) -> None:
    """Nobody watches."""
