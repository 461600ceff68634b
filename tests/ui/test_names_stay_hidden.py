"""Where the public looks on, names are hidden on every page that lists them, and stay hidden after a new start."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from access_desk.presentation.sign_in import SignInModel
from access_desk.ui.desk.sign_in_view import SignInCover
from access_desk.ui.program import Program
from access_desk.ui.shell.window import ShellWindow
from access_desk.ui.task_runner import TaskRunner
from tests.ui.test_desk_pages import CTRL, Stage, _dressed, pytestmark, stage

__all__ = ["_dressed", "pytestmark", "stage"]
NAMED = ("Vega-Trujillo", "Marisol")


def started_again(stage: Stage, qtbot: QtBot) -> Program:
    """The program over the same desk, in a new window."""
    window, runner = ShellWindow(idle_lock_s=100_000), TaskRunner()
    sign_in = SignInModel(runner.run)
    cover = SignInCover(sign_in)
    qtbot.addWidget(window)
    program = Program(window, stage.desk, runner, sign_in, cover)
    program.start()
    qtbot.waitUntil(lambda: runner.is_idle)
    return program


def test_hidden_names_stay_hidden(stage: Stage, qtbot: QtBot) -> None:
    stage.money.open_drawer()
    paid = stage.money.pay(stage.money.register("25.00", "40.00"), "25.00")
    stage.enter()
    assert not stage.desk.screen.hides_names()
    stage.press(Qt.Key.Key_Period, CTRL)
    for page_id, argument in (("today", None), ("handoff", None), ("drawer", None), ("receipt", paid), ("payment", None)):
        stage.window.go(page_id, argument)
        stage.settle()
        assert stage.window.here is not None
        assert stage.window.here.page_id == page_id
        assert not any(name in stage.texts() for name in NAMED), page_id
    again = started_again(stage, qtbot)
    today = next(page for page in again.pages if page.page_id == "today")
    assert today.model.state.names_hidden  # type: ignore[attr-defined]
    again.stop()
    stage.press(Qt.Key.Key_Period, CTRL)
    assert not stage.desk.screen.hides_names()
    stage.window.go("receipt", paid)
    stage.settle()
    assert "Vega-Trujillo" in stage.texts()
