"""A new desk over a large patient index: its beginning by snapshot, and how fast it catches up, against upserts of 1,000 rows.

``ACCESS_DESK_BENCH_ROWS`` persons. The peer writes the rows of persons (record, number, what finds them) into an equally
encrypted file with the same indexes, a thousand persons a durable transaction; ``ACCESS_DESK_BENCH_UPSERTED`` of them at most,
and the time of all is in proportion, which is in the peer's favour by far: measured, the last 20,000 of 160,000 took six times
as long as the first, because its indexes do not fit into memory any more.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from access_desk.domain.facility.events import FacilityEstablished
from access_desk.domain.patients.index_events import ImportedRow
from access_desk.protocol.encoding import decode
from access_desk.protocol.snapshots import FORMAT, Snapshot
from access_desk.services.desk import Desk
from access_desk.services.index_import import IndexImport
from access_desk.services.journal import Journal
from access_desk.storage import central_log
from access_desk.storage.desk_feed import feed_cursor, follow, next_digest
from access_desk.storage.engine import Database, open_database, open_memory_database, read_transaction, write_transaction
from access_desk.storage.event_log import StoredEvent, Stream, every_row
from access_desk.storage.migrate import finish_making, make_database
from access_desk.storage.received import Arrived, take_in
from access_desk.storage.schema import metadata
from access_desk.storage.snapshot_loading import begin_with, load, unpack
from access_desk.storage.snapshot_making import Made, make_snapshot
from access_desk.storage.snapshot_tables import release
from access_desk.system.clock import SystemClock
from tests.bench.figures import Figure
from tests.bench.people import people
from tests.desks import CountingIds, PlainPins
from tests.fleet import outage

ROWS: Final = int(os.environ.get("ACCESS_DESK_BENCH_ROWS", "20000"))
UPSERTED: Final = int(os.environ.get("ACCESS_DESK_BENCH_UPSERTED", "50000"))
AT_ONCE, LARGE = 1_000, 100_000
# A large index is loaded once: that takes long enough.
LOADS: Final = 3 if ROWS <= LARGE else 1
# What a person of an index has a row in; the names with one letter less are left out, in the peer's favour.
PERSON: Final = ("patients", "patient_ssns", "patient_search")
CAUGHT_UP, PAGE = 4_000, 500
KEY: Final = bytes(range(32))
_NOW: Final = "2026-01-01T00:00:00.000000Z"
Rows = dict[str, list[tuple[Any, ...]]]


def measure(folder: Path) -> list[Figure]:
    """Make central's side, begin desks, write the peer's rows, catch up."""
    central = _central(folder / "index.db")
    file = folder / "snapshot"
    begun = time.perf_counter()
    made = make_snapshot(central, "F", file)
    making = time.perf_counter() - begun
    snapshot = Snapshot(
        FORMAT, "F", made.at.position, made.at.digest, release(), made.rows, _NOW, made.size, made.sha256, made.database_size,
        made.key.hex(),
    )  # fmt: skip
    ours: list[float] = []
    beside: list[float] = []
    theirs: list[float] = []
    persons = min(UPSERTED, ROWS)
    rows = _rows(central, persons)
    central.dispose()
    for number in range(LOADS):
        path = folder / f"desk{number}.db"
        _new(path).dispose()
        ours.append(_timed(lambda: begin_with(snapshot, file, path, KEY)))  # noqa: B023
        peer = _new(folder / f"peer{number}.db")
        theirs.append(_timed(lambda: _upsert(peer, rows, persons)))  # noqa: B023
        peer.dispose()
        far_behind = _new(folder / f"far{number}.db")
        beside.append(_timed(lambda: _load(far_behind, snapshot, file, folder / "opened")))  # noqa: B023
        far_behind.dispose()
    mine, second, peers = (statistics.median(one) for one in (ours, beside, theirs))
    peers *= ROWS / persons
    again = f"{second:.1f} s; the whole file is encrypted twice, and the desk goes on meanwhile"
    desk = open_database(folder / "desk0.db", KEY, create=False)
    figures = [
        Figure(
            f"a new encrypted desk over {ROWS} persons",
            mine / peers,
            0.04,
            "1,000-row upserts",
            _in_words(made, mine, peers, persons, making),
        ),
        Figure("the same at a desk that has entries of its own", second / peers, None, "1,000-row upserts", again),
        _catching_up(desk, rows),
    ]
    desk.dispose()
    return figures


def _in_words(made: Made, mine: float, peers: float, persons: int, making: float) -> str:
    return (
        f"{mine:.1f} s against {peers:.0f} s (measured over {persons} persons); {made.rows} rows, "
        f"{made.size / 2**20:.0f} MiB compressed of {made.database_size / 2**20:.0f}; made at central in {making:.0f} s"
    )


def _central(path: Path) -> Database:
    """A facility with an imported index, as central has it: log, projections, feed."""
    engine = _new(path)
    signer = Ed25519PrivateKey.generate()
    journal = Journal(engine, Stream("F", "index"), SystemClock(), CountingIds("index"), signer, PlainPins())
    desk = Desk.over(journal, label="Index", practice=True)
    desk.provisioning.enroll("Index", signer.public_key().public_bytes_raw().hex(), practice=True)
    desk.provisioning.establish(FacilityEstablished("F", "Cedar Hollow", "America/Chicago"))
    blank = {name: "" for name in ImportedRow._fields if name != "unreadable"}
    rows = (ImportedRow(**{**blank, **row}, unreadable={}) for row in people(ROWS))
    IndexImport(journal).load(rows, "0" * 64, lambda _: None)
    central_log.make_central_tables(engine)
    with write_transaction(engine) as connection:
        stored = [StoredEvent(decode(row.data)[0], row.data, row.hash, row.signature) for row in every_row(connection)]
        central_log.extend_feed(connection, "F", stored, {}, _NOW, central_log.feed_head(connection, "F"))
    return engine


def _new(path: Path) -> Database:
    make_database(path, KEY)
    finish_making(path)
    return open_database(path, KEY, create=False)


def _load(desk: Database, snapshot: Snapshot, file: Path, opened: Path) -> None:
    key = os.urandom(32)
    unpack(snapshot, file, opened, key)
    load(desk, Stream("F", "new"), snapshot, opened, key)
    opened.unlink()


def _rows(central: Database, persons: int) -> Rows:
    found: Rows = {}
    with read_transaction(central) as connection:
        ids = "SELECT patient_id FROM patients WHERE facility_id = 'F' ORDER BY patient_id LIMIT ?"
        for name in PERSON:
            columns = ", ".join(column.name for column in metadata.tables[name].columns)
            statement = f"SELECT {columns} FROM {name} WHERE facility_id = 'F' AND patient_id IN ({ids}) ORDER BY patient_id"  # noqa: S608
            found[name] = [tuple(row) for row in connection.exec_driver_sql(statement, (persons,)).all()]
    return found


def _upsert(engine: Database, rows: Rows, persons: int) -> int:
    """The usual way: every row is inserted or replaces the one that is there. How many rows were written."""
    written = 0
    for at in range(0, persons, AT_ONCE):
        with write_transaction(engine) as connection:
            cursor = connection.connection.cursor()
            for name in PERSON:
                some = rows[name][at : at + AT_ONCE]
                cursor.executemany(_upserting(name), some)
                written += len(some)
            cursor.close()
    return written


def _upserting(name: str) -> str:
    table = metadata.tables[name]
    columns, key = [column.name for column in table.columns], [column.name for column in table.primary_key]
    assigned = ", ".join(f"{column} = excluded.{column}" for column in columns if column not in key)
    marks = ", ".join("?" * len(columns))
    return (
        f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({marks}) "  # noqa: S608
        f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET {assigned}"
    )


def _catching_up(desk: Database, rows: Rows) -> Figure:
    """Pages of another desk's registrations and payments, and persons upserted, both into the desk that has the whole index."""
    away = outage(CAUGHT_UP).of("F", "away")
    arrived = [Arrived(bytes(one.event), bytes.fromhex(one.signature)) for one in away.events]
    pages = [arrived[at : at + PAGE] for at in range(0, len(arrived), PAGE)]
    per_event = _rows_made(arrived, away.public_key) / len(arrived)
    ours: list[float] = []
    theirs: list[float] = []
    for number, page in enumerate(pages):
        ours.append(len(page) * per_event / _timed(lambda: _follow(desk, page)))  # noqa: B023
        others = _others(rows, number)
        seconds = _timed(lambda: _upsert(desk, others, AT_ONCE))  # noqa: B023
        theirs.append(sum(len(some) for some in others.values()) / seconds)
    mine, peers = statistics.median(ours), statistics.median(theirs)
    detail = f"{mine:,.0f} rows/s ({mine / per_event:,.0f} events/s) against {peers:,.0f} rows/s, at a desk with {ROWS} persons"
    return Figure("a row applied in catching up", peers / mine, 0.25, "a row of the 1,000-row upserts there", detail)


def _others(rows: Rows, number: int) -> Rows:
    """A thousand persons whom the desk does not know."""
    chosen: Rows = {}
    for name in PERSON:
        place = [column.name for column in metadata.tables[name].columns].index("patient_id")
        begin = number * AT_ONCE % max(len(rows[name]) - AT_ONCE, 1)
        chosen[name] = [
            (*row[:place], f"{number}-{row[place]}", *row[place + 1 :]) for row in rows[name][begin : begin + AT_ONCE]
        ]
    return chosen


def _follow(desk: Database, page: list[Arrived]) -> None:
    """Bytes in, checked, stored, projected, durable."""
    fresh = [Arrived(one.data, one.signature) for one in page]
    with write_transaction(desk) as connection:
        before = feed_cursor(connection, "F")
        digest = before.digest
        for one in fresh:
            digest = next_digest(digest, one.hash)
        _, taken, _ = follow(connection, Stream("F", "new"), before, fresh, digest)
    if sum(len(one.stored) for one in taken) != len(page):
        raise AssertionError("not all of it was new")


def _rows_made(arrived: list[Arrived], public_key: str) -> int:
    engine = open_memory_database()
    metadata.create_all(engine)
    with write_transaction(engine) as connection:
        take_in(connection, Stream("F", "away"), arrived, public_key)
    with read_transaction(engine) as connection:
        counts = [connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar_one() for name in metadata.tables]  # noqa: S608
    engine.dispose()
    return sum(counts)


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
