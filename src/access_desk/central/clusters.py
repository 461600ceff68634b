"""Central over several databases: every facility lives in one of them, and nothing of it in another.

A facility is where its rows are; one that is new goes where rendezvous hashing puts it (Thaler and Ravishankar 1998), so a
database that is added later moves nobody. The first database also has what is not of one facility: enrollment codes and the
numbers of desks. Who may write stands beside the facility's log as well, so that a facility goes on when another's database
does not answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from hashlib import sha256

from access_desk.central.alarm_book import AlarmBook, NotedAlarm
from access_desk.domain.errors import UnavailableError
from access_desk.storage import central_log
from access_desk.storage.central_log import KnownDesk
from access_desk.storage.engine import Database, read_transaction, write_transaction
from access_desk.storage.event_log import Stream
from access_desk.storage.received import RejectedEventError


class Clusters:
    """One database or more; the first is ``home``. ``book`` is what stands of alarms beside them.

    Raises:
        UnavailableError: one cannot be reached, or they are not those of one central, in its order.
    """

    def __init__(self, databases: Sequence[Database], book: AlarmBook | None = None) -> None:
        self._book = book
        self.all = tuple(databases)
        self.home = self.all[0]
        self._place: dict[str, int] = {}
        for number, database in enumerate(self.all):
            with read_transaction(database) as connection:
                begun, is_home = central_log.facilities_begun(connection)
            if number and is_home:
                raise UnavailableError("The databases are in another order than they were: name first the one that was first.")
            for facility_id in begun:
                if self._place.setdefault(facility_id, number) != number:
                    raise UnavailableError(f"Facility {facility_id} is in two of the databases. Nothing was changed.")
        # Desks that enrolled before there was a second database, and have sent nothing yet.
        with read_transaction(self.home) as connection:
            for desk in central_log.known_desks(connection):
                self._place.setdefault(desk.facility_id, 0)

    def of(self, facility_id: str) -> Database:
        """Where a facility is, or will be."""
        begun = self._place.get(facility_id)
        return self.all[begun if begun is not None else _place_of_new(facility_id, len(self.all))]

    def enroll(self, secret: str, desk_id: str, label: str, public_key: str, now: str) -> KnownDesk | None:
        """Use up a code for a desk; asking again with the same code is answered the same. None for one not good."""
        with write_transaction(self.home) as connection:
            known = central_log.enroll_desk(connection, secret, desk_id, label, public_key, now)
        # Between the two central may stop: the desk asks again, and is then let in.
        return known if known is None else self._let_in(known)

    def admit(self, desk: KnownDesk) -> KnownDesk:
        """Let a known desk write for another facility."""
        with write_transaction(self.home) as connection:
            if central_log.desk_of(connection, desk.facility_id, desk.desk_id) is None:
                central_log.admit_desk(connection, desk)
        return self._let_in(desk)

    def _let_in(self, desk: KnownDesk) -> KnownDesk:
        with write_transaction(self.of(desk.facility_id)) as connection:
            central_log.lock_facility(connection, desk.facility_id)
            if central_log.desk_of(connection, desk.facility_id, desk.desk_id) is None:
                central_log.admit_desk(connection, desk)
        return desk

    def desk_of(self, facility_id: str, desk_id: str) -> KnownDesk | None:
        """A desk of a facility, as the facility's own database has it; one that it has forgotten is let in again.

        Raises:
            UnavailableError: it does not know the desk, and home cannot be asked.
        """
        database = self.of(facility_id)
        known = central_log.desk_as_committed(database, facility_id, desk_id)
        if known is None and database is not self.home:
            # A server that was put back from a backup of before the desk enrolled: its home knows it, revoked or not.
            known = central_log.desk_as_committed(self.home, facility_id, desk_id)
            return self._let_in(known) if known is not None else None
        return known

    def known_desks(self, desk_id: str) -> list[KnownDesk]:
        """In which facilities a desk is known, as far as databases answer.

        Raises:
            UnavailableError: it is known nowhere, and not every database could be asked.
        """
        found: dict[str, KnownDesk] = {}
        silent: UnavailableError | None = None
        for database in self.all:
            try:
                known = central_log.facilities_as_committed(database, desk_id)
            except UnavailableError as failure:
                silent = failure
                continue
            # Home is asked first, and has all of them; what a facility's own database says of a desk stands.
            found |= {one.facility_id: one for one in known}
        if not found and silent is not None:
            raise silent
        return list(found.values())

    def every_desk(self) -> list[KnownDesk]:
        """All that were enrolled, also those that a home put back from a backup has forgotten."""
        found: dict[tuple[str, str], KnownDesk] = {}
        for database in self.all:
            with read_transaction(database) as connection:
                found |= {(one.facility_id, one.desk_id): one for one in central_log.known_desks(connection)}
        return [found[key] for key in sorted(found, key=lambda key: (key[0], found[key].number))]

    def facilities(self) -> list[tuple[Database, str]]:
        """The facilities that have begun, each with its database; of databases that answer."""
        found: list[tuple[Database, str]] = []
        for database in self.all:
            try:
                with read_transaction(database) as connection:
                    begun, _ = central_log.facilities_begun(connection)
            except UnavailableError:
                continue
            found += [(database, facility_id) for facility_id in sorted(begun)]
        return found

    def revoke(self, desk_id: str, now: str) -> int:
        """Revoke a desk everywhere; in how many facilities it was known. Done again it completes what was begun."""
        facilities = set()
        for database in self.all:
            with write_transaction(database) as connection:
                facilities |= {one.facility_id for one in central_log.facilities_of(connection, desk_id)}
                central_log.revoke_desk(connection, desk_id, now)
        return len(facilities)

    def raise_alarm(self, stream: Stream, rejected: RejectedEventError, now: str) -> None:
        """Keep an event that contradicts one that central has, where the facility is and in the book beside it."""
        if self._book is not None:
            alarm_id = central_log.alarm_id_of(rejected)
            # An alarm that cannot be written down here is raised all the same.
            with suppress(OSError):
                noted = NotedAlarm(stream.facility_id, alarm_id, rejected.flaw.value, stream.desk_id, rejected.seq, now)
                self._book.note(noted)
        with write_transaction(self.of(stream.facility_id)) as connection:
            central_log.raise_alarm(connection, stream, rejected, now)

    def missing_alarms(self) -> list[NotedAlarm]:
        """Alarms that were raised and are not in their database any more. Raises UnavailableError."""
        if self._book is None:
            return []
        try:
            return self._book.missing(self._is_kept)
        except OSError as wrong:
            raise UnavailableError(f"What stands of alarms in central's folder cannot be read ({wrong.strerror}).") from wrong

    def _is_kept(self, alarm: NotedAlarm) -> bool:
        with read_transaction(self.of(alarm.facility_id)) as connection:
            return central_log.has_alarm(connection, alarm.facility_id, alarm.alarm_id)

    def settle(self, desk_id: str, now: str) -> int:
        """Somebody has looked at the alarms of a desk, those that are missing too; how many there were."""
        settled = 0
        for alarm in self.missing_alarms():
            if alarm.desk_id == desk_id and self._book is not None:
                self._book.settle(alarm)
                settled += 1
        for database in self.all:
            with write_transaction(database) as connection:
                settled += central_log.settle_alarms(connection, desk_id, now)
        return settled

    def __iter__(self) -> Iterator[Database]:
        return iter(self.all)

    def close(self) -> None:
        """Close them all."""
        for database in self.all:
            database.dispose()


def _place_of_new(facility_id: str, places: int) -> int:
    return max(range(places), key=lambda place: sha256(f"{facility_id}\n{place}".encode()).digest())
