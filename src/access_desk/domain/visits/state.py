"""What the rules need to know of one visit."""

from __future__ import annotations

from dataclasses import dataclass, replace

from access_desk.domain.events import Recorded
from access_desk.domain.visits.emergency_events import milestones_of
from access_desk.domain.visits.events import VisitProgressed, VisitRegistered


@dataclass(frozen=True, slots=True)
class VisitState:
    """One visit with the milestones it has reached."""

    visit_id: str
    patient_id: str
    type: str
    account_number: str
    milestones: frozenset[str] = frozenset()


def evolve(state: VisitState | None, event: Recorded) -> VisitState | None:
    """The visit after one more event; None before it was registered."""
    match event.body:
        case VisitRegistered() as registered:
            return VisitState(registered.visit_id, registered.patient_id, registered.details.type, registered.account_number)
        case VisitProgressed(milestone=milestone) if state is not None:
            return replace(state, milestones=state.milestones | {milestone})
        case body if state is not None and (reached := milestones_of(body)):
            return replace(state, milestones=state.milestones | reached)
    return state
