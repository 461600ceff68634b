"""Open drawer: page 05's boxes with the float shown."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QWidget

from access_desk.presentation.open_drawer import OpenDrawerState, OpenDrawerViewModel
from access_desk.ui.kit.buttons import KeyButton
from access_desk.ui.kit.cards import Band, Card, Figures, PageHeader, Scroller, column, row
from access_desk.ui.kit.fields import Combo, Field
from access_desk.ui.kit.labels import PlainLabel
from access_desk.ui.money.count_cards import CountCards
from access_desk.ui.money.money_page import MoneyPage
from access_desk.ui.money.widgets import SignPanel, Verdict, figure_label, tab_order
from access_desk.ui.pages import KeyHint


class OpenDrawerView(MoneyPage):
    """Choose a drawer, count what is in it, open it."""

    page_id, title, rail = "open_drawer", "Open drawer", "drawer"

    def __init__(self, view_model: OpenDrawerViewModel) -> None:
        super().__init__()
        self.model = view_model
        self._which = Combo(name="openWhich", label="Drawer")
        self._which.chosen.connect(lambda value: view_model.choose(str(value)))
        self._header = PageHeader(self.title)
        self._problem = Band(tone="short", name="openProblem")
        self._held = Band(tone="attention", name="openHeld")
        self._cards = CountCards(name="open")
        self._cards.typed.connect(view_model.type_box)
        self._body = QWidget()
        line = row()
        line.addLayout(column(self._cards.bills, 1), 352)
        line.addLayout(column(self._cards.coin, 1), 454)
        line.addLayout(self._right_column(), 420)
        self._body.setLayout(line)
        for part in (self._header, self._held, self._problem):
            self.layout_.addWidget(part)
        self.layout_.addWidget(Scroller(self._body), 1)
        tab_order([self._which, *self._cards.order(), self._sign.person, self._sign.pin, self._fill, self._open])
        view_model.on_change.append(self.render_state)
        self.destroyed.connect(view_model.detach)
        self.render_state(view_model.state)

    def _right_column(self) -> QLayout:
        which = Card("Drawer", name="openWhichCard")
        self._float = figure_label(style="amount", weight=600)
        self._facts = Figures(name="openFacts")
        which.body.addWidget(Field("Which drawer", self._which))
        which.body.addLayout(row(PlainLabel("Should hold", weight=600), 1, self._float))
        which.body.addWidget(self._facts)
        self._sign_card = Card("Witness", name="openWitnessCard")
        self._sign = SignPanel("Witness", name="openWitness", heard=self.model.sign)
        self._sign_card.body.addWidget(self._sign)
        total = Card(name="openSumCard")
        self._sum = figure_label(style="amount", weight=600)
        self._verdict = Verdict()
        self._left = PlainLabel("", style="label", tone="muted")
        self._fill = KeyButton("Fill blanks with 0", "Ctrl 0", name="openFill", large=True, on_press=self.model.fill_blanks)
        self._open = KeyButton(
            "Open drawer", "F12", name="openDrawer", kind="primary", large=True, icon_name="lock-open", on_press=self.primary
        )
        total.body.addLayout(row(column(PlainLabel("Counted so far", weight=600), self._left, spacing=0), 1, self._sum))
        total.body.addLayout(row(self._verdict, 1))
        buttons = row(self._fill, spacing=8)
        buttons.addWidget(self._open, 1)
        total.body.addLayout(buttons)
        note = Band(
            "", "A difference is recorded with the person who had the drawer last. It is never part of your own.", name="openNote"
        )
        return column(which, self._sign_card, total, note, 1)

    def render_state(self, state: OpenDrawerState) -> None:
        """Paint it."""
        chosen = state.chosen
        self._header.about.say(chosen.label if chosen else "")
        held = f"You already hold drawer {state.held}" if state.held else "" if chosen else "No drawer is closed"
        self._held.say(
            held,
            "Close that one first: F9." if state.held else "Every drawer here is held by somebody." if held else "",
            "attention",
        )
        more = f"And {len(state.missing) - 1} more. Ctrl 0 fills the blanks with 0." if len(state.missing) > 1 else ""
        self._problem.say(state.problem or (state.missing[0][1] if state.missing else ""), "" if state.problem else more, "short")
        self._body.setVisible(chosen is not None)
        self._which.set_choices([(one.drawer_id, one.label) for one in state.drawers])
        self._which.show_value(chosen.drawer_id if chosen else None)
        self._cards.show_boxes(state.boxes)
        if chosen:
            self._float.say(chosen.should_hold.dollars())
            facts = [("Float of this drawer", chosen.imprest.dollars()), ("Held last by", chosen.last_holder or "Nobody yet")]
            self._facts.show_lines(facts)
        self._sign_card.setVisible(state.needs_witness)
        self._sign.show_people(state.witnesses, state.witness, state.pin)
        self._sum.say(state.boxes.total().dollars())
        left = len(state.boxes.blanks())
        self._left.say(f"{left} box{'' if left == 1 else 'es'} left" if left else "Everything is counted")
        self._verdict.setVisible(state.is_complete)
        if state.is_complete:
            amount = state.difference.signed_figures()
            self._verdict.show_difference(state.difference, text=f"{_word(state)} {amount}")
        self._open.set_busy(state.busy)
        self._open.set_blocked("Close the drawer you hold first." if state.held else "")
        if state.opened:
            self.status_changed.emit()
            self.told.emit(f"Drawer {state.opened} is open.", "balanced")
            self.go.emit("drawer", None)
        elif chosen:
            self.arrived()

    def entered(self, argument: object) -> None:
        """Look which drawers are closed."""
        del argument
        self.awaits()
        self.model.load()

    def primary(self) -> None:
        """F12: open, or go to the first box that is blank."""
        self.model.open()
        if self.model.state.missing:
            self._cards.focus_box(self.model.state.missing[0][0])

    def shortcut(self, keys: str) -> bool:
        """Ctrl 0 fills the blanks."""
        if keys == "Ctrl+0":
            self.model.fill_blanks()
            self._open.setFocus(Qt.FocusReason.OtherFocusReason)
        return keys == "Ctrl+0"

    def refresh(self) -> None:
        """F5."""
        self.model.load()

    def panes(self) -> Sequence[QWidget]:
        """Bills, coin, the drawer."""
        return (self._cards.bills, self._cards.coin, self._which)

    def first_focus(self) -> QWidget | None:
        """The first blank box."""
        blank = self.model.state.boxes.blanks()
        return self._cards.boxes[blank[0]] if blank else self._open

    def key_hints(self) -> Sequence[KeyHint]:
        """What the keys do."""
        return (
            KeyHint("Enter", "Next box"),
            KeyHint("↑ ↓", "Same column"),
            KeyHint("+", "Adds, as in 12+8"),
            KeyHint("Ctrl 0", "Fill blanks"),
            KeyHint("F12", "Open drawer"),
            KeyHint("Esc", "Back, nothing is opened"),
        )


def _word(state: OpenDrawerState) -> str:
    if not state.difference:
        return "Balanced"
    return "Short" if state.difference.cents < 0 else "Over"
