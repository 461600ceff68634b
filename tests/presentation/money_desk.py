"""An in-memory desk at 9 in the morning, for the money screens: three people, two drawers, one insured patient."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from access_desk.domain.cash_drawer.commands import OpenDrawer
from access_desk.domain.denominations import CashCount
from access_desk.domain.events import Fact
from access_desk.domain.facility.events import DrawerInstalled, FacilityEstablished, PolicySet
from access_desk.domain.money import Money
from access_desk.domain.patients.commands import NewPatient
from access_desk.domain.patients.events import Demographics
from access_desk.domain.payments.commands import TakePayment, TenderOffered
from access_desk.domain.payments.events import PaymentLine, PaymentReceived
from access_desk.domain.policy import Policy
from access_desk.domain.staff import Role
from access_desk.domain.visits.events import Coverage, VisitDetails, VisitRegistered
from access_desk.presentation.drawer_session import MoneySession
from access_desk.services.desk import Desk
from access_desk.services.journal import SYSTEM_ACTOR, Journal
from access_desk.services.registration import Registration
from access_desk.storage.engine import open_memory_database
from access_desk.storage.event_log import Stream
from access_desk.storage.schema import metadata
from access_desk.system.clock import ManualClock

_Answer = TypeVar("_Answer")
PINS = {"dana": "402913", "marcus": "771204", "priya": "190455"}
FLOAT: Mapping[str, int] = {"20": 4, "10": 5, "5": 5, "1": 18, "roll:0.25": 1, "0.25": 60, "0.10": 20}


class CountingIds:
    def __init__(self) -> None:
        self.made = 0

    def new_id(self) -> str:
        self.made += 1
        return f"id-{self.made:06d}"


class PlainPins:
    def hash_pin(self, pin: str) -> str:
        return f"h{pin}"

    def matches(self, verifier: str, pin: str) -> bool:
        return verifier == f"h{pin}"


class KeySigner:
    def __init__(self) -> None:
        self.key = Ed25519PrivateKey.from_private_bytes(bytes(32))

    def sign(self, message: bytes) -> bytes:
        return self.key.sign(message)


def run_now(call: Callable[[], _Answer], done: Callable[[_Answer], object], failed: Callable[[Exception], object], /) -> None:
    """The task runner of tests: at once, on this thread."""
    try:
        answer = call()
    except Exception as error:  # noqa: BLE001 - the runner hands over whatever was raised
        failed(error)
        return
    done(answer)


@dataclass
class HeldRuns:
    """A task runner that waits: what is asked runs when the test says so."""

    waiting: list[Callable[[], None]] = field(default_factory=list)

    def __call__(
        self, call: Callable[[], _Answer], done: Callable[[_Answer], object], failed: Callable[[Exception], object], /
    ) -> None:
        self.waiting.append(lambda: run_now(call, done, failed))

    def run_all(self) -> None:
        while self.waiting:
            self.waiting.pop(0)()


class MoneyDesk:
    """A desk with its people and drawers, and short cuts for what tests do before the screen is looked at."""

    def __init__(self, policy: Policy | None = None) -> None:
        self.clock = ManualClock(datetime(2026, 11, 23, 15, 0, tzinfo=UTC))
        signer = KeySigner()
        engine = open_memory_database()
        metadata.create_all(engine)
        self.journal = Journal(engine, Stream("CHR", "desk-1"), self.clock, CountingIds(), signer, PlainPins())
        self.desk = Desk.over(self.journal, label="Admitting 3", practice=True)
        setup = self.desk.provisioning
        setup.enroll("Admitting 3", signer.key.public_key().public_bytes_raw().hex(), practice=True)
        setup.establish(FacilityEstablished("CHR", "Cedar Hollow Regional", "America/Chicago"))
        if policy:
            self.journal.record(SYSTEM_ACTOR, [Fact("CHR", PolicySet(policy))])
        self.dana = setup.add_person("dana", "Dana Whitfield", Role.REGISTRAR, PINS["dana"])
        self.marcus = setup.add_person("marcus", "Marcus Okafor", Role.LEAD, PINS["marcus"])
        self.priya = setup.add_person("priya", "Priya Raman", Role.REGISTRAR, PINS["priya"])
        self.who = self.dana
        for key, label in (("02", "Admitting 2"), ("03", "Admitting 3")):
            setup.install_drawer(DrawerInstalled(f"drawer-{key}", key, label, Money(20_000)))
        self.drawer_id = "drawer-03"

    def session(self, runs: HeldRuns | None = None) -> MoneySession:
        return MoneySession(self.desk, lambda: self.who, runs or run_now)

    def later(self, minutes: int) -> None:
        self.clock.set_to(self.clock.now() + timedelta(minutes=minutes))

    def open_drawer(self) -> None:
        self.desk.drawers.open_drawer(self.desk.by(self.dana), OpenDrawer(self.drawer_id, CashCount(dict(FLOAT))))

    def open_drawer_at(self, drawer_id: str, person_id: str) -> None:
        self.desk.drawers.open_drawer(self.desk.by(person_id), OpenDrawer(drawer_id, CashCount(dict(FLOAT))))

    def register(self, *copays: str, kind: str = "outpatient", family: str = "Vega-Trujillo") -> str:
        born = Demographics(family, "Marisol", "Ana", birth_date=date(1987, 3, 14), sex="female", language="Spanish")
        plans = tuple(Coverage("Northlake Health", f"PPO {n}", copay=Money.parse(one)) for n, one in enumerate(copays, 1))
        new = NewPatient(born, despite_match="twin")
        registration = Registration(VisitDetails(kind, "Imaging"), plans, new)
        events = self.desk.registration.register(self.desk.by(self.dana), registration)
        return next(event.body.visit_id for event in events if isinstance(event.body, VisitRegistered))

    def pay(self, visit_id: str, amount: str, tender: str = "cash", received: str = "") -> str:
        money = Money.parse(amount)
        tendered = Money.parse(received) if received else money if tender == "cash" else None
        part = TenderOffered(tender, money, tendered, "2214" if tender == "check" else "")
        command = TakePayment(self.drawer_id, (PaymentLine("copay", money),), (part,), visit_id)
        events = self.desk.payments.take(self.desk.by(self.dana), command)
        return next(event.body.payment_id for event in events if isinstance(event.body, PaymentReceived))

    def kinds(self) -> list[str]:
        return [one.kind for one in self.desk.journal.read(_events)]


def _events(states: object) -> list[_Kind]:
    connection = states.connection  # type: ignore[attr-defined]
    rows = connection.exec_driver_sql("SELECT kind FROM events ORDER BY desk_seq").all()
    return [_Kind(row[0]) for row in rows]


@dataclass(frozen=True)
class _Kind:
    kind: str
