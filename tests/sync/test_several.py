"""Several facilities on one desk: what one of them is told does not keep the others, and is not forgotten for them."""

from __future__ import annotations

import pytest

from access_desk.sync.core import RetryLaterError, RoundResult, StoppedError
from access_desk.sync.pace import LONGEST_SECONDS
from access_desk.sync.several import SeveralFacilities
from tests.desks import SetClock

DONE = RoundResult(pushed=2, sane=True)


class Answers:
    """What central answers to each facility; a desk that has rounds of them."""

    def __init__(self, **answers: RoundResult | Exception) -> None:
        self.answers, self.asked = answers, list[str]()
        self.seconds, self.is_abandoned = 1_000.0, False
        self.several = SeveralFacilities(SetClock().now, lambda: self.seconds, lambda: self.is_abandoned)

    def _answer(self, facility_id: str) -> RoundResult:
        self.asked.append(facility_id)
        answer = self.answers[facility_id]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def run(self) -> RoundResult:
        return self.several.run(list(self.answers), self._answer)


def test_who_is_told_to_come_later_comes_then_while_the_others_go_on() -> None:
    desk = Answers(CHR=RetryLaterError("full", 200), LKS=DONE)
    assert desk.run() == DONE
    desk.answers["CHR"] = DONE
    desk.seconds += 60
    assert desk.run() == DONE
    assert desk.asked == ["CHR", "LKS", "LKS"]
    assert [one.is_reached for one in desk.several.all()] == [False, True]
    desk.seconds += 140
    assert desk.run().pushed == 4
    assert desk.asked[3:] == ["CHR", "LKS"]
    assert all(one.is_reached for one in desk.several.all())


def test_whoever_wants_a_round_now_has_it() -> None:
    desk = Answers(CHR=RetryLaterError("full", 200), LKS=StoppedError("revoked", "Revoked."), MHR=DONE)
    assert desk.run().stopped == "LKS: Revoked."
    assert desk.several.going_on(["CHR", "LKS", "MHR"]) == ["CHR", "MHR"]
    desk.several.look_again()
    desk.answers = dict.fromkeys(desk.answers, DONE)
    assert desk.run() == RoundResult(pushed=6, sane=True)


def test_nobody_is_silenced_for_longer_than_the_longest_wait() -> None:
    desk = Answers(CHR=RetryLaterError("full", 1e9), LKS=DONE)
    desk.run()
    desk.answers["CHR"] = DONE
    desk.seconds += LONGEST_SECONDS
    assert desk.run().pushed == 4


def test_when_none_is_answered_the_soonest_moment_is_said() -> None:
    desk = Answers(CHR=RetryLaterError("full", 200), LKS=RetryLaterError("full", 90))
    with pytest.raises(RetryLaterError) as first:
        desk.run()
    desk.seconds += 50
    with pytest.raises(RetryLaterError) as second:
        desk.run()
    assert (first.value.seconds, second.value.seconds) == (90, 40)
    assert len(desk.asked) == 2


def test_a_desk_that_is_closing_says_so_whatever_was_answered() -> None:
    desk = Answers(CHR=DONE)
    desk.is_abandoned = True
    with pytest.raises(RetryLaterError):
        desk.run()


def test_all_that_stopped_wait_until_somebody_has_looked() -> None:
    desk = Answers(CHR=StoppedError("revoked", "Revoked."))
    for _ in range(2):
        with pytest.raises(StoppedError):
            desk.run()
    assert desk.asked == ["CHR"]
