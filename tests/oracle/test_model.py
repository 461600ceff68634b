"""The model itself, against the figures worked out by hand and against its own double entry."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.oracle import compare, model, reading
from tests.oracle.random_days import random_day
from tests.oracle.values import money_text

DAYS = Path(__file__).resolve().parents[1] / "days"
DEMO = Path(__file__).resolve().parents[2] / "resources" / "demo" / "demo-day.json"
STORIES = sorted(path for path in DAYS.glob("*.json") if not path.name.endswith(".expected.json"))


@pytest.mark.parametrize("path", [*STORIES, DEMO], ids=lambda path: path.stem)
def test_a_story_ends_as_its_file_says(path: Path) -> None:
    file = reading.read_file(path)
    result = model.play(file)
    assert model.surprises(file, result) == []
    by_hand = DAYS / f"{path.stem}.expected.json"
    if by_hand.exists():
        assert compare.missing(json.loads(by_hand.read_text(encoding="utf-8")), result) == []


def test_the_stories_are_many_and_most_have_figures_worked_out_by_hand() -> None:
    assert len(STORIES) >= 40
    assert len(list(DAYS.glob("*.expected.json"))) >= 40


@pytest.mark.parametrize("seed", range(20))
def test_a_random_day_adds_up_to_nothing_and_repeats(seed: int) -> None:
    day = random_day(seed, 120)
    result = model.play(day)
    assert result["ledger"]["sum"] == "0.00"
    assert model.surprises(day, result) == []
    assert day == random_day(seed, 120)


def test_a_difference_is_said_in_words() -> None:
    result = model.play(random_day(1))
    changed = json.loads(json.dumps(result)) | {"log": {"chain": "intact", "replay": "equal"}, "patients": 999}
    assert any("patients: wanted" in text for text in compare.differences(changed, result))


@pytest.mark.parametrize(("cents", "text"), [(0, "0.00"), (-5, "-0.05"), (-100, "-1.00"), (123456, "1234.56")])
def test_money_is_written_with_two_decimals(cents: int, text: str) -> None:
    assert money_text(cents) == text
