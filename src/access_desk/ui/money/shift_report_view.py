"""End-of-shift report: which date and shift, what it will say, and on to its pages."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from access_desk.presentation.papers_shift_report import CustodyLine, ShiftReportState, ShiftReportViewModel
from access_desk.services.papers import SHIFT_REPORT
from access_desk.ui.kit.buttons import KeyButton
from access_desk.ui.kit.cards import Band, Card, Figures, PageHeader, column, row
from access_desk.ui.kit.fields import Combo, Field
from access_desk.ui.kit.table import Cell, Column, Row, Table
from access_desk.ui.money.money_page import MoneyPage
from access_desk.ui.pages import KeyHint

_COLUMNS = (
    Column("Drawer", 120),
    Column("Held by"),
    Column("State", 150),
    Column("Received", 140, right=True),
    Column("Cash over or short", 170, right=True),
)


class ShiftReportView(MoneyPage):
    """For leads and supervisors."""

    page_id, title, rail = "shift_report", "End-of-shift report", "drawer"

    def __init__(self, view_model: ShiftReportViewModel) -> None:
        super().__init__()
        self.model = view_model
        self._refusal = Band(tone="attention", name="reportRefusal")
        self._problem = Band(tone="short", name="reportProblem")
        self._day, self._shift = Combo(name="reportDay", label="Business date"), Combo(name="reportShift", label="Shift")
        self._day.chosen.connect(lambda value: view_model.choose(day=str(value), shift=view_model.state.shift))
        self._shift.chosen.connect(lambda value: view_model.choose(day=view_model.state.day, shift=str(value)))
        self._show = KeyButton(
            "Show the report", "F12", name="showReport", kind="primary", large=True, icon_name="file-text", on_press=self.primary
        )
        self._table = Table(_COLUMNS, name="reportTable", label="Drawers of the shift")
        table = Card("Drawers of the shift", name="reportTableCard").tight()
        table.body.addWidget(self._table)
        which = Card("Which shift", name="reportWhich")
        which.body.addWidget(Field("Business date", self._day))
        which.body.addWidget(Field("Shift", self._shift))
        which.body.addWidget(self._show)
        apart = Card("Over and short, apart", name="reportApart")
        self._figures = Figures(name="reportFigures")
        apart.body.addWidget(self._figures)
        self._body = QWidget()
        line = row()
        line.addWidget(table, 818)
        line.addLayout(column(which, apart, 1), 420)
        self._body.setLayout(line)
        for part in (PageHeader(self.title), self._refusal, self._problem):
            self.layout_.addWidget(part)
        self.layout_.addWidget(self._body, 1)
        self._gap = QWidget()
        self.layout_.addWidget(self._gap, 1)
        view_model.on_change.append(self.render_state)
        self.destroyed.connect(view_model.detach)
        self.render_state(view_model.state)

    def render_state(self, state: ShiftReportState) -> None:
        """Paint it."""
        self._refusal.say(state.refusal, "", "attention")
        self._problem.say(state.problem, "", "short")
        self._body.setVisible(not state.refusal)
        self._gap.setVisible(bool(state.refusal))
        self._day.set_choices([(one.value, one.label) for one in state.days])
        self._day.show_value(state.day)
        self._shift.set_choices([(one.value, one.label) for one in state.shifts])
        self._shift.show_value(state.shift)
        self._table.show_rows([_row(number, line) for number, line in enumerate(state.lines)])
        self._figures.show_lines([("Over", state.over.signed_figures()), ("Short", state.short.signed_figures())])
        if state.days:
            self.arrived()

    def entered(self, argument: object) -> None:
        """Start with the shift that runs now."""
        del argument
        self.awaits()
        self.model.load()

    def refresh(self) -> None:
        """F5."""
        self.model.load()

    def primary(self) -> None:
        """F12: the report's pages."""
        if self.model.state.days and not self.model.state.refusal:
            self.go.emit("preview", (SHIFT_REPORT, self.model.state.about))

    def panes(self) -> Sequence[QWidget]:
        """The table, the choice."""
        return (self._table, self._day)

    def first_focus(self) -> QWidget | None:
        """The button that shows it."""
        return self._show if self.model.state.days else None

    def key_hints(self) -> Sequence[KeyHint]:
        """What the keys do."""
        return (KeyHint("Alt ↓", "Open list"), KeyHint("F12", "Show the report"), KeyHint("Esc", "Back"))


def _row(number: int, line: CustodyLine) -> Row:
    difference = line.difference
    tone = "" if difference is None else "short" if difference.cents < 0 else "over" if difference.cents > 0 else "balanced"
    text = "not counted yet" if difference is None else difference.signed_figures()
    cells = (
        Cell(line.drawer, bold=True),
        Cell(line.holder),
        Cell(line.state),
        Cell(line.received.figures()),
        Cell(text, tone=tone),
    )
    return Row(number, cells)
