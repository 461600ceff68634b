"""Use cases of the emergency department: exam, stabilization, what became of somebody, the central log, the report."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from access_desk.domain.errors import DeskError
from access_desk.domain.events import Fact, Recorded
from access_desk.domain.permissions import Action, check_role
from access_desk.domain.visits.emergency import (
    EmergencyState,
    Ending,
    Screening,
    Stabilization,
    decide_ending,
    decide_screening,
    decide_stabilization,
)
from access_desk.domain.visits.emergency_views import EmtalaReport, LoggedArrival
from access_desk.services.journal import SYSTEM_ACTOR, By, Journal, Unit
from access_desk.storage.engine import read_transaction
from access_desk.storage.queries import emergency


class EmergencyService:
    """What is recorded of emergency visits. Arrivals themselves come with their registration."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def complete_screening(self, by: By, visit_id: str, screening: Screening) -> list[Recorded]:
        """Record the screening exam: who did it, when, and how the desk knows."""
        return self._record(by, Action.SCREENING, visit_id, lambda unit, state: (
            decide_screening(state, screening, unit.acting.person, unit.now)
        ))  # fmt: skip

    def record_stabilization(self, by: By, visit_id: str, stabilization: Stabilization) -> list[Recorded]:
        """Record that the emergency condition is stabilized."""
        return self._record(by, Action.STABILIZATION, visit_id, lambda unit, state: (
            decide_stabilization(state, stabilization, unit.acting.person, unit.now)
        ))  # fmt: skip

    def end(self, by: By, visit_id: str, ending: Ending) -> list[Recorded]:
        """Record what became of the person."""
        return self._record(by, Action.EMERGENCY_END, visit_id, lambda unit, state: (
            decide_ending(state, ending, unit.acting.person, unit.now)
        ))  # fmt: skip

    def arrival(self, visit_id: str) -> LoggedArrival | None:
        """One line of the central log."""
        with read_transaction(self._journal.engine) as connection:
            return emergency.logged_arrival(connection, self._journal.facility_id, visit_id)

    def central_log(self, first: date, last: date) -> list[LoggedArrival]:
        """Everybody who came on these local days."""
        since, until = self._period(first, last)
        with read_transaction(self._journal.engine) as connection:
            return emergency.central_log(connection, self._journal.facility_id, since, until)

    def report(self, by: By, first: date, last: date) -> EmtalaReport:
        """Arrivals of these local days, and payments before the exam, which must be none. For leads and supervisors."""
        facility = self._journal.read(lambda states: states.facility())
        if by.actor_id != SYSTEM_ACTOR:
            try:
                check_role(facility.person(by.actor_id), Action.EMTALA_REPORT)
            except DeskError as refusal:
                self._journal.refuse(by, Action.EMTALA_REPORT, refusal)
                raise
        since, until = self._period(first, last)
        release, facility_id = facility.policy.emtala_release, self._journal.facility_id
        with read_transaction(self._journal.engine) as connection:
            log = emergency.central_log(connection, facility_id, since, until)
            early = emergency.early_payments(connection, facility_id, release, since, until)
        return EmtalaReport(tuple(log), tuple(early))

    def _period(self, first: date, last: date) -> tuple[datetime, datetime]:
        zone = ZoneInfo(self._journal.read(lambda states: states.facility()).timezone)
        return datetime.combine(first, time(), zone), datetime.combine(last + timedelta(days=1), time(), zone)

    def _record(
        self, by: By, action: Action, visit_id: str, decide: Callable[[Unit, EmergencyState], list[Fact]]
    ) -> list[Recorded]:
        return self._journal.perform(by, action, lambda unit: decide(unit, unit.states.emergency(visit_id)))
