"""The phases of an emergency visit, and what may be recorded in each.

arrived -> triaged -> screened -> (stabilized) -> released, and at any point: ended. 42 CFR 489.24(a)(1): everybody who comes
gets a screening exam by a qualified person; (d)(1): an emergency condition that is found is stabilized.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.events import Body, Fact, Recorded
from access_desk.domain.permissions import Action, check_role
from access_desk.domain.policy import Policy
from access_desk.domain.staff import Person
from access_desk.domain.visits.emergency_events import (
    DISPOSITIONS,
    EXAMINER_ROLES,
    NO_CONDITION,
    SOURCES,
    EmergencyArrived,
    EmergencyEnded,
    ScreeningCompleted,
    StabilizationRecorded,
    milestones_of,
)
from access_desk.domain.visits.emtala import releases
from access_desk.domain.visits.events import VisitDetails, VisitProgressed, VisitRegistered

# Downtime entries lie days back at most; a moment further away is a mistyped date.
LONGEST_LATE = timedelta(days=60)
# From here on an entry counts as late: what a desk enters while the person stands there takes minutes.
LATE_AFTER = timedelta(minutes=15)
MOST_TEXT = 200
_ENDS = frozenset({"departed", "left_without_being_seen", "admitted"})


class Phase(StrEnum):
    """Where an emergency visit is."""

    ARRIVED = "arrived"
    TRIAGED = "triaged"
    SCREENED = "screened"
    STABILIZED = "stabilized"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody who came: when (aware), and why, in their own words."""

    arrived_at: datetime
    complaint: str
    identifier: str = ""


@dataclass(frozen=True, slots=True)
class Screening:
    """A screening exam to record."""

    examined_by: str
    role: str
    completed_at: datetime
    source: str
    has_condition: bool


@dataclass(frozen=True, slots=True)
class Stabilization:
    """A stabilization to record."""

    stabilized_by: str
    stabilized_at: datetime
    source: str


@dataclass(frozen=True, slots=True)
class Ending:
    """What became of the person."""

    disposition: str
    ended_at: datetime
    source: str


@dataclass(frozen=True, slots=True)
class EmergencyState:
    """What is recorded of an emergency visit; a fact of another desk may come before the one it builds on.

    ``moments`` has the first moment at which each milestone was reached, as far as it is known.
    """

    visit_id: str = ""
    patient_id: str = ""
    type: str = ""
    came_at: datetime | None = None
    arrival: EmergencyArrived | None = None
    screening: ScreeningCompleted | None = None
    stabilization: StabilizationRecorded | None = None
    ending: EmergencyEnded | None = None
    milestones: frozenset[str] = frozenset()
    moments: Mapping[str, datetime] = field(default_factory=dict)

    @property
    def arrived_at(self) -> datetime | None:
        """When the person came, as far as that is known."""
        return self.arrival.arrived_at if self.arrival else self.came_at

    @property
    def phase(self) -> Phase:
        """The furthest phase that is recorded."""
        if self.milestones & _ENDS:
            return Phase.ENDED
        if "stabilized" in self.milestones:
            return Phase.STABILIZED
        if "mse_completed" in self.milestones:
            return Phase.SCREENED
        return Phase.TRIAGED if "triaged" in self.milestones else Phase.ARRIVED

    def is_released(self, policy: Policy) -> bool:
        """Whether the person may be asked for money."""
        return self.type != "emergency" or releases(self.milestones, policy)

    def released_at(self, policy: Policy) -> datetime | None:
        """From when on the person could be asked for money; None while they may not be."""
        releasing = (at for milestone, at in self.moments.items() if releases(frozenset({milestone}), policy))
        return min(releasing, default=None)

    @property
    def left_at(self) -> datetime | None:
        """When the person left the department."""
        return min((at for milestone, at in self.moments.items() if milestone in _ENDS), default=None)

    def reached(self, milestones: frozenset[str], at: datetime) -> EmergencyState:
        """With milestones that were reached at a moment."""
        first = {one: min(at, self.moments.get(one, at)) for one in milestones}
        return replace(self, milestones=self.milestones | milestones, moments={**self.moments, **first})


def evolve(state: EmergencyState | None, event: Recorded) -> EmergencyState | None:
    """The emergency after one more event of the visit's history."""
    state, body = state or EmergencyState(), event.body
    match body:
        case VisitRegistered() as made:
            return replace(
                state,
                visit_id=made.visit_id,
                patient_id=made.patient_id,
                type=made.details.type,
                came_at=made.came_at(event.recorded_at),
            )
        case VisitProgressed(milestone=milestone):
            return state.reached(frozenset({milestone}), event.recorded_at)
        case EmergencyArrived():
            return replace(state, arrival=body)
        case ScreeningCompleted(completed_at=at):
            return replace(state.reached(milestones_of(body), at), screening=body)
        case StabilizationRecorded(stabilized_at=at):
            return replace(state.reached(milestones_of(body), at), stabilization=body)
        case EmergencyEnded(ended_at=at):
            return replace(state.reached(milestones_of(body), at), ending=body)
    return state


def check_taken_after_release(
    emergencies: Iterable[EmergencyState], taken_at: datetime, policy: Policy, *, of_visit: bool
) -> None:
    """Raises ``emtala_hold`` for money that was taken on paper of somebody who had come and was not released yet.

    ``of_visit`` says that it was taken for that visit; else what counts is whether they were there when it was taken.
    """
    for one in emergencies:
        is_there = one.arrived_at is not None and one.arrived_at <= taken_at and not (one.left_at and one.left_at <= taken_at)
        released_at = one.released_at(policy)
        if one.type == "emergency" and (of_visit or is_there) and (released_at is None or taken_at < released_at):
            raise DeskError(
                Refusal.EMTALA_HOLD,
                "This was taken before the visit was released, when nobody may be asked for money (42 CFR 489.24(d)(4)). Nothing "
                "was recorded. Give the money back and tell compliance; what cannot be given back is paid in with a shift lead.",
            )


def check_arrival(arrival: Arrival, now: datetime) -> None:
    """Raises ``bad_value``."""
    if not arrival.complaint.strip():
        raise DeskError(Refusal.BAD_VALUE, "Say in a word or two why the person is here.")
    _check_text(arrival.complaint)
    _check_text(arrival.identifier)
    if arrival.arrived_at > now:
        raise DeskError(Refusal.BAD_VALUE, "The arrival lies in the future. Check the time.")
    if arrival.arrived_at < now - LONGEST_LATE:
        raise DeskError(Refusal.BAD_VALUE, "The arrival lies more than 60 days back. Check the date.")


def decide_arrival(visit_id: str, patient_id: str, details: VisitDetails, arrival: Arrival, now: datetime) -> Fact:
    """Somebody came: the line of the central log, which stays whatever becomes of them."""
    check_arrival(arrival, now)
    if details.type != "emergency":
        raise DeskError(Refusal.BAD_VALUE, "An emergency arrival is an emergency visit.")
    arrived = EmergencyArrived(visit_id, patient_id, arrival.arrived_at, arrival.complaint.strip(), arrival.identifier.strip())
    return Fact(visit_id, arrived, None, (patient_id,))


def decide_screening(emergency: EmergencyState, given: Screening, person: Person, now: datetime) -> list[Fact]:
    """The exam, once. A plain milestone that says only that it happened is completed by it."""
    _check_emergency(emergency)
    if not given.examined_by.strip():
        raise DeskError(Refusal.BAD_VALUE, "Enter the name of the person who did the screening exam.")
    _check_text(given.examined_by)
    if given.role not in EXAMINER_ROLES:
        raise DeskError(Refusal.BAD_VALUE, "Only somebody designated by the bylaws does the screening exam. Choose their role.")
    _check_source(given.source)
    _check_moment(emergency, given.completed_at, now)
    check_role(person, Action.SCREENING)
    if emergency.screening is not None:
        raise DeskError(Refusal.BAD_VALUE, "The screening exam of this visit is recorded already.")
    if "left_without_being_seen" in emergency.milestones:
        raise DeskError(Refusal.BAD_VALUE, "This person left without being seen. A new arrival is a new visit.")
    body = ScreeningCompleted(
        emergency.visit_id,
        emergency.patient_id,
        given.examined_by.strip(),
        given.role,
        given.completed_at,
        given.source,
        given.has_condition,
    )
    return [_fact(emergency, body)]


def decide_stabilization(emergency: EmergencyState, given: Stabilization, person: Person, now: datetime) -> list[Fact]:
    """An emergency condition that the exam found is stabilized, once."""
    _check_emergency(emergency)
    if not given.stabilized_by.strip():
        raise DeskError(Refusal.BAD_VALUE, "Enter the name of the person who says that the condition is stabilized.")
    _check_text(given.stabilized_by)
    _check_source(given.source)
    _check_moment(emergency, given.stabilized_at, now)
    check_role(person, Action.STABILIZATION)
    if emergency.stabilization is not None:
        raise DeskError(Refusal.BAD_VALUE, "Stabilization of this visit is recorded already.")
    if "mse_completed" not in emergency.milestones:
        raise DeskError(Refusal.BAD_VALUE, "Record the screening exam first: it says whether there is an emergency condition.")
    if NO_CONDITION in emergency.milestones:
        raise DeskError(Refusal.BAD_VALUE, "The screening exam found no emergency condition, so there is none to stabilize.")
    if emergency.screening is not None and given.stabilized_at < emergency.screening.completed_at:
        raise DeskError(Refusal.BAD_VALUE, "The condition cannot be stabilized before the screening exam. Check the time.")
    body = StabilizationRecorded(
        emergency.visit_id, emergency.patient_id, given.stabilized_by.strip(), given.stabilized_at, given.source
    )
    return [_fact(emergency, body)]


def decide_ending(emergency: EmergencyState, given: Ending, person: Person, now: datetime) -> list[Fact]:
    """What became of the person, once; it is what the central log has to say of everybody."""
    _check_emergency(emergency)
    if given.disposition not in DISPOSITIONS:
        raise DeskError(Refusal.BAD_VALUE, "Choose what became of the person.")
    _check_source(given.source)
    _check_moment(emergency, given.ended_at, now)
    check_role(person, Action.EMERGENCY_END)
    if emergency.ending is not None:
        raise DeskError(Refusal.BAD_VALUE, "What became of this person is recorded already.")
    if given.disposition == "left_without_being_seen" and "mse_completed" in emergency.milestones:
        raise DeskError(Refusal.BAD_VALUE, "This person was seen: the screening exam is recorded. Choose another end.")
    body = EmergencyEnded(emergency.visit_id, emergency.patient_id, given.disposition, given.ended_at, given.source)
    return [_fact(emergency, body)]


def is_late(happened_at: datetime, entered_at: datetime) -> bool:
    """Whether something was entered so long after it happened that both moments have to be seen."""
    return entered_at - happened_at >= LATE_AFTER


def _fact(emergency: EmergencyState, body: Body) -> Fact:
    return Fact(emergency.visit_id, body, None, (emergency.patient_id,))


def _check_emergency(emergency: EmergencyState) -> None:
    if emergency.type != "emergency":
        raise DeskError(Refusal.BAD_VALUE, "This is not an emergency visit.")


def _check_source(source: str) -> None:
    if source not in SOURCES:
        raise DeskError(Refusal.BAD_VALUE, "Say how the desk knows: from the clinician, the tracking board, the chart or paper.")


def _check_text(text: str) -> None:
    if len(text) > MOST_TEXT:
        raise DeskError(Refusal.BAD_VALUE, f"Use at most {MOST_TEXT} letters here. The rest belongs into the chart.")


def _check_moment(emergency: EmergencyState, moment: datetime, now: datetime) -> None:
    if moment > now:
        raise DeskError(Refusal.BAD_VALUE, "This lies in the future. Check the time.")
    if emergency.arrived_at is not None and moment < emergency.arrived_at:
        raise DeskError(Refusal.BAD_VALUE, "This lies before the person arrived. Check the time.")
