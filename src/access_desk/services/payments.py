"""Use cases of payments."""

from __future__ import annotations

from dataclasses import replace

from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.events import Fact, Recorded
from access_desk.domain.patients.state import PatientState
from access_desk.domain.payments import decide
from access_desk.domain.payments.commands import RefundPayment, TakePayment, VoidPayment
from access_desk.domain.permissions import Action
from access_desk.services.journal import By, Journal, Unit
from access_desk.services.states import States
from access_desk.storage.queries.patient_links import survivor_of
from access_desk.storage.queries.payments import entered_as


class PaymentService:
    """Taking, voiding and refunding payments; a command id is carried out once, however often it is activated."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def take(self, by: By, command: TakePayment) -> list[Recorded]:
        """Take a payment; the last event is its ``payment.received``."""

        def decided(unit: Unit) -> list[Fact]:
            command.check()
            states = unit.states
            facility = states.facility()
            decide.tenders_taken(command.tenders, facility.policy)
            visit = states.visit(command.visit_id) if command.visit_id else None
            # Without a visit the money is of the record that stands: a retired one takes nothing new.
            stands = survivor_of(unit.connection, facility.facility_id, command.patient_id or "")
            patient = states.patient(visit.patient_id) if visit else _with_every_visit(states, stands)
            custody = states.open_custody(command.drawer_id)
            payment_id = unit.derived_id("payment")
            if command.on_paper is not None and (before := entered_as(unit.connection, facility.facility_id, command.on_paper)):
                text = f"This paper receipt was entered already, as receipt {before}. Nothing was recorded."
                raise DeskError(Refusal.BAD_VALUE, text)
            return decide.decide_payment(facility, custody, patient, visit, command, payment_id, unit.acting)

        return self._journal.perform(by, Action.PAYMENT, decided)

    def void(self, by: By, command: VoidPayment) -> list[Recorded]:
        """Take a payment back while the custody that took it is open."""

        def decided(unit: Unit) -> list[Fact]:
            payment = unit.states.payment(command.payment_id)
            custody = unit.states.custody(payment.custody_id)
            return decide.decide_void(unit.states.facility(), custody, payment, command, unit.acting)

        return self._journal.perform(by, Action.VOID, decided)

    def refund(self, by: By, command: RefundPayment) -> list[Recorded]:
        """Give money of a payment back."""

        def decided(unit: Unit) -> list[Fact]:
            command.check()
            payment = unit.states.payment(command.payment_id)
            custody = unit.states.open_custody(command.drawer_id) if command.drawer_id else None
            refund_id = unit.derived_id("refund")
            return decide.decide_refund(unit.states.facility(), custody, payment, command, refund_id, unit.acting)

        return self._journal.perform(by, Action.REFUND, decided)


def _with_every_visit(states: States, patient_id: str) -> PatientState:
    """A patient with the visits of the records that were merged into theirs: one that may not be asked for money holds all."""
    known = [states.patient(one) for one in states.records(patient_id)]
    return replace(states.patient(patient_id), visits={key: visit for one in known for key, visit in one.visits.items()})
