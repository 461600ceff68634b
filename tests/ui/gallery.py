"""The kit on two sheets per theme, to be held beside the design: ``python -m tests.ui.gallery --out DIR``."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Sequence
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QGridLayout, QWidget

from access_desk.domain.money import Money
from access_desk.ui.kit.buttons import KeyButton, SegmentedControl
from access_desk.ui.kit.cards import Band, Card, Figures, PageHeader, Steps, column, row
from access_desk.ui.kit.feedback import ErrorSummary, Toast
from access_desk.ui.kit.fields import CheckRow, Combo, CountBox, Field, LineEdit, PinEdit, TextArea
from access_desk.ui.kit.labels import Chip, KeyCap, PlainLabel
from access_desk.ui.kit.states import EmptyState, Failure, LoadingState
from access_desk.ui.kit.table import Cell, Column, Row, Table
from access_desk.ui.kit.theme import THEMES, keeper
from access_desk.ui.money.widgets import DollarEdit
from access_desk.ui.pages import KeyHint, Page
from access_desk.ui.shell.frame import RailItem, StripItem
from access_desk.ui.shell.window import ShellWindow

PLACES = [
    RailItem("today", "Today", "F2", "list-checks"),
    RailItem("find", "Find", "F3", "search"),
    RailItem("register", "Register", "F7", "clipboard-pen"),
    RailItem("payment", "Payment", "F8", "hand-coins"),
    RailItem("drawer", "Drawer", "F9", "wallet"),
    RailItem("handoff", "Handoff", "Shift F9", "arrow-left-right"),
]
STRIP = [
    StripItem("facility", "Facility", "Cedar Hollow Regional"),
    StripItem("desk", "Desk", "Admitting 3"),
    StripItem("drawer", "Drawer", "03, open since 7:02 AM", "lock-open", "balanced"),
    StripItem("shift", "Shift", "Day, 7:00 AM–3:30 PM"),
    StripItem("sync", "Sync", "Saved 10:42 AM", "cloud-check", "balanced"),
    StripItem("user", "Registrar", "Dana Whitfield"),
]


class TodayLike(Page):
    """A page with a table, a side panel and chips."""

    page_id = "today"

    def __init__(self) -> None:
        super().__init__()
        desks = SegmentedControl([("own", "This desk", "", ""), ("all", "All desks", "", "")], name="desks")
        desks.show_choice("own")
        names = KeyButton("Names shown", "Ctrl .", name="names", icon_name="eye")
        find = KeyButton("Find patient", "F3", name="find", kind="primary", icon_name="search")
        self.layout_.addWidget(PageHeader("Today", about="Thursday, July 16, 2026", right=[desks, names, find]))
        columns = [
            Column("Waiting or due", 112),
            Column("Patient", 244),
            Column("Visit"),
            Column("Status", 210),
            Column("Owed today", 108, right=True),
        ]
        self.table = Table(columns, name="waiting", label="Who is waiting", two_line=True)
        self.table.show_rows(_rows())
        card = Card().tight()
        card.body.addWidget(self.table)
        chip = Chip("2 overdue", "overdue")
        side = Card("Blocked accounts", aside=chip)
        side.setFixedWidth(348)
        side.caption.say("6")
        figures = Figures()
        figures.show_lines(
            [("Copay, Northlake Health PPO", "$75.00"), ("Balance from 04/02/2026", "$43.60")], ("Due today", "$118.60")
        )
        side.body.addWidget(figures)
        side.body.addWidget(KeyButton("File registration", "F12", name="file", kind="primary", large=True, icon_name="check"))
        side.body.addWidget(KeyButton("Take payment", "F8", name="take", icon_name="hand-coins"))
        side.body.addStretch(1)
        self.layout_.addLayout(row(card, side))

    def key_hints(self) -> list[KeyHint]:
        return [KeyHint("↑ ↓", "Move"), KeyHint("Enter", "Open"), KeyHint("F3", "Find patient"), KeyHint("F5", "Refresh")]

    def note(self) -> str:
        return "Updated 10:42 AM"

    def first_focus(self) -> QWidget:
        return self.table


def _rows() -> list[Row]:
    def person(key: str, wait: tuple[str, str, str], name: str, born: str, status: tuple[str, str, str], owed: str) -> Row:
        return Row(
            key,
            [
                Cell(wait[0], "Arrived 10:24 AM", wait[1], wait[2], bold=True),
                Cell(name, born),
                Cell("MRI lumbar spine", "11:00 AM"),
                Cell(status[0], "Pre-registered 07/13", status[1], status[2], bold=True),
                Cell(owed, "Copay", bold=owed != "$0.00"),
            ],
        )

    return [
        Row("waiting", [Cell("Waiting now"), Cell("5 people, longest 18 min, target 15 min")], group=True),
        person(
            "1",
            ("18 min", "alarm-clock", "short"),
            "Vega-Trujillo, Marisol A.",
            "03/14/1987  F  MRN 00482917",
            ("3 items to finish", "triangle-alert", "attention"),
            "$118.60",
        ),
        person(
            "2",
            ("14 min", "clock-alert", "attention"),
            "Oyelaran, Tunde",
            "11/02/1969  M  MRN 00517730",
            ("Blocked: order not signed", "circle-minus", "short"),
            "$0.00",
        ),
        person(
            "3",
            ("9 min", "clock", ""),
            "Kessler, Joan M.",
            "08/21/1954  F  MRN 00120448",
            ("Ready to file", "circle-check", "balanced"),
            "$40.00",
        ),
        Row("next", [Cell("Expected next"), Cell("9 until 3:30 PM")], group=True),
        person(
            "4",
            ("11:15 AM", "", ""),
            "Boyd, Carl R.",
            "12/09/1961  M  MRN 00233075",
            ("Ready", "circle-check", "balanced"),
            "$100.00",
        ),
    ]


def _titled(title: str, about: str, content: QWidget) -> QWidget:
    whole = QWidget()
    whole.setLayout(
        column(
            row(PlainLabel(title, weight=600), PlainLabel(about, style="label", tone="muted"), 1, spacing=8),
            content,
            1,
            spacing=6,
        )
    )
    return whole


def _card(*content: QWidget) -> Card:
    card = Card()
    for widget in content:
        card.body.addWidget(widget)
    return card


def _chips() -> QWidget:
    states = [
        ("Balanced $0.00", "balanced"),
        ("Short −$5.00", "short"),
        ("Over +$7.00", "over"),
        ("Needs attention", "attention"),
        ("Overdue 22 min", "overdue"),
        ("Offline, 3 kept here", "offline"),
        ("Interpreter: Spanish", "info"),
        ("Weak match: 1 of 4", "plain"),
    ]
    whole = QWidget()
    grid = QGridLayout(whole)
    grid.setContentsMargins(0, 0, 0, 0)
    for number, (text, tone) in enumerate(states):
        grid.addWidget(Chip(text, tone), number // 2, number % 2)
    return _card(whole)


def _fields(focused: LineEdit) -> QWidget:
    wrong = LineEdit(name="wrong", label="Error")
    wrong.show_text("02/30/1987")
    wrong_field = Field("Error after leaving", wrong)
    wrong_field.show_problem("February has 28 days in 1987")
    fixed = LineEdit(name="fixed", label="Read only")
    fixed.setReadOnly(True)
    fixed.show_text("Signed 07/08/2026")
    money = DollarEdit(name="money", label="Money")
    money.show_money(Money(4360))
    count = CountBox(name="count", label="Count")
    count.show_text("12+8")
    lines = TextArea(name="note", label="Note", lines=2, most=200)
    lines.show_text("Two twenties stuck together.")
    state = Combo(name="state", label="State", choices=[("OH", "OH"), ("TX", "TX")])
    tick = CheckRow("Copay today", name="tick")
    tick.show_ticked(True)
    return _card(
        _pair(Field("Focused", focused), wrong_field),
        _pair(Field("Read only", fixed), Field("Money, typed 43.6", money)),
        _pair(Field("State", state), Field("PIN", PinEdit(name="pin"), hint="6 digits")),
        _pair(count, tick),
        Field("Note", lines, optional=True),
    )


def _pair(*widgets: QWidget) -> QWidget:
    whole = QWidget()
    line = row(*widgets)
    for number in range(len(widgets)):
        line.setStretch(number, 1)
    whole.setLayout(line)
    return whole


def _buttons() -> QWidget:
    blocked = KeyButton("Not yet", name="blocked")
    blocked.set_blocked("Enter the amount first.")
    return _card(
        _pair(
            KeyButton("Record $118.60", "F12", name="record", kind="primary"),
            KeyButton("Void $45.00", "F12", name="void", kind="danger"),
        ),
        _pair(KeyButton("Secondary", name="second"), KeyButton("Quiet link", name="quiet", kind="quiet"), blocked),
        SegmentedControl(
            [
                ("cash", "Cash", "Alt 1", "banknote"),
                ("check", "Check", "Alt 2", "pen-line"),
                ("card", "Card", "Alt 3", "credit-card"),
            ],
            name="tender",
        ),
        _pair(
            KeyButton("Large", "F12", name="large", large=True, kind="primary"),
            KeyButton("Small", "F7", name="small", small=True),
            KeyCap("Ctrl K"),
        ),
    )


def states_sheet() -> tuple[QWidget, QWidget]:
    """Every state of the design's page 18, and what has the keyboard on it."""
    sheet, focused = QWidget(), LineEdit(name="focused", label="Focused")
    sheet.setObjectName("page")
    sheet.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    focused.show_text("Vega-Tru")
    errors = ErrorSummary()
    errors.show_errors(
        [("Emergency contact phone: enter 10 digits", focused.setFocus), ("Plan 2: enter the member ID", focused.setFocus)]
    )
    toasts = QWidget()
    toasts.setLayout(
        column(
            Toast("Receipt R-240321 recorded, $118.60", detail="Printed on Admitting 3 receipt", action="Reprint", do=_nothing),
            Toast("Parked: Stavros, Elena", detail="Undo for 10 seconds", tone="info", action="Undo", key="Ctrl Z", do=_nothing),
            Toast(
                "Receipt did not print",
                detail="Payment is recorded. Paper is out.",
                tone="attention",
                icon="printer",
                action="Print again",
                do=_nothing,
                stays=True,
            ),
            spacing=8,
        )
    )
    bands = QWidget()
    bands.setLayout(
        column(
            Band("Expected amount is hidden.", "Count what is there. The comparison appears after you submit.", tone="offline"),
            Band("After recording, a mistake is voided, never edited.", tone="info"),
            Band("Short −$5.00", "Above the limit of $2.00", tone="short"),
            spacing=8,
        )
    )
    steps = Steps(["Count", "Compare", "Explain and approve", "Sign and print"])
    steps.show_step(1)
    empty = EmptyState(
        "No one is waiting", "Next expected: Boyd, 11:15 AM", action=KeyButton("Find patient", "F3", name="f", icon_name="search")
    )
    failure = Failure(
        "Eligibility did not answer",
        "Northlake Health did not reply in 30 seconds. Nothing you typed is lost.",
        actions=[KeyButton("Try again", "F5", name="again"), KeyButton("File as unverified", name="unverified")],
    )
    parts: Sequence[tuple[str, str, QWidget]] = [
        ("Error summary", "takes focus after F12; links jump", errors),
        ("Bands", "one thing each", bands),
        ("Toasts", "bottom right, 6 s", toasts),
        ("Empty", "says what it means and what is next", _card(empty)),
        ("Loading", "old rows stay", LoadingState("Checking eligibility, 4 s. You can keep typing.")),
        ("Could not load", "what happened, what is safe", _card(failure)),
        ("Status family", "icon, word and outline", _chips()),
        ("Fields", "focus, error, read-only", _fields(focused)),
        ("Buttons", "one primary per page", _buttons()),
        ("Steps", "", steps),
    ]
    grid = QGridLayout(sheet)
    grid.setContentsMargins(16, 12, 16, 12)
    for number, (title, about, content) in enumerate(parts):
        grid.addWidget(_titled(title, about, content), number // 3, number % 3)
        grid.setColumnStretch(number % 3, 1)
    return sheet, focused


def _nothing() -> None:
    """What the buttons of the gallery do."""


def window_sheet() -> tuple[QWidget, QWidget]:
    """The window with a page of the kit, and what has the keyboard in it."""
    window, page = ShellWindow(), TodayLike()
    window.add_pages([page], PLACES)
    window.show_strip(STRIP, practice=True)
    window.rail.show_badge("register", 2)
    window.go("today")
    return window, page.table


def draw(make: Callable[[], tuple[QWidget, QWidget]], path: Path, size: tuple[int, int] = (1366, 768)) -> None:
    """One picture."""
    widget, focused = make()
    widget.resize(*size)
    widget.show()
    widget.activateWindow()
    focused.setFocus()
    QApplication.processEvents()
    widget.grab().save(str(path))
    widget.close()
    widget.deleteLater()


def main() -> None:
    """Draw every sheet in every theme."""
    parser = argparse.ArgumentParser(description="python -m tests.ui.gallery --out build/gallery")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--zoom", type=int, default=100)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    app = QApplication.instance() or QApplication([])
    for theme in THEMES:
        keeper().use(theme, arguments.zoom)
        draw(states_sheet, arguments.out / f"states-{theme}.png", (1366, 1000))
        for size in ((1366, 768), (1920, 1080)):
            draw(window_sheet, arguments.out / f"window-{theme}-{size[0]}.png", size)
    app.processEvents()


if __name__ == "__main__":
    main()
