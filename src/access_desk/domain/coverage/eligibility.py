"""What a payer answered about a person's eligibility, and the port through which such answers are imported.

The answer's meaning is carried by element EB01 of the ASC X12 271 (005010X279A1); an answer taken by telephone or from a
payer's website is kept in the same words.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Protocol

from access_desk.domain.cash_drawer.commands import check_amount
from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.money import Money

SOURCES = ("phone", "portal", "card", "271")
# EB01, codes that say whether there is coverage; 10 to 12 (grace period) exist since 008040.
STATUS_WORDS = MappingProxyType(
    {
        "1": "Active",
        "2": "Active, full risk capitation",
        "3": "Active, services capitated",
        "4": "Active, capitated to the primary care provider",
        "5": "Active, pending investigation",
        "6": "Inactive",
        "7": "Inactive, pending eligibility update",
        "8": "Inactive, pending investigation",
        "10": "In its grace period, first month",
        "11": "In its grace period, second month",
        "12": "In its grace period, third month",
        "I": "Not covered",
        "R": "Another payer comes first",
        "T": "Card reported lost or stolen",
        "U": "Ask the payer",
        "V": "The payer cannot say",
        "Y": "Spend down",
    }
)
ACTIVE = frozenset({"1", "2", "3", "4", "10"})
MOST_BASIS_POINTS = 10_000


@dataclass(frozen=True, slots=True)
class EligibilityAnswer:
    """What was answered. ``status`` is an EB01 code of STATUS_WORDS; None and blank mean that it was not said.

    ``coinsurance`` is in basis points: 20 % is 2000.
    """

    status: str
    copay: Money | None = None
    coinsurance: int | None = None
    deductible_left: Money | None = None
    out_of_pocket_left: Money | None = None
    starts: date | None = None
    ends: date | None = None
    reference: str = ""

    @property
    def is_active(self) -> bool:
        """Whether the payer says that the plan covers the person."""
        return self.status in ACTIVE

    def covers(self, day: date) -> bool:
        """Whether the plan is active and its dates, where they were said, include the day."""
        return self.is_active and (self.starts is None or self.starts <= day) and (self.ends is None or day <= self.ends)

    def check(self) -> None:
        """Raises ``bad_value`` or ``bad_amount``."""
        if self.status not in STATUS_WORDS:
            raise DeskError(Refusal.BAD_VALUE, "Say what the payer answered: active, inactive, or that it cannot say.")
        for amount in (self.copay, self.deductible_left, self.out_of_pocket_left):
            if amount is not None and amount:
                check_amount(amount)
        if self.coinsurance is not None and not 0 <= self.coinsurance <= MOST_BASIS_POINTS:
            raise DeskError(Refusal.BAD_VALUE, "Coinsurance is from 0 to 100 percent.")
        if self.starts and self.ends and self.ends < self.starts:
            raise DeskError(Refusal.BAD_VALUE, "The plan ends before it starts. Check the dates.")


class EligibilityReader(Protocol):
    """Reads a payer's answer; the 270/271 exchange brings one."""

    def read(self, raw: str) -> EligibilityAnswer:
        """The answer in a raw response. Raises DeskError ``bad_value`` when it cannot be read."""
        ...
