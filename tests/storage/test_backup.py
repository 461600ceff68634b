"""Backups are whole or not there; a restore exchanges files or leaves them."""

from __future__ import annotations

import shutil
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from access_desk.domain.errors import DamagedDatabaseError, UnavailableError
from access_desk.storage import backup as backup_module
from access_desk.storage.backup import read_backup, restore_backup, write_backup
from access_desk.storage.engine import open_database, read_transaction, write_transaction
from access_desk.storage.migrate import bring_up_to_date

KEY = bytes(range(32))
PUT = "INSERT INTO local_settings (facility_id, name, value) VALUES ('CHR', ?, ?)"
EVENT = "INSERT INTO events VALUES ('CHR', 'desk', 1, ?, ?, 'kind', NULL, X'00', ?, NULL)"
CANARY = "Zyxwhistle-Quandary"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    home = tmp_path / "home"
    home.mkdir()
    opened = open_database(home / "desk.db", KEY, create=True)
    bring_up_to_date(opened, KEY, home / "backups")
    put(opened, "first", CANARY)
    yield opened
    opened.dispose()


def put(engine: Engine, name: str, value: str = "") -> None:
    with write_transaction(engine) as connection:
        connection.exec_driver_sql(PUT, (name, value))


def names(path: Path) -> list[str]:
    engine = open_database(path, KEY, create=False)
    with read_transaction(engine) as connection:
        found = [row[0] for row in connection.exec_driver_sql("SELECT name FROM local_settings ORDER BY name").all()]
    engine.dispose()
    return found


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_backup_is_one_encrypted_file_and_says_what_it_holds(engine: Engine, tmp_path: Path) -> None:
    with write_transaction(engine) as connection:
        for sequence in (1, 2, 3):
            connection.exec_driver_sql(EVENT, (sequence, f"e{sequence}", bytes([sequence])))
    target = tmp_path / "out" / "desk.backup"
    target.parent.mkdir()
    held = write_backup(engine, KEY, target)
    assert held == read_backup(target, KEY)
    assert (held.events, held.heads) == (3, (("CHR", "desk", 1, 3, "03"),))
    assert files(target.parent) == ["desk.backup"]
    assert CANARY.encode() not in target.read_bytes()
    if sys.platform != "win32":
        assert target.stat().st_mode & 0o777 == 0o600


def test_the_desk_goes_on_recording_while_it_is_backed_up(engine: Engine, tmp_path: Path) -> None:
    done = threading.Event()

    def record() -> None:
        count = 0
        while not done.is_set():
            put(engine, f"more-{count}", "v" * 2000)
            count += 1

    thread = threading.Thread(target=record)
    thread.start()
    try:
        held = [write_backup(engine, KEY, tmp_path / f"{number}.backup") for number in range(5)]
    finally:
        done.set()
        thread.join()
    rows = [dict(one.rows)["local_settings"] for one in held]
    assert rows == sorted(rows)


def test_a_backup_that_cannot_be_written_leaves_the_one_before(engine: Engine, tmp_path: Path) -> None:
    target = tmp_path / "desk.backup"
    write_backup(engine, KEY, target)
    before = target.read_bytes()
    put(engine, "second")
    with pytest.raises(UnavailableError, match="could not be written"):
        write_backup(engine, KEY, tmp_path / "no such folder" / "desk.backup")
    if sys.platform != "win32":
        import resource

        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, limits[1]))
        try:
            with pytest.raises(UnavailableError, match="could not be written"):
                write_backup(engine, KEY, target)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
            signal.signal(signal.SIGXFSZ, handler)
    assert target.read_bytes() == before
    assert files(tmp_path) == ["desk.backup", "home"]


def test_a_copy_that_is_not_like_the_original_is_thrown_away(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup_module, "read_backup", lambda path, key: backup_module.Contents((), ()))
    with pytest.raises(DamagedDatabaseError, match="thrown away"):
        write_backup(engine, KEY, tmp_path / "desk.backup")
    assert files(tmp_path) == ["home"]


def test_a_backup_is_not_written_over_the_desk_itself(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="the desk's own file"):
        write_backup(engine, KEY, tmp_path / "home" / "desk.db")
    put(engine, "unharmed")


def test_restoring_puts_the_backup_in_place_and_keeps_what_was_there(engine: Engine, tmp_path: Path) -> None:
    target, database = tmp_path / "desk.backup", tmp_path / "home" / "desk.db"
    write_backup(engine, KEY, target)
    put(engine, "later")
    engine.dispose()
    restored = restore_backup(target, KEY, database, "desk-replaced.db")
    assert restored.replaced == tmp_path / "home" / "desk-replaced.db"
    assert names(database) == ["first"]
    assert names(restored.replaced) == ["first", "later"]
    assert names(tmp_path / "home" / "desk.db") == ["first"], "the backup itself stays a backup"
    assert read_backup(target, KEY) == restored.contents


def test_restoring_where_there_is_nothing(engine: Engine, tmp_path: Path) -> None:
    target = tmp_path / "desk.backup"
    write_backup(engine, KEY, target)
    (tmp_path / "new").mkdir()
    assert restore_backup(target, KEY, tmp_path / "new" / "desk.db", "replaced.db").replaced is None
    assert names(tmp_path / "new" / "desk.db") == ["first"]


def test_restoring_after_a_crash_brings_no_log_of_the_replaced_file_along(engine: Engine, tmp_path: Path) -> None:
    target = tmp_path / "desk.backup"
    write_backup(engine, KEY, target)
    put(engine, "in the log only")
    crashed = tmp_path / "crashed"
    crashed.mkdir()
    for suffix in ("", "-wal"):
        shutil.copy(tmp_path / "home" / f"desk.db{suffix}", crashed)
    restored = restore_backup(target, KEY, crashed / "desk.db", "replaced.db")
    assert restored.replaced is not None
    assert names(crashed / "desk.db") == ["first"]
    assert names(restored.replaced) == ["first", "in the log only"]


def test_restoring_over_a_damaged_file_keeps_it_with_its_log(engine: Engine, tmp_path: Path) -> None:
    target = tmp_path / "desk.backup"
    write_backup(engine, KEY, target)
    engine.dispose()
    database = tmp_path / "home" / "desk.db"
    content = bytearray(database.read_bytes())
    content[100] ^= 1
    database.write_bytes(content)
    database.with_name("desk.db-wal").write_bytes(b"a log that belongs to nothing")
    restored = restore_backup(target, KEY, database, "replaced.db")
    assert names(database) == ["first"]
    assert restored.replaced is not None
    assert restored.replaced.read_bytes() == bytes(content)
    assert (tmp_path / "home" / "replaced.db-wal").read_bytes() == b"a log that belongs to nothing"


@pytest.mark.parametrize("damage", ["flipped", "cut", "empty", "other key", "text", "missing"])
def test_a_bad_backup_changes_nothing(engine: Engine, tmp_path: Path, damage: str) -> None:
    target, database = tmp_path / "desk.backup", tmp_path / "home" / "desk.db"
    write_backup(engine, KEY, target)
    engine.dispose()
    before, content = database.read_bytes(), bytearray(target.read_bytes())
    match damage:
        case "flipped":
            content[len(content) // 2] ^= 1
        case "cut":
            del content[-4096:]
        case "empty":
            content.clear()
        case "text":
            content[:] = b"not a backup" * 1000
    target.write_bytes(content)
    if damage == "missing":
        target.unlink()
    with pytest.raises(UnavailableError, match="Nothing was changed"):
        restore_backup(target, bytes(32) if damage == "other key" else KEY, database, "replaced.db")
    assert database.read_bytes() == before
    assert files(tmp_path / "home") == ["desk.db"]


def test_restoring_killed_at_any_point_leaves_one_whole_desk(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, database = tmp_path / "desk.backup", tmp_path / "home" / "desk.db"
    write_backup(engine, KEY, target)
    put(engine, "later")
    engine.dispose()

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    for step in ("copy_durably", "_keep", "put_in_place"):
        with monkeypatch.context() as patched:
            patched.setattr(backup_module, step, killed)
            with pytest.raises(KeyboardInterrupt):
                restore_backup(target, KEY, database, f"replaced-{step}.db")
        assert names(database) == ["first", "later"], step
    restore_backup(target, KEY, database, "replaced.db")
    assert names(database) == ["first"]


def test_a_desk_that_is_open_elsewhere_is_not_replaced(engine: Engine, tmp_path: Path) -> None:
    target, database = tmp_path / "desk.backup", tmp_path / "home" / "desk.db"
    write_backup(engine, KEY, target)
    with read_transaction(engine) as connection:
        connection.exec_driver_sql("SELECT * FROM local_settings").all()
        put(engine, "newer than what is read")
        with pytest.raises(UnavailableError, match="another command"):
            restore_backup(target, KEY, database, "replaced.db")
    assert files(tmp_path) == ["desk.backup", "home"]
    assert "replaced.db" not in files(tmp_path / "home")
