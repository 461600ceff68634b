"""A desk of the simulation: its file, its process that may be killed, its clock, and what its people remember."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from access_desk.domain.errors import DeskError, UnavailableError
from access_desk.domain.events import Recorded
from access_desk.domain.payments.events import PaymentReceived
from access_desk.domain.staff import Role
from access_desk.services.desk import Desk
from access_desk.services.journal import By, Journal
from access_desk.storage.engine import Database, read_transaction
from access_desk.sync.pace import SyncPace
from tests.desks import PlainPins, TestDesk, a_desk
from tests.simulation.checker import TABLES, Checker

MOST_TRIES = 5
REGISTRARS = ("ann", "bob")
Act = Callable[[By], list[Recorded]]


def name_here(who: str, number: int) -> str:
    """Somebody who works at one desk only: a person holds one drawer, wherever it is."""
    return f"{who}{number}"


class ViolationError(AssertionError):
    """Something that must always hold did not."""


class KilledError(BaseException):
    """The process was killed; nothing that it held in memory is left, and no handler of it runs."""


@dataclass
class Watched:
    """A file under the eyes of the checker."""

    name: str
    database: Database
    checker: Checker
    seen: int = 0

    def look(self) -> None:
        """Judge what is new in the file. Raises ViolationError."""
        with read_transaction(self.database) as connection:
            rows = connection.exec_driver_sql(
                "SELECT rowid, desk_id, stream_epoch, desk_seq, data, hash FROM events WHERE rowid > ? ORDER BY rowid",
                (self.seen,),
            ).all()
        for rowid, desk, epoch, seq, data, stored_hash in rows:
            self.checker.add(desk, epoch, seq, bytes(data), bytes(stored_hash))
            self.seen = rowid
        self._complain()

    def compare(self) -> None:
        """Judge the tables too. Raises ViolationError."""
        self.look()
        with read_transaction(self.database) as connection:
            tables = {name: [tuple(row) for row in connection.exec_driver_sql(sql).all()] for name, sql in TABLES.items()}
            parked = connection.exec_driver_sql("SELECT count(*) FROM local_parked").scalar_one()
            stored = connection.exec_driver_sql("SELECT count(*) FROM events").scalar_one()
        self.checker.compare(tables)
        self.checker.must(not parked, f"lack {parked} events that were set aside")
        self.checker.must(stored == self.checker.events, "belong to another number of events")
        self._complain()

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
    drift: float = 0.0
    frozen_until: int = 0
    down_until: int = 0
    deaf_until: int = 0
    acknowledged: int = 0
    next_round: float = 0.0
    failures: int = 0
    paid: dict[str, int] = field(default_factory=dict)

    @property
    def desk(self) -> Desk:
        """Its use cases."""
        return self.test.desk

    def restart(self) -> None:
        """A new process over the same file: only what was committed is known."""
        old = self.test.desk.journal
        journal = Journal(old.engine, old.stream, self.test.clock, old.ids, self.test.signer, PlainPins())
        self.test.desk = Desk.over(journal, label=self.name, practice=True)

    def forward(self, turn: int, minutes: float) -> None:
        """Time goes on, as this desk's clock sees it."""
        if turn >= self.frozen_until:
            self.test.clock.forward(minutes=minutes * (1 + self.drift))

    def carry_out(self, who: str, act: Act) -> list[Recorded] | None:
        """What a person wants, until it is done or refused; None when it was refused.

        After a kill the program is started again and the same form is sent again, under its own command id. After "this
        was not recorded" the person enters it anew, as the text says.
        """
        by = self.desk.by(self.test.people[who])
        for _ in range(MOST_TRIES):
            try:
                events = act(by)
            except KilledError:
                self.restart()
            except UnavailableError:
                by = self.desk.by(self.test.people[who])
            except DeskError:
                self.watched.look()
                return None
            else:
                self._remember(events)
                return events
        return None

    def twice(self, who: str, act: Act) -> None:
        """The same form is sent twice: it must be carried out once."""
        by = self.desk.by(self.test.people[who])
        first, again = self.carry_out(who, lambda _: act(by)), self.carry_out(who, lambda _: act(by))
        if [one.event_id for one in first or ()] != [one.event_id for one in again or ()]:
            did = [[one.kind for one in events or ()] for events in (first, again)]
            raise ViolationError(f"{self.name}: a form that was sent twice did {did[0]} and then {did[1]}")

    def _remember(self, events: list[Recorded]) -> None:
        with read_transaction(self.watched.database) as connection:
            for event in events:
                found = connection.exec_driver_sql("SELECT count(*) FROM events WHERE event_id = ?", (event.event_id,))
                if found.scalar_one() != 1:
                    raise ViolationError(f"{self.name}: {event.kind} was said to be recorded and is not in the log")
                if isinstance(event.body, PaymentReceived):
                    self.paid[event.body.payment_id] = event.body.amount.cents
        self.watched.look()

    def assert_remembered(self) -> None:
        """What its people took is what its log says they took, no more and no less. Raises ViolationError."""
        checker = self.watched.checker
        mine = {key: one.amount for key, one in checker.payments.items() if checker.custodies[one.custody].desk == self.name}
        if mine != self.paid:
            raise ViolationError(f"{self.name}: people took {len(self.paid)} payments and the log has {len(mine)}")


@contextmanager
def a_place(seed: int, number: int, start: datetime, rounding: str) -> Iterator[Place]:
    """A desk whose keys, ids and chances come from the seed."""
    name = f"desk{number}"
    signer = Ed25519PrivateKey.from_private_bytes(sha256(f"{seed} {name}".encode()).digest())
    with a_desk(name, number, signer) as test:
        test.clock.moment = start.astimezone(UTC) + timedelta(seconds=number)
        test.set_policy(cash_rounding=rounding)
        for who in (name_here(REGISTRARS[0], number), name_here(REGISTRARS[1], number)):
            test.people[who] = test.desk.provisioning.add_person(who, who.title(), Role.REGISTRAR, f"{who}-pin")
        chance = random.Random(f"{seed} pace {number}")
        yield Place(name, number, test, Watched(name, test.desk.journal.engine, Checker(rounding)), SyncPace(chance.random))
