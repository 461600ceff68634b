"""A database travels as its pages: what the library wrote comes out, what goes in the library reads, and every change shows."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from access_desk.domain.errors import DamagedDatabaseError
from access_desk.storage.sealed_file import PIECE, read_sealed, write_sealed
from access_desk.storage.sealed_pages import PAGE, PageSealer, opened_pages

KEY, OTHER = bytes(range(32)), bytes(range(1, 33))


def opened(path: Path, key: bytes) -> dbapi2.Connection:
    driver = dbapi2.connect(str(path), isolation_level=None)
    driver.execute(f"PRAGMA key=\"x'{key.hex()}'\"")
    return driver


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """A database that the library wrote."""
    path = tmp_path / "one.db"
    driver = opened(path, KEY)
    driver.execute("CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT)")
    driver.execute("CREATE INDEX by_name ON people (name)")
    driver.execute("BEGIN")
    driver.executemany("INSERT INTO people VALUES (?, ?)", [(number, f"Vega{number:05d}") for number in range(5_000)])
    driver.execute("COMMIT")
    driver.close()
    return path


def seal(pages: bytes, target: Path, key: bytes, at_once: int) -> None:
    with target.open("wb") as file:
        sealer = PageSealer(file, key)
        for at in range(0, len(pages), at_once):
            sealer.write(pages[at : at + at_once])
        sealer.close()


@pytest.mark.parametrize("at_once", [1_000, PAGE, 10 * PAGE + 1])
def test_the_library_reads_what_was_sealed(written: Path, tmp_path: Path, at_once: int) -> None:
    pages = b"".join(opened_pages(written, KEY))
    assert pages[:16] == b"SQLite format 3\x00"
    assert pages.find(b"Vega00017") > 0
    target = tmp_path / "two.db"
    seal(pages, target, OTHER, at_once)
    assert target.read_bytes().find(b"Vega00017") == -1
    driver = opened(target, OTHER)
    assert driver.execute("PRAGMA cipher_integrity_check").fetchall() == []
    assert driver.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert driver.execute("SELECT id FROM people WHERE name = 'Vega00017'").fetchall() == [(17,)]
    driver.close()


@pytest.mark.parametrize("page", [1, 2, 20])
def test_a_changed_page_shows(written: Path, page: int) -> None:
    content = bytearray(written.read_bytes())
    content[(page - 1) * PAGE + 100] ^= 1
    written.write_bytes(content)
    with pytest.raises(DamagedDatabaseError, match=f"Page {page} of"):
        list(opened_pages(written, KEY))


def test_another_key_and_half_a_page_show(written: Path, tmp_path: Path) -> None:
    with pytest.raises(DamagedDatabaseError, match="Page 1 of"):
        list(opened_pages(written, OTHER))
    pages = b"".join(opened_pages(written, KEY))
    for wrong in (pages[:-1], b"", b"x" * PAGE):
        with pytest.raises(DamagedDatabaseError):
            seal(wrong, tmp_path / "two.db", OTHER, PAGE)
    written.write_bytes(written.read_bytes()[:-1])
    with pytest.raises(DamagedDatabaseError):
        list(opened_pages(written, KEY))


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 5])
def test_a_sealed_file_is_read_back(tmp_path: Path, size: int) -> None:
    # It does not compress, so that it has as many pieces as it seems.
    content = os.urandom(size)
    path = tmp_path / "sealed"
    with path.open("wb") as file:
        write_sealed(file, KEY, [content[at : at + 100_000] for at in range(0, size, 100_000)])
    is_same = b"".join(read_sealed(path, KEY)) == content
    assert is_same


def test_what_was_cut_moved_or_changed_shows(tmp_path: Path) -> None:
    file = io.BytesIO()
    write_sealed(file, KEY, [os.urandom(3 * PIECE)])
    whole, piece = file.getvalue(), PIECE + 16
    changed = bytearray(whole)
    changed[piece + 7] ^= 1
    path = tmp_path / "sealed"
    for wrong in (whole[:-1], whole[:piece], whole[: 2 * piece], whole[piece : 2 * piece] + whole[:piece], bytes(changed), b""):
        path.write_bytes(wrong)
        with pytest.raises(DamagedDatabaseError):
            list(read_sealed(path, KEY))
    path.write_bytes(whole)
    with pytest.raises(DamagedDatabaseError):
        list(read_sealed(path, OTHER))
