"""What is recorded about a visit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from access_desk.domain.events import event_kind
from access_desk.domain.money import Money

VISIT_TYPES = ("outpatient", "emergency", "inpatient", "observation", "newborn")
VISIT_MILESTONES = ("triaged", "mse_completed", "stabilized", "roomed", "admitted", "departed", "left_without_being_seen")


@dataclass(frozen=True, slots=True)
class VisitDetails:
    """Why the person is here; ``type`` is one of VISIT_TYPES."""

    type: str = "outpatient"
    service: str = ""
    reason: str = ""
    location: str = ""
    attending_npi: str = ""


@dataclass(frozen=True, slots=True)
class Coverage:
    """One plan that may pay, in order of benefits."""

    payer: str = ""
    plan: str = ""
    member_id: str = ""
    group: str = ""
    relationship: str = ""
    subscriber: str = ""
    copay: Money | None = None
    medicare: bool = False
    subscriber_birth_date: date | None = None
    starts: date | None = None
    ends: date | None = None


@event_kind("visit.registered", version=3)
@dataclass(frozen=True, slots=True)
class VisitRegistered:
    """A person arrived and was registered; ``account_number`` is what sheets and receipts show.

    ``happened_at`` (aware, UTC) is when they came, of a registration that was entered after the fact, and ``paper_number`` the
    number of the paper it was taken on. Without them they came when it was recorded. ``begun_at`` is when somebody began to
    register them: how long that took is a figure of the trade (registrations an hour).
    """

    visit_id: str
    patient_id: str
    account_number: str
    details: VisitDetails
    coverages: tuple[Coverage, ...]
    happened_at: datetime | None = None
    paper_number: str = ""
    begun_at: datetime | None = None

    def came_at(self, recorded_at: datetime) -> datetime:
        """When the person came, as far as it is known."""
        return self.happened_at or recorded_at


@event_kind("visit.progressed")
@dataclass(frozen=True, slots=True)
class VisitProgressed:
    """A milestone of a visit, one of VISIT_MILESTONES."""

    visit_id: str
    milestone: str
