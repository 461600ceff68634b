"""The network of a whole region is back: every desk sends what it recorded meanwhile, over HTTPS, to one central on PostgreSQL.

``ACCESS_DESK_BENCH_DESKS`` desks, ten a facility, 215 events each. Measured before it: what central takes in steadily, and how
long a desk waits that sends one registration; then both during the storm. Desks come, and return when they are turned away, by
`sync.pace`: after days without a network the next try of each is spread over five minutes, 7,000 of them. Fewer desks come as
densely. With ``ACCESS_DESK_BENCH_AT_ONCE=1`` all of them come in one instant, as no program of ours would.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import random
import resource
import signal
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import psycopg
import uvloop
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from access_desk.central.authority import certificates
from access_desk.protocol import coding
from access_desk.protocol import messages as wire
from access_desk.storage import central_log
from access_desk.storage.engine import write_transaction
from access_desk.storage.postgres import open_postgres
from access_desk.sync.pace import SyncPace
from tests.bench.figures import Figure
from tests.bench.line import BusyError, Line, trusting
from tests.faults.campaign import CentralProcess
from tests.fleet import Away, outage
from tests.postgres import cluster

DESKS = int(os.environ.get("ACCESS_DESK_BENCH_DESKS", "300"))
EVENTS, OF_FACILITY, STEADY, AT_ONCE = 215, 10, 100, 8
# More than central answers at once, so that some find its door shut.
_MOST_OPEN = 600
_REGISTRATION, _REGISTRATIONS, _IDLE, _EVERY_SECONDS = 3, 3_000, 150, 0.25
# After so many failures a desk's next try is anywhere in the longest wait.
_FAILURES, _REGION = 10, 7_000
_IS_AT_ONCE = os.environ.get("ACCESS_DESK_BENCH_AT_ONCE") == "1"
_NOW = "2026-01-01T00:00:00.000000Z"


@dataclass(frozen=True)
class _Desk:
    """A desk that waits to send: its batch lies in a file until then."""

    facility_id: str
    desk_id: str
    private_key: bytes
    public_key: str
    head: str
    path: Path

    @property
    def signer(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.private_key)


@dataclass
class _Stage:
    """Central, and what the desks know of it."""

    port: int
    trust: ssl.SSLContext
    fingerprint: str
    turned_away: int = 0
    ends: list[float] = field(default_factory=list)


def measure(folder: Path) -> list[Figure]:
    """Record, admit, measure; the rows are counted at the end."""
    _open_many_files()
    fleet = _recorded(folder, DESKS + STEADY)
    steady, storming = fleet[:STEADY], fleet[STEADY:]
    asking = outage(_REGISTRATION * _REGISTRATIONS, "probe").of("PROBE", "probe")
    with cluster("max_connections=100") as server:
        central = CentralProcess(folder / "home", server, shows_log=False)
        central.start()
        try:
            _admit(central.database, [*fleet, _kept(asking, folder)])
            authority = certificates(central.folder, datetime.now(UTC))
            stage = _Stage(central.port, trusting(authority.authority_pem), authority.fingerprint)
            with _probing(stage, authority.authority_pem, asking) as probe:
                figures = uvloop.run(_measure(stage, steady, storming, probe))
            _assert_whole(central.database, fleet)
            return figures
        finally:
            central.end(signal.SIGTERM)


async def _measure(stage: _Stage, steady: list[_Desk], storming: list[_Desk], probe: Connection) -> list[Figure]:
    idle = sorted(await _told(probe))
    await _steadily(stage, steady[: STEADY // 4])
    begun = time.perf_counter()
    await _steadily(stage, steady[STEADY // 4 :])
    rate = (len(steady) - STEADY // 4) * EVENTS / (time.perf_counter() - begun)
    probe.send("storm")
    begun = time.perf_counter()
    door = asyncio.Semaphore(_MOST_OPEN)
    await asyncio.gather(*(_comes_back(stage, one, door, number) for number, one in enumerate(storming)))
    drained = time.perf_counter() - begun
    probe.send("over")
    during = sorted(await _told(probe))
    events = len(storming) * EVENTS
    middle = sorted(stage.ends)[len(stage.ends) // 2] - begun
    detail = (
        f"{len(storming)} desks with {EVENTS} events each in {drained:.0f} s, {events / drained:,.0f} events/s against "
        f"{rate:,.0f} steadily; the middle desk after {middle / drained:.2f} of it; {stage.turned_away} times turned away; "
        "0 lost, 0 doubled, 0 holes"
    )
    waits = (
        f"{_p99(during) * 1000:.0f} ms against {_p99(idle) * 1000:.0f} ms (p50 {during[len(during) // 2] * 1000:.0f} and "
        f"{idle[len(idle) // 2] * 1000:.0f} ms), {len(during)} and {len(idle)} registrations, each with a new session"
    )
    return [
        Figure("storm of desks, time until all is at central", drained / (events / rate), 1.5, "events ÷ steady rate", detail),
        Figure("one registration during the storm, p99", _p99(during) / _p99(idle), 5, "while nothing else is sent", waits),
    ]


async def _told(probe: Connection) -> list[float]:
    waits: list[float] = await asyncio.get_running_loop().run_in_executor(None, probe.recv)
    return waits


async def _steadily(stage: _Stage, fleet: list[_Desk]) -> None:
    """A few lines, each for one desk after another."""
    waiting = iter(fleet)

    async def one_line() -> None:
        for desk in waiting:
            await _sends(stage, desk)

    await asyncio.gather(*(one_line() for _ in range(AT_ONCE)))


async def _comes_back(stage: _Stage, desk: _Desk, door: asyncio.Semaphore, seed: int) -> None:
    pace = SyncPace(random.Random(seed).random)
    if not _IS_AT_ONCE:
        waits = [pace.after_failure() for _ in range(_FAILURES)]
        await _pause(waits[-1] * min(DESKS / _REGION, 1))
        pace.after_success()
    while True:
        try:
            async with door:
                await _sends(stage, desk)
                break
        except BusyError as busy:
            stage.turned_away += 1
            await _pause(pace.after_failure(busy.seconds))
    stage.ends.append(time.perf_counter())


async def _sends(stage: _Stage, desk: _Desk) -> None:
    line = await Line.open(stage.port, stage.trust)
    try:
        await line.sign_in(stage.fingerprint, desk.desk_id, desk.signer)
        taken = await line.push(desk.facility_id, desk.desk_id, desk.path.read_bytes(), coding.ZSTD)
        assert (taken.seq, taken.hash, taken.parked) == (EVENTS, desk.head, ()), taken
    finally:
        line.close()


@contextmanager
def _probing(stage: _Stage, authority_pem: str, asking: Away) -> Iterator[Connection]:
    """A desk of its own process, as it would be a machine of its own: it says how long it waited, first while nothing else is
    sent, then from "storm" to "over"."""
    here, there = multiprocessing.Pipe()
    arguments = (stage.port, stage.fingerprint, authority_pem, asking, there)
    process = multiprocessing.get_context("fork").Process(target=_probe, args=arguments)
    process.start()
    there.close()
    try:
        yield here
    finally:
        here.close()
        process.join()


def _probe(port: int, fingerprint: str, authority_pem: str, asking: Away, bench: Connection) -> None:
    probe = _Probe(_Stage(port, trusting(authority_pem), fingerprint), asking)
    uvloop.run(probe.run(bench))


class _Probe:
    """A desk with a registration every so often; how long each took, with its session, until central had it."""

    def __init__(self, stage: _Stage, asking: Away) -> None:
        self._stage, self._asking, self._sent = stage, asking, 0

    async def run(self, bench: Connection) -> None:
        bench.send([await self._one() for _ in range(_IDLE)])
        bench.recv()
        waits: list[float] = []
        while not bench.poll() and self._sent < len(self._asking.events):
            waits.append(await self._one())
            await _pause(_EVERY_SECONDS)
        bench.recv()
        bench.send(waits)

    async def _one(self) -> float:
        events = list(self._asking.events[self._sent : self._sent + _REGISTRATION])
        body = wire.to_bytes(wire.Push(wire.PROTOCOL, events))
        begun = time.perf_counter()
        while True:
            try:
                line = await Line.open(self._stage.port, self._stage.trust)
                try:
                    await line.sign_in(self._stage.fingerprint, self._asking.desk_id, self._asking.signer)
                    await line.push(self._asking.facility_id, self._asking.desk_id, body)
                finally:
                    line.close()
                break
            except BusyError as busy:
                # It waits as a desk waits, and the wait counts.
                await _pause(busy.seconds or _EVERY_SECONDS)
        self._sent += len(events)
        return time.perf_counter() - begun


async def _pause(seconds: float) -> None:
    passed = asyncio.Event()
    asyncio.get_running_loop().call_later(seconds, passed.set)
    await passed.wait()


def _recorded(folder: Path, number: int) -> list[_Desk]:
    """The fleet, each desk chained and signed by its own key, written by as many processes as there are cores."""
    kinds = [outage(EVENTS, f"kind{one}", one) for one in range(1, OF_FACILITY + 1)]
    with multiprocessing.get_context("fork").Pool(os.cpu_count()) as pool:
        return pool.starmap(_kept_one, [(kinds[one % OF_FACILITY], one, folder) for one in range(number)], chunksize=20)


def _kept_one(kind: Any, number: int, folder: Path) -> _Desk:
    return _kept(kind.of(f"F{number // OF_FACILITY}", f"desk{number}"), folder)


def _kept(away: Away, folder: Path) -> _Desk:
    path = folder / f"{away.desk_id}.json.zst"
    # As a desk sends it, once central has said that it reads that.
    path.write_bytes(coding.packed(away.batches()[0], coding.ZSTD))
    return _Desk(away.facility_id, away.desk_id, away.signer.private_bytes_raw(), away.public_key, away.head, path)


def _admit(url: str, fleet: list[_Desk]) -> None:
    database = open_postgres(url)
    with write_transaction(database) as connection:
        for number, one in enumerate(fleet, 1):
            known = central_log.KnownDesk(one.facility_id, one.desk_id, number, "Desk", one.public_key, _NOW)
            central_log.admit_desk(connection, known)
    database.dispose()


def _assert_whole(url: str, fleet: list[_Desk]) -> None:
    """Every event of every desk once, the feeds without a hole."""
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT desk_id, count(*), count(DISTINCT event_id), max(desk_seq) FROM events "
            "WHERE desk_id <> 'probe' GROUP BY desk_id"
        ).fetchall()
        assert {row[0]: row[1:] for row in rows} == {one.desk_id: (EVENTS, EVENTS, EVENTS) for one in fleet}
        holes = connection.execute(
            "SELECT facility_id FROM central_feed GROUP BY facility_id HAVING max(position) <> count(*)"
        ).fetchall()
        assert not holes, holes


def _open_many_files() -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 8192), most))


def _p99(times: list[float]) -> float:
    return times[max(int(len(times) * 0.99) - 1, 0)]
