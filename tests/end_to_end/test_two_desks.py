"""Two desks and a central, each its own process on this computer: what one records offline, the other has afterwards."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from access_desk.app import open_to_read
from access_desk.storage.engine import read_transaction

DAYS = Path(__file__).parents[1] / "days"
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}


def desk(*arguments: object, status: int = 0) -> str:
    """Run a command; what it printed."""
    command = [sys.executable, "-m", "access_desk", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=ENVIRONMENT)
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout if status == 0 else done.stderr


@dataclass
class Central:
    """A central that runs."""

    home: Path
    url: str
    running: subprocess.Popen[str]

    def code(self) -> str:
        return desk("central", "enrollment-code", "--facility", "CHR", "--home", self.home).splitlines()[-1]

    def stop(self) -> None:
        self.running.send_signal(signal.SIGTERM)
        assert self.running.wait(timeout=60) == 0
        if self.running.stdout is not None:
            self.running.stdout.close()


def start(home: Path, port: int = 0) -> Central:
    command = [sys.executable, "-m", "access_desk", "central", "serve", "--practice", "--home", str(home), "--port", str(port)]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=ENVIRONMENT)
    assert running.stdout is not None
    line = running.stdout.readline()
    assert line.startswith("practice central ready at https://127.0.0.1:"), line
    return Central(home, line.split()[-1], running)


@pytest.fixture
def central(tmp_path: Path) -> Iterator[Central]:
    made = start(tmp_path / "central")
    yield made
    if made.running.poll() is None:
        made.stop()


def receipts(home: Path) -> list[tuple[str, int]]:
    with open_to_read(home) as opened, read_transaction(opened.files.database) as connection:
        found = connection.exec_driver_sql("SELECT receipt, amount_cents FROM payments ORDER BY receipt").all()
        return [(row[0], row[1]) for row in found]


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_payment_taken_offline_appears_at_the_other_desk(central: Central, tmp_path: Path) -> None:
    north, south = tmp_path / "north", tmp_path / "south"
    for home in (north, south):
        said = desk("enroll", "--central", central.url, "--code", central.code(), "--label", home.name, "--home", home)
        assert home.name in said
    port = int(central.url.rsplit(":", 1)[1])
    central.stop()
    day = DAYS / "refund-leaves-another-drawer.json"
    for home in (north, south):
        desk("play", day, "--home", home)
    assert "Everything is saved here" in desk("sync", "--once", "--home", north, status=1)
    restarted = start(central.home, port)
    try:
        for home in (north, south, north):
            assert "waiting; " in desk("sync", "--once", "--home", home)
        assert "0 sent, 0 received, 0 waiting; the same here and there" in desk("sync", "--once", "--home", north)
        assert receipts(north) == receipts(south)
        assert len(receipts(north)) == len({receipt for receipt, _ in receipts(north)}) == 2
        for home in (north, south):
            assert "chain intact, replay equal" in desk("verify", "--home", home)
        assert "feed without holes, replay equal" in desk("central", "verify", "--home", central.home)
        known = json.loads(desk("central", "desks", "--json", "--home", central.home))["desks"]
        assert [one["number"] for one in known] == [1, 2]
        desk("central", "revoke", known[0]["desk"], "--home", central.home)
        assert "was revoked" in desk("sync", "--once", "--home", north, status=1)
    finally:
        restarted.stop()


def test_a_code_is_good_once_and_for_its_central_only(central: Central, tmp_path: Path) -> None:
    code = central.code()
    desk("enroll", "--central", central.url, "--code", code, "--home", tmp_path / "north")
    said = desk("enroll", "--central", central.url, "--code", code, "--home", tmp_path / "south", status=1)
    assert "not good" in said
    other = code[:25] + ("AAAA" if code[25:29] != "AAAA" else "BBBB") + code[29:]
    assert "another central's" in desk("enroll", "--central", central.url, "--code", other, "--home", tmp_path / "east", status=1)
    assert "--code" in desk("enroll", "--central", central.url, "--code", "ABCD", "--home", tmp_path / "west", status=2)


def test_a_desk_alone_says_so(tmp_path: Path) -> None:
    desk("play", DAYS / "refund-leaves-another-drawer.json", "--home", tmp_path)
    assert "not enrolled" in desk("sync", "--once", "--home", tmp_path, status=1)


def test_a_desk_without_a_network_sends_its_entries_in_a_file(central: Central, tmp_path: Path) -> None:
    north, file = tmp_path / "north", tmp_path / "north.unsent"
    desk("enroll", "--central", central.url, "--code", central.code(), "--home", north)
    # A day's facility comes into being at a practice central when the desk first speaks of it.
    desk("play", DAYS / "refund-leaves-another-drawer.json", "--home", north)
    assert "signed and not encrypted" in desk("sync", "--export", file, "--home", north)
    first = desk("central", "import", file, "--home", central.home)
    assert " taken in, 0 were here already" in first
    assert desk("central", "import", file, "--home", central.home).startswith("0 taken in, ")
    assert desk("sync", "--once", "--home", north).startswith("0 sent, ")
    assert "nothing waits" in desk("sync", "--export", file, "--home", north)
    file.write_bytes(file.read_bytes()[:-1])
    assert "nothing was taken in" in desk("central", "import", file, "--home", central.home, status=2)
    assert "goes with --export" in desk("sync", "--everything", "--home", north, status=2)
