"""Central makes what new desks begin with by itself, and keeps its folder tidy."""

from __future__ import annotations

import os
import threading
from datetime import timedelta
from pathlib import Path

from access_desk.central.snapshot_timer import SnapshotTimer
from access_desk.storage.central_log import lock_facility
from access_desk.storage.engine import write_transaction
from tests.central.test_snapshots import Orders, a_small_fleet


def test_central_looks_by_itself_whether_one_is_wanted(tmp_path: Path) -> None:
    with a_small_fleet(tmp_path) as fleet:
        made = threading.Event()

        def make(_: str) -> None:
            fleet.make()
            made.set()

        orders = Orders(make)
        fleet.snapshots.orders, fleet.snapshots.least_positions = orders, 1
        fleet.snapshots.oldest = timedelta(hours=24)
        patient = SnapshotTimer(fleet.snapshots, fleet.central.clusters, first_s=3_600)
        patient.start()
        patient.close()
        assert orders.made == [], "a central that ends at once leaves no maker behind"
        timer = SnapshotTimer(fleet.snapshots, fleet.central.clusters, every_s=3_600, first_s=0)
        timer.start()
        assert made.wait(60)
        timer.close()
        fleet.central.clock.forward(hours=25)
        timer.look()
        assert orders.made == ["F"], "nothing has happened since"
        fleet.north.register()
        fleet.rounds(fleet.north)
        timer.look()
        assert orders.made == ["F", "F"]


def test_one_facility_whose_snapshot_cannot_be_ordered_keeps_no_other_from_theirs(tmp_path: Path) -> None:
    with a_small_fleet(tmp_path) as fleet:
        with write_transaction(fleet.central.database) as connection:
            lock_facility(connection, "E")
            connection.exec_driver_sql("UPDATE central_heads SET position = 1 WHERE facility_id = 'E'")

        def fails(facility_id: str) -> None:
            if facility_id == "E":
                raise OSError("no process can be started")

        orders = Orders(fails)
        fleet.snapshots.orders, fleet.snapshots.least_positions = orders, 1
        timer = SnapshotTimer(fleet.snapshots, fleet.central.clusters)
        timer.look()
        timer.look()
        assert orders.made == ["E", "F", "F", "E"], "they take turns"


def test_what_a_killed_maker_left_is_removed_in_time(tmp_path: Path) -> None:
    with a_small_fleet(tmp_path) as fleet:
        old, new = tmp_path / "snapshots" / "F-3.17.part", tmp_path / "snapshots" / "F-4.18.part"
        old.parent.mkdir()
        now = fleet.central.clock.now().timestamp()
        for path, age in ((old, 3 * 86_400), (new, 3_600)):
            path.write_bytes(b"half")
            os.utime(path, (now - age, now - age))
        fleet.make()
        assert (old.exists(), new.exists()) == (False, True)
