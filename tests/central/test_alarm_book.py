"""An alarm that somebody deletes in central's database, with its flag, is named all the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from access_desk.central.alarm_book import FILE, AlarmBook, NotedAlarm
from access_desk.central.by_hand import take_in_file
from access_desk.central.clusters import Clusters
from access_desk.domain.errors import UnavailableError
from access_desk.storage import central_log
from access_desk.storage.engine import read_transaction, write_transaction
from access_desk.sync.by_hand import unsent_file
from access_desk.sync.core import StoppedError
from tests.central.centrals import TestCentral, a_central, drive, round_of
from tests.desks import TestDesk, a_desk

NOW = "2026-11-24T00:00:00Z"


def a_noting_central(folder: Path) -> TestCentral:
    central = a_central()
    central.clusters = Clusters(central.clusters.all, AlarmBook(folder))
    central.restart()
    return central


def fork(central: TestCentral, north: TestDesk, copy: TestDesk) -> None:
    """Two histories of one desk come to central."""
    central.enroll(north)
    north.register(family="Vega")
    drive(round_of(north).run(), central.ask)
    copy.register(family="Whitlock")
    with pytest.raises(StoppedError):
        drive(round_of(copy).run(), central.ask)
    file = unsent_file(copy.desk.journal.engine, "north", copy.signer, everything=True)
    with pytest.raises(UnavailableError, match="another history"):
        take_in_file(central.clusters, file.content, central.clock.now())


def delete(central: TestCentral, *tables: str) -> None:
    with write_transaction(central.database) as connection:
        for table in tables:
            connection.exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608 - names are this test's


def test_one_that_was_deleted_with_its_flag_is_named_until_somebody_has_looked(tmp_path: Path) -> None:
    signer = Ed25519PrivateKey.generate()
    with a_desk("north", 1, signer) as north, a_desk("north", 1, signer) as copy:
        central = a_noting_central(tmp_path)
        fork(central, north, copy)
        assert central.clusters.missing_alarms() == []
        with read_transaction(central.database) as connection:
            raised = central_log.alarms(connection)
        assert len(raised) == len((tmp_path / FILE).read_text().splitlines()), "each is written down once"
        delete(central, "central_alarms", "central_flags")
        with read_transaction(central.database) as connection:
            assert central_log.alarms(connection) == []
        missing = central.clusters.missing_alarms()
        assert [(one.facility_id, one.desk_id, one.desk_seq) for one in missing] == [(one[0], one[1], one[2]) for one in raised]
        assert central.clusters.settle("another", NOW) == 0
        assert central.clusters.settle("north", NOW) == len(missing)
        assert central.clusters.missing_alarms() == []


def test_a_line_that_was_cut_off_hides_no_other(tmp_path: Path) -> None:
    book = AlarmBook(tmp_path)
    one, other = (NotedAlarm("F", name, "fork", "north", 3, NOW) for name in ("aa", "bb"))
    book.note(one)
    with (tmp_path / FILE).open("ab") as file:
        file.write(b'{"facility_id": "F", "alarm')
    book.note(other)
    book.note(one)
    assert book.missing(lambda _: False) == [one, other]
    assert book.missing(lambda noted: noted == one) == [other]


def test_an_alarm_is_raised_where_it_cannot_be_written_down(tmp_path: Path) -> None:
    signer = Ed25519PrivateKey.generate()
    with a_desk("north", 1, signer) as north, a_desk("north", 1, signer) as copy:
        (tmp_path / FILE).mkdir()
        central = a_noting_central(tmp_path)
        fork(central, north, copy)
        with read_transaction(central.database) as connection:
            assert central_log.alarms(connection)
        with pytest.raises(UnavailableError):
            central.clusters.missing_alarms()
