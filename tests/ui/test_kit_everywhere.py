"""What holds for every widget of the kit: one yellow thing, names for screen readers, room to hit, and text that stays text."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QLabel, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from access_desk.ui.kit.buttons import KeyButton, SegmentedControl
from access_desk.ui.kit.cards import Band, Card, PageHeader
from access_desk.ui.kit.feedback import ErrorSummary
from access_desk.ui.kit.fields import CheckRow, Combo, CountBox, Field, LineEdit, MoneyEdit, PinEdit, TextArea
from access_desk.ui.kit.labels import Chip, PlainLabel
from access_desk.ui.kit.table import Cell, Column, Row, Table
from access_desk.ui.kit.theme import THEMES, current, keeper
from access_desk.ui.pages import Page
from access_desk.ui.shell.frame import StripItem
from access_desk.ui.shell.window import ShellWindow
from access_desk.ui.task_runner import TaskRunner
from tests.ui.kit_stage import show, show_window

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
LEAST_TARGET = 28
HOSTILE = 'Vega <img src="file:///x.png"> & <b>Sons</b>'
KINDS = ("plain", "primary", "danger", "quiet", "link")


class Everything(Page):
    """One of each."""

    page_id = "everything"

    def __init__(self) -> None:
        super().__init__()
        self.table = Table([Column("Patient"), Column("Owed", 90, right=True)], name="people", label="People")
        self.table.show_rows(
            [
                Row("now", [Cell("Waiting now")], group=True),
                Row("v", [Cell("Vega"), Cell("118.60")]),
                Row("k", [Cell("Kessler"), Cell("40.00")]),
            ]
        )
        self.tender = SegmentedControl([("cash", "Cash", "Alt 1", "banknote"), ("check", "Check", "Alt 2", "")], name="tender")
        self.tender.show_choice("cash")
        blocked = KeyButton("Not yet", "F8", name="blocked")
        blocked.set_blocked("Enter the amount first.")
        self.summary = ErrorSummary()
        self.layout_.addWidget(PageHeader("Everything", about="One of each", right=[Chip("2 overdue", "overdue")]))
        card = Card("Fields")
        editors = (
            LineEdit(name="line", label="Line"),
            MoneyEdit(name="money", label="Money", kind="amount"),
            CountBox(name="count", label="Count"),
            PinEdit(name="pin"),
            Combo(name="combo", label="Combo", choices=[(1, "One")]),
            TextArea(name="area", label="Area", lines=2),
            CheckRow("Copay today", name="tick"),
        )
        for editor in editors:
            card.body.addWidget(editor)
        for widget in (self.summary, card, self.tender, blocked, self.table):
            self.layout_.addWidget(widget)
        for kind in KINDS:
            self.layout_.addWidget(KeyButton(kind.title(), name=kind, kind=kind, icon_name="check"))
        self.layout_.addWidget(KeyButton("Small", name="small", small=True))
        self.layout_.addWidget(Band("Short −$5.00", "Above the limit", tone="short"))
        self.summary.show_errors([("Phone: enter 10 digits", editors[0].setFocus)])


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[ShellWindow]:
    window = show_window(qtbot, Everything())
    window.resize(1366, 1080)
    items = [StripItem(name, name.title(), "03") for name in ("facility", "desk", "drawer", "shift", "sync", "user")]
    window.show_strip(items, practice=True)
    yield window
    keeper().use("light")


def _stops(window: QWidget) -> list[QWidget]:
    return [
        widget
        for widget in window.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible() and widget.isEnabled()
    ]


def _filled(picture: QImage, color: str) -> list[QPoint]:
    wanted = QColor(color).rgb()
    return [
        QPoint(x, y) for y in range(0, picture.height(), 2) for x in range(0, picture.width(), 2) if picture.pixel(x, y) == wanted
    ]


@pytest.mark.parametrize("theme", THEMES)
def test_exactly_one_thing_is_yellow_and_it_has_the_keyboard(window: ShellWindow, theme: str) -> None:
    keeper().use(theme)
    fill = current().colors["focus_fill"]
    wrong: list[str] = []
    # The mark of the current place and the badges have their own colour in the rail.
    rail = QRect(window.rail.mapTo(window, QPoint()), window.rail.size())
    for widget in _stops(window):
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        QApplication.processEvents()
        inside = QRect(widget.mapTo(window, QPoint()), widget.size())
        points = _filled(window.grab().toImage(), fill)
        own = sum(inside.contains(point) for point in points)
        others = sum(not inside.contains(point) and not rail.contains(point) for point in points)
        if not own or others:
            wrong.append(f"{widget.objectName()}: {own} inside, {others} elsewhere")
    assert wrong == []


def test_every_stop_has_a_name_of_its_own_and_one_to_be_spoken(window: ShellWindow) -> None:
    stops = _stops(window)
    assert len(stops) > 25
    assert [repr(widget) for widget in stops if not widget.objectName() or not widget.accessibleName()] == []


def test_every_text_is_spoken(window: ShellWindow) -> None:
    silent = [label.text() for label in window.findChildren(QLabel) if label.text() and not label.accessibleName()]
    assert silent == []


@pytest.mark.parametrize("zoom", [90, 100, 150])
def test_there_is_room_to_hit_everything(window: ShellWindow, zoom: int) -> None:
    keeper().use("light", zoom)
    QApplication.processEvents()
    small = [
        f"{widget.objectName()} {widget.width()}x{widget.height()}"
        for widget in _stops(window)
        if min(widget.width(), widget.height()) < LEAST_TARGET
    ]
    keeper().use("light", 100)
    assert small == []


def test_the_frame_grows_with_its_words(window: ShellWindow) -> None:
    parts = (window.strip, window.key_bar, window.rail)
    before = [(part.height(), part.width()) for part in parts]
    window.resize(1920, 1080)
    window.zoom_by(50)
    QApplication.processEvents()
    assert (window.strip.height(), window.key_bar.height(), window.rail.width()) == (72, 42, 126)
    assert window.strip.palette_button.height() == 48
    # Icons and keys only, where words have no room.
    window.resize(1366, 768)
    QApplication.processEvents()
    assert window.rail.width() == 84
    window.zoom_by(0)
    window.resize(1366, 1080)
    QApplication.processEvents()
    assert [part.height() for part in parts[:2]] == [before[0][0], before[1][0]]
    assert window.rail.width() == before[2][1]


def test_names_with_markup_and_ampersands_are_shown_as_typed(qtbot: QtBot) -> None:
    whole = Card(HOSTILE, name="whole")
    label, long = PlainLabel(HOSTILE), PlainLabel(HOSTILE * 5, elide=True)
    tick, button = CheckRow(HOSTILE, name="tick"), KeyButton(HOSTILE, name="button")
    combo = Combo(name="combo", label="Payer", choices=[("1", HOSTILE)])
    field = Field(HOSTILE, combo)
    for widget in (label, long, tick, button, field):
        whole.body.addWidget(widget)
    whole.resize(500, 400)
    show(qtbot, whole)
    for one in whole.findChildren(QLabel):
        assert one.textFormat() is Qt.TextFormat.PlainText or not one.text()
    assert (label.text(), combo.itemText(0), combo.value()) == (HOSTILE, HOSTILE, None)
    # Qt reads a lone & as the mark of a shortcut letter, in buttons, check boxes and labels that stand for a field.
    assert tick.text() == button.text() == HOSTILE.replace("&", "&&")
    buddies = [one for one in whole.findChildren(PlainLabel) if one.buddy() is combo]
    assert [(one.text(), one.whole(), one.accessibleName()) for one in buddies] == [
        (HOSTILE.replace("&", "&&"), HOSTILE, HOSTILE)
    ]
    assert tick.accessibleName() == button.accessibleName() == HOSTILE
    assert "&lt;img" in long.toolTip()
    assert "<img" not in long.toolTip()
    QToolTip.hideText()


def test_another_text_on_a_button_keeps_its_ampersand(qtbot: QtBot) -> None:
    button = KeyButton("Use", name="use")
    show(qtbot, button)
    button.say("Use Smith & Sons")
    assert (button.text(), button.accessibleName()) == ("Use Smith && Sons", "Use Smith & Sons")


def test_a_group_row_is_never_the_current_one(qtbot: QtBot) -> None:
    page = Everything()
    window = show_window(qtbot, page)
    window.resize(1366, 1080)
    table, heard = page.table, list[object]()
    table.chosen.connect(heard.append)
    table.opened.connect(heard.append)
    table.choose("k")
    table.setFocus()
    heard.clear()
    place = table.visualRect(table.model().index(0, 0)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert (table.current_key(), heard) == ("k", [])
    for key, current_row in [
        (Qt.Key.Key_Home, "v"),
        (Qt.Key.Key_End, "k"),
        (Qt.Key.Key_PageUp, "v"),
        (Qt.Key.Key_Up, "v"),
        (Qt.Key.Key_PageDown, "k"),
    ]:
        qtbot.keyClick(table, key)
        assert table.current_key() == current_row, key


def test_an_answer_for_a_page_that_is_gone_reaches_nobody(qtbot: QtBot) -> None:
    runner, heard = TaskRunner(), list[object]()
    page = Everything()
    line = page.findChild(LineEdit, "line")
    assert line is not None
    typed: LineEdit = line

    class Model(QObject):
        """Stands where a view-model stands: it outlives its page."""

        alive = True

        def answer(self, text: object) -> None:
            heard.append(text)
            if self.alive:
                typed.show_text(str(text))

    model = Model()
    page.destroyed.connect(lambda: setattr(model, "alive", False))
    runner.run(lambda: "late", model.answer, heard.append)
    page.deleteLater()
    QApplication.sendPostedEvents(page, QEvent.Type.DeferredDelete)
    qtbot.waitUntil(lambda: runner.is_idle)
    assert (heard, model.alive) == (["late"], False)
    runner.stop()


def test_a_callback_that_fails_does_not_stop_the_next_answer(qtbot: QtBot) -> None:
    runner, heard = TaskRunner(), list[object]()

    def breaks(_answer: object) -> None:
        raise ValueError("cannot paint")

    with qtbot.captureExceptions() as caught:
        runner.run(lambda: 1, breaks, heard.append)
        runner.run(lambda: 2, heard.append, heard.append)
        qtbot.waitUntil(lambda: runner.is_idle and heard == [2])
    assert [str(one[1]) for one in caught] == ["cannot paint"]
    runner.stop()
