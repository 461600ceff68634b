"""What a person can ask of a drawer. ``check`` finds values that cannot be, before anything is looked up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from access_desk.domain.denominations import CashCount, ClosingCount
from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.money import LARGEST_CENTS, Money
from access_desk.domain.staff import Countersign


def check_amount(amount: Money) -> None:
    """Raises ``bad_amount`` unless 0.01 <= amount <= 9,999,999.99."""
    if not 1 <= amount.cents <= LARGEST_CENTS:
        raise DeskError(Refusal.BAD_AMOUNT, "An amount is from 0.01 to 9,999,999.99.")


@dataclass(frozen=True, slots=True)
class OpenDrawer:
    """Take custody of a closed drawer."""

    drawer_id: str
    count: CashCount
    witness: Countersign | None = None

    def check(self) -> None:
        """Nothing beyond the count's own rules."""


@dataclass(frozen=True, slots=True)
class DropCash:
    """Move cash to the safe, given as an amount or by pieces."""

    drawer_id: str
    amount: Money
    count: CashCount | None = None
    bag: str = ""
    witness: Countersign | None = None

    def check(self) -> None:
        """Raises ``bad_amount``."""
        check_amount(self.amount)


@dataclass(frozen=True, slots=True)
class PayIn:
    """Put cash into the drawer that no patient paid."""

    drawer_id: str
    amount: Money
    reason: str = ""
    approval: Countersign | None = None

    def check(self) -> None:
        """Raises ``bad_amount``."""
        check_amount(self.amount)


@dataclass(frozen=True, slots=True)
class PayOut:
    """Pay an approved expense from the drawer."""

    drawer_id: str
    amount: Money
    reason: str = ""
    approval: Countersign | None = None

    def check(self) -> None:
        """Raises ``bad_amount``."""
        check_amount(self.amount)


@dataclass(frozen=True, slots=True)
class ExchangeChange:
    """Give the safe some pieces and take others of the same total."""

    drawer_id: str
    give: CashCount
    take: CashCount

    def check(self) -> None:
        """Raises ``bad_count`` when the totals differ or nothing is exchanged."""
        if self.give.total() != self.take.total() or not self.give.total():
            raise DeskError(Refusal.BAD_COUNT, "What is given and what is taken must have the same total.")


@dataclass(frozen=True, slots=True)
class OpenWithoutSale:
    """Open the drawer without recording money."""

    drawer_id: str
    reason: str = ""

    def check(self) -> None:
        """Nothing can be wrong with a text."""


@dataclass(frozen=True, slots=True)
class CountDrawer:
    """Submit a closing count; blind until then."""

    drawer_id: str
    count: ClosingCount

    def check(self) -> None:
        """Nothing beyond the count's own rules."""


@dataclass(frozen=True, slots=True)
class CloseDrawer:
    """End a custody that was counted. ``to_bank`` None means the cash above the imprest.

    ``seen`` are the differences per tender that are explained and approved, when somebody looked at them.
    """

    drawer_id: str
    reason: str = ""
    memo: str = ""
    approval: Countersign | None = None
    witness: Countersign | None = None
    bag: str = ""
    to_bank: Money | None = None
    to_bank_count: CashCount | None = None
    seen: Mapping[str, Money] | None = None

    def check(self) -> None:
        """Raises ``bad_amount``; nothing to the bank is allowed."""
        if self.to_bank is not None and not 0 <= self.to_bank.cents <= LARGEST_CENTS:
            raise DeskError(Refusal.BAD_AMOUNT, "The amount to the bank is from 0.00 to 9,999,999.99.")


@dataclass(frozen=True, slots=True)
class HandOver:
    """Give a closed drawer to the next person, who counts it and signs."""

    drawer_id: str
    receiver: Countersign
    count: CashCount
    open_items: tuple[str, ...] = ()
    note: str = ""

    def check(self) -> None:
        """Nothing beyond the count's own rules."""


@dataclass(frozen=True, slots=True)
class TakeOver:
    """A lead counts and closes the custody of an absent holder."""

    drawer_id: str
    count: ClosingCount
    reason: str = ""
    memo: str = ""
    approval: Countersign | None = None
    bag: str = ""

    def check(self) -> None:
        """Nothing beyond the count's own rules."""


@dataclass(frozen=True, slots=True)
class AuditCount:
    """A surprise count."""

    drawer_id: str
    count: ClosingCount

    def check(self) -> None:
        """Nothing beyond the count's own rules."""


@dataclass(frozen=True, slots=True)
class RevealExpected:
    """A lead shows the hidden figures of a blind drawer to its holder."""

    drawer_id: str
    approval: Countersign

    def check(self) -> None:
        """Nothing can be wrong."""
