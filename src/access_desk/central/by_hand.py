"""Taking in the file that a desk's entries came in by hand, as if the desk had sent them itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from access_desk.central.clusters import Clusters
from access_desk.domain.content import contents_of
from access_desk.domain.errors import UnavailableError
from access_desk.protocol.chain import is_signed_by
from access_desk.protocol.encoding import UndecodableEventError
from access_desk.protocol.messages import MalformedMessageError
from access_desk.protocol.unsent import UnsentContent, UnsentStream, read_file
from access_desk.storage import blobs, central_log
from access_desk.storage.central_log import KnownDesk
from access_desk.storage.engine import write_transaction
from access_desk.storage.event_log import Stream
from access_desk.storage.handles import Connection
from access_desk.storage.projections.rows import utc_text
from access_desk.storage.received import Arrived, Flaw, RejectedEventError

NOTHING = "Nothing was taken in."


class UnreadableFileError(Exception):
    """The file is not what a desk wrote."""


@dataclass(frozen=True, slots=True)
class TakenByHand:
    """What of a file was new, what central had already, and what could not be projected yet."""

    stored: int = 0
    skipped: int = 0
    parked: int = 0


def take_in_file(clusters: Clusters, content: bytes, now: datetime) -> TakenByHand:
    """Take in a file, what is of one database in one transaction or nothing of it; a second time changes nothing.

    The desk must be known here and have signed the file. That it was revoked does not matter: whoever brings the file
    decides that what it recorded is to be kept.

    Raises:
        UnreadableFileError: it is no such file, or was changed on its way.
        UnavailableError: it cannot be taken in as it is, or only what is of some of the databases.
    """
    try:
        unsent, digest, signature = read_file(content)
    except MalformedMessageError as wrong:
        raise UnreadableFileError(str(wrong)) from wrong
    known = {one.facility_id: one for one in clusters.known_desks(unsent.desk_id)}
    for stream in unsent.streams:
        desk = known.get(stream.facility_id)
        if desk is None:
            raise UnavailableError(f"Desk {unsent.desk_id} is not one of {stream.facility_id} here. {NOTHING}")
        if not is_signed_by(desk.public_key, digest, signature):
            raise UnreadableFileError("the signature is not the desk's: the file was changed on its way")
    taken = TakenByHand()
    for database in clusters:
        streams = [one for one in unsent.streams if clusters.of(one.facility_id) is database]
        contents = [one for one in unsent.contents if clusters.of(one.facility_id) is database]
        if not streams:
            continue
        try:
            taken = _with(taken, _take_in(clusters, unsent.desk_id, streams, contents, known, now))
        except (UnavailableError, UnreadableFileError) as wrong:
            if taken == TakenByHand():
                raise
            raise UnavailableError(
                f"{taken.stored} events of other facilities in the file were taken in. Of {streams[0].facility_id}: {wrong} "
                "Once that is mended, bring the same file again."
            ) from wrong
    return taken


def _take_in(
    clusters: Clusters,
    desk_id: str,
    streams: Sequence[UnsentStream],
    contents: Sequence[UnsentContent],
    known: Mapping[str, KnownDesk],
    now: datetime,
) -> TakenByHand:
    at = Stream("", desk_id, 0)
    taken = TakenByHand()
    try:
        with write_transaction(clusters.of(streams[0].facility_id)) as connection:
            _keep_contents(connection, contents)
            for stream in streams:
                at = Stream(stream.facility_id, desk_id, stream.stream_epoch)
                taken = _with(taken, _ingest(connection, at, stream, known[stream.facility_id], utc_text(now)))
            return taken
    except RejectedEventError as rejected:
        raise _refused(clusters, at, rejected, now) from rejected


def _with(one: TakenByHand, other: TakenByHand) -> TakenByHand:
    return TakenByHand(one.stored + other.stored, one.skipped + other.skipped, one.parked + other.parked)


def _ingest(connection: Connection, at: Stream, stream: UnsentStream, desk: KnownDesk, now: str) -> TakenByHand:
    arrived = [Arrived(bytes(one.event), bytes.fromhex(one.signature)) for one in stream.events]
    _check_contents(connection, at.facility_id, arrived)
    taken = central_log.ingest(connection, at, arrived, desk.public_key, now)
    return TakenByHand(len(taken.stored), taken.skipped, len(taken.parked))


def _keep_contents(connection: Connection, contents: Sequence[UnsentContent]) -> None:
    for one in contents:
        if not blobs.has(connection, one.facility_id, sha256(one.content).hexdigest()):
            blobs.put(connection, one.facility_id, one.content)


def _check_contents(connection: Connection, facility_id: str, arrived: Sequence[Arrived]) -> None:
    for one in arrived:
        try:
            named = contents_of(one.decoded[0].body)
        except UndecodableEventError as wrong:
            raise UnreadableFileError("something in it is not an event") from wrong
        if not all(blobs.has(connection, facility_id, content.sha256) for content in named):
            raise UnavailableError(f"The file lacks content that its events name. {NOTHING}")


def _refused(clusters: Clusters, at: Stream, rejected: RejectedEventError, now: datetime) -> Exception:
    if rejected.flaw is Flaw.GAP:
        return UnavailableError(
            f"Event {rejected.expected} of the desk has to come next, and the file begins later. {NOTHING} "
            "Have the desk write it again with: access-desk sync --export FILE --everything"
        )
    if rejected.flaw in (Flaw.FORK, Flaw.CHAIN):
        clusters.raise_alarm(at, rejected, utc_text(now))
        return UnavailableError(
            f"Central has another history of this desk before event {rejected.seq + 1}. Both are kept. {NOTHING} Call support."
        )
    return UnreadableFileError(f"event {rejected.seq} cannot be taken in ({rejected.flaw.value})")
