"""What is recorded about estimates; the inputs are frozen with the figures, so that each can be worked out again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from access_desk.domain.estimates.good_faith import GoodFaithEstimate
from access_desk.domain.estimates.share import Share, ShareInputs
from access_desk.domain.events import event_kind


@event_kind("estimate.made")
@dataclass(frozen=True, slots=True)
class EstimateMade:
    """A patient's probable share under one plan; ``rule`` names the computation and its version."""

    estimate_id: str
    visit_id: str
    patient_id: str
    coverage_id: str
    inputs: ShareInputs
    share: Share
    rule: str


@event_kind("good_faith_estimate.asked")
@dataclass(frozen=True, slots=True)
class GoodFaithAsked:
    """The clock of a good-faith estimate started; ``due_on`` is its last day, None when none is owed."""

    visit_id: str
    patient_id: str
    trigger: str
    asked_on: date
    service_on: date | None
    due_on: date | None


@event_kind("good_faith_estimate.made")
@dataclass(frozen=True, slots=True)
class GoodFaithMade:
    """The figures of a good-faith estimate; the paper is drawn from them and nothing else."""

    estimate_id: str
    visit_id: str
    patient_id: str
    estimate: GoodFaithEstimate
    due_on: date | None
