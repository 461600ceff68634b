"""What central takes in, with projections, on PostgreSQL: against the same through pydantic and the ORM, and against a
binary COPY of the rows that it makes: those of the log, the feed and all projections, into tables with the same indexes and
constraints. One COPY makes each batch durable by itself, as central does; the other one makes all batches of a round durable
at once, which is less than central does."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pydantic
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import DeclarativeBase, Session

from access_desk.central.checkers import Checkers
from access_desk.central.clusters import Clusters
from access_desk.central.desk_service import DeskService
from access_desk.central.intake import take
from access_desk.central.sessions import Sessions
from access_desk.central.workers import collect_seldom
from access_desk.protocol import messages as wire
from access_desk.protocol.chain import GENESIS, hash_of, is_signed_by
from access_desk.protocol.encoding import decode
from access_desk.storage import central_log
from access_desk.storage.desk_feed import EMPTY_DIGEST, next_digest
from access_desk.storage.engine import Database, write_transaction
from access_desk.storage.event_log import Stream
from access_desk.storage.postgres import open_postgres
from access_desk.storage.projections import project
from access_desk.storage.row_changes import Insert, InsertMany, InsertRows, settled, version_of
from access_desk.storage.schema import metadata
from access_desk.storage.schema.central import central_metadata
from access_desk.system.clock import SystemClock
from tests.bench.figures import Figure
from tests.fleet import Away, outage
from tests.postgres import Cluster, cluster

EVENTS, PER_ROUND, ROUNDS = 215, 4, 31
# Of those so many through the ORM, which takes fifty times as long; seven of all others scattered by a tenth.
ORM_ROUNDS = 7
_NOW = "2026-01-01T00:00:00.000000Z"
_FINGERPRINT = "0" * 64


class _Door:
    """Central's service over a server, with every desk's session open."""

    def __init__(self, url: str) -> None:
        self.database: Database = open_postgres(url)
        self.sessions = Sessions(_FINGERPRINT, time.monotonic)
        self.service = DeskService(Clusters([self.database]), SystemClock(), self.sessions, b"p" * 32, practice=False)
        # As a worker takes in a long batch.
        self.checkers = Checkers()
        self.service.taking = partial(take, checkers=self.checkers)
        collect_seldom()

    def admit(self, fleet: list[Away]) -> dict[str, str]:
        """Tokens by desk."""
        tokens = {}
        with write_transaction(self.database) as connection:
            for number, away in enumerate(fleet, 1):
                desk = central_log.KnownDesk(away.facility_id, away.desk_id, number, "Desk", away.public_key, _NOW)
                central_log.admit_desk(connection, desk)
        for away in fleet:
            nonce = self.sessions.challenge() or ""
            signed = away.signer.sign(wire.session_text(_FINGERPRINT, away.desk_id, nonce))
            tokens[away.desk_id] = self.sessions.open(away.desk_id, away.public_key, nonce, signed) or ""
        return tokens

    def push(self, away: Away, token: str, body: bytes) -> None:
        taken = self.service.push(token, Stream(away.facility_id, away.desk_id, 1), body)
        if taken.hash != away.head or taken.parked:
            raise AssertionError(taken)


class _Event(pydantic.BaseModel):
    format: int
    event_id: str
    facility_id: str
    desk_id: str
    stream_epoch: int
    desk_seq: int
    recorded_at: str
    stamp: str
    business_date: str
    actor_id: str
    approver_id: str | None
    command_id: str | None
    kind: str
    version: int
    subject_id: str
    also: list[str]
    prev_hash: str
    body: dict[str, Any]


class _WireEvent(pydantic.BaseModel):
    event: _Event
    signature: str


class _Push(pydantic.BaseModel):
    protocol: int
    events: list[_WireEvent]


class _Base(DeclarativeBase):
    metadata = metadata


class _CentralBase(DeclarativeBase):
    metadata = central_metadata


def _mapped() -> dict[str, type[Any]]:
    shared = {name: type(f"Row_{name}", (_Base,), {"__table__": table}) for name, table in metadata.tables.items()}
    own = {name: type(f"Row_{name}", (_CentralBase,), {"__table__": table}) for name, table in central_metadata.tables.items()}
    return shared | own


class _Orm:
    """The same work as it is usually written: validated by pydantic, one object a row, one transaction a batch."""

    def __init__(self, url: str, rows: dict[str, type[Any]]) -> None:
        open_postgres(url).dispose()
        self.rows = rows
        self.engine: Engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))

    def push(self, away: Away, body: bytes) -> None:
        checked = _Push.model_validate_json(body)
        raw = wire.read(body, wire.Push).events
        with Session(self.engine) as session:
            before, digest = GENESIS, EMPTY_DIGEST
            for position, (one, came) in enumerate(zip(checked.events, raw, strict=True), 1):
                data, signature = bytes(came.event), bytes.fromhex(one.signature)
                now = hash_of(data)
                if one.event.prev_hash != before or not is_signed_by(away.public_key, now, signature):
                    raise AssertionError(one.event.desk_seq)
                before, digest = now.hex(), next_digest(digest, now)
                self._add(session, one.event, data, now, signature, position, digest)
            session.add(self.rows["central_heads"](facility_id=away.facility_id, position=len(raw), digest=digest))
            session.commit()

    def _add(
        self, session: Session, event: _Event, data: bytes, digest: bytes, signature: bytes, position: int, feed: str
    ) -> None:
        stream = event.model_dump(include={"facility_id", "desk_id", "stream_epoch", "desk_seq"})
        named = event.model_dump(include={"event_id", "kind", "command_id"})
        session.add(self.rows["events"](**stream, **named, data=data, hash=digest, signature=signature))
        session.add(self.rows["central_feed"](**stream, position=position, received_at=_NOW, digest=feed))
        for change in project(decode(data)[0]):
            if isinstance(change, Insert):
                session.add(self.rows[change.table](**change.values))
            elif isinstance(change, InsertRows):
                session.add_all(self.rows[change.table](**dict(zip(change.columns, row, strict=True))) for row in change.rows)
            elif isinstance(change, InsertMany):
                for row in change.rows:
                    session.merge(self.rows[change.table](**dict(zip(change.columns, row, strict=True))))
            else:
                self._settle(session, change)

    def _settle(self, session: Session, change: Any) -> None:
        kept = self.rows["row_versions"]
        version = version_of(change)
        facility_id, table, row_key = version.facility_id, version.table_name, version.row_key
        session.add(kept(**version._asdict()))
        versions = session.query(kept).filter_by(facility_id=facility_id, table_name=table, row_key=row_key).order_by(kept.place)
        pairs = [(one.is_claim, one.content) for one in versions]
        statement, bound = settled(table, (facility_id, row_key), pairs)
        session.connection().exec_driver_sql(statement.replace("?", "%s"), bound)


@dataclass(frozen=True)
class _Rows:
    """All rows of some facilities, by table, as they are in central's database."""

    columns: dict[str, list[str]]
    types: dict[str, list[str]]
    rows: dict[str, list[tuple[Any, ...]]]

    @property
    def number(self) -> int:
        return sum(len(rows) for rows in self.rows.values())

    def copy(self, connection: psycopg.Connection[Any]) -> None:
        with connection.transaction(), connection.cursor() as cursor:
            for table, rows in self.rows.items():
                with cursor.copy(f"COPY {table} ({', '.join(self.columns[table])}) FROM STDIN (FORMAT BINARY)".encode()) as copy:
                    copy.set_types(self.types[table])
                    for row in rows:
                        copy.write_row(row)


def _rows_of(url: str, facility_ids: list[str]) -> _Rows:
    found = _Rows({}, {}, {})
    with psycopg.connect(url) as connection:
        for name, table in (*metadata.tables.items(), *central_metadata.tables.items()):
            if name.startswith("local_") or name in ("central_desks", "central_codes", "central_blocks"):
                continue
            statement = f"SELECT * FROM {name} WHERE facility_id = ANY(%s)"  # noqa: S608 - names of the schema
            cursor = connection.execute(statement.encode(), (facility_ids,))
            rows = cursor.fetchall()
            if rows:
                found.columns[name] = [column.name for column in table.columns]
                described = cursor.description or []
                found.types[name] = [_TYPES[column.type_code] for column in described]
                found.rows[name] = rows
    return found


_TYPES = {17: "bytea", 20: "int8", 21: "int2", 23: "int4", 25: "text", 1043: "varchar"}


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _fleets() -> Iterator[list[Away]]:
    recorded = outage(EVENTS)
    for number in range(ROUNDS + 1):
        yield [recorded.of(f"F{number}-{desk}", f"desk-{number}-{desk}") for desk in range(PER_ROUND)]


def measure(folder: Path) -> list[Figure]:
    """Rounds in turns; the first of each is not counted."""
    del folder
    with cluster() as running:
        return _measure(running)


def _measure(running: Cluster) -> list[Figure]:
    url = running.new_database()
    peer, copied, at_once = (running.new_database() for _ in range(3))
    door, orm = _Door(url), _Orm(peer, _mapped())
    for one in (copied, at_once):
        open_postgres(one).dispose()
    times: dict[str, list[float]] = {name: [] for name in ("ingest", "again", "orm", "copy", "copy at once")}
    number = 0
    with psycopg.connect(copied) as target, psycopg.connect(at_once) as other:
        for place, fleet in enumerate(_fleets()):
            through = orm if place <= ORM_ROUNDS else None
            number = _round(door, through, (target, other), fleet, (url, peer), times)
    door.checkers.close()
    door.database.dispose()
    orm.engine.dispose()
    middle = {name: statistics.median(measured[1:]) for name, measured in times.items()}
    events = EVENTS * PER_ROUND
    copied_rows = f"{number} rows a round, each batch durable by itself in both"
    detail = f"{events / middle['ingest']:,.0f} events/s, {number / middle['ingest']:,.0f} rows/s"
    return [
        Figure("ingest, projected, PostgreSQL", middle["ingest"] / middle["orm"], 0.2, "pydantic and the ORM", detail),
        Figure("the same", middle["ingest"] / middle["copy"], 2, "binary COPY of its rows, a transaction a batch", copied_rows),
        Figure("the same", middle["ingest"] / middle["copy at once"], 2, "all of them in one transaction", "less than it does"),
        Figure("an acknowledged batch again", middle["again"] / middle["ingest"], 0.5, "its first time", ""),
    ]


def _round(
    door: _Door,
    orm: _Orm | None,
    targets: tuple[psycopg.Connection[Any], psycopg.Connection[Any]],
    fleet: list[Away],
    urls: tuple[str, str],
    times: dict[str, list[float]],
) -> int:
    """Measure each once over a fleet; how many rows it makes."""
    tokens = door.admit(fleet)
    bodies = [(away, away.batches()[0]) for away in fleet]
    facility_ids = [away.facility_id for away in fleet]

    def push() -> None:
        for away, body in bodies:
            door.push(away, tokens[away.desk_id], body)

    times["ingest"].append(_seconds(push))
    times["again"].append(_seconds(push))
    rows = _rows_of(urls[0], facility_ids)
    if orm is not None:
        through = orm

        def push_through_orm() -> None:
            for away, body in bodies:
                through.push(away, body)

        times["orm"].append(_seconds(push_through_orm))
        if rows.number != _rows_of(urls[1], facility_ids).number:
            raise AssertionError("the peer did not do the same")
    batches = [_rows_of(urls[0], [one]) for one in facility_ids]

    def copy() -> None:
        for batch in batches:
            batch.copy(targets[0])

    times["copy"].append(_seconds(copy))
    times["copy at once"].append(_seconds(lambda: rows.copy(targets[1])))
    return rows.number
