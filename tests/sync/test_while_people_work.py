"""What comes from central does not keep people waiting who work at a desk meanwhile."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from access_desk.domain.content import Content
from access_desk.domain.patients.index_events import PatientsImported
from access_desk.protocol.chain import GENESIS
from access_desk.protocol.encoding import encode
from access_desk.services.desk import Desk
from access_desk.services.journal import Journal
from access_desk.storage.desk_feed import FeedCursor, FeedError, in_parts, next_digest
from access_desk.storage.engine import open_memory_database, read_transaction
from access_desk.storage.event_log import Stream, every_row
from access_desk.storage.received import Arrived
from access_desk.storage.schema import metadata
from access_desk.sync.core import Began
from tests.central.centrals import drive, round_of
from tests.central.test_snapshots import a_small_fleet, landing, same
from tests.desks import CountingIds, PlainPins, SetClock, TestDesk, a_desk


def test_a_large_snapshot_is_not_taken_in_where_people_work(tmp_path: Path) -> None:
    with a_small_fleet(tmp_path) as fleet, a_desk("east", 3) as east:
        fleet.make()
        fleet.central.enroll(east)
        place, asked = landing(fleet.folder, fleet.snapshots), list[str]()
        place.most_in_use = 0
        place.told = lambda *_: asked.append("fetched")
        began = drive(round_of(east, place).run(), fleet.central.ask).began
        assert (began.position, "people work" in began.refused, asked) == (0, True, [])
        fleet.rounds(east, fleet.north)
        same(east.desk.journal.engine, fleet.north.desk.journal.engine)


def a_new_desk() -> TestDesk:
    """One that was enrolled and that nobody has worked at."""
    database, clock, signer = open_memory_database(), SetClock(), Ed25519PrivateKey.generate()
    metadata.create_all(database)
    journal = Journal(database, Stream("F", "east"), clock, CountingIds("east"), signer, PlainPins())
    desk, public_key = Desk.over(journal, label="East", practice=True), signer.public_key().public_bytes_raw().hex()
    desk.provisioning.enroll("East", public_key, practice=True)
    desk.provisioning.number(3, {})
    return TestDesk(desk, clock, {}, public_key, signer)


def test_it_is_where_nobody_has_recorded_anything_yet(tmp_path: Path) -> None:
    with a_small_fleet(tmp_path) as fleet:
        made, east = fleet.make(), a_new_desk()
        fleet.central.enroll(east)
        place = landing(fleet.folder, fleet.snapshots)
        place.most_in_use = 0
        assert drive(round_of(east, place).run(), fleet.central.ask).began == Began(made.position)


def page(*rows: int) -> tuple[list[Arrived], str]:
    """A page of imports of so many records, 0 for another event; and the digest at its end."""
    with a_desk("north", 1) as desk, read_transaction(desk.desk.journal.engine) as connection:
        one = next(every_row(connection))
    events, digest = list[Arrived](), "ab" * 32
    for number, count in enumerate(rows, 1):
        event = replace(Arrived(one.data, b"").decoded[0], desk_seq=number)
        if count:
            event = replace(event, body=PatientsImported(Content("0" * 64, 1), count, "0" * 64), kind="patients.imported")
        events.append(Arrived(encode(event, GENESIS), b""))
        digest = next_digest(digest, events[-1].hash)
    return events, digest


def test_a_page_is_cut_behind_what_makes_many_rows() -> None:
    events, digest = page(0, 4_000, 1_000, 0, 10_000, 10_000, 0, 0)
    parts = in_parts(FeedCursor(7, "ab" * 32), events, digest)
    assert [(begun.position, len(some)) for begun, some, _ in parts] == [(7, 3), (10, 2), (12, 1), (13, 2)]
    assert [begun.digest for begun, _, _ in parts[1:]] == [end for _, _, end in parts[:-1]]
    assert parts[-1][2] == digest
    assert [one for _, some, _ in parts for one in some] == events


def test_nothing_of_a_page_is_cut_that_is_not_what_central_has() -> None:
    events, digest = page(10_000, 0)
    with pytest.raises(FeedError):
        in_parts(FeedCursor(7, "ab" * 32), events, digest[::-1])
