"""Use cases of the person at the desk: sign in, lock, unlock, leave; and who works here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.events import Fact
from access_desk.domain.facility.events import Locked, PinSet, SignedIn, SignedOut, StaffAdded, StaffAmended, Unlocked
from access_desk.domain.permissions import Action, check_role
from access_desk.domain.staff import Countersign, Person, Role
from access_desk.domain.staff_rules import check_person, check_pin
from access_desk.services.journal import By, Journal, Unit, derived_id
from access_desk.services.pins import PinJudge
from access_desk.storage.engine import read_transaction, write_transaction
from access_desk.storage.local_tables import PinRecord, pin_record, save_pin
from access_desk.storage.pin_verifiers import at_desk, hash_of_verifier


@dataclass(frozen=True, slots=True)
class PinVerdict:
    """What came of a typed PIN. ``waits_until`` (aware UTC) is set while PINs of this person are not looked at."""

    is_right: bool
    waits_until: datetime | None = None


class PeopleService:
    """Signing in and out. A wrong PIN is recorded and counted; counters survive a restart."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def staff(self) -> tuple[Person, ...]:
        """Everybody who may work here, by name."""
        people = self._journal.read(lambda states: states.facility().people.values())
        return tuple(sorted((person for person in people if person.active), key=lambda person: person.name.casefold()))

    def sign_in(self, person_id: str, pin: str) -> PinVerdict:
        """Take the desk with one's own PIN. Raises ``not_permitted`` for somebody who works here no more."""
        self._check_works_here(person_id)
        verdict = self.check_pin(person_id, pin, "sign_in")
        if verdict.is_right:
            self._journal.record(person_id, [Fact(person_id, SignedIn(person_id))])
        return verdict

    def unlock(self, person_id: str, pin: str) -> PinVerdict:
        """Come back to a locked desk. Raises ``not_permitted`` for somebody who works here no more."""
        self._check_works_here(person_id)
        verdict = self.check_pin(person_id, pin, "unlock")
        if verdict.is_right:
            self._journal.record(person_id, [Fact(person_id, Unlocked(person_id))])
        return verdict

    def _check_works_here(self, person_id: str) -> None:
        person = self._journal.read(lambda states: states.facility().people.get(person_id))
        if person is not None and not person.active:
            raise DeskError(Refusal.NOT_PERMITTED, "You are no longer on the staff of this facility. Ask a supervisor.")

    def lock(self, person_id: str, *, idle: bool) -> None:
        """Cover the desk."""
        self._journal.record(person_id, [Fact(person_id, Locked(person_id, idle))])

    def sign_out(self, person_id: str) -> None:
        """Leave the desk; drafts and drawer stay with their owner."""
        self._journal.record(person_id, [Fact(person_id, SignedOut(person_id))])
        self._journal.signed_in = None

    def check_pin(self, person_id: str, pin: str, purpose: str) -> PinVerdict:
        """Judge a PIN and keep the counter; a wrong one leaves its refusal in the audit trail."""
        judge = PinJudge(self._journal.pins, self._journal.facility_id, self._journal.clock.now())
        with write_transaction(self._journal.engine) as connection:
            judge.connection = connection
            is_right = judge.matches(Countersign(person_id, pin))
            judge.write()
            waits = judge.waits_until(connection, person_id)
        if not is_right:
            self._journal.record_wrong_pin(person_id, purpose)
        return PinVerdict(is_right, waits)

    def still_has(self, person_id: str, pin: str) -> bool:
        """Whether a published practice PIN is still this person's; nothing is counted or recorded."""
        with read_transaction(self._journal.engine) as connection:
            record = pin_record(connection, self._journal.facility_id, person_id)
        return record is not None and self._journal.pins.matches(record.verifier, pin)

    def set_pin(self, by: By, person_id: str, pin: str) -> None:
        """Give a person a new PIN: their own, or anybody's for a supervisor."""

        def decided(unit: Unit) -> list[Fact]:
            check_pin(pin)
            if person_id != by.actor_id:
                check_role(unit.acting.person, Action.MANAGE_STAFF)
            unit.states.facility().person(person_id)
            verifier = self._journal.pins.hash_pin(pin)
            save_pin(unit.connection, self._journal.facility_id, person_id, PinRecord(verifier, 0, None))
            return [Fact(person_id, PinSet(person_id, hash_of_verifier(verifier)))]

        self._journal.perform(by, Action.MANAGE_STAFF, decided)

    def add(self, by: By, key: str, name: str, role: Role, pin: str) -> str:
        """Let somebody work here, with a first PIN; their id.

        Raises:
            DeskError: ``not_permitted``, or ``bad_value`` for a name that is taken or a PIN that everybody tries.
        """
        facility_id = self._journal.facility_id
        # From the sign-in name, as everywhere: desks that do not know of each other yet mean the same person.
        person_id = derived_id(facility_id, f"staff {key}")

        def decided(unit: Unit) -> list[Fact]:
            check_role(unit.acting.person, Action.MANAGE_STAFF)
            check_person(unit.states.facility(), key, name)
            check_pin(pin)
            verifier = self._journal.pins.hash_pin(pin)
            save_pin(unit.connection, facility_id, person_id, PinRecord(verifier, 0, None))
            added = Fact(person_id, StaffAdded(person_id, key, name.strip(), role), None, (facility_id,))
            return [added, Fact(person_id, PinSet(person_id, hash_of_verifier(verifier)))]

        self._journal.perform(by, Action.MANAGE_STAFF, decided)
        return person_id

    def everybody(self) -> tuple[tuple[Person, bool], ...]:
        """Everybody who was ever on the staff, by name, and whether they have a PIN at this desk."""
        people = self._journal.read(lambda states: states.facility().people.values())
        with read_transaction(self._journal.engine) as connection:
            known = at_desk(connection, self._journal.facility_id)
        return tuple(
            (one, one.person_id in known) for one in sorted(people, key=lambda one: (not one.active, one.name.casefold()))
        )

    def amend(self, by: By, person_id: str, role: Role, *, active: bool) -> None:
        """Change what somebody is at the desk, or that they no longer work here."""

        def decided(unit: Unit) -> list[Fact]:
            check_role(unit.acting.person, Action.MANAGE_STAFF)
            unit.states.facility().person(person_id)
            if person_id == by.actor_id:
                raise DeskError(Refusal.SAME_PERSON, "Nobody changes their own role. Ask another supervisor.")
            return [Fact(person_id, StaffAmended(person_id, role, active), None, (self._journal.facility_id,))]

        self._journal.perform(by, Action.MANAGE_STAFF, decided)

    def has_pin(self, person_id: str) -> bool:
        """Whether a PIN was ever set for this person."""
        with read_transaction(self._journal.engine) as connection:
            return pin_record(connection, self._journal.facility_id, person_id) is not None
