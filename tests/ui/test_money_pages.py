"""The money pages in the real window, by keyboard, offscreen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QListView, QWidget
from pytestqt.qtbot import QtBot

from access_desk.ui.kit.theme import keeper
from access_desk.ui.money.pages import MoneyContext, money_pages
from tests.presentation.money_desk import FLOAT, PINS
from tests.ui.money_stage import Stage

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture(scope="module", autouse=True)
def dressed(qapp: QApplication) -> None:
    del qapp
    keeper().use("light")


@pytest.fixture
def stage(qtbot: QtBot) -> Iterator[Stage]:
    made = Stage(qtbot)
    yield made
    made.settle()
    made.runner.stop()


def open_drawer(stage: Stage) -> None:
    stage.press(Qt.Key.Key_F9)
    stage.press(Qt.Key.Key_F12)
    assert stage.here.page_id == "open_drawer"
    assert stage.focused == "open_100"
    stage.count("open", dict(FLOAT))
    stage.press(Qt.Key.Key_F12)
    assert stage.here.page_id == "drawer"


def pay(stage: Stage, received: str) -> None:
    stage.press(Qt.Key.Key_F8)
    assert stage.focused == "payerTable"
    stage.press(Qt.Key.Key_Return)
    assert stage.focused == "cashReceived"
    stage.type(received)
    stage.press(Qt.Key.Key_F12)


def test_a_shift_by_keyboard_alone(stage: Stage) -> None:
    open_drawer(stage)
    stage.desk.register("35.00")
    pay(stage, "40")
    assert stage.papers == ["Receipt 03-000001"]
    stage.press(Qt.Key.Key_F9)
    assert stage.focused == "drawerTable"
    stage.press(Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
    assert stage.focused == "dropAmount"
    stage.type("40")
    stage.press(Qt.Key.Key_F12)
    assert stage.desk.kinds().count("cash.dropped") == 1
    stage.press(Qt.Key.Key_F12)
    assert stage.here.page_id == "count"
    assert stage.focused == "count_100"
    stage.count("count", {**FLOAT, "10": 4, "5": 4})
    stage.press(Qt.Key.Key_F12)
    assert stage.here.page_id == "variance"
    assert stage.focused == "varianceReason"
    stage.press(Qt.Key.Key_Down)
    stage.focus("varianceApprovalPerson")
    stage.press(Qt.Key.Key_Down)
    stage.focus("varianceApprovalPin")
    stage.type(PINS["marcus"])
    stage.focus("toBank")
    stage.type("0")
    stage.press(Qt.Key.Key_F12)
    assert stage.here.page_id == "preview"
    stage.press(Qt.Key.Key_F9, Qt.KeyboardModifier.ShiftModifier)
    assert stage.here.page_id == "handoff"
    assert stage.focused == "handoff_100"
    stage.count("handoff", {**FLOAT, "10": 4, "5": 4})
    stage.focus("also0")
    stage.press(Qt.Key.Key_Space)
    stage.press(Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
    stage.type("priya")
    stage.press(Qt.Key.Key_Return)
    assert stage.focused == "receiverPin"
    stage.type(PINS["priya"])
    stage.press(Qt.Key.Key_F12)
    assert stage.here.page_id == "preview"
    assert stage.desk.desk.view.facility().drawer("drawer-03").holder_id == stage.desk.priya


def test_pressed_by_every_means_it_is_recorded_once(stage: Stage) -> None:
    stage.desk.open_drawer()
    stage.desk.register("25.00")
    stage.press(Qt.Key.Key_F8)
    stage.press(Qt.Key.Key_Return)
    stage.type("25")
    button = stage.field("recordPayment")
    for _ in range(3):
        QTest.keyClick(QApplication.focusWidget() or stage.window, Qt.Key.Key_F12)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        QTest.keyClick(button, Qt.Key.Key_Return)
        QTest.keyClick(button, Qt.Key.Key_Space)
    stage.settle()
    for _ in range(3):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    stage.settle()
    assert stage.desk.kinds().count("payment.received") == 1


def test_a_count_is_submitted_once(stage: Stage) -> None:
    stage.desk.open_drawer()
    stage.window.go("count")
    stage.settle()
    stage.count("count", {**FLOAT, "10": 4})
    button = stage.field("submitCount")
    for _ in range(3):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        QTest.keyClick(stage.window, Qt.Key.Key_F12)
    stage.settle()
    assert stage.desk.kinds().count("drawer.counted") == 1


def test_a_printer_without_paper_leaves_the_payment_alone(stage: Stage) -> None:
    stage.desk.open_drawer()
    stage.desk.register("25.00")
    stage.is_broken = True
    pay(stage, "25")
    assert "did not print" in stage.field("paymentDone").accessibleName()
    stage.is_broken = False
    QTest.mouseClick(stage.field("printAgain"), Qt.MouseButton.LeftButton)
    stage.settle()
    assert stage.papers == ["Receipt 03-000001"]
    assert stage.desk.kinds().count("payment.received") == 1


def test_enter_in_the_checks_list_adds_and_ends_it(stage: Stage) -> None:
    stage.desk.open_drawer()
    stage.window.go("count")
    stage.settle()
    stage.focus("check1Number")
    stage.type("2214")
    stage.press(Qt.Key.Key_Return)
    assert stage.focused == "check1Amount"
    stage.type("350")
    stage.press(Qt.Key.Key_Return)
    assert stage.focused == "check2Number"
    stage.press(Qt.Key.Key_Return)
    assert stage.focused == "cardBatch"
    stage.focus("count_100")
    order = [stage.focused]
    for _ in range(8):
        stage.press(Qt.Key.Key_Return)
        order.append(stage.focused)
    assert order[-3:] == ["count_1", "count_1c$", "count_roll:1c$"]


def test_paused_and_killed_the_count_comes_back(stage: Stage, qtbot: QtBot) -> None:
    stage.desk.open_drawer()
    stage.window.go("count")
    stage.settle()
    stage.focus("count_20")
    stage.type("12+8")
    qtbot.waitUntil(lambda: bool(stage.desk.desk.drafts.of(stage.desk.dana, "count")), timeout=3_000)
    again = Stage(qtbot)
    again.desk = stage.desk
    pages = money_pages(MoneyContext(stage.desk.desk, lambda: stage.desk.dana, again.runner.run, lambda pdf, title: None))
    count = next(page for page in pages if page.page_id == "count")
    qtbot.addWidget(count)
    count.entered(None)
    again.settle()
    box = count.findChild(QLineEdit, "count_20")
    assert isinstance(box, QLineEdit)
    assert box.text() == "12+8"
    for page in pages:
        qtbot.addWidget(page)
    again.runner.stop()


def test_void_from_the_table_asks_for_a_reason_and_a_lead(stage: Stage) -> None:
    stage.desk.open_drawer()
    stage.desk.pay(stage.desk.register("25.00"), "25.00")
    stage.press(Qt.Key.Key_F9)
    stage.press(Qt.Key.Key_Delete)
    assert stage.here.page_id == "receipt"
    dialog = stage.dialog()
    assert dialog.act.text() == "Void $25.00"
    stage.press(Qt.Key.Key_F12)
    assert "reason" in dialog.problem.accessibleName()
    stage.press(Qt.Key.Key_Down)
    stage.focus("voidDialogSignPerson")
    stage.press(Qt.Key.Key_Down)
    stage.focus("voidDialogSignPin")
    stage.type(PINS["marcus"])
    stage.press(Qt.Key.Key_F12)
    assert stage.desk.kinds().count("payment.voided") == 1
    stage.press(Qt.Key.Key_Escape)
    assert stage.here.page_id == "drawer"


def test_cash_stays_hidden_until_a_lead_shows_it(stage: Stage) -> None:
    stage.desk.open_drawer()
    stage.desk.pay(stage.desk.register("25.00"), "25.00")
    stage.press(Qt.Key.Key_F9)
    assert "$225.00" not in shown_texts(stage.here)
    stage.press(Qt.Key.Key_4, Qt.KeyboardModifier.AltModifier)
    stage.press(Qt.Key.Key_Down)
    stage.focus("revealSignPin")
    stage.type(PINS["marcus"])
    stage.press(Qt.Key.Key_F12)
    assert "$225.00" in shown_texts(stage.here)


def test_everything_has_a_name(stage: Stage) -> None:
    for page in stage.pages.values():
        for widget in page.findChildren(QWidget):
            if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and not isinstance(widget, QListView):
                assert widget.objectName(), (page.page_id, widget)
                assert widget.accessibleName() or widget.objectName() == "errorSummary", (page.page_id, widget.objectName())


def shown_texts(page: QWidget) -> set[str]:
    return {child.accessibleName() for child in page.findChildren(QWidget) if child.isVisible()}


def test_a_payment_from_a_paper_receipt_by_keyboard(stage: Stage) -> None:
    stage.desk.open_drawer()
    stage.desk.register("25.00")
    stage.press(Qt.Key.Key_F8)
    stage.press(Qt.Key.Key_Return)
    stage.type("25")
    stage.focus("takenWhen_paper")
    stage.press(Qt.Key.Key_Space)
    stage.press(Qt.Key.Key_F12)
    assert "enter the date and the time" in stage.field("paymentProblem").accessibleName()
    yesterday = stage.desk.desk.view.now() - timedelta(days=1)
    for name, text in (("paperDay", f"{yesterday:%m/%d/%Y}"), ("paperTime", "9:10 PM"), ("paperNumber", "A-1123")):
        stage.focus(name)
        stage.type(text)
    stage.press(Qt.Key.Key_F12)
    assert stage.desk.kinds().count("payment.taken_on_paper") == 1
    row = stage.desk.desk.view.receipts_like("000001")[0]
    assert row.taken_on_paper_at is not None
    assert (f"{stage.desk.desk.view.local(row.taken_on_paper_at):%m/%d %H:%M}", row.paper_number) == (
        f"{yesterday:%m/%d} 21:10",
        "A-1123",
    )
