"""Tables keep their row through a refresh, sort inside groups and jump to what is typed."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from access_desk.ui.kit.sorting import sort_key
from access_desk.ui.kit.table import Cell, Column, Row, Table
from access_desk.ui.kit.theme import current, keeper
from tests.ui.kit_stage import show

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
COLUMNS = [Column("Patient"), Column("Owed", 100, right=True), Column("Since", 100)]


def _row(key: str, name: str, owed: str, since: str = "9:00 AM") -> Row:
    return Row(key, [Cell(name), Cell(owed), Cell(since)])


ROWS = [
    Row("waiting", [Cell("Waiting now")], group=True),
    _row("v", "Vega", "118.60", "10:24 AM"),
    _row("o", "Oyelaran", "9.00", "1:05 PM"),
    _row("k", "Kessler", "1,361.00", "11:00 AM"),
    Row("next", [Cell("Expected next")], group=True),
    _row("b", "Boyd", "100.00"),
]


@pytest.fixture
def table(qtbot: QtBot) -> Table:
    table = Table(COLUMNS, name="waiting", label="Who is waiting")
    table.resize(600, 160)
    show(qtbot, table)
    table.show_rows(ROWS)
    table.setFocus()
    return table


def _keys(table: Table) -> list[object]:
    return [table.row_at(number).key for number in range(len(ROWS))]


def test_the_first_row_that_is_no_group_is_current(table: Table) -> None:
    assert table.current_key() == "v"


def test_arrows_skip_groups_and_enter_opens(table: Table, qtbot: QtBot) -> None:
    heard: list[object] = []
    table.opened.connect(heard.append)
    for _ in range(3):
        qtbot.keyClick(table, Qt.Key.Key_Down)
    assert table.current_key() == "b"
    qtbot.keyClick(table, Qt.Key.Key_Return)
    assert heard == ["b"]


def test_a_refresh_keeps_row_scroll_and_focus(table: Table) -> None:
    many = [_row(str(number), f"Name {number}", "1.00") for number in range(200)]
    table.show_rows(many)
    table.choose("150")
    scrolled = table.verticalScrollBar().value()
    assert scrolled > 0
    heard: list[object] = []
    table.chosen.connect(heard.append)
    table.show_rows([_row("new", "New", "2.00"), *many])
    assert table.current_key() == "150"
    assert table.hasFocus()
    assert abs(table.verticalScrollBar().value() - scrolled) <= current().px(34) + 1


def test_a_row_that_is_gone_leaves_the_first_one_current(table: Table) -> None:
    table.choose("k")
    table.show_rows([row for row in ROWS if row.key != "k"])
    assert table.current_key() == "v"


def test_typing_jumps(table: Table, qtbot: QtBot) -> None:
    qtbot.keyClicks(table, "ke")
    assert table.current_key() == "k"


def test_a_title_sorts_inside_groups_and_again_the_other_way(table: Table, qtbot: QtBot) -> None:
    table.choose("o")
    header = table.horizontalHeader()
    header.sectionClicked.emit(1)
    assert _keys(table) == ["waiting", "o", "v", "k", "next", "b"]
    header.sectionClicked.emit(1)
    assert _keys(table) == ["waiting", "k", "v", "o", "next", "b"]
    assert table.current_key() == "o"
    assert table.model().headerData(1, Qt.Orientation.Horizontal) == "Owed ↓"
    both = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(table, Qt.Key.Key_Right, both)
    qtbot.keyClick(table, Qt.Key.Key_Up, both)
    assert _keys(table) == ["waiting", "v", "k", "o", "next", "b"]


@pytest.mark.parametrize(
    ("texts"),
    [
        ["−$5.00", "0.00", "$9.00", "$1,361.00"],
        ["7:02 AM", "11:00 AM", "12:15 PM", "1:05 PM"],
        ["12/31/2025", "01/02/2026", "03/01/2026"],
        ["3 min", "18 min"],
        ["boyd", "Kessler", "Vega", ""],
    ],
)
def test_figures_times_and_dates_sort_by_value(texts: list[str]) -> None:
    mixed = list(reversed(texts))
    assert sorted(mixed, key=sort_key) == texts


def test_the_focused_row_is_yellow_and_another_window_takes_the_yellow_away(table: Table) -> None:
    keeper().use("light")
    table.choose("v")
    QApplication.processEvents()

    def fill() -> str:
        QApplication.processEvents()
        place = table.visualRect(table.currentIndex()).center()
        return table.viewport().grab().toImage().pixelColor(place).name().upper()

    assert fill() == current().colors["focus_fill"].upper()
    table.clearFocus()
    assert fill() == current().colors["bg_selected"].upper()


def test_a_name_in_a_cell_is_text(table: Table) -> None:
    table.show_rows([_row("x", "<b>Robert</b>\x07", "1.00")])
    shown = table.model().index(0, 0).data()
    assert shown == "<b>Robert</b>\N{REPLACEMENT CHARACTER}"
