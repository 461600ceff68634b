"""A facility's settings: over/short tiers, shifts, limits and approvals. Every number of the trade is a setting.

Defaults follow the cash-handling policies collected in the project's domain notes: an explanation for any variance, a
second signature above a small limit, a memo for a large one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from types import MappingProxyType

from access_desk.domain.full_name import AFTER_GIVEN
from access_desk.domain.money import Money

TENDERS = ("cash", "check", "card", "money_order")
NEEDS = ("reason", "approval", "memo")


@dataclass(frozen=True, slots=True)
class Tier:
    """From this absolute variance on, closing needs these of ``reason``, ``approval``, ``memo``."""

    start: Money
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shift:
    """A named shift and the local time of day at which it starts; it lasts until the next one starts."""

    name: str
    start: time


DEFAULT_TIERS = (
    Tier(Money(1), ("reason",)),
    Tier(Money(201), ("reason", "approval")),
    Tier(Money(2500), ("reason", "approval", "memo")),
)
DEFAULT_DROP_AT = Money(80_000)
# A dispute about a bill, a chargeback and the month's close want their receipts at hand.
LEAST_DETAILS_DAYS = 30
DEFAULT_SHIFTS = (Shift("day", time(7)), Shift("evening", time(15)), Shift("night", time(23)))


@dataclass(frozen=True, slots=True)
class Policy:
    """Facility settings; field names are those of a day file's ``policy``.

    ``suffix_after`` is where a name's suffix is written: after the ``given`` names or after the ``family`` name.
    ``details_days`` is for how many days a desk keeps the details of other desks' settled money; 0 keeps them for ever.
    """

    over_short: tuple[Tier, ...] = DEFAULT_TIERS
    recounts: int = 1
    shifts: tuple[Shift, ...] = DEFAULT_SHIFTS
    drop_at: Money = DEFAULT_DROP_AT
    void_approval: bool = True
    refund_approval: bool = True
    paid_out: bool = True
    two_person_open: bool = False
    two_person_close: bool = False
    cash_rounding: str = "none"
    emtala_release: str = "mse"
    suffix_after: str = AFTER_GIVEN
    details_days: int = 0

    def needs_for(self, variances: Mapping[str, Money]) -> frozenset[str]:
        """What closing with these variances per tender needs: all that its worst tender needs."""
        worst = max((abs(variance) for variance in variances.values()), default=Money(0))
        return frozenset(self._tier_needs(worst))

    def _tier_needs(self, variance: Money) -> tuple[str, ...]:
        reached: tuple[str, ...] = ()
        for tier in self.over_short:
            if variance and variance >= tier.start:
                reached = tier.needs
        return reached

    def approval_from(self) -> Money | None:
        """The smallest variance that needs a second person, for the texts of screens and sheets."""
        return next((tier.start for tier in self.over_short if "approval" in tier.needs), None)

    def cash_asked(self, amount: Money) -> Money:
        """The cash to ask for: exact, or rounded to 5 cents; something owed never rounds to nothing."""
        if self.cash_rounding != "nearest_5" or not amount:
            return amount
        return Money(max(5, (amount.cents + 2) // 5 * 5))

    def shift_at(self, local: datetime) -> str:
        """The shift running at a local wall-clock moment; before the day's first start the last one still runs."""
        started = [shift for shift in self._ordered() if shift.start <= local.time()]
        return (started or self._ordered())[-1].name

    def business_date_at(self, local: datetime) -> date:
        """The local date, or the day before when the day's first shift has not started yet."""
        first = self._ordered()[0].start
        return local.date() if local.time() >= first else local.date() - timedelta(days=1)

    def shift_hours(self, name: str) -> tuple[time, time] | None:
        """Start of the named shift and of the one after it."""
        ordered = self._ordered()
        for index, shift in enumerate(ordered):
            if shift.name == name:
                return shift.start, ordered[(index + 1) % len(ordered)].start
        return None

    def _ordered(self) -> list[Shift]:
        return sorted(self.shifts, key=lambda shift: shift.start)


NO_MONEY: Mapping[str, Money] = MappingProxyType({tender: Money(0) for tender in TENDERS})
