"""Rounds on their own thread: when one is due, what is said of it, and that nothing ends it."""

from __future__ import annotations

import logging

import pytest

from access_desk.domain.errors import UnavailableError
from access_desk.sync.core import RetryLaterError, RoundResult, StoppedError
from access_desk.sync.loop import DETAILS_STAY
from tests.sync.loops import HeardLoop

DONE = RoundResult(pushed=3, pulled=2, waiting=0, sane=True)


def test_it_begins_with_a_round_and_runs_again_when_poked() -> None:
    one = HeardLoop([DONE])
    one.loop.start()
    first = one.ended()
    assert (first.waiting, first.received, first.rounds, first.last_contact) == (0, 2, 1, one.clock.moment)
    one.loop.poke()
    assert (one.ended().received, one.rounds.ran) == (4, 2)
    one.loop.stop()
    assert one.rounds.is_closed


def test_offline_counts_from_the_first_failure_until_central_answers() -> None:
    away = RetryLaterError("no route")
    one = HeardLoop([away, away, DONE], left=3)
    one.loop.start()
    since = one.clock.moment
    assert (one.ended().offline_since, one.loop.status.waiting) == (since, 3)
    one.clock.forward(minutes=20)
    one.loop.poke()
    assert one.ended().offline_since == since
    one.clock.forward(minutes=20)
    one.loop.poke()
    back = one.ended()
    assert (back.offline_since, back.last_contact, back.waiting) == (None, one.clock.moment, 0)
    one.loop.stop()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (StoppedError("revoked", "This desk was revoked."), "This desk was revoked."),
        (UnavailableError("The disk is full."), "The disk is full."),
        (ZeroDivisionError("a bug"), "made a mistake"),
    ],
)
def test_what_stops_a_round_is_said_and_the_next_one_still_runs(
    wrong: Exception, says: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL, "access_desk.sync.loop")
    one = HeardLoop([wrong, DONE])
    one.loop.start()
    assert says in one.ended().trouble
    one.loop.poke()
    assert one.ended().trouble == ""
    one.loop.stop()


@pytest.mark.parametrize("wrong", [RetryLaterError("no route"), StoppedError("revoked", "This desk was revoked.")])
def test_what_is_recorded_does_not_hurry_a_desk_that_central_does_not_answer(wrong: Exception) -> None:
    one = HeardLoop([wrong, DONE])
    one.loop.start()
    one.ended()
    one.loop.carry()
    assert one.said.empty()
    one.loop.poke()
    assert one.ended().rounds == 2
    one.loop.carry()
    assert one.ended().rounds == 3
    one.loop.stop()
    assert (one.rounds.ran, one.rounds.is_abandoned) == (3, True)


def test_a_facility_that_stopped_does_not_keep_the_others_waiting() -> None:
    one = HeardLoop([RoundResult(sane=True, stopped="LKS: This desk's file is an older copy.")])
    one.loop.start()
    first = one.ended()
    assert (first.trouble, first.offline_since) == ("LKS: This desk's file is an older copy.", None)
    one.loop.carry()
    assert one.ended().rounds == 2, "what is recorded for another facility is carried at once"
    assert one.rounds.looked_again == 0
    one.loop.poke()
    assert (one.ended().rounds, one.rounds.looked_again) == (3, 1)
    one.loop.stop()


def test_a_loop_that_never_began_can_be_stopped() -> None:
    one = HeardLoop([DONE])
    one.loop.stop()
    assert one.rounds.ran == 0


def test_details_that_were_let_go_are_fetched_once_by_the_round_that_comes() -> None:
    one = HeardLoop([DONE])
    one.loop.start()
    one.ended()
    one.loop.fetch_again()
    one.ended()
    one.loop.poke()
    one.ended()
    one.loop.stop()
    assert one.rounds.fetched == [(1, DETAILS_STAY)]
    assert one.rounds.ran == 3
