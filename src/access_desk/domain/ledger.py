"""Double entry: every money event carries postings that sum to zero.

Inside the ledger, what the facility owns is a debit (positive) and everything else a credit (negative): an overage is
therefore negative on the over/short account. :func:`presented` turns the balances into the account list of a day's
result, where over/short has the sign people use.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from access_desk.domain.money import Money, total


class Account(StrEnum):
    """Ledger accounts of a facility."""

    DRAWER_CASH = "drawer_cash"
    DRAWER_CHECKS = "drawer_checks"
    DRAWER_MONEY_ORDERS = "drawer_money_orders"
    CARD_CLEARING = "card_clearing"
    PATIENTS = "patients"
    SAFE = "safe"
    IN_TRANSIT = "in_transit"
    BANK = "bank"
    OVER_SHORT = "over_short"
    ROUNDING = "rounding"
    IMPREST = "imprest"
    PAID_OUT = "paid_out"


# Where a payment by each tender lies until its custody closes, and what a refund of it comes from.
HELD_IN: Mapping[str, Account] = {
    "cash": Account.DRAWER_CASH,
    "check": Account.DRAWER_CHECKS,
    "card": Account.CARD_CLEARING,
    "money_order": Account.DRAWER_MONEY_ORDERS,
}
REFUNDED_FROM: Mapping[str, Account] = {
    "cash": Account.DRAWER_CASH,
    "check": Account.BANK,
    "card": Account.CARD_CLEARING,
    "money_order": Account.BANK,
}


@dataclass(frozen=True, slots=True)
class Posting:
    """``amount`` in cents, debit positive; ``custody_id`` names the custody whose drawer accounts it touches."""

    account: Account
    amount: Money
    custody_id: str = ""


class UnbalancedPostingsError(Exception):
    """Postings that do not sum to zero: a bug, stopped before anything is recorded."""


def balanced(*postings: Posting) -> tuple[Posting, ...]:
    """The postings without the empty ones.

    Raises:
        UnbalancedPostingsError: when they do not sum to zero.
    """
    if total(posting.amount for posting in postings):
        raise UnbalancedPostingsError("postings do not sum to zero")
    return tuple(posting for posting in postings if posting.amount)


def presented(balances: Mapping[Account, Money]) -> dict[str, Money]:
    """A facility's accounts as a day's result lists them (contract ``access-desk.result/1``).

    The contract asks for three things at once: what is owned positive, ``over_short`` positive when money was over,
    and a list that adds up to zero. ``imprest``, the facility's own stake, is therefore the balancing figure.
    """

    def of(account: Account) -> Money:
        return balances.get(account, Money(0))

    shown = {
        "drawers": of(Account.DRAWER_CASH) + of(Account.DRAWER_CHECKS) + of(Account.DRAWER_MONEY_ORDERS),
        "safe": of(Account.SAFE),
        "in_transit": of(Account.IN_TRANSIT),
        "bank": of(Account.BANK),
        "card_clearing": of(Account.CARD_CLEARING),
        "patients": of(Account.PATIENTS),
        "over_short": -of(Account.OVER_SHORT),
        "rounding": of(Account.ROUNDING),
        "imprest": Money(0),
        "paid_out": of(Account.PAID_OUT),
    }
    shown["imprest"] = -total(shown.values())
    return shown


def sum_by_account(postings: Iterable[Posting]) -> dict[Account, Money]:
    """Balances per account."""
    balances: dict[Account, Money] = {}
    for posting in postings:
        balances[posting.account] = balances.get(posting.account, Money(0)) + posting.amount
    return balances
