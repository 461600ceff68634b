"""Setting up a desk: its genesis, facility, staff and drawers."""

from __future__ import annotations

from collections.abc import Mapping

from access_desk.domain.day import Day
from access_desk.domain.events import Fact
from access_desk.domain.facility.events import (
    DeskEnrolled,
    DeskNumbered,
    DrawerInstalled,
    FacilityEstablished,
    PinSet,
    PolicySet,
    StaffAdded,
)
from access_desk.domain.facility.state import FacilityState
from access_desk.domain.numbering import MRN, block_of
from access_desk.domain.staff import Role
from access_desk.services.journal import SYSTEM_ACTOR, Journal, derived_id
from access_desk.services.pins import PinKeeper
from access_desk.storage.engine import read_transaction, write_transaction
from access_desk.storage.local_tables import PinRecord, begin_series, pin_record, save_pin
from access_desk.storage.number_blocks import last_block, lend, used_up_to
from access_desk.storage.pin_verifiers import hash_of_verifier


class Provisioning:
    """Makes sure that what a day file, or the first start, names is there. Asking twice changes nothing."""

    def __init__(self, journal: Journal, pins: PinKeeper) -> None:
        self._journal = journal
        self._pins = pins

    def enroll(self, desk_label: str, public_key: str, *, practice: bool) -> None:
        """Record the desk's genesis, the first event of its stream."""
        if self._journal.head.seq == 0:
            body = DeskEnrolled(desk_label, public_key, practice)
            self._journal.record(SYSTEM_ACTOR, [Fact(self._journal.stream.desk_id, body, None, (self._journal.facility_id,))])

    def number(self, number: int, series: Mapping[str, int]) -> None:
        """Take the number that central gave this desk, once, and begin each series of numbers where it says."""
        journal = self._journal
        self._begin_lending(number)
        if journal.stream.desk_id in self._facility().desk_numbers:
            return
        with write_transaction(journal.engine) as connection:
            for name, first in series.items():
                begin_series(connection, journal.facility_id, name, first)
        journal.record(SYSTEM_ACTOR, [Fact(journal.stream.desk_id, DeskNumbered(number), None, (journal.facility_id,))])

    def _begin_lending(self, number: int) -> None:
        """The first block comes with the number; a desk that numbered before blocks were lent has them up to where it is."""
        journal = self._journal
        with write_transaction(journal.engine) as connection:
            if last_block(connection, journal.facility_id, MRN) is not None:
                return
            used = used_up_to(connection, journal.facility_id, MRN)
            block = 0
            while True:
                lent = block_of(MRN, number, block)
                # Of numbers given before a restore nobody knows how far they went.
                lend(connection, journal.facility_id, lent, 1)
                if lent.last > used:
                    return
                block += 1

    def establish(self, facility: FacilityEstablished) -> None:
        """Record the facility, once."""
        if not self._facility().code:
            facts = [Fact(self._journal.facility_id, facility)]
            self._journal.record(SYSTEM_ACTOR, facts)

    def add_person(self, key: str, name: str, role: Role, pin: str) -> str:
        """Somebody on the staff with a PIN; their id. A PIN that is right already is left alone."""
        facility_id = self._journal.facility_id
        person = self._facility().person_by_key(key)
        # From the sign-in name, so that desks which do not know of each other yet mean the same person.
        person_id = person.person_id if person else derived_id(facility_id, f"staff {key}")
        facts = [] if person else [Fact(person_id, StaffAdded(person_id, key, name, role), None, (facility_id,))]
        with read_transaction(self._journal.engine) as connection:
            kept = pin_record(connection, facility_id, person_id)
        if kept is None or not self._pins.matches(kept.verifier, pin):
            verifier = self._pins.hash_pin(pin)
            with write_transaction(self._journal.engine) as connection:
                save_pin(connection, facility_id, person_id, PinRecord(verifier, 0, None))
            facts.append(Fact(person_id, PinSet(person_id, hash_of_verifier(verifier))))
        if facts:
            self._journal.record(SYSTEM_ACTOR, facts)
        return person_id

    def has_pin(self, person_id: str) -> bool:
        """Whether somebody can sign in at this desk."""
        with read_transaction(self._journal.engine) as connection:
            return pin_record(connection, self._journal.facility_id, person_id) is not None

    def install_drawer(self, drawer: DrawerInstalled) -> None:
        """A drawer of this desk, once by its key. Another desk may have one of the same key: it stays that desk's."""
        desk_id = self._journal.stream.desk_id
        if not any(known.key == drawer.key and known.desk_id == desk_id for known in self._facility().drawers.values()):
            facts = [Fact(drawer.drawer_id, drawer, None, (self._journal.facility_id,))]
            self._journal.record(SYSTEM_ACTOR, facts)

    def day(self, day: Day) -> FacilityState:
        """Everything a day file declares before its steps."""
        facility = day.facility
        self.establish(FacilityEstablished(facility.code, facility.name, facility.timezone))
        if self._facility().policy != facility.policy:
            self._journal.record(SYSTEM_ACTOR, [Fact(self._journal.facility_id, PolicySet(facility.policy))])
        for person in day.staff:
            self.add_person(person.key, person.name, person.role, person.pin)
        for drawer in day.drawers:
            drawer_id = self._journal.ids.new_id()
            self.install_drawer(DrawerInstalled(drawer_id, drawer.key, drawer.desk, drawer.imprest))
        return self._facility()

    def _facility(self) -> FacilityState:
        return self._journal.read(lambda states: states.facility())
