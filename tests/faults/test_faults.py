"""A slice of the campaign, and that its proxy does what it says and its checker can see."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.faults.campaign import a_campaign
from tests.faults.failover import failover
from tests.faults.proxy import FAULTS
from tests.postgres import cluster


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


@pytest.mark.slow
@pytest.mark.parametrize("lossy", [False, True])
def test_desks_offer_again_what_a_failover_lost(tmp_path: Path, *, lossy: bool) -> None:
    seen = failover(tmp_path, seed=3, events=240, lossy=lossy)
    assert seen.tally.is_clean, str(seen.tally)
    assert seen.tally.events == seen.tally.at_central >= 240
    assert (seen.missing > 0) == lossy


@pytest.mark.slow
def test_nothing_is_lost_when_the_server_is_killed_too(tmp_path: Path) -> None:
    with cluster() as server, a_campaign(tmp_path, seed=9, likelihood=0.3, server=server) as campaign:
        tally = campaign.run(events=300, kills=4)
    assert tally.is_clean, str(tally)
    assert tally.events == tally.at_central >= 300
    assert tally.kills == 4
