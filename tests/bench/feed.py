"""Following central's feed while eight desks of one facility write to it, on PostgreSQL: what a reader misses.

The peer is the cursor that one writes first: rows with a serial id, and a reader that asks for those after the last it saw. A
transaction that took its ids earlier and committed later is passed over for good.
"""

from __future__ import annotations

import multiprocessing
import random
import time
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
from tests.fleet import outage
from tests.postgres import cluster

WRITERS, EVENTS = 8, 6_300
_FACILITY, _NOW = "F", "2027-01-01T00:00:00.000000Z"
_MOST_AT_ONCE, _PAGE = 40, 500
_MISSED_BY_PEER = 0.01


def measure(folder: Path) -> list[Figure]:
    """Eight writers and two readers."""
    del folder
    with cluster("max_connections=100") as running:
        url = running.new_database()
        database = open_postgres(url)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE TABLE naive (id bigserial PRIMARY KEY, desk text, seq bigint)")
        try:
            return _measure(url, database)
        finally:
            database.dispose()


def _measure(url: str, database: Database) -> list[Figure]:
    apart = multiprocessing.get_context("spawn")
    ready = apart.Barrier(WRITERS + 1)
    writers = [apart.Process(target=_write, args=(url, number, EVENTS, ready)) for number in range(1, WRITERS + 1)]
    for one in writers:
        one.start()
    ready.wait()
    begun = time.perf_counter()
    ours, theirs = _read(url, database, writers)
    seconds = time.perf_counter() - begun
    if any(one.exitcode for one in writers):
        raise RuntimeError("a writer failed")
    every = WRITERS * EVENTS
    with psycopg.connect(url) as connection:
        rows = connection.execute("SELECT count(*) FROM naive").fetchone()
    missed = (rows[0] if rows else 0) - theirs
    detail = (
        f"{every - ours} of {every} missed; the serial cursor missed {missed} of {rows[0] if rows else 0} "
        f"({missed / every:.1%}, has to be over {_MISSED_BY_PEER:.0%}); both at {every / seconds:,.0f} rows a second"
    )
    return [Figure("feed under eight writers, rows missed", (every - ours) / every, 0, "a cursor over a serial id", detail)]


def _read(url: str, database: Database, writers: list[Any]) -> tuple[int, int]:
    """How many rows each reader saw, while the writers write and until nothing new comes."""
    position, digest, last, seen = 0, "", 0, 0
    with psycopg.connect(url, autocommit=True) as naive:
        over = False
        while True:
            was_over, over = over, not any(one.is_alive() for one in writers)
            with read_transaction(database) as connection:
                page = central_log.feed_after(connection, _FACILITY, position, _PAGE, 2**30)
                digest = digest or central_log.digest_at(connection, _FACILITY, 0) or ""
            for row in page:
                digest = next_digest(digest, Arrived(row.data, row.signature).hash, row.cap)
                if row.position != position + 1 or row.digest != digest:
                    raise AssertionError(f"position {row.position} came after {position}")
                position = row.position
            came = naive.execute("SELECT id FROM naive WHERE id > %s ORDER BY id LIMIT %s", (last, _PAGE)).fetchall()
            seen += len(came)
            last = came[-1][0] if came else last
            if was_over and not page and not came:
                return position, seen


def _write(url: str, number: int, events: int, ready: Any) -> None:
    """One desk: a batch to central, then as many rows for the serial cursor, each in a transaction."""
    desk_id = f"desk{number}"
    recorded = outage(events, desk_id, number)
    away = recorded.of(_FACILITY, desk_id)
    stream, chance = Stream(_FACILITY, desk_id, 1), random.Random(number)
    arrived = [Arrived(bytes(one.event), bytes.fromhex(one.signature)) for one in away.events]
    database = open_postgres(url)
    try:
        with psycopg.connect(url) as naive:
            ready.wait()
            at = 0
            while at < len(arrived):
                batch = arrived[at : at + chance.randint(1, _MOST_AT_ONCE)]
                with write_transaction(database) as connection:
                    central_log.ingest(connection, stream, batch, away.public_key, _NOW)
                with naive.transaction():
                    for seq in range(at, at + len(batch)):
                        naive.execute("INSERT INTO naive (desk, seq) VALUES (%s, %s)", (desk_id, seq))
                at += len(batch)
    finally:
        database.dispose()
