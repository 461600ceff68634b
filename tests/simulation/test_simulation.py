"""A slice of the simulation: with and without faults all agree in the end, a seed is the same twice, and bugs are seen."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from hashlib import sha256

import pytest

from tests.simulation.checker import Checker
from tests.simulation.planted.hunt import BUGS, TABLE, try_seed
from tests.simulation.world import simulate

FOUND = json.loads(TABLE.read_text())
# Quick ones of each sort; `make planted` tries all.
PLANTED = (
    "every_click_is_new",
    "float_cents",
    "feed_with_holes",
    "voids_are_not_projected",
    "anybody_holds_it",
    "errors_are_success",
)


@pytest.mark.parametrize("seed", range(5))
def test_with_faults_everything_agrees_in_the_end(seed: int) -> None:
    outcome = simulate(seed, 3)
    assert outcome.events > 50
    assert sum(outcome.faults.values()) > 0


def test_an_amendment_may_come_before_its_record() -> None:
    """Seed 1055: central was restored, and one desk offered again before the other."""
    assert simulate(1055, 6).events > 200


def test_without_faults_everything_agrees() -> None:
    outcome = simulate(100, 2, faulty=False)
    assert outcome.payments > 0
    assert not sum(outcome.faults.values())


def test_a_seed_is_the_same_twice() -> None:
    assert simulate(7, 1) == simulate(7, 1)


def test_the_table_names_at_least_thirty_planted_bugs_that_were_seen() -> None:
    assert set(FOUND) <= set(BUGS)
    assert len(FOUND) >= 30


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_bug_is_seen(name: str) -> None:
    assert try_seed(BUGS[name], FOUND[name]["seed"]) == FOUND[name]["said"]


def test_the_checker_sees_an_event_that_is_missing() -> None:
    checker, moment = Checker(), datetime(2026, 11, 24, tzinfo=UTC)
    event = {"desk_id": "a", "stream_epoch": 1, "desk_seq": 2, "kind": "x", "prev_hash": "0" * 64, "event_id": "e", "stamp": "1"}
    data = json.dumps({**event, "recorded_at": f"{moment:%Y-%m-%dT%H:%M:%S}Z", "body": {}}).encode()
    checker.add("a", 1, 2, data, sha256(data).digest())
    assert checker.wrong == ["a 2 x: is not the next of its stream"]
