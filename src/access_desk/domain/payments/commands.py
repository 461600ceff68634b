"""What a person can ask about a payment."""

from __future__ import annotations

from dataclasses import dataclass

from access_desk.domain.cash_drawer.commands import check_amount
from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.money import Money, total
from access_desk.domain.payments.events import PURPOSES, PaymentLine
from access_desk.domain.payments.on_paper import PaperReceipt
from access_desk.domain.policy import TENDERS
from access_desk.domain.staff import Countersign

CARD_DIGITS_KEPT = 4


@dataclass(frozen=True, slots=True)
class TenderOffered:
    """Part of a payment as it is offered; ``tendered`` only with cash, None for the exact amount."""

    tender: str
    amount: Money
    tendered: Money | None = None
    check_number: str = ""
    card_last4: str = ""
    auth_code: str = ""


@dataclass(frozen=True, slots=True)
class TakePayment:
    """Take money for a visit, or for a patient without one; ``on_paper`` when it was taken before it is entered."""

    drawer_id: str
    lines: tuple[PaymentLine, ...]
    tenders: tuple[TenderOffered, ...]
    visit_id: str | None = None
    patient_id: str | None = None
    on_paper: PaperReceipt | None = None

    def check(self) -> None:
        """Raises ``bad_amount`` or ``bad_value``: every amount possible, lines and tenders with the same total."""
        if not self.lines or not self.tenders or (self.visit_id is None) == (self.patient_id is None):
            raise DeskError(Refusal.BAD_VALUE, "A payment is for a visit or for a patient, and for something.")
        for line in self.lines:
            check_amount(line.amount)
            if line.purpose not in PURPOSES:
                raise DeskError(Refusal.BAD_VALUE, "A payment is for a known purpose, such as a copay.")
        for part in self.tenders:
            check_amount(part.amount)
            self._check_tender(part)
        paid = total(part.amount for part in self.tenders)
        check_amount(paid)
        if total(line.amount for line in self.lines) != paid:
            raise DeskError(Refusal.BAD_AMOUNT, "What is paid for and how it is paid must have the same total.")

    @staticmethod
    def _check_tender(part: TenderOffered) -> None:
        if part.tender not in TENDERS:
            raise DeskError(Refusal.BAD_VALUE, "A payment is made by cash, check, card or money order.")
        if part.tendered is not None:
            check_amount(part.tendered)
            if part.tender != "cash":
                raise DeskError(Refusal.BAD_VALUE, "Only cash is tendered with change.")
        if part.card_last4 and not (
            len(part.card_last4) == CARD_DIGITS_KEPT and part.card_last4.isdecimal() and part.card_last4.isascii()
        ):
            raise DeskError(Refusal.BAD_VALUE, "Only the last four digits of a card are kept.")


@dataclass(frozen=True, slots=True)
class VoidPayment:
    """Take a payment back while its custody is open."""

    payment_id: str
    reason: str = ""
    approval: Countersign | None = None

    def check(self) -> None:
        """Nothing can be wrong with a text."""


@dataclass(frozen=True, slots=True)
class RefundPayment:
    """Give money of a payment back; ``tender`` says which part of a split one, ``drawer_id`` where cash comes from."""

    payment_id: str
    amount: Money
    reason: str = ""
    approval: Countersign | None = None
    drawer_id: str | None = None
    tender: str | None = None

    def check(self) -> None:
        """Raises ``bad_amount`` or ``bad_value``."""
        check_amount(self.amount)
        if self.tender is not None and self.tender not in TENDERS:
            raise DeskError(Refusal.BAD_VALUE, "A refund is of cash, check, card or money order.")
