"""Count, blind (page 05): boxes by denomination, checks, the card batch, and nothing of what is expected."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QLayout, QWidget

from access_desk.presentation.cash_count import CashCountViewModel, CheckLine, CountPurpose, CountState
from access_desk.presentation.drawer_words import counted_word
from access_desk.ui.kit.buttons import KeyButton
from access_desk.ui.kit.cards import Band, Card, PageHeader, Scroller, Steps, column, row
from access_desk.ui.kit.fields import Combo, Field, LineEdit
from access_desk.ui.kit.labels import PlainLabel
from access_desk.ui.money.count_cards import CountCards
from access_desk.ui.money.money_page import MoneyPage
from access_desk.ui.money.widgets import (
    ENTER_KEYS,
    DollarEdit,
    KeyCatcher,
    SignPanel,
    StateWord,
    figure_label,
    paint_money,
    ruled_row,
    tab_order,
    table_head,
)
from access_desk.ui.pages import KeyHint

CLOSING_STEPS = ("Count", "Compare", "Explain and approve", "Sign and print")
DRAFT_MS = 800
_TITLES = {
    CountPurpose.CLOSING: ("count", "Count and close"),
    CountPurpose.AUDIT: ("audit", "Surprise count"),
    CountPurpose.TAKE_OVER: ("take_over", "Take over a drawer"),
}


class CheckRow(QWidget):
    """A line of the checks list."""

    def __init__(self, index: int, heard: Callable[[int, CheckLine], object]) -> None:
        super().__init__()
        self._line = CheckLine()
        self.number = LineEdit(name=f"check{index + 1}Number", label=f"Number of check {index + 1}")
        self.amount = DollarEdit(name=f"check{index + 1}Amount", label=f"Amount of check {index + 1}")
        self.amount.setFixedWidth(126)
        self.order = KeyButton("Check", name=f"check{index + 1}Kind", kind="quiet", small=True)
        self.order.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.order.setToolTip("Press to mark it as a money order")
        label = PlainLabel(str(index + 1), tone="secondary")
        label.setFixedWidth(22)
        self.setLayout(row(ruled_row(46, label, self.number, self.order, self.amount), spacing=0))
        self.number.typed.connect(lambda text: heard(index, replace(self._line, number=text)))
        self.amount.typed.connect(lambda text: heard(index, replace(self._line, amount=text)))
        self.order.activated.connect(lambda: heard(index, replace(self._line, tender=self._other())))

    def _other(self) -> str:
        return "check" if self._line.tender == "money_order" else "money_order"

    def show_line(self, line: CheckLine) -> None:
        """Paint it."""
        self._line = line
        self.number.show_text(line.number)
        paint_money(self.amount, line.amount)
        self.amount.set_invalid(bool(line.error) and not self.amount.hasFocus() and not self.number.hasFocus())
        self.order.say("Money order" if line.tender == "money_order" else "Check")


class CashCountView(MoneyPage):
    """The count page; what it is for is in its view-model."""

    rail = "drawer"

    def __init__(self, view_model: CashCountViewModel) -> None:
        super().__init__()
        self.model = view_model
        self.page_id, self.title = _TITLES[view_model.state.purpose]
        self._keys = KeyCatcher(self)
        self._draft = QTimer(self)
        self._draft.setSingleShot(True)
        self._draft.setInterval(DRAFT_MS)
        self._draft.timeout.connect(view_model.save_draft)
        self._steps = Steps(CLOSING_STEPS)
        self._which = Combo(name="countDrawer", label="Drawer")
        self._which.setMinimumWidth(330)
        self._which.chosen.connect(lambda value: view_model.choose(str(value)))
        is_closing = view_model.state.purpose is CountPurpose.CLOSING
        self._header = PageHeader(self.title, right=(self._steps,) if is_closing else (self._which,))
        self._problem = Band(tone="short", name="countProblem")
        self._empty = Band(tone="info", name="countEmpty")
        self._cards = CountCards(name=self.page_id)
        self._cards.typed.connect(view_model.type_box)
        self._rows: list[CheckRow] = []
        self._body = QWidget()
        self._body.setObjectName("countBody")
        self._body.setLayout(self._columns())
        self.layout_.addWidget(self._header)
        self.layout_.addWidget(self._problem)
        self.layout_.addWidget(self._empty)
        self.layout_.addWidget(Scroller(self._body), 1)
        view_model.on_change.append(self.render_state)
        self.destroyed.connect(view_model.detach)
        self.render_state(view_model.state)

    def _columns(self) -> QLayout:
        hidden = Band(
            "Expected amount is hidden.", "Count what is there. The comparison appears after you submit.",
            tone="offline", name="countHidden",
        )  # fmt: skip
        left = column(self._cards.bills, 1)
        middle = column(self._cards.coin, hidden, self._damaged_card(), 1)
        right = column(self._checks_card(), self._card_card(), self._extra_card(), self._sum_card(), 1)
        line = row()
        for part, stretch in ((left, 352), (middle, 454), (right, 420)):
            line.addLayout(part, stretch)
        return line

    def _damaged_card(self) -> Card:
        card = Card(name="damagedCard")
        self._damaged = DollarEdit(name="damagedAmount", label="Damaged money, amount")
        self._damaged.setFixedWidth(126)
        self._damaged_note = LineEdit(name="damagedNote", label="What is damaged")
        heard = lambda _: self.model.type_damaged(self._damaged.text(), self._damaged_note.text())  # noqa: E731
        self._damaged.typed.connect(heard)
        self._damaged_note.typed.connect(heard)
        card.body.addLayout(
            row(Field("Damaged money", self._damaged, optional=True), Field("What is damaged", self._damaged_note))
        )
        return card

    def _checks_card(self) -> Card:
        self._checks_state = StateWord()
        card = Card("Checks", name="checksCard", aside=self._checks_state).tight()
        card.body.addWidget(table_head(("#", 22, False), ("Check number", 0, False), ("Amount", 126, True)))
        self._check_list = column(spacing=0)
        card.body.addLayout(self._check_list)
        self._checks_sum = figure_label(tone="secondary")
        hint = PlainLabel("Enter on an empty line ends the list", style="label", tone="muted")
        card.body.addWidget(ruled_row(40, hint, 1, self._checks_sum, last=True))
        return card

    def _card_card(self) -> Card:
        self._card_state = StateWord()
        card = Card("Card batch", name="cardBatchCard", aside=self._card_state)
        self._batch = LineEdit(name="cardBatch", label="Batch number on slip")
        self._card_total = DollarEdit(name="cardTotal", label="Total on slip")
        heard = lambda _: self.model.type_card(self._batch.text(), self._card_total.text())  # noqa: E731
        self._batch.typed.connect(heard)
        self._card_total.typed.connect(heard)
        card.body.addLayout(row(Field("Batch number on slip", self._batch), Field("Total on slip", self._card_total)))
        return card

    def _extra_card(self) -> Card:
        """What a take-over asks besides the count."""
        card = Card("Explain and sign", name="takeOverCard")
        self._reason = LineEdit(name="takeOverReason", label="Reason")
        self._memo = LineEdit(name="takeOverMemo", label="Memo")
        self._bag = LineEdit(name="takeOverBag", label="Bag number")
        for edit in (self._reason, self._memo, self._bag):
            edit.typed.connect(
                lambda _: self.model.explain(reason=self._reason.text(), memo=self._memo.text(), bag=self._bag.text())
            )
        self._sign = SignPanel("Second lead", name="takeOverSign", heard=self.model.sign)
        card.body.addLayout(row(Field("Reason, if it differs", self._reason), Field("Bag number", self._bag, optional=True)))
        card.body.addWidget(Field("Memo", self._memo, optional=True))
        card.body.addWidget(self._sign)
        if self.model.state.purpose is not CountPurpose.TAKE_OVER:
            card.hide()
        return card

    def _sum_card(self) -> Card:
        card = Card(name="countSumCard")
        self._sum = figure_label(style="amount", weight=600)
        self._left = PlainLabel("", style="label", tone="muted")
        self._fill = KeyButton("Fill blanks with 0", "Ctrl 0", name="fillBlanks", large=True, on_press=self.model.fill_blanks)
        self._submit = KeyButton("Submit count", "F12", name="submitCount", kind="primary", large=True, on_press=self.primary)
        said = column(PlainLabel("Cash counted so far", weight=600), self._left, spacing=0)
        card.body.addLayout(row(said, 1, self._sum))
        buttons = row(self._fill, spacing=8)
        buttons.addWidget(self._submit, 1)
        card.body.addLayout(buttons)
        return card

    def render_state(self, state: CountState) -> None:
        """Paint it."""
        self._header.about.say(f"Drawer {state.drawer_key}" if state.drawer else "")
        self._which.set_choices([(one.drawer_id, one.label) for one in state.drawers])
        self._which.show_value(state.drawer.drawer_id if state.drawer else None)
        self._body.setVisible(state.drawer is not None)
        nothing = "Nothing to count" if state.drawer is None else ""
        self._empty.say(nothing, "No drawer is open that you can count here." if nothing else "")
        self._problem.say(state.problem or (state.missing[0].text if state.missing else ""), _more(state), "short")
        self._cards.show_boxes(state.boxes)
        paint_money(self._damaged, state.boxes.damaged)
        self._damaged_note.show_text(state.damaged_note)
        self._show_checks(state)
        self._batch.show_text(state.card_batch)
        paint_money(self._card_total, state.card_total)
        self._card_total.set_invalid(bool(state.card_error) and not self._card_total.hasFocus())
        self._card_state.say("Entered" if state.card_done else "Not entered", done=state.card_done)
        for edit, text in ((self._reason, state.reason), (self._memo, state.memo), (self._bag, state.bag)):
            edit.show_text(text)
        self._sign.show_people(state.approvers, state.approver, state.pin)
        self._sum.say(state.boxes.total().dollars())
        self._left.say(state.left_text)
        self._submit.set_busy(state.busy)
        if not state.kept:
            self._draft.start()
        if state.submitted:
            self._went(state)
        elif state.drawer:
            self.arrived()

    def _show_checks(self, state: CountState) -> None:
        while len(self._rows) < len(state.checks):
            made = CheckRow(len(self._rows), self.model.type_check)
            self._rows.append(made)
            self._check_list.addWidget(made)
            for edit in (made.number, made.amount):
                self._keys.catch(edit, dict.fromkeys(ENTER_KEYS, self._enter_in(made, edit)))
            self._order_tabs()
        for index, shown in enumerate(self._rows):
            shown.setVisible(index < len(state.checks))
            if index < len(state.checks):
                shown.show_line(state.checks[index])
        number = len(state.checks_entered)
        total = f", {state.checks_total.dollars()}" if number else ""
        self._checks_sum.say(counted_word(number, "check") + total)
        self._checks_state.say("Entered" if state.checks_done else "Not entered", done=state.checks_done)

    def _enter_in(self, shown: CheckRow, edit: LineEdit) -> Callable[[], object]:
        def entered() -> None:
            if edit is shown.number and not shown.number.text().strip() and not shown.amount.text().strip():
                self.model.end_checks()
                self._batch.setFocus(Qt.FocusReason.TabFocusReason)
            elif edit is shown.number:
                shown.amount.setFocus(Qt.FocusReason.TabFocusReason)
            else:
                self._rows[self._rows.index(shown) + 1].number.setFocus(Qt.FocusReason.TabFocusReason)

        return entered

    def _order_tabs(self) -> None:
        checks = [edit for shown in self._rows for edit in (shown.number, shown.amount)]
        extra = [self._reason, self._bag, self._memo, self._sign.person, self._sign.pin]
        tab_order([*self._cards.order(), *checks, self._batch, self._card_total, *extra, self._fill, self._submit])

    def _went(self, state: CountState) -> None:
        self._draft.stop()
        self.status_changed.emit()
        if state.purpose is CountPurpose.CLOSING:
            self.go.emit("variance", None)
        elif state.purpose is CountPurpose.TAKE_OVER:
            self.told.emit("Drawer taken over and closed.", "balanced")
            self.go.emit("preview", ("cash-sheet", state.submitted))
        else:
            self.told.emit(state.result, "info")
            self.go.emit("drawer", None)

    def entered(self, argument: object) -> None:
        """Come back to the count that was begun."""
        self.awaits()
        self.model.load(argument if isinstance(argument, str) else "")

    def left(self) -> None:
        """Pause: the count is kept."""
        self._draft.stop()
        self.model.save_draft()

    def primary(self) -> None:
        """F12: submit, or go to the first box that is blank."""
        self.model.submit()
        missing = self.model.state.missing
        if missing:
            self._focus(missing[0].box)

    def _focus(self, box: str) -> None:
        if box in self._cards.boxes:
            self._cards.focus_box(box)
            return
        targets = {"checks": self._rows[0].number, "card": self._card_total, "damaged": self._damaged}
        targets[box].setFocus(Qt.FocusReason.OtherFocusReason)

    def shortcut(self, keys: str) -> bool:
        """Ctrl 0 fills the blanks."""
        if keys == "Ctrl+0":
            self.model.fill_blanks()
        return keys == "Ctrl+0"

    def panes(self) -> Sequence[QWidget]:
        """Bills, coin, checks, card batch."""
        return (self._cards.bills, self._cards.coin, self._rows[0], self._batch)

    def first_focus(self) -> QWidget | None:
        """The first blank box."""
        blank = self.model.state.boxes.blanks()
        return self._cards.boxes[blank[0]] if blank else self._submit

    def key_hints(self) -> Sequence[KeyHint]:
        """What the keys do."""
        return (
            KeyHint("Enter", "Next box"),
            KeyHint("↑ ↓", "Same column"),
            KeyHint("0", "None of these"),
            KeyHint("+", "Adds, as in 12+8"),
            KeyHint("Ctrl 0", "Fill blanks"),
            KeyHint("F12", "Submit"),
            KeyHint("Esc", "Pause, count is kept"),
        )

    def note(self) -> str:
        """What blank means."""
        return "A blank box is not counted yet; 0 is counted"


def _more(state: CountState) -> str:
    more = len(state.missing) - 1
    return f"And {counted_word(more, 'more place')}. Ctrl 0 fills the blanks with 0." if more > 0 and not state.problem else ""
