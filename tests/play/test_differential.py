"""Random days end alike for the program and for a model of the contract that shares no code with it."""

from __future__ import annotations

import pytest

from tests.oracle import compare, model
from tests.oracle.random_days import random_day
from tests.play.playing import play

DAYS = 60


@pytest.mark.parametrize("seed", range(DAYS))
def test_the_program_and_the_model_agree(seed: int) -> None:
    content = random_day(seed)
    result = play(content)
    assert result["log"]["chain"] == "intact"
    assert result["log"]["replay"] == "equal"
    assert result["ledger"]["sum"] == "0.00"
    assert compare.differences(result, model.play(content)) == []
