"""Desks that work and synchronize through the fault proxy with a central that is killed now and then.

In the end nothing may be lost and nothing doubled: central's tables hold exactly the events that the desks recorded, byte
for byte, and every desk has the same payments.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from access_desk.central.authority import certificates
from access_desk.central.place import open_central
from access_desk.protocol.enrollment_code import read_code
from access_desk.storage.central_log import feed_fault
from access_desk.storage.desk_feed import unacknowledged
from access_desk.storage.engine import Database, read_transaction
from access_desk.storage.event_log import every_row
from access_desk.sync.core import Identity, RetryLaterError, Round, StoppedError, enroll
from access_desk.sync.desk_store import DeskStore
from access_desk.sync.transport import HttpTransport, fingerprint_of
from access_desk.system.clock import SystemClock
from tests.desks import TestDesk, a_desk
from tests.faults.proxy import FaultProxy
from tests.postgres import Cluster

FACILITY = "F"
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
_MOST_QUIET_ROUNDS = 20
_BURST = 12
Row = tuple[object, ...]


@dataclass
class Tally:
    """What was seen. ``lost``: recorded at a desk and not at central; ``doubled``: at central more often than recorded."""

    events: int = 0
    at_central: int = 0
    lost: int = 0
    doubled: int = 0
    kills: int = 0
    rounds: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Whether nothing was lost, doubled or different."""
        return not (self.lost or self.doubled or self.problems)

    def __str__(self) -> str:
        rounds = ", ".join(f"{count} {name}" for name, count in sorted(self.rounds.items()))
        faults = ", ".join(f"{count} {name}" for name, count in sorted(self.faults.items()))
        lines = [
            f"{self.events} events recorded, {self.at_central} at central: {self.lost} lost, {self.doubled} doubled",
            f"killed {self.kills} times; rounds: {rounds}",
            f"proxy: {faults}",
            *self.problems,
        ]
        return "\n".join(lines)


class CentralProcess:
    """A practice central as a process of its own, which can be killed and started again at the same port.

    Its database is a file, or on the server that is given: then the server and central are killed in turns.
    """

    def __init__(self, home: Path, server: Cluster | None = None, *, shows_log: bool = True) -> None:
        self.home = home
        self.shows_log = shows_log
        self.port = 0
        self.kills = 0
        self.server = server
        self.database = server.new_database() if server else ""
        self._running: subprocess.Popen[str] | None = None

    @property
    def named(self) -> list[str]:
        """What names the database to a command."""
        return ["--database", self.database] if self.database else []

    def start(self) -> None:
        """Returns when it answers."""
        arguments = ["central", "serve", "--practice", "--home", str(self.home), "--port", str(self.port), *self.named]
        self._running = subprocess.Popen(
            [sys.executable, "-m", "access_desk", *arguments],
            stdout=subprocess.PIPE,
            stderr=None if self.shows_log else subprocess.DEVNULL,
            text=True,
            env=ENVIRONMENT,
        )
        assert self._running.stdout is not None
        line = self._running.stdout.readline()
        assert line.startswith("practice central ready at "), line
        self.port = int(line.rsplit(":", 1)[1])

    def end(self, how: signal.Signals) -> None:
        """Stop it in good order, or kill it."""
        if self._running is None:
            return
        self._running.send_signal(how)
        self._running.wait(timeout=60)
        if self._running.stdout is not None:
            self._running.stdout.close()
        self._running = None

    def kill_and_restart(self) -> None:
        """SIGKILL, whatever it is doing."""
        if self.server is not None and self.kills % 2:
            self.server.kill_and_restart()
        else:
            self.end(signal.SIGKILL)
            self.start()
        self.kills += 1

    def code(self) -> str:
        """An enrollment code."""
        command = [sys.executable, "-m", "access_desk", "central", "enrollment-code"]
        command += ["--facility", FACILITY, "--home", str(self.home), *self.named]
        done = subprocess.run(command, capture_output=True, text=True, check=True, env=ENVIRONMENT)
        return done.stdout.splitlines()[-1]

    @property
    def folder(self) -> Path:
        """Where its files are."""
        return self.home / "central"

    def verify(self) -> str:
        """What `central verify` says; blank when all is well."""
        command = [sys.executable, "-m", "access_desk", "central", "verify", "--home", str(self.home), *self.named]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=ENVIRONMENT)
        return "" if done.returncode == 0 else done.stdout + done.stderr


@dataclass
class Campaign:
    """The desks, their central and what is between them."""

    central: CentralProcess
    proxy: FaultProxy
    desks: list[TestDesk]
    chance: random.Random
    authority: str
    tally: Tally = field(default_factory=Tally)

    def work(self, desk: TestDesk, payments: int) -> None:
        """Somebody is registered and pays several times."""
        visit = desk.register()
        for _ in range(payments):
            desk.clock.forward(minutes=1)
            desk.pay(visit, self.chance.randint(100, 99_000), self.chance.choice(("cash", "check")))

    def round(self, desk: TestDesk, url: str) -> bool:
        """One round; whether it ended with nothing waiting and the same sums on both sides."""
        journal = desk.desk.journal
        store = DeskStore(journal.engine, journal.stream, journal.take_in_others)
        fingerprint = fingerprint_of(self.authority)
        identity = Identity(journal.facility_id, journal.stream.desk_id, journal.stream.epoch, fingerprint)
        try:
            with HttpTransport(url, self.authority) as transport:
                result = transport.drive(Round(identity, store, desk.signer).run())
        except RetryLaterError:
            self.tally.rounds["cut short"] += 1
            return False
        except StoppedError as stopped:
            self.tally.rounds[f"stopped: {stopped.code}"] += 1
            if stopped.code != "certificate":
                self.tally.problems.append(f"a round stopped: {stopped.text}")
            return False
        self.tally.rounds["whole"] += 1
        return result.waiting == 0 and result.sane is True

    def run(self, events: int, kills: int) -> Tally:
        """Work until so many events are recorded and so many kills were done, then let the faults stop and compare."""
        every = max(events // max(kills, 1), 1)
        while self.recorded() < events or self.central.kills < kills:
            if self.central.kills < kills and self.recorded() >= every * self.central.kills:
                self.proxy.kill_at_next_push()
            self.step(events)
        return self.settle()

    def step(self, events: int) -> None:
        """One desk works, unless there are enough events, and tries a round."""
        desk = self.chance.choice(self.desks)
        if self.recorded() < events:
            self.work(desk, _BURST)
        elif not self.waiting(desk):
            self.work(desk, 1)
        self.round(desk, self.proxy.url)

    def settle(self) -> Tally:
        """Let the faults stop and compare."""
        for _ in range(_MOST_QUIET_ROUNDS):
            waited = [self.waiting(desk) for desk in self.desks]
            agree = [self.round(desk, f"https://127.0.0.1:{self.central.port}") for desk in self.desks]
            # What the last of them sent in this pass the first has not seen yet.
            if all(agree) and not any(waited):
                break
        else:
            self.tally.problems.append("the desks and central did not come to agree")
        self.compare()
        return self.tally

    def recorded(self) -> int:
        """How many events the desks recorded themselves."""
        return sum(desk.desk.journal.head.seq for desk in self.desks)

    def waiting(self, desk: TestDesk) -> bool:
        """Whether the desk has something to send."""
        journal = desk.desk.journal
        with read_transaction(journal.engine) as connection:
            return unacknowledged(connection, journal.stream.desk_id) > 0

    def compare(self) -> None:
        """Count what is missing or twice at central, and what differs at the desks."""
        self.central.end(signal.SIGTERM)
        place = open_central(
            self.central.folder, SystemClock(), make=False, urls=[self.central.database] if self.central.database else []
        )
        try:
            there = _events(place.clusters.home)
            with read_transaction(place.clusters.home) as connection:
                if fault := feed_fault(connection):
                    self.tally.problems.append(f"feed: {fault}")
            sums = _payments(place.clusters.home)
        finally:
            place.close()
        here: set[Row] = set()
        for desk in self.desks:
            own = desk.desk.journal.stream.desk_id
            here |= {row for row in _events(desk.desk.journal.engine) if row[0] == own}
            if _payments(desk.desk.journal.engine) != sums:
                self.tally.problems.append(f"desk {own} has other payments than central")
        self.tally.events, self.tally.at_central = self.recorded(), len(there)
        self.tally.lost = len(here - set(there))
        self.tally.doubled = len(there) - len(here & set(there))
        self.tally.kills, self.tally.faults = self.central.kills, self.proxy.counts
        if said := self.central.verify():
            self.tally.problems.append(said)


def _events(database: Database) -> list[Row]:
    with read_transaction(database) as connection:
        return [(row.desk_id, row.desk_seq, row.data, row.signature) for row in every_row(connection)]


def _payments(database: Database) -> list[Row]:
    with read_transaction(database) as connection:
        asked = "SELECT receipt, amount_cents, voided_at FROM payments ORDER BY receipt, payment_id"
        return [tuple(row) for row in connection.exec_driver_sql(asked).all()]


@contextlib.contextmanager
def a_campaign(folder: Path, seed: int, likelihood: float = 0.2, server: Cluster | None = None) -> Iterator[Campaign]:
    """Two desks with open drawers, enrolled before the faults begin."""
    central = CentralProcess(folder / "central-home", server)
    central.start()
    other = folder / "other"
    other.mkdir()
    wrong = certificates(other, datetime.now(UTC))
    right = certificates(central.folder, datetime.now(UTC))
    try:
        with a_desk("north", 1) as north, a_desk("south", 2) as south:
            for desk in (north, south):
                secret = read_code(central.code()).secret
                desk_id = desk.desk.journal.stream.desk_id
                with HttpTransport(f"https://127.0.0.1:{central.port}", right.authority_pem) as transport:
                    transport.drive(enroll(secret, desk_id, desk_id, desk.public_key, desk.signer))
                desk.open()
            with FaultProxy(
                central.port, (right.served, right.served_key), (wrong.served, wrong.served_key), seed, likelihood
            ) as proxy:
                proxy.kill = central.kill_and_restart
                yield Campaign(central, proxy, [north, south], random.Random(seed), right.authority_pem)
    finally:
        central.end(signal.SIGKILL)
