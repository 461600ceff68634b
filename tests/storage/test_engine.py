"""Opening the encrypted database, its settings, its transactions."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlcipher3 import dbapi2

from access_desk.domain.errors import UnavailableError
from access_desk.storage.engine import (
    PRAGMAS,
    assert_pragmas,
    driver_transaction,
    open_database,
    open_memory_database,
    read_transaction,
    write_transaction,
)
from access_desk.storage.migrate import bring_up_to_date
from access_desk.storage.schema import metadata
from access_desk.storage.statements import Readable

KEY = bytes(range(32))
PUT = "INSERT INTO local_settings (facility_id, name, value) VALUES ('CHR', ?, ?)"
CANARY = "Zyxwhistle-Quandary"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    opened = open_database(tmp_path / "desk.db", KEY, create=True)
    bring_up_to_date(opened, KEY, tmp_path / "backups")
    yield opened
    opened.dispose()


def put(engine: Engine, name: str, value: str = "") -> None:
    with write_transaction(engine) as connection:
        connection.exec_driver_sql(PUT, (name, value))


def names(engine: Engine) -> list[str]:
    with read_transaction(engine) as connection:
        return [row[0] for row in connection.exec_driver_sql("SELECT name FROM local_settings ORDER BY name").all()]


def read_by_driver(reader: Readable) -> list[str]:
    return [row[0] for row in reader.connection.execute("SELECT name FROM local_settings ORDER BY name").fetchall()]


def put_and_fail(engine: Engine, failure: Exception) -> None:
    with write_transaction(engine) as connection:
        connection.exec_driver_sql(PUT, ("never", ""))
        raise failure


def test_what_is_written_is_there_after_closing(engine: Engine, tmp_path: Path) -> None:
    put(engine, "theme", "dark")
    engine.dispose()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["desk.db"], "closing folds the log into the file"
    again = open_database(tmp_path / "desk.db", KEY, create=False)
    assert names(again) == ["theme"]
    again.dispose()


def test_an_exception_undoes_the_transaction_and_the_next_one_works(engine: Engine) -> None:
    with pytest.raises(ZeroDivisionError):
        put_and_fail(engine, ZeroDivisionError())
    put(engine, "later")
    assert names(engine) == ["later"]


def test_a_broken_constraint_is_a_bug_and_passes_through(engine: Engine) -> None:
    put(engine, "theme")
    with pytest.raises(IntegrityError):
        put(engine, "theme")
    assert names(engine) == ["theme"]


def test_raw_cursors_are_in_the_same_transaction(engine: Engine) -> None:
    with write_transaction(engine) as connection:
        connection.connection.cursor().execute(PUT, ("raw", ""))
        assert connection.exec_driver_sql("SELECT name FROM local_settings").scalars().all() == ["raw"]
        assert names(engine) == []
    assert names(engine) == ["raw"]


def test_a_reader_keeps_its_snapshot_while_others_write(engine: Engine) -> None:
    with read_transaction(engine) as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM local_settings").scalar_one() == 0
        put(engine, "meanwhile")
        assert connection.exec_driver_sql("SELECT count(*) FROM local_settings").scalar_one() == 0
    assert names(engine) == ["meanwhile"]


def test_a_reader_of_the_driver_keeps_its_snapshot_and_the_next_one_sees_more(engine: Engine) -> None:
    put(engine, "one")
    with driver_transaction(engine) as reader, driver_transaction(engine) as beside:
        assert read_by_driver(reader) == read_by_driver(beside) == ["one"]
        put(engine, "two")
        assert read_by_driver(reader) == read_by_driver(beside) == ["one"]
    with driver_transaction(engine) as reader:
        assert read_by_driver(reader) == ["one", "two"]


def test_a_reader_of_the_driver_that_fails_is_given_up_and_the_next_one_works(engine: Engine) -> None:
    put(engine, "one")
    failed: list[Any] = []

    def read_and_fail() -> None:
        with driver_transaction(engine) as reader:
            failed.append(reader.connection)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        read_and_fail()
    with pytest.raises(dbapi2.ProgrammingError, match="closed"):
        failed[0].execute("SELECT 1")
    with driver_transaction(engine) as reader:
        assert read_by_driver(reader) == ["one"]


def test_readers_of_the_driver_are_closed_with_the_others(engine: Engine, tmp_path: Path) -> None:
    put(engine, "one")
    with driver_transaction(engine) as reader:
        idle = reader.connection
    with driver_transaction(engine), driver_transaction(engine) as reader:
        used = reader.connection
        engine.dispose()
        assert read_by_driver(reader) == ["one"]
    for closed in (idle, used):
        with pytest.raises(dbapi2.ProgrammingError, match="closed"):
            closed.execute("SELECT 1")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["desk.db"]


def test_writers_of_many_threads_take_turns(engine: Engine) -> None:
    def write(writer: int) -> None:
        for count in range(20):
            put(engine, f"{writer}-{count}")

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(names(engine)) == 80


def test_a_writer_inside_a_writer_is_a_bug(engine: Engine) -> None:
    with write_transaction(engine), pytest.raises(RuntimeError, match="already open"), write_transaction(engine):
        pass
    put(engine, "after")


def test_another_program_that_writes_is_waited_for_and_then_named(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hasty = [("busy_timeout", "20", 20) if pragma[0] == "busy_timeout" else pragma for pragma in PRAGMAS]
    monkeypatch.setattr("access_desk.storage.engine.PRAGMAS", tuple(hasty))
    other = open_database(tmp_path / "desk.db", KEY, create=False)
    with write_transaction(engine):
        assert names(other) == [], "readers are not kept waiting"
        with pytest.raises(UnavailableError, match="in use by another program"):
            put(other, "blocked")
    put(other, "free")
    assert names(engine) == ["free"]
    other.dispose()


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("synchronous", "NORMAL"), ("synchronous", "OFF"), ("foreign_keys", "OFF"), ("temp_store", "FILE")],
)
def test_a_desk_that_could_lose_what_it_acknowledged_does_not_start(engine: Engine, pragma: str, value: str) -> None:
    with engine.connect() as connection:
        assert_pragmas(connection)
        connection.exec_driver_sql(f"PRAGMA {pragma}={value}")
        with pytest.raises(UnavailableError, match=pragma):
            assert_pragmas(connection)
        connection.detach()


def test_a_release_that_would_open_with_normal_refuses_its_own_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    weaker = [
        ("synchronous", "NORMAL", answer) if name == "synchronous" else (name, text, answer) for name, text, answer in PRAGMAS
    ]
    monkeypatch.setattr("access_desk.storage.engine.PRAGMAS", tuple(weaker))
    with pytest.raises(UnavailableError, match="power cut"):
        open_database(tmp_path / "desk.db", KEY, create=True)


def test_every_connection_of_the_pool_has_the_settings(engine: Engine) -> None:
    with engine.connect() as one, engine.connect() as two, write_transaction(engine) as writer:
        for connection in (one, two, writer):
            assert_pragmas(connection)


def test_a_name_is_found_nowhere_on_the_disk(engine: Engine, tmp_path: Path) -> None:
    put(engine, "patient", CANARY)
    with write_transaction(engine) as connection:
        connection.exec_driver_sql("CREATE TEMP TABLE sorted AS SELECT * FROM local_settings ORDER BY value")
    seen = []
    for path in tmp_path.iterdir():
        content = path.read_bytes()
        seen.append(path.name)
        assert CANARY.encode() not in content, path.name
        assert CANARY.encode("utf-16-le") not in content, path.name
        assert b"SQLite format 3" not in content, path.name
    assert {"desk.db", "desk.db-wal", "desk.db-shm"} <= set(seen)


def test_an_exported_key_text_is_not_in_the_engine_s_repr(engine: Engine) -> None:
    assert KEY.hex() not in repr(engine)
    assert KEY.hex() not in str(engine.url)


def test_memory_databases_are_apart_and_need_no_file() -> None:
    one, two = open_memory_database(), open_memory_database()
    with write_transaction(one) as connection:
        connection.exec_driver_sql("CREATE TABLE seen (name TEXT)")
        with read_transaction(one) as inside:
            assert inside.exec_driver_sql("SELECT count(*) FROM seen").scalar_one() == 0
    with read_transaction(two) as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar_one() == 0
    with read_transaction(one) as outer, read_transaction(one) as inner:
        assert outer.exec_driver_sql("SELECT count(*) FROM seen").scalar_one() == 0
        assert inner.exec_driver_sql("SELECT count(*) FROM seen").scalar_one() == 0
    with write_transaction(one) as connection:
        metadata.create_all(connection)
    with pytest.raises(KeyError):
        put_and_fail(one, KeyError())
    assert names(one) == []
    with read_transaction(one) as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM seen").scalar_one() == 0
    one.dispose()
    two.dispose()


def test_paths_with_signs_that_mean_something_in_an_address(tmp_path: Path) -> None:
    folder = tmp_path / "Größe 100% #1 ?mode=memory&x"
    folder.mkdir()
    engine = open_database(folder / "desk.db", KEY, create=True)
    engine.dispose()
    assert [path.name for path in folder.iterdir()] == ["desk.db"]
