"""What waits for central, as a signed file: for a desk that will not reach a network in time, or was revoked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from access_desk.domain.content import contents_of
from access_desk.protocol.encoding import decode
from access_desk.protocol.messages import MOST_BYTES, MOST_EVENTS, WireEvent
from access_desk.protocol.unsent import FORMAT, Unsent, UnsentContent, UnsentStream, signed_file
from access_desk.storage import blobs, desk_feed
from access_desk.storage.engine import Database, read_transaction
from access_desk.storage.event_log import Stream
from access_desk.storage.handles import Connection
from access_desk.storage.received import Arrived
from access_desk.sync.ports import Signs


@dataclass(frozen=True, slots=True)
class ByHand:
    """A file's bytes, and how many events it carries."""

    content: bytes
    events: int


def unsent_file(database: Database, desk_id: str, signer: Signs, *, everything: bool = False) -> ByHand:
    """What central has not acknowledged, or everything that the desk recorded, from one consistent view of the file."""
    streams: list[UnsentStream] = []
    contents: dict[tuple[str, str], UnsentContent] = {}
    with read_transaction(database) as connection:
        for stream, acknowledged in desk_feed.own_streams(connection, desk_id):
            events = list(_events(connection, stream, 0 if everything else acknowledged))
            for one in events:
                for named in contents_of(decode(one.data)[0].body):
                    key = (stream.facility_id, named.sha256)
                    if key not in contents:
                        contents[key] = UnsentContent(stream.facility_id, blobs.get(connection, *key))
            if events:
                wired = tuple(WireEvent(msgspec.Raw(one.data), one.signature.hex()) for one in events)
                streams.append(UnsentStream(stream.facility_id, stream.epoch, wired))
    unsent = Unsent(FORMAT, desk_id, tuple(streams), tuple(contents.values()))
    return ByHand(signed_file(unsent, signer.sign), sum(len(one.events) for one in streams))


def _events(connection: Connection, stream: Stream, after: int) -> Iterator[Arrived]:
    while batch := desk_feed.offered(connection, stream, after, MOST_EVENTS, MOST_BYTES):
        yield from batch
        after += len(batch)
