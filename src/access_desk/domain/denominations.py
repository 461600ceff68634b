"""US bills, coins and coin rolls, and the counts made of them.

Roll sizes are those of the Federal Reserve's coin wrappers. The keys are those of day files and of stored counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.money import LARGEST_CENTS, ZERO, Money

LARGEST_PIECES = 1_000_000
ROLL = "roll:"


@dataclass(frozen=True, slots=True)
class Denomination:
    """One kind of piece: its ``key`` in counts, what one piece is worth, and how it is named on screen and paper."""

    key: str
    value: Money
    label: str
    pieces_per_roll: int = 0

    @property
    def is_roll(self) -> bool:
        """Whether one piece is a wrapped roll of coins."""
        return self.key.startswith(ROLL)


BILLS = tuple(Denomination(str(dollars), Money(dollars * 100), f"${dollars} bills") for dollars in (100, 50, 20, 10, 5, 2, 1))
COINS = (
    Denomination("1c$", Money(100), "$1 coin", 25),
    Denomination("0.50", Money(50), "Half dollar", 20),
    Denomination("0.25", Money(25), "Quarter", 40),
    Denomination("0.10", Money(10), "Dime", 50),
    Denomination("0.05", Money(5), "Nickel", 40),
    Denomination("0.01", Money(1), "Penny", 50),
)
ROLLS = tuple(Denomination(ROLL + coin.key, coin.value * coin.pieces_per_roll, f"{coin.label} roll") for coin in COINS)
ALL_DENOMINATIONS = BILLS + COINS + ROLLS
BY_KEY: Mapping[str, Denomination] = MappingProxyType({piece.key: piece for piece in ALL_DENOMINATIONS})


@dataclass(frozen=True, slots=True)
class CashCount:
    """Pieces by denomination key (absent means none) plus the amount in mutilated money.

    Raises:
        DeskError: ``bad_count`` for an unknown denomination, a negative or huge number of pieces or a negative amount.
    """

    pieces: Mapping[str, int]
    mutilated: Money = ZERO

    def __post_init__(self) -> None:
        for key, pieces in self.pieces.items():
            if key not in BY_KEY:
                raise DeskError(Refusal.BAD_COUNT, "The count names a bill or coin that does not exist.")
            if type(pieces) is not int or not 0 <= pieces <= LARGEST_PIECES:
                raise DeskError(Refusal.BAD_COUNT, "Pieces are whole numbers from 0 to 1,000,000.")
        if not 0 <= self.mutilated.cents <= LARGEST_CENTS:
            raise DeskError(Refusal.BAD_COUNT, "Mutilated money is an amount from 0.00 to 9,999,999.99.")

    def total(self) -> Money:
        """What the pieces and the mutilated money are worth."""
        counted = sum(BY_KEY[key].value.cents * pieces for key, pieces in self.pieces.items())
        return Money(counted) + self.mutilated


EMPTY_COUNT = CashCount({})


@dataclass(frozen=True, slots=True)
class CountedCheck:
    """A check or money order found in the drawer; ``tender`` is ``check`` or ``money_order``."""

    number: str
    amount: Money
    tender: str = "check"


@dataclass(frozen=True, slots=True)
class ClosingCount:
    """Everything counted at the end of a custody: cash, checks and money orders, and the card terminal's batch."""

    cash: CashCount
    checks: tuple[CountedCheck, ...] = ()
    card_total: Money = ZERO
    card_batch: str = ""

    def by_tender(self) -> dict[str, Money]:
        """Counted amounts of ``cash``, ``check``, ``card`` and ``money_order``."""
        totals = {"cash": self.cash.total(), "check": Money(0), "card": self.card_total, "money_order": Money(0)}
        for check in self.checks:
            totals[check.tender] += check.amount
        return totals
