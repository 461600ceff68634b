"""Payments and cash moves as screens and sheets list them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from access_desk.domain.denominations import CashCount
from access_desk.domain.money import Money
from access_desk.domain.payments.events import PaymentLine, TenderTaken


def paid_by_purpose(lines: Sequence[PaymentLine], refunded: Money) -> dict[str, Money]:
    """What a payment still pays for, by purpose. A refund names no purpose: it is taken from the last line first."""
    paid: dict[str, Money] = {}
    for line in reversed(lines):
        back = min(line.amount, refunded)
        refunded -= back
        paid[line.purpose] = paid.get(line.purpose, Money(0)) + line.amount - back
    return paid


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """One payment with its receipt. Moments are aware UTC; ``refunded`` is what was given back of it so far."""

    payment_id: str
    custody_id: str
    drawer_id: str
    receipt: str
    receipt_number: int
    patient_id: str
    patient_family: str
    patient_given: str
    patient_middle: str
    patient_suffix: str
    mrn: str
    visit_id: str | None
    account_number: str
    service: str
    amount: Money
    lines: tuple[PaymentLine, ...]
    tenders: tuple[TenderTaken, ...]
    received_at: datetime
    received_by: str
    refunded: Money
    voided_at: datetime | None = None
    voided_by: str | None = None
    void_reason: str = ""
    void_approver_id: str | None = None
    taken_on_paper_at: datetime | None = None
    paper_number: str = ""


@dataclass(frozen=True, slots=True)
class RefundRow:
    """Money given back; ``receipt`` is the payment's."""

    refund_id: str
    payment_id: str
    receipt: str
    account_number: str
    custody_id: str
    tender: str
    amount: Money
    reason: str
    refunded_at: datetime
    refunded_by: str
    approver_id: str | None


@dataclass(frozen=True, slots=True)
class MoveRow:
    """A cash move; ``kind`` is ``drop``, ``paid_in``, ``paid_out``, ``exchange`` or ``no_sale``."""

    move_id: str
    custody_id: str
    kind: str
    amount: Money
    reason: str
    bag: str
    count: CashCount | None
    moved_at: datetime
    moved_by: str
    approver_id: str | None


@dataclass(frozen=True, slots=True)
class BagRow:
    """A sealed bag; ``place`` is ``safe``, ``in_transit`` or ``bank``; ``source`` is ``drop`` or ``closing``."""

    bag: str
    custody_id: str
    source: str
    amount: Money
    cash: Money
    place: str
    sealed_at: datetime
    sealed_by: str
    sent_at: datetime | None
    confirmed_at: datetime | None
    confirmed: Money | None
