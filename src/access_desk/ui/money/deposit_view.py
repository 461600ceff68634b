"""Bank deposit: which bags leave the safe, with whom, and what the bank counted in each."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtWidgets import QLayout, QWidget

from access_desk.presentation.drawer_deposit import BagLine, DepositState, DepositViewModel
from access_desk.presentation.drawer_words import counted_word
from access_desk.ui.kit.buttons import KeyButton
from access_desk.ui.kit.cards import GAP, Band, Card, PageHeader, Scroller, column, row
from access_desk.ui.kit.fields import CheckRow, Field, LineEdit
from access_desk.ui.kit.labels import PlainLabel
from access_desk.ui.money.money_page import MoneyPage
from access_desk.ui.money.widgets import DollarEdit, SignPanel, figure_label, paint_money, ruled_row, table_head
from access_desk.ui.pages import KeyHint


class DepositView(MoneyPage):
    """Bags: in the safe, on their way, at the bank."""

    page_id, title, rail = "deposit", "Bank deposit", "drawer"

    def __init__(self, view_model: DepositViewModel) -> None:
        super().__init__()
        self.model = view_model
        self._shape: object = None
        self._ticks: dict[str, CheckRow] = {}
        self._counts: dict[str, DollarEdit] = {}
        self._problem = Band(tone="short", name="depositProblem")
        self._done = Band(tone="balanced", name="depositDone")
        self._safe, self._way, self._bank = column(spacing=0), column(spacing=0), column(spacing=0)
        line = row()
        line.addLayout(self._bags_column(), 818)
        line.addLayout(self._carrier_column(), 420)
        body = QWidget()
        body.setLayout(line)
        for part in (PageHeader(self.title, about="Sealed bags only; loose money stays in the safe"), self._problem, self._done):
            self.layout_.addWidget(part)
        self.layout_.addWidget(Scroller(body), 1)
        view_model.on_change.append(self.render_state)
        self.destroyed.connect(view_model.detach)
        self.render_state(view_model.state)

    def _bags_column(self) -> QLayout:
        cards = []
        heads = (
            ("In the safe", "Bag", self._safe),
            ("With the carrier", "Bag", self._way),
            ("Confirmed by the bank", "Bag", self._bank),
        )
        for title, first, lines in heads:
            card = Card(title, name=f"bags_{title}").tight()
            card.body.addWidget(
                table_head((first, 150, False), ("Sealed", 0, False), ("Sealed amount", 120, True), ("Bank", 220, True))
            )
            card.body.addLayout(lines)
            cards.append(card)
        return column(*cards, 1)

    def _carrier_column(self) -> QLayout:
        card = Card("Give to the carrier", name="carrierCard")
        self._number = PlainLabel("", tone="secondary")
        self._sum = figure_label(style="amount", weight=600)
        self._carrier = LineEdit(name="carrier", label="Carrier")
        self._carrier.typed.connect(lambda text: self.model.enter(carrier=text))
        self._sign = SignPanel(
            "Witness", name="depositWitness", heard=lambda person, pin: self.model.enter(witness=person, pin=pin)
        )
        self._send = KeyButton(
            "Give to carrier", "F12", name="sendDeposit", kind="primary", large=True, icon_name="send", on_press=self.primary
        )
        card.body.addLayout(row(self._number, 1, self._sum))
        card.body.addWidget(Field("Carrier", self._carrier, optional=True))
        card.body.addWidget(PlainLabel("Witness, optional", style="label", tone="muted"))
        card.body.addWidget(self._sign)
        card.body.addWidget(self._send)
        return column(card, 1)

    def render_state(self, state: DepositState) -> None:
        """Paint it."""
        self._problem.say(state.problem, "", "short")
        self._done.say(f"{state.done}." if state.done else "", "", "balanced")
        shape = tuple((one.bag, one.place) for one in state.bags)
        if shape != self._shape:
            self._shape = shape
            self._rebuild(state)
        for one in state.bags:
            if one.bag in self._ticks:
                self._ticks[one.bag].show_ticked(one.ticked)
            if one.bag in self._counts:
                paint_money(self._counts[one.bag], one.confirmed)
        self._number.say(counted_word(len(state.leaving), "bag"))
        self._sum.say(state.leaving_amount.dollars())
        self._carrier.show_text(state.carrier)
        self._sign.show_people(state.witnesses, state.witness, state.pin)
        self._send.say(f"Give {counted_word(len(state.leaving), 'bag')} to carrier" if state.leaving else "Give to carrier")
        self._send.set_busy(state.busy)
        self.arrived()

    def _rebuild(self, state: DepositState) -> None:
        self._ticks, self._counts = {}, {}
        for place, layout, nothing in (
            ("safe", self._safe, "No sealed bag is in the safe."),
            ("in_transit", self._way, "Nothing is on its way."),
            ("bank", self._bank, "Nothing was confirmed yet."),
        ):
            while (item := layout.takeAt(0)) is not None:
                if (widget := item.widget()) is not None:
                    widget.hide()
                    widget.deleteLater()
            bags = state.at(place)
            for one in bags:
                layout.addWidget(self._bag_row(one))
            if not bags:
                layout.addWidget(ruled_row(40, PlainLabel(nothing, tone="secondary"), 1, last=True))

    def _bag_row(self, one: BagLine) -> QWidget:
        amount, end = figure_label(width=120, weight=600), QWidget()
        amount.say(one.amount.figures())
        end.setFixedWidth(220)
        sealed = PlainLabel(f"{one.source}, {one.sealed}", tone="secondary")
        name: QWidget = PlainLabel(one.bag, weight=600)
        if one.place == "safe":
            self._ticks[one.bag] = name = CheckRow(one.bag, name=f"bag_{one.bag}")
            self._ticks[one.bag].ticked.connect(lambda on: self.model.tick(one.bag, on=bool(on)))
            end.setLayout(row(1))
        elif one.place == "in_transit":
            edit = DollarEdit(name=f"bank_{one.bag}", label=f"What the bank counted in bag {one.bag}")
            edit.setFixedWidth(110)
            edit.typed.connect(partial(self.model.type_confirmed, one.bag))
            confirm = KeyButton("Confirm", name=f"confirm_{one.bag}", small=True, on_press=partial(self.model.confirm, one.bag))
            self._counts[one.bag] = edit
            end.setLayout(row(1, edit, confirm, spacing=6))
        else:
            end.setLayout(row(1, PlainLabel(one.result, weight=600)))
        # What is marked when it has the keyboard ends before the next column begins.
        gap = QWidget()
        gap.setFixedWidth(GAP)
        name.setFixedWidth(150 - GAP)
        return ruled_row(46, name, gap, sealed, 1, amount, end)

    def entered(self, argument: object) -> None:
        """Look at the bags."""
        del argument
        self.awaits()
        self.model.load()

    def refresh(self) -> None:
        """F5."""
        self.model.load()

    def primary(self) -> None:
        """F12: give the ticked bags to the carrier."""
        self.model.send()

    def panes(self) -> Sequence[QWidget]:
        """The bags, the carrier."""
        return (*self._ticks.values(), self._carrier)

    def first_focus(self) -> QWidget | None:
        """The first bag."""
        return next(iter(self._ticks.values()), next(iter(self._counts.values()), self._carrier))

    def key_hints(self) -> Sequence[KeyHint]:
        """What the keys do."""
        return (
            KeyHint("Space", "Tick a bag"),
            KeyHint("Enter", "Next field"),
            KeyHint("F12", "Give to carrier"),
            KeyHint("Esc", "Back"),
        )
