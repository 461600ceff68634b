"""The rules of expected visits. An import may be repeated: what is already known is not recorded again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.events import Fact, Recorded
from access_desk.domain.schedule.events import (
    OUTCOMES,
    AppointmentArrived,
    AppointmentDetails,
    AppointmentEnded,
    AppointmentRegistered,
    VisitScheduled,
)
from access_desk.domain.visits.decide import check_visit

# As day files have it: what lies outside is mistyped, and cannot be told in every time zone.
FIRST_YEAR, LAST_YEAR = 1900, 2200
SCHEDULED, ARRIVED, REGISTERED, CANCELLED, NO_SHOW = "scheduled", "arrived", "registered", "cancelled", "no_show"


@dataclass(frozen=True, slots=True)
class AppointmentState:
    """One expected visit. ``patient_id`` is blank while no record of the person is known."""

    appointment_id: str
    day: date
    details: AppointmentDetails
    patient_id: str
    status: str = SCHEDULED
    arrived_at: datetime | None = None
    visit_id: str = ""
    reason: str = ""


def evolve(state: AppointmentState | None, event: Recorded) -> AppointmentState | None:
    """The appointment after one more event."""
    match event.body:
        case VisitScheduled() as said:
            made = AppointmentState(said.appointment_id, said.day, said.details, said.patient_id)
            if state is None or state.status not in (ARRIVED, REGISTERED):
                return made
            return replace(made, status=state.status, arrived_at=state.arrived_at, visit_id=state.visit_id)
        case AppointmentArrived() if state is not None:
            return replace(state, status=ARRIVED, arrived_at=event.recorded_at, reason="")
        case AppointmentRegistered(visit_id=visit_id) if state is not None:
            return replace(state, status=REGISTERED, visit_id=visit_id)
        case AppointmentEnded(outcome=outcome, reason=reason) if state is not None:
            return replace(state, status=outcome, reason=reason)
    return state


def check_details(details: AppointmentDetails) -> None:
    """Raises ``bad_value`` or ``bad_identifier``; the text names no patient."""
    if not details.source_id.strip():
        raise DeskError(Refusal.BAD_VALUE, "source_id is missing")
    if details.scheduled_at.tzinfo is None:
        raise DeskError(Refusal.BAD_VALUE, "scheduled_at has no time zone")
    if not FIRST_YEAR <= details.scheduled_at.year <= LAST_YEAR:
        raise DeskError(Refusal.BAD_VALUE, f"scheduled_at lies outside {FIRST_YEAR} to {LAST_YEAR}")
    has_name = bool(details.family.strip() or details.given.strip())
    if not details.mrn.strip() and not (has_name and details.birth_date is not None):
        raise DeskError(Refusal.BAD_VALUE, "an mrn, or a name with a birth_date, is needed")
    check_visit(details.visit, ())


def decide_schedule(
    state: AppointmentState | None, appointment_id: str, details: AppointmentDetails, patient_id: str, day: date
) -> list[Fact]:
    """A visit expected; nothing when it is known like this already, or when the person has come."""
    check_details(details)
    if state is not None:
        known = (state.details, state.patient_id) == (details, patient_id)
        if state.status in (ARRIVED, REGISTERED) or (known and state.status == SCHEDULED):
            return []
        # What this desk cancelled comes back only when the scheduling system says something new.
        if known:
            return []
    also = (patient_id,) if patient_id else ()
    return [Fact(appointment_id, VisitScheduled(appointment_id, day, details, patient_id), None, also)]


def decide_arrival(state: AppointmentState) -> list[Fact]:
    """The person is here, also after somebody noted that nobody came."""
    if state.status in (ARRIVED, REGISTERED):
        return []
    return [Fact(state.appointment_id, AppointmentArrived(state.appointment_id))]


def decide_registered(state: AppointmentState, visit_id: str) -> list[Fact]:
    """The visit that the appointment became; registering says that the person is here."""
    if state.status == REGISTERED:
        return []
    return [
        *decide_arrival(state),
        Fact(state.appointment_id, AppointmentRegistered(state.appointment_id, visit_id), None, (visit_id,)),
    ]


def decide_end(state: AppointmentState, outcome: str, reason: str) -> list[Fact]:
    """Cancelled, which needs a reason, or nobody came."""
    if outcome not in OUTCOMES:
        raise DeskError(Refusal.BAD_VALUE, "An expected visit ends as cancelled or as no show.")
    if state.status != SCHEDULED:
        raise DeskError(Refusal.BAD_VALUE, "This visit is not expected any more. Nothing was changed.")
    if outcome == CANCELLED and not reason.strip():
        raise DeskError(Refusal.NEEDS_REASON, "Say why the visit was cancelled.")
    return [Fact(state.appointment_id, AppointmentEnded(state.appointment_id, outcome, reason.strip()))]
