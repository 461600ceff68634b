"""Flagged: what central noticed about events that it kept all the same, and a supervisor's word about it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from access_desk.presentation.flagged import FlaggedModel, FlaggedState, FlagGroup
from access_desk.ui.desk.list_page import ListPage
from access_desk.ui.kit.buttons import KeyButton
from access_desk.ui.kit.cards import Band, Card, Figures
from access_desk.ui.kit.fields import Field, LineEdit
from access_desk.ui.kit.labels import PlainLabel
from access_desk.ui.kit.table import Cell, Column, Row, Table
from access_desk.ui.kit.theme import current
from access_desk.ui.pages import KeyHint

_GROUPS = (
    Column("What", 270),
    Column("Where", 100),
    Column("Events", 76, right=True),
    Column("Money", 100, right=True),
    Column("When"),
)
_EVENTS = (Column("When", 160), Column("What", 150), Column("Money", 90, right=True))
_SIDE = 440


class FlaggedView(ListPage):
    """Groups on the left, one of them on the right."""

    page_id, title, rail = "flagged", "Flagged", "flagged"

    def __init__(self, model: FlaggedModel) -> None:
        about = "Nothing here was refused, changed or dropped. Somebody has to look into it."
        nothing = ("Nothing is flagged.", "Central noticed nothing about what the desks recorded.")
        super().__init__(model, "flagged", about, nothing)
        self.model = model
        self.groups = Table(_GROUPS, name="flaggedGroups", label="What stands out", two_line=True)
        self.groups.chosen.connect(lambda key: model.choose(str(key)))
        self.groups.opened.connect(lambda key: self._into(str(key)))
        self.lay_out(self.groups, Card("What stands out", name="flaggedList").tight(), self._side())
        model.on_change.append(self.render_state)
        self.destroyed.connect(model.detach)
        self.render_state(model.state)

    def _side(self) -> Card:
        side = Card("Look into it", name="flaggedSide")
        side.setFixedWidth(current().px(_SIDE))
        self._title = PlainLabel("", style="section")
        self._why = PlainLabel("", tone="secondary")
        self._why.setWordWrap(True)
        self._facts = Figures(name="flaggedFacts")
        self.events = Table(_EVENTS, name="flaggedEvents", label="The events of this group")
        self._reviewed = Band(tone="balanced", name="flaggedReviewed")
        self.said = LineEdit(name="flaggedNote", label="What came of it")
        self._note_field = Field("What came of it", self.said, hint="Who was asked, what was found")
        self._act = KeyButton("Reviewed", "F12", name="flaggedReview", kind="primary", on_press=self.primary)
        for part in (self._title, self._why, self._facts, self._reviewed):
            side.body.addWidget(part)
        side.body.addWidget(self.events, 1)
        for below in (self._note_field, self._problem, self._act):
            side.body.addWidget(below)
        return side

    def _into(self, key: str) -> None:
        self.model.choose(key)
        self.said.setFocus()

    def primary(self) -> None:
        """F12."""
        self.model.review(self.said.text())

    def panes(self) -> Sequence[QWidget]:
        """The groups, their events, the note."""
        return [pane for pane in (self.groups, self.events, self.said) if pane.isVisible()]

    def first_focus(self) -> QWidget | None:
        """The groups."""
        return self.groups

    def key_hints(self) -> Sequence[KeyHint]:
        """What the keys do."""
        return (KeyHint("Enter", "Look into it"), KeyHint("F12", "Reviewed"), KeyHint("F6", "Next pane"))

    def render_state(self, state: FlaggedState) -> None:
        """Paint it."""
        self.show_list(state.notice, is_empty=not state.groups)
        self.groups.show_rows([_row(one) for one in state.groups])
        group = state.group
        if group is not None:
            self._title.say(group.title)
            self._why.say(group.why)
            facts = [("Where", group.where), ("Events", str(group.count))]
            facts += [("About", group.about)] if group.about else []
            facts += [("Money", group.amount)] if group.amount else []
            self._facts.show_lines(facts)
            self._reviewed.say("Reviewed" if group.reviewed else "", group.reviewed, "balanced")
            self.events.show_rows(
                [Row(one.key, (Cell(one.when), Cell(one.what), Cell(one.amount)), spoken=one.who) for one in group.events]
            )
            self._note_field.setVisible(not group.reviewed)
            self._act.setVisible(not group.reviewed)
        blocked = "" if state.may_review else "A supervisor reviews this."
        self.show_act(self._act, state.problem, busy=state.busy, blocked=blocked)
        if state.notice:
            self.empty(self.said)
        self.hints_changed.emit()


def _row(one: FlagGroup) -> Row:
    icon, tone = ("check-check", "") if one.reviewed else ("triangle-alert", "attention")
    what = Cell(one.title, one.about, icon, tone, bold=not one.reviewed)
    when = Cell(one.when, "Reviewed" if one.reviewed else "")
    return Row(one.key, (what, Cell(one.where), Cell(str(one.count)), Cell(one.amount), when), muted=bool(one.reviewed))
