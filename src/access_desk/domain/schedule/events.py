"""What is recorded about an expected visit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from access_desk.domain.events import event_kind
from access_desk.domain.visits.events import VisitDetails

OUTCOMES = ("cancelled", "no_show")


@dataclass(frozen=True, slots=True)
class AppointmentDetails:
    """Who is expected, when and for what, as the scheduling system says. ``scheduled_at`` is aware."""

    source_id: str
    scheduled_at: datetime
    visit: VisitDetails
    mrn: str = ""
    family: str = ""
    given: str = ""
    birth_date: date | None = None
    pre_registered: bool = False


@event_kind("visit.scheduled")
@dataclass(frozen=True, slots=True)
class VisitScheduled:
    """A visit is expected, or expected otherwise than before. ``day`` is local; ``patient_id`` blank: no record was found."""

    appointment_id: str
    day: date
    details: AppointmentDetails
    patient_id: str


@event_kind("appointment.arrived")
@dataclass(frozen=True, slots=True)
class AppointmentArrived:
    """The person is here."""

    appointment_id: str


@event_kind("appointment.registered")
@dataclass(frozen=True, slots=True)
class AppointmentRegistered:
    """The expected visit was registered as this one."""

    appointment_id: str
    visit_id: str


@event_kind("appointment.ended")
@dataclass(frozen=True, slots=True)
class AppointmentEnded:
    """Nobody is expected any more, one of OUTCOMES."""

    appointment_id: str
    outcome: str
    reason: str
