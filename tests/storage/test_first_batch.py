"""The first large batch of an index goes into a file without its indexes, and leaves it with all of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Connection

from access_desk.domain.content import Content
from access_desk.domain.errors import DamagedDatabaseError
from access_desk.domain.events import Recorded
from access_desk.domain.patients.index_events import ImportedRow, PatientsImported
from access_desk.storage import blobs, bulk_indexes
from access_desk.storage.engine import open_memory_database, write_transaction
from access_desk.storage.imported_index import pack
from access_desk.storage.projections import project
from access_desk.storage.replay import differing_tables
from access_desk.storage.row_changes import write
from access_desk.storage.schema import metadata

_ROWS = [
    ImportedRow._make([f"S{place}", f"{place:07d}", f"Vega{place % 7}", f"Mar{place % 5}", *[""] * 11, {}]) for place in range(40)
]


@pytest.fixture
def connection() -> Iterator[Connection]:
    yield from _empty()


@pytest.fixture
def other() -> Iterator[Connection]:
    yield from _empty()


@pytest.fixture
def dropped(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How often the indexes were set aside; a batch of any size is a large one."""
    seen: list[int] = []
    real = bulk_indexes.set_aside

    def counting(connection: Connection) -> None:
        seen.append(1)
        real(connection)

    monkeypatch.setattr(bulk_indexes, "set_aside", counting)
    monkeypatch.setattr(bulk_indexes, "_MANY", 1)
    return seen


def _empty() -> Iterator[Connection]:
    database = open_memory_database()
    metadata.create_all(database)
    with write_transaction(database) as connection:
        yield connection
    database.dispose()


def _take(connection: Connection, rows: list[ImportedRow], seq: int = 1, data: bytes = b"") -> None:
    content = blobs.keep(connection, "F", data or pack(rows))
    write(connection, project(_event(content, len(rows), seq)))


def _event(content: Content, rows: int, seq: int) -> Recorded:
    body = PatientsImported(content, rows, "0" * 64)
    at, stamp = datetime(2026, 11, 23, 18, 0, tzinfo=UTC), f"{seq:013d}-00000-north"
    kind, day = "patients.imported", date(2026, 11, 23)
    return Recorded(f"north-{seq}", "F", "north", 1, seq, at, stamp, day, "ann", None, None, kind, 1, "index", (), body)


def _indexes(connection: Connection) -> set[tuple[str, str]]:
    rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL").all()
    return {(row[0], " ".join(row[1].split())) for row in rows}


def test_the_rows_and_the_indexes_are_those_of_a_small_batch(
    connection: Connection, other: Connection, dropped: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _indexes(connection)
    _take(connection, _ROWS)
    assert len(dropped) == 1
    assert _indexes(connection) == before
    monkeypatch.undo()
    _take(other, _ROWS)
    assert differing_tables(connection, other) == []
    by_name = "SELECT patient_id FROM patient_search INDEXED BY ix_patient_search_listed WHERE facility_id = 'F' ORDER BY 1"
    assert len(connection.exec_driver_sql(by_name).all()) == len(_ROWS)
    assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"


@pytest.mark.usefixtures("dropped")
def test_a_batch_that_cannot_be_read_leaves_the_indexes(connection: Connection) -> None:
    before = _indexes(connection)
    connection.exec_driver_sql("SAVEPOINT trying")
    with pytest.raises(DamagedDatabaseError):
        _take(connection, _ROWS, data=b"no batch")
    connection.exec_driver_sql("ROLLBACK TO trying")
    assert _indexes(connection) == before


def test_many_who_are_there_keep_their_indexes(
    connection: Connection, dropped: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_indexes, "_FEW", len(_ROWS) - 1)
    _take(connection, _ROWS)
    _take(connection, _ROWS, seq=2)
    assert len(dropped) == 1
    assert connection.exec_driver_sql("SELECT count(*) FROM patient_search").scalar_one() == 2 * len(_ROWS)


def test_what_an_import_has_set_aside_stays_aside(connection: Connection, dropped: list[int]) -> None:
    bulk_indexes.set_aside(connection)
    absent = bulk_indexes.missing(connection)
    _take(connection, _ROWS)
    assert bulk_indexes.missing(connection) == absent
    assert len(dropped) == 1
