"""The desk's folder: who it is, one process at a time, whole after a crash."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from access_desk.domain.errors import DamagedDatabaseError, HomeInUseError, UnavailableError
from access_desk.system.home import DeskIdentity, Home, SecretsPlace

PRACTICE = DeskIdentity("d1", "Admitting 3 – «East»", practice=True, secrets=SecretsPlace.PRACTICE)
_HOLD = """
import sys, time
from pathlib import Path
from access_desk.system.home import Home
lock = Home.at(Path(sys.argv[1])).lock()
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path / "deep" / "home")


def holding(home: Home) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(home.folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_looking_makes_nothing(home: Home) -> None:
    assert home.is_new
    assert not home.folder.exists()
    with pytest.raises(UnavailableError, match="There is no desk"):
        home.identity()


def test_the_platform_s_own_place_is_absolute() -> None:
    assert Home.at(None).folder.is_absolute()
    assert Home.at(None).folder.name == "access-desk"


def test_who_the_desk_is_comes_back(home: Home) -> None:
    home.introduce(PRACTICE)
    assert home.identity() == PRACTICE
    assert not home.is_new
    if sys.platform != "win32":
        assert home.folder.stat().st_mode & 0o777 == 0o700
        assert home.identity_file.stat().st_mode & 0o777 == 0o600


def test_a_folder_open_to_others_is_closed(home: Home) -> None:
    home.folder.mkdir(parents=True, mode=0o755)
    home.make()
    if sys.platform != "win32":
        assert home.folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(sys.platform == "win32", reason="rights of POSIX systems")
def test_a_folder_that_is_in_use_for_something_else_keeps_its_rights(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o1777)
    (shared / "other").touch()
    home = Home.at(shared)
    home.lock().close()
    home.introduce(PRACTICE)
    home.make()
    assert shared.stat().st_mode & 0o7777 == 0o1777
    assert home.identity_file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"format": "other/1"}', '{"format": "access-desk.home/1"}'])
def test_an_identity_that_cannot_be_understood(home: Home, text: str) -> None:
    home.make()
    home.identity_file.write_text(text)
    with pytest.raises(DamagedDatabaseError, match="restore a backup"):
        home.identity()
    assert home.identity_file.read_text() == text


def test_a_database_without_an_identity_is_no_new_home(home: Home) -> None:
    home.make()
    home.database.write_bytes(b"x")
    assert not home.is_new
    with pytest.raises(DamagedDatabaseError, match="missing"):
        home.identity()


def test_one_process_at_a_time(home: Home) -> None:
    process = holding(home)
    try:
        with pytest.raises(HomeInUseError, match="another window"):
            home.lock()
        assert home.holder() == process.pid
    finally:
        process.communicate("")
    with home.lock():
        assert home.holder() == os.getpid()
        with pytest.raises(HomeInUseError):
            home.lock()
    assert home.holder() is None


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_killed_process_leaves_no_lock(home: Home) -> None:
    process = holding(home)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.close()
    process.stdout.close()
    assert home.lock_file.exists()
    with home.lock():
        pass


def test_letting_go_twice_is_harmless(home: Home) -> None:
    lock = home.lock()
    lock.close()
    lock.close()
    home.lock().close()


def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(UnavailableError, match="--home"):
            Home.at(folder).lock()
