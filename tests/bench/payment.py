"""A durable payment through the service, on an encrypted file, against the same rows by bare sqlcipher3."""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2

from access_desk import app
from access_desk.domain.cash_drawer.commands import OpenDrawer
from access_desk.domain.denominations import CashCount
from access_desk.domain.facility.events import DrawerInstalled, FacilityEstablished
from access_desk.domain.money import Money
from access_desk.domain.patients.commands import NewPatient
from access_desk.domain.patients.events import Demographics
from access_desk.domain.payments.commands import TakePayment, TenderOffered
from access_desk.domain.payments.events import PaymentLine
from access_desk.domain.staff import Role
from access_desk.domain.visits.events import VisitDetails, VisitRegistered
from access_desk.services.desk import Desk
from access_desk.services.registration import Registration
from access_desk.storage.engine import PRAGMAS
from access_desk.system.clock import SystemClock
from tests.bench.figures import Figure

ROUNDS, PER_ROUND, WARM = 10, 60, 50
_OF_A_PAYMENT = ("payments", "payment_lines", "payment_tenders")


class _Service:
    """A desk with an open drawer and somebody who pays."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        desk.provisioning.establish(FacilityEstablished("F", "Facility", "America/Chicago"))
        self.person = desk.provisioning.add_person("ann", "Ann", Role.REGISTRAR, "402913")
        desk.provisioning.install_drawer(DrawerInstalled("drawer", "D1", "Admitting 1", Money(20_000)))
        desk.drawers.open_drawer(desk.by(self.person), OpenDrawer("drawer", CashCount({"20": 10})))
        new = NewPatient(Demographics(family="Whitlock", given="Grace"))
        events = desk.registration.register(desk.by(self.person), Registration(VisitDetails(), (), new))
        self.visit = next(event.body.visit_id for event in events if isinstance(event.body, VisitRegistered))

    def pay(self) -> None:
        amount = Money(2_500)
        tenders = (TenderOffered("cash", amount, Money(4_000)),)
        command = TakePayment("drawer", (PaymentLine("copay", amount),), tenders, self.visit)
        self.desk.payments.take(self.desk.by(self.person), command)


class _Bare:
    """The rows of one payment, written again and again under other keys."""

    def __init__(self, service: Path, key: bytes, target: Path) -> None:
        source = _connect(service, key)
        self.target = _connect(target, key)
        for name, value, _ in (("journal_mode", "WAL", ""), *PRAGMAS):
            self.target.execute(f"PRAGMA {name}={value}")
        for (statement,) in source.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type DESC").fetchall():
            self.target.execute(statement)
        event = source.execute("SELECT * FROM events ORDER BY desk_seq DESC LIMIT 1").fetchone()
        self.payment_id = source.execute("SELECT payment_id FROM payments ORDER BY receipt_number DESC LIMIT 1").fetchone()[0]
        self.rows: list[tuple[str, list[Any]]] = [("events", list(event))]
        subjects = source.execute("SELECT * FROM event_subjects WHERE desk_seq = ?", (event[3],)).fetchall()
        self.rows += [("event_subjects", list(row)) for row in subjects]
        for table in _OF_A_PAYMENT:
            asked = f"SELECT * FROM {table} WHERE payment_id = ?"  # noqa: S608 - names of the list above
            found = source.execute(asked, (self.payment_id,)).fetchall()
            self.rows += [(table, list(row)) for row in found]
        postings = source.execute("SELECT * FROM postings WHERE event_id = ?", (event[4],)).fetchall()
        self.rows += [("postings", list(row)) for row in postings]
        self.statements = {table: _insert(table, len(row)) for table, row in self.rows}
        source.close()
        self.number = 0

    def write(self) -> None:
        self.number += 1
        event_id, payment_id = f"0190{self.number:032d}", f"{self.number:032x}"
        self.target.execute("BEGIN IMMEDIATE")
        for table, values in self.rows:
            row = list(values)
            if table == "events":
                row[3], row[4], row[6] = self.number, event_id, event_id
            elif table == "event_subjects":
                row[4], row[1] = self.number, payment_id if row[1] == self.payment_id else row[1]
            elif table == "postings":
                row[1] = event_id
            else:
                row[1] = payment_id
                if table == "payments":
                    row[5] = self.number
            self.target.execute(self.statements[table], row)
        self.target.execute("COMMIT")


def _insert(table: str, columns: int) -> str:
    return f"INSERT INTO {table} VALUES ({', '.join('?' * columns)})"  # noqa: S608 - names of the schema


def _connect(path: Path, key: bytes) -> Any:
    connection = dbapi2.connect(str(path), isolation_level=None)
    connection.execute(f"PRAGMA key=\"x'{key.hex()}'\"")
    return connection


def measure(folder: Path) -> list[Figure]:
    """The p50 of both, in turns."""
    home = Path(tempfile.mkdtemp(dir=folder))
    with app.open_practice_desk(home, SystemClock(), facility_id="F") as opened:
        service = _Service(opened.desk)
        for _ in range(WARM):
            service.pay()
        bare = _Bare(opened.home.database, opened.files.database_key, home / "bare.db")
        for _ in range(WARM):
            bare.write()
        ours: list[float] = []
        floor: list[float] = []
        for _ in range(ROUNDS):
            ours += [_timed(service.pay) for _ in range(PER_ROUND)]
            floor += [_timed(bare.write) for _ in range(PER_ROUND)]
    p50, floor_p50 = statistics.median(ours), statistics.median(floor)
    detail = f"{p50 * 1e6:.0f} µs against {floor_p50 * 1e6:.0f} µs, {len(bare.rows)} rows each"
    return [Figure("durable payment through the service, p50", p50 / floor_p50, 2.0, "the same rows by bare sqlcipher3", detail)]


def _timed(call: Any) -> float:
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun
