"""A new desk begins with a snapshot: it has what a desk has that read everything, and loses nothing of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from access_desk.central.snapshots import Snapshots
from access_desk.protocol import messages as wire
from access_desk.protocol.snapshots import Snapshot, SnapshotOffer, signed_text
from access_desk.storage.desk_feed import FeedCursor, feed_cursor
from access_desk.storage.engine import Database, open_database, read_transaction, write_transaction
from access_desk.storage.event_log import Stream, every_row
from access_desk.storage.integrity import check_every_page
from access_desk.storage.migrate import HEAD, finish_making, make_database, revision
from access_desk.storage.received import Arrived, take_in
from access_desk.storage.replay import differing_tables
from access_desk.storage.snapshot_loading import SnapshotRefusedError, load, unpack
from access_desk.sync.bootstrap import first_snapshot
from access_desk.sync.core import Began, Identity, Request, Response
from access_desk.sync.landing import Landing
from tests.central.centrals import FINGERPRINT, TestCentral, a_central, drive, round_of
from tests.central.doors import a_door
from tests.desks import TestDesk, a_desk
from tests.fleet import outage
from tests.postgres import Cluster

KEY = bytes(range(32))


@dataclass
class Orders:
    """Makes a snapshot as soon as one is ordered."""

    make: Callable[[str], object]
    made: list[str] = field(default_factory=list)

    def order(self, facility_id: str) -> None:
        self.made.append(facility_id)
        self.make(facility_id)

    def is_making(self, facility_id: str) -> bool:
        del facility_id
        return False


def with_snapshots(central: TestCentral, folder: Path) -> Snapshots:
    central.snapshots = Snapshots(folder / "snapshots", KEY, central.clock)
    central.restart()
    return central.snapshots


def landing(folder: Path, snapshots: Snapshots, name: str = "east") -> Landing:
    place = folder / name
    place.mkdir(exist_ok=True)
    return Landing(place, snapshots.public_key, far_behind=5)


def history(north: TestDesk, south: TestDesk, rounds: Callable[..., None]) -> None:
    """Two desks with patients, payments, an amended and disputed name, a closed drawer and one that is open."""
    custody = north.open()
    visit = north.register(family="Vega", given="Ana")
    north.pay(visit, 2_500)
    rounds(north, south)
    for desk, minutes, given in ((north, 5, "Anna"), (south, 9, "Hanna")):
        desk.clock.forward(minutes=minutes)
        desk.desk.registration.amend(desk.desk.by(desk.people["ann"]), visit.patient_id, {"given": given})
    south.open("bob")
    for number in range(12):
        south.pay(south.register(family=f"Whitlock{number}"), 1_000 + number, who="bob")
    north.count(int(north.expected_cash(custody).cents))
    north.close()
    rounds(north, south, north)


@dataclass
class Fleet:
    """A central with two desks that have a history, and snapshots."""

    central: TestCentral
    north: TestDesk
    south: TestDesk
    snapshots: Snapshots
    folder: Path

    def rounds(self, *desks: TestDesk) -> None:
        for desk in desks:
            drive(round_of(desk).run(), self.central.ask)

    def begin(self, desk: TestDesk, ask: Callable[[Request], Response] | None = None) -> Began:
        """A round of a desk that may begin with a snapshot."""
        return drive(round_of(desk, landing(self.folder, self.snapshots)).run(), ask or self.central.ask).began

    def make(self) -> Snapshot:
        return self.snapshots.make(self.central.database, "F")


@pytest.fixture(params=["as told", "postgres"])
def fleet(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Fleet]:
    """On what `make test-central` says, and on PostgreSQL."""
    url = None
    if request.param == "postgres":
        server: Cluster = request.getfixturevalue("postgres")
        url = server.new_database()
    with a_desk("north", 1) as north, a_desk("south", 2) as south:
        central = a_central(url=url)
        made = Fleet(central, north, south, with_snapshots(central, tmp_path), tmp_path)
        for desk in (north, south):
            central.enroll(desk)
        made.rounds(north, south, north)
        history(north, south, made.rounds)
        yield made
        central.clusters.close()


@contextmanager
def a_small_fleet(folder: Path) -> Iterator[Fleet]:
    """A central and one desk that has a history."""
    with a_desk("north", 1) as north:
        central = a_central()
        made = Fleet(central, north, north, with_snapshots(central, folder), folder)
        central.enroll(north)
        north.open()
        north.pay(north.register(), 2_500)
        made.rounds(north)
        yield made
        central.clusters.close()


def same(one: Database, other: Database) -> None:
    """Log and projections are equal."""
    with read_transaction(one) as here, read_transaction(other) as there:
        assert [row.hash for row in every_row(here)] == [row.hash for row in every_row(there)]
        assert differing_tables(here, there) == []


def engine(desk: TestDesk) -> Database:
    return desk.desk.journal.engine


def test_a_desk_that_began_with_a_snapshot_has_what_one_has_that_read_everything(fleet: Fleet) -> None:
    made = fleet.make()
    assert made.rows > made.position > 50
    fleet.south.pay(fleet.south.register(family="Later"), 700, who="bob")
    fleet.rounds(fleet.south)
    with a_desk("east", 3) as east, a_desk("west", 4) as west:
        for desk in (east, west):
            fleet.central.enroll(desk)
        assert fleet.begin(east) == Began(made.position)
        fleet.rounds(west, east, west, east)
        same(engine(east), engine(west))
        east.open(key="D1")
        east.pay(east.register(family="Own"), 4_200)
        fleet.rounds(east, west)
        same(engine(east), engine(west))
        last = drive(round_of(east).run(), fleet.central.ask)
        assert last.sane is True
        assert not list((fleet.folder / "east").iterdir()), "nothing of a snapshot stays behind"


def test_what_the_desk_recorded_is_never_lost(fleet: Fleet) -> None:
    made = fleet.make()
    with a_desk("east", 3) as east:
        fleet.central.enroll(east)
        custody = east.open()
        visit = east.register(family="Mine")
        paid = east.pay(visit, 1_234)
        # It goes to central after the snapshot was made, so the snapshot has nothing of it.
        assert fleet.begin(east) == Began(made.position)
        assert east.expected_cash(custody).cents == 20_000 + 1_234
        with read_transaction(engine(east)) as connection:
            found = connection.exec_driver_sql("SELECT count(*) FROM payments WHERE payment_id = ?", (paid.payment_id,))
            assert found.scalar_one() == 1
        east.pay(visit, 100)
        fleet.rounds(east, fleet.north)
        same(engine(east), engine(fleet.north))


class KilledError(Exception):
    """The desk's process ended."""


def slowly(central: TestCentral, asked: list[str], most: int | None = None) -> Callable[[Request], Response]:
    """A central that gives a thousand bytes at a time; after so many parts the desk is killed."""

    def ask(request: Request) -> Response:
        if not request.byte_range:
            return central.ask(request)
        if most is not None and len(asked) == most:
            raise KilledError
        first, last = request.byte_range.removeprefix("bytes=").split("-")
        asked.append(first)
        return central.ask(with_range(request, f"bytes={first}-{min(int(last), int(first) + 999)}"))

    return ask


def with_range(request: Request, byte_range: str) -> Request:
    return Request(request.method, request.path, request.body, request.content_type, request.token, byte_range)


def test_a_desk_that_was_killed_while_it_fetched_goes_on_where_it_was(fleet: Fleet) -> None:
    made = fleet.make()
    with a_desk("east", 3) as east:
        fleet.central.enroll(east)
        asked: list[str] = []
        with pytest.raises(KilledError):
            fleet.begin(east, slowly(fleet.central, asked, 3))
        assert asked == ["0", "1000", "2000"]
        again: list[str] = []
        assert fleet.begin(east, slowly(fleet.central, again)) == Began(made.position)
        assert again[0] == "3000"
        assert len(again) == -(-made.size // 1000) - 3
        fleet.rounds(east, fleet.north)
        same(engine(east), engine(fleet.north))


def test_what_came_is_told_part_by_part_also_by_who_goes_on(tmp_path: Path) -> None:
    with a_small_fleet(tmp_path) as fleet, a_desk("east", 3) as east:
        made = fleet.make()
        fleet.central.enroll(east)
        place, told = landing(fleet.folder, fleet.snapshots), list[tuple[int, int]]()
        place.told = lambda *come: told.append(come)
        with pytest.raises(KilledError):
            drive(round_of(east, place).run(), slowly(fleet.central, [], 3))
        assert told == [(0, made.size), (1000, made.size), (2000, made.size), (3000, made.size)]
        told.clear()
        drive(round_of(east, place).run(), slowly(fleet.central, []))
        assert (told[0], told[-1]) == ((3000, made.size), (made.size, made.size))


def test_a_newer_snapshot_in_the_middle_of_fetching_one(fleet: Fleet) -> None:
    fleet.make()
    with a_desk("east", 3) as east:
        fleet.central.enroll(east)
        with pytest.raises(KilledError):
            fleet.begin(east, slowly(fleet.central, [], 3))
        fleet.rounds(fleet.south)
        newest = fleet.make()
        for _ in range(2):
            fleet.south.pay(fleet.south.register(), 700, who="bob")
            fleet.rounds(fleet.south)
            newest = fleet.make()
        asked: list[str] = []
        assert fleet.begin(east, slowly(fleet.central, asked)) == Began(newest.position)
        assert asked[0] == "0"


def forged(snapshot: Snapshot) -> Snapshot:
    other = Ed25519PrivateKey.generate()
    return msgspec.structs.replace(snapshot, signature=other.sign(signed_text(snapshot)).hex())


def further(snapshot: Snapshot) -> Snapshot:
    return msgspec.structs.replace(snapshot, position=snapshot.position + 1)


def resigned(**changes: object) -> Callable[[Snapshot], Snapshot]:
    def change(snapshot: Snapshot) -> Snapshot:
        said = msgspec.structs.replace(snapshot, **changes)
        signing = Ed25519PrivateKey.from_private_bytes(KEY)
        return msgspec.structs.replace(said, signature=signing.sign(signed_text(said)).hex())

    return change


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (forged, "not signed by the central"),
        (further, "not signed by the central"),
        (resigned(revision="0001"), "tables of another release"),
        (resigned(revision="9999"), "tables of another release"),
        (resigned(format=2), "tables of another release"),
        (resigned(facility_id="G"), "is of G"),
        (resigned(key="0" * 64), "not as central wrote it"),
        (resigned(database_size=4096), "more than was signed"),
        (resigned(database_size=2**25), "less than was signed"),
    ],
)
def test_a_snapshot_that_is_not_what_it_should_be_is_refused_and_the_feed_followed(
    tmp_path: Path, change: Callable[[Snapshot], Snapshot], why: str
) -> None:
    with a_small_fleet(tmp_path) as fleet, a_desk("east", 3) as east:
        fleet.central.enroll(east)
        made = fleet.make()

        def ask(request: Request) -> Response:
            answer = fleet.central.ask(request)
            if not request.path.endswith("/snapshot"):
                return answer
            said = change(made)
            return Response(200, "application/json", b'{"snapshot":' + wire.to_bytes(said) + b',"is_making":false}')

        began = fleet.begin(east, ask)
        assert began.position == 0
        assert why in began.refused
        fleet.rounds(fleet.north)
        same(engine(east), engine(fleet.north))


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100] + bytes(100))


def swapped(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[1000:2000] + content[:1000] + content[2000:])


@pytest.mark.parametrize("damage", [cut, swapped])
def test_a_file_that_was_changed_is_refused(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    with a_small_fleet(tmp_path) as fleet, a_desk("east", 3) as east:
        fleet.central.enroll(east)
        made = fleet.make()
        damage(tmp_path / "snapshots" / f"F-{made.position}.sealed")
        assert "not the one that central signed" in fleet.begin(east).refused
        assert not list((tmp_path / "east").iterdir())
        fleet.rounds(fleet.north)
        same(engine(east), engine(fleet.north))


def test_a_file_that_ends_too_early_is_refused(tmp_path: Path) -> None:
    with a_small_fleet(tmp_path) as fleet, a_desk("east", 3) as east:
        fleet.central.enroll(east)
        made = fleet.make()
        file = tmp_path / "snapshots" / f"F-{made.position}.sealed"
        file.write_bytes(file.read_bytes()[:-100])
        assert "cut off" in fleet.begin(east).refused
        fleet.rounds(fleet.north)
        same(engine(east), engine(fleet.north))


def test_a_desk_that_is_far_behind_leaps_and_one_that_is_near_does_not(tmp_path: Path) -> None:
    with a_small_fleet(tmp_path) as fleet, a_desk("east", 3) as east:
        fleet.central.enroll(east)
        assert fleet.begin(east) == Began(), "there is none"
        fleet.make()
        fleet.north.register()
        fleet.rounds(fleet.north)
        assert fleet.begin(east) == Began(), "the feed is not far"
        for _ in range(4):
            fleet.north.pay(fleet.north.register())
        fleet.rounds(fleet.north)
        assert fleet.begin(east) == Began(), "the snapshot is not further than the desk"
        for _ in range(4):
            fleet.north.pay(fleet.north.register())
        fleet.rounds(fleet.north)
        made = fleet.make()
        assert fleet.begin(east) == Began(made.position)
        fleet.rounds(fleet.north)
        same(engine(east), engine(fleet.north))


def test_one_is_ordered_when_a_desk_asks_and_there_is_none_or_an_old_one(tmp_path: Path) -> None:
    with a_small_fleet(tmp_path) as fleet:
        orders = Orders(lambda _: fleet.make())
        fleet.snapshots.orders = orders
        fleet.snapshots.least_positions = 1_000
        database = fleet.central.database
        assert fleet.snapshots.offer(database, "F").snapshot is None, "not worth it"
        fleet.snapshots.least_positions = 1
        first = fleet.snapshots.offer(database, "F").snapshot
        assert first is not None
        assert fleet.snapshots.offer(database, "F").snapshot == first
        assert orders.made == ["F"]
        fleet.central.clock.forward(days=8)
        assert fleet.snapshots.offer(database, "F").snapshot == first, "nothing has happened since"
        fleet.north.register()
        fleet.rounds(fleet.north)
        second = fleet.snapshots.offer(database, "F").snapshot
        assert second is not None
        assert second.position > first.position
        for _ in range(9):
            fleet.north.register()
        fleet.rounds(fleet.north)
        third = fleet.snapshots.offer(database, "F").snapshot
        assert third is not None
        assert third.position > second.position
        assert len(list((tmp_path / "snapshots").iterdir())) == 3, "two files, and what the newest is"


def test_a_restored_central_does_not_offer_what_is_not_of_its_feed(tmp_path: Path) -> None:
    with a_small_fleet(tmp_path) as fleet:
        backup = fleet.central.copy()
        fleet.north.register()
        fleet.rounds(fleet.north)
        fleet.make()
        assert fleet.snapshots.offer(fleet.central.database, "F").snapshot is not None
        fleet.central.put_back(backup)
        assert fleet.snapshots.offer(fleet.central.database, "F").snapshot is None


def test_another_facility_in_the_same_file_is_left_alone(tmp_path: Path) -> None:
    away = outage(30).of("G", "g1")
    with a_small_fleet(tmp_path) as fleet, a_desk("east", 3) as east:
        arrived = [Arrived(bytes(one.event), bytes.fromhex(one.signature)) for one in away.events]
        with write_transaction(engine(east)) as connection:
            take_in(connection, Stream("G", "g1"), arrived, away.public_key)
        fleet.central.enroll(east)
        made = fleet.make()
        assert fleet.begin(east) == Began(made.position)
        with read_transaction(engine(east)) as connection:
            found = connection.exec_driver_sql("SELECT count(*) FROM events WHERE facility_id = 'G'").scalar_one()
        assert found == 30


def test_a_file_on_the_disk_takes_it_in_and_an_older_copy_or_a_fork_is_refused(tmp_path: Path) -> None:
    with a_small_fleet(tmp_path) as fleet:
        made = fleet.make()
        file = tmp_path / "snapshots" / f"F-{made.position}.sealed"
        key = b"k" * 32
        unpack(made, file, tmp_path / "opened.db", key)
        make_database(tmp_path / "desk.db", KEY)
        finish_making(tmp_path / "desk.db")
        database = open_database(tmp_path / "desk.db", KEY, create=False)
        with pytest.raises(SnapshotRefusedError, match="older copy"):
            load(database, Stream("F", "north"), made, tmp_path / "opened.db", key)
        with pytest.raises(SnapshotRefusedError, match="another facility"):
            load(database, Stream("G", "east"), made, tmp_path / "opened.db", key)
        with read_transaction(database) as connection:
            assert list(every_row(connection)) == []
        load(database, Stream("F", "east"), made, tmp_path / "opened.db", key)
        same(database, engine(fleet.north))
        with write_transaction(database) as connection:
            connection.exec_driver_sql("UPDATE events SET hash = ? WHERE desk_seq = 3", (bytes(32),))
        with pytest.raises(SnapshotRefusedError, match="other events"):
            load(database, Stream("F", "east"), made, tmp_path / "opened.db", key)
        database.dispose()


def test_a_new_desks_empty_file_becomes_the_snapshot(tmp_path: Path) -> None:
    with a_small_fleet(tmp_path) as fleet, a_desk("east", 3) as east:
        fleet.central.enroll(east)
        place = landing(tmp_path, fleet.snapshots)
        identity = Identity("F", "east", 1, FINGERPRINT)
        path = tmp_path / "desk.db"
        make_database(path, KEY)
        finish_making(path)
        assert drive(first_snapshot(identity, east.signer, place), fleet.central.ask) is None, "there is none"
        made = fleet.make()
        assert drive(first_snapshot(identity, east.signer, place), fleet.central.ask) == made
        assert place.begin_with(path, KEY, made)
        database = open_database(path, KEY, create=False)
        same(database, engine(fleet.north))
        with read_transaction(database) as connection:
            assert feed_cursor(connection, "F") == FeedCursor(made.position, made.digest)
            assert revision(connection) == HEAD
        assert check_every_page(database) == []
        database.dispose()
        drive(first_snapshot(identity, east.signer, place), fleet.central.ask)
        assert not place.begin_with(path, KEY, made), "something is in it by now"
        assert sorted(one.name for one in tmp_path.iterdir()) == ["desk.db", "east", "snapshots"]


def test_ranges_at_the_door(tmp_path: Path) -> None:
    with a_desk("north", 1) as north:
        central = a_central(practice=False)
        snapshots = with_snapshots(central, tmp_path)
        central.enroll(north)
        drive(round_of(north).run(), central.ask)
        made = snapshots.make(central.database, "F")
        with a_door(central) as door:
            token = door.session(north)
            said = {"Authorization": f"Bearer {token}"}
            offered = door.client.get("/v1/facilities/F/snapshot", headers=said).content
            assert wire.read(offered, SnapshotOffer).snapshot == made
            path = f"/v1/facilities/F/snapshots/{made.position}"
            whole = (tmp_path / "snapshots" / f"F-{made.position}.sealed").read_bytes()
            part = door.client.get(path, headers={**said, "Range": "bytes=5-1204", "Accept-Encoding": "gzip"})
            assert (part.status_code, part.content) == (206, whole[5:1205])
            assert part.headers["content-range"] == f"bytes 5-1204/{len(whole)}"
            assert "content-encoding" not in part.headers
            for asked, status in (("bytes=9-5", 416), ("lines=1-2", 400), ("bytes=999999999-9999999999", 416)):
                assert door.client.get(path, headers={**said, "Range": asked}).status_code == status
            assert door.client.get(path, headers=said).status_code == 400
            assert door.client.get(f"{path}0", headers={**said, "Range": "bytes=0-9"}).status_code == 404
            assert door.client.get(path, headers={"Range": "bytes=0-9"}).status_code == 401
            assert door.client.get("/v1/facilities/G/snapshot", headers=said).status_code == 403
