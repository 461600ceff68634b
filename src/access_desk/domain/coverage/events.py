"""What is recorded about who pays for a visit.

The plans that a visit was registered with are the first state; their ids are ``{visit_id}.1``, ``.2`` and so on. Every
event names its visit and its patient, and stands in the history of both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from access_desk.domain.content import Content
from access_desk.domain.coverage.authorization import Authorization
from access_desk.domain.coverage.eligibility import EligibilityAnswer
from access_desk.domain.events import event_kind
from access_desk.domain.visits.events import Coverage

CARD_SIDES = ("front", "back")


@event_kind("coverage.added")
@dataclass(frozen=True, slots=True)
class CoverageAdded:
    """One more plan, at a place in the order of benefits (from 1)."""

    visit_id: str
    patient_id: str
    coverage_id: str
    position: int
    coverage: Coverage


@event_kind("coverage.amended")
@dataclass(frozen=True, slots=True)
class CoverageAmended:
    """Fields that changed, each with its new value: dates in ISO form, money like 25.00, yes as 1, blank for none."""

    visit_id: str
    patient_id: str
    coverage_id: str
    changes: Mapping[str, str]


@event_kind("coverage.removed")
@dataclass(frozen=True, slots=True)
class CoverageRemoved:
    """The plan does not pay for this visit after all; what was known of it stays in the log."""

    visit_id: str
    patient_id: str
    coverage_id: str
    reason: str


@event_kind("coverage.reordered")
@dataclass(frozen=True, slots=True)
class CoveragesReordered:
    """A new order of benefits. ``reason`` is set when it is against what the Medicare questionnaire said."""

    visit_id: str
    patient_id: str
    order: tuple[str, ...]
    reason: str = ""


@event_kind("coverage.card_kept")
@dataclass(frozen=True, slots=True)
class CardKept:
    """An image of a plan's card; its bytes lie in the encrypted store."""

    visit_id: str
    patient_id: str
    coverage_id: str
    side: str
    image: Content
    media_type: str


@event_kind("mspq.answered")
@dataclass(frozen=True, slots=True)
class SecondaryPayerAnswered:
    """The Medicare secondary payer questionnaire was asked; ``msp_type`` is blank when Medicare pays first."""

    visit_id: str
    patient_id: str
    questionnaire: str
    answered_by: str
    answers: Mapping[str, str]
    pays_first: str
    msp_type: str
    rule: str


@event_kind("eligibility.checked")
@dataclass(frozen=True, slots=True)
class EligibilityChecked:
    """What a payer answered about a plan, when (aware UTC) and where from; ``raw`` is the answer
    as it came, in the encrypted store; None for one taken by telephone.
    """

    visit_id: str
    patient_id: str
    coverage_id: str
    source: str
    checked_at: datetime
    answer: EligibilityAnswer
    raw: Content | None = None


@event_kind("authorization.recorded")
@dataclass(frozen=True, slots=True)
class AuthorizationRecorded:
    """Where the authorization of a plan for this visit stands now; the last one holds."""

    visit_id: str
    patient_id: str
    coverage_id: str
    authorization: Authorization


@event_kind("authorization.rule_set")
@dataclass(frozen=True, slots=True)
class AuthorizationRuleSet:
    """For which types of visit a payer wants an authorization, at this facility."""

    payer: str
    visit_types: tuple[str, ...]
