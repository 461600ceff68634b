"""Over, short, balanced: the words and signs for differences. Over and short stand apart and are never netted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from access_desk.domain.money import ZERO, Money, total
from access_desk.domain.policy import TENDERS

PLURALS = {"cash": "Cash", "check": "Checks", "card": "Cards", "money_order": "Money orders"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """The differences of a custody: the sum of what is over, the sum of what is short (negative), and where."""

    over: Money
    short: Money
    tenders: tuple[str, ...]

    @property
    def sign(self) -> str:
        """``=``, ``+``, ``-`` or ``±``."""
        if self.over and self.short:
            return "±"
        return "+" if self.over else "-" if self.short else "="

    @property
    def lines(self) -> tuple[tuple[str, str], ...]:
        """Words with amounts: ``Short`` and ``−$5.00``; two lines when there is both."""
        found = []
        if self.over:
            found.append(("Over", f"+{self.over.dollars()}"))
        if self.short:
            found.append(("Short", self.short.dollars()))
        return tuple(found) or (("Balanced", "$0.00"),)

    @property
    def largest(self) -> Money:
        """The larger of the two, without its sign."""
        return max(self.over, abs(self.short))


def verdict_of(over_short: Mapping[str, Money]) -> Verdict:
    """Add up differences per tender, the ones above zero apart from the ones below."""
    differences = {tender: over_short.get(tender, ZERO) for tender in TENDERS}
    return Verdict(
        over=total(amount for amount in differences.values() if amount > ZERO),
        short=total(amount for amount in differences.values() if amount < ZERO),
        tenders=tuple(PLURALS[tender] for tender, amount in differences.items() if amount),
    )


def verdict_word(amount: Money) -> str:
    """``Over``, ``Short`` or ``Balanced``."""
    return "Over" if amount > ZERO else "Short" if amount < ZERO else "Balanced"
