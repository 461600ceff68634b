"""The states that deciders read, folded from the log on first use and kept up to date while the desk runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from access_desk.domain.blocked import rules as block_rules
from access_desk.domain.blocked.events import ServiceLevels
from access_desk.domain.blocked.rules import BlockState
from access_desk.domain.cash_drawer import state as custody_states
from access_desk.domain.cash_drawer.state import CustodyState
from access_desk.domain.coverage import state as coverage_states
from access_desk.domain.coverage.state import AuthorizationRules, CoverageState
from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.events import Recorded
from access_desk.domain.facility import state as facility_states
from access_desk.domain.facility.state import DrawerState, FacilityState
from access_desk.domain.forms import state as form_states
from access_desk.domain.forms.state import FormsState, PatientForms
from access_desk.domain.patients import links as link_states
from access_desk.domain.patients import naming as naming_rules
from access_desk.domain.patients import state as patient_states
from access_desk.domain.patients.links import LinkState, Side
from access_desk.domain.patients.naming import NamingRules
from access_desk.domain.patients.state import PatientState
from access_desk.domain.payments import state as payment_states
from access_desk.domain.payments.state import PaymentState
from access_desk.domain.privacy import rules as privacy_rules
from access_desk.domain.privacy.rules import PrivacyState
from access_desk.domain.queue import rules as queue_rules
from access_desk.domain.queue.rules import QueueState
from access_desk.domain.registration import decide as check_rules
from access_desk.domain.registration.decide import CheckState
from access_desk.domain.schedule import rules as schedule_rules
from access_desk.domain.schedule.rules import AppointmentState
from access_desk.domain.visits import details as visit_detail_states
from access_desk.domain.visits import emergency as emergency_states
from access_desk.domain.visits import state as visit_states
from access_desk.domain.visits.details import VisitDetailsState
from access_desk.domain.visits.emergency import EmergencyState
from access_desk.domain.visits.state import VisitState
from access_desk.storage.event_log import events_about
from access_desk.storage.handles import Connection
from access_desk.storage.queries.let_go import is_custody_gone, is_payment_gone
from access_desk.storage.queries.patient_links import records_of

_EVOLVE: dict[type, Callable[[Any, Recorded], Any]] = {
    FacilityState: facility_states.evolve,
    CustodyState: custody_states.evolve,
    PaymentState: payment_states.evolve,
    PatientState: patient_states.evolve,
    LinkState: link_states.evolve,
    NamingRules: naming_rules.evolve,
    VisitState: visit_states.evolve,
    VisitDetailsState: visit_detail_states.evolve,
    EmergencyState: emergency_states.evolve,
    CoverageState: coverage_states.evolve,
    AuthorizationRules: coverage_states.evolve_rules,
    FormsState: form_states.evolve,
    PatientForms: form_states.evolve_patient,
    QueueState: queue_rules.evolve,
    AppointmentState: schedule_rules.evolve,
    BlockState: block_rules.evolve,
    ServiceLevels: block_rules.evolve_levels,
    PrivacyState: privacy_rules.evolve,
    CheckState: check_rules.evolve,
}
_MOST_KEPT = 4_000
AT_CENTRAL = (
    "The details are at central only: this desk keeps other desks' for so many days. Whoever runs the computers fetches them "
    "again with access-desk sync --details."
)
_S = TypeVar("_S")


class StateCache:
    """Folded states by subject. Only the process that holds the desk's home writes, so they cannot go stale."""

    def __init__(self, facility_id: str) -> None:
        self.facility_id = facility_id
        self._states: dict[tuple[type, str], Any] = {}
        self._kinds: dict[str, set[type]] = {}

    def get(self, connection: Connection, kind: type, subject_id: str) -> Any:
        """The state of a subject, or what the fold of no events gives."""
        found = self._states.get((kind, subject_id))
        if found is not None:
            return found
        state: Any = FacilityState(facility_id=subject_id) if kind is FacilityState else None
        events = events_about(connection, self.facility_id, subject_id)
        # In the order of the clock stamps, whatever order they came in; what this desk records itself is later than all of it.
        for event in events:
            state = _EVOLVE[kind](state, event)
        if state is not None:
            self._keep(kind, subject_id, state)
        return state

    def take_in(self, events: Iterable[Recorded]) -> None:
        """Evolve what is kept by events that were just made durable."""
        for event in events:
            for subject_id in (event.subject_id, *event.also):
                for kind in self._kinds.get(subject_id, ()):
                    state = self._states[kind, subject_id]
                    self._states[kind, subject_id] = _EVOLVE[kind](state, event)

    def forget(self) -> None:
        """Drop everything: the next use folds from the log again."""
        self._states.clear()
        self._kinds.clear()

    def _keep(self, kind: type, subject_id: str, state: Any) -> None:
        if len(self._states) >= _MOST_KEPT:
            self.forget()
        self._states[kind, subject_id] = state
        self._kinds.setdefault(subject_id, set()).add(kind)


class States:
    """The states as one transaction sees them. Every lookup of something unknown raises ``unknown_reference``."""

    def __init__(self, connection: Connection, cache: StateCache) -> None:
        self.connection = connection
        self._cache = cache

    def facility(self) -> FacilityState:
        """The facility of this desk."""
        state: FacilityState = self._cache.get(self.connection, FacilityState, self._cache.facility_id)
        return state

    def drawer(self, drawer_id: str) -> DrawerState:
        """A drawer of the facility."""
        return self.facility().drawer(drawer_id)

    def open_custody(self, drawer_id: str) -> CustodyState | None:
        """The custody a drawer is in now; None when it is closed."""
        custody_id = self.drawer(drawer_id).custody_id
        return self.custody(custody_id) if custody_id else None

    def custody(self, custody_id: str) -> CustodyState:
        """A custody, open or closed."""
        state: CustodyState | None = self._cache.get(self.connection, CustodyState, custody_id)
        # Of one that was let go only the next opening, which is in its history too, may be left.
        if (state is None or state.custody_id != custody_id) and is_custody_gone(
            self.connection, self._cache.facility_id, custody_id
        ):
            raise DeskError(Refusal.UNKNOWN_REFERENCE, AT_CENTRAL)
        return _known(state, "This custody is not in the log.")

    def payment(self, payment_id: str) -> PaymentState:
        """A payment."""
        state: PaymentState | None = self._cache.get(self.connection, PaymentState, payment_id)
        if state is None and is_payment_gone(self.connection, self._cache.facility_id, payment_id):
            raise DeskError(Refusal.UNKNOWN_REFERENCE, AT_CENTRAL)
        return _known(state, "This payment is not in the log.")

    def patient(self, patient_id: str) -> PatientState:
        """A patient."""
        state: PatientState | None = self._cache.get(self.connection, PatientState, patient_id)
        return _known(state, "This patient is not registered here.")

    def side(self, patient_id: str) -> Side:
        """A patient with the merges of their record."""
        links: LinkState | None = self._cache.get(self.connection, LinkState, patient_id)
        return Side(self.patient(patient_id), links or LinkState())

    def visit(self, visit_id: str) -> VisitState:
        """A visit."""
        state: VisitState | None = self._cache.get(self.connection, VisitState, visit_id)
        return _known(state, "This visit is not registered here.")

    def emergency(self, visit_id: str) -> EmergencyState:
        """What is recorded of a visit as an emergency."""
        state: EmergencyState | None = self._cache.get(self.connection, EmergencyState, visit_id)
        return _known(state if state and state.visit_id else None, "This visit is not registered here.")

    def coverage(self, visit_id: str) -> CoverageState:
        """Who pays for a visit."""
        state: CoverageState | None = self._cache.get(self.connection, CoverageState, visit_id)
        return _known(state, "This visit is not registered here.")

    def forms(self, visit_id: str) -> FormsState:
        """What became of a visit's forms."""
        state: FormsState | None = self._cache.get(self.connection, FormsState, visit_id)
        return _known(state, "This visit is not registered here.")

    def visit_details(self, visit_id: str) -> dict[str, str]:
        """What was said about a visit beyond its registration, by name."""
        state: VisitDetailsState | None = self._cache.get(self.connection, VisitDetailsState, visit_id)
        return state.values if state else {}

    def check(self, visit_id: str) -> CheckState | None:
        """What a visit's registration failed when it was last checked; None when it never was."""
        state: CheckState | None = self._cache.get(self.connection, CheckState, visit_id)
        return state

    def records(self, patient_id: str) -> list[str]:
        """The record and all that were merged into it, or with it into another."""
        return records_of(self.connection, self._cache.facility_id, patient_id)

    def patient_forms(self, patient_id: str) -> PatientForms:
        """The forms that a patient was given once, under any record that is theirs now."""
        given: dict[tuple[str, str], str] = {}
        for one in self.records(patient_id):
            state: PatientForms | None = self._cache.get(self.connection, PatientForms, one)
            given |= state.given if state else {}
        return PatientForms(given)

    def naming(self) -> NamingRules:
        """How unidentified and newborn patients are named here."""
        state: NamingRules | None = self._cache.get(self.connection, NamingRules, self._cache.facility_id)
        return state or NamingRules()

    def authorization_rules(self) -> AuthorizationRules:
        """For which visits payers want an authorization here."""
        state: AuthorizationRules = self._cache.get(self.connection, AuthorizationRules, self._cache.facility_id)
        return state

    def queue(self, visit_id: str) -> QueueState:
        """Where the person of a visit is in the queue."""
        state: QueueState | None = self._cache.get(self.connection, QueueState, visit_id)
        return state or QueueState()

    def appointment(self, appointment_id: str) -> AppointmentState | None:
        """An expected visit; None when it was never scheduled."""
        state: AppointmentState | None = self._cache.get(self.connection, AppointmentState, appointment_id)
        return state

    def known_appointment(self, appointment_id: str) -> AppointmentState:
        """An expected visit that must be there."""
        return _known(self.appointment(appointment_id), "This visit is not expected here.")

    def block(self, block_id: str) -> BlockState:
        """A blocked account."""
        state: BlockState | None = self._cache.get(self.connection, BlockState, block_id)
        return _known(state, "This account was not blocked here.")

    def service_levels(self) -> ServiceLevels:
        """How long things may take at this facility."""
        state: ServiceLevels | None = self._cache.get(self.connection, ServiceLevels, self._cache.facility_id)
        return state or ServiceLevels()

    def privacy(self, patient_id: str) -> PrivacyState:
        """What protects a patient's record: a merge neither opens what was closed nor forgets what was told of it."""
        return privacy_rules.together([self.own_privacy(one) for one in self.records(patient_id)])

    def own_privacy(self, patient_id: str) -> PrivacyState:
        """What was said of this record alone."""
        state: PrivacyState | None = self._cache.get(self.connection, PrivacyState, patient_id)
        return state or PrivacyState()


def _known(state: _S | None, text: str) -> _S:
    if state is None:
        raise DeskError(Refusal.UNKNOWN_REFERENCE, text)
    return state
