"""Drawers: every drawer of the facility, at whichever desk it is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from access_desk.presentation.all_drawers import AllDrawersModel, AllDrawersState, DrawerLine
from access_desk.ui.desk.list_page import ListPage
from access_desk.ui.kit.buttons import KeyButton
from access_desk.ui.kit.cards import Card, Figures, column, row
from access_desk.ui.kit.fields import Field, LineEdit
from access_desk.ui.kit.labels import PlainLabel
from access_desk.ui.kit.table import Cell, Column, Row, Table
from access_desk.ui.kit.theme import current
from access_desk.ui.pages import KeyHint

_COLUMNS = (
    Column("Drawer and desk", 160),
    Column("Person", 164),
    Column("State", 150),
    Column("Receipts", 84, right=True),
    Column("Last count", 140, right=True),
    Column("Over or short", 132, right=True),
    Column("Last entry", 0),
)
_VERDICTS = {
    "balanced": ("Balanced", "circle-equal", "balanced"),
    "short": ("Short", "circle-minus", "short"),
    "over": ("Over", "circle-plus", "over"),
    "split": ("Short and over", "circle-minus", "short"),
}
_SIDE = 300


class AllDrawersView(ListPage):
    """All of them on the left, one of them on the right."""

    page_id, title, rail = "drawers", "Drawers", "drawers"

    def __init__(self, model: AllDrawersModel) -> None:
        about = "What a drawer should hold is hidden until it is counted."
        nothing = ("There is no drawer yet.", "Set up installs the first one at its desk.")
        super().__init__(model, "drawers", about, nothing)
        self.model = model
        self._summary = Card(name="drawersSummary")
        self._figures: list[tuple[PlainLabel, PlainLabel]] = []
        line = row(spacing=36)
        for _ in range(5):
            caption, value = PlainLabel("", style="label", tone="secondary"), PlainLabel("", style="section", weight=600)
            self._figures.append((caption, value))
            line.addLayout(column(caption, value, spacing=1))
        line.addStretch(1)
        self._summary.body.addLayout(line)
        self.drawers = Table(_COLUMNS, name="drawersTable", label="Drawers of the facility", two_line=True)
        self.drawers.chosen.connect(lambda key: model.choose(str(key)))
        self.lay_out(self.drawers, Card(name="drawersList").tight(), self._side(), above=[self._summary])
        model.on_change.append(self.render_state)
        self.destroyed.connect(model.detach)
        self.render_state(model.state)

    def _side(self) -> QWidget:
        self._one = Card("Drawer", name="drawersOne")
        self._key = PlainLabel("", weight=600)
        self._facts = Figures(name="drawersFacts")
        self._one.body.addWidget(self._key)
        self._one.body.addWidget(self._facts)
        self._lease = Card("Its desk is lost or was replaced", name="drawersLease")
        says = PlainLabel("Lease it to this desk: it is counted and used here, in another series of receipts.", tone="secondary")
        says.setWordWrap(True)
        self.place = LineEdit(name="drawersPlace", label="Where it is now")
        self.reason = LineEdit(name="drawersReason", label="What became of the other desk")
        self._act = KeyButton("Lease to this desk", "F12", name="drawersAct", kind="primary", on_press=self.primary)
        parts = (
            says,
            Field("Where it is now", self.place, hint="Such as Admitting 3"),
            Field("What became of the other desk", self.reason),
            self._problem,
            self._act,
        )
        for part in parts:
            self._lease.body.addWidget(part)
        side = QWidget()
        side.setFixedWidth(current().px(_SIDE))
        side.setLayout(column(self._one, self._lease, 1))
        return side

    def primary(self) -> None:
        """F12."""
        if self._lease.isVisible():
            self.model.lease(self.place.text(), self.reason.text())

    def panes(self) -> Sequence[QWidget]:
        """The list, and the lease."""
        return [pane for pane in (self.drawers, self.place) if pane.isVisible()]

    def first_focus(self) -> QWidget | None:
        """The list."""
        return self.drawers

    def key_hints(self) -> Sequence[KeyHint]:
        """What the keys do."""
        hints = [KeyHint("↑ ↓", "Drawer"), KeyHint("F5", "Look again"), KeyHint("F6", "Next pane")]
        return [*hints, KeyHint("F12", "Lease to this desk")] if self._lease.isVisible() else hints

    def render_state(self, state: AllDrawersState) -> None:
        """Paint it."""
        self.show_list(state.notice, is_empty=not state.lines, is_loaded=state.is_loaded)
        self._header.about.say(f"{state.as_of} What a drawer should hold is hidden until it is counted.")
        self._summary.setVisible(bool(state.lines))
        for (caption, value), (said, figure) in zip(self._figures, state.summary, strict=False):
            caption.say(said)
            value.say(figure)
        self.drawers.show_rows([_row(one) for one in state.lines])
        line = state.line
        if line is not None:
            self._key.say(f"{line.key}  {line.label}")
            self._facts.show_lines(list(line.facts))
        self._lease.setVisible(line is not None and not line.is_here and state.may_lease)
        self.show_act(self._act, state.problem, busy=state.busy)
        if state.notice:
            self.empty(self.place, self.reason)
        self.hints_changed.emit()


def _row(one: DrawerLine) -> Row:
    word, icon, tone = _VERDICTS.get(one.verdict, ("", "", ""))
    verdict = Cell(f"{word} {one.difference}", icon=icon, tone=tone) if word else Cell(one.difference)
    quiet = Cell(one.heard, "Not heard of for an hour", "clock-alert", "attention") if one.is_quiet else Cell(one.heard)
    return Row(
        one.drawer_id,
        (
            Cell(f"{one.key}  {one.label}", "This desk" if one.is_here else "", bold=True),
            Cell(one.person),
            Cell(one.state, one.since, one.icon, one.tone),
            Cell(one.receipts),
            Cell(one.counted, one.counted_how),
            verdict,
            quiet,
        ),
    )
