"""Playing a day file through the use cases, and finishing one that was killed half-way."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from access_desk.domain.day import Day, DayStep, StepOutcome
from access_desk.domain.errors import DeskError
from access_desk.domain.events import Recorded
from access_desk.domain.facility.events import ActionRefused
from access_desk.domain.facility.state import FacilityState
from access_desk.domain.payments.events import PaymentReceived
from access_desk.domain.permissions import Action
from access_desk.domain.ports import Clock
from access_desk.domain.visits.events import VisitRegistered
from access_desk.services.day_steps import DeskServices, Names, prepare
from access_desk.services.day_values import bad_value
from access_desk.services.journal import By, Journal
from access_desk.storage.engine import read_transaction
from access_desk.storage.event_log import events_of_command

_AT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?", re.ASCII)
_EARLIEST, _LATEST = 1900, 2200
BEFORE_ANY_STEP = datetime(2000, 1, 1, tzinfo=UTC)


class SettableClock(Clock, Protocol):
    """A clock that is moved by hand."""

    def set_to(self, moment: datetime) -> None:
        """Let it be that moment (aware)."""
        ...


class DayClock:
    """The clock of a day file: local times become moments, steps without one follow a minute later."""

    def __init__(self, zone: str) -> None:
        self._zone = ZoneInfo(zone)
        self.last: datetime | None = None

    def moment(self, at: object) -> datetime:
        """The moment of a step. Raises ``bad_value`` for a time that cannot be or that goes back."""
        if at is None:
            if self.last is None:
                raise bad_value("at")
            return self.last + timedelta(minutes=1)
        if not isinstance(at, str) or not _AT.fullmatch(at):
            raise bad_value("at")
        try:
            naive = datetime.fromisoformat(at)
        except ValueError as wrong:
            raise bad_value("at") from wrong
        if not _EARLIEST <= naive.year <= _LATEST:
            raise bad_value("at")
        moment = naive.replace(tzinfo=self._zone, fold=0).astimezone(UTC)
        skipped = moment.astimezone(self._zone).replace(tzinfo=None) != naive
        if skipped or (self.last is not None and moment < self.last):
            raise bad_value("at")
        return moment


class DayPlayer:
    """Plays the steps of a day, each under the command id made of the file's digest and the step's number."""

    def __init__(self, day: Day, journal: Journal, clock: SettableClock, services: DeskServices) -> None:
        self.day = day
        self._journal = journal
        self._clock = clock
        self._services = services
        self._day_clock = DayClock(day.facility.timezone)
        self.names = Names()

    def learn(self, facility: FacilityState) -> None:
        """What the names of people and drawers stand for."""
        self.names.staff = {person.key: person.person_id for person in facility.people.values()}
        desk_id = self._journal.stream.desk_id
        self.names.drawers = {one.key: one.drawer_id for one in facility.drawers.values() if one.desk_id == desk_id}

    def play(self, after_step: Callable[[StepOutcome], None] | None = None) -> list[StepOutcome]:
        """Every step in order; ``after_step`` hears of each when it is durable."""
        outcomes: list[StepOutcome] = []
        for step in self.day.steps:
            outcome = self.play_step(step)
            outcomes.append(outcome)
            if after_step:
                after_step(outcome)
        return outcomes

    def play_step(self, step: DayStep) -> StepOutcome:
        """One step; when it was recorded before, what was recorded."""
        by = By(self.names.staff[step.by], self.day.command_id(step.n), _note(step))
        recorded = self._recorded(by.command_id)
        try:
            self.set_clock(step)
            perform = prepare(step, self.names, self._services)
        except DeskError as wrong:
            return self._refused(step, recorded, wrong, by)
        try:
            events = recorded or perform(by)
            _raise_if_refused(events)
        except DeskError as refusal:
            return StepOutcome(step.n, step.do, refused=True, code=refusal.code.value, text=refusal.text)
        self._name(step, events)
        return StepOutcome(step.n, step.do, refused=False)

    def set_clock(self, step: DayStep) -> None:
        """Let it be the step's moment. Raises ``bad_value`` for a time that cannot be."""
        moment = self._day_clock.moment(step.at)
        self._day_clock.last = moment
        self._clock.set_to(moment)

    def _recorded(self, command_id: str) -> list[Recorded]:
        with read_transaction(self._journal.engine) as connection:
            return events_of_command(connection, self._journal.stream, command_id)

    def _refused(self, step: DayStep, recorded: list[Recorded], wrong: DeskError, by: By) -> StepOutcome:
        if not recorded:
            self._journal.refuse(by, Action(step.do), wrong)
        return StepOutcome(step.n, step.do, refused=True, code=wrong.code.value, text=wrong.text)

    def _name(self, step: DayStep, events: list[Recorded]) -> None:
        named, named_patient = step.values.get("as"), step.values.get("as_patient")
        for event in events:
            match event.body:
                case VisitRegistered(visit_id=visit_id, patient_id=patient_id):
                    if isinstance(named, str):
                        self.names.visits[named] = visit_id
                    if isinstance(named_patient, str):
                        self.names.patients[named_patient] = patient_id
                case PaymentReceived(payment_id=payment_id) if isinstance(named, str):
                    self.names.payments[named] = payment_id


def _note(step: DayStep) -> str:
    note = step.values.get("note", "")
    return note if isinstance(note, str) else ""


def _raise_if_refused(events: list[Recorded]) -> None:
    for event in events:
        if isinstance(event.body, ActionRefused):
            raise event.body.as_error()
