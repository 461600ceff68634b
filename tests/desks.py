"""Desks for tests: the real rules and the real tables in memory, a clock that is set, ids that count, PINs that are quick."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from access_desk.domain.cash_drawer.commands import CloseDrawer, CountDrawer, OpenDrawer
from access_desk.domain.denominations import CashCount, ClosingCount
from access_desk.domain.events import Fact, Recorded
from access_desk.domain.facility.events import DrawerInstalled, FacilityEstablished, PolicySet
from access_desk.domain.flags.rules import Flag, FlagKind, flag_id
from access_desk.domain.money import Money
from access_desk.domain.patients.commands import NewPatient
from access_desk.domain.patients.events import Demographics
from access_desk.domain.payments.commands import TakePayment, TenderOffered
from access_desk.domain.payments.events import PaymentLine, PaymentReceived
from access_desk.domain.policy import Policy
from access_desk.domain.staff import Countersign, Role
from access_desk.domain.visits.events import VisitDetails, VisitRegistered
from access_desk.services.desk import Desk
from access_desk.services.journal import Journal
from access_desk.services.registration import Registration
from access_desk.services.result import verify
from access_desk.storage.engine import Database, open_memory_database, read_transaction, write_transaction
from access_desk.storage.event_log import Stream, every_row
from access_desk.storage.flag_rows import keep_flags
from access_desk.storage.received import Arrived, take_in
from access_desk.storage.schema import metadata

SIX_IN_THE_MORNING = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
FLOAT = CashCount({"20": 10})


class SetClock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.moment = SIX_IN_THE_MORNING

    def now(self) -> datetime:
        return self.moment

    def forward(self, **time: float) -> None:
        self.moment += timedelta(**time)


class CountingIds:
    """1, 2, 3, in the form that sorts."""

    def __init__(self, prefix: str = "id") -> None:
        self.made = 0
        self.prefix = prefix

    def new_id(self) -> str:
        self.made += 1
        return f"{self.prefix}-{self.made:08d}"


class PlainPins:
    """Verifiers that take no time."""

    def hash_pin(self, pin: str) -> str:
        return f"verifier of {pin}"

    def matches(self, verifier: str, pin: str) -> bool:
        return verifier == self.hash_pin(pin)


@dataclass
class TestDesk:
    """A desk with three drawers and one person of each role, plus a second registrar and a second lead."""

    __test__ = False
    desk: Desk
    clock: SetClock
    people: dict[str, str]
    public_key: str
    signer: Ed25519PrivateKey

    def drawer(self, key: str = "D1") -> str:
        drawers, desk_id = self.desk.view.facility().drawers.values(), self.desk.journal.stream.desk_id
        return next(one.drawer_id for one in drawers if one.key == key and one.desk_id == desk_id)

    def sign(self, who: str, pin: str | None = None) -> Countersign:
        return Countersign(self.people[who], pin if pin is not None else f"{who}-pin")

    def open(self, who: str = "ann", key: str = "D1", count: CashCount = FLOAT) -> str:
        """A drawer opened; the custody's id."""
        return self.desk.drawers.open_drawer(self.desk.by(self.people[who]), OpenDrawer(self.drawer(key), count))[-1].subject_id

    def register(self, kind: str = "outpatient", who: str = "ann", family: str = "", given: str = "Pat") -> VisitRegistered:
        """Somebody new with a visit."""
        family = family or f"Family{self.desk.journal.head.seq}"
        new = NewPatient(Demographics(family=family, given=given))
        events = self.desk.registration.register(self.desk.by(self.people[who]), Registration(VisitDetails(kind), (), new))
        return next(event.body for event in events if isinstance(event.body, VisitRegistered))

    def pay(
        self, visit: VisitRegistered, cents: int = 2500, tender: str = "cash", who: str = "ann", key: str = "D1"
    ) -> PaymentReceived:
        """A payment."""
        events = self.desk.payments.take(self.desk.by(self.people[who]), self.payment(visit, cents, tender, key))
        return received(events)

    def payment(self, visit: VisitRegistered, cents: int = 2500, tender: str = "cash", key: str = "D1") -> TakePayment:
        amount = Money(cents)
        return TakePayment(self.drawer(key), (PaymentLine("copay", amount),), (TenderOffered(tender, amount),), visit.visit_id)

    def count(self, cents: int, who: str = "ann", key: str = "D1") -> list[Recorded]:
        count = ClosingCount(CashCount({"0.01": cents % 100, "1": cents // 100 % 1000}))
        return self.desk.drawers.count(self.desk.by(self.people[who]), CountDrawer(self.drawer(key), count))

    def close(self, who: str = "ann", key: str = "D1", **said: object) -> list[Recorded]:
        command = CloseDrawer(self.drawer(key), **said)  # type: ignore[arg-type]
        return self.desk.drawers.close(self.desk.by(self.people[who]), command)

    def set_policy(self, **settings: object) -> None:
        policy = Policy(**settings)  # type: ignore[arg-type]
        self.desk.journal.record("system", [Fact(self.desk.journal.facility_id, PolicySet(policy))])

    def expected_cash(self, custody_id: str) -> Money:
        book = self.desk.view.book(custody_id)
        assert book is not None
        return book.figures.expected["cash"]

    def assert_whole(self) -> None:
        """The chain holds, and a replay gives the same tables."""
        verdict = verify(self.desk.journal, {self.desk.journal.stream.desk_id: self.public_key})
        assert verdict.faults == ()
        assert verdict.differing == ()


def received(events: list[Recorded]) -> PaymentReceived:
    """The payment among what was recorded."""
    return next(event.body for event in events if isinstance(event.body, PaymentReceived))


def a_far_drawer(desk: TestDesk) -> str:
    """A drawer of another desk, which this one has heard of."""
    with a_desk("far", 7) as far:
        with read_transaction(far.desk.journal.engine) as connection:
            rows = [Arrived(row.data, row.signature or b"") for row in every_row(connection)]
        drawer_id = far.drawer("D1")
    with write_transaction(desk.desk.journal.engine) as connection:
        taken = take_in(connection, far.desk.journal.stream, rows, far.public_key)
    desk.desk.journal.take_in_others(taken.stored[-1].event.stamp)
    return drawer_id


def a_flag(desk: TestDesk) -> str:
    """What central flagged, and told this desk."""
    event = desk.desk.journal.record("system", [Fact("F", PolicySet(Policy()))])[0]
    name = flag_id(FlagKind.CLOCK_AHEAD, event.desk_id, event.stream_epoch, event.desk_seq)
    told = (event.event_id, event.kind, event.actor_id, event.recorded_at, event.recorded_at)
    flag = Flag(name, FlagKind.CLOCK_AHEAD.value, event.desk_id, event.stream_epoch, event.desk_seq, *told, 0, "300")
    with write_transaction(desk.desk.journal.engine) as connection:
        keep_flags(connection, "F", [flag])
    return name


@contextmanager
def a_desk(
    name: str = "desk", number: int | None = None, signer: Ed25519PrivateKey | None = None, engine: Database | None = None
) -> Iterator[TestDesk]:
    """A desk; when the test is over, whatever it wrote must be whole and replay to the same tables.

    One with a number is one of several: its ids are its own. ``engine`` is that of its file, which is empty; without one it
    is in memory.
    """
    engine = engine or open_memory_database()
    metadata.create_all(engine)
    clock, signer = SetClock(), signer or Ed25519PrivateKey.generate()
    ids = CountingIds("id" if number is None else name)
    journal = Journal(engine, Stream("F", name), clock, ids, signer, PlainPins())
    desk = Desk.over(journal, label="Admitting 1", practice=True)
    public_key = signer.public_key().public_bytes_raw().hex()
    desk.provisioning.enroll("Admitting 1", public_key, practice=True)
    if number is not None:
        apart = (number - 1) * 100_000
        desk.provisioning.number(number, {"mrn": 480_001 + apart, "account": 10_452_001 + apart})
    desk.provisioning.establish(FacilityEstablished("F", "Cedar Hollow", "America/Chicago"))
    roles = {"ann": Role.REGISTRAR, "bob": Role.REGISTRAR, "lea": Role.LEAD, "leo": Role.LEAD, "sue": Role.SUPERVISOR}
    people = {key: desk.provisioning.add_person(key, key.title(), role, f"{key}-pin") for key, role in roles.items()}
    for place in (1, 2, 3):
        drawer_id = f"drawer{place}" if ids.prefix == "id" else f"{name}-drawer{place}"
        desk.provisioning.install_drawer(DrawerInstalled(drawer_id, f"D{place}", f"Admitting {place}", Money(20_000)))
    made = TestDesk(desk, clock, people, public_key, signer)
    try:
        yield made
        made.assert_whole()
    finally:
        engine.dispose()
