"""Pages of the feed: as many events as fit, whole, however long single ones are."""

from __future__ import annotations

import pytest

from access_desk.domain.events import Fact
from access_desk.domain.facility.events import NoteAdded
from access_desk.storage.central_log import feed_after
from access_desk.storage.engine import read_transaction
from access_desk.storage.event_log import every_row
from tests.central.centrals import a_central, drive, round_of
from tests.desks import a_desk


@pytest.mark.parametrize("most_bytes", [1, 9_000, 30_000, 10**6])
def test_every_event_comes_once_and_whole_in_pages_that_are_no_longer_than_they_may_be(most_bytes: int) -> None:
    with a_desk("north", 1) as north:
        central = a_central()
        central.enroll(north)
        for size in (10, 8_000, 9_000, 20_000, 10, 20_000, 60_000, 10):
            north.desk.journal.record("system", [Fact("F", NoteAdded("x" * size))])
        drive(round_of(north).run(), central.ask)
        with read_transaction(north.desk.journal.engine) as connection:
            recorded = [row.data for row in every_row(connection)]
        came: list[bytes] = []
        with read_transaction(central.database) as connection:
            while page := feed_after(connection, "F", len(came), 500, most_bytes):
                assert len(page) == 1 or sum(len(one.data) for one in page) <= most_bytes
                came += [one.data for one in page]
        assert came == recorded
        central.clusters.close()
