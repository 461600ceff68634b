"""Cash moves of an open drawer: safe drop, paid out, paid in, change exchange, opening without a sale."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from access_desk.domain.cash_drawer.commands import DropCash, ExchangeChange, OpenWithoutSale, PayIn, PayOut
from access_desk.domain.denominations import CashCount
from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.money import Money
from access_desk.presentation.cash_count_boxes import CountBoxes
from access_desk.presentation.drawer_session import (
    MoneySession,
    MoneyState,
    MoneyViewModel,
    SecondPerson,
    needed_money,
    signed_by,
    typed_money,
    who_may_approve,
    who_may_witness,
)


class MoveKind(StrEnum):
    """Which move."""

    DROP = "drop"
    PAID_OUT = "paid_out"
    PAID_IN = "paid_in"
    EXCHANGE = "exchange"
    NO_SALE = "no_sale"


REASONS = {
    MoveKind.PAID_OUT: ("Patient parking", "Postage", "Supplies", "Other"),
    MoveKind.PAID_IN: ("Float raised", "Found in the drawer area", "Other"),
    MoveKind.NO_SALE: ("Change for a patient", "Checked the drawer", "Receipt paper", "Opened by mistake", "Other"),
}
_NEEDS_APPROVAL = (MoveKind.PAID_IN, MoveKind.PAID_OUT)


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveState(MoneyState):
    """A cash move as typed. ``people`` may approve it (or witness a drop). ``done`` says what was recorded."""

    kind: MoveKind = MoveKind.DROP
    drawer_id: str = ""
    drawer_key: str = ""
    by_pieces: bool = False
    amount: str = ""
    reason: str = ""
    detail: str = ""
    bag: str = ""
    boxes: CountBoxes = field(default_factory=CountBoxes)
    take: CountBoxes = field(default_factory=CountBoxes)
    people: tuple[SecondPerson, ...] = ()
    person: str = ""
    pin: str = field(default="", repr=False)
    done: str = ""

    @property
    def needs_approval(self) -> bool:
        """Whether a lead has to sign."""
        return self.kind in _NEEDS_APPROVAL

    @property
    def sum(self) -> Money:
        """What moves: the amount typed, or what the pieces add up to; nothing while unreadable."""
        if self.kind is MoveKind.NO_SALE:
            return Money(0)
        if self.kind is MoveKind.EXCHANGE or (self.kind is MoveKind.DROP and self.by_pieces):
            return self.boxes.total()
        return typed_money(self.amount)[0] or Money(0)

    @property
    def amount_error(self) -> str:
        """Why the amount cannot be read."""
        return typed_money(self.amount)[1]

    @property
    def exchange_left(self) -> Money:
        """What is given less what is taken."""
        return self.boxes.total() - self.take.total()


class MoveViewModel(MoneyViewModel[MoveState]):
    """One cash move."""

    def __init__(self, session: MoneySession, kind: MoveKind) -> None:
        super().__init__(session, MoveState(kind=kind))

    def load(self, drawer_id: str, drawer_key: str) -> None:
        """Start an empty form for the drawer the person holds."""
        person, kind, desk = self.who, self.state.kind, self.session.desk
        self.new_form()
        self.change(**_fields(MoveState(kind=kind, drawer_id=drawer_id, drawer_key=drawer_key)))
        listed = who_may_witness if kind is MoveKind.DROP else who_may_approve
        self.ask(lambda: listed(desk, person), lambda people: self.change(people=people))

    def enter(self, **fields: str) -> None:
        """A field changed: ``amount``, ``reason``, ``detail``, ``bag``, ``person`` or ``pin``."""
        self.change(problem="", **fields)

    def count_pieces(self, *, on: bool) -> None:
        """Give a drop by bills and coins instead of an amount."""
        self.change(by_pieces=on, problem="")

    def type_box(self, key: str, text: str) -> None:
        """A box of what leaves the drawer changed."""
        self.change(boxes=self.state.boxes.typed(key, text), problem="")

    def type_take(self, key: str, text: str) -> None:
        """A box of what an exchange brings changed."""
        self.change(take=self.state.take.typed(key, text), problem="")

    def record(self) -> None:
        """Record the move."""
        if self.state.busy or self.state.done:
            return
        try:
            self._record()
        except DeskError as wrong:
            self.change(problem=wrong.text)

    def refused(self, error: DeskError) -> None:
        """Show why; a PIN is typed again."""
        self.change(busy=False, problem=error.text, pin="")

    def _record(self) -> None:
        state, drawers = self.state, self.session.desk.drawers
        signature = signed_by(state.person, state.pin)
        match state.kind:
            case MoveKind.DROP:
                amount, count = _dropped(state)
                drop = DropCash(state.drawer_id, amount, count, state.bag.strip(), signature)
                drop.check()
                self.write(lambda by: drawers.drop(by, drop), lambda _: self._done(f"{amount.dollars()} dropped to the safe"))
            case MoveKind.PAID_OUT:
                amount = needed_money(state.amount, "Enter the amount paid out.")
                out = PayOut(state.drawer_id, amount, _reason(state), signature)
                out.check()
                self.write(lambda by: drawers.pay_out(by, out), lambda _: self._done(f"{amount.dollars()} paid out"))
            case MoveKind.PAID_IN:
                amount = needed_money(state.amount, "Enter the amount paid in.")
                paid_in = PayIn(state.drawer_id, amount, _reason(state), signature)
                paid_in.check()
                self.write(lambda by: drawers.pay_in(by, paid_in), lambda _: self._done(f"{amount.dollars()} paid in"))
            case MoveKind.EXCHANGE:
                exchange = ExchangeChange(state.drawer_id, state.boxes.to_count(), state.take.to_count())
                exchange.check()
                said = f"{state.sum.dollars()} exchanged with the safe"
                self.write(lambda by: drawers.exchange(by, exchange), lambda _: self._done(said))
            case MoveKind.NO_SALE:
                sale = OpenWithoutSale(state.drawer_id, _reason(state))
                self.write(
                    lambda by: drawers.open_without_sale(by, sale), lambda _: self._done("Opening without a sale recorded")
                )

    def _done(self, said: str) -> None:
        self.change(done=said, pin="")


def _fields(state: MoveState) -> dict[str, object]:
    return {name: getattr(state, name) for name in state.__dataclass_fields__}


def _dropped(state: MoveState) -> tuple[Money, CashCount | None]:
    if state.by_pieces:
        count = state.boxes.to_count()
        if not count.total():
            raise DeskError(Refusal.BAD_AMOUNT, "Enter the bills and coins that go to the safe.")
        return count.total(), count
    return needed_money(state.amount, "Enter the amount that goes to the safe."), None


def _reason(state: MoveState) -> str:
    reason, detail = state.reason.strip(), state.detail.strip()
    if reason in ("", "Other"):
        reason, detail = detail, ""
    if not reason:
        raise DeskError(Refusal.NEEDS_REASON, "Say why: choose a reason, or write one.")
    return f"{reason}, {detail}" if detail else reason
