"""Rounds of synchronization of an opened desk: what the command and the window share."""

from __future__ import annotations

import random

from access_desk.app import OpenedDesk
from access_desk.domain.errors import UnavailableError
from access_desk.storage.desk_feed import unacknowledged
from access_desk.storage.engine import read_transaction
from access_desk.storage.event_log import Stream, facility_ids
from access_desk.sync.core import Identity, Round, RoundResult
from access_desk.sync.desk_store import DeskStore
from access_desk.sync.loop import SyncLoop
from access_desk.sync.pace import SyncPace
from access_desk.sync.transport import HttpTransport
from access_desk.system.clock import SystemClock
from access_desk.system.enrollment import load_enrollment


class SyncRounds:
    """Rounds of synchronization of an opened desk, for every facility that it serves."""

    def __init__(self, opened: OpenedDesk) -> None:
        enrollment = load_enrollment(opened.home.folder)
        if enrollment is None:
            raise UnavailableError("This desk is not enrolled with a central. Everything is saved here. See access-desk enroll.")
        self._enrollment = enrollment
        self._opened = opened
        self._transport = HttpTransport(enrollment.url, enrollment.authority)

    def run(self) -> RoundResult:
        """One round of each facility. Raises RetryLaterError, StoppedError."""
        results = [self._transport.drive(self._round(facility_id).run()) for facility_id in self._facilities()]
        self._compare_clocks()
        self._opened.desk.numbers.replace_temporary()
        compared = [one.sane for one in results]
        sane = False if False in compared else None if None in compared else True
        return RoundResult(
            sum(one.pushed for one in results),
            sum(one.pulled for one in results),
            sum(one.waiting for one in results),
            sum(one.parked for one in results),
            sane,
        )

    def _compare_clocks(self) -> None:
        said = self._transport.central_time
        if said is not None:
            clock = self._opened.desk.journal.clock
            self._opened.desk.clock.compared(round((clock.now() - said).total_seconds()))

    def abandon(self) -> None:
        """End the round that runs before its next step; from any thread."""
        self._transport.abandon()

    def close(self) -> None:
        """Close the connection."""
        self._transport.close()

    def waiting(self) -> int:
        """How many events this desk has recorded that central has not acknowledged."""
        with read_transaction(self._opened.files.database) as connection:
            return unacknowledged(connection, self._opened.files.identity.desk_id)

    def _facilities(self) -> list[str]:
        with read_transaction(self._opened.files.database) as connection:
            served = facility_ids(connection)
        return list(dict.fromkeys([self._enrollment.facility_id, *served]))

    def _round(self, facility_id: str) -> Round:
        files, journal = self._opened.files, self._opened.desk.journal
        stream = Stream(facility_id, files.identity.desk_id, files.identity.stream_epoch)
        took_in = journal.take_in_others if facility_id == journal.facility_id else _nothing
        identity = Identity(facility_id, stream.desk_id, stream.epoch, self._enrollment.fingerprint)
        return Round(identity, DeskStore(files.database, stream, took_in), files.signer)


def sync_loop(opened: OpenedDesk) -> SyncLoop:
    """Rounds of an enrolled desk on a thread of their own."""
    return SyncLoop(SyncRounds(opened), SystemClock(), SyncPace(random.SystemRandom().random))


def _nothing(_: str) -> None:
    """The journal of another facility is not open: it looks at the whole file when it is."""
