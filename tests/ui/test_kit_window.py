"""The window: its keys, its cover, its messages, and how it fits."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from access_desk.ui.kit.cards import column, row
from access_desk.ui.kit.feedback import Dialog, ErrorSummary, Toast, Toasts
from access_desk.ui.kit.fields import LineEdit
from access_desk.ui.kit.labels import KeyCap
from access_desk.ui.kit.side_panel import SidePanel
from access_desk.ui.kit.states import EmptyState, Failure, ProgressStrip
from access_desk.ui.kit.theme import THEMES, current, keeper
from access_desk.ui.kit.tokens import tokens
from access_desk.ui.shell.frame import RailItem, StripItem
from access_desk.ui.shell.window import ShellWindow, width_name
from tests.ui.kit_stage import Plain, show, show_window

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
NONE, CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)


@pytest.mark.parametrize(
    ("key", "modifier", "page_id"),
    [
        (Qt.Key.Key_F1, NONE, "help"),
        (Qt.Key.Key_F2, NONE, "today"),
        (Qt.Key.Key_F3, NONE, "find"),
        (Qt.Key.Key_F7, NONE, "register"),
        (Qt.Key.Key_F8, NONE, "payment"),
        (Qt.Key.Key_F9, NONE, "drawer"),
        (Qt.Key.Key_F9, SHIFT, "handoff"),
    ],
)
def test_function_keys_go_to_pages(qtbot: QtBot, key: Qt.Key, modifier: Qt.KeyboardModifier, page_id: str) -> None:
    window = show_window(qtbot, Plain("start"), Plain(page_id))
    qtbot.keyClick(window, key, modifier)
    assert window.here is window.page(page_id)


def test_keys_of_the_page_reach_the_page(qtbot: QtBot) -> None:
    page = Plain("find")
    window = show_window(qtbot, page)
    page.heard.clear()
    for key, modifier in [
        (Qt.Key.Key_F5, NONE),
        (Qt.Key.Key_P, CTRL),
        (Qt.Key.Key_N, CTRL),
        (Qt.Key.Key_0, CTRL),
        (Qt.Key.Key_F7, SHIFT),
        (Qt.Key.Key_Period, CTRL),
        *((Qt.Key(Qt.Key.Key_0 + number), ALT) for number in range(1, 10)),
    ]:
        qtbot.keyClick(window, key, modifier)
    assert page.heard == ["refresh", "print", "Ctrl+N", "Ctrl+0", "Shift+F7", ("names hidden", True), *range(1, 10)]


def test_there_is_no_board_and_no_new_patient(qtbot: QtBot) -> None:
    page = Plain("today")
    window = show_window(qtbot, page)
    page.heard.clear()
    qtbot.keyClick(window, Qt.Key.Key_B, CTRL)
    assert page.heard == []
    assert window.here is page


def test_enter_goes_to_the_next_field_and_esc_back_a_page(qtbot: QtBot) -> None:
    today, payment = Plain("today"), Plain("payment")
    window = show_window(qtbot, today, payment)
    window.go("payment", "visit-1")
    assert payment.heard[-1] == ("entered", "visit-1")
    assert payment.first.hasFocus()
    qtbot.keyClick(payment.first, Qt.Key.Key_Return)
    assert payment.second.hasFocus()
    payment.closes = True
    qtbot.keyClick(payment.second, Qt.Key.Key_Escape)
    assert window.here is payment
    payment.closes = False
    qtbot.keyClick(payment.second, Qt.Key.Key_Escape)
    assert window.here is today


def test_f6_goes_round_the_panes(qtbot: QtBot) -> None:
    page = Plain("today")
    window = show_window(qtbot, page)
    qtbot.keyClick(window, Qt.Key.Key_F6)
    assert page.act.hasFocus()
    qtbot.keyClick(window, Qt.Key.Key_F6)
    assert page.first.hasFocus()
    qtbot.keyClick(window, Qt.Key.Key_F6, SHIFT)
    assert page.act.hasFocus()


def test_the_cover_hides_everything_and_nothing_reaches_the_pages(qtbot: QtBot) -> None:
    page = Plain("today")
    window = show_window(qtbot, page)
    page.first.show_text("half typed")
    heard = list(page.heard)
    cover = QWidget()
    window.cover_with(cover)
    assert window.is_covered
    assert not page.isVisible()
    assert cover.geometry() == window.rect()
    for key in (Qt.Key.Key_F12, Qt.Key.Key_F5, Qt.Key.Key_F2, Qt.Key.Key_Escape):
        qtbot.keyClick(window, key)
    assert page.heard == heard
    window.resize(1400, 800)
    assert cover.geometry() == window.rect()
    window.uncover()
    assert page.isVisible()
    assert page.first.text() == "half typed"


def test_the_desk_locks_by_itself_and_by_key(qtbot: QtBot) -> None:
    window = show_window(qtbot, Plain("today"), idle_lock_s=0)
    heard: list[object] = []
    window.lock_requested.connect(heard.append)
    window.uncover()
    qtbot.waitUntil(lambda: heard == [True])
    qtbot.keyClick(window, Qt.Key.Key_L, CTRL)
    assert heard == [True, False]


def test_a_dialog_lets_no_key_through_to_the_page(qtbot: QtBot) -> None:
    page, other = Plain("today"), Plain("find")
    window = show_window(qtbot, page, other)
    dialog = Dialog(window, "Discard draft?", name="discard", act="Discard")
    dialog.open_dialog()
    page.heard.clear()
    for key in (Qt.Key.Key_F3, Qt.Key.Key_F5):
        qtbot.keyClick(window, key)
    assert page.heard == []
    assert window.here is page


class Sided(Plain):
    """A page with a right side."""

    def __init__(self, page_id: str) -> None:
        super().__init__(page_id)
        self.side_panel = SidePanel(340, name="aside")
        self.inside = LineEdit(name="inside", label="Inside")
        self.side_panel.setLayout(column(self.inside, 1))
        line = row(1)
        self.layout_.addLayout(line)
        self.side_panel.stand_in(line)

    def panes(self) -> Sequence[QWidget]:
        assert self.side_panel is not None
        return (self.first, self.side_panel)


def test_in_a_compact_window_the_side_slides_over_the_page_on_f6(qtbot: QtBot) -> None:
    page = Sided("today")
    window = show_window(qtbot, page)
    side = page.side_panel
    assert side is not None
    over = partial(getattr, side, "is_over")
    assert side.isVisible()
    assert not over()
    window.resize(1100, 700)
    assert not side.isVisible()
    page.first.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_F6)
    assert over()
    assert page.inside.hasFocus()
    assert side.geometry().right() == page.rect().right()
    window.resize(1060, 650)
    assert side.geometry().right() == page.rect().right()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not side.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_F6)
    qtbot.keyClick(window, Qt.Key.Key_F6)
    assert not side.isVisible(), "it goes when the keyboard leaves it"
    assert page.first.hasFocus()
    side.offer(False)
    qtbot.keyClick(window, Qt.Key.Key_F6)
    assert not side.isVisible()
    side.offer(True)
    window.resize(1366, 768)
    assert side.isVisible()
    assert not over()
    assert side.width() == 340
    window.zoom_by(50)
    assert not side.isVisible(), "at this zoom the same window is compact"
    window.zoom_by(0)


@pytest.mark.parametrize(
    ("width", "name"),
    [(1024, "compact"), (1179, "compact"), (1180, "narrow"), (1320, "standard"), (1599, "standard"), (1600, "wide")],
)
def test_pages_hear_how_wide_the_window_is(qtbot: QtBot, width: int, name: str) -> None:
    assert width_name(width) == name
    page = Plain("today")
    window = show_window(qtbot, page)
    window.resize(width, 768)
    qtbot.waitUntil(lambda: window.width() == width)
    assert [heard for heard in page.heard if isinstance(heard, str) and heard != "left"][-1] == name


def test_zoom_stays_between_90_and_150_percent(qtbot: QtBot) -> None:
    window = show_window(qtbot, Plain("today"))
    for _ in range(8):
        qtbot.keyClick(window, Qt.Key.Key_Plus, CTRL)
    assert current().zoom == 150
    for _ in range(8):
        qtbot.keyClick(window, Qt.Key.Key_Minus, CTRL)
    assert current().zoom == 90
    window.zoom_by(0)
    assert current().zoom == 100


def test_every_part_of_the_frame_has_a_name(qtbot: QtBot) -> None:
    window = show_window(qtbot, Plain("today"))
    window.show_strip([StripItem("drawer", "Drawer", "03, open since 7:02 AM", "lock-open", "balanced")], practice=True)
    assert window.strip.value("drawer") == "Drawer 03, open since 7:02 AM"
    mark = window.findChild(QWidget, "practiceMark")
    assert mark is not None
    assert mark.isVisible()
    reached = [
        widget for widget in window.findChildren(QWidget) if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible()
    ]
    assert [widget for widget in reached if not (widget.objectName() and widget.accessibleName())] == []
    assert [cap.text() for cap in window.key_bar.findChildren(KeyCap)] == ["F12"]


def test_places_keep_their_height_when_others_are_offered(qtbot: QtBot) -> None:
    window = show_window(qtbot, Plain("today"))
    window.resize(1366, 768)
    window.rail.show_places([RailItem("today", "Today", "F2", "list-checks"), RailItem("find", "Find", "F3", "search")])
    QApplication.processEvents()
    places = [window.rail.findChild(QWidget, f"rail_{name}") for name in ("today", "find")]
    assert [place.height() for place in places if place is not None] == [62, 62]


def test_toasts_go_by_themselves_and_failures_stay(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("access_desk.ui.kit.feedback.TOAST_MS", 1)
    over = QWidget()
    over.resize(800, 600)
    show(qtbot, over)
    toasts = Toasts(over)
    toasts.show_toast(Toast("Recorded"), 1)
    toasts.say("Receipt did not print", "short")
    qtbot.waitUntil(lambda: toasts.texts() == ["Receipt did not print"])
    done: list[str] = []
    toasts.offer("Parked: Stavros", "Undo", lambda: done.append("undone"), key="Ctrl Z")
    toasts.findChildren(Toast)[-1].button.press()
    assert done == ["undone"]
    assert toasts.texts() == ["Receipt did not print"]
    for number in range(20):
        toasts.say(f"Failure {number}", "short")
    assert len(toasts.texts()) == 5


def test_the_error_summary_leads_to_its_fields(qtbot: QtBot) -> None:
    field, summary = LineEdit(name="phone", label="Phone"), ErrorSummary()
    page = Plain("register")
    page.layout_.addWidget(summary)
    page.layout_.addWidget(field)
    show_window(qtbot, page)
    summary.show_errors([("Phone: enter 10 digits", field.setFocus), ("First: enter a name", page.first.setFocus)])
    summary.setFocus()
    assert "Phone: enter 10 digits" in summary.accessibleName()
    qtbot.keyClick(summary, Qt.Key.Key_2)
    assert page.first.hasFocus()
    qtbot.keyClick(summary, Qt.Key.Key_1)
    assert field.hasFocus()
    summary.show_errors([])
    assert not summary.isVisible()


def test_progress_appears_only_when_it_takes_long(qtbot: QtBot) -> None:
    strip = ProgressStrip()
    show(qtbot, strip)
    strip.show_working(working=True)
    strip.show_working(working=False)
    assert not strip.is_shown
    strip.show_working(working=True, what="Opening the desk")
    assert not strip.is_shown
    qtbot.waitUntil(lambda: strip.is_shown)
    assert strip.accessibleName() == "Opening the desk"
    strip.show_working(working=False)
    assert not strip.is_shown


def test_missing_content_says_what_it_means(qtbot: QtBot) -> None:
    empty, failure = EmptyState("No one is waiting", "Next: Boyd"), Failure()
    show(qtbot, empty)
    assert empty.accessibleName() == "No one is waiting Next: Boyd"
    assert failure.isHidden()
    failure.say("Could not load", "Nothing typed is lost.")
    assert not failure.isHidden()


@pytest.mark.parametrize("theme", THEMES)
def test_themes_have_the_same_tokens_and_dress_the_window(qtbot: QtBot, theme: str) -> None:
    window = show_window(qtbot, Plain("today"))
    keeper().use(theme)
    QApplication.processEvents()
    picture = window.page("today").grab().toImage()
    assert picture.pixelColor(2, picture.height() - 2).name() == current().colors["bg_app"].lower()
    assert set(tokens()["color"][theme.replace("-", "_")]) == set(tokens()["color"]["light"])
    keeper().use("light")


def test_the_shell_imports_nothing_that_the_first_paint_does_not_need() -> None:
    heavy = ("sqlalchemy", "sqlcipher3", "reportlab", "pypdfium2", "alembic", "argon2")
    code = f"import sys, access_desk.ui.shell.window; print([name for name in {heavy} if name in sys.modules])"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"


def test_a_window_that_closes_lets_its_page_save(qtbot: QtBot) -> None:
    page = Plain("register")
    window = show_window(qtbot, page)
    heard: list[str] = []
    window.closing.connect(lambda: heard.append("closing"))
    window.close()
    assert page.heard[-1] == "left"
    assert heard == ["closing"]
    assert isinstance(window, ShellWindow)
