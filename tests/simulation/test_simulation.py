"""A slice of the simulation: with and without faults all agree in the end, and a seed is the same twice."""

from __future__ import annotations

import pytest

from tests.simulation.checker import check
from tests.simulation.world import simulate


@pytest.mark.parametrize("seed", range(6))
def test_with_faults_everything_agrees_in_the_end(seed: int) -> None:
    assert simulate(seed, 2)[1] >= 4


def test_without_faults_everything_agrees() -> None:
    assert simulate(100, 2, faulty=False)[1] >= 4


def test_a_seed_is_the_same_twice() -> None:
    assert simulate(7, 1) == simulate(7, 1)


def test_the_checker_sees_an_event_that_is_missing() -> None:
    event = b'{"desk_id":"a","desk_seq":2,"kind":"x","stream_epoch":1,"prev_hash":"' + b"0" * 64 + b'","event_id":"e","body":{}}'
    assert check([("a", 2, event)], {}, {}) == ["a 2 x: not the next of its stream"]
