"""Registrations that were taken on paper while the program was down, and are entered afterwards.

Both moments are kept: when the person came, from which every clock runs, and when it was entered, which orders the log and
fixes the business date. The number on the paper leads back to it; a paper can be entered once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.payments.on_paper import LONGEST_AGO, LONGEST_NUMBER

MOST_DAYS: Final = LONGEST_AGO.days


@dataclass(frozen=True, slots=True)
class PaperRegistration:
    """What the paper says: when the person came (aware), and the paper's number, blank when it has none."""

    came_at: datetime
    number: str = ""

    def check(self, now: datetime) -> None:
        """Raises ``bad_value``: not in the future, not long ago, a number that fits."""
        if self.came_at.tzinfo is None:
            raise DeskError(Refusal.BAD_VALUE, "A registration on paper needs the date and the time of day.")
        if self.came_at > now:
            raise DeskError(
                Refusal.BAD_VALUE, "A registration on paper was taken before now. Check the date and the time on the paper."
            )
        if now - self.came_at > LONGEST_AGO:
            raise DeskError(Refusal.BAD_VALUE, f"More than {MOST_DAYS} days ago: check the date on the paper.")
        if len(self.number.strip()) > LONGEST_NUMBER:
            raise DeskError(Refusal.BAD_VALUE, f"The number of a paper has at most {LONGEST_NUMBER} characters.")

    @property
    def moment(self) -> datetime:
        """When the person came, in UTC."""
        return self.came_at.astimezone(UTC)
