"""A central in memory, asked without a network; its state can be kept and put back as a backup would be."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import Connection

from access_desk.central.clusters import Clusters
from access_desk.central.desk_service import Content, DeskService
from access_desk.central.problems import ProblemError
from access_desk.central.sessions import Sessions
from access_desk.central.snapshots import Part, Snapshots
from access_desk.domain.errors import UnavailableError
from access_desk.protocol import messages as wire
from access_desk.protocol.enrollment_code import new_secret
from access_desk.storage import central_log
from access_desk.storage.engine import ELSEWHERE, Database, read_transaction, write_transaction
from access_desk.storage.event_log import Stream
from access_desk.storage.postgres import open_postgres
from access_desk.storage.schema import metadata
from access_desk.storage.schema.central import central_metadata
from access_desk.sync.bootstrap import Bootstrap
from access_desk.sync.core import Asking, Identity, Request, Response, Round, enroll
from access_desk.sync.desk_store import DeskStore
from access_desk.sync.landing import Landing
from tests.central import kinds
from tests.desks import SetClock, TestDesk

FINGERPRINT = "f" * 64
PEPPER = b"p" * 32
_A = TypeVar("_A")
Tables = dict[str, list[tuple[object, ...]]]
Backup = list[Tables]


@dataclass
class TestCentral:
    """Central's service with what a test moves: its clock, the seconds that sessions count."""

    __test__ = False
    clusters: Clusters
    clock: SetClock = field(default_factory=SetClock)
    seconds: float = 0.0
    practice: bool = True
    service: DeskService = field(init=False)
    snapshots: Snapshots | None = None

    def __post_init__(self) -> None:
        self.restart()

    @property
    def database(self) -> Database:
        """Where the facility of the tests is."""
        return self.clusters.of("F")

    def restart(self) -> None:
        """Whatever was only in memory is gone."""
        sessions = Sessions(FINGERPRINT, lambda: self.seconds)
        self.service = DeskService(self.clusters, self.clock, sessions, PEPPER, practice=self.practice)
        self.service.snapshots = self.snapshots

    def ask(self, request: Request) -> Response:
        """The answer that the door would give."""
        try:
            answer = self._asked(request)
        except ProblemError as problem:
            return Response(problem.status, "application/json", wire.to_bytes(problem.problem))
        if isinstance(answer, Content):
            return Response(200, "application/octet-stream", answer.data)
        if isinstance(answer, Part):
            return Response(206, "application/octet-stream", answer.content)
        return Response(200, "application/json", wire.to_bytes(answer))

    def _asked(self, request: Request) -> object:
        parts = urlsplit(request.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        for pattern, method, answer in _ROUTES:
            match = re.fullmatch(pattern, parts.path)
            if match and method == request.method:
                return answer(self.service, request, match.groups(), query)
        raise AssertionError(request.path)

    def add_code(self, facility_id: str = "F", expires_at: str = "2099") -> str:
        """A secret that one desk can enroll with."""
        with read_transaction(self.clusters.home) as connection:
            made = connection.exec_driver_sql("SELECT count(*) FROM central_codes").scalar_one()
        secret = new_secret(made.to_bytes(12, "big"))
        with write_transaction(self.clusters.home) as connection:
            central_log.add_code(connection, facility_id, secret, expires_at)
        return secret

    def enroll(self, desk: TestDesk, secret: str | None = None) -> wire.Enrolled:
        """Make a desk known."""
        desk_id = desk.desk.journal.stream.desk_id
        asking = enroll(secret or self.add_code(), desk_id, "Desk", desk.public_key, desk.signer)
        return drive(asking, self.ask)

    def copy(self) -> Backup:
        """A backup."""
        return [_copied(database) for database in self.clusters]

    def put_back(self, backup: Backup) -> None:
        """Restore it."""
        for database, tables in zip(self.clusters, backup, strict=True):
            with write_transaction(database) as connection:
                for name, rows in tables.items():
                    connection.exec_driver_sql(f"DELETE FROM {name}")  # noqa: S608
                    for row in rows:
                        connection.exec_driver_sql(f"INSERT INTO {name} VALUES ({', '.join('?' * len(row))})", row)  # noqa: S608
        self.restart()


def _copied(database: Database) -> Tables:
    with read_transaction(database) as connection:
        return {
            name: [tuple(row) for row in connection.exec_driver_sql(f"SELECT * FROM {name}").all()]  # noqa: S608
            for name in (*metadata.tables, *central_metadata.tables)
        }


_Answer = Callable[[DeskService, Request, tuple[str, ...], dict[str, str]], object]


def _kept(service: DeskService, request: Request, match: tuple[str, ...], query: dict[str, str]) -> object:
    del query
    service.keep_content(request.token, match[0], match[1], request.body)
    return {}


def _part(service: DeskService, request: Request, match: tuple[str, ...], query: dict[str, str]) -> object:
    del query
    first, last = request.byte_range.removeprefix("bytes=").split("-")
    return service.snapshot_part(request.token, match[0], int(match[1]), int(first), int(last))


_ROUTES: tuple[tuple[str, str, _Answer], ...] = (
    ("/v1/enrollments", "POST", lambda s, r, m, q: s.enroll(r.body)),
    ("/v1/challenges", "POST", lambda s, r, m, q: s.challenge()),
    ("/v1/sessions", "POST", lambda s, r, m, q: s.open_session(r.body)),
    ("/v1/streams/([^/]+)/([^/]+)/([^/]+)", "GET", lambda s, r, m, q: s.head(r.token, Stream(m[0], m[1], int(m[2])))),
    (
        "/v1/streams/([^/]+)/([^/]+)/([^/]+)/events",
        "POST",
        lambda s, r, m, q: s.push(r.token, Stream(m[0], m[1], int(m[2])), r.body),
    ),
    (
        "/v1/facilities/([^/]+)/events",
        "GET",
        lambda s, r, m, q: s.page(r.token, m[0], int(q["after"]), q["digest"], int(q["limit"])),
    ),
    ("/v1/facilities/([^/]+)/numbers", "POST", lambda s, r, m, q: s.lend_numbers(r.token, m[0], r.body)),
    ("/v1/facilities/([^/]+)/pins", "POST", lambda s, r, m, q: s.exchange_pins(r.token, m[0], r.body)),
    ("/v1/facilities/([^/]+)/sanity", "GET", lambda s, r, m, q: s.sanity(r.token, m[0])),
    ("/v1/facilities/([^/]+)/flags", "GET", lambda s, r, m, q: s.flags(r.token, m[0], q.get("after", ""), q["digest"])),
    ("/v1/facilities/([^/]+)/contents/([^/]+)", "GET", lambda s, r, m, q: s.content(r.token, m[0], m[1])),
    ("/v1/facilities/([^/]+)/contents/([^/]+)", "PUT", _kept),
    ("/v1/facilities/([^/]+)/snapshot", "GET", lambda s, r, m, q: s.snapshot_offer(r.token, m[0])),
    ("/v1/facilities/([^/]+)/snapshots/([^/]+)", "GET", _part),
)


def a_central(*, practice: bool = True, url: str | None = None) -> TestCentral:
    """A new one: on the PostgreSQL that a URL names, or where `tests.central.kinds` has them made, in memory if not said."""
    databases = [open_postgres(url)] if url is not None else kinds.new_databases()
    return TestCentral(Clusters(databases), practice=practice)


class _Gone:
    """The transactions of a database that went away."""

    def read(self) -> AbstractContextManager[Connection]:
        raise UnavailableError("Central's PostgreSQL cannot be reached.")

    write = read


def gone_away(database: Database) -> Database:
    """The same, as if its server did not answer any more."""
    return database.execution_options(**{ELSEWHERE: _Gone()})


def drive(asking: Asking[_A], ask: Callable[[Request], Response]) -> _A:
    """Carry an exchange to its end."""
    try:
        request = next(asking)
        while True:
            request = asking.send(ask(request))
    except StopIteration as done:
        answer: _A = done.value
        return answer


def round_of(desk: TestDesk, landing: Landing | None = None) -> Round:
    """A round of a desk, which may begin with a snapshot where it has a place to put one."""
    journal = desk.desk.journal
    store = DeskStore(journal.engine, journal.stream, journal.take_in_others)
    identity = Identity(journal.facility_id, journal.stream.desk_id, journal.stream.epoch, FINGERPRINT)
    return Round(identity, store, desk.signer, Bootstrap(store, landing, journal.facility_id) if landing else None)
