"""Taking in one batch of a desk, in whatever process: its bytes in, what to answer out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from access_desk.central.problems import BAD_REQUEST, CONFLICT, UNAVAILABLE, ProblemError, check_protocol, no, read
from access_desk.domain.content import Content as Named
from access_desk.domain.content import contents_of
from access_desk.protocol import messages as wire
from access_desk.protocol.encoding import UndecodableEventError
from access_desk.protocol.signatures import Elsewhere, Signatures
from access_desk.storage import blobs, central_log
from access_desk.storage.engine import CommitFailed, Database, write_transaction
from access_desk.storage.event_log import Stream
from access_desk.storage.received import Arrived, Taken


@dataclass(frozen=True, slots=True)
class Took:
    """What a desk is answered, how many events of the batch were stored, and how far the facility's feed has come."""

    acknowledged: wire.Acknowledged
    stored: int
    position: int


# Where the facility is, whose stream, the desk's public key, the body, and when it came.
Taking: TypeAlias = Callable[[Database, Stream, str, bytes, str], Took]


def take(database: Database, stream: Stream, public_key: str, body: bytes, now: str, checkers: Elsewhere | None = None) -> Took:
    """Take in a batch, durably, or nothing of it.

    Args:
        database: where the facility is.
        stream: the desk's.
        public_key: the desk's, hex.
        body: `protocol.messages.Push`.
        now: when it came, UTC text.
        checkers: who checks the signatures meanwhile; a thread when there is nobody.

    Raises:
        ProblemError: what the desk is answered instead.
        RejectedEventError: an event is not the one that has to come next.
    """
    pushed = read(body, wire.Push)
    check_protocol(pushed.protocol)
    arrived = [Arrived(bytes(one.event), bytes.fromhex(one.signature)) for one in pushed.events]
    try:
        taken, position = _ingest(database, stream, arrived, public_key, now, checkers)
    except CommitFailed as unknown:
        raise no(UNAVAILABLE, "unknown", "Whether it was stored could not be found out. Ask again.") from unknown
    return Took(wire.Acknowledged(taken.head.seq, taken.head.hash, taken.parked), len(taken.stored), position)


def _ingest(
    database: Database, stream: Stream, arrived: list[Arrived], public_key: str, now: str, checkers: Elsewhere | None
) -> tuple[Taken, int]:
    with write_transaction(database) as connection:
        named: list[Sequence[Named]] = []
        begun = central_log.begin(connection, stream, arrived, lambda: named.extend(_contents(arrived)))
        new = arrived[begun.known :]
        signatures = Signatures()
        if checkers is not None:
            signatures.begin(checkers, [(public_key, one.hash, one.signature) for one in new])
        contents = [one.sha256 for event in named[begun.known :] for one in event]
        missing = [one for one in contents if not blobs.has(connection, stream.facility_id, one)]
        if missing:
            problem = wire.Problem("content_missing", "Send first what the events name.", missing=tuple(missing))
            raise ProblemError(CONFLICT, problem)
        taken = central_log.ingest(connection, stream, new, public_key, now, signatures, begun)
        return taken, begun.feed.position + len(taken.stored)


def _contents(arrived: list[Arrived]) -> list[Sequence[Named]]:
    """What each event names."""
    try:
        return [tuple(contents_of(one.decoded[0].body)) for one in arrived]
    except UndecodableEventError as wrong:
        raise no(BAD_REQUEST, "malformed", "Something in the batch is not an event.") from wrong
