"""No event of a desk ever counts as earlier than one that the desk recorded before, whatever central's clock or backup says.

Drawers, receipt numbers and what was left in a drawer follow from that order.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise

import pytest

from access_desk.central import by_hand
from access_desk.domain.cash_drawer.commands import CloseDrawer, CountDrawer
from access_desk.domain.denominations import CashCount, ClosingCount
from access_desk.services.desk import Desk
from access_desk.services.journal import Journal
from access_desk.storage.caps import Key, as_counted, kept_caps
from access_desk.storage.engine import Database, read_transaction, write_transaction
from access_desk.storage.event_log import Stream, every_row
from access_desk.storage.schema import metadata
from access_desk.sync.by_hand import unsent_file
from access_desk.sync.core import Request, Response
from tests.central.centrals import Backup, drive, round_of
from tests.central.test_clocks import Stage
from tests.central.two_desks import two_desks
from tests.desks import PlainPins, TestDesk


@pytest.fixture(params=["file", "postgresql"])
def stage(request: pytest.FixtureRequest) -> Iterator[Stage]:
    with two_desks(Stage, request) as made:
        yield made


def money(desk: TestDesk, drawer_id: str) -> tuple[object, ...]:
    """What a desk makes of a drawer: custodies, who has it, what was left in it, the next receipts."""
    with read_transaction(desk.desk.journal.engine) as connection:
        rows = connection.exec_driver_sql(
            "SELECT holder_id, status, closed_at FROM custodies WHERE drawer_id = ? ORDER BY opened_at", (drawer_id,)
        ).all()
    drawer = desk.desk.journal.read(lambda states: states.facility().drawers[drawer_id])
    held = drawer.custody_id
    receipt = desk.desk.journal.read(lambda states: states.custody(held)).next_receipt if held else 0
    return [tuple(row) for row in rows], drawer.status, held, drawer.left_in_drawer, drawer.next_receipt, receipt


def is_in_order(database: Database, desk_id: str = "north") -> bool:
    """Whether everything that a file has of a desk counts in the order in which it was recorded."""
    with read_transaction(database) as connection:
        caps = kept_caps(connection, "F")
        rows = [row for row in every_row(connection) if row.desk_id == desk_id and row.data]
        stamps = [as_counted(row.data, caps.get((row.desk_id, row.stream_epoch, row.desk_seq))).stamp for row in rows]
    assert len(stamps) > 15
    return all(before < after for before, after in pairwise(stamps))


def in_new_epoch(one: TestDesk) -> TestDesk:
    """The desk after its file was put back: nothing is missing, a new epoch begins."""
    old = one.desk.journal
    stream = Stream("F", old.stream.desk_id, old.stream.epoch + 1)
    desk = Desk.over(Journal(old.engine, stream, one.clock, old.ids, one.signer, PlainPins()), label="North", practice=True)
    desk.provisioning.enroll("North", one.public_key, practice=True)
    return TestDesk(desk, one.clock, one.people, one.public_key, one.signer)


def a_shift(desk: TestDesk) -> None:
    """A drawer that was opened, paid into, counted and closed."""
    desk.open()
    desk.pay(desk.register())
    desk.count(22_500)
    desk.close()


def follow_page_by_page(stage: Stage, look: Callable[[], None]) -> int:
    """Rounds of the north desk in which each page has one event; looked at before each request. How many pages."""
    pages = 0

    def one_by_one(request: Request) -> Response:
        nonlocal pages
        look()
        stage.central.clock.forward(milliseconds=5)
        pages += "/events?" in request.path
        return stage.central.ask(replace(request, path=re.sub(r"limit=\d+", "limit=1", request.path)))

    for _ in range(2):
        drive(round_of(stage.north).run(), one_by_one)
        stage.sync(stage.south)
    return pages


def assert_kept_between_pages(stage: Stage, backup: Backup) -> None:
    """Central is put back, and at no page of the feed does the north desk make anything else of its drawer."""
    drawer_id = stage.north.drawer()
    recorded = money(stage.north, drawer_id)
    assert money(stage.south, drawer_id) == recorded
    stage.central.put_back(backup)
    stage.forward(hours=3)

    def look() -> None:
        assert money(stage.north, drawer_id) == recorded
        assert is_in_order(stage.north.desk.journal.engine)

    assert follow_page_by_page(stage, look) > 12
    assert money(stage.south, drawer_id) == recorded
    stage.assert_same()


def test_between_two_pages_of_a_restored_feed(stage: Stage) -> None:
    """Seed 65070: a count that central had received again counted as later than the close, of which it had not said it yet."""
    stage.north.clock.forward(days=365)
    backup = stage.central.copy()
    stage.north.open()
    stage.north.pay(stage.north.register())
    stage.north.count(22_500)
    stage.sync(stage.north)
    stage.north.close()
    stage.sync(stage.north)
    stage.north.open()
    for _ in range(2):
        stage.north.pay(stage.north.register())
        stage.sync(stage.north, stage.south)
    assert_kept_between_pages(stage, backup)


def test_between_two_pages_when_the_desk_was_restored_as_well(stage: Stage) -> None:
    stage.north.clock.forward(days=365)
    backup = stage.central.copy()
    a_shift(stage.north)
    stage.sync(stage.north, stage.south)
    stage.forward(minutes=1)
    stage.north = in_new_epoch(stage.north)
    stage.north.open()
    stage.north.pay(stage.north.register())
    stage.sync(stage.north, stage.south)
    assert_kept_between_pages(stage, backup)


def test_between_two_pages_when_some_count_as_they_are(stage: Stage) -> None:
    """The clock was an hour ahead and was set right: stamps stand still until time has caught up."""
    backup = stage.central.copy()
    stage.north.clock.forward(hours=1)
    stage.north.open()
    stage.north.pay(stage.north.register())
    stage.north.count(22_500)
    stage.sync(stage.north, stage.south)
    stage.north.clock.forward(hours=-1)
    stage.north.close()
    stage.forward(minutes=30)
    stage.sync(stage.north, stage.south)
    stage.forward(minutes=26)
    stage.north.open()
    stage.north.pay(stage.north.register())
    stage.sync(stage.north, stage.south)
    assert_kept_between_pages(stage, backup)


@pytest.mark.parametrize("ahead_days", [0, 365])
def test_centrals_clock_is_set_back(stage: Stage, ahead_days: int) -> None:
    stage.north.clock.forward(days=ahead_days)
    a_shift(stage.north)
    stage.sync(stage.north, stage.south)
    stage.central.clock.forward(hours=-2)
    stage.forward(minutes=10)
    stage.north.open()
    given = stage.north.pay(stage.north.register())
    drawer_id = stage.north.drawer()
    recorded = money(stage.north, drawer_id)
    stage.sync(stage.north, stage.south, stage.north)
    assert money(stage.north, drawer_id) == money(stage.south, drawer_id) == recorded
    assert is_in_order(stage.central.database)
    stage.assert_same()
    assert stage.north.pay(stage.north.register()).receipt_number == given.receipt_number + 1


@pytest.mark.parametrize("is_by_hand", [False, True])
def test_a_restored_desk_goes_on_behind_what_it_said_before(stage: Stage, is_by_hand: bool) -> None:
    stage.north.clock.forward(days=365)
    a_shift(stage.north)
    if not is_by_hand:
        stage.sync(stage.north, stage.south)
        stage.central.clock.forward(hours=-2)
    stage.north = in_new_epoch(stage.north)
    stage.north.open()
    stage.north.pay(stage.north.register())
    drawer_id = stage.north.drawer()
    recorded = money(stage.north, drawer_id)
    if is_by_hand:
        # Both streams come in one instant.
        made = unsent_file(stage.north.desk.journal.engine, "north", stage.north.signer)
        by_hand.take_in_file(stage.central.clusters, made.content, stage.central.clock.now())
    stage.sync(stage.north, stage.south, stage.north)
    assert money(stage.north, drawer_id) == money(stage.south, drawer_id) == recorded
    assert is_in_order(stage.central.database)
    stage.assert_same()


def test_what_was_moved_out_of_the_way_is_not_moved_at_each_page(stage: Stage) -> None:
    stage.north.clock.forward(days=365)
    backup = stage.central.copy()
    for _ in range(10):
        stage.north.register()
    stage.sync(stage.north, stage.south)
    stage.central.put_back(backup)
    stage.forward(hours=3)
    seen: list[dict[Key, str]] = []

    def look() -> None:
        with read_transaction(stage.north.desk.journal.engine) as connection:
            seen.append(kept_caps(connection, "F"))

    follow_page_by_page(stage, look)
    changed = sum(before[key] != after[key] for before, after in pairwise(seen) for key in before)
    events = len(seen[-1])
    assert events > 30
    assert changed < 2 * events, "once out of the way, once into their places"
    stage.assert_same()


def test_a_drawer_that_a_lost_desk_closes_later_than_it_was_leased_can_be_counted_and_closed(stage: Stage) -> None:
    """It was closed before; a restored central received that again, and it counts as later than the lease."""
    north, south = stage.north, stage.south
    north.clock.forward(days=365)
    north.open()
    stage.sync(north, south)
    backup = stage.central.copy()
    north.count(20_000)
    north.close()
    stage.sync(north, south)
    stage.forward(minutes=20)
    drawer_id = north.drawer()
    south.desk.all_drawers.lease(south.desk.by(south.people["sue"]), drawer_id, "South", "The computer was stolen")
    stage.sync(south, north)
    stage.central.put_back(backup)
    stage.forward(hours=3)
    stage.sync(north, south, north, south)
    by = south.desk.by(south.people["ann"])
    south.desk.drawers.count(by, CountDrawer(drawer_id, ClosingCount(CashCount({"1": 200}))))
    south.desk.drawers.close(south.desk.by(south.people["ann"]), CloseDrawer(drawer_id))
    assert south.desk.view.facility().drawers[drawer_id].status.value == "closed"
    stage.sync(south, north)
    stage.assert_same()


def _put_back(one: TestDesk, kept: dict[str, list[tuple[object, ...]]]) -> TestDesk:
    """The desk with an older copy of its file, in a new epoch."""
    old = one.desk.journal
    with write_transaction(old.engine) as connection:
        for name, rows in kept.items():
            connection.exec_driver_sql(f"DELETE FROM {name}")  # noqa: S608 - names of the schema
            for row in rows:
                marks = ", ".join("?" for _ in row)
                connection.exec_driver_sql(f"INSERT INTO {name} VALUES ({marks})", row)  # noqa: S608 - the same
    return in_new_epoch(one)


def test_what_a_restored_desk_records_counts_behind_what_it_had_lost_and_heard_of_again(stage: Stage) -> None:
    with read_transaction(stage.north.desk.journal.engine) as connection:
        kept = {
            name: [tuple(row) for row in connection.exec_driver_sql(f"SELECT * FROM {name}").all()]  # noqa: S608 - the same
            for name in metadata.tables
        }
    backup = stage.central.copy()
    stage.north.clock.forward(days=365)
    stage.north.open()
    stage.north.pay(stage.north.register())
    stage.sync(stage.north, stage.south)
    stage.forward(minutes=20)
    stage.north.clock.moment = stage.central.clock.moment
    stage.north = _put_back(stage.north, kept)
    stage.sync(stage.north, stage.south, stage.north, stage.south)
    before = stage.north.desk.journal.head.seq
    stage.forward(minutes=1)
    stage.north.count(22_500)
    stage.north.close()
    drawer_id = stage.north.drawer()
    stage.central.put_back(backup)
    stage.forward(hours=3)
    stage.sync(stage.north, stage.south, stage.north, stage.south)
    with read_transaction(stage.central.database) as connection:
        caps = kept_caps(connection, "F")
        events = [as_counted(row.data, caps.get((row.desk_id, row.stream_epoch, row.desk_seq))) for row in every_row(connection)]
    lost = [one.stamp for one in events if one.desk_id == "north" and one.stream_epoch == 1]
    later = [one.stamp for one in events if one.desk_id == "north" and one.stream_epoch == 2 and one.desk_seq > before]
    assert max(lost) < min(later)
    assert money(stage.south, drawer_id) == money(stage.north, drawer_id)
    assert stage.north.desk.view.facility().drawers[drawer_id].status.value == "closed"
    stage.assert_same()
