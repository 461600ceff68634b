"""The queue of a visit: where the person is, who called, and what may come next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.events import Fact, Recorded
from access_desk.domain.queue.events import QUEUE_PLACES, QueueMoved
from access_desk.domain.visits.events import VisitProgressed
from access_desk.domain.visits.state import VisitState

GONE = frozenset({"departed", "left_without_being_seen"})
ARRIVED, TRIAGE, CALLED, IN_PROGRESS, WAITING, DONE = "arrived", "triage", "called", "in_progress", "waiting", "done"


@dataclass(frozen=True, slots=True)
class Call:
    """One call from a desk."""

    called_by: str
    desk_label: str
    called_at: datetime


@dataclass(frozen=True, slots=True)
class QueueState:
    """Where a person is. ``calls`` are those since they last sat down or went back; ``at`` is None before any move."""

    place: str = ARRIVED
    at: datetime | None = None
    by: str = ""
    desk_label: str = ""
    calls: tuple[Call, ...] = ()

    @property
    def is_called_twice(self) -> bool:
        """Whether two desks, or two people, called the same person."""
        return len({(call.called_by, call.desk_label) for call in self.calls}) > 1


def evolve(state: QueueState | None, event: Recorded) -> QueueState | None:
    """The queue after one more event."""
    match event.body:
        case QueueMoved(place="called", desk_label=desk):
            calls = state.calls if state is not None and state.place == CALLED else ()
            call = Call(event.actor_id, desk, event.recorded_at)
            return QueueState(CALLED, event.recorded_at, event.actor_id, desk, (*calls, call))
        case QueueMoved(place=place, desk_label=desk):
            return QueueState(place, event.recorded_at, event.actor_id, desk)
        case VisitProgressed(milestone=milestone) if milestone in GONE:
            return QueueState(DONE, event.recorded_at, event.actor_id)
    return state


def standing(visit_type: str, milestones: frozenset[str], queue: QueueState) -> str:
    """One of arrived, triage, called, in_progress, waiting and done; an emergency nobody triaged yet waits for triage."""
    if queue.place in (CALLED, IN_PROGRESS, DONE):
        return queue.place
    seen = milestones & {"triaged", "mse_completed", "stabilized", "admitted"}
    return TRIAGE if visit_type == "emergency" and not seen else queue.place


def decide_move(visit: VisitState, queue: QueueState, place: str, desk_label: str) -> list[Fact]:
    """A move in the queue; one that changes nothing is not recorded. A second call is, so that both desks see it."""
    if place not in QUEUE_PLACES:
        raise DeskError(Refusal.BAD_VALUE, "A person is called, in progress, waiting or done.")
    if visit.milestones & GONE:
        raise DeskError(Refusal.BAD_VALUE, "This person has left. Nothing was changed.")
    if queue.place == DONE and place in (CALLED, IN_PROGRESS):
        raise DeskError(Refusal.BAD_VALUE, "This person is done. Put them back into the queue first.")
    if queue.place == IN_PROGRESS and place == CALLED:
        raise DeskError(Refusal.BAD_VALUE, f"This person is already at {queue.desk_label or 'another desk'}.")
    if queue.place == IN_PROGRESS and place == IN_PROGRESS and queue.desk_label != desk_label:
        raise DeskError(Refusal.BAD_VALUE, f"This person is already at {queue.desk_label or 'another desk'}.")
    is_same = place == queue.place and place != CALLED
    if is_same or (place == WAITING and queue.place == ARRIVED):
        return []
    return [Fact(visit.visit_id, QueueMoved(visit.visit_id, visit.patient_id, place, desk_label), None, (visit.patient_id,))]
