"""A desk hears that there is something: when a round is wanted for it, when not, and that lines come back."""

from __future__ import annotations

import queue
from collections.abc import Iterator

import pytest

from access_desk.protocol.messages import Poke
from access_desk.sync.core import RetryLaterError, RoundResult, StoppedError
from access_desk.sync.listening import Listening
from access_desk.sync.pace import LONGEST_SECONDS, SyncPace
from tests.sync.loops import PATIENCE_S, HeardLoop

END = Poke("", -1)


class ScriptedLine:
    """Says what a test puts in; each try is one stream."""

    def __init__(self) -> None:
        self.says: queue.Queue[Poke | Exception] = queue.Queue()
        self.tried: queue.Queue[int] = queue.Queue()
        self.closed: queue.Queue[bool] = queue.Queue()

    def pokes(self) -> Iterator[Poke]:
        self.tried.put(1)
        while (said := self.says.get()) != END:
            if isinstance(said, Exception):
                raise said
            yield said

    def hang_up(self) -> None:
        self.says.put(RetryLaterError("hung up"))

    def close(self) -> None:
        self.closed.put(True)


class Stage:
    """A desk of two facilities that listens; a line that fails is tried again at once."""

    def __init__(self) -> None:
        self.lines = {"F": ScriptedLine(), "G": ScriptedLine()}
        self.told: queue.Queue[bool] = queue.Queue()
        # However long a pace would wait, it is no time here.
        self.listening = Listening(self.lines.__getitem__, lambda: SyncPace(lambda: -2.0))
        self.listening.begin(lambda: self.told.put(True))
        self.listening.follow(["F", "G"])

    def say(self, *positions: int) -> None:
        for position in positions:
            self.lines["F"].says.put(Poke("F", position))

    def wait(self) -> None:
        self.told.get(timeout=PATIENCE_S)


@pytest.fixture
def stage() -> Iterator[Stage]:
    made = Stage()
    yield made
    made.listening.end()
    for line in made.lines.values():
        assert line.closed.get(timeout=PATIENCE_S)


def test_what_was_fetched_already_is_no_news(stage: Stage) -> None:
    stage.listening.reached("F", 7, stage.listening.heard())
    stage.say(5, 7, 8)
    stage.wait()
    assert (stage.listening.heard(), stage.listening.is_behind()) == ({"F": 8}, True)
    stage.listening.reached("F", 8, stage.listening.heard())
    assert not stage.listening.is_behind()
    assert stage.told.empty()


def test_what_comes_while_a_round_runs_is_fetched_by_the_next(stage: Stage) -> None:
    before = stage.listening.heard()
    stage.say(9)
    stage.wait()
    stage.listening.reached("F", 8, before)
    assert stage.listening.is_behind()


def test_what_a_round_did_not_find_is_not_looked_for_for_ever(stage: Stage) -> None:
    """Central was put back from a backup after it said how far it was."""
    stage.say(9)
    stage.wait()
    stage.listening.reached("F", 3, stage.listening.heard())
    assert not stage.listening.is_behind()


def test_one_facility_says_nothing_about_another(stage: Stage) -> None:
    stage.listening.reached("F", 100, {})
    stage.lines["G"].says.put(Poke("G", 2))
    stage.wait()
    assert stage.listening.heard() == {"G": 2}


@pytest.mark.parametrize("ends", [END, RetryLaterError("no route"), StoppedError("request", "There is nothing here.")])
def test_a_line_that_ends_or_cannot_be_had_is_tried_again(stage: Stage, ends: Poke | Exception) -> None:
    line = stage.lines["F"]
    for _ in range(3):
        line.tried.get(timeout=PATIENCE_S)
        line.says.put(ends)
    line.tried.get(timeout=PATIENCE_S)
    stage.say(4)
    stage.wait()


def test_a_facility_is_listened_to_once_and_a_new_one_too(stage: Stage) -> None:
    stage.lines["H"] = ScriptedLine()
    for _ in range(2):
        stage.listening.follow(["F", "G", "H"])
    for line in stage.lines.values():
        line.tried.get(timeout=PATIENCE_S)
        assert line.tried.empty()


def test_nothing_is_listened_to_before_it_was_begun_or_after_the_end() -> None:
    line = ScriptedLine()
    listening = Listening(lambda _: line, lambda: SyncPace(lambda: 0.0))
    listening.follow(["F"])
    listening.begin(lambda: None)
    listening.end()
    listening.follow(["F"])
    assert line.tried.empty()


def test_a_refused_line_waits_longest_and_one_that_broke_as_rounds_do() -> None:
    pace = SyncPace(lambda: 0.5)
    assert pace.after_refusal() == LONGEST_SECONDS
    assert [pace.after_failure() for _ in range(3)] == [0.5, 1.0, 2.0]
    assert pace.spread(2.0) == 1.0


def test_news_begin_a_round_unless_central_refuses() -> None:
    done = RoundResult(pulled=1, sane=True)
    one = HeardLoop([done, StoppedError("revoked", "This desk was revoked."), done])
    one.loop.start()
    assert one.ended().rounds == 1
    one.rounds.has_news = True
    one.rounds.told()
    assert one.ended().trouble == "This desk was revoked."
    one.rounds.told()
    assert one.said.empty()
    one.rounds.has_news = False
    one.loop.poke()
    assert one.ended().rounds == 3
    one.loop.stop()
