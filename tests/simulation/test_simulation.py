"""A slice of the simulation: with and without faults all agree in the end, a seed is the same twice, and bugs are seen."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256

import pytest

from tests.simulation.checker import TABLES, Checker
from tests.simulation.faults import EVERY_FAULT
from tests.simulation.planted.hunt import BUGS, hunt, kept
from tests.simulation.world import simulate

FOUND = kept()
# Quick ones of each sort; `make planted` tries all.
PLANTED = (
    "local_time_is_stored",
    "float_cents",
    "feed_with_holes",
    "voids_are_not_projected",
    "wall_clock_stamps",
    "errors_are_success",
    "own_details_are_let_go",
)


@pytest.mark.parametrize("seed", range(5))
def test_with_faults_everything_agrees_in_the_end(seed: int) -> None:
    """Seed 0 has encrypted files on a disk, the others theirs in memory."""
    outcome = simulate(seed, 3)
    assert outcome.events > 50
    assert sum(outcome.faults.values()) > 0
    assert set(outcome.faults) <= set(EVERY_FAULT)


def test_without_faults_everything_agrees() -> None:
    outcome = simulate(7, 2, faulty=False)
    assert outcome.payments > 0
    assert not sum(outcome.faults.values())


def test_desks_that_let_go_of_details_agree_with_those_that_keep_them() -> None:
    assert simulate(10, 6).let_go > 0


def test_a_seed_is_the_same_twice() -> None:
    """Events, outcomes of rounds and faults, in their order: the digest is of all of it."""
    assert simulate(7, 1) == simulate(7, 1)


def test_a_seed_is_the_same_in_memory_and_on_a_disk() -> None:
    assert simulate(9, 1, on_disk=True) == simulate(9, 1, on_disk=False)


def test_the_table_names_the_seed_that_saw_each_planted_bug() -> None:
    assert set(FOUND) == set(BUGS)
    assert len(FOUND) >= 30


def test_every_planted_bug_has_its_place_in_the_program() -> None:
    for bug in BUGS.values():
        with bug.in_place():
            pass


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_bug_is_seen(name: str) -> None:
    assert hunt(BUGS[name], FOUND[name].seed) is not None


def test_an_amendment_may_come_before_its_record() -> None:
    """When central was restored, one desk may offer again before the other."""
    checker = Checker()
    body = {"patient_id": "p", "changes": {"phone": "216-555-0199"}}
    amended = _event(1, "patient.amended", body, "2")
    checker.add("a", 1, 1, amended, sha256(amended).digest())
    empty: dict[str, list[tuple[object, ...]]] = {name: [] for name in TABLES} | {"ledger": [(None,)]}
    checker.compare(empty)
    assert checker.wrong == []


def test_an_amendment_stands_over_its_record_whatever_the_stamp_of_that_counts_as() -> None:
    """Seed 20251: a clock was far ahead, central was put back, and received the record again after the amendment."""
    checker = Checker()
    demographics = {"phone": "216-555-0100", "city": "Lima"}
    made = _event(1, "patient.registered", {"patient_id": "p", "mrn": "1", "demographics": demographics}, "9")
    checker.add("a", 1, 1, made, sha256(made).digest(), "5")
    amended = _event(1, "patient.amended", {"patient_id": "p", "changes": {"phone": "216-555-0199"}}, "3", "b")
    checker.add("b", 1, 1, amended, sha256(amended).digest())
    shown: dict[str, list[tuple[object, ...]]] = {name: [] for name in TABLES}
    checker.compare(shown | {"ledger": [(None,)], "caps": [("a", 1, 1, "5")], "patients": [("p", "216-555-0199", "Lima")]})
    assert checker.wrong == []


def test_the_checker_sees_an_event_that_is_missing() -> None:
    checker = Checker()
    second = _event(2, "x", {}, "1")
    checker.add("a", 1, 2, second, sha256(second).digest())
    assert checker.wrong == ["a 2 x: is not the next of its stream"]


def _event(seq: int, kind: str, body: Mapping[str, object], stamp: str, desk: str = "a") -> bytes:
    event = {
        "desk_id": desk,
        "stream_epoch": 1,
        "desk_seq": seq,
        "kind": kind,
        "prev_hash": "0" * 64,
        "event_id": f"{desk}{seq}",
        "stamp": stamp,
    }
    return json.dumps({**event, "recorded_at": "2026-11-24T13:00:00Z", "body": body}).encode()
