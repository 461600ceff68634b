"""Count boxes on screen: a card for bills and one for coin, loose and in rolls."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from access_desk.domain.denominations import BILLS, BY_KEY, COINS, ROLL
from access_desk.domain.money import Money
from access_desk.presentation.cash_count_boxes import (
    BILL_KEYS,
    BOX_ORDER,
    COIN_KEYS,
    CountBoxes,
    box_name,
    short_label,
)
from access_desk.ui.kit.cards import Card
from access_desk.ui.kit.fields import CountBox
from access_desk.ui.kit.labels import PlainLabel, plain
from access_desk.ui.money.widgets import KeyCatcher, StateWord, figure_label, ruled_row, table_head

ROW = 46
_LABEL = 96


class CountCards(QWidget):
    """Two cards that share their boxes. They are placed by the page; this widget only holds them together.

    Attributes:
        typed: emitted with (key, text) when a person types into a box.
    """

    typed = Signal(object, object)

    def __init__(self, *, name: str, row_height: int = ROW, left: Mapping[str, str] | None = None, spoken: str = "") -> None:
        super().__init__()
        self.hide()
        self._name, self._height, self._spoken = name, row_height, spoken
        self._left = left
        self._amounts: dict[str, PlainLabel] = {}
        self.boxes: dict[str, CountBox] = {key: self._box(key) for key in BOX_ORDER}
        self.bills_state, self.coin_state = StateWord(), StateWord()
        self.bills_total, self.coin_total = figure_label(weight=600, style="section"), figure_label(weight=600, style="section")
        self.bills, self.coin = self._bills(), self._coin()
        keys = KeyCatcher(self)
        for column in (BILL_KEYS, COIN_KEYS[::2], COIN_KEYS[1::2]):
            for index, key in enumerate(column):
                up, down = column[max(index - 1, 0)], column[min(index + 1, len(column) - 1)]
                keys.catch(self.boxes[key], {Qt.Key.Key_Up: self._goes(up), Qt.Key.Key_Down: self._goes(down)})

    def order(self) -> list[QWidget]:
        """The boxes in the order of Enter."""
        return [self.boxes[key] for key in BOX_ORDER]

    def focus_box(self, key: str) -> None:
        """Give a box the keyboard."""
        self.boxes[key].setFocus(Qt.FocusReason.OtherFocusReason)

    def show_boxes(self, boxes: CountBoxes) -> None:
        """Paint what was typed and what it is worth."""
        for key, box in self.boxes.items():
            box.show_text(boxes.text(key))
            error = boxes.error(key) if not box.hasFocus() else ""
            box.set_invalid(bool(error))
            box.setAccessibleDescription(plain(error))
        for bill in BILLS:
            self._amount(bill.key, boxes.amount(bill.key))
        for coin in COINS:
            self._amount(coin.key, boxes.amount(coin.key, ROLL + coin.key))
        self.bills_total.say(boxes.amount_of(BILL_KEYS).dollars())
        self.coin_total.say(boxes.amount_of(COIN_KEYS).dollars())
        self._state(self.bills_state, len(boxes.blanks(BILL_KEYS)))
        self._state(self.coin_state, len(boxes.blanks(COIN_KEYS)))

    def _amount(self, key: str, amount: Money | None) -> None:
        label = self._amounts[key]
        label.say(amount.figures() if amount is not None else " ")
        label.set_tone("" if amount else "muted")

    @staticmethod
    def _state(word: StateWord, left: int) -> None:
        word.say("All counted" if not left else f"{left} box{'' if left == 1 else 'es'} left", done=not left)

    def _box(self, key: str) -> CountBox:
        label = f"{box_name(key)}, {self._spoken}" if self._spoken else box_name(key)
        box = CountBox(name=f"{self._name}_{key}", label=label)
        if self._height < ROW:
            box.setStyleSheet("min-height: 24px; font-size: 10pt;")
        box.typed.connect(lambda text, key=key: self.typed.emit(key, text))
        return box

    def _goes(self, key: str) -> Callable[[], object]:
        return lambda: self.focus_box(key)

    def _bills(self) -> Card:
        card = Card("Bills", name=f"{self._name}Bills", aside=self.bills_state).tight()
        card.body.addWidget(table_head(("Bill", 0, False), ("How many", 76, True), ("Amount", 108, True)))
        for bill in BILLS:
            self._amounts[bill.key] = figure_label(width=108)
            label = PlainLabel(short_label(bill), weight=600)
            card.body.addWidget(ruled_row(self._height, label, 1, self.boxes[bill.key], self._amounts[bill.key]))
        total = ruled_row(self._height + 2, PlainLabel("Bills total", weight=600), 1, self.bills_total, last=True)
        card.body.addWidget(total)
        return card

    def _coin(self) -> Card:
        card = Card("Coin", name=f"{self._name}Coin", aside=self.coin_state).tight()
        head = (("Coin", _LABEL, False), ("Loose", 68, True), ("Rolls", 170, True), ("Amount", 0, True))
        card.body.addWidget(table_head(*head))
        for coin in COINS:
            roll = ROLL + coin.key
            self._amounts[coin.key] = figure_label(width=90)
            label = PlainLabel(coin.label, weight=600)
            label.setFixedWidth(88)
            of = figure_label(width=94, style="label", tone="muted")
            of.setContentsMargins(0, 0, 8, 0)
            of.say(f"of {BY_KEY[roll].value.dollars()}")
            parts = (label, self.boxes[coin.key], of, self.boxes[roll], 1, self._amounts[coin.key])
            card.body.addWidget(ruled_row(self._height, *parts))
        total = ruled_row(self._height + 2, PlainLabel("Coin so far", weight=600), 1, self.coin_total, last=True)
        card.body.addWidget(total)
        return card
