"""One receipt of the drawer: its details, voiding it, refunding it, printing it again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.money import ZERO, Money
from access_desk.domain.payments.commands import RefundPayment, VoidPayment
from access_desk.domain.payments.views import ReceiptRow
from access_desk.domain.permissions import DrawerStatus
from access_desk.presentation.drawer_session import (
    MoneySession,
    MoneyState,
    MoneyViewModel,
    SecondPerson,
    needed_money,
    signed_by,
    who_may_approve,
)
from access_desk.presentation.drawer_words import clock_text, date_text, payer_name, purpose_word, tender_word
from access_desk.presentation.hidden_names import hidden_number, hidden_title
from access_desk.services.desk import Desk

VOID_REASONS = ("Wrong account", "Wrong amount", "Wrong tender", "Entered twice", "Patient asked", "Other")
REFUND_REASONS = ("Overpaid", "Visit canceled", "Insurance paid", "Other")


@dataclass(frozen=True, slots=True)
class TenderPaid:
    """How part of it was paid, and what of that can still be given back."""

    tender: str
    text: str
    left: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptState(MoneyState):
    """A receipt and, typed beside it, why it is taken back. ``done`` says what was recorded."""

    payment_id: str = ""
    receipt: str = ""
    details: tuple[tuple[str, str], ...] = ()
    lines: tuple[tuple[str, str], ...] = ()
    tenders: tuple[TenderPaid, ...] = ()
    amount: Money = ZERO
    cash: Money = ZERO
    left: Money = ZERO
    is_voided: bool = False
    void_problem: str = ""
    refund_problem: str = ""
    needs_void_approval: bool = True
    needs_refund_approval: bool = True
    drawer_id: str = ""
    drawer_key: str = ""
    approvers: tuple[SecondPerson, ...] = ()
    approver: str = ""
    pin: str = field(default="", repr=False)
    reason: str = ""
    detail: str = ""
    refund_amount: str = ""
    refund_tender: str = ""
    done: str = ""


def hidden_details(details: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """The details on a screen that the public can see."""
    how = {"Patient": hidden_title, "MRN": hidden_number}
    return tuple((key, how[key](text) if key in how else text) for key, text in details)


class ReceiptViewModel(MoneyViewModel[ReceiptState]):
    """A receipt: void while its custody is open, refund afterwards; both keep the line."""

    def __init__(self, session: MoneySession) -> None:
        super().__init__(session, ReceiptState())

    def load(self, payment_id: str) -> None:
        """Open a receipt."""
        person = self.who
        self.ask(lambda: _receipt(self.session.desk, person, payment_id), self._loaded)

    def enter(self, **fields: str) -> None:
        """A field changed: ``reason``, ``detail``, ``approver``, ``pin``, ``refund_amount``, ``refund_tender``."""
        self.change(problem="", **fields)

    def void(self) -> None:
        """Take the whole payment back: the line stays, struck through."""
        state, payments = self.state, self.session.desk.payments
        if state.busy or state.done:
            return
        try:
            if state.void_problem:
                raise DeskError(Refusal.VOID_WINDOW_CLOSED, state.void_problem)
            command = VoidPayment(state.payment_id, self._reason(), signed_by(state.approver, state.pin))
        except DeskError as wrong:
            self.change(problem=wrong.text)
            return
        said = f"{state.receipt} voided, {state.amount.dollars()}"
        self.write(lambda by: payments.void(by, command), lambda _: self.change(done=said, pin=""))

    def refund(self) -> None:
        """Give part or all of it back."""
        state, payments = self.state, self.session.desk.payments
        if state.busy or state.done:
            return
        try:
            if state.refund_problem:
                raise DeskError(Refusal.MORE_THAN_PAID, state.refund_problem)
            amount = needed_money(state.refund_amount, "Enter the amount to give back.")
            # Only cash leaves a drawer; the others go back through the terminal or the business office.
            drawer_id = state.drawer_id or None if state.refund_tender == "cash" else None
            if state.refund_tender == "cash" and drawer_id is None:
                raise DeskError(Refusal.DRAWER_NOT_OPEN, "Open a drawer first: cash is given back from the drawer you hold.")
            command = RefundPayment(
                state.payment_id, amount, self._reason(), signed_by(state.approver, state.pin), drawer_id, state.refund_tender
            )
            command.check()
        except DeskError as wrong:
            self.change(problem=wrong.text)
            return
        said = f"{amount.dollars()} of {state.receipt} refunded"
        self.write(lambda by: payments.refund(by, command), lambda _: self.change(done=said, pin=""))

    def refused(self, error: DeskError) -> None:
        """Show why; a PIN is typed again."""
        self.change(busy=False, problem=error.text, pin="")

    def _reason(self) -> str:
        reason, detail = self.state.reason.strip(), self.state.detail.strip()
        if reason in ("", "Other"):
            reason, detail = detail, ""
        if not reason:
            raise DeskError(Refusal.NEEDS_REASON, "Say why: choose a reason, or write one.")
        return f"{reason}, {detail}" if detail else reason

    def _loaded(self, loaded: ReceiptState) -> None:
        self.new_form()
        self.change(**{name: getattr(loaded, name) for name in loaded.__dataclass_fields__})


def _receipt(desk: Desk, person_id: str, payment_id: str) -> ReceiptState:
    row = desk.view.receipt(payment_id)
    if row is None:
        return ReceiptState(problem="This receipt is not in the log.")
    facility = desk.view.facility()
    custody = desk.papers.custody(row.custody_id)
    drawer = facility.held_by(person_id)
    left = row.amount - row.refunded if row.voided_at is None else Money(0)
    void_problem = ""
    if row.voided_at is not None:
        void_problem = "This receipt was voided before."
    elif row.refunded:
        void_problem = "Part of it was refunded. It cannot be voided any more."
    elif facility.status_of(custody.drawer_id, custody.custody_id) is not DrawerStatus.OPEN:
        void_problem = "Its drawer was counted. Refund it instead."
    elif custody.holder_id != person_id:
        void_problem = "Somebody else holds its drawer. Only the holder may void it."
    at, taken = desk.view.local(row.received_at), facility.person(row.received_by).name
    details = [
        ("Patient", payer_name(row, facility.policy.suffix_after)),
        ("MRN", row.mrn),
        ("Visit", row.account_number or "None"),
        ("Recorded", f"{date_text(at.date())} {clock_text(at)}"),
        ("Taken by", taken),
    ]
    if row.taken_on_paper_at is not None:
        before = desk.view.local(row.taken_on_paper_at)
        paper = f", paper receipt {row.paper_number}" if row.paper_number else ""
        details.append(("After the fact", f"Taken {date_text(before.date())} {clock_text(before)}{paper}"))
    if row.voided_at is not None:
        by = facility.person(row.voided_by).name if row.voided_by else ""
        lead = facility.person(row.void_approver_id).name if row.void_approver_id else ""
        details.append(("Voided", f"{clock_text(desk.view.local(row.voided_at))} by {by}: {row.void_reason}"))
        details += [("Approved by", lead)] if lead else []
    if row.refunded:
        details.append(("Refunded", row.refunded.dollars()))
    first = row.tenders[0].tender
    return ReceiptState(
        payment_id=row.payment_id,
        receipt=row.receipt,
        details=tuple(details),
        lines=tuple((purpose_word(line.purpose), line.amount.figures()) for line in row.lines),
        tenders=_tenders(row),
        amount=row.amount,
        cash=Money(sum(part.taken.cents for part in row.tenders if part.tender == "cash")),
        left=left,
        is_voided=row.voided_at is not None,
        void_problem=void_problem,
        refund_problem="" if left else "Nothing is left of this payment to give back.",
        needs_void_approval=facility.policy.void_approval,
        needs_refund_approval=facility.policy.refund_approval,
        drawer_id=drawer.drawer_id if drawer else "",
        drawer_key=drawer.key if drawer else "",
        approvers=who_may_approve(desk, person_id),
        refund_amount=str(min(left, row.tenders[0].amount)),
        refund_tender=first,
    )


def _tenders(row: ReceiptRow) -> tuple[TenderPaid, ...]:
    parts = []
    for part in row.tenders:
        details = [
            f"received {part.tendered.dollars()}" if part.tendered is not None else "",
            f"change {part.change.dollars()}" if part.change else "",
            f"No. {part.check_number}" if part.check_number else "",
            f"card ending {part.card_last4}" if part.card_last4 else "",
            f"auth {part.auth_code}" if part.auth_code else "",
        ]
        text = ", ".join([f"{tender_word(part.tender)} {part.taken.dollars()}", *(detail for detail in details if detail)])
        parts.append(TenderPaid(part.tender, text, part.amount))
    return tuple(parts)
