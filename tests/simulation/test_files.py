"""What a simulated file makes of a transaction, and what the program makes of that."""

from __future__ import annotations

import pytest

from access_desk.domain.errors import UnavailableError
from access_desk.storage.engine import CommitFailed, read_transaction, write_transaction
from tests.simulation.files import KEPT, KILLED_AFTER, KILLED_BEFORE, LOST, InMemory, KilledError
from tests.simulation.world import a_world

_NOTES = "CREATE TABLE notes (said TEXT)"


def _file() -> InMemory:
    file = InMemory()
    file.driver.execute(_NOTES)
    return file


def _say(file: InMemory, said: str) -> None:
    with write_transaction(file.database) as connection:
        connection.exec_driver_sql("INSERT INTO notes VALUES (?)", (said,))


def _said(file: InMemory) -> list[str]:
    with read_transaction(file.database) as connection:
        return [row[0] for row in connection.exec_driver_sql("SELECT said FROM notes").all()]


@pytest.mark.parametrize(
    ("fate", "raised", "kept"),
    [
        (LOST, CommitFailed, False),
        (KEPT, CommitFailed, True),
        (KILLED_BEFORE, KilledError, False),
        (KILLED_AFTER, KilledError, True),
    ],
)
def test_a_commit_that_fails_was_kept_or_lost(fate: str, raised: type[BaseException], kept: bool) -> None:
    file = _file()
    file.fate = lambda: fate
    with pytest.raises(raised):
        _say(file, "once")
    assert _said(file) == (["once"] if kept else [])


def test_a_full_disk_undoes_what_was_begun_and_has_room_again() -> None:
    file = _file()
    file.fill(True)
    with pytest.raises(UnavailableError, match="disk is full"):
        _say(file, "x" * 100_000)
    assert _said(file) == []
    file.fill(False)
    _say(file, "now")
    assert _said(file) == ["now"]


def test_transactions_fail_at_their_beginning_while_somebody_works_with_the_file() -> None:
    file = _file()
    file.fails = lambda writing: writing
    _say(file, "nobody is there")
    with file.in_use(), pytest.raises(UnavailableError, match="disk reported an error"):
        _say(file, "somebody is")
    assert _said(file) == ["nobody is there"]


def test_what_was_stored_under_an_error_at_commit_is_known_to_the_desk_at_once() -> None:
    """The desk's file has the page, and no later page says so again."""
    with a_world(7) as world:
        one, other = world.places[:2]
        for place in (one, other, one):
            world._round(place)
        opened = other.test.open()
        world._round(other)
        before = one.desk.view.facility().drawers[other.test.drawer()]
        fates = iter(("", KEPT))
        one.watched.file.fate = lambda: next(fates, "")
        assert world._round(one) is None
        assert world._round(one) is not None
        after = one.desk.view.facility().drawers[other.test.drawer()]
        assert (before.custody_id, after.custody_id) == (None, opened)
        assert next(fates, "used") == "used"
