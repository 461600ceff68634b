"""Facilities over several databases: each in one, for good, and going on without the others."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from access_desk.central.by_hand import take_in_file
from access_desk.central.clusters import Clusters
from access_desk.central.place import folder_of, open_central
from access_desk.central.problems import ProblemError
from access_desk.domain.errors import UnavailableError
from access_desk.protocol import messages as wire
from access_desk.protocol.unsent import Unsent, UnsentStream, signed_file
from access_desk.storage import central_log
from access_desk.storage.engine import Database, read_transaction, write_transaction
from access_desk.storage.event_log import Stream
from access_desk.sync.core import StoppedError, enroll
from tests.central.centrals import FINGERPRINT, TestCentral, drive, gone_away
from tests.central.kinds import in_memory
from tests.desks import SetClock
from tests.fleet import Away, Outage, outage
from tests.postgres import Cluster

FACILITIES = [f"F{number}" for number in range(30)]


@pytest.fixture
def three() -> Iterator[list[Database]]:
    """Three databases."""
    with ExitStack() as opened:
        made = [in_memory() for _ in range(3)]
        for one in made:
            opened.callback(one.dispose)
        yield made


@pytest.fixture(scope="module")
def away() -> Outage:
    """What a desk recorded without a network."""
    return outage(30)


def over(databases: list[Database]) -> TestCentral:
    """A central over some databases."""
    return TestCentral(Clusters(databases), practice=False)


def join(central: TestCentral, desk: Away, secret: str | None = None) -> wire.Enrolled:
    """Make a desk known."""
    code = secret or central.add_code(desk.facility_id)
    return drive(enroll(code, desk.desk_id, "Desk", desk.public_key, desk.signer), central.ask)


def session(central: TestCentral, desk: Away) -> str:
    """A token."""
    nonce = central.service.challenge().nonce
    signed = desk.signer.sign(wire.session_text(FINGERPRINT, desk.desk_id, nonce)).hex()
    return central.service.open_session(wire.to_bytes(wire.OpenSession(wire.PROTOCOL, desk.desk_id, nonce, signed))).token


def push(central: TestCentral, desk: Away) -> wire.Acknowledged:
    """Offer all that a desk has."""
    stream = Stream(desk.facility_id, desk.desk_id, 1)
    return central.service.push(session(central, desk), stream, desk.batches()[0])


def _events(database: Database) -> dict[str, int]:
    with read_transaction(database) as connection:
        return {facility_id: number for (facility_id, _), number in central_log.stream_ends(connection).items()}


def _fleet(central: TestCentral, away: Outage) -> list[Away]:
    fleet = [away.of(facility_id, f"desk-{facility_id}") for facility_id in FACILITIES]
    for desk in fleet:
        join(central, desk)
    return fleet


def test_every_facility_is_in_one_database_and_none_is_everywhere(three: list[Database], away: Outage) -> None:
    central = over(three)
    fleet = _fleet(central, away)
    for desk in fleet:
        assert push(central, desk).hash == desk.head
    found = [_events(database) for database in three]
    assert all(found)
    assert sorted(facility_id for one in found for facility_id in one) == sorted(FACILITIES)
    assert {number for one in found for number in one.values()} == {30}


def test_desks_are_numbered_over_all_of_them(three: list[Database], away: Outage) -> None:
    central = over(three)
    numbers = [join(central, away.of(facility_id, f"desk-{facility_id}")).number for facility_id in FACILITIES]
    assert numbers == list(range(1, len(FACILITIES) + 1))


def test_a_database_that_is_added_moves_nobody(three: list[Database], away: Outage) -> None:
    before = over(three[:2])
    fleet = _fleet(before, away)
    for desk in fleet[:15]:
        push(before, desk)
    after = over(three)
    for desk in fleet:
        assert push(after, desk).hash == desk.head
    assert _events(three[2]) == {}
    new = [away.of(f"New{number}", f"new{number}") for number in range(12)]
    for desk in new:
        join(after, desk)
        push(after, desk)
    assert _events(three[2])


def test_one_database_becomes_two_before_its_desks_sent_anything(three: list[Database], away: Outage) -> None:
    alone = over(three[:1])
    fleet = _fleet(alone, away)
    with write_transaction(three[0]) as connection:
        # As an earlier release left it: who enrolled was known, and nothing had begun.
        connection.exec_driver_sql("DELETE FROM central_heads WHERE facility_id <> ''")
    central = over(three[:2])
    assert all(push(central, desk).hash == desk.head for desk in fleet)
    assert _events(three[1]) == {}


def test_without_one_the_facilities_of_the_others_go_on(three: list[Database], away: Outage) -> None:
    central = over(three)
    fleet = _fleet(central, away)
    of_home = [desk for desk in fleet if central.clusters.of(desk.facility_id) is three[0]]
    others = [desk for desk in fleet if desk not in of_home]
    assert of_home
    assert others
    gone = gone_away(three[0])
    central.clusters.all = (gone, *three[1:])
    central.clusters.home = gone
    for desk in others:
        assert push(central, desk).hash == desk.head
    with pytest.raises(UnavailableError):
        push(central, of_home[0])
    # Whether a desk that nobody here knows is known there cannot be said.
    with pytest.raises(UnavailableError):
        session(central, away.of("Elsewhere", "stranger"))


def test_a_stop_between_the_databases_is_made_good_by_asking_again(three: list[Database], away: Outage) -> None:
    central = over(three)
    facility_id = next(one for one in FACILITIES if central.clusters.of(one) is not three[0])
    desk = away.of(facility_id, "desk")
    secret = central.add_code(facility_id)
    with write_transaction(three[0]) as connection:
        central_log.enroll_desk(connection, secret, desk.desk_id, "Desk", desk.public_key, "2026")
    assert join(central, desk, secret).number == 1
    assert push(central, desk).hash == desk.head
    with pytest.raises(ProblemError, match="facility"):
        central.service.head(session(central, desk), Stream("another", desk.desk_id, 1))


def _file(of: list[Away], since: dict[str, int]) -> bytes:
    streams = tuple(UnsentStream(one.facility_id, 1, one.events[since.get(one.facility_id, 0) :]) for one in of)
    return signed_file(Unsent("access-desk.unsent/1", of[0].desk_id, streams, ()), of[0].signer.sign)


def test_a_file_for_several_databases_says_what_of_it_was_taken_in(three: list[Database], away: Outage) -> None:
    central = over(three)
    chosen = [next(one for one in FACILITIES if central.clusters.of(one) is database) for database in three[:2]]
    signer = Ed25519PrivateKey.generate()
    both = [away.of(facility_id, "desk", signer) for facility_id in chosen]
    for desk in both:
        with write_transaction(three[0]) as connection:
            number = len(central_log.known_desks(connection)) + 1
        central.clusters.admit(central_log.KnownDesk(desk.facility_id, "desk", number, "Desk", desk.public_key, "2026"))
    late = _file(both, {chosen[1]: 3})
    with pytest.raises(UnavailableError, match=rf"^30 events of other facilities .* Of {chosen[1]}: Event 1 of the desk"):
        take_in_file(central.clusters, late, central.clock.now())
    taken = take_in_file(central.clusters, _file(both, {}), central.clock.now())
    assert (taken.stored, taken.skipped) == (30, 30)


def test_a_desk_revoked_before_it_was_let_in_stays_revoked(three: list[Database], away: Outage) -> None:
    central = over(three)
    facility_id = next(one for one in FACILITIES if central.clusters.of(one) is not three[0])
    desk = away.of(facility_id, "desk")
    secret = central.add_code(facility_id)
    with write_transaction(three[0]) as connection:
        central_log.enroll_desk(connection, secret, desk.desk_id, "Desk", desk.public_key, "2026")
    assert central.clusters.revoke(desk.desk_id, "2026") == 1
    with pytest.raises(StoppedError, match="revoked"):
        join(central, desk, secret)
    assert central.clusters.every_desk()[0].revoked_at == "2026"


def test_a_home_of_before_a_desk_enrolled_still_lists_it(three: list[Database], away: Outage) -> None:
    central = over(three)
    fleet = _fleet(central, away)
    with write_transaction(three[0]) as connection:
        connection.exec_driver_sql("DELETE FROM central_desks")
    listed = {one.desk_id for one in over(three).clusters.every_desk()}
    assert listed == {desk.desk_id for desk in fleet if central.clusters.of(desk.facility_id) is not three[0]}


def test_a_database_of_before_a_desk_enrolled_lets_it_in_again(three: list[Database], away: Outage) -> None:
    central = over(three)
    fleet = _fleet(central, away)
    gone, *_ = [desk for desk in fleet if central.clusters.of(desk.facility_id) is not three[0]]
    lost = [desk for desk in fleet if central.clusters.of(desk.facility_id) is central.clusters.of(gone.facility_id)]
    assert central.clusters.revoke(gone.desk_id, "2026") == 1
    with write_transaction(central.clusters.of(gone.facility_id)) as connection:
        connection.exec_driver_sql("DELETE FROM central_desks")
    assert len(lost) > 1
    for desk in lost:
        if desk is gone:
            with pytest.raises(ProblemError, match="revoked"):
                session(central, desk)
            found = central.clusters.desk_of(desk.facility_id, desk.desk_id)
            assert found is not None
            assert found.revoked_at == "2026"
            continue
        token = session(central, desk)
        assert central.service.push(token, Stream(desk.facility_id, desk.desk_id, 1), desk.batches()[0]).seq
    assert central.clusters.desk_of(gone.facility_id, "a stranger") is None


def test_a_revoked_desk_is_revoked_in_all(three: list[Database], away: Outage) -> None:
    central = over(three)
    fleet = _fleet(central, away)
    for desk in fleet:
        token = session(central, desk)
        assert central.clusters.revoke(desk.desk_id, "2026") == 1
        with pytest.raises(ProblemError, match="revoked"):
            central.service.push(token, Stream(desk.facility_id, desk.desk_id, 1), desk.batches()[0])
        with pytest.raises(ProblemError, match="revoked"):
            session(central, desk)
    assert [_events(database) for database in three] == [{}, {}, {}]


def test_another_order_is_refused(three: list[Database], away: Outage) -> None:
    _fleet(over(three), away)
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
    with pytest.raises(UnavailableError, match="has 2 databases, and 3 are named"):
        open_central(folder, clock, make=False, urls=urls)
    open_central(folder, clock, make=True, urls=urls).close()
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
