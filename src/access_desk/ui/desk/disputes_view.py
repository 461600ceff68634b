"""Disputed: what two desks said differently of a person, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtWidgets import QWidget

from access_desk.presentation.disputes import DisputesModel, DisputesState
from access_desk.ui.desk.list_page import ListPage
from access_desk.ui.kit.buttons import KeyButton
from access_desk.ui.kit.cards import Card, column
from access_desk.ui.kit.fields import Field, LineEdit
from access_desk.ui.kit.labels import PlainLabel
from access_desk.ui.kit.table import Cell, Column, Row, Table
from access_desk.ui.kit.theme import current
from access_desk.ui.pages import KeyHint

_LINES = (Column("MRN", 110), Column("What", 190), Column("Answers"))
_MOST_SHOWN = 6
_SIDE = 460


class DisputesView(ListPage):
    """One person, two answers."""

    page_id, title, rail = "disputed", "Disputed", "duplicates"

    def __init__(self, model: DisputesModel) -> None:
        about = "Both answers stay until somebody has found out which is right."
        nothing = ("Nothing is disputed.", "No two desks said different things of one person.")
        super().__init__(model, "disputed", about, nothing)
        self.model = model
        self.lines = Table(_LINES, name="disputedLines", label="Disputed fields")
        self.lines.chosen.connect(lambda key: model.choose(str(key)))
        self.lines.opened.connect(lambda key: self._into(str(key)))
        self.lay_out(self.lines, Card("What two desks said differently", name="disputedList").tight(), self._side())
        model.on_change.append(self.render_state)
        self.destroyed.connect(model.detach)
        self.render_state(model.state)

    def _side(self) -> Card:
        side = Card("Which is right?", name="disputedSide")
        side.setFixedWidth(current().px(_SIDE))
        self._picks: list[KeyButton] = []
        self._said: list[PlainLabel] = []
        self._parts: list[QWidget] = []
        for number in range(_MOST_SHOWN):
            pick = KeyButton("", f"Alt {number + 1}", name=f"disputedPick{number}", on_press=partial(self.model.pick, number))
            pick.setCheckable(True)
            said = PlainLabel("", style="caption", tone="muted")
            said.setContentsMargins(12, 0, 0, 0)
            self._picks.append(pick)
            self._said.append(said)
            part = QWidget()
            self._parts.append(part)
            part.setLayout(column(pick, said, spacing=2))
            side.body.addWidget(part)
        self._another = KeyButton("Another", "Alt 7", name="disputedAnother", on_press=self._other)
        self._another.setCheckable(True)
        self.other = LineEdit(name="disputedOther", label="What is right")
        self.reason = LineEdit(name="disputedReason", label="How it is known")
        self._other_field = Field("What is right", self.other)
        self._act = KeyButton("Settle", "F12", name="disputedSettle", kind="primary", on_press=self.primary)
        known = Field("How it is known", self.reason, hint="Such as a passport that was shown")
        for part in (
            self._another,
            self._other_field,
            known,
            self._problem,
            self._act,
        ):
            side.body.addWidget(part)
        side.body.addStretch(1)
        return side

    def _into(self, key: str) -> None:
        self.model.choose(key)
        self._picks[0].setFocus()

    def _other(self) -> None:
        self.model.pick(-1)
        self.other.setFocus()

    def primary(self) -> None:
        """F12."""
        self.model.settle(self.other.text(), self.reason.text())

    def alt(self, number: int) -> bool:
        """Alt 1 to 6 pick an answer, Alt 7 another one."""
        line = self.model.state.line
        if line is None:
            return False
        if number == _MOST_SHOWN + 1:
            self._other()
            return True
        if 1 <= number <= min(len(line.answers), _MOST_SHOWN):
            self.model.pick(number - 1)
            self.reason.setFocus()
            return True
        return False

    def panes(self) -> Sequence[QWidget]:
        """The list, the answers, the reason."""
        return [pane for pane in (self.lines, self._picks[0], self.reason) if pane.isVisible()]

    def first_focus(self) -> QWidget | None:
        """The list."""
        return self.lines

    def hide_names(self, hidden: bool) -> None:
        """Ctrl . hides or shows the answers."""
        self.model.hide_names(hidden=hidden)

    def key_hints(self) -> Sequence[KeyHint]:
        """What the keys do."""
        return (KeyHint("Alt 1–7", "Pick an answer"), KeyHint("F12", "Settle"), KeyHint("F6", "Next pane"))

    def render_state(self, state: DisputesState) -> None:
        """Paint it."""
        self.show_list(state.notice, is_empty=not state.lines)
        self.lines.show_rows(
            [
                Row(
                    one.key,
                    (Cell(one.mrn, bold=True), Cell(one.title), Cell("  or  ".join(answer.shown for answer in one.answers))),
                )
                for one in state.shown
            ]
        )
        answers = next((one.answers for one in state.shown if one.key == state.chosen), ())
        for number, (pick, said) in enumerate(zip(self._picks, self._said, strict=True)):
            is_there = number < len(answers)
            self._parts[number].setVisible(is_there)
            if is_there:
                answer = answers[number]
                pick.say(answer.shown)
                pick.setChecked(state.picked == number)
                now = "; the record says this now" if answer.is_now else ""
                said.say(f"{answer.who}, {answer.where}, {answer.when}{now}")
        self._another.setChecked(state.picked == -1)
        self._other_field.setVisible(state.picked == -1)
        self.show_act(self._act, state.problem, busy=state.busy, blocked=state.blocked)
        if state.notice:
            self.empty(self.reason, self.other)
        self.hints_changed.emit()
