"""Money as integer cents.

Amounts are read at the edge with :meth:`Money.parse` and stay integers from there on: no float and no ``Decimal``
ever reaches a rule, a column or a signal.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import total_ordering

from access_desk.domain.errors import DeskError, Refusal

MINUS = "\u2212"
DECIMALS = 2
LARGEST_CENTS = 999_999_999
_EXACT = re.compile(r"(-?)(\d{1,12})\.(\d{2})", re.ASCII)
_TYPED = re.compile(r"\$?\s*(\d{0,12}|\d{1,3}(?:,\d{3})*)(?:\.(\d*))?", re.ASCII)


@total_ordering
class Money:
    """A signed sum of US money in whole cents; immutable, hashable, ordered.

    Raises:
        TypeError: when made from anything but an ``int`` (a ``bool`` or ``float`` is not money).
    """

    __slots__ = ("cents",)
    cents: int

    def __init__(self, cents: int = 0) -> None:
        if type(cents) is not int:
            raise TypeError(f"money is made from whole cents, not {type(cents).__name__}")
        object.__setattr__(self, "cents", cents)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("Money does not change")

    @classmethod
    def parse(cls, text: object) -> Money:
        """Read the exact form of files and messages, such as ``"25.00"``.

        Raises:
            DeskError: ``bad_amount`` for anything else: a number, sub-cents, NaN, blanks, signs other than one minus.
        """
        match = _EXACT.fullmatch(text) if isinstance(text, str) else None
        if match is None:
            raise DeskError(Refusal.BAD_AMOUNT, "An amount is written with two decimals, like 25.00.")
        cents = int(match[2]) * 100 + int(match[3])
        return cls(-cents if match[1] else cents)

    @classmethod
    def typed(cls, text: str) -> Money:
        """Read what a person types: ``120`` is $120.00, ``43.6`` is $43.60, ``.5`` is $0.50.

        Raises:
            DeskError: ``bad_amount`` when nothing can be read or a third decimal is typed. Nothing is guessed.
        """
        match = _TYPED.fullmatch(text.strip())
        if match is None or not (match[1] or match[2]):
            raise DeskError(Refusal.BAD_AMOUNT, "Enter an amount in dollars and cents, like 43.60.")
        decimals = match[2] or ""
        if len(decimals) > DECIMALS:
            raise DeskError(Refusal.BAD_AMOUNT, "Enter cents with two decimals at most.")
        cents = int((match[1] or "0").replace(",", "")) * 100 + int(decimals.ljust(2, "0") or "0")
        if cents > LARGEST_CENTS:
            raise DeskError(Refusal.BAD_AMOUNT, "The largest amount is 9,999,999.99.")
        return cls(cents)

    def __add__(self, other: Money) -> Money:
        return Money(self.cents + other.cents)

    def __sub__(self, other: Money) -> Money:
        return Money(self.cents - other.cents)

    def __neg__(self) -> Money:
        return Money(-self.cents)

    def __abs__(self) -> Money:
        return Money(abs(self.cents))

    def __mul__(self, pieces: int) -> Money:
        return Money(self.cents * pieces)

    def __bool__(self) -> bool:
        return self.cents != 0

    def __eq__(self, other: object) -> bool:
        return self.cents == other.cents if isinstance(other, Money) else NotImplemented

    def __lt__(self, other: Money) -> bool:
        return self.cents < other.cents

    def __hash__(self) -> int:
        return hash(("Money", self.cents))

    def __repr__(self) -> str:
        return f"Money({self.cents})"

    def __str__(self) -> str:
        """The exact form, as in files: ``-5.00``."""
        whole, cents = divmod(abs(self.cents), 100)
        return f"{'-' if self.cents < 0 else ''}{whole}.{cents:02d}"

    def figures(self) -> str:
        """For table columns: ``1,361.00``, a true minus sign, no currency sign."""
        whole, cents = divmod(abs(self.cents), 100)
        return f"{MINUS if self.cents < 0 else ''}{whole:,}.{cents:02d}"

    def dollars(self) -> str:
        """For totals and single amounts: ``$1,361.00``, ``\u2212$5.00``."""
        whole, cents = divmod(abs(self.cents), 100)
        return f"{MINUS if self.cents < 0 else ''}${whole:,}.{cents:02d}"

    def signed_figures(self) -> str:
        """For differences: ``+7.00``, ``\u22125.00``, ``0.00``."""
        return ("+" if self.cents > 0 else "") + self.figures()


ZERO = Money(0)


def total(amounts: Iterable[Money]) -> Money:
    """The sum of amounts; nothing sums to zero."""
    return Money(sum(amount.cents for amount in amounts))
