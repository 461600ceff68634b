"""`report emtala` on a day that was played: nothing came before its exam, and wrong use is told in one line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from access_desk.cli import DONE, WRONG_USE, main

DAY = Path(__file__).resolve().parents[1] / "days" / "emergency-visit-is-not-asked-for-money-before-screening.json"
PERIOD = ("--from", "2026-11-01", "--to", "2026-11-30")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    assert main(["play", str(DAY), "--home", str(tmp_path / "desk"), "--json", str(tmp_path / "result.json")]) == DONE
    return tmp_path / "desk"


def test_no_payment_of_the_day_came_before_its_exam(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["report", "emtala", *PERIOD, "--home", str(home), "--json"]) == DONE
    found = json.loads(capsys.readouterr().out)
    assert found["payments_before_exam"] == []
    assert len(found["arrivals"]) >= 1
    assert any(one["examined_at"] for one in found["arrivals"])
    assert main(["report", "emtala", *PERIOD, "--home", str(home)]) == DONE
    assert "0 payments before the exam" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["emtala", "--to", "2026-11-30"], "--from"),
        (["emtala", "--from", "soon", "--to", "2026-11-30"], "--from soon"),
        (["emtala", "--from", "2026-11-30", "--to", "2026-11-01"], "lies before"),
        (["end-of-shift"], "--date"),
    ],
)
def test_wrong_use(home: Path, arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["report", *arguments, "--home", str(home)]) == WRONG_USE
    said = capsys.readouterr().err
    assert says in said
    assert said.count("\n") == 1
