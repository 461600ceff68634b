"""A slice of the campaign, and that its proxy does what it says and its checker can see."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.faults.campaign import a_campaign
from tests.faults.proxy import FAULTS


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    with a_campaign(tmp_path, seed=7, likelihood=0.3) as campaign:
        tally = campaign.run(events=700, kills=3)
    assert tally.is_clean, str(tally)
    assert tally.events == tally.at_central >= 700
    assert tally.kills == 3
    assert set(FAULTS) <= {name for name, count in tally.faults.items() if count}, str(tally)


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_the_checker_sees_an_event_that_central_lost(tmp_path: Path) -> None:
    with a_campaign(tmp_path, seed=8, likelihood=0.0) as campaign:
        campaign.run(events=40, kills=0)
        assert campaign.tally.is_clean
        north = campaign.desks[0]
        campaign.work(north, 3)
        campaign.compare()
        assert campaign.tally.lost >= 3
        assert not campaign.tally.is_clean
