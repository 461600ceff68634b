"""A registration whose program is killed comes back whole: every field, and where its writer stood."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from access_desk.app import open_to_read
from tests.end_to_end.registrar import HOSTILE, LAST, text_for

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")


def said_then_killed(home: Path, what: str) -> dict[str, Any]:
    """What stood on the screen of a registrar whose process was then killed, without a chance to tidy up."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", "tests.end_to_end.registrar", str(home), what]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        process.kill()
    found: dict[str, Any] = json.loads(line)
    return found


def test_a_killed_registration_comes_back_whole(tmp_path: Path) -> None:
    home = tmp_path / "desk"
    before = said_then_killed(home, "type")
    form = before["form"]
    assert form["values"]["guarantor_name"] == HOSTILE.replace("{key}", "guarantor_name")
    assert form["values"]["employer"] == HOSTILE.replace("{key}", "employer")
    assert [plan["member_id"] for plan in form["plans"]] == [text_for(f"plan{number}.member_id") for number in (1, 2)]
    assert form["plans"][0]["eb_reference"] == text_for(LAST)
    assert len([text for text in form["values"].values() if text]) > 45
    assert before["focus"] == f"register_{LAST}"
    with open_to_read(home) as opened:
        (draft,) = opened.desk.drafts.of(next(iter(opened.desk.view.facility().people)))
        assert json.loads(draft.content)["values"] == form["values"]
    after = said_then_killed(home, "look")
    assert after["form"] == form
    assert {key: after[key] for key in ("section", "plan", "panel", "folded", "focus")} == {
        key: before[key] for key in ("section", "plan", "panel", "folded", "focus")
    }
    assert (after["missing"], after["owed"]) == (before["missing"], before["owed"])
    assert said_then_killed(home, "look") == after
