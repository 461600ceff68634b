"""Tender (page 04, middle): how it is paid, what was received, the change large and in pieces, and the one button."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from access_desk.presentation.drawer_words import tender_word
from access_desk.presentation.payment import PaymentState, PaymentViewModel
from access_desk.presentation.payment_tender import SPLIT_PARTS
from access_desk.ui.kit.buttons import KeyButton, SegmentedControl
from access_desk.ui.kit.cards import Card, column, row
from access_desk.ui.kit.fields import Field, LineEdit
from access_desk.ui.kit.labels import PlainLabel
from access_desk.ui.money.widgets import DollarEdit, figure_label, paint_money

_MOST_PIECES = 10
_QUICK = 3


class ChangePanel(QFrame):
    """Change due, large, and the bills and coins that make it."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("changePanel")
        self._title = PlainLabel("Give change", style="section", weight=600, tone="balanced")
        self._amount = figure_label(style="hero", weight=600)
        self._pieces = [PlainLabel("", weight=500) for _ in range(_MOST_PIECES)]
        for label in self._pieces:
            label.setProperty("card", "true")
            label.setContentsMargins(6, 6, 6, 6)
        pieces = row(*self._pieces, spacing=8)
        self.setLayout(column(row(self._title, 1, self._amount), pieces, margins=(16, 8, 16, 12), spacing=6))
        self.setProperty("band", "balanced")

    def show_change(self, state: PaymentState) -> None:
        """Paint what is due."""
        change = state.change_due
        missing = state.tender.received_error(state.paying, state.policy)
        self._title.say("Give change" if change is not None else missing or "Change")
        self._amount.say(change.dollars() if change is not None else "–")
        pieces = state.change_in_pieces
        for index, label in enumerate(self._pieces):
            label.setVisible(index < len(pieces))
            if index < len(pieces):
                label.say(f"{pieces[index][0]}  {pieces[index][1]}")


class TenderCard(Card):
    """The card; its fields tell the view-model, its state comes back through ``show_tender``."""

    def __init__(self, model: PaymentViewModel, record: Callable[[], object], cancel: Callable[[], object]) -> None:
        super().__init__("Tender", name="tenderCard")
        self.body.setContentsMargins(16, 14, 16, 14)
        self._model = model
        choices = (
            ("cash", "Cash", "Alt 1", "banknote"),
            ("check", "Check", "Alt 2", "file-check"),
            ("card", "Card", "Alt 3", "credit-card"),
            ("split", "Split", "Alt 4", "arrow-up-down"),
        )
        self.kinds = SegmentedControl(choices, name="tender")
        self.kinds.chosen.connect(lambda kind: model.choose_tender(str(kind)))
        self.body.addWidget(self.kinds)
        self._parts = self._split_part()
        self._check = self._check_part()
        self._card = self._card_part()
        self._cash = self._cash_part()
        for part in (self._parts, self._check, self._card, self._cash):
            self.body.addWidget(part)
        self._cancel = KeyButton("Cancel", "Esc", name="cancelPayment", large=True, on_press=cancel)
        self.record = KeyButton(
            "Record and print", "F12", name="recordPayment", kind="primary", large=True, icon_name="check", on_press=record
        )
        buttons = row(self._cancel, spacing=8)
        buttons.addWidget(self.record, 1)
        self.body.addLayout(buttons)

    def _cash_part(self) -> QWidget:
        part = QWidget()
        self.received = DollarEdit(name="cashReceived", label="Cash received", kind="amount")
        self.received.typed.connect(lambda text: self._model.type_tender(received=text))
        self._asked = Field("Cash received", self.received, hint="120 means $120.00")
        self.exact = KeyButton("Exact", "Ctrl E", name="exactAmount", on_press=self._model.receive_exact)
        self._quick = [KeyButton("Amount", name=f"quick{index}") for index in range(_QUICK)]
        for index, button in enumerate(self._quick):
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            button.activated.connect(lambda index=index: self._model.receive(self._model.state.quick[index]))
        self._rounding = PlainLabel("", style="label", tone="secondary")
        self._change = ChangePanel()
        quick = row(self.exact, spacing=8)
        for button in self._quick:
            quick.addWidget(button, 1)
        part.setLayout(column(self._asked, self._rounding, quick, self._change))
        return part

    def _check_part(self) -> QWidget:
        part = QWidget()
        self.check_kinds = SegmentedControl(
            (("check", "Check", "", ""), ("money_order", "Money order", "", "")), name="checkKind"
        )
        self.check_kinds.chosen.connect(lambda kind: self._model.type_tender(check_tender=str(kind)))
        self.check_number = LineEdit(name="checkNumber", label="Check number")
        self.order_number = LineEdit(name="orderNumber", label="Money order number")
        self.check_number.typed.connect(lambda text: self._model.type_tender(check_number=text))
        self.order_number.typed.connect(lambda text: self._model.type_tender(order_number=text))
        self._check_field = Field("Check number", self.check_number)
        self._order_field = Field("Money order number", self.order_number)
        part.setLayout(column(self.check_kinds, row(self._check_field, self._order_field)))
        return part

    def _card_part(self) -> QWidget:
        part = QWidget()
        self.last4 = LineEdit(name="cardLast4", label="Last four digits of the card")
        self.auth = LineEdit(name="cardAuth", label="Authorization code")
        self.last4.typed.connect(lambda text: self._model.type_tender(card_last4=text))
        self.auth.typed.connect(lambda text: self._model.type_tender(auth_code=text))
        part.setLayout(
            row(Field("Last four digits", self.last4, optional=True), Field("Authorization code", self.auth, optional=True))
        )
        return part

    def _split_part(self) -> QWidget:
        part = QWidget()
        self.parts = {tender: DollarEdit(name=f"split_{tender}", label=f"{tender_word(tender)} part") for tender in SPLIT_PARTS}
        for tender, edit in self.parts.items():
            edit.typed.connect(lambda text, tender=tender: self._model.type_part(tender, text))
        self._left = PlainLabel("", weight=600)
        fields = row(*(Field(tender_word(tender), edit) for tender, edit in self.parts.items()), spacing=8)
        part.setLayout(column(fields, self._left, spacing=6))
        return part

    def show_tender(self, state: PaymentState) -> None:
        """Paint it."""
        form = state.tender
        split, by_check = form.kind == "split", form.kind == "check"
        self.kinds.show_choice(form.kind)
        self._parts.setVisible(split)
        self._check.setVisible(by_check or (split and bool(form.parts.get("check") or form.parts.get("money_order"))))
        self._card.setVisible(form.kind == "card" or (split and bool(form.parts.get("card"))))
        self._cash.setVisible(form.kind == "cash" or (split and bool(form.parts.get("cash"))))
        self.check_kinds.setVisible(by_check)
        self.check_kinds.show_choice(form.check_tender)
        self._check_field.setVisible(form.check_tender == "check" if by_check else bool(form.parts.get("check")))
        self._order_field.setVisible(form.check_tender == "money_order" if by_check else bool(form.parts.get("money_order")))
        paint_money(self.received, form.received)
        for tender, edit in self.parts.items():
            paint_money(edit, form.parts.get(tender, ""))
        self.check_number.show_text(form.check_number)
        self.order_number.show_text(form.order_number)
        self.last4.show_text(form.card_last4)
        self.auth.show_text(form.auth_code)
        left = form.split_left(state.paying)
        self._left.say("All of it is covered." if not left else f"{left.dollars()} is not covered yet.")
        self._left.set_tone("balanced" if not left else "attention")
        self._show_cash(state)
        self._show_button(state)

    def _show_cash(self, state: PaymentState) -> None:
        rounded = state.rounding
        self._asked.say_label("Cash received" if not rounded else f"Cash received, ask for {state.cash_asked.dollars()}")
        self._rounding.setVisible(bool(rounded))
        if rounded:
            exact = state.tender.cash_part(state.paying)
            self._rounding.say(
                f"{exact.dollars()} is rounded to {state.cash_asked.dollars()} in cash ({rounded.signed_figures()})."
            )
        amounts = state.quick
        for index, button in enumerate(self._quick):
            button.setVisible(index < len(amounts))
            if index < len(amounts):
                button.say(amounts[index].dollars())
        error = state.tender.received_error(state.paying, state.policy)
        self.received.set_invalid(bool(error) and not self.received.hasFocus())
        self._change.show_change(state)

    def _show_button(self, state: PaymentState) -> None:
        act = "Record and print" if state.prints else "Record"
        amount = state.collected.dollars()
        self.record.say(
            f"Record {amount} and print" if state.prints and state.paying else f"Record {amount}" if state.paying else act
        )
        self.record.set_busy(state.busy)
        self.record.set_blocked(state.hold.text if state.hold else state.drawer_problem)
