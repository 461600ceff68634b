"""Payment, void and close on their own screens, pressed two and three times by every means: one effect each.

A thousand rounds of each take a quarter of an hour: ``make activations N=1000``. A test run plays a slice.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from access_desk.domain.cash_drawer.commands import CountDrawer
from access_desk.domain.denominations import CashCount, ClosingCount
from access_desk.ui.kit.theme import keeper
from tests.presentation.money_desk import FLOAT, PINS
from tests.ui.money_stage import Stage

pytestmark = [pytest.mark.qt_log_ignore("propagateSizeHints"), pytest.mark.timeout(3_600)]
ROUNDS = int(os.environ.get("ACCESS_DESK_ROUNDS", "12"))


@pytest.fixture
def stage(qtbot: QtBot) -> Iterator[Stage]:
    keeper().use("light")
    made = Stage(qtbot)
    made.desk.open_drawer()
    yield made
    made.settle()
    made.runner.stop()


def storm(stage: Stage, button: QWidget, dice: random.Random) -> None:
    """Press two or three times before anything can answer, and once more afterwards if there is still something to press."""
    ways: list[Callable[[], None]] = [
        lambda: QTest.mouseClick(button, Qt.MouseButton.LeftButton),
        lambda: QTest.mouseDClick(button, Qt.MouseButton.LeftButton),
        lambda: QTest.keyClick(button, Qt.Key.Key_Return),
        lambda: QTest.keyClick(button, Qt.Key.Key_Space),
        lambda: QTest.keyClick(QApplication.focusWidget() or stage.window, Qt.Key.Key_F12),
    ]
    dice.choice((ways[0], ways[-1]))()
    for _ in range(dice.choice((1, 2))):
        if is_there(button):
            dice.choice(ways)()
    stage.settle()
    if is_there(button):
        dice.choice(ways)()
        stage.settle()


def is_there(button: QWidget) -> bool:
    """Whether there is still something to press."""
    return shiboken6.isValid(button) and button.isVisible()


def test_a_payment_is_recorded_once(stage: Stage) -> None:
    dice = random.Random(8)
    for done in range(1, ROUNDS + 1):
        visit_id = stage.desk.register("25.00")
        stage.window.go("payment", visit_id)
        stage.settle()
        stage.focus("cashReceived")
        stage.type("25")
        storm(stage, stage.field("recordPayment"), dice)
        assert stage.desk.kinds().count("payment.received") == done
    assert len(stage.papers) == ROUNDS


def test_a_payment_is_voided_once(stage: Stage) -> None:
    dice = random.Random(9)
    for done in range(1, ROUNDS + 1):
        payment_id = stage.desk.pay(stage.desk.register("25.00"), "25.00")
        stage.window.go("receipt", (payment_id, "void"))
        stage.settle()
        dialog = stage.dialog()
        stage.focus("voidDialogReason")
        stage.press(Qt.Key.Key_Down)
        stage.focus("voidDialogSignPerson")
        stage.press(Qt.Key.Key_Down)
        stage.focus("voidDialogSignPin")
        stage.type(PINS["marcus"])
        storm(stage, dialog.act, dice)
        assert stage.desk.kinds().count("payment.voided") == done


def test_a_drawer_is_closed_once(stage: Stage) -> None:
    dice = random.Random(10)
    desk = stage.desk
    for done in range(1, ROUNDS + 1):
        if done > 1:
            # Another day: a shift with hundreds of custodies is no desk's.
            desk.later(24 * 60)
            desk.open_drawer()
        count = CountDrawer(desk.drawer_id, ClosingCount(CashCount(dict(FLOAT))))
        desk.desk.drawers.count(desk.desk.by(desk.dana), count)
        stage.window.go("variance")
        stage.settle()
        storm(stage, stage.field("closeDrawer"), dice)
        assert desk.kinds().count("custody.closed") == done
        assert desk.kinds().count("custody.opened") == done
