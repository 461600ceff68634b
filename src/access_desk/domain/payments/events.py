"""What is recorded when patients pay, and when a payment is taken back."""

from __future__ import annotations

from dataclasses import dataclass

from access_desk.domain.events import event_kind
from access_desk.domain.ledger import Posting
from access_desk.domain.money import ZERO, Money

PURPOSES = ("copay", "coinsurance", "deductible", "prepayment", "deposit", "prior_balance", "payment_plan", "other")


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """What part of a payment is for; ``purpose`` is one of PURPOSES."""

    purpose: str
    amount: Money


@dataclass(frozen=True, slots=True)
class TenderTaken:
    """How part of a payment was made. ``amount`` is credited; ``taken`` is what went in (cash may be rounded).

    ``tendered`` and ``change`` are of cash. No card number is ever kept beyond its last four digits (FACTA, 15 USC
    1681c(g); PCI DSS requirement 3).
    """

    tender: str
    amount: Money
    taken: Money
    tendered: Money | None = None
    change: Money = ZERO
    check_number: str = ""
    card_last4: str = ""
    auth_code: str = ""


@event_kind("payment.received")
@dataclass(frozen=True, slots=True)
class PaymentReceived:
    """Money taken from a patient, with the receipt number it took from its drawer's gapless series."""

    payment_id: str
    drawer_id: str
    drawer_epoch: int
    receipt_number: int
    receipt: str
    patient_id: str
    visit_id: str | None
    amount: Money
    lines: tuple[PaymentLine, ...]
    tenders: tuple[TenderTaken, ...]
    postings: tuple[Posting, ...]


@event_kind("payment.voided")
@dataclass(frozen=True, slots=True)
class PaymentVoided:
    """A payment taken back while its custody was open; the receipt keeps its number. ``returned`` is what went back."""

    payment_id: str
    drawer_id: str
    reason: str
    returned: tuple[TenderTaken, ...]
    postings: tuple[Posting, ...]


@event_kind("payment.refunded")
@dataclass(frozen=True, slots=True)
class PaymentRefunded:
    """Money given back. ``custody_id`` is the custody it is reported under; empty when no drawer was named."""

    refund_id: str
    payment_id: str
    custody_id: str
    drawer_id: str
    tender: str
    amount: Money
    reason: str
    postings: tuple[Posting, ...]
