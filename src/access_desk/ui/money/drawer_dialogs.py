"""Cash moves as dialogs over the drawer: reason, second person and PIN; the button says the act and the sum."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from access_desk.presentation.drawer import DrawerViewModel
from access_desk.presentation.drawer_moves import REASONS, MoveKind, MoveState, MoveViewModel
from access_desk.presentation.drawer_session import MoneySession
from access_desk.ui.kit.buttons import SegmentedControl
from access_desk.ui.kit.cards import Scroller, column, row
from access_desk.ui.kit.feedback import Dialog
from access_desk.ui.kit.fields import Combo, Field, LineEdit
from access_desk.ui.kit.labels import PlainLabel
from access_desk.ui.money.count_cards import CountCards
from access_desk.ui.money.widgets import DollarEdit, SignPanel, paint_money
from access_desk.ui.pages import Page

_TITLES = {
    MoveKind.DROP: ("Safe drop", "Drop"),
    MoveKind.PAID_OUT: ("Paid out", "Pay out"),
    MoveKind.PAID_IN: ("Paid in", "Pay in"),
    MoveKind.EXCHANGE: ("Change exchange with the safe", "Exchange"),
    MoveKind.NO_SALE: ("Open without a sale", "Record opening"),
}
_SMALL_ROW, _WIDE, _NARROW = 30, 860, 460


class MoveDialog(Dialog):
    """One cash move."""

    def __init__(self, over: QWidget, model: MoveViewModel) -> None:
        kind = model.state.kind
        title, act = _TITLES[kind]
        wide = kind in (MoveKind.DROP, MoveKind.EXCHANGE)
        super().__init__(over, title, name=f"{kind}Dialog", act=act, keep="Cancel", width=_WIDE if wide else _NARROW)
        self.model, self._act_word = model, act
        self._amount = DollarEdit(name=f"{kind}Amount", label="Amount")
        self._reason = Combo(name=f"{kind}Reason", label="Reason", choices=[(one, one) for one in ("", *REASONS.get(kind, ()))])
        self._detail = LineEdit(name=f"{kind}Detail", label="Voucher or details")
        self._bag = LineEdit(name=f"{kind}Bag", label="Bag or envelope number")
        who = "Witness" if kind is MoveKind.DROP else "Lead"
        self._sign = SignPanel(who, name=f"{kind}Sign", heard=lambda person, pin: model.enter(person=person, pin=pin))
        self._how = SegmentedControl(((False, "By amount", "", ""), (True, "By bills and coins", "", "")), name="dropHow")
        self._gives = CountCards(name=f"{kind}Gives", row_height=_SMALL_ROW, spoken="to the safe")
        self._takes = CountCards(name=f"{kind}Takes", row_height=_SMALL_ROW, spoken="from the safe")
        self._left = PlainLabel("", weight=600)
        self._lay_out(kind)
        self._connect()
        model.on_change.append(self.render_state)
        self.destroyed.connect(model.detach)
        self.act.activated.connect(model.record)
        self.render_state(model.state)

    def _lay_out(self, kind: MoveKind) -> None:
        body = self.body
        if kind is MoveKind.DROP:
            body.addWidget(self._how)
            self._amount_field = Field("Amount to the safe", self._amount)
            body.addLayout(row(self._amount_field, Field("Bag or envelope number", self._bag, optional=True)))
            self._pieces = _two_cards(self._gives)
            body.addWidget(self._pieces)
            body.addWidget(PlainLabel("Witness, optional", style="label", tone="muted"))
            body.addWidget(self._sign)
        elif kind is MoveKind.EXCHANGE:
            both = QWidget()
            gives = column(PlainLabel("Goes to the safe", weight=600), _two_cards(self._gives), spacing=4)
            takes = column(PlainLabel("Comes from the safe", weight=600), _two_cards(self._takes), spacing=4)
            both.setLayout(column(gives, takes, spacing=8))
            scroller = Scroller(both, name="exchangeScroller")
            scroller.setFixedHeight(430)
            body.addWidget(scroller)
            body.addWidget(self._left)
        elif kind is MoveKind.NO_SALE:
            body.addLayout(row(Field("Reason", self._reason), Field("Details", self._detail, optional=True)))
        else:
            body.addWidget(Field("Amount", self._amount))
            body.addLayout(row(Field("Reason", self._reason), Field("Voucher or details", self._detail, optional=True)))
            body.addWidget(PlainLabel("Lead’s approval", weight=600))
            body.addWidget(self._sign)

    def _connect(self) -> None:
        self._amount.typed.connect(lambda text: self.model.enter(amount=text))
        self._reason.chosen.connect(lambda value: self.model.enter(reason=str(value)))
        self._detail.typed.connect(lambda text: self.model.enter(detail=text))
        self._bag.typed.connect(lambda text: self.model.enter(bag=text))
        self._how.chosen.connect(lambda by_pieces: self.model.count_pieces(on=bool(by_pieces)))
        self._gives.typed.connect(self.model.type_box)
        self._takes.typed.connect(self.model.type_take)

    def first(self) -> QWidget:
        """What has the keyboard first."""
        kind = self.model.state.kind
        if kind is MoveKind.EXCHANGE:
            return self._gives.order()[0]
        return self._reason if kind is MoveKind.NO_SALE else self._amount

    def render_state(self, state: MoveState) -> None:
        """Paint it."""
        paint_money(self._amount, state.amount)
        self._amount.set_invalid(bool(state.amount_error) and not self._amount.hasFocus())
        self._reason.show_value(state.reason)
        self._detail.show_text(state.detail)
        self._bag.show_text(state.bag)
        self._sign.show_people(state.people, state.person, state.pin)
        self._how.show_choice(state.by_pieces)
        self._gives.show_boxes(state.boxes)
        self._takes.show_boxes(state.take)
        if state.kind is MoveKind.DROP:
            self._amount_field.setVisible(not state.by_pieces)
            self._pieces.setVisible(state.by_pieces)
        left = state.exchange_left
        self._left.say("Both sides are equal." if not left else f"The two sides differ by {abs(left).dollars()}.")
        self._left.set_tone("attention" if left else "balanced")
        self.act.say(f"{self._act_word} {state.sum.dollars()}" if state.sum else self._act_word)
        self.act.set_busy(state.busy)
        self.show_problem(state.problem)
        if state.done:
            self.close_dialog()


class RevealDialog(Dialog):
    """A lead shows the hidden figures; that is recorded."""

    def __init__(self, over: QWidget, model: DrawerViewModel) -> None:
        super().__init__(
            over, "Show cash total and expected cash?", name="revealDialog", act="Show and record", keep="Keep hidden"
        )
        self.model, self._person = model, ""
        note = PlainLabel("The lead’s name and the time are kept. The figures stay until you leave this page.", tone="secondary")
        note.setWordWrap(True)
        self.sign = SignPanel("Lead", name="revealSign", heard=self._heard)
        self._pin = ""
        self.body.addWidget(note)
        self.body.addWidget(self.sign)
        self.act.activated.connect(lambda: model.reveal(self._person, self._pin))
        model.on_change.append(self._on_change)
        self.closed.connect(self._forget)
        self.sign.show_people(model.state.approvers, "", "")

    def _forget(self) -> None:
        if self._on_change in self.model.on_change:
            self.model.on_change.remove(self._on_change)

    def _heard(self, person: str, pin: str) -> None:
        self._person, self._pin = person, pin

    def _on_change(self, _: object) -> None:
        self.act.set_busy(self.model.state.busy)
        self.show_problem(self.model.state.problem)
        if self.model.state.revealed:
            self.close_dialog()
        elif self.model.state.problem:
            self._pin = ""
            self.sign.show_people(self.model.state.approvers, self._person, "")


def _two_cards(cards: CountCards) -> QWidget:
    shown = QWidget()
    shown.setLayout(row(column(cards.bills, 1), column(cards.coin, 1)))
    return shown


class DrawerDialogs:
    """Opens the drawer's dialogs over the window."""

    def __init__(self, session: MoneySession, drawer: DrawerViewModel) -> None:
        self._session, self._drawer = session, drawer

    def open_move(self, page: Page, kind: str) -> MoveDialog:
        """A cash move of the drawer that the page shows."""
        model = MoveViewModel(self._session, MoveKind(kind))
        dialog = MoveDialog(page.window(), model)
        model.load(self._drawer.state.drawer_id, self._drawer.state.drawer_key)

        def closed() -> None:
            if model.state.done:
                self._told(page, model.state.done)

        dialog.closed.connect(closed)
        dialog.open_dialog(dialog.first())
        return dialog

    def reveal(self, page: Page) -> RevealDialog:
        """A lead's PIN for the hidden figures."""
        dialog = RevealDialog(page.window(), self._drawer)
        dialog.open_dialog(dialog.sign.person)
        return dialog

    def _told(self, page: Page, text: str) -> None:
        self._drawer.load()
        page.told.emit(f"{text}.", "balanced")
        page.status_changed.emit()
