"""Found records side by side: what agrees has a check, what differs a crossed equals sign and a colour."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from access_desk.presentation.find_patient import FindState
from access_desk.presentation.find_patient_columns import Cell, Column
from access_desk.ui.kit.buttons import KeyButton
from access_desk.ui.kit.cards import column, row
from access_desk.ui.kit.labels import Chip, IconLabel, PlainLabel
from access_desk.ui.kit.theme import current, keeper

ROW_HEIGHT, HEAD_HEIGHT, FIRST_WIDTH = 40, 105, 309
ASK_AGAIN = "Ask for name and birth date again, then compare across the row."
_MARKS = {"agrees": ("check", "balanced_fg"), "differs": ("equal-not", "attention_fg")}


class _Panel(QWidget):
    """A cell's fill, with hairlines at the right and below."""

    def __init__(self, fill: str) -> None:
        super().__init__()
        self._fill = fill

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        del event
        painter = QPainter(self)
        painter.fillRect(self.rect(), current().color(self._fill))
        painter.setPen(current().color("border_subtle"))
        painter.drawLine(self.rect().bottomLeft(), self.rect().bottomRight())
        painter.drawLine(self.rect().topRight(), self.rect().bottomRight())
        painter.end()


class SideBySide(Protocol):
    """What was typed, and the records beside it. ``first`` and ``selected`` count from 0 over all columns."""

    @property
    def columns(self) -> Sequence[Column]:
        """All records."""
        ...

    @property
    def shown(self) -> Sequence[Column]:
        """Those on screen."""
        ...

    @property
    def typed(self) -> Sequence[str]:
        """What was typed, by row."""
        ...

    @property
    def titles(self) -> Sequence[str]:
        """What the rows are called."""
        ...

    @property
    def first(self) -> int:
        """The first record on screen."""
        ...

    @property
    def selected(self) -> int:
        """The record that the keyboard is on."""
        ...

    @property
    def heading(self) -> str:
        """How many there are."""
        ...


class FindColumns(QWidget):
    """What was typed at the left, up to three records beside it. ``use`` is called with the number on screen.

    ``key`` is what a record's key is called, such as ``Alt`` before its number; ``row_height`` is in pixels.
    """

    def __init__(
        self,
        use: Callable[[int], object],
        *,
        name: str = "find",
        key: str = "",
        ask: str = ASK_AGAIN,
        row_height: int = ROW_HEIGHT,
    ) -> None:
        super().__init__()
        self.setObjectName(f"{name}Columns")
        self._use, self._name, self._key, self._ask, self._row_height = use, name, f"{key} ".lstrip(), ask, row_height
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(0)
        self._shown: tuple[object, ...] = ()
        self._state: SideBySide = FindState()
        self.buttons: list[KeyButton] = []
        keeper().changed.connect(self._redraw)

    def _redraw(self) -> None:
        self._shown = ()
        self.show_state(self._state)

    def show_state(self, state: SideBySide) -> None:
        """Show these records."""
        self._state = state
        wanted = (state.columns, state.first, state.selected, state.typed, state.titles)
        if wanted == self._shown:
            return
        had_focus = any(button.hasFocus() for button in self.buttons)
        self._shown = wanted
        self._clear()
        self._first_column(state)
        for number, one in enumerate(state.shown, 1):
            self._record_column(number, one, is_selected=state.first + number - 1 == state.selected)
            self._grid.setColumnStretch(number, 1)
        self._grid.setRowStretch(len(state.titles) + 1, 1)
        if had_focus:
            self.focus_selected()

    def focus_selected(self) -> None:
        """Put the keyboard on the selected record's button."""
        number = self._state.selected - self._state.first
        if 0 <= number < len(self.buttons):
            self.buttons[number].setFocus(Qt.FocusReason.OtherFocusReason)

    def _clear(self) -> None:
        self.buttons = []
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()

    def _first_column(self, state: SideBySide) -> None:
        head = _Panel("bg_sunken")
        head.setFixedWidth(current().px(FIRST_WIDTH))
        ask = PlainLabel(self._ask, tone="secondary")
        ask.setWordWrap(True)
        more = len(state.columns) - len(state.shown)
        said = f"{len(state.shown)} shown, ← → for {more} more." if more > 0 else "What you typed is in the column below."
        say = PlainLabel(said, style="caption", tone="muted")
        head.setLayout(column(PlainLabel(state.heading, style="section"), ask, say, 1, spacing=4, margins=(10, 11, 10, 6)))
        self._grid.addWidget(head, 0, 0)
        for number, title in enumerate(state.titles, 1):
            typed = state.typed[number - 1] if number <= len(state.typed) else ""
            panel = _Panel("bg_sunken")
            panel.setFixedHeight(current().px(self._row_height))
            name = PlainLabel(title, tone="secondary")
            name.setFixedWidth(current().px(104))
            is_typed = typed not in ("", "Not typed")
            text = PlainLabel(typed, weight=600 if is_typed else 400, tone="" if is_typed else "muted", elide=True)
            line = row(name, spacing=8, margins=(10, 0, 10, 0))
            line.addWidget(text, 1)
            panel.setLayout(line)
            self._grid.addWidget(panel, number, 0)

    def _record_column(self, number: int, one: Column, *, is_selected: bool) -> None:
        fill = "info_bg" if is_selected else "bg_surface"
        head = _Panel(fill)
        head.setFixedHeight(current().px(HEAD_HEIGHT))
        name = PlainLabel(one.name, style="section", elide=True)
        chip = Chip(one.chip, one.kind, one.icon)
        use = KeyButton(
            "Use this patient", f"{self._key}{number}", name=f"{self._name}Use{number}", on_press=lambda: self._use(number)
        )
        use.setAccessibleName(f"Use {one.name}, {one.chip}")
        self.buttons.append(use)
        mrn = f"MRN {one.mrn}, was {one.retired_mrn}" if one.retired_mrn else f"MRN {one.mrn}"
        line = row(PlainLabel(mrn, tone="secondary"), 1, chip, spacing=8)
        head.setLayout(column(name, line, use, spacing=5, margins=(12, 10, 12, 8)))
        self._grid.addWidget(head, 0, number)
        for place, cell in enumerate(one.cells, 1):
            self._grid.addWidget(self._cell(cell, fill, f"{self._state.titles[place - 1]} {cell.text}"), place, number)

    def _cell(self, cell: Cell, fill: str, spoken: str) -> QWidget:
        is_marked = cell.mark in ("differs", "alert")
        panel = _Panel("attention_bg" if is_marked else fill)
        panel.setFixedHeight(current().px(self._row_height))
        panel.setAccessibleName(f"{spoken}, {cell.mark}" if cell.mark in _MARKS else spoken)
        line = row(spacing=0, margins=(12, 0, 12, 0))
        icon, token = _MARKS.get(cell.mark, (cell.icon, "attention_fg" if cell.mark == "alert" else "text_secondary"))
        if icon:
            line.addWidget(IconLabel(icon, token=token, size=16))
            line.addSpacing(8)
        else:
            line.addSpacing(24)
        shown = [piece for piece in cell.pieces if piece[0]]
        for index, (text, is_bold) in enumerate(shown):
            tone = "attention" if cell.mark == "alert" else ""
            label = PlainLabel(text, weight=600 if is_bold else 400, tone=tone, elide=index == len(shown) - 1)
            label.setToolTip("")
            line.addWidget(label, 1 if index == len(shown) - 1 else 0)
        if cell.mark == "differs":
            line.addWidget(PlainLabel("differs", style="caption", weight=600, tone="attention"))
        panel.setLayout(line)
        return panel
