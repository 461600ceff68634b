"""Visits as screens list them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from access_desk.domain.money import Money
from access_desk.domain.patients.events import Demographics
from access_desk.domain.visits.events import Coverage, VisitDetails


@dataclass(frozen=True, slots=True)
class Milestone:
    """A milestone of a visit with when it was recorded (aware UTC) and by whom."""

    milestone: str
    reached_at: datetime
    recorded_by: str


@dataclass(frozen=True, slots=True)
class VisitRow:
    """One visit with its patient. ``copay_owed`` is the plans' copay less what was paid for it; never negative."""

    visit_id: str
    patient_id: str
    account_number: str
    mrn: str
    demographics: Demographics
    unidentified: bool
    details: VisitDetails
    coverages: tuple[Coverage, ...]
    arrived_at: datetime
    registered_by: str
    milestones: tuple[Milestone, ...]
    copay_owed: Money
    paid: Money

    def has(self, milestone: str) -> bool:
        """Whether the visit reached a milestone."""
        return any(one.milestone == milestone for one in self.milestones)

    @property
    def has_left(self) -> bool:
        """Whether the person is no longer waiting or being seen."""
        return self.has("departed") or self.has("left_without_being_seen")
