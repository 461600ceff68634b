"""Use cases of disputed fields: what two desks said differently of a person, and settling it."""

from __future__ import annotations

from collections.abc import Sequence

from access_desk.domain.events import Fact, Recorded
from access_desk.domain.patients.disputes import Dispute, decide_settlement
from access_desk.domain.permissions import Action, check_role
from access_desk.services.journal import By, Journal, Unit
from access_desk.services.registration_checks import rechecks
from access_desk.storage.engine import read_transaction
from access_desk.storage.queries.disputes import disputes


class DisputeService:
    """Who somebody is, when two desks disagree."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def open(self) -> tuple[Dispute, ...]:
        """What is disputed and not settled, the oldest first."""
        with read_transaction(self._journal.engine) as connection:
            return tuple(disputes(connection, self._journal.facility_id))

    def of_patient(self, patient_id: str) -> tuple[Dispute, ...]:
        """What is disputed of one record."""
        with read_transaction(self._journal.engine) as connection:
            return tuple(disputes(connection, self._journal.facility_id, patient_id))

    def settle(
        self, by: By, patient_id: str, field: str, stamps: Sequence[str], value: str | None, reason: str
    ) -> list[Recorded]:
        """Say which answer is right (None: the one that the record says now), and how that is known.

        ``stamps`` are the answers that were looked at.
        """

        def decided(unit: Unit) -> list[Fact]:
            check_role(unit.acting.person, Action.SETTLE_DISPUTE)
            found = disputes(unit.connection, self._journal.facility_id, patient_id)
            dispute = next((one for one in found if one.field == field), None)
            facts = decide_settlement(unit.states.patient(patient_id), dispute, stamps, value, reason, unit.today)
            return [*facts, *rechecks(unit, patient_id, facts)]

        return self._journal.perform(by, Action.SETTLE_DISPUTE, decided)
