"""Bugs between desk and central."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from access_desk.central import intake
from access_desk.protocol.chain import hash_of
from access_desk.services.journal import Journal
from access_desk.storage import central_log, desk_feed, received
from access_desk.storage.desk_feed import FeedCursor
from access_desk.storage.engine import CommitFailed, write_transaction
from access_desk.storage.event_log import Head
from access_desk.storage.received import Arrived
from access_desk.sync import desk_store
from access_desk.sync.core import Round
from access_desk.sync.desk_store import DeskStore
from tests.simulation.planted.planting import planted


@planted("central acknowledges although its COMMIT failed", (intake, "_ingest"))
def acknowledged_too_early(real: Any) -> Any:
    def wrong(*asked: Any) -> Any:
        told: list[Any] = []
        ingest = central_log.ingest

        def listening(*given: Any) -> Any:
            told[:] = [ingest(*given)]
            return told[0]

        setattr(central_log, "ingest", listening)  # noqa: B010
        try:
            return real(*asked)
        except CommitFailed:
            return told[0], 0
        finally:
            setattr(central_log, "ingest", ingest)  # noqa: B010

    return wrong


@planted("a desk offers what follows its own note and never what central lost", (DeskStore, "offered"))
def cursor_of_the_client(real: Any) -> Any:
    noted: dict[str, int] = {}

    def wrong(self: DeskStore, epoch: int, after: int) -> Sequence[Arrived]:
        desk = self._stream.desk_id
        noted[desk] = max(noted.get(desk, 0), after)
        return [] if after < noted[desk] else real(self, epoch, after)

    return wrong


@planted("events that were offered five times are not offered again", (DeskStore, "offered"))
def dropped_after_five(real: Any) -> Any:
    tries: dict[tuple[str, int], int] = {}

    def wrong(self: DeskStore, epoch: int, after: int) -> Sequence[Arrived]:
        batch: Sequence[Arrived] = real(self, epoch, after)
        key = (self._stream.desk_id, after)
        tries[key] = tries.get(key, 0) + bool(batch)
        return [] if tries[key] > 5 else batch

    return wrong


@planted("the cursor is saved before the page is", (desk_feed, "follow"))
def cursor_before_page(real: Any) -> Any:
    def wrong(connection: Any, stream: Any, before: FeedCursor, arrived: Any, digest: str) -> Any:
        after = FeedCursor(before.position + len(arrived), digest)
        cursor, taken, is_restamped = real(
            connection, stream, before, arrived[:-1] if len(arrived) > 7 else arrived, _digest(before, arrived, digest)
        )
        del cursor
        desk_feed.save_cursor(connection, stream.facility_id, after)
        return after, taken, is_restamped

    return wrong


def _digest(before: FeedCursor, arrived: Sequence[Arrived], digest: str) -> str:
    if len(arrived) <= 7:
        return digest
    end = before.digest
    for one in arrived[:-1]:
        end = desk_feed.next_digest(end, hash_of(one.data), one.cap)
    return end


@planted("central takes a desk's word for where it is in the feed", (central_log, "digest_at"))
def feed_is_not_compared(real: Any) -> Any:
    del real
    return lambda connection, facility_id, position: _Anything()


class _Anything(str):
    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return True

    def __ne__(self, other: object) -> bool:
        return False

    __hash__ = str.__hash__


@planted("only the first event of a batch gets into the feed", (central_log, "extend_feed"))
def feed_with_holes(real: Any) -> Any:
    return lambda connection, facility_id, stored, caps, now, head: real(connection, facility_id, stored[:1], caps, now, head)


@planted("a page begins one position too late", (central_log, "feed_after"))
def page_begins_late(real: Any) -> Any:
    return lambda connection, facility_id, after, events, size: real(connection, facility_id, after + (after > 60), events, size)


@planted("events that central has are stored again under a new number", (received, "head_of"))
def watermark_forgotten(real: Any) -> Any:
    return lambda connection, stream: Head() if real(connection, stream).seq > 40 else real(connection, stream)


@planted("a desk writes in other desks' drawers", (Journal, "_check_leases"))
def no_leases(real: Any) -> Any:
    del real
    return lambda self, states, facts: None


@planted("a desk takes its own word that a page was stored", (desk_store.DeskStore, "follow"))
def page_errors_are_swallowed(real: Any) -> Any:
    def wrong(self: DeskStore, before: FeedCursor, events: Any, digest: str) -> int:
        after = FeedCursor(before.position + len(events), digest)
        try:
            return real(self, before, events, digest)  # type: ignore[no-any-return]
        except Exception:  # noqa: BLE001 - that is the bug
            with suppress(CommitFailed), write_transaction(self._database) as connection:
                desk_feed.save_cursor(connection, self._stream.facility_id, after)
            return 0

    return wrong


@planted("a round ends happily when central answers with an error", (Round, "_push"))
def errors_are_success(real: Any) -> Any:
    def wrong(self: Round, epoch: int) -> Any:
        try:
            yield from real(self, epoch)
        except Exception:  # noqa: BLE001 - that is the bug
            self._at_central[epoch] = self._store.head(epoch).seq

    return wrong
