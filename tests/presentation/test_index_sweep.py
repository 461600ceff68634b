"""Comparing the whole index from the screen: how far it is, stopping it, going on, and what waits then."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from access_desk.domain.errors import UnavailableError
from access_desk.presentation.index_sweep import DUE, Progress, Stopped, SweepModel
from tests.presentation.money_desk import MoneyDesk, run_now
from tests.services.test_duplicate_queue import imported_into

_Answer = TypeVar("_Answer")


class LongRuns:
    """A long run that goes on when the test says so; ``at`` is how far it may go before it is asked to stop."""

    def __init__(self, at: float = 2.0) -> None:
        self.at, self.told = at, list[float]()
        self._is_stopped = False
        self.waiting: Callable[[], None] = lambda: None

    def __call__(
        self,
        call: Callable[[Progress, Stopped], _Answer],
        progress: Progress,
        done: Callable[[_Answer], object],
        failed: Callable[[Exception], object],
        /,
    ) -> Callable[[], object]:
        self._is_stopped = False

        def tell(part: float) -> None:
            self.told.append(part)
            self._is_stopped = self._is_stopped or part >= self.at
            progress(part)

        def go() -> None:
            try:
                answer = call(tell, lambda: self._is_stopped)
            except UnavailableError as wrong:
                failed(wrong)
            else:
                done(answer)

        self.waiting = go
        return self._stop

    def _stop(self) -> None:
        self._is_stopped = True


def test_it_is_stopped_goes_on_and_says_what_waits() -> None:
    money, runs = MoneyDesk(), LongRuns(at=0.4)
    imported_into(money.desk, 12)
    money.desk.links.board()
    model = SweepModel(money.desk, run_now, runs)
    finished: list[bool] = []
    model.finished = lambda: finished.append(True)
    model.look()
    assert (model.state.text, model.state.act) == (DUE, "Compare all")
    model.press()
    assert (model.state.text, model.state.act) == ("Comparing all records: 0 %. You can go on working.", "Stop")
    runs.waiting()
    assert not model.state.is_running
    assert model.state.part is not None
    assert 0.4 <= model.state.part < 0.5
    assert model.state.act == "Go on comparing"
    assert "It goes on from there." in model.state.text
    again = SweepModel(money.desk, run_now, runs)
    again.look()
    assert again.state.part == model.state.part, "another start knows how far it was"
    runs.at, runs.told = 2.0, []
    model.press()
    model.press()
    assert model.state.text.startswith("Stopping at ")
    runs.waiting()
    assert model.state.act == "Go on comparing"
    model.press()
    runs.waiting()
    assert (model.state.is_due, model.state.act) == (False, "Compare all")
    waits = money.desk.links.count_open()
    assert waits > 1
    assert model.state.text == f"The whole index was compared: {waits} pairs wait for a decision."
    assert finished == [True, True, True]


def test_a_disk_that_is_full_says_so_and_it_can_be_tried_again() -> None:
    money = MoneyDesk()

    def broken(
        _: Callable[[Progress, Stopped], _Answer],
        __: Progress,
        ___: Callable[[_Answer], object],
        failed: Callable[[Exception], object],
        /,
    ) -> Callable[[], object]:
        failed(UnavailableError("The disk is full."))
        return lambda: None

    model = SweepModel(money.desk, run_now, broken)
    model.press()
    assert (model.state.text, model.state.is_running) == ("The disk is full.", False)
