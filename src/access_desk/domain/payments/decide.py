"""The rules of taking, voiding and refunding payments."""

from __future__ import annotations

from datetime import UTC

from access_desk.domain.cash_drawer.decide import (
    Acting,
    check_approval,
    check_cash,
    check_holder,
    check_reason,
    drawer_in,
    signer_id,
)
from access_desk.domain.cash_drawer.state import CustodyState
from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.events import Fact
from access_desk.domain.facility.state import DrawerState, FacilityState
from access_desk.domain.ledger import HELD_IN, REFUNDED_FROM, Account, Posting, balanced
from access_desk.domain.money import Money, total
from access_desk.domain.patients.state import PatientState
from access_desk.domain.payments.commands import RefundPayment, TakePayment, TenderOffered, VoidPayment
from access_desk.domain.payments.events import PaymentReceived, PaymentRefunded, PaymentVoided, TenderTaken
from access_desk.domain.payments.on_paper import PaymentTakenOnPaper
from access_desk.domain.payments.state import PaymentState
from access_desk.domain.permissions import Action, DrawerStatus, check_role
from access_desk.domain.policy import Policy
from access_desk.domain.visits.emtala import check_release
from access_desk.domain.visits.state import VisitState


def receipt_text(drawer: DrawerState, number: int) -> str:
    """How a receipt number is printed: drawer, its epoch when it was replaced, number."""
    epoch = f".{drawer.epoch}" if drawer.epoch > 1 else ""
    return f"{drawer.key}{epoch}-{number:06d}"


def tenders_taken(tenders: tuple[TenderOffered, ...], policy: Policy) -> tuple[TenderTaken, ...]:
    """What goes in for each part offered: cash may be rounded, change is worked out.

    Raises:
        DeskError: ``bad_amount`` when less cash is tendered than asked for.
    """
    return tuple(_taken(part, policy) for part in tenders)


def _taken(part: TenderOffered, policy: Policy) -> TenderTaken:
    asked = policy.cash_asked(part.amount) if part.tender == "cash" else part.amount
    tendered = part.tendered
    if tendered is not None and tendered < asked:
        raise DeskError(Refusal.BAD_AMOUNT, f"{asked.dollars()} is asked for and less was tendered.")
    change = tendered - asked if tendered is not None else Money(0)
    return TenderTaken(part.tender, part.amount, asked, tendered, change, part.check_number, part.card_last4, part.auth_code)


def decide_payment(
    facility: FacilityState,
    custody: CustodyState | None,
    patient: PatientState,
    visit: VisitState | None,
    command: TakePayment,
    payment_id: str,
    acting: Acting,
) -> list[Fact]:
    """Take a payment into a drawer the person holds, unless an emergency visit is not released yet."""
    command.check()
    tenders = tenders_taken(command.tenders, facility.policy)
    drawer = drawer_in(facility, Action.PAYMENT, command.drawer_id, acting)
    check_release(patient.visits.values() if visit is None else [visit], facility.policy)
    if custody is None:
        raise DeskError(Refusal.DRAWER_NOT_OPEN, "This drawer is not open. Open it with a count first.")
    paid = total(part.amount for part in tenders)
    taken = [Posting(HELD_IN[part.tender], part.taken, custody.custody_id) for part in tenders]
    rounding = total(part.taken - part.amount for part in tenders)
    received = PaymentReceived(
        payment_id=payment_id,
        drawer_id=drawer.drawer_id,
        drawer_epoch=drawer.epoch,
        receipt_number=custody.next_receipt,
        receipt=receipt_text(drawer, custody.next_receipt),
        patient_id=patient.patient_id,
        visit_id=visit.visit_id if visit else None,
        amount=paid,
        lines=command.lines,
        tenders=tenders,
        postings=balanced(
            *taken,
            Posting(Account.PATIENTS, -paid, custody.custody_id),
            Posting(Account.ROUNDING, -rounding, custody.custody_id),
        ),
    )
    paper = []
    if command.on_paper is not None:
        command.on_paper.check(acting.local)
        said = PaymentTakenOnPaper(payment_id, command.on_paper.taken_at.astimezone(UTC), command.on_paper.number.strip())
        paper = [Fact(custody.custody_id, said, None, (payment_id,))]
    return [*paper, Fact(custody.custody_id, received, None, (payment_id,))]


def decide_void(
    facility: FacilityState, custody: CustodyState, payment: PaymentState, command: VoidPayment, acting: Acting
) -> list[Fact]:
    """Take a payment back: only while its custody is open and not counting, and only with its cash in the drawer."""
    command.check()
    if command.approval:
        facility.person(command.approval.person_id)
    if payment.voided:
        raise DeskError(Refusal.ALREADY_VOIDED, "This payment was voided before. Nothing more is to be done.")
    status = facility.status_of(custody.drawer_id, custody.custody_id)
    if status is DrawerStatus.CLOSED:
        raise DeskError(Refusal.VOID_WINDOW_CLOSED, "The drawer that took this payment was closed. Refund it instead.")
    if status is DrawerStatus.COUNTING:
        raise DeskError(Refusal.DRAWER_COUNTING, "The drawer that took this payment is being counted. Refund it later.")
    check_holder(custody.holder_id, acting)
    check_role(acting.person, Action.VOID)
    if any((payment.refunded or {}).values()):
        raise DeskError(Refusal.MORE_THAN_PAID, "Part of this payment was refunded. It cannot be voided any more.")
    check_reason(command.reason)
    check_approval(facility, command.approval, acting, needed=facility.policy.void_approval)
    check_cash(custody, payment.cash_taken())
    rounding = total(part.taken - part.amount for part in payment.tenders)
    postings = balanced(
        *(Posting(HELD_IN[part.tender], -part.taken, custody.custody_id) for part in payment.tenders),
        Posting(Account.PATIENTS, payment.amount, custody.custody_id),
        Posting(Account.ROUNDING, rounding, custody.custody_id),
    )
    voided = PaymentVoided(payment.payment_id, payment.drawer_id, command.reason, payment.tenders, postings)
    return [Fact(custody.custody_id, voided, signer_id(command.approval), (payment.payment_id,))]


def decide_refund(
    facility: FacilityState,
    custody: CustodyState | None,
    payment: PaymentState,
    command: RefundPayment,
    refund_id: str,
    acting: Acting,
) -> list[Fact]:
    """Give money back, never more than is left of the payment; cash leaves the drawer that is named."""
    command.check()
    tender = refunded_tender(payment, command)
    if command.approval:
        facility.person(command.approval.person_id)
    if command.drawer_id is not None:
        drawer_in(facility, Action.REFUND, command.drawer_id, acting)
    check_role(acting.person, Action.REFUND)
    if payment.voided:
        raise DeskError(Refusal.ALREADY_VOIDED, "This payment was voided: its money was already given back.")
    if command.amount > payment.paid_by(tender) - payment.refunded_by(tender):
        raise DeskError(Refusal.MORE_THAN_PAID, "More than is left of this payment cannot be refunded.")
    check_reason(command.reason)
    check_approval(facility, command.approval, acting, needed=facility.policy.refund_approval)
    custody_id = custody.custody_id if custody else ""
    if tender == "cash" and custody:
        check_cash(custody, command.amount)
    postings = balanced(
        Posting(REFUNDED_FROM[tender], -command.amount, custody_id), Posting(Account.PATIENTS, command.amount, custody_id)
    )
    refunded = PaymentRefunded(
        refund_id,
        payment.payment_id,
        custody_id,
        command.drawer_id or "",
        tender,
        command.amount,
        command.reason,
        postings,
    )
    subject = custody_id or payment.payment_id
    also = (payment.payment_id,) if custody_id else ()
    return [Fact(subject, refunded, signer_id(command.approval), also)]


def refunded_tender(payment: PaymentState, command: RefundPayment) -> str:
    """Which tender of the payment is refunded. Raises ``bad_value`` when that cannot be told or makes no sense."""
    used = {part.tender for part in payment.tenders}
    if command.tender is None and len(used) > 1:
        raise DeskError(Refusal.BAD_VALUE, "This payment was split. Say which tender is refunded.")
    tender = command.tender or next(iter(used))
    if tender not in used:
        raise DeskError(Refusal.BAD_VALUE, "This payment was not made by that tender.")
    if tender == "cash" and command.drawer_id is None:
        raise DeskError(Refusal.BAD_VALUE, "Say which drawer the cash is taken from.")
    return tender
