"""Handoff (page 07): the float counted together, open items carried over, both people sign."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QWidget

from access_desk.domain.denominations import BILLS, BY_KEY, COINS, ROLL, CashCount
from access_desk.presentation.cash_count_boxes import BOX_ORDER, box_name, short_label
from access_desk.presentation.drawer_words import signed_dollars, verdict_kind, verdict_word
from access_desk.presentation.handoff import HandoffState, HandoffViewModel
from access_desk.presentation.handoff_items import OpenItem
from access_desk.presentation.hidden_names import hidden_title
from access_desk.ui.kit.buttons import KeyButton
from access_desk.ui.kit.cards import Band, Card, PageHeader, Scroller, Steps, column, row, rule
from access_desk.ui.kit.fields import CheckRow, CountBox, Field, LineEdit, PinEdit, TextArea
from access_desk.ui.kit.labels import Chip, PlainLabel, plain
from access_desk.ui.kit.theme import current
from access_desk.ui.money.money_page import MoneyPage
from access_desk.ui.money.widgets import (
    ENTER_KEYS,
    KeyCatcher,
    StateWord,
    Verdict,
    add_to,
    figure_label,
    ruled_row,
    tab_order,
    table_head,
)
from access_desk.ui.pages import KeyHint

STEPS = ("Count together", "Carry over", "Sign")
_LEFT, _BOX, _AMOUNT = 62, 52, 86


class HandoffView(MoneyPage):
    """The drawer changes hands."""

    page_id, title, rail = "handoff", "Handoff", "handoff"

    def __init__(self, view_model: HandoffViewModel) -> None:
        super().__init__()
        self.model = view_model
        self._steps = Steps(STEPS)
        self._header = PageHeader(self.title, right=(self._steps,))
        self._empty = Band("No closed drawer to hand off", "Count and close your drawer first: F9, then F12.", name="noHandoff")
        self._problem = Band(tone="short", name="handoffProblem")
        self._boxes: dict[str, CountBox] = {}
        self._left: dict[str, PlainLabel] = {}
        self._amounts: dict[str, PlainLabel] = {}
        self._items: list[CheckRow] = []
        self._shown_items: tuple[OpenItem, ...] | None = None
        self._hides_names = False
        self._also: list[CheckRow] = []
        self._keys = KeyCatcher(self)
        self._body = QWidget()
        line = row()
        line.addLayout(column(self._count_card(), 1), 424)
        line.addLayout(column(self._items_card(), self._also_card(), 1), 430)
        line.addLayout(column(self._sign_card(), 1), 372)
        self._body.setLayout(line)
        for part in (self._header, self._empty, self._problem):
            self.layout_.addWidget(part)
        self.layout_.addWidget(Scroller(self._body), 1)
        view_model.on_change.append(self.render_state)
        self.destroyed.connect(view_model.detach)
        self.render_state(view_model.state)

    def _count_card(self) -> Card:
        self._chip = Chip("", "plain")
        card = Card("Float, counted together", name="floatCard", number="1", aside=self._chip).tight()
        self._outgoing_head, self._incoming_head = (
            PlainLabel("", style="label", weight=500, tone="secondary"),
            PlainLabel("", style="label", weight=500, tone="secondary"),
        )
        head = table_head(("", 0, False))
        for label, width in (
            (self._outgoing_head, _LEFT + 50),
            (self._incoming_head, 2 * _BOX + 6),
            (PlainLabel("Amount", style="label", weight=500, tone="secondary"), _AMOUNT),
        ):
            label.setFixedWidth(current().px(width))
            label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            add_to(head, label)
        card.body.addWidget(head)
        for bill in BILLS:
            card.body.addWidget(self._count_row(f"{short_label(bill)} bills", bill.key, (bill.key,)))
        card.body.addWidget(self._coin_head())
        for coin in COINS:
            card.body.addWidget(self._count_row(coin.label, coin.key, (coin.key, ROLL + coin.key)))
        self._left_total, self._mine_total = (
            figure_label(width=_LEFT + 50, weight=600),
            figure_label(width=2 * _BOX + 6, weight=600),
        )
        self._sum = figure_label(width=_AMOUNT, weight=600)
        card.body.addWidget(
            ruled_row(44, PlainLabel("Total", weight=600), 1, self._left_total, self._mine_total, self._sum, last=True)
        )
        return card

    @staticmethod
    def _coin_head() -> QWidget:
        """What the two boxes of a coin are for."""
        boxes = QWidget()
        boxes.setFixedWidth(current().px(2 * _BOX + 26))
        line = row(1, spacing=6)
        for text in ("Loose", "Rolls"):
            caption = PlainLabel(text, style="caption", tone="secondary")
            caption.setFixedWidth(current().px(_BOX))
            caption.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            line.addWidget(caption)
        boxes.setLayout(line)
        beyond = QWidget()
        beyond.setFixedWidth(current().px(_AMOUNT))
        return ruled_row(24, PlainLabel("Coin", style="caption", tone="secondary"), 1, boxes, beyond)

    def _count_row(self, title: str, row_key: str, keys: Sequence[str]) -> QWidget:
        label = PlainLabel(title)
        self._left[row_key] = figure_label(width=_LEFT + 30, tone="secondary")
        self._amounts[row_key] = figure_label(width=_AMOUNT)
        boxes = QWidget()
        boxes.setFixedWidth(current().px(2 * _BOX + 26))
        line = row(1, spacing=6)
        for key in keys:
            box = CountBox(name=f"handoff_{key}", label=f"{box_name(key)}, receiver’s count")
            box.setStyleSheet("min-height: 22px; font-size: 10pt; padding: 0 6px;")
            box.setFixedWidth(current().px(_BOX))
            box.setToolTip("Rolls" if key.startswith(ROLL) else "")
            box.typed.connect(lambda text, key=key: self.model.type_box(key, text))
            self._boxes[key] = box
            line.addWidget(box)
        boxes.setLayout(line)
        return ruled_row(32, label, 1, self._left[row_key], boxes, self._amounts[row_key])

    def _items_card(self) -> Card:
        self._items_state = StateWord()
        card = Card("Open items carried over", name="itemsCard", number="2", aside=self._items_state).tight()
        holder = QWidget()
        self._item_list = column(spacing=0)
        holder.setLayout(column(self._item_list, 1, spacing=0))
        self._item_scroller = Scroller(holder, name="itemsScroller")
        card.body.addWidget(self._item_scroller)
        card.body.addWidget(rule())
        more = QWidget()
        self._new = LineEdit(name="newItem", label="Another open item")
        self._note = TextArea(name="handoffNote", label="Note", lines=2)
        self._note_field = Field("Note", self._note, optional=True)
        self._new.typed.connect(lambda text: self.model.change(new_item=text))
        self._note.typed.connect(lambda text: self.model.write_note(str(text)))
        self._keys.catch(self._new, dict.fromkeys(ENTER_KEYS, self._add_item))
        more.setLayout(
            column(
                Field("Another open item", self._new, hint="Enter adds it"), self._note_field, margins=(14, 10, 14, 12), spacing=8
            )
        )
        card.body.addWidget(more)
        return card

    def _also_card(self) -> Card:
        card = Card("Also changing hands", name="alsoCard")
        self._also_list = column(spacing=8)
        card.body.addLayout(self._also_list)
        return card

    def _sign_card(self) -> Card:
        card = Card("Sign", name="signCard", number="3")
        self._out_name, self._in_name = PlainLabel("", weight=600), PlainLabel("", weight=600)
        self._signed = Chip("", "done")
        self._hands = PlainLabel("", tone="secondary")
        self._short = Verdict()
        self._takes = PlainLabel("", tone="secondary")
        self._takes.setWordWrap(True)
        self._name = LineEdit(name="receiverName", label="Receiver’s sign-in name")
        self._pin = PinEdit(name="receiverPin", label="Receiver’s PIN")
        heard = lambda _: self.model.sign(self._name.text(), self._pin.text())  # noqa: E731
        self._name.typed.connect(heard)
        self._pin.typed.connect(heard)
        self._take = KeyButton(
            "Sign and take drawer", "F12", name="signAndTake", kind="primary", large=True, on_press=self.primary
        )
        foot = PlainLabel(
            "Both people stay at the desk until this is signed. Payments are closed meanwhile.", style="label", tone="muted"
        )
        foot.setWordWrap(True)
        fields: QLayout = row(Field("Sign-in name", self._name), Field("PIN", self._pin, hint="4 to 12 digits"))
        outgoing = row(PlainLabel("Outgoing", tone="secondary"), self._out_name, 1, self._signed, spacing=8)
        incoming = row(PlainLabel("Incoming", tone="secondary"), self._in_name, 1, spacing=8)
        parts = (outgoing, self._hands, self._short, rule(), incoming, self._takes, fields, self._take, foot)
        card.body.addLayout(column(*parts, spacing=8))
        return card

    def render_state(self, state: HandoffState) -> None:
        """Paint it."""
        self._body.setVisible(state.found)
        self._empty.setVisible(not state.found)
        self._steps.setVisible(state.found)
        to = f" to {state.incoming}" if state.incoming else ""
        self._header.about.say(f"Drawer {state.drawer_key} from {state.outgoing}{to}" if state.found else "")
        first = state.missing[0][1] if state.missing else ""
        more = f"And {len(state.missing) - 1} more." if len(state.missing) > 1 and not state.problem else ""
        self._problem.say(state.problem or first, more, "short")
        if not state.found:
            self.arrived()
            return
        self._steps.show_step(state.step - 1)
        self._show_count(state)
        self._show_items(state)
        self._show_also(state)
        self._show_sign(state)
        if state.taken_custody:
            self.status_changed.emit()
            self.told.emit(f"{state.incoming} holds drawer {state.drawer_key} from now.", "balanced")
            self.go.emit("preview", ("handoff-sheet", state.taken_custody))
        else:
            self.arrived()

    def _show_count(self, state: HandoffState) -> None:
        names = (_first_name(state.outgoing), _first_name(state.incoming) or "Receiver")
        self._outgoing_head.say(names[0])
        self._incoming_head.say(names[1])
        left = state.left_pieces
        for key, box in self._boxes.items():
            box.show_text(state.boxes.text(key))
            error = state.boxes.error(key) if not box.hasFocus() else ""
            box.set_invalid(bool(error))
            box.setAccessibleDescription(plain(error))
        for row_key, amount in self._amounts.items():
            keys = (row_key, ROLL + row_key) if ROLL + row_key in BY_KEY else (row_key,)
            counted = state.boxes.amount(*keys)
            amount.say(counted.figures() if counted is not None else " ")
            self._left[row_key].say(_pieces_text(left, keys))
        self._left_total.say(state.left.dollars())
        self._mine_total.say(state.boxes.total().dollars())
        self._sum.say(state.boxes.total().dollars())
        blank = len(state.boxes.blanks())
        if blank:
            self._chip.show_state(f"{blank} boxes left", "plain", "circle-dashed")
        else:
            kind = verdict_kind(state.difference)
            self._chip.show_state(f"{verdict_word(state.difference)} {signed_dollars(state.difference)}", kind)

    def hide_names(self, hidden: bool) -> None:
        """Ctrl . hides or shows names."""
        self._hides_names, self._shown_items = hidden, None
        self._show_items(self.model.state)

    def _show_items(self, state: HandoffState) -> None:
        total = len(state.items)
        text = f"{state.items_read} of {total} read" if total else "Nothing is open"
        self._items_state.say(text, done=state.items_read == total)
        self._new.show_text(state.new_item)
        self._note.show_text(state.note)
        self._note_field.say_label(f"Note for {_first_name(state.incoming) or 'the next person'}")
        if state.items == self._shown_items:
            return
        known = [(item.title, item.detail) for item in self._shown_items] if self._shown_items is not None else None
        self._shown_items = state.items
        if known != [(item.title, item.detail) for item in state.items]:
            self._items = _refill(self._item_list, [self._item_row(index, item) for index, item in enumerate(state.items)])
            height = min(sum(58 for _ in state.items), 232)
            self._item_scroller.setFixedHeight(current().px(height))
            self._order_tabs()
        for shown, item in zip(self._items, state.items, strict=True):
            shown.show_ticked(item.is_read)

    def _item_row(self, index: int, item: OpenItem) -> tuple[QWidget, CheckRow]:
        tick = CheckRow("", name=f"item{index}")
        tick.setAccessibleName(f"{hidden_title(item.title) if self._hides_names else item.title}: {item.detail}")
        tick.setFixedWidth(26)
        tick.ticked.connect(lambda on: self.model.read_item(index, on=bool(on)))
        shown = hidden_title(item.title) if self._hides_names else item.title
        title, detail = PlainLabel(shown, weight=600, elide=True), PlainLabel(item.detail, tone="secondary", elide=True)
        text = column(spacing=1)
        first = row(spacing=8)
        first.addWidget(title, 1)
        first.addWidget(PlainLabel(item.state, style="label", tone="secondary"))
        text.addLayout(first)
        text.addWidget(detail)
        line = QWidget()
        line.setFixedHeight(current().px(58))
        inside = row(tick, spacing=6, margins=(14, 4, 14, 4))
        inside.addLayout(text, 1)
        line.setLayout(column(inside, rule(), spacing=0))
        return line, tick

    def _show_also(self, state: HandoffState) -> None:
        if len(self._also) != len(state.also):
            rows = []
            for index, one in enumerate(state.also):
                tick = CheckRow(one.title, name=f"also{index}")
                tick.ticked.connect(lambda on, index=index: self.model.tick_also(index, on=bool(on)))
                line = QWidget()
                line.setLayout(row(tick, 1, PlainLabel(one.detail, tone="secondary")))
                rows.append((line, tick))
            self._also = _refill(self._also_list, rows)
            self._order_tabs()
        for shown, one in zip(self._also, state.also, strict=True):
            shown.show_ticked(one.ticked)

    def _show_sign(self, state: HandoffState) -> None:
        self._out_name.say(state.outgoing)
        self._signed.show_state(f"Closed {state.signed_at}", "done")
        self._hands.say(f"Hands over drawer {state.drawer_key} with {state.left.dollars()}.")
        self._short.setVisible(bool(state.over_short))
        self._short.show_difference(
            state.over_short,
            text=f"{verdict_word(state.over_short)} {signed_dollars(state.over_short)} stays with the {state.shift} shift",
        )
        self._in_name.say(state.incoming or "Not signed in yet")
        self._takes.say(
            f"I counted {state.boxes.total().dollars()}, read {state.items_read} open items and take drawer {state.drawer_key}, "
            "its key and its receipts from now."
        )
        self._name.show_text(state.sign_in_name)
        if self._pin.text() != state.pin:
            self._pin.show_text(state.pin)
        self._take.say(f"Sign and take drawer {state.drawer_key}")
        self._take.set_busy(state.busy)

    def _order_tabs(self) -> None:
        boxes = [self._boxes[key] for key in BOX_ORDER]
        tab_order([*boxes, *self._items, self._new, self._note, *self._also, self._name, self._pin, self._take])

    def _add_item(self) -> None:
        if self._new.text().strip():
            self.model.add_item(self._new.text())
        else:
            self._note.setFocus(Qt.FocusReason.TabFocusReason)

    def entered(self, argument: object) -> None:
        """Look which drawer was closed last."""
        del argument
        self.awaits()
        self.model.load()

    def refresh(self) -> None:
        """F5."""
        self.model.load()

    def primary(self) -> None:
        """F12: both sign, or go to what is missing."""
        if not self.model.state.found:
            return
        self.model.take()
        if self.model.state.missing:
            self._focus(self.model.state.missing[0][0])

    def _focus(self, what: str) -> None:
        unread = next((tick for tick in self._items if not tick.isChecked()), self._new)
        unticked = next((tick for tick in self._also if not tick.isChecked()), self._new)
        places: Mapping[str, QWidget] = {**self._boxes, "items": unread, "also": unticked, "name": self._name, "pin": self._pin}
        places[what].setFocus(Qt.FocusReason.OtherFocusReason)

    def alt(self, number: int) -> bool:
        """Alt 1 count, Alt 2 open items, Alt 3 sign."""
        places = {1: self._boxes["100"], 2: self._items[0] if self._items else self._new, 3: self._name}
        if number in places and self.model.state.found:
            places[number].setFocus(Qt.FocusReason.OtherFocusReason)
        return number in places

    def shortcut(self, keys: str) -> bool:
        """Ctrl 0 fills the blanks."""
        if keys == "Ctrl+0":
            self.model.fill_blanks()
        return keys == "Ctrl+0"

    def print_requested(self) -> None:
        """Ctrl P: the handoff sheet exists once both signed."""
        self.told.emit("The handoff sheet is shown for printing once both have signed.", "info")

    def panes(self) -> Sequence[QWidget]:
        """Count, items, sign."""
        return (self._boxes["100"], self._new, self._name)

    def first_focus(self) -> QWidget | None:
        """The first blank box."""
        if not self.model.state.found:
            return None
        blank = self.model.state.boxes.blanks()
        return self._boxes[blank[0]] if blank else self._name

    def key_hints(self) -> Sequence[KeyHint]:
        """What the keys do."""
        stays = f"Cancel, drawer stays with {_first_name(self.model.state.outgoing)}" if self.model.state.found else "Back"
        return (
            KeyHint("Enter", "Next field"),
            KeyHint("Alt 1–3", "Part"),
            KeyHint("Space", "Tick"),
            KeyHint("Ctrl 0", "Fill blanks"),
            KeyHint("F12", "Sign"),
            KeyHint("Esc", stays),
        )

    def note(self) -> str:
        """The rule."""
        return "One drawer, one person"


def _first_name(name: str) -> str:
    return name.split(maxsplit=1)[0] if name else ""


def _pieces_text(count: CashCount | None, keys: Sequence[str]) -> str:
    if count is None:
        return "–"
    loose = count.pieces.get(keys[0], 0)
    rolls = count.pieces.get(keys[1], 0) if len(keys) > 1 else 0
    return f"{loose} + {rolls} rolls" if rolls > 1 else f"{loose} + 1 roll" if rolls else str(loose)


def _refill(layout: QLayout, rows: Sequence[tuple[QWidget, CheckRow]]) -> list[CheckRow]:
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
    for line, _ in rows:
        layout.addWidget(line)
    return [tick for _, tick in rows]
