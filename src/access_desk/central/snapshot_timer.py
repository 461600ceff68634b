"""Looks now and then whether a facility wants a newer snapshot, so that the next new desk need not wait for one."""

from __future__ import annotations

import threading
from typing import Final

from access_desk.central.clusters import Clusters
from access_desk.central.snapshots import Snapshots
from access_desk.domain.errors import UnavailableError

EVERY_SECONDS: Final = 300.0
FIRST_SECONDS: Final = 60.0
_PATIENCE_SECONDS: Final = 30.0


class SnapshotTimer:
    """A thread that looks after ``first_s`` seconds and then every ``every_s`` seconds, until it is closed.

    Not at once: a central that ends over and over would leave a maker of snapshots behind each time.
    """

    def __init__(
        self, snapshots: Snapshots, clusters: Clusters, every_s: float = EVERY_SECONDS, first_s: float = FIRST_SECONDS
    ) -> None:
        self._snapshots, self._clusters, self._every_s, self._first_s = snapshots, clusters, every_s, first_s
        self._turn = 0
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._work, name="snapshot-timer", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def look(self) -> None:
        """Order what is wanted. What cannot be asked or written is looked at again next time."""
        found = self._clusters.facilities()
        # One is made at a time: whose turn it is comes first, so that one that always fails keeps nobody from theirs.
        first = self._turn % max(len(found), 1)
        self._turn += 1
        for database, facility_id in [*found[first:], *found[:first]]:
            try:
                self._snapshots.order_if_wanted(database, facility_id)
            except (UnavailableError, OSError):
                continue

    def close(self) -> None:
        """Look no more."""
        self._is_over.set()
        if self._thread.is_alive():
            self._thread.join(_PATIENCE_SECONDS)

    def _work(self) -> None:
        wait_s = self._first_s
        while not self._is_over.wait(wait_s):
            self.look()
            wait_s = self._every_s
