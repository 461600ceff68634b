"""Large content is kept once, by its hash, and a missing or changed piece is told as such."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from access_desk.domain.content import Content, contents_of
from access_desk.domain.errors import DamagedDatabaseError
from access_desk.storage import blobs
from access_desk.storage.engine import open_memory_database, read_transaction, write_transaction
from access_desk.storage.schema import LOCAL, PROJECTIONS, metadata

IMAGE = bytes(range(256)) * 40


@dataclass(frozen=True)
class Signed:
    who: str
    strokes: Content
    pages: tuple[Content, ...] = ()


def test_the_same_bytes_are_kept_once_and_come_back_whole() -> None:
    engine = open_memory_database()
    metadata.create_all(engine)
    with write_transaction(engine) as connection:
        first = blobs.keep(connection, "F", IMAGE)
        assert blobs.keep(connection, "F", IMAGE) == first
        assert blobs.put(connection, "G", IMAGE) == first.sha256
    with read_transaction(engine) as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM blobs").scalar_one() == 2
        assert blobs.get(connection, "F", first.sha256) == IMAGE
        assert blobs.is_whole(connection, "F", first)
        assert not blobs.is_whole(connection, "F", Content(first.sha256, first.size + 1))
        assert not blobs.is_whole(connection, "H", first)
        with pytest.raises(DamagedDatabaseError):
            blobs.get(connection, "H", first.sha256)
    engine.dispose()


def test_a_changed_piece_is_not_handed_out() -> None:
    engine = open_memory_database()
    metadata.create_all(engine)
    with write_transaction(engine) as connection:
        kept = blobs.keep(connection, "F", IMAGE)
        connection.exec_driver_sql("UPDATE blobs SET content = ?", (IMAGE[::-1],))
        assert not blobs.is_whole(connection, "F", kept)
        with pytest.raises(DamagedDatabaseError):
            blobs.get(connection, "F", kept.sha256)
    engine.dispose()


def test_contents_are_found_wherever_a_body_names_them() -> None:
    one, two, three = (Content(digit * 64, 1) for digit in "123")
    assert list(contents_of(Signed("ann", one, (two, three)))) == [one, two, three]
    assert list(contents_of("no content")) == []


def test_the_store_is_neither_dropped_by_replay_nor_the_desks_own() -> None:
    names = {table.name for table in (*PROJECTIONS, *LOCAL)}
    assert "blobs" not in names
    assert {"patients", "local_drafts"} <= names
