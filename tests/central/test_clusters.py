"""Facilities over several databases: each in one, for good, and going on without the others."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Connection

from access_desk.central.clusters import Clusters
from access_desk.central.desk_service import DeskService, ProblemError
from access_desk.central.place import folder_of, open_central
from access_desk.central.sessions import Sessions
from access_desk.domain.errors import UnavailableError
from access_desk.protocol import messages as wire
from access_desk.protocol.enrollment_code import new_secret
from access_desk.storage import central_log
from access_desk.storage.engine import ELSEWHERE, Database, open_memory_database, read_transaction, write_transaction
from access_desk.storage.event_log import Stream
from access_desk.storage.schema import metadata
from access_desk.storage.schema.central import central_metadata
from tests.bench.fleet import Away, Outage, outage
from tests.desks import SetClock
from tests.postgres import Cluster

FINGERPRINT = "f" * 64
LATER = "2099"
_NUMBERS = count(1)
FACILITIES = [f"F{number}" for number in range(30)]


def a_database() -> Database:
    database = open_memory_database()
    metadata.create_all(database)
    central_metadata.create_all(database)
    return database


@pytest.fixture
def three() -> Iterator[list[Database]]:
    """Three databases."""
    with ExitStack() as opened:
        made = [a_database() for _ in range(3)]
        for one in made:
            opened.callback(one.dispose)
        yield made


@pytest.fixture(scope="module")
def away() -> Outage:
    """What a desk recorded without a network."""
    return outage(30)


class Central:
    """Its service over some databases."""

    def __init__(self, databases: list[Database]) -> None:
        self.clusters = Clusters(databases)
        self.sessions = Sessions(FINGERPRINT, lambda: 0.0)
        self.service = DeskService(self.clusters, SetClock(), self.sessions, b"p" * 32, practice=False)

    def enroll(self, desk: Away, secret: str) -> wire.Enrolled:
        signed = desk.signer.sign(wire.enrollment_text(secret, desk.desk_id, desk.public_key)).hex()
        asked = wire.Enroll(wire.PROTOCOL, secret, desk.desk_id, "Desk", desk.public_key, signed)
        return self.service.enroll(wire.to_bytes(asked))

    def add_code(self, facility_id: str) -> str:
        secret = new_secret(next(_NUMBERS).to_bytes(12, "big"))
        with write_transaction(self.clusters.home) as connection:
            central_log.add_code(connection, facility_id, secret, LATER)
        return secret

    def session(self, desk: Away) -> str:
        nonce = self.service.challenge().nonce
        signed = desk.signer.sign(wire.session_text(FINGERPRINT, desk.desk_id, nonce)).hex()
        return self.service.open_session(wire.to_bytes(wire.OpenSession(wire.PROTOCOL, desk.desk_id, nonce, signed))).token

    def push(self, desk: Away) -> wire.Acknowledged:
        return self.service.push(self.session(desk), Stream(desk.facility_id, desk.desk_id, 1), desk.batches()[0])


def _events(database: Database) -> dict[str, int]:
    with read_transaction(database) as connection:
        return {facility_id: number for (facility_id, _), number in central_log.stream_ends(connection).items()}


def _fleet(central: Central, away: Outage) -> list[Away]:
    fleet = [away.of(facility_id, f"desk-{facility_id}") for facility_id in FACILITIES]
    for desk in fleet:
        central.enroll(desk, central.add_code(desk.facility_id))
    return fleet


def test_every_facility_is_in_one_database_and_none_is_everywhere(three: list[Database], away: Outage) -> None:
    central = Central(three)
    fleet = _fleet(central, away)
    for desk in fleet:
        assert central.push(desk).hash == desk.head
    found = [_events(database) for database in three]
    assert all(found)
    assert sorted(facility_id for one in found for facility_id in one) == sorted(FACILITIES)
    assert {number for one in found for number in one.values()} == {30}


def test_desks_are_numbered_over_all_of_them(three: list[Database], away: Outage) -> None:
    central = Central(three)
    numbers = [
        central.enroll(away.of(facility_id, f"desk-{facility_id}"), central.add_code(facility_id)).number
        for facility_id in FACILITIES
    ]
    assert numbers == list(range(1, len(FACILITIES) + 1))


def test_a_database_that_is_added_moves_nobody(three: list[Database], away: Outage) -> None:
    before = Central(three[:2])
    fleet = _fleet(before, away)
    for desk in fleet[:15]:
        before.push(desk)
    after = Central(three)
    for desk in fleet:
        assert after.push(desk).hash == desk.head
    assert _events(three[2]) == {}
    new = [away.of(f"New{number}", f"new{number}") for number in range(12)]
    for desk in new:
        after.enroll(desk, after.add_code(desk.facility_id))
        after.push(desk)
    assert _events(three[2])


def test_one_database_becomes_two_before_its_desks_sent_anything(three: list[Database], away: Outage) -> None:
    alone = Central(three[:1])
    fleet = _fleet(alone, away)
    with write_transaction(three[0]) as connection:
        # As an earlier release left it: who enrolled was known, and nothing had begun.
        connection.exec_driver_sql("DELETE FROM central_heads WHERE facility_id <> ''")
    central = Central(three[:2])
    assert all(central.push(desk).hash == desk.head for desk in fleet)
    assert _events(three[1]) == {}


class Gone:
    """The transactions of a database that went away."""

    def read(self) -> AbstractContextManager[Connection]:
        raise UnavailableError("Central's PostgreSQL cannot be reached.")

    write = read


def test_without_one_the_facilities_of_the_others_go_on(three: list[Database], away: Outage) -> None:
    central = Central(three)
    fleet = _fleet(central, away)
    of_home = [desk for desk in fleet if central.clusters.of(desk.facility_id) is three[0]]
    others = [desk for desk in fleet if desk not in of_home]
    assert of_home
    assert others
    gone = three[0].execution_options(**{ELSEWHERE: Gone()})
    central.clusters.all = (gone, *three[1:])
    central.clusters.home = gone
    for desk in others:
        assert central.push(desk).hash == desk.head
    with pytest.raises(UnavailableError):
        central.push(of_home[0])
    # Whether a desk that nobody here knows is known there cannot be said.
    with pytest.raises(UnavailableError):
        central.session(away.of("Elsewhere", "stranger"))


def test_a_stop_between_the_databases_is_made_good_by_asking_again(three: list[Database], away: Outage) -> None:
    central = Central(three)
    facility_id = next(one for one in FACILITIES if central.clusters.of(one) is not three[0])
    desk = away.of(facility_id, "desk")
    secret = central.add_code(facility_id)
    with write_transaction(three[0]) as connection:
        central_log.enroll_desk(connection, secret, desk.desk_id, "Desk", desk.public_key, "2026")
    with pytest.raises(ProblemError, match="facility"):
        central.push(desk)
    assert central.enroll(desk, secret).number == 1
    assert central.push(desk).hash == desk.head


def test_a_revoked_desk_is_revoked_in_all(three: list[Database], away: Outage) -> None:
    central = Central(three)
    fleet = _fleet(central, away)
    for desk in fleet:
        token = central.session(desk)
        assert central.clusters.revoke(desk.desk_id, "2026") == 1
        with pytest.raises(ProblemError, match="revoked"):
            central.service.push(token, Stream(desk.facility_id, desk.desk_id, 1), desk.batches()[0])
        with pytest.raises(ProblemError, match="revoked"):
            central.session(desk)
    assert [_events(database) for database in three] == [{}, {}, {}]


def test_another_order_is_refused(three: list[Database], away: Outage) -> None:
    _fleet(Central(three), away)
    with pytest.raises(UnavailableError, match="another order"):
        Clusters([three[1], three[0], three[2]])


def test_a_facility_in_two_databases_is_refused(three: list[Database]) -> None:
    for database in three[:2]:
        with write_transaction(database) as connection:
            central_log.lock_facility(connection, "F")
    with pytest.raises(UnavailableError, match="Facility F is in two"):
        Clusters(three)


def test_a_central_is_not_started_with_fewer(postgres: Cluster, tmp_path: Path) -> None:
    urls = [postgres.new_database() for _ in range(3)]
    clock = SetClock()
    folder = folder_of(tmp_path, urls)
    open_central(folder, clock, make=True, urls=urls[:2]).close()
    with pytest.raises(UnavailableError, match="has 2 databases, and 1 are named"):
        open_central(folder, clock, make=False, urls=urls[:1])
    open_central(folder, clock, make=False, urls=urls).close()
    with pytest.raises(UnavailableError, match="has 3 databases, and 2 are named"):
        open_central(folder, clock, make=False, urls=urls[:2])


@pytest.mark.parametrize(
    ("urls", "why"),
    [
        (["postgresql://one/a", "postgresql://one/a"], "named twice"),
        (["postgresql://one/a", "sqlite:////var/central.db"], "each of them"),
    ],
)
def test_urls_that_make_no_central(urls: list[str], why: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=why):
        folder_of(tmp_path, urls)
