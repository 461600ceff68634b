"""PINs: who typed the right one, and how long somebody waits after too many wrong ones.

After five wrong PINs of one person in a row the next are not even looked at for five minutes, doubling with every
further wrong one up to half an hour; a right one starts afresh. The counter is kept in the database, so a restart does
not reset it. PCI DSS 4, 8.3.4 asks for a lock after at most ten.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

from access_desk.domain.staff import Countersign
from access_desk.storage.handles import Connection
from access_desk.storage.local_tables import PinRecord, pin_record, save_pin

WRONG_BEFORE_WAIT = 5
FIRST_WAIT = timedelta(minutes=5)
LONGEST_WAIT = timedelta(minutes=30)


class PinKeeper(Protocol):
    """Makes and checks PIN verifiers (Argon2id)."""

    def hash_pin(self, pin: str) -> str:
        """A verifier for the PIN."""
        ...

    def matches(self, verifier: str, pin: str) -> bool:
        """Whether the verifier was made from this PIN."""
        ...


class PinJudge:
    """Judges the PINs typed for one command. Counters are written with the command's outcome, accepted or refused."""

    connection: Connection | None = None

    def __init__(self, keeper: PinKeeper, facility_id: str, now: datetime) -> None:
        self._keeper = keeper
        self._facility_id = facility_id
        self._now = now
        self._changed: dict[str, PinRecord] = {}

    def matches(self, countersign: Countersign) -> bool:
        """Whether the typed PIN is the person's own; a throttled person's PIN is not looked at."""
        if self.connection is None:
            return False
        person_id = countersign.person_id
        record = self._changed.get(person_id) or pin_record(self.connection, self._facility_id, person_id)
        if record is None or (record.locked_until is not None and self._now < record.locked_until):
            return False
        if countersign.pin is not None and self._keeper.matches(record.verifier, countersign.pin):
            if record.failures:
                self._changed[person_id] = PinRecord(record.verifier, 0, None)
            return True
        self._changed[person_id] = self._after_wrong(record)
        return False

    def waits_until(self, connection: Connection, person_id: str) -> datetime | None:
        """Until when a person's PINs are not looked at; None when they are."""
        record = self._changed.get(person_id) or pin_record(connection, self._facility_id, person_id)
        until = record.locked_until if record else None
        return until if until is not None and self._now < until else None

    def write(self) -> None:
        """Store the counters that changed."""
        for person_id, record in self._changed.items():
            if self.connection is not None:
                save_pin(self.connection, self._facility_id, person_id, record)

    def _after_wrong(self, record: PinRecord) -> PinRecord:
        failures = record.failures + 1
        if failures < WRONG_BEFORE_WAIT:
            return PinRecord(record.verifier, failures, None)
        wait = min(FIRST_WAIT * 2 ** (failures - WRONG_BEFORE_WAIT), LONGEST_WAIT)
        return PinRecord(record.verifier, failures, self._now + wait)
