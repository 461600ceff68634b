"""Rounds of synchronization of an opened desk: what the command and the window share."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from time import monotonic

from access_desk.app import OpenedDesk, served_facilities
from access_desk.domain.errors import UnavailableError
from access_desk.storage.desk_feed import unacknowledged
from access_desk.storage.engine import read_transaction
from access_desk.sync.bootstrap import Bootstrap
from access_desk.sync.core import Identity, Round, RoundResult
from access_desk.sync.desk_store import DeskStore
from access_desk.sync.landing import Landing
from access_desk.sync.listening import Listening
from access_desk.sync.loop import FacilityStatus, SyncLoop
from access_desk.sync.pace import SyncPace
from access_desk.sync.several import SeveralFacilities
from access_desk.sync.transport import HttpTransport, PokeLine
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
        self._several = SeveralFacilities(self._now, monotonic, lambda: self._transport.is_abandoned)
        self._listening = Listening(self._line_to, lambda: SyncPace(random.SystemRandom().random))

    def run(self) -> RoundResult:
        """One round of each facility; what stops one, or keeps central from answering for it, does not keep the others.

        Raises:
            RetryLaterError: central answers for none of them.
            StoppedError: all of them wait until somebody has looked.
        """
        # A facility may have been joined since the last round.
        enrollment = load_enrollment(self._opened.home.folder) or self._enrollment
        facilities = served_facilities(self._opened.files.database, enrollment.facilities)
        result = self._several.run(facilities, self._run)
        self._listening.follow(self._several.going_on(facilities))
        self._compare_clocks()
        self._opened.desk.numbers.replace_temporary()
        # An older copy that is put back shows here as well, whether or not central can be asked then.
        self._opened.keep_head()
        return result

    def look_again(self) -> None:
        """Somebody has looked: the next round is of every facility, also of those that stopped or were told to come later."""
        self._several.look_again()

    def fetch_again(self, stays: timedelta) -> None:
        """Have the next round bring what was let go of other desks' details, which then stays for so long."""
        for facility_id in served_facilities(self._opened.files.database, self._enrollment.facilities):
            store, _ = self._round(facility_id)
            store.fetch_again(self._now() + stays)

    def facilities(self) -> tuple[FacilityStatus, ...]:
        """How each facility stands, in the order in which they are served."""
        desk_id = self._opened.files.identity.desk_id
        with read_transaction(self._opened.files.database) as connection:
            return tuple(
                replace(one, waiting=unacknowledged(connection, desk_id, one.facility_id)) for one in self._several.all()
            )

    def _now(self) -> datetime:
        return self._opened.desk.journal.clock.now()

    def _compare_clocks(self) -> None:
        said = self._transport.central_time
        if said is not None:
            self._opened.desk.clock.compared(round((self._now() - said).total_seconds()))

    def _run(self, facility_id: str) -> RoundResult:
        heard = self._listening.heard()
        store, round_ = self._round(facility_id)
        result = self._transport.drive(round_.run())
        if result.sane:
            store.let_go(self._now())
        self._listening.reached(facility_id, store.cursor().position, heard)
        return result

    def listen(self, told: Callable[[], object]) -> None:
        """From the next round on hear from central at once; ``told`` is called from other threads."""
        self._listening.begin(told)

    def is_behind(self) -> bool:
        """Whether central said that it has something new."""
        return self._listening.is_behind()

    def abandon(self) -> None:
        """End the round that runs before its next step; from any thread."""
        self._transport.abandon()
        self._listening.end()

    def close(self) -> None:
        """Close the connection."""
        self._listening.end()
        self._transport.close()

    def waiting(self) -> int:
        """How many events this desk has recorded that central has not acknowledged."""
        with read_transaction(self._opened.files.database) as connection:
            return unacknowledged(connection, self._opened.files.identity.desk_id)

    def _line_to(self, facility_id: str) -> PokeLine:
        identity = self._identity(facility_id)
        return PokeLine(HttpTransport(self._enrollment.url, self._enrollment.authority), identity, self._opened.files.signer)

    def _identity(self, facility_id: str) -> Identity:
        known = self._opened.files.identity
        return Identity(facility_id, known.desk_id, known.stream_epoch, self._enrollment.fingerprint)

    def _round(self, facility_id: str) -> tuple[DeskStore, Round]:
        files, journal = self._opened.files, self._opened.desk.journal
        identity = self._identity(facility_id)
        took_in = journal.take_in_others if facility_id == journal.facility_id else _nothing
        store = DeskStore(files.database, identity.stream, took_in)
        key = self._enrollment.snapshot_key
        beginning = Bootstrap(store, Landing(self._opened.home.folder, key), facility_id) if key else None
        return store, Round(identity, store, files.signer, beginning)


def sync_loop(opened: OpenedDesk) -> SyncLoop:
    """Rounds of an enrolled desk on a thread of their own."""
    return SyncLoop(SyncRounds(opened), SystemClock(), SyncPace(random.SystemRandom().random))


def _nothing(_: str) -> None:
    """The journal of another facility is not open: it looks at the whole file when it is."""
