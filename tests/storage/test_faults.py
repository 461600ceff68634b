"""The world's faults: each leaves a clear text, nothing recorded twice or lost, and never an empty file in the desk's place."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine

from access_desk.domain.errors import DamagedDatabaseError, UnavailableError
from access_desk.storage.engine import CommitFailed, open_database, read_transaction, write_transaction
from access_desk.storage.integrity import check_every_page
from access_desk.storage.migrate import bring_up_to_date, make_database

KEY = bytes(range(32))
PUT = "INSERT INTO local_settings (facility_id, name, value) VALUES ('CHR', ?, ?)"
PAGE = 4096
posix_only = pytest.mark.skipif(sys.platform == "win32", reason="uses limits and rights of POSIX systems")


def make(path: Path, rows: int = 0) -> Engine:
    engine = open_database(path, KEY, create=True)
    bring_up_to_date(engine, KEY, path.parent / "backups")
    for number in range(rows):
        put(engine, f"{number:04}")
    return engine


def put(engine: Engine, name: str, value: str = "v" * 3000) -> None:
    with write_transaction(engine) as connection:
        connection.exec_driver_sql(PUT, (name, value))


def names(engine: Engine) -> list[str]:
    with read_transaction(engine) as connection:
        return [row[0] for row in connection.exec_driver_sql("SELECT name FROM local_settings ORDER BY name").all()]


def values(engine: Engine) -> list[str]:
    with read_transaction(engine) as connection:
        return [row[0] for row in connection.exec_driver_sql("SELECT value FROM local_settings ORDER BY name").all()]


@contextmanager
def no_file_longer_than(size: int) -> Iterator[None]:
    """Let every write that would make a file longer fail, as on a full disk."""
    import resource

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


def test_a_wrong_key_opens_nothing_and_changes_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    make(tmp_path / "desk.db", rows=2).dispose()
    before = (tmp_path / "desk.db").read_bytes()
    with pytest.raises(DamagedDatabaseError, match="cannot be opened with the key"):
        open_database(tmp_path / "desk.db", bytes(32), create=False)
    assert (tmp_path / "desk.db").read_bytes() == before
    assert capfd.readouterr().err == "", "the cipher itself says nothing on stderr"


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    path.write_bytes(b"Dear diary, " * 1000)
    with pytest.raises(DamagedDatabaseError):
        open_database(path, KEY, create=False)
    assert path.read_bytes().startswith(b"Dear diary, ")


def test_an_empty_file_is_not_taken_for_a_new_database(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    path.touch()
    with pytest.raises(DamagedDatabaseError, match="empty or cut off"):
        open_database(path, KEY, create=False)
    assert path.stat().st_size == 0


def test_a_missing_database_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="missing"):
        open_database(tmp_path / "desk.db", KEY, create=False)
    assert list(tmp_path.iterdir()) == []


def test_a_database_is_never_made_over_another(tmp_path: Path) -> None:
    make(tmp_path / "desk.db", rows=1).dispose()
    with pytest.raises(UnavailableError, match="already"):
        open_database(tmp_path / "desk.db", KEY, create=True)
    engine = open_database(tmp_path / "desk.db", KEY, create=False)
    assert names(engine) == ["0000"]
    engine.dispose()


def test_a_flipped_byte_in_any_page_is_found(tmp_path: Path) -> None:
    make(tmp_path / "desk.db", rows=40).dispose()
    whole = (tmp_path / "desk.db").read_bytes()
    found = 0
    for page in range(1, len(whole) // PAGE):
        bad = tmp_path / f"page-{page}.db"
        bad.write_bytes(whole[: page * PAGE + 77] + bytes([whole[page * PAGE + 77] ^ 1]) + whole[page * PAGE + 78 :])
        try:
            engine = open_database(bad, KEY, create=False)
        except DamagedDatabaseError:
            continue  # a page of the list of tables: nothing can be opened without it
        problems = check_every_page(engine)
        assert any(problem.startswith("seal:") and str(page + 1) in problem for problem in problems), (page, problems)
        engine.dispose()
        found += 1
    assert found > len(whole) // PAGE // 2


def test_reading_a_damaged_page_says_so(tmp_path: Path) -> None:
    make(tmp_path / "desk.db", rows=40).dispose()
    content = bytearray((tmp_path / "desk.db").read_bytes())
    for page in range(len(content) // PAGE - 20, len(content) // PAGE):
        content[page * PAGE + 500] ^= 0x40
    (tmp_path / "desk.db").write_bytes(content)
    engine = open_database(tmp_path / "desk.db", KEY, create=False)
    with pytest.raises(DamagedDatabaseError, match="restore the last backup"):
        values(engine)
    engine.dispose()


def test_a_flipped_byte_in_the_first_page(tmp_path: Path) -> None:
    make(tmp_path / "desk.db", rows=1).dispose()
    content = bytearray((tmp_path / "desk.db").read_bytes())
    content[200] ^= 1
    (tmp_path / "desk.db").write_bytes(content)
    with pytest.raises(DamagedDatabaseError, match="damaged at its beginning"):
        open_database(tmp_path / "desk.db", KEY, create=False)


@pytest.mark.parametrize("keep", [1, PAGE - 1, 5 * PAGE, 5 * PAGE + 100])
def test_a_truncated_file(tmp_path: Path, keep: int) -> None:
    make(tmp_path / "desk.db", rows=40).dispose()
    os.truncate(tmp_path / "desk.db", keep)
    with pytest.raises(DamagedDatabaseError):
        _open_and_check(tmp_path / "desk.db")
    assert (tmp_path / "desk.db").stat().st_size == keep


def _open_and_check(path: Path) -> None:
    engine = open_database(path, KEY, create=False)
    try:
        values(engine)
        if check_every_page(engine):
            raise DamagedDatabaseError("damaged")
    finally:
        engine.dispose()


def test_the_log_deleted_after_a_crash_leaves_an_older_but_whole_file(tmp_path: Path) -> None:
    engine = make(tmp_path / "desk.db", rows=3)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    put(engine, "only in the log")
    crashed = tmp_path / "crashed"
    crashed.mkdir()
    shutil.copy(tmp_path / "desk.db", crashed)
    shutil.copy(tmp_path / "desk.db-wal", crashed)
    engine.dispose()
    with_log = open_database(crashed / "desk.db", KEY, create=False)
    assert "only in the log" in names(with_log)
    with_log.dispose()
    alone = tmp_path / "alone"
    alone.mkdir()
    shutil.copy(crashed / "desk.db", alone)
    os.truncate(alone / "desk.db", (alone / "desk.db").stat().st_size)
    whole = open_database(alone / "desk.db", KEY, create=False)
    assert check_every_page(whole) == []
    whole.dispose()


@posix_only
@pytest.mark.parametrize("room", [0, 10, 4_000, 4_200, 8_300])
def test_a_full_disk_at_commit_is_unknown_and_then_settled_while_it_is_still_full(tmp_path: Path, room: int) -> None:
    engine = make(tmp_path / "desk.db", rows=3)
    log = tmp_path / "desk.db-wal"
    for _ in range(2):
        with no_file_longer_than(log.stat().st_size + room):
            with pytest.raises(CommitFailed):
                put(engine, "lost")
            assert names(engine) == ["0000", "0001", "0002"], "looked up on a fresh connection, on the full disk"
    crashed = tmp_path / "crashed"
    crashed.mkdir()
    for path in (tmp_path / "desk.db", log):
        shutil.copy(path, crashed)
    recovered = open_database(crashed / "desk.db", KEY, create=False)
    assert names(recovered) == ["0000", "0001", "0002"], "what was reported as not recorded stays so after a crash"
    recovered.dispose()
    put(engine, "found room")
    assert names(engine)[-1] == "found room"
    assert check_every_page(engine) == []
    engine.dispose()


@posix_only
def test_a_full_disk_before_commit_undoes_everything(tmp_path: Path) -> None:
    engine = make(tmp_path / "desk.db", rows=2)
    size = (tmp_path / "desk.db-wal").stat().st_size
    with no_file_longer_than(size + 100_000), pytest.raises(UnavailableError, match="Nothing was recorded"):
        _fill(engine)
    assert names(engine) == ["0000", "0001"]
    put(engine, "after")
    assert check_every_page(engine) == []
    engine.dispose()


def _fill(engine: Engine) -> None:
    with write_transaction(engine) as connection:
        for number in range(10_000):
            connection.exec_driver_sql(PUT, (f"big-{number}", "v" * 4000))


@posix_only
def test_frames_of_a_failed_commit_are_cut_off_when_a_reader_keeps_the_log(tmp_path: Path) -> None:
    engine = make(tmp_path / "desk.db", rows=3)
    reader = open_database(tmp_path / "desk.db", KEY, create=False)
    log = tmp_path / "desk.db-wal"
    with read_transaction(reader) as connection:
        connection.exec_driver_sql("SELECT count(*) FROM local_settings").scalar_one()
        put(engine, "newer than the reader")
        end = log.stat().st_size
        with no_file_longer_than(end + 4_200), pytest.raises(CommitFailed):
            put(engine, "lost")
        assert log.stat().st_size > end, "part of the failed commit lies behind the end"
        assert "lost" not in names(engine)
        assert log.stat().st_size == end
    reader.dispose()
    assert names(engine)[-1] == "newer than the reader"
    engine.dispose()


def test_frames_behind_the_end_would_come_back_after_a_crash(tmp_path: Path) -> None:
    """Why a failed commit is settled: the same bytes, cut off or not, recover to different states."""
    engine = make(tmp_path / "desk.db", rows=1)
    log = tmp_path / "desk.db-wal"
    end = log.stat().st_size
    put(engine, "behind the end")
    for cut, expected in ((False, ["0000", "behind the end"]), (True, ["0000"])):
        crashed = tmp_path / f"cut-{cut}"
        crashed.mkdir()
        for path in (tmp_path / "desk.db", log):
            shutil.copy(path, crashed)
        if cut:
            os.truncate(crashed / "desk.db-wal", end)
        recovered = open_database(crashed / "desk.db", KEY, create=False)
        assert names(recovered) == expected
        recovered.dispose()
    engine.dispose()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = shutil.which("mount") and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if not mounted or mounted.returncode:
        pytest.skip("no small disk can be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_small_disk_that_is_full_to_the_last_byte(small_disk: Path) -> None:
    engine = make(small_disk / "desk.db", rows=3)
    fill = small_disk / "fill"
    fill.write_bytes(b"x" * shutil.disk_usage(small_disk).free)
    assert shutil.disk_usage(small_disk).free == 0
    for _ in range(2):
        with pytest.raises(CommitFailed, match="full"):
            put(engine, "lost")
        assert names(engine) == ["0000", "0001", "0002"]
    engine.dispose()
    with pytest.raises(UnavailableError, match="The disk is full"):
        make_database(small_disk / "another.db", KEY)
    assert not list(small_disk.glob("another*"))
    fill.unlink()
    again = open_database(small_disk / "desk.db", KEY, create=False)
    put(again, "found room")
    assert names(again) == ["0000", "0001", "0002", "found room"]
    assert check_every_page(again) == []
    again.dispose()


_AS_NOBODY = """
    import os, sys
    from pathlib import Path
    from access_desk.domain.errors import UnavailableError
    from access_desk.storage.engine import open_database, read_transaction, write_transaction
    if os.getuid() == 0:
        os.setgid(65534)
        os.setuid(65534)
    try:
        engine = open_database(Path(sys.argv[1]), bytes(range(32)), create=sys.argv[2] == "create")
        with write_transaction(engine) as connection:
            connection.exec_driver_sql("INSERT INTO local_settings VALUES ('CHR', 'x', 'y')")
    except UnavailableError as refused:
        print(type(refused).__name__, refused.text)
"""


@posix_only
@pytest.mark.parametrize("what", ["create", "open"])
def test_a_folder_that_cannot_be_written(tmp_path: Path, what: str) -> None:
    """Rights do not bind root, so the attempt is made by somebody else in a process of their own."""
    folder = Path("/tmp") / f"access-desk-read-only-{os.getpid()}-{what}"  # noqa: S108 - reachable by everybody
    folder.mkdir()
    try:
        if what == "open":
            make(folder / "desk.db", rows=1).dispose()
            (folder / "desk.db").chmod(0o444)
        folder.chmod(0o555)
        ran = subprocess.run(
            [sys.executable, "-c", textwrap.dedent(_AS_NOBODY), str(folder / "desk.db"), what],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        assert ran.stderr == ""
        assert ran.stdout.startswith("UnavailableError The desk's folder cannot be written"), ran.stdout
    finally:
        folder.chmod(0o755)
        shutil.rmtree(folder)


def test_a_path_through_a_file_is_unreachable(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for create in (True, False):
        with pytest.raises(UnavailableError, match="Nothing was"):
            open_database(tmp_path / "file" / "desk.db", KEY, create=create)
