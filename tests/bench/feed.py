"""Following central's feed while eight desks of one facility write to it, on PostgreSQL: what a reader misses.

The peer is the cursor that one writes first: rows with a serial id, and a reader that asks for those after the last it saw. A
transaction that took its ids earlier and committed later is passed over for good.
"""

from __future__ import annotations

import multiprocessing
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg

from access_desk.storage import central_log
from access_desk.storage.desk_feed import next_digest
from access_desk.storage.engine import Database, read_transaction, write_transaction
from access_desk.storage.event_log import Stream
from access_desk.storage.postgres import open_postgres
from access_desk.storage.received import Arrived
from tests.bench.figures import Figure
from tests.fleet import Away, outage
from tests.postgres import cluster

WRITERS, EVENTS = 8, 6_300
_FACILITY, _NOW = "F", "2027-01-01T00:00:00.000000Z"
_MOST_AT_ONCE, _PAGE = 40, 500
_MISSED_BY_PEER = 0.01


def measure(folder: Path) -> list[Figure]:
    """Eight writers and a reader, first of central, then of a table with a serial."""
    del folder
    with cluster("max_connections=100") as running:
        url = running.new_database()
        database = open_postgres(url)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE TABLE naive (id bigserial PRIMARY KEY, desk text, seq bigint, data bytea)")
        try:
            return _measure(url, database)
        finally:
            database.dispose()


def _measure(url: str, database: Database) -> list[Figure]:
    seen, seconds = _race(url, _write, lambda is_over: _read(database, is_over))
    naively, naive_seconds = _race(url, _write_naively, lambda is_over: _read_naively(url, is_over))
    every = WRITERS * EVENTS
    detail = (
        f"{every - seen} of {every} missed at {every / seconds:,.0f} rows a second; the serial cursor missed {every - naively} "
        f"({1 - naively / every:.1%}, has to be over {_MISSED_BY_PEER:.0%}) at {every / naive_seconds:,.0f}"
    )
    return [Figure("feed under eight writers, rows missed", (every - seen) / every, 0, "a cursor over a serial id", detail)]


def _race(url: str, write: Callable[..., None], read: Callable[[Callable[[], bool]], int]) -> tuple[int, float]:
    """How many rows the reader saw while the writers wrote and until nothing new came, and how many seconds it took."""
    apart = multiprocessing.get_context("spawn")
    ready = apart.Barrier(WRITERS + 1)
    writers = [apart.Process(target=write, args=(url, number, ready)) for number in range(1, WRITERS + 1)]
    for one in writers:
        one.start()
    ready.wait()
    begun = time.perf_counter()
    seen = read(lambda: not any(one.is_alive() for one in writers))
    if any(one.exitcode for one in writers):
        raise RuntimeError("a writer failed")
    return seen, time.perf_counter() - begun


def _read(database: Database, is_over: Callable[[], bool]) -> int:
    position, digest, over = 0, "", False
    while True:
        was_over, over = over, is_over()
        with read_transaction(database) as connection:
            page = central_log.feed_after(connection, _FACILITY, position, _PAGE, 2**30)
            digest = digest or central_log.digest_at(connection, _FACILITY, 0) or ""
        for row in page:
            digest = next_digest(digest, Arrived(row.data, row.signature).hash, row.cap)
            if row.position != position + 1 or row.digest != digest:
                raise AssertionError(f"position {row.position} came after {position}")
            position = row.position
        if was_over and not page:
            return position


def _read_naively(url: str, is_over: Callable[[], bool]) -> int:
    last, seen, over = 0, 0, False
    with psycopg.connect(url, autocommit=True) as connection:
        while True:
            was_over, over = over, is_over()
            page = connection.execute("SELECT id, data FROM naive WHERE id > %s ORDER BY id LIMIT %s", (last, _PAGE)).fetchall()
            seen += len(page)
            last = page[-1][0] if page else last
            if was_over and not page:
                return seen


def _batches(number: int) -> tuple[Away, Iterator[tuple[int, list[Arrived]]]]:
    """The desk, and what it sends: from which event on, and the events of a batch."""
    recorded = outage(EVENTS, f"desk{number}", number)
    away = recorded.of(_FACILITY, f"desk{number}")
    arrived = [Arrived(bytes(one.event), bytes.fromhex(one.signature)) for one in away.events]
    chance = random.Random(number)

    def batches() -> Iterator[tuple[int, list[Arrived]]]:
        at = 0
        while at < len(arrived):
            batch = arrived[at : at + chance.randint(1, _MOST_AT_ONCE)]
            yield at, batch
            at += len(batch)

    return away, batches()


def _write(url: str, number: int, ready: Any) -> None:
    """One desk: its batches to central, each in a transaction."""
    away, batches = _batches(number)
    stream = Stream(_FACILITY, away.desk_id, 1)
    database = open_postgres(url)
    try:
        ready.wait()
        for _, batch in batches:
            with write_transaction(database) as connection:
                central_log.ingest(connection, stream, batch, away.public_key, _NOW)
    finally:
        database.dispose()


def _write_naively(url: str, number: int, ready: Any) -> None:
    """The same batches as rows that a serial numbers, each in a transaction."""
    away, batches = _batches(number)
    with psycopg.connect(url) as connection:
        ready.wait()
        for at, batch in batches:
            with connection.transaction():
                for seq, one in enumerate(batch, at):
                    connection.execute("INSERT INTO naive (desk, seq, data) VALUES (%s, %s, %s)", (away.desk_id, seq, one.data))
