"""Visits as screens list them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from access_desk.domain.estimates.share import Share
from access_desk.domain.money import Money, total
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
    """One visit with its patient. ``copay_owed`` is the plans' copay less what was paid for it; never negative.

    ``shares`` are the last estimates by coverage id, ``paid_for`` what was paid by purpose. ``band_says`` is a record number
    that is no longer the record's, while the wristband was not printed since.
    """

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
    coverage_ids: tuple[str, ...] = ()
    shares: Mapping[str, Share] = field(default_factory=dict)
    paid_for: Mapping[str, Money] = field(default_factory=dict)
    band_says: str = ""

    def copays(self) -> tuple[tuple[Coverage, Money], ...]:
        """Every plan with a copay: what an estimate worked out, else what the plan says; the first payer's first."""
        plans = zip(self.coverages, self.coverage_ids or ("",) * len(self.coverages), strict=True)
        due = ((one, self.shares[key].copay if key in self.shares else one.copay) for one, key in plans)
        return tuple((one, copay) for one, copay in due if copay)

    @property
    def billed_later(self) -> Money:
        """What estimates say is billed once the plans have paid, less what was paid ahead for it."""
        later = total(share.billed_later for share in self.shares.values())
        ahead = total(self.paid_for.get(purpose, Money(0)) for purpose in ("deductible", "coinsurance"))
        return max(later - ahead, Money(0))

    def has(self, milestone: str) -> bool:
        """Whether the visit reached a milestone."""
        return any(one.milestone == milestone for one in self.milestones)

    @property
    def needs_new_band(self) -> bool:
        """Whether the person is here with a wristband whose number finds them but is not theirs any more."""
        return bool(self.band_says) and not self.has_left

    @property
    def has_left(self) -> bool:
        """Whether the person is no longer waiting or being seen."""
        return self.has("departed") or self.has("left_without_being_seen")
