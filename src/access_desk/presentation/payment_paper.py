"""A payment that was taken on paper while the program was down: when, and under which number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.payments.on_paper import PaperReceipt
from access_desk.presentation.emergency_log import read_moment
from access_desk.presentation.registration_dates import TypedTextError


@dataclass(frozen=True, slots=True)
class PaperForm:
    """What is typed of the paper receipt; nothing of it counts until ``is_paper``."""

    is_paper: bool = False
    day: str = ""
    at: str = ""
    number: str = ""

    def read(self, now: datetime) -> PaperReceipt | None:
        """What the paper says; None for a payment that is taken now.

        Args:
            now: the facility's wall clock.

        Raises:
            DeskError: ``bad_value``, saying what to enter.
        """
        if not self.is_paper:
            return None
        if not self.day.strip() or not self.at.strip():
            raise DeskError(Refusal.BAD_VALUE, "Taken on paper: enter the date and the time on the paper receipt.")
        try:
            taken_at = read_moment(self.day, self.at, now)
        except TypedTextError as wrong:
            raise DeskError(Refusal.BAD_VALUE, f"Taken on paper: {wrong.text}") from wrong
        paper = PaperReceipt(taken_at, self.number.strip())
        paper.check(now)
        return paper
