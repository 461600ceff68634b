"""A desk of the simulation: its file, its process that may be killed, its clock, and what its people remember."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from access_desk.domain.errors import DeskError, UnavailableError, UnknownOutcomeError
from access_desk.domain.events import Recorded
from access_desk.domain.payments.events import PaymentReceived
from access_desk.domain.staff import Role
from access_desk.services.desk import Desk
from access_desk.services.journal import By, Journal
from access_desk.storage.engine import Database, open_memory_database, read_transaction
from access_desk.storage.event_log import Stream
from access_desk.storage.projections.rows import utc_text
from access_desk.sync.desk_store import DeskStore
from access_desk.sync.pace import SyncPace
from tests.desks import CountingIds, PlainPins, SetClock, TestDesk, a_desk
from tests.simulation.checker import TABLES, Checker
from tests.simulation.files import File, InMemory, KilledError, OnDisk

MOST_TRIES = 5
OPENS, CLOSES = 6, 20
# In the world of one seed of so many, desks let go of the others' details: after how long, if at all.
SEEDS_PER_KEEPING = 7
KEEPS = (None, timedelta(minutes=30), timedelta(hours=2), timedelta(hours=6))
CHICAGO = ZoneInfo("America/Chicago")
REGISTRARS = ("ann", "bob")
Act = Callable[[By], list[Recorded]]


def name_here(who: str, number: int) -> str:
    """Somebody who works at one desk only: a person holds one drawer, wherever it is."""
    return f"{who}{number}"


class ViolationError(AssertionError):
    """Something that must always hold did not."""


@dataclass
class Watched:
    """A file under the eyes of the checker."""

    name: str
    file: File
    checker: Checker
    seen: int = 0
    compared: tuple[int, int] = (0, 0)
    let_go_before: str = ""

    def look(self) -> None:
        """Judge what is new in the file. Raises ViolationError."""
        with self.file.look() as connection:
            rows = connection.exec_driver_sql(
                "SELECT e.rowid, e.desk_id, e.stream_epoch, e.desk_seq, e.data, e.hash, c.stamp "
                "FROM events e LEFT JOIN local_caps c ON c.facility_id = e.facility_id "
                "AND c.desk_id = e.desk_id AND c.stream_epoch = e.stream_epoch "
                "AND c.desk_seq = e.desk_seq WHERE e.rowid > ? ORDER BY e.rowid",
                (self.seen,),
            ).all()
        for rowid, desk, epoch, seq, data, stored_hash, cap in rows:
            self.checker.add(desk, epoch, seq, bytes(data), bytes(stored_hash), cap or "")
            self.seen = rowid
        self._complain()

    def compare(self) -> None:
        """Judge the tables too, when there is something new. Raises ViolationError."""
        self.look()
        emptied = self.emptied()
        if self.compared == (self.seen, len(emptied)):
            return
        self.compared = (self.seen, len(emptied))
        gone = self.checker.judge_let_go(emptied, self.let_go_before)
        with self.file.look() as connection:
            tables = {name: [tuple(row) for row in connection.exec_driver_sql(sql).all()] for name, sql in TABLES.items()}
            parked = connection.exec_driver_sql("SELECT count(*) FROM local_parked").scalar_one()
            stored = connection.exec_driver_sql("SELECT count(*) FROM events").scalar_one()
        self.checker.compare(tables, gone)
        self.checker.must(not parked, f"lack {parked} events that were set aside")
        self.checker.must(stored == self.checker.events, "belong to another number of events")
        self._complain()

    def emptied(self) -> list[tuple[str, int, int]]:
        """Where the events are whose details were let go: desk, epoch, sequence."""
        with self.file.look() as connection:
            rows = connection.exec_driver_sql(
                "SELECT desk_id, stream_epoch, desk_seq FROM events WHERE length(data) = 0 ORDER BY 1, 2, 3"
            ).all()
        return [tuple(row) for row in rows]

    def _complain(self) -> None:
        if self.checker.wrong:
            raise ViolationError(f"{self.name}: {self.checker.wrong[0]} ({len(self.checker.wrong)} in all)")


@dataclass
class Place:
    """A desk and whoever works at it."""

    name: str
    number: int
    test: TestDesk
    watched: Watched
    pace: SyncPace
    never_closes: bool
    drift: float = 0.0
    frozen_until: int = 0
    down_until: int = 0
    deaf_until: int = 0
    narrow_until: int = 0
    full_until: int = 0
    next_round: float = 0.0
    paid: dict[str, int] = field(default_factory=dict)
    # The ids of all events that its people were told of.
    told: set[str] = field(default_factory=set)
    # For how long it keeps the details of the others: what its rules call a day.
    keeps: timedelta | None = None

    def let_go(self) -> None:
        """What a round ends with: a slice of what the rules do not keep."""
        if self.keeps is not None:
            self.watched.look()
            now = self.test.clock.now()
            self.watched.let_go_before = max(self.watched.let_go_before, utc_text(now - self.keeps))
            self.store().let_go(now + timedelta(days=1) - self.keeps)

    def store(self) -> DeskStore:
        """Its file, as a round of synchronization uses it."""
        journal = self.desk.journal
        return DeskStore(journal.engine, journal.stream, journal.take_in_others)

    @property
    def desk(self) -> Desk:
        """Its use cases."""
        return self.test.desk

    def restart(self) -> None:
        """A new process over the same file: only what was committed is known."""
        self.watched.file.open_again()
        old = self.test.desk.journal
        journal = Journal(old.engine, old.stream, self.test.clock, old.ids, self.test.signer, PlainPins())
        self.test.desk = Desk.over(journal, label=self.name, practice=True)

    def is_open(self) -> bool:
        """Whether somebody is there, by this desk's own clock; an emergency desk is never left."""
        return self.never_closes or OPENS <= self.test.clock.now().astimezone(CHICAGO).hour < CLOSES

    def forward(self, turn: int, minutes: float) -> None:
        """Time goes on, as this desk's clock sees it."""
        if turn >= self.frozen_until:
            self.test.clock.forward(minutes=minutes * (1 + self.drift))

    def carry_out(self, who: str, act: Act) -> list[Recorded] | None:
        """What a person wants, until it is done or refused; None when it was refused.

        After a kill, and when nobody can say whether it was recorded, the program is started again and the same form is sent
        again, under its own command id. After "this was not recorded" the person enters it anew, as the text says, unless an
        earlier time may have recorded it: a form keeps its id for as long as nobody knows.
        """
        by, is_known = self.desk.by(self.test.people[who]), True
        for _ in range(MOST_TRIES):
            try:
                with self.watched.file.in_use():
                    events = act(by)
            except (KilledError, UnknownOutcomeError):
                self.restart()
                is_known = False
            except UnavailableError:
                by = self.desk.by(self.test.people[who]) if is_known else by
            except DeskError:
                self.watched.look()
                return None
            else:
                self._remember(events)
                return events
        return None

    def again(self, who: str, act: Act, times: int) -> None:
        """The same form is sent several times: it must be carried out once."""
        by = self.desk.by(self.test.people[who])
        did = [self.carry_out(who, lambda _: act(by)) or [] for _ in range(times)]
        if any([one.event_id for one in events] != [one.event_id for one in did[0]] for events in did):
            kinds = [[one.kind for one in events] for events in did]
            raise ViolationError(f"{self.name}: a form that was sent {times} times did {kinds}")

    def _remember(self, events: list[Recorded]) -> None:
        self.watched.look()
        self.told.update(event.event_id for event in events)
        for event in events:
            if not self.watched.checker.has(event.event_id):
                raise ViolationError(f"{self.name}: {event.kind} was said to be recorded and is not in the log")
            if isinstance(event.body, PaymentReceived):
                self.paid[event.body.payment_id] = event.body.amount.cents

    def assert_remembered(self) -> None:
        """What its people took is what its log says they took, and it says nothing that they did not hear of.

        Cash that was moved once and is in the log twice is a drawer that will not add up, and whoever was told that nothing
        was recorded will do it again. Raises ViolationError.
        """
        checker = self.watched.checker
        mine = {key: one.amount for key, one in checker.payments.items() if checker.custodies[one.custody].desk == self.name}
        if mine != self.paid:
            raise ViolationError(f"{self.name}: people took {len(self.paid)} payments and the log has {len(mine)}")
        unheard = [kind for key, kind in checker.done.items() if key not in self.told]
        if unheard:
            raise ViolationError(f"{self.name}: {unheard[0]} was done and nobody was told ({len(unheard)} in all)")


@dataclass(frozen=True)
class _Prepared:
    """A desk that was set up: its file, in memory or the bytes of one on a disk, who works there, how many ids it gave."""

    file: InMemory | bytes
    people: dict[str, str]
    made: int

    def copy(self, path: Path | None) -> File:
        """A file of one's own."""
        if isinstance(self.file, bytes):
            assert path is not None
            path.write_bytes(self.file)
            return OnDisk(path, create=False)
        file = InMemory()
        file.copy_of(self.file)
        return file


@cache
def _prepared(number: int, rounding: str, on_disk: bool) -> _Prepared:
    """Set up once in a process; the desks of all seeds begin as copies."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "desk.db"
        engine = OnDisk(path, create=True).engine if on_disk else open_memory_database()
        with _set_up(number, rounding, engine) as test:
            ids = test.desk.journal.ids
            assert isinstance(ids, CountingIds)
            made = InMemory()
            if not on_disk:
                with read_transaction(engine) as connection:
                    connection.connection.dbapi_connection.backup(made.driver)  # type: ignore[union-attr]
        # With the last connection what is in its log went into the file.
        return _Prepared(path.read_bytes() if on_disk else made, dict(test.people), ids.made)


def forget_what_was_prepared() -> None:
    """Desks are set up anew, by the program as it is now."""
    _prepared.cache_clear()


@contextmanager
def _set_up(number: int, rounding: str, engine: Database) -> Iterator[TestDesk]:
    with a_desk(desk_name(number), number, _key_of(number), engine) as test:
        test.set_policy(cash_rounding=rounding, details_days=1)
        for who in (name_here(one, number) for one in REGISTRARS):
            test.people[who] = test.desk.provisioning.add_person(who, who.title(), Role.REGISTRAR, f"{who}-pin")
        yield test


def lets_go(seed: int) -> bool:
    """Whether desks let go of details in the world of a seed."""
    return seed % SEEDS_PER_KEEPING == 3


def desk_name(number: int) -> str:
    """What a desk is called."""
    return f"desk{number}"


@cache
def _key_of(number: int) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(sha256(desk_name(number).encode()).digest())


def a_place(seed: int, number: int, start: datetime, rounding: str, folder: Path | None) -> Place:
    """A desk; its chances come from the seed. With a folder its file is there and encrypted, else it is in memory."""
    name = desk_name(number)
    prepared = _prepared(number, rounding, folder is not None)
    file = prepared.copy(folder / f"{name}.db" if folder is not None else None)
    people, ids = dict(prepared.people), CountingIds(name)
    ids.made = prepared.made
    clock = SetClock()
    clock.moment = start.astimezone(UTC) + timedelta(seconds=number)
    journal = Journal(file.database, Stream("F", name), clock, ids, _key_of(number), PlainPins())
    public_key = _key_of(number).public_key().public_bytes_raw().hex()
    test = TestDesk(Desk.over(journal, label=name, practice=True), clock, people, public_key, _key_of(number))
    chance = random.Random(f"{seed} pace {number}")
    place = Place(
        name, number, test, Watched(name, file, Checker(rounding, name)), SyncPace(chance.random), chance.random() < 0.5
    )
    with file.look() as connection:
        place.told.update(row[0] for row in connection.exec_driver_sql("SELECT event_id FROM events").all())
    if lets_go(seed):
        place.keeps = random.Random(f"{seed} keeps {number}").choice(KEEPS)
    return place
