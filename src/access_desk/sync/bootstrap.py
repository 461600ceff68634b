"""Beginning with a snapshot instead of the feed's beginning, as a part of a round; see `core`.

::

    ask what there is -> check who signed it -> fetch what is not here yet, range after range -> check all of it -> take it in

Whatever is not as it should be, the desk follows the feed instead, and says why.
"""

from __future__ import annotations

from typing import Final

from access_desk.protocol.snapshots import MOST_PART, Snapshot, SnapshotOffer
from access_desk.storage.snapshot_loading import SnapshotRefusedError
from access_desk.sync.core import (
    Asking,
    AskRange,
    Began,
    Identity,
    Request,
    Response,
    RetryLaterError,
    answer_of,
    open_session,
    problem_of,
)
from access_desk.sync.desk_store import DeskStore
from access_desk.sync.landing import Landing
from access_desk.sync.ports import Signs

_PARTIAL: Final = 206
_NOT_FOUND: Final = 404
_NOT_IN_FILE: Final = 416
# While a snapshot is being made the feed is followed; after so many pages the desk asks for it again.
_PAGES_BETWEEN: Final = 100


class Bootstrap:
    """The beginning of one desk for one facility, during one round."""

    def __init__(self, store: DeskStore, landing: Landing, facility_id: str) -> None:
        self._store = store
        self._landing = landing
        self._facility_id = facility_id
        self._pages = 0
        self._is_over = False

    def is_due(self, position: int, head: int) -> bool:
        """Whether a snapshot is to be asked for before the page after that position is taken in."""
        if self._is_over or (position > 0 and head - position <= self._landing.far_behind):
            return False
        self._pages += 1
        return self._pages % _PAGES_BETWEEN == 1

    def begin(self, position: int, ask: AskRange) -> Asking[Began]:
        """Fetch and take in the newest snapshot, if that leads further than this position.

        Raises:
            RetryLaterError: central went away; the next round goes on with what came.
            UnavailableError: the desk's folder or file cannot be written.
        """
        offer = yield from _offered(self._facility_id, ask)
        snapshot = offer.snapshot
        least = self._landing.far_behind if position else 0
        if snapshot is None or snapshot.position - position <= least:
            self._is_over = not offer.is_making
            return Began()
        self._is_over = True
        if snapshot.database_size > self._landing.most_in_use and self._store.is_in_use():
            # The whole of it is one transaction, in which nobody here could record; the feed comes in small ones.
            return Began(0, "people work at this desk already, and the snapshot is too large to be taken in meanwhile")
        try:
            yield from _fetch(self._landing, snapshot, self._facility_id, ask)
            self._store.take_snapshot(self._landing, snapshot)
        except SnapshotRefusedError as refused:
            self._landing.forget(snapshot)
            return Began(0, str(refused))
        return Began(snapshot.position)


def first_snapshot(identity: Identity, signer: Signs, landing: Landing) -> Asking[Snapshot | None]:
    """Fetch what a desk that was just enrolled can begin with; None when there is nothing, or nothing that it may use.

    Raises:
        RetryLaterError: central went away. StoppedError: it refuses. UnavailableError: the desk's folder cannot be written.
        In either case the desk's first round goes on with what came.
    """
    token = yield from open_session(identity, signer)

    def ask(path: str, byte_range: str) -> Asking[Response]:
        answer = yield Request("GET", path, token=token, byte_range=byte_range)
        return answer

    snapshot = (yield from _offered(identity.facility_id, ask)).snapshot
    if snapshot is None:
        return None
    try:
        yield from _fetch(landing, snapshot, identity.facility_id, ask)
    except SnapshotRefusedError:
        landing.forget(snapshot)
        return None
    return snapshot


def _path(facility_id: str) -> str:
    return f"/v1/facilities/{facility_id}"


def _offered(facility_id: str, ask: AskRange) -> Asking[SnapshotOffer]:
    answer = yield from ask(f"{_path(facility_id)}/snapshot", "")
    return answer_of(answer, SnapshotOffer)


def _fetch(landing: Landing, snapshot: Snapshot, facility_id: str, ask: AskRange) -> Asking[None]:
    landing.check(snapshot, facility_id)
    path = f"{_path(facility_id)}/snapshots/{snapshot.position}"
    while (have := landing.fetched(snapshot)) < snapshot.size:
        landing.told(have, snapshot.size)
        answer = yield from ask(path, f"bytes={have}-{min(have + MOST_PART, snapshot.size) - 1}")
        if answer.status == _NOT_FOUND and problem_of(answer).code == "snapshot":
            raise RetryLaterError("central has a newer snapshot by now")
        if answer.status == _NOT_IN_FILE:
            raise SnapshotRefusedError("central's file of the snapshot is cut off")
        if answer.status != _PARTIAL:
            answer_of(answer, Snapshot)
            raise RetryLaterError("something else than central answered")
        if not answer.body or have + len(answer.body) > snapshot.size:
            raise RetryLaterError("central sent another part than was asked for")
        landing.keep(snapshot, answer.body)
    landing.told(snapshot.size, snapshot.size)
