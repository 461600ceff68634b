"""Use cases of expected visits: import, arrival, registered, cancelled, nobody came."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from hashlib import sha256
from itertools import islice
from zoneinfo import ZoneInfo

from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.events import Fact, Recorded
from access_desk.domain.patients.commands import comparable
from access_desk.domain.permissions import Action, check_role
from access_desk.domain.schedule.events import AppointmentDetails
from access_desk.domain.schedule.rules import (
    AppointmentState,
    decide_arrival,
    decide_end,
    decide_registered,
    decide_schedule,
)
from access_desk.services.journal import SYSTEM_ACTOR, By, Journal, Unit
from access_desk.services.states import States
from access_desk.storage.queries.patient_links import survivor_of
from access_desk.storage.queries.today import appointments_of_day, patients_named, patients_numbered

BATCH = 500


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of one batch: how many are new or changed, how many were known, and which rows could not be used."""

    recorded: int
    known: int
    rejected: tuple[tuple[int, str], ...]


class ScheduleService:
    """Visits that are expected."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def import_rows(self, rows: Iterable[tuple[int, AppointmentDetails]]) -> Iterator[Imported]:
        """Record what a scheduling system expects, one transaction a batch; what is known already is not recorded again."""
        waiting, seen = iter(rows), set[str]()
        while batch := tuple(islice(waiting, BATCH)):
            facts, known, rejected = self._journal.read(partial(self._decided, batch=batch, seen=seen))
            if facts:
                self._journal.record(SYSTEM_ACTOR, facts, self._journal.ids.new_id())
            yield Imported(len(facts), known, tuple(rejected))

    def _decided(
        self, states: States, batch: Sequence[tuple[int, AppointmentDetails]], seen: set[str]
    ) -> tuple[list[Fact], int, list[tuple[int, str]]]:
        facts: dict[str, Fact] = {}
        rejected: list[tuple[int, str]] = []
        known, zone = 0, ZoneInfo(states.facility().timezone)
        for number, details in batch:
            appointment_id = self.id_of(details.source_id)
            try:
                if appointment_id in seen:
                    raise DeskError(Refusal.BAD_VALUE, "the same source_id stands in the file twice")
                seen.add(appointment_id)
                patient_id = _patient(states, self._journal.facility_id, details)
                day = details.scheduled_at.astimezone(zone).date()
                made = decide_schedule(states.appointment(appointment_id), appointment_id, details, patient_id, day)
            except DeskError as wrong:
                rejected.append((number, wrong.text))
                continue
            known += not made
            facts.update((appointment_id, fact) for fact in made)
        return list(facts.values()), known, rejected

    def id_of(self, source_id: str) -> str:
        """The id of an appointment: the same source always means the same one."""
        return sha256(f"{self._journal.facility_id}/appointment/{source_id}".encode()).hexdigest()[:32]

    def of_day(self, day: date) -> list[AppointmentState]:
        """What is, or was, expected on a local date, in the order of the times."""

        def asked(states: States) -> list[AppointmentState]:
            found = [states.appointment(one) for one in appointments_of_day(states.connection, self._journal.facility_id, day)]
            there = [one for one in found if one is not None and one.day == day]
            return sorted(there, key=lambda one: (one.details.scheduled_at, one.appointment_id))

        return self._journal.read(asked)

    def appointment(self, appointment_id: str) -> AppointmentState:
        """One expected visit."""
        return self._journal.read(lambda states: states.known_appointment(appointment_id))

    def arrive(self, by: By, appointment_id: str) -> list[Recorded]:
        """The person is here."""

        def decided(unit: Unit) -> list[Fact]:
            check_role(unit.acting.person, Action.SCHEDULE)
            return decide_arrival(unit.states.known_appointment(appointment_id))

        return self._journal.perform(by, Action.SCHEDULE, decided)

    def became(self, by: By, appointment_id: str, visit_id: str) -> list[Recorded]:
        """The expected visit was registered."""

        def decided(unit: Unit) -> list[Fact]:
            check_role(unit.acting.person, Action.SCHEDULE)
            unit.states.visit(visit_id)
            return decide_registered(unit.states.known_appointment(appointment_id), visit_id)

        return self._journal.perform(by, Action.SCHEDULE, decided)

    def end(self, by: By, appointment_id: str, outcome: str, reason: str = "") -> list[Recorded]:
        """Cancelled, or nobody came."""

        def decided(unit: Unit) -> list[Fact]:
            check_role(unit.acting.person, Action.SCHEDULE)
            return decide_end(unit.states.known_appointment(appointment_id), outcome, reason)

        return self._journal.perform(by, Action.SCHEDULE, decided)


def _patient(states: States, facility_id: str, details: AppointmentDetails) -> str:
    """The one record that the row means; blank when there is none, or more than one, by name."""
    mrn, born = details.mrn.strip(), details.birth_date
    has_name = bool(comparable(details.family) or comparable(details.given)) and born is not None
    found = patients_numbered(states.connection, facility_id, mrn) if mrn else []
    if mrn and not found and not has_name:
        raise DeskError(Refusal.BAD_VALUE, "no record has this mrn, and the row has no name with a birth_date")
    if not found and has_name and born is not None:
        found = patients_named(states.connection, facility_id, details.family, details.given, born)
    # A merged record still has the name, and the number, by which the person is scheduled: they are one.
    stand = {survivor_of(states.connection, facility_id, one) for one in found}
    return stand.pop() if len(stand) == 1 else ""
