"""Central on PostgreSQL: what it refuses, what eight writers at once make of the feed, and a run of its command."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from access_desk.central.place import folder_of, is_on_server, open_central
from access_desk.domain.errors import NewerDatabaseError, UnavailableError
from access_desk.storage import central_log
from access_desk.storage.engine import Database, open_memory_database, read_transaction, write_transaction
from access_desk.storage.postgres import POOL_SIZE, BrokenConstraintError, open_postgres
from access_desk.storage.verify import verify_all
from tests.central.centrals import TestCentral, a_central, drive, round_of
from tests.desks import SetClock, TestDesk, a_desk
from tests.postgres import Cluster, cluster

WRITERS = 8


def test_a_server_that_can_lose_what_it_acknowledged_is_refused() -> None:
    with cluster("synchronous_commit=off") as careless, pytest.raises(UnavailableError, match="synchronous_commit=off"):
        open_postgres(careless.new_database())


def test_a_later_release_is_refused_and_this_one_opens_again(postgres: Cluster) -> None:
    url = postgres.new_database()
    open_postgres(url).dispose()
    open_postgres(url).dispose()
    with psycopg.connect(url) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(NewerDatabaseError):
        open_postgres(url)


def _write_twice(engine: Database) -> None:
    with write_transaction(engine) as connection:
        for _ in range(2):
            connection.connection.cursor().execute("INSERT INTO central_heads VALUES (?, ?, ?)", ("Secret", 0, "x"))


def test_an_error_says_nothing_of_the_row(postgres: Cluster) -> None:
    engine = open_postgres(postgres.new_database())
    try:
        with pytest.raises(BrokenConstraintError) as refused:
            _write_twice(engine)
        assert "Secret" not in str(refused.value)
        with read_transaction(engine) as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM central_heads").scalar_one() == 0
    finally:
        engine.dispose()


def test_a_server_that_is_gone_is_told_plainly() -> None:
    with cluster() as gone:
        url = gone.new_database()
    with pytest.raises(UnavailableError, match="cannot be reached"):
        open_postgres(url)


def test_a_server_that_became_a_standby_is_told_as_one_that_is_away() -> None:
    with cluster() as running:
        url = running.new_database()
        open_postgres(url).dispose()
        with running.standby() as standby, pytest.raises(UnavailableError, match="gave up"):
            open_postgres(standby.url(url.rpartition("/")[2]))


def test_who_finds_every_connection_taken_is_told_to_come_again(postgres: Cluster) -> None:
    engine = open_postgres(postgres.new_database(), patience_s=0.05)
    try:
        with ExitStack() as taken:
            for _ in range(2 * POOL_SIZE):
                taken.enter_context(read_transaction(engine))
            with pytest.raises(UnavailableError, match="TimeoutError"), read_transaction(engine):
                pass
        with read_transaction(engine) as connection:
            assert central_log.feed_head(connection, "F").position == 0
    finally:
        engine.dispose()


def _round(central: TestCentral, desk: TestDesk, failed: list[BaseException]) -> None:
    try:
        drive(round_of(desk).run(), central.ask)
    except BaseException as wrong:  # noqa: BLE001 - told by the test
        failed.append(wrong)


def test_two_desks_agree_through_it_and_replay_is_equal(postgres: Cluster) -> None:
    central = a_central(url=postgres.new_database())
    try:
        with a_desk("north", 1) as north, a_desk("south", 2) as south:
            desks = (north, south)
            for desk in desks:
                central.enroll(desk)
            failed: list[BaseException] = []
            for _ in range(2):
                at_once = [threading.Thread(target=_round, args=(central, desk, failed)) for desk in desks]
                for thread in at_once:
                    thread.start()
                for thread in at_once:
                    thread.join()
            assert failed == []
            assert [drive(round_of(desk).run(), central.ask).sane for desk in desks] == [True, True]
        empty = open_memory_database()
        with read_transaction(central.database) as connection, write_transaction(empty) as target:
            keys = {one.desk_id: one.public_key for one in central_log.known_desks(connection)}
            assert verify_all(connection, target, keys).is_intact
            assert central_log.feed_fault(connection) == ""
        empty.dispose()
    finally:
        central.clusters.close()


def test_positions_under_eight_writers_have_no_holes(postgres: Cluster) -> None:
    engine = open_postgres(postgres.new_database())
    each = 40

    def write() -> None:
        for _ in range(each):
            with write_transaction(engine) as connection:
                central_log.lock_facility(connection, "F")
                head = central_log.feed_head(connection, "F")
                connection.exec_driver_sql(
                    "UPDATE central_heads SET position = ? WHERE facility_id = ?", (head.position + 1, "F")
                )

    try:
        writers = [threading.Thread(target=write) for _ in range(WRITERS)]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        with read_transaction(engine) as connection:
            assert central_log.feed_head(connection, "F").position == WRITERS * each
    finally:
        engine.dispose()


def test_a_central_stays_where_its_database_is(postgres: Cluster, tmp_path: Path) -> None:
    url, clock = postgres.new_database(), SetClock()
    assert is_on_server(url)
    folder = folder_of(tmp_path, [url])
    open_central(folder, clock, make=True, practice=True, urls=[url]).close()
    assert not (folder / "central.db").exists()
    again = open_central(folder, clock, make=False, urls=[url])
    assert again.practice
    again.close()
    with pytest.raises(UnavailableError, match="on PostgreSQL"):
        open_central(folder, clock, make=False)
