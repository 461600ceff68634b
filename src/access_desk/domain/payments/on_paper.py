"""Payments that were taken on paper while the program was down, and are entered afterwards.

The money belongs to the custody in which it is entered, because that is where the cash is counted, and its business date and
receipt number are those of the entry. When it changed hands, and the number on the paper receipt that the payer holds, are
kept beside it. A paper receipt can be entered once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.events import event_kind

# The longest downtime that anybody reported is about three weeks; what is older is a wrong date.
LONGEST_AGO: Final = timedelta(days=62)
LONGEST_NUMBER: Final = 40


@event_kind("payment.taken_on_paper")
@dataclass(frozen=True, slots=True)
class PaymentTakenOnPaper:
    """When a payment was really taken, and the number of its paper receipt; blank when it had none."""

    payment_id: str
    taken_at: datetime
    paper_number: str


@dataclass(frozen=True, slots=True)
class PaperReceipt:
    """What the paper says. ``taken_at`` is aware."""

    taken_at: datetime
    number: str = ""

    def check(self, now: datetime) -> None:
        """Raises ``bad_value``: not in the future, not long ago, a number that fits a receipt."""
        if self.taken_at > now:
            raise DeskError(Refusal.BAD_VALUE, "A payment on paper was taken before now. Check the date and time.")
        if now - self.taken_at > LONGEST_AGO:
            raise DeskError(Refusal.BAD_VALUE, f"More than {LONGEST_AGO.days} days ago: check the date of the paper receipt.")
        if len(self.number) > LONGEST_NUMBER:
            raise DeskError(Refusal.BAD_VALUE, f"A paper receipt's number has at most {LONGEST_NUMBER} characters.")


def paper_key(number: str) -> str:
    """A paper receipt's number for comparing: however it was spaced or written."""
    return "".join(number.upper().split())
