"""A new desk begins with a snapshot over HTTPS, killed while it takes it in, and has what the others have."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from access_desk.app import open_to_read
from access_desk.storage.engine import read_transaction
from access_desk.storage.replay import differing_tables
from tests.bench.people import write_people
from tests.end_to_end.test_two_desks import DAYS, ENVIRONMENT, Central, desk, start

ROWS = 1_500
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")


@pytest.fixture
def central(tmp_path: Path) -> Iterator[Central]:
    made = start(tmp_path / "central")
    yield made
    made.stop()


def enrolled(central: Central, home: Path) -> Path:
    desk("enroll", "--central", central.url, "--code", central.code(), "--label", home.name, "--home", home)
    return home


def killed_when(there: Path, *arguments: object) -> bool:
    """Run a command and kill it as soon as that file is there; False when it was over before that was seen."""
    command = [sys.executable, "-m", "access_desk", *map(str, arguments)]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=ENVIRONMENT)
    while running.poll() is None:
        if there.exists():
            running.send_signal(signal.SIGKILL)
            running.wait(60)
            return True
        try:
            running.wait(0.001)
        except subprocess.TimeoutExpired:
            continue
    return False


def tables_are_the_same(one: Path, other: Path) -> None:
    with (
        open_to_read(one) as here,
        open_to_read(other) as there,
        read_transaction(here.files.database) as mine,
        read_transaction(there.files.database) as theirs,
    ):
        assert differing_tables(mine, theirs) == []
        assert theirs.exec_driver_sql("SELECT count(*) FROM patients").scalar_one() >= ROWS


@pytest.mark.slow
def test_a_desk_begins_with_a_snapshot_and_survives_kills(central: Central, tmp_path: Path) -> None:
    north = enrolled(central, tmp_path / "north")
    desk("play", DAYS / "refund-leaves-another-drawer.json", "--home", north)
    write_people(tmp_path / "index.csv", ROWS)
    desk("patients", "import", tmp_path / "index.csv", "--home", north)
    desk("sync", "--once", "--home", north)
    assert "snapshot of CHR at position" in desk("central", "snapshot", "--facility", "CHR", "--home", central.home)
    assert "has nothing of XYZ" in desk("central", "snapshot", "--facility", "XYZ", "--home", central.home, status=1)
    # One that is enrolled has everything before its first round, which brings nothing but the desk's own two events.
    east = enrolled(central, tmp_path / "east")
    assert desk("sync", "--once", "--home", east).startswith("2 sent, 2 received, 0 waiting")
    assert "0 sent, 0 received" in desk("sync", "--once", "--home", east)
    # One that was killed at that has an empty file, and its first round begins with the snapshot; killed at that, the next.
    south = tmp_path / "south"
    enroll = ("enroll", "--central", central.url, "--code", central.code(), "--label", "south", "--home", south)
    assert killed_when(south / "snapshot-begun.db", *enroll)
    assert killed_when(south / "snapshot-opened.db", "sync", "--once", "--home", south)
    assert "began with central's snapshot at position" in desk("sync", "--once", "--home", south)
    for home in (east, north, south):
        assert "the same here and there" in desk("sync", "--once", "--home", home)
    desk("sync", "--once", "--home", east)
    for home in (south, east):
        assert "chain intact, replay equal" in desk("verify", "--home", home)
        assert not [path.name for path in home.iterdir() if path.name.startswith("snapshot-")]
    tables_are_the_same(north, south)
    tables_are_the_same(north, east)


@pytest.mark.slow
def test_central_makes_one_when_a_desk_asks_and_an_index_is_in_the_feed(central: Central, tmp_path: Path) -> None:
    north = enrolled(central, tmp_path / "north")
    write_people(tmp_path / "index.csv", 50)
    desk("patients", "import", tmp_path / "index.csv", "--home", north)
    desk("sync", "--once", "--home", north)
    said = central.home / "central" / "snapshots" / "CHR.json"
    assert not said.exists(), "nobody asked"
    enrolled(central, tmp_path / "south")
    waited = threading.Event()
    for _ in range(600):
        if said.exists():
            break
        waited.wait(0.1)
    east = enrolled(central, tmp_path / "east")
    assert desk("sync", "--once", "--home", east).startswith("2 sent, 2 received, 0 waiting")
