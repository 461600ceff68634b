"""One seed: desks, people who work at them, a central, and a network, a centre and clocks that go wrong."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from access_desk.domain.errors import DeskError
from access_desk.domain.money import Money
from access_desk.domain.payments.commands import TenderOffered
from access_desk.storage.engine import Database, read_transaction
from access_desk.storage.event_log import every_row, head_of
from access_desk.storage.replay import differing_tables
from access_desk.sync.core import Request, Response, RetryLaterError, StoppedError
from tests.central.centrals import Tables, TestCentral, a_central, drive, round_of
from tests.desks import TestDesk, a_desk
from tests.simulation.checker import check

PORTAL = Response(200, "text/html", b"<html>Sign in to the guest network</html>")
NETWORK = ("down", "lost_answer", "double", "late", "portal", "restart", "fault", "cut", "garbled")
TURN_MINUTES = 2
SETTLING_ROUNDS = 6
REGISTRARS = ("ann", "bob")


class ViolationError(AssertionError):
    """Something that must always hold did not; the text names the seed."""


@dataclass
class World:
    """What happens is chosen by the seed alone."""

    seed: int
    desks: list[TestDesk]
    central: TestCentral
    chance: random.Random
    faulty: bool
    sent: list[Request] = field(default_factory=list)
    backup: Tables | None = None
    trace: list[str] = field(default_factory=list)
    hours: float = 0.0

    def ask(self, request: Request) -> Response:
        """What comes back over the network."""
        self.sent.append(request)
        fault = self.chance.choice((*NETWORK, *[""] * 20)) if self.faulty else ""
        if fault == "down":
            raise RetryLaterError(fault)
        if fault == "late":
            self.central.ask(self.chance.choice(self.sent[-40:]))
        if fault == "restart":
            self.central.restart()
        if fault == "garbled":
            request = replace(request, body=request.body[: len(request.body) // 2]) if request.body else request
        answer = self.central.ask(request)
        if fault == "double":
            answer = self.central.ask(request)
        if fault == "lost_answer":
            raise RetryLaterError(fault)
        return {
            "portal": PORTAL,
            "fault": Response(500, "application/json", b'{"code":"fault","text":""}'),
            "cut": Response(answer.status, answer.content_type, answer.body[: len(answer.body) // 2]),
        }.get(fault, answer)

    def round(self, desk: TestDesk) -> bool:
        """A desk's round; whether it came to its end."""
        try:
            drive(round_of(desk).run(), self.ask)
        except RetryLaterError:
            return False
        except StoppedError as stopped:
            if not self.faulty:
                raise ViolationError(f"seed {self.seed}: a round stopped without a fault: {stopped}") from stopped
            return False
        finally:
            self.trace.append(f"round {desk.desk.journal.stream.desk_id}")
        self._assert_durable(desk)
        return True

    def _assert_durable(self, desk: TestDesk) -> None:
        journal = desk.desk.journal
        with read_transaction(self.central.database) as connection:
            at_central = head_of(connection, journal.stream)
        if (at_central.seq, at_central.hash) != (journal.head.seq, journal.head.hash):
            raise ViolationError(f"seed {self.seed}: {journal.stream.desk_id} was acknowledged what central does not have")

    def turn(self) -> None:
        """Two minutes at the desks."""
        for desk in self.desks:
            desk.clock.forward(minutes=TURN_MINUTES)
            if self.chance.random() < 0.6:
                self.work(desk)
            if self.chance.random() < 0.5:
                self.round(desk)
        self.central.clock.forward(minutes=TURN_MINUTES)
        self.central.seconds += TURN_MINUTES * 60
        self.hours += len(self.desks) * TURN_MINUTES / 60
        if self.faulty:
            self._something_big()

    def _something_big(self) -> None:
        fate = self.chance.random()
        if fate < 0.01:
            self.backup = self.central.copy()
        elif fate < 0.015 and self.backup is not None:
            self.central.put_back(self.backup)
            self.trace.append("restored")
        elif fate < 0.03:
            self.chance.choice(self.desks).clock.forward(minutes=self.chance.choice((-60, -5, 5, 60, 1440)))

    def work(self, desk: TestDesk) -> None:
        """Something that a person does, or is refused."""
        who, key = self.chance.choice(REGISTRARS), self.chance.choice(("D1", "D2"))
        try:
            done = self._perform(desk, who, key, self.chance.randint(0, 9))
        except DeskError as refusal:
            done = refusal.code.value
        self.trace.append(f"{desk.desk.journal.stream.desk_id} {who} {done} {desk.desk.journal.head.hash}")

    def _perform(self, desk: TestDesk, who: str, key: str, choice: int) -> str:
        chance = self.chance
        match choice:
            case 0 | 1:
                desk.open(who, key)
                return "opened"
            case 2 | 3 | 4:
                self._split_payment(desk, who, key)
                return "paid"
            case 5 | 6:
                paid = desk.payment(
                    desk.register(who=who), chance.randint(1, 40_000), chance.choice(("cash", "check", "card")), key
                )
                by = desk.desk.by(desk.people[who])
                first, again = desk.desk.payments.take(by, paid), desk.desk.payments.take(by, paid)
                if [one.event_id for one in first] != [one.event_id for one in again]:
                    raise ViolationError(f"seed {self.seed}: a command that came twice was done twice")
                return "paid with a double click"
            case 7:
                desk.desk.registration.amend(desk.desk.by(desk.people[who]), self._somebody(desk), self._change())
                return "amended"
            case 8:
                desk.count(chance.randint(0, 60_000), who, key)
                return "counted"
            case _:
                desk.close(who, key, reason="miscounted", memo="counted twice", approval=desk.sign("lea"))
                return "closed"

    def _split_payment(self, desk: TestDesk, who: str, key: str) -> None:
        cents, part = self.chance.randint(2, 30_000), 1
        whole = desk.payment(desk.register(who=who), cents, "cash", key)
        tenders = (TenderOffered("cash", Money(part)), TenderOffered("card", Money(cents - part)))
        desk.desk.payments.take(desk.desk.by(desk.people[who]), replace(whole, tenders=tenders))

    def _somebody(self, desk: TestDesk) -> str:
        with read_transaction(desk.desk.journal.engine) as connection:
            known = [row[0] for row in connection.exec_driver_sql("SELECT patient_id FROM patients ORDER BY 1").all()]
        return str(self.chance.choice(known)) if known else "nobody"

    def _change(self) -> dict[str, str]:
        name = self.chance.choice(("phone", "city", "family"))
        return {
            name: f"216-555-01{self.chance.randint(10, 99)}" if name == "phone" else self.chance.choice(("Akron", "Vega", "Lima"))
        }

    def judge(self, database: Database, whose: str) -> None:
        """Raise when the independent checker finds something."""
        with read_transaction(database) as connection:
            events = [(row.desk_id, row.desk_seq, bytes(row.data)) for row in every_row(connection)]
            cash = connection.exec_driver_sql(
                "SELECT custody_id, sum(amount_cents) FROM postings WHERE account = 'drawer_cash' GROUP BY custody_id"
            ).all()
            payments = connection.exec_driver_sql("SELECT payment_id, amount_cents FROM payments").all()
        wrong = check(events, {row[0]: row[1] for row in cash}, {row[0]: row[1] for row in payments})
        if wrong:
            raise ViolationError(f"seed {self.seed}, {whose}: {wrong[0]} ({len(wrong)} in all)")

    def settle(self) -> None:
        """Without faults all have the same within two hours, and what was acknowledged is there."""
        self.faulty = False
        for _ in range(SETTLING_ROUNDS):
            for desk in self.desks:
                if not self.round(desk):
                    raise ViolationError(f"seed {self.seed}: a round without a fault failed")
        expected = self._bytes(self.central.database)
        self.judge(self.central.database, "central")
        for desk in self.desks:
            engine = desk.desk.journal.engine
            self.judge(engine, desk.desk.journal.stream.desk_id)
            with read_transaction(engine) as ours, read_transaction(self.central.database) as theirs:
                if self._bytes(engine) != expected or differing_tables(ours, theirs):
                    raise ViolationError(f"seed {self.seed}: {desk.desk.journal.stream.desk_id} and central differ in the end")
        self.trace += [sha256(data).hexdigest() for data in expected]

    @staticmethod
    def _bytes(database: Database) -> list[bytes]:
        with read_transaction(database) as connection:
            return [bytes(row.data) for row in every_row(connection)]

    def digest(self) -> str:
        """Of everything that happened."""
        return sha256("\n".join(self.trace).encode()).hexdigest()


@contextmanager
def world_of(seed: int, *, faulty: bool = True) -> Iterator[World]:
    """The world of a seed."""
    chance = random.Random(seed)
    with ExitStack() as stack:
        names = [f"desk{number}" for number in range(1, chance.randint(2, 4) + 1)]
        desks = []
        for number, name in enumerate(names, 1):
            signer = Ed25519PrivateKey.from_private_bytes(sha256(f"{seed} {name}".encode()).digest())
            desks.append(stack.enter_context(a_desk(name, number, signer)))
        central = a_central()
        stack.callback(central.database.dispose)
        for desk in desks:
            central.enroll(desk)
        yield World(seed, desks, central, chance, faulty)


def simulate(seed: int, hours: float, *, faulty: bool = True) -> tuple[str, float]:
    """Digest of the trace and desk-hours of a seed."""
    with world_of(seed, faulty=faulty) as world:
        for _ in range(int(hours * 60 / TURN_MINUTES)):
            world.turn()
        world.settle()
        return world.digest(), world.hours
