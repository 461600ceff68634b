"""Use cases of record numbers: taking them, keeping blocks that central lends, replacing temporary ones."""

from __future__ import annotations

from collections.abc import Sequence

from access_desk.domain import numbering
from access_desk.domain.events import Fact, Recorded
from access_desk.domain.facility.state import FacilityState
from access_desk.domain.patients.naming import are_too_alike
from access_desk.domain.patients.number_events import PatientNumbered
from access_desk.services.journal import SYSTEM_ACTOR, Journal, Unit
from access_desk.storage.engine import read_transaction
from access_desk.storage.handles import Connection
from access_desk.storage.number_blocks import numbers_left, take_free_mrn, take_temporary_mrn
from access_desk.storage.queries.naming import children_numbers
from access_desk.storage.queries.patient_links import records_of
from access_desk.storage.queries.patients import temporary_numbers


def desk_number(facility: FacilityState, desk_id: str) -> int:
    """The desk's number at its central; 1 for a desk that works by itself."""
    return facility.desk_numbers.get(desk_id, 1)


def next_mrn(unit: Unit, mother_id: str | None, stream_epoch: int) -> str:
    """The next record number, or a temporary one when the desk's blocks are used up.

    That of a newborn is no neighbour of its mother's or of a child of the same birth.
    """
    facility = unit.states.facility()
    number = desk_number(facility, unit.desk_id)
    family = _family(unit.connection, facility.facility_id, mother_id) if mother_id else []
    while True:
        mrn = take_free_mrn(unit.connection, facility.facility_id, number, stream_epoch)
        if mrn is None:
            mrn = take_temporary_mrn(unit.connection, facility.facility_id, number, stream_epoch)
        if not any(are_too_alike(mrn, known) for known in family):
            return mrn


def _family(connection: Connection, facility_id: str, mother_id: str) -> list[str]:
    """The numbers of a mother and of her children, under any record that is hers now."""
    mothers = records_of(connection, facility_id, mother_id)
    return [number for one in mothers for number in children_numbers(connection, facility_id, one)]


class NumberService:
    """The desk's record numbers."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def left(self) -> int | None:
        """How many record numbers are left; None when they do not end."""
        journal = self._journal
        with read_transaction(journal.engine) as connection:
            return numbers_left(connection, journal.facility_id, numbering.MRN, journal.stream.epoch)

    def replace_temporary(self) -> list[Recorded]:
        """Give every record with a temporary number of this desk its own, as far as the numbers reach.

        Nothing is recorded when there is no such record, or no number for it.
        """
        journal = self._journal
        facility = journal.read(lambda states: states.facility())
        number = desk_number(facility, journal.stream.desk_id)

        def made(connection: Connection) -> Sequence[Fact]:
            facts: list[Fact] = []
            given: dict[str, list[str]] = {}
            for patient_id, was, mother_id in temporary_numbers(connection, journal.facility_id, number):
                of_birth = mother_id or patient_id
                family = given.setdefault(of_birth, _family(connection, journal.facility_id, of_birth))
                mrn = self._apart_from(connection, number, family)
                if mrn is None:
                    break
                family.append(mrn)
                facts.append(Fact(patient_id, PatientNumbered(patient_id, was, mrn)))
            return facts

        with read_transaction(journal.engine) as connection:
            waiting = temporary_numbers(connection, journal.facility_id, number)
        return journal.record_made(SYSTEM_ACTOR, made) if waiting and self.left() != 0 else []

    def _apart_from(self, connection: Connection, number: int, family: Sequence[str]) -> str | None:
        """The next record number that nobody takes for one of these; None when the blocks are used up."""
        journal = self._journal
        while True:
            mrn = take_free_mrn(connection, journal.facility_id, number, journal.stream.epoch)
            if mrn is None or not any(are_too_alike(mrn, known) for known in family):
                return mrn
