"""What the model remembers while a day goes by."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tests.oracle.values import TENDERS, Json, RefusedError, money_text

BEFORE_ALL = datetime(1, 1, 1, tzinfo=UTC)


def no_money() -> dict[str, int]:
    """Zero cents of every tender."""
    return dict.fromkeys(TENDERS, 0)


@dataclass
class Policy:
    """Facility settings, defaults filled in."""

    tiers: list[tuple[int, set[str]]] = field(
        default_factory=lambda: [
            (1, {"reason"}),
            (201, {"reason", "approval"}),
            (2500, {"reason", "approval", "memo"}),
        ]
    )
    recounts: int = 1
    shifts: list[tuple[str, time]] = field(default_factory=lambda: [("day", time(7)), ("evening", time(15)), ("night", time(23))])
    void_approval: bool = True
    refund_approval: bool = True
    paid_out: bool = True
    two_person_open: bool = False
    two_person_close: bool = False
    nearest_5: bool = False
    emtala_release: str = "mse"


@dataclass
class Person:
    """Somebody on the staff, with the throttle of their PIN."""

    key: str
    role: str
    pin: str
    wrong: int = 0
    locked_until: datetime = BEFORE_ALL
    lock_minutes: int = 5

    def give_pin(self, pin: str | None, now: datetime) -> None:
        """Five wrong in a row lock for 5 minutes, each further wrong one twice as long, at most 30."""
        if now < self.locked_until:
            raise RefusedError("pin_wrong")
        if pin == self.pin:
            self.wrong, self.lock_minutes = 0, 5
            return
        self.wrong += 1
        if self.wrong >= 5:
            self.locked_until = now + timedelta(minutes=self.lock_minutes)
            self.lock_minutes = min(30, self.lock_minutes * 2)
        raise RefusedError("pin_wrong")


@dataclass
class Patient:
    """Who somebody is, as last amended, and the visits they made."""

    identity: Json
    visits: list[Visit] = field(default_factory=list)


@dataclass
class Visit:
    """One visit; ``events`` are the names of what happened in it."""

    patient: Patient
    emergency: bool
    events: set[str] = field(default_factory=set)

    def held(self, release: str) -> bool:
        """Whether money may not yet be asked for."""
        opening = {"stabilized"} if release == "stabilized" else {"mse_completed", "stabilized"}
        return self.emergency and not opening & self.events


@dataclass
class Custody:
    """One person's hold of a drawer. ``cash_in`` and the others are running figures in cents."""

    drawer: Drawer
    holder: str
    opened_at: datetime
    business_date: str
    shift: str
    opening: int
    opening_variance: int
    received: dict[str, int] = field(default_factory=no_money)
    voided: dict[str, int] = field(default_factory=no_money)
    refunded: dict[str, int] = field(default_factory=no_money)
    paid_in: int = 0
    paid_out: int = 0
    dropped: int = 0
    rounding: int = 0
    counts: list[dict[str, int]] = field(default_factory=list)
    receipts_issued: int = 0
    receipts_voided: int = 0
    closed_at: datetime | None = None
    to_bank: int = 0
    left: int = 0

    def expected(self) -> dict[str, int]:
        """Rule 1 of the contract."""
        cash = self.opening + self.received["cash"] - self.refunded["cash"]
        cash += self.paid_in - self.paid_out - self.dropped
        return self.received | {"cash": cash}

    def variance(self) -> dict[str, int]:
        """Last count less expected, per tender."""
        expected = self.expected()
        return {tender: self.counts[-1][tender] - expected[tender] for tender in TENDERS}


@dataclass
class Drawer:
    """A drawer of the file. ``last`` is the custody that was opened last, closed or not."""

    key: str
    imprest: int
    last: Custody | None = None

    def current(self) -> Custody | None:
        """The custody that is open or counting."""
        return self.last if self.last is not None and self.last.closed_at is None else None


@dataclass
class Payment:
    """``credited`` per tender is what the patient was credited, ``taken`` what went into the drawer for it."""

    custody: Custody
    credited: dict[str, int]
    taken: dict[str, int]
    refunded: dict[str, int] = field(default_factory=no_money)
    voided: bool = False


@dataclass
class Bag:
    """A sealed bag: in the ``safe``, in ``transit`` or at the ``bank``."""

    amount: int
    where: str = "safe"


@dataclass
class Day:
    """The whole facility. Amounts are cents with the sign of the result's account list, except ``paid_in``."""

    zone: ZoneInfo
    policy: Policy
    staff: dict[str, Person]
    drawers: dict[str, Drawer]
    now: datetime = BEFORE_ALL
    patients: list[Patient] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    custodies: list[Custody] = field(default_factory=list)
    bags: dict[str, Bag] = field(default_factory=dict)
    named_patients: dict[str, Patient] = field(default_factory=dict)
    named_visits: dict[str, Visit] = field(default_factory=dict)
    named_payments: dict[str, Payment] = field(default_factory=dict)
    safe: int = 0
    in_transit: int = 0
    bank: int = 0
    card_clearing: int = 0
    patients_account: int = 0
    over_short: int = 0
    rounding: int = 0
    paid_out: int = 0
    provided: int = 0  # first floats and paid-ins: the money that came from outside

    def held_by(self, person: str) -> Custody | None:
        """The open custody of a person."""
        for drawer in self.drawers.values():
            current = drawer.current()
            if current is not None and current.holder == person:
                return current
        return None

    def shift_at(self, instant: datetime) -> tuple[str, str]:
        """Business date and shift name of an instant."""
        local = instant.astimezone(self.zone)
        running = [name for name, start in self.policy.shifts if start <= local.time()]
        if running:
            return local.date().isoformat(), running[-1]
        return (local.date() - timedelta(days=1)).isoformat(), self.policy.shifts[-1][0]

    def accounts(self) -> dict[str, int]:
        """The account list of the result; everything adds up to zero."""
        drawers = 0
        for drawer in self.drawers.values():
            if drawer.last is None:
                continue
            if drawer.last.closed_at is None:
                expected = drawer.last.expected()
                drawers += expected["cash"] + expected["check"] + expected["money_order"]
            else:
                drawers += drawer.last.left
        accounts = {
            "drawers": drawers,
            "safe": self.safe,
            "in_transit": self.in_transit,
            "bank": self.bank,
            "card_clearing": self.card_clearing,
            "patients": self.patients_account,
            "over_short": self.over_short,
            "rounding": self.rounding,
            "paid_out": self.paid_out,
        }
        self._prove(accounts)
        accounts["imprest"] = -sum(accounts.values())
        return accounts

    def _prove(self, accounts: dict[str, int]) -> None:
        """What came from outside is still there, gone to patients or paid out: the model's own double entry."""
        owned = sum(accounts[name] for name in ("drawers", "safe", "in_transit", "bank", "card_clearing", "paid_out"))
        explained = self.provided - accounts["patients"] - accounts["rounding"] + accounts["over_short"]
        if owned != explained:
            raise AssertionError(f"the model lost {money_text(owned - explained)}")
