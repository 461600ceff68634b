"""How a payment is made: by cash, check (or money order), card, or split between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.money import Money, total
from access_desk.domain.payments.commands import TenderOffered
from access_desk.domain.policy import Policy
from access_desk.presentation.drawer_session import needed_money, typed_money
from access_desk.presentation.drawer_words import tender_word

KINDS = ("cash", "check", "card", "split")
SPLIT_PARTS = ("cash", "check", "card", "money_order")


@dataclass(frozen=True, slots=True)
class TenderForm:
    """What is typed about the tender. ``check_tender`` is ``check`` or ``money_order``; ``parts`` are a split's amounts."""

    kind: str = "cash"
    received: str = ""
    check_tender: str = "check"
    check_number: str = ""
    order_number: str = ""
    card_last4: str = ""
    auth_code: str = ""
    parts: Mapping[str, str] = field(default_factory=dict)

    def cash_part(self, paying: Money) -> Money:
        """The part of the payment that is made in cash."""
        if self.kind == "cash":
            return paying
        return (typed_money(self.parts.get("cash", ""))[0] or Money(0)) if self.kind == "split" else Money(0)

    def split_left(self, paying: Money) -> Money:
        """What the parts of a split do not cover yet."""
        return paying - total(typed_money(self.parts.get(tender, ""))[0] or Money(0) for tender in SPLIT_PARTS)

    def change(self, paying: Money, policy: Policy) -> Money | None:
        """Change due in cash; None while too little or nothing readable was received."""
        received, asked = typed_money(self.received)[0], policy.cash_asked(self.cash_part(paying))
        return received - asked if received is not None and asked and received >= asked else None

    def received_error(self, paying: Money, policy: Policy) -> str:
        """Why the cash received cannot be: unreadable, or less than is asked for; blank while nothing is typed."""
        received, wrong = typed_money(self.received)
        asked = policy.cash_asked(self.cash_part(paying))
        if wrong or received is None:
            return wrong
        return f"{(asked - received).dollars()} is missing." if received < asked else ""

    def offered(self, paying: Money) -> tuple[TenderOffered, ...]:
        """The tenders of the payment.

        Raises:
            DeskError: ``bad_amount`` or ``bad_value``, saying what to enter.
        """
        if self.kind == "split":
            return self._split(paying)
        tender = self.check_tender if self.kind == "check" else self.kind
        return (self._part(tender, paying),)

    def _split(self, paying: Money) -> tuple[TenderOffered, ...]:
        amounts = [(tender, self.parts[tender]) for tender in SPLIT_PARTS if self.parts.get(tender, "").strip()]
        parts = tuple(self._part(tender, Money.typed(text)) for tender, text in amounts)
        left = self.split_left(paying)
        if left or not parts:
            more = f"{left.dollars()} is not covered yet." if left > Money(0) else f"The parts are {(-left).dollars()} too much."
            raise DeskError(Refusal.BAD_AMOUNT, f"Split: {more}")
        return parts

    def _part(self, tender: str, amount: Money) -> TenderOffered:
        if tender == "cash":
            received = needed_money(self.received, "Enter the cash received, or press Ctrl E for the exact amount.")
            return TenderOffered(tender, amount, received)
        if tender == "card":
            digits = self.card_last4.strip()
            if digits and not (len(digits) == len("1234") and digits.isascii() and digits.isdecimal()):
                raise DeskError(Refusal.BAD_VALUE, "Card: enter the last four digits only, or leave it blank.")
            return TenderOffered(tender, amount, card_last4=digits, auth_code=self.auth_code.strip())
        number = self.order_number if tender == "money_order" else self.check_number
        if not number.strip():
            raise DeskError(Refusal.BAD_VALUE, f"{tender_word(tender)}: enter its number.")
        return TenderOffered(tender, amount, check_number=number.strip())
