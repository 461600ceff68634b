"""Pressing twice or three times never does a thing twice, whatever it is pressed with."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from access_desk.ui.kit.buttons import KeyButton
from access_desk.ui.kit.feedback import Dialog
from access_desk.ui.task_runner import TaskRunner
from tests.ui.kit_stage import Plain, show, show_window

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
ROUNDS = 1_000


def test_a_thousand_double_and_triple_activations_have_a_thousand_effects(qtbot: QtBot) -> None:
    runner, effects = TaskRunner(), list[int]()

    def record() -> None:
        page.act.set_busy(True)
        runner.run(lambda: effects.append(1), lambda _: page.act.set_busy(False), lambda wrong: pytest.fail(str(wrong)))

    page = Plain("payment", record)
    window = show_window(qtbot, page)
    ways: list[Callable[[], None]] = [
        lambda: qtbot.mouseClick(page.act, Qt.MouseButton.LeftButton),
        lambda: qtbot.mouseDClick(page.act, Qt.MouseButton.LeftButton),
        lambda: qtbot.keyClick(page.act, Qt.Key.Key_Return),
        lambda: qtbot.keyClick(page.act, Qt.Key.Key_Enter),
        lambda: qtbot.keyClick(page.act, Qt.Key.Key_Space),
        lambda: qtbot.keyClick(window, Qt.Key.Key_F12),
    ]
    dice = random.Random(12)
    for number in range(1, ROUNDS + 1):
        page.act.setFocus()
        dice.choice([way for way in ways if way is not ways[1]])()
        for _ in range(dice.choice((1, 2))):
            if page.act.busy:
                dice.choice(ways)()
        qtbot.waitUntil(lambda: runner.is_idle and not page.act.busy)
        assert len(effects) == number
    runner.stop()


def test_a_double_click_is_one_activation(qtbot: QtBot) -> None:
    pressed: list[str] = []
    page = Plain("payment", lambda: pressed.append("pressed"))
    show_window(qtbot, page)
    qtbot.mouseClick(page.act, Qt.MouseButton.LeftButton)
    qtbot.mouseDClick(page.act, Qt.MouseButton.LeftButton)  # what Qt sends for the second press
    assert pressed == ["pressed"]


def test_a_busy_button_says_nothing_and_does_nothing(qtbot: QtBot) -> None:
    heard: list[object] = []
    button = KeyButton("Record", "F12", name="record", on_press=lambda: heard.append("did"))
    button.refused.connect(heard.append)
    show(qtbot, button)
    button.set_busy(True)
    button.press()
    button.click()
    assert heard == []
    button.set_busy(False)
    button.press()
    assert heard == ["did"]


def test_a_blocked_button_takes_the_focus_and_says_why(qtbot: QtBot) -> None:
    heard: list[object] = []
    button = KeyButton("Record", "F12", name="record", on_press=lambda: heard.append("did"))
    button.refused.connect(heard.append)
    show(qtbot, button)
    button.set_blocked("Enter the amount first.")
    button.setFocus()
    assert button.hasFocus()
    assert button.isEnabled()
    assert button.accessibleDescription() == "Enter the amount first."
    qtbot.keyClick(button, Qt.Key.Key_Return)
    assert heard == ["Enter the amount first."]
    button.set_blocked("")
    qtbot.keyClick(button, Qt.Key.Key_Return)
    assert heard[1:] == ["did"]


def test_f12_in_a_dialog_acts_there_and_nowhere_else(qtbot: QtBot) -> None:
    done: list[str] = []
    page = Plain("drawer", lambda: done.append("page"))
    window = show_window(qtbot, page)
    dialog = Dialog(window, "Void receipt?", name="void", act="Void $45.00", kind="danger", keep="Keep receipt")
    dialog.act.activated.connect(lambda: done.append("void"))
    dialog.open_dialog()
    qtbot.keyClick(window, Qt.Key.Key_F12)
    assert done == ["void"]
    page.first.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_F12)
    assert done == ["void", "void"]
    qtbot.keyClick(dialog.act, Qt.Key.Key_Escape)
    qtbot.keyClick(window, Qt.Key.Key_F12)
    assert done == ["void", "void", "page"]


def test_tab_stays_inside_a_dialog_and_the_focus_comes_back(qtbot: QtBot) -> None:
    page = Plain("drawer")
    window = show_window(qtbot, page)
    page.second.setFocus()
    dialog = Dialog(window, "Void receipt?", name="void", act="Void $45.00")
    dialog.open_dialog()
    for _ in range(4):
        focused = window.focusWidget()
        assert focused is not None
        assert dialog.isAncestorOf(focused)
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
    dialog.close_dialog()
    assert page.second.hasFocus()


def test_slow_calls_run_in_order_on_one_thread_and_answer_on_this_one(qtbot: QtBot) -> None:
    runner = TaskRunner()
    heard: list[tuple[object, str]] = []
    states: list[object] = []
    runner.working.connect(states.append)

    def done(answer: object) -> None:
        heard.append((answer, threading.current_thread().name))

    def failed(wrong: Exception) -> None:
        heard.append((str(wrong), threading.current_thread().name))

    def breaks() -> None:
        raise ValueError("no paper")

    runner.run(lambda: threading.current_thread().name, done, failed)
    runner.run(breaks, done, failed)
    runner.run(lambda: 3, done, failed)
    qtbot.waitUntil(lambda: runner.is_idle)
    here = threading.current_thread().name
    assert heard == [("desk-task", here), ("no paper", here), (3, here)]
    assert states == [True, False]
    runner.stop()
