"""A slice of the kill loop; `make kill-loop` runs the long one."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.kill_loop import kills
from tests.kill_loop.__main__ import DAY

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="kills forked processes, which this system has not")
STEPS = 60


def test_nothing_acknowledged_is_lost_or_doubled(tmp_path: Path) -> None:
    day = json.loads(DAY.read_bytes())
    day["steps"] = day["steps"][:STEPS]
    (tmp_path / "day.json").write_text(json.dumps(day))
    tally = kills.run(tmp_path / "day.json", tmp_path, 15, 7, lambda _: None)
    assert tally.problems == []
    assert tally.kills == 15
    assert tally.acknowledged > STEPS
