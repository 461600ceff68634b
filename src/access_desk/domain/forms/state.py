"""What became of the forms of one visit, folded so that the order in which events arrive does not matter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from access_desk.domain.events import Recorded
from access_desk.domain.forms.catalogue import CATALOGUE, INITIAL
from access_desk.domain.forms.events import FormAskedFor, FormCompleted, FormOffered, StayNoted
from access_desk.domain.visits.emergency_events import EmergencyEnded, milestones_of
from access_desk.domain.visits.events import VisitProgressed, VisitRegistered

Part = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Offered:
    """A form that was put before somebody, first and last."""

    stamp: str
    at: datetime
    language: str


@dataclass(frozen=True, slots=True)
class Completed:
    """What became of a form; ``event_id`` names it."""

    stamp: str
    event_id: str
    recorded_at: datetime
    recorded_by: str
    body: FormCompleted


@dataclass(frozen=True, slots=True)
class FormsState:
    """The forms of a visit by (form, part), and the moments of the stay that their clocks run from.

    ``completed`` has every completion in the order of clock stamps, so that a refusal stays known after a signature.
    """

    came_at: datetime | None = None
    type: str = ""
    asked: Mapping[str, str] = field(default_factory=dict)
    offered: Mapping[Part, Offered] = field(default_factory=dict)
    completed: Mapping[Part, tuple[Completed, ...]] = field(default_factory=dict)
    moments: Mapping[str, tuple[str, datetime]] = field(default_factory=dict)
    milestones: Mapping[str, datetime] = field(default_factory=dict)

    def last(self, form: str, part: str = INITIAL) -> Completed | None:
        """What became of a form last."""
        done = self.completed.get((form, part), ())
        return done[-1] if done else None

    def given(self, form: str, part: str = INITIAL) -> tuple[datetime, ...]:
        """When a form was given: signed, refused or not able to be signed; the first is what clocks ask for."""
        return tuple(sorted(one.body.given_at for one in self.completed.get((form, part), ())))

    def moment(self, name: str) -> datetime | None:
        """A moment of the stay that was noted."""
        found = self.moments.get(name)
        return found[1] if found else None

    @property
    def admitted_at(self) -> datetime | None:
        """When the patient became an inpatient: as noted, else by the milestone, else on arrival of an inpatient visit."""
        reached = self.milestones.get("admitted")
        return self.moment("inpatient_admitted") or reached or (self.came_at if self.type == "inpatient" else None)

    @property
    def observed_from(self) -> datetime | None:
        """When observation began: as noted, else on arrival of an observation visit."""
        return self.moment("observation_began") or (self.came_at if self.type == "observation" else None)

    @property
    def left_at(self) -> datetime | None:
        """When the patient left."""
        return self.moment("discharged") or self.milestones.get("departed") or self.milestones.get("left_without_being_seen")

    @property
    def types(self) -> frozenset[str]:
        """What the visit is and became, for the catalogue."""
        became = {self.type} if self.type else set()
        if self.admitted_at is not None:
            became.add("inpatient")
        if self.observed_from is not None:
            became.add("observation")
        return frozenset(became)


def evolve(state: FormsState | None, event: Recorded) -> FormsState | None:
    """The forms after one more event of the visit's history."""
    state = state or FormsState()
    match event.body:
        case VisitRegistered() as made:
            return replace(state, came_at=made.came_at(event.recorded_at), type=made.details.type)
        case VisitProgressed(milestone=milestone):
            return _reached(state, milestone, event.recorded_at)
        case EmergencyEnded(ended_at=at) as ended:
            return _reached(state, min(milestones_of(ended)), at)
        case FormAskedFor(form=form, reason=reason):
            return replace(state, asked={**state.asked, form: reason})
        case FormOffered() as offered:
            return _offered(state, event, offered)
        case FormCompleted() as body:
            key = (body.form, body.part)
            done = Completed(event.stamp, event.event_id, event.recorded_at, event.actor_id, body)
            every = tuple(sorted((*state.completed.get(key, ()), done), key=lambda one: one.stamp))
            return replace(state, completed={**state.completed, key: every})
        case StayNoted(moment=moment, at=at):
            if event.stamp >= state.moments.get(moment, ("", at))[0]:
                return replace(state, moments={**state.moments, moment: (event.stamp, at)})
    return state


def _reached(state: FormsState, milestone: str, at: datetime) -> FormsState:
    return replace(state, milestones={**state.milestones, milestone: min(at, state.milestones.get(milestone, at))})


def _offered(state: FormsState, event: Recorded, body: FormOffered) -> FormsState:
    key = (body.form, body.part)
    before = state.offered.get(key)
    if before is not None and before.stamp >= event.stamp:
        return state
    return replace(state, offered={**state.offered, key: Offered(event.stamp, event.recorded_at, body.language)})


@dataclass(frozen=True, slots=True)
class PatientForms:
    """The forms that are given once to a patient, by form and version, with the visit where that was."""

    given: Mapping[tuple[str, str], str] = field(default_factory=dict)


def evolve_patient(state: PatientForms | None, event: Recorded) -> PatientForms | None:
    """The once-given forms after one more event of the patient's history."""
    state = state or PatientForms()
    body = event.body
    if isinstance(body, FormCompleted) and body.form in CATALOGUE and CATALOGUE[body.form].once:
        return PatientForms({**state.given, (body.form, body.version): body.visit_id})
    return state
