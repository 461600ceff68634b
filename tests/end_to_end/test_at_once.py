"""What one desk pushes is at another that listens without waiting for its interval, and central stops although desks listen."""

from __future__ import annotations

import queue
import sys
from pathlib import Path

import pytest

from access_desk.app import open_to_write
from access_desk.commands.rounds import sync_loop
from access_desk.sync.loop import SyncStatus
from tests.end_to_end.test_two_desks import DAYS, central, desk, receipts, start  # noqa: F401 - a fixture
from tests.end_to_end.test_two_desks import Central as RunningCentral

# Half the shortest interval between two rounds.
PATIENCE_S = 24.0


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_desk_that_listens_has_at_once_what_another_pushed(central: RunningCentral, tmp_path: Path) -> None:  # noqa: F811
    north, south = tmp_path / "north", tmp_path / "south"
    for home in (north, south):
        desk("enroll", "--central", central.url, "--code", central.code(), "--label", home.name, "--home", home)
    desk("play", DAYS / "refund-leaves-another-drawer.json", "--home", north)
    said: queue.Queue[SyncStatus] = queue.Queue()
    with open_to_write(south) as opened:
        loop = sync_loop(opened)
        loop.heard = said.put
        loop.start()
        try:
            while said.get(timeout=PATIENCE_S).rounds < 1:
                pass
            sent = int(desk("sync", "--once", "--home", north).split(" sent")[0].split()[-1])
            assert sent
            # They may come in more than one round: each push is told of.
            while (status := said.get(timeout=PATIENCE_S)).received < sent:
                assert status.trouble == ""
            # Lines are open, and do not keep central from stopping.
            central.stop()
        finally:
            loop.stop()
    assert receipts(south) == receipts(north) != []
