"""A backup that is made while central serves, put back as a new central; desks bring what it lacks."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from access_desk.central.backup import back_up, restore
from access_desk.central.place import CentralPlace, open_central
from access_desk.domain.errors import DamagedDatabaseError, UnavailableError
from access_desk.storage import central_log
from access_desk.storage.central_restored import PASSED_OVER
from access_desk.storage.engine import read_transaction
from access_desk.storage.event_log import count_events, every_row
from access_desk.sync.core import StoppedError
from tests.central.centrals import TestCentral, drive, round_of
from tests.desks import SetClock, TestDesk, a_desk
from tests.postgres import Cluster, as_user, programs


def opened(folder: Path, *, make: bool = False, url: str | None = None) -> tuple[CentralPlace, TestCentral]:
    place = open_central(folder, SetClock(), make=make, urls=[url] if url else [])
    return place, TestCentral(place.clusters, practice=False)


def synced(desk: TestDesk, central: TestCentral) -> bool | None:
    return drive(round_of(desk).run(), central.ask).sane


def recorded(*desks: TestDesk) -> set[bytes]:
    rows: set[bytes] = set()
    for desk in desks:
        with read_transaction(desk.desk.journal.engine) as connection:
            rows |= {row.data for row in every_row(connection)}
    return rows


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_a_restored_central_gets_again_what_it_lacks_and_gives_no_number_twice(tmp_path: Path) -> None:
    place, central = opened(tmp_path / "central", make=True)
    with a_desk("north", 1) as north, a_desk("late", 2) as late, a_desk("south", 3) as south:
        assert central.enroll(north).number == 1
        synced(north, central)
        assert back_up(place, tmp_path / "monday").events == north.desk.journal.head.seq
        assert central.enroll(late).number == 2
        synced(late, central)
        for _ in range(5):
            north.register()
        synced(north, central)
        place.close()
        (tmp_path / "central").rename(tmp_path / "lost")

        made = restore(tmp_path / "monday", tmp_path / "central", SetClock())
        place, central = opened(tmp_path / "central")
        with read_transaction(place.clusters.home) as connection:
            assert made.events == count_events(connection) < north.desk.journal.head.seq
        # It has what the late desk recorded, which the restored central cannot have: nothing to compare.
        assert synced(north, central) is None
        with pytest.raises(StoppedError) as unknown:
            synced(late, central)
        assert unknown.value.code == "unknown_desk"
        assert central.enroll(south).number == 1 + PASSED_OVER + 1
        assert synced(south, central) is True
        with read_transaction(place.clusters.home) as connection:
            assert {row.data for row in every_row(connection)} >= recorded(south)
            assert central_log.feed_fault(connection) == ""
            sent = {row.data for row in every_row(connection) if row.desk_id == "north"}
        with read_transaction(north.desk.journal.engine) as connection:
            assert sent == {row.data for row in every_row(connection) if row.desk_id == "north"}
        place.close()


def test_what_is_put_back_is_the_same_central(tmp_path: Path) -> None:
    place, _ = opened(tmp_path / "central", make=True)
    before = place.certificates.fingerprint, place.pepper, place.practice
    back_up(place, tmp_path / "monday")
    place.close()
    if sys.platform != "win32":
        assert (tmp_path / "monday").stat().st_mode & 0o777 == 0o700
        assert {path.stat().st_mode & 0o777 for path in (tmp_path / "monday").iterdir()} == {0o600}
    restore(tmp_path / "monday", tmp_path / "elsewhere", SetClock())
    place, _ = opened(tmp_path / "elsewhere")
    assert (place.certificates.fingerprint, place.pepper, place.practice) == before
    place.close()
    assert not list(tmp_path.glob("*.part")) + list(tmp_path.glob("*.restoring"))


def test_nothing_that_is_there_is_overwritten(tmp_path: Path) -> None:
    place, _ = opened(tmp_path / "central", make=True)
    back_up(place, tmp_path / "monday")
    kept = files(tmp_path / "monday")
    with pytest.raises(UnavailableError, match="already"):
        back_up(place, tmp_path / "monday")
    living = files(tmp_path / "central")
    with pytest.raises(UnavailableError, match="overwrites no central"):
        restore(tmp_path / "monday", tmp_path / "central", SetClock())
    assert files(tmp_path / "monday") == kept
    assert files(tmp_path / "central") == living
    place.close()


@pytest.mark.parametrize("name", ["central.db", "central.key", "pins.key", "authority.pem", "central.json", "SHA256SUMS"])
def test_a_backup_that_lacks_something_or_is_damaged_makes_no_central(name: str, tmp_path: Path) -> None:
    place, _ = opened(tmp_path / "central", make=True)
    back_up(place, tmp_path / "monday")
    place.close()
    whole = (tmp_path / "monday" / name).read_bytes()
    for wrong in (None, whole[: len(whole) // 2], bytes(len(whole))):
        (tmp_path / "monday" / name).unlink(missing_ok=True)
        if wrong is not None:
            (tmp_path / "monday" / name).write_bytes(wrong)
        with pytest.raises((UnavailableError, DamagedDatabaseError)):
            restore(tmp_path / "monday", tmp_path / "new", SetClock())
        assert not (tmp_path / "new").exists()
        assert not (tmp_path / "new.restoring").exists()


def test_a_central_on_postgresql_comes_back_from_pg_dump_and_its_files(postgres: Cluster, tmp_path: Path) -> None:
    url, again = postgres.new_database(), postgres.new_database()
    place, central = opened(tmp_path / "central", make=True, url=url)
    with a_desk("north", 1) as north:
        central.enroll(north)
        synced(north, central)
        assert back_up(place, tmp_path / "monday").events is None
        dump = postgres.folder / "central.dump"
        subprocess.run(
            [*as_user(), programs() / "pg_dump", "--format=custom", "--file", dump, url], check=True, cwd=postgres.folder
        )
        for _ in range(5):
            north.register()
        synced(north, central)
        place.close()
        shutil.rmtree(tmp_path / "central")
        command: list[str | Path] = [
            programs() / "pg_restore",
            "--exit-on-error",
            "--single-transaction",
            "--no-owner",
            "--dbname",
            again,
            dump,
        ]
        subprocess.run([*as_user(), *command], check=True, cwd=postgres.folder)
        with pytest.raises(UnavailableError, match="--database"):
            restore(tmp_path / "monday", tmp_path / "central", SetClock())
        restore(tmp_path / "monday", tmp_path / "central", SetClock(), [again])
        place, central = opened(tmp_path / "central", url=again)
        synced(north, central)
        assert synced(north, central) is True
        with read_transaction(place.clusters.home) as connection:
            assert {row.data for row in every_row(connection)} == recorded(north)
            assert central_log.feed_fault(connection) == ""
        place.close()


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", "access_desk", "central", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def test_the_commands_say_what_they_did(tmp_path: Path) -> None:
    opened(tmp_path / "home" / "central", make=True)[0].close()
    made = run("backup", tmp_path / "monday", "--home", tmp_path / "home")
    assert (made.returncode, "0 events" in made.stdout) == (0, True), made.stderr
    refused = run("restore", tmp_path / "monday", "--home", tmp_path / "home")
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    done = run("restore", tmp_path / "monday", "--home", tmp_path / "other")
    assert (done.returncode, "send again what it lacks" in done.stdout) == (0, True), done.stderr
    verified = run("verify", "--home", tmp_path / "other")
    assert verified.returncode == 0, verified.stdout
    assert "passed over at a restore" in run("desks", "--home", tmp_path / "other").stdout
