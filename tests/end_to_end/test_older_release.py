"""The home of a desk of the release before: the window upgrades it, and so does loading an index; looking at it does not."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from access_desk.app import OpenedDesk, open_for_index, open_for_window, open_to_read
from access_desk.domain.errors import UnavailableError
from access_desk.storage.engine import read_transaction, write_transaction
from access_desk.storage.migrate import HEAD, REVISIONS, revision
from access_desk.storage.upgrade import upgrade
from access_desk.system.desk_files import open_desk
from access_desk.system.home import Home


def a_home_of_the_release_before(folder: Path) -> int:
    """Its tables are those of that release; how many events it has."""
    with open_for_index(folder):
        pass
    files = open_desk(Home.at(folder), lambda _: None, may_upgrade=False)
    with write_transaction(files.database) as connection:
        log = [tuple(row) for row in connection.exec_driver_sql("SELECT * FROM events").all()]
        for (name,) in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").all():
            connection.exec_driver_sql(f"DROP TABLE {name}")
    upgrade(files.database, REVISIONS[:-1])
    with write_transaction(files.database) as connection:
        marks = ", ".join("?" * len(log[0]))
        for row in log:
            connection.exec_driver_sql(f"INSERT INTO events VALUES ({marks})", row)  # noqa: S608 - question marks
        assert revision(connection) == REVISIONS[-2]
    files.close()
    return len(log)


@pytest.mark.parametrize("opening", [open_for_window, open_for_index])
def test_whoever_opens_it_for_writing_upgrades_it(
    tmp_path: Path, opening: Callable[[Path], AbstractContextManager[OpenedDesk]]
) -> None:
    home = tmp_path / "home"
    events = a_home_of_the_release_before(home)
    with pytest.raises(UnavailableError, match="earlier release"), open_to_read(home):
        pass
    with opening(home) as opened, read_transaction(opened.files.database) as connection:
        assert revision(connection) == HEAD
        assert connection.exec_driver_sql("SELECT count(*) FROM events").scalar_one() >= events
        assert opened.desk.practice
    assert [path.name for path in (home / "backups").iterdir()] == [f"before-upgrade-from-{REVISIONS[-2]}.backup"]
