"""A measured ratio and how it is written down."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """``ratio`` is what was measured, ``goal`` the most it should be; None for a plain figure."""

    what: str
    ratio: float
    goal: float | None
    against: str
    detail: str

    @property
    def line(self) -> str:
        """A line of the table."""
        goal = f"at most {self.goal:g}" if self.goal is not None else "–"
        met = "" if self.goal is None else ("yes" if self.ratio <= self.goal else "**no**")
        return f"| {self.what} | {self.ratio:.2f} | {goal} | {met} | {self.against} | {self.detail} |"
