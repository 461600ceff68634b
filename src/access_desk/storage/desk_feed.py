"""The desk's side of synchronization as rows: what of its own to offer, how far the feed was followed, what came."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Final

from sqlalchemy import Connection

from access_desk.domain.content import contents_of
from access_desk.domain.events import Recorded
from access_desk.domain.patients.index_events import PatientsImported
from access_desk.protocol.encoding import UndecodableEventError, decode
from access_desk.storage import blobs
from access_desk.storage.caps import keep_caps, kept_caps, overtaken, restamp
from access_desk.storage.event_log import Stream
from access_desk.storage.local_tables import save_setting, setting
from access_desk.storage.received import Arrived, Taken, take_in

_CURSOR: Final = "sync.cursor"
_REWOUND: Final = "sync.rewound"
_DIFFERS: Final = "sync.differs"
_ACKNOWLEDGED: Final = "sync.acknowledged"
EMPTY_DIGEST: Final = "0" * 64
# Rows of imported records after which a page goes on in another transaction.
_MOST_IMPORTED: Final = 5_000
# What a desk records by itself, before anybody works at it.
_OF_ITSELF: Final = ("desk.enrolled", "desk.numbered", "desk.clock_off")


@dataclass(frozen=True, slots=True)
class FeedCursor:
    """How far the facility's feed was followed, and its digest there."""

    position: int = 0
    digest: str = EMPTY_DIGEST


class FeedError(Exception):
    """A page of the feed is not what it should be; nothing of it was kept."""


def next_digest(digest: str, event_hash: bytes, cap: str = "") -> str:
    """The feed's digest after one more event, with what its stamp counts as when that is not what it says."""
    return sha256(bytes.fromhex(digest) + event_hash + cap.encode()).hexdigest()


def feed_cursor(connection: Connection, facility_id: str) -> FeedCursor:
    """Where the feed is to be followed from."""
    kept = setting(connection, facility_id, _CURSOR)
    if kept is None:
        return FeedCursor()
    position, digest = kept.split()
    return FeedCursor(int(position), digest)


def save_cursor(connection: Connection, facility_id: str, cursor: FeedCursor) -> None:
    """Follow the feed from there; from its beginning after central's feed has become another."""
    save_setting(connection, facility_id, _CURSOR, f"{cursor.position} {cursor.digest}")


def rewind(connection: Connection, facility_id: str) -> None:
    """Follow the feed from its beginning again."""
    save_cursor(connection, facility_id, FeedCursor())
    save_setting(connection, facility_id, _REWOUND, "1")


def was_rewound(connection: Connection, facility_id: str) -> bool:
    """Whether the feed is followed from its beginning again."""
    return setting(connection, facility_id, _REWOUND) == "1"


def forget_rewound(connection: Connection, facility_id: str) -> None:
    """It was followed to its end since."""
    save_setting(connection, facility_id, _REWOUND, "")


def has_differed(connection: Connection, facility_id: str) -> bool:
    """Whether figures differed from central's when they were last compared."""
    return setting(connection, facility_id, _DIFFERS) == "yes"


def note_compared(connection: Connection, facility_id: str, is_same: bool) -> None:
    """Figures came to differ from central's, and the feed is to be followed from its beginning; or are the same again."""
    save_setting(connection, facility_id, _DIFFERS, "" if is_same else "yes")
    if not is_same:
        rewind(connection, facility_id)


def own_epochs(connection: Connection, facility_id: str, desk_id: str) -> list[int]:
    """The epochs in which this desk has recorded, oldest first."""
    rows = connection.exec_driver_sql(
        "SELECT DISTINCT stream_epoch FROM events WHERE facility_id = ? AND desk_id = ? ORDER BY 1", (facility_id, desk_id)
    ).all()
    return [row[0] for row in rows]


def offered(connection: Connection, stream: Stream, after: int, most_events: int, most_bytes: int) -> list[Arrived]:
    """Events of a stream after a sequence number, as many as fit; at least one when there is one."""
    rows = connection.exec_driver_sql(
        "SELECT data, signature FROM events WHERE facility_id = ? AND desk_id = ? AND stream_epoch = ? AND desk_seq > ? "
        "ORDER BY desk_seq LIMIT ?",
        (stream.facility_id, stream.desk_id, stream.epoch, after, most_events),
    ).all()
    batch: list[Arrived] = []
    room = most_bytes
    for data, signature in rows:
        room -= len(data) + len(signature or b"") * 2
        if batch and room < 0:
            break
        batch.append(Arrived(bytes(data), bytes(signature or b"")))
    return batch


def acknowledge(connection: Connection, stream: Stream, seq: int) -> None:
    """Remember how far central has this desk's stream; only to tell people what waits."""
    save_setting(connection, stream.facility_id, f"{_ACKNOWLEDGED}.{stream.desk_id}.{stream.epoch}", str(seq))


def unacknowledged(connection: Connection, desk_id: str, only_facility: str = "") -> int:
    """How many events of this desk central has not acknowledged, of all facilities that it serves or of one."""
    rows = connection.exec_driver_sql(
        "SELECT facility_id, stream_epoch, max(desk_seq) FROM events WHERE desk_id = ? GROUP BY facility_id, stream_epoch",
        (desk_id,),
    ).all()
    waiting = 0
    for facility_id, epoch, last in rows:
        if only_facility not in ("", facility_id):
            continue
        known = setting(connection, facility_id, f"{_ACKNOWLEDGED}.{desk_id}.{epoch}")
        waiting += max(last - int(known or 0), 0)
    return waiting


def own_streams(connection: Connection, desk_id: str) -> list[tuple[Stream, int]]:
    """The streams of this desk in every facility that it serves, and how far central has acknowledged each."""
    rows = connection.exec_driver_sql(
        "SELECT DISTINCT facility_id, stream_epoch FROM events WHERE desk_id = ? ORDER BY 1, 2", (desk_id,)
    ).all()
    return [
        (Stream(facility_id, desk_id, epoch), int(setting(connection, facility_id, f"{_ACKNOWLEDGED}.{desk_id}.{epoch}") or 0))
        for facility_id, epoch in rows
    ]


def oldest_unacknowledged(connection: Connection, desk_id: str) -> datetime | None:
    """When the oldest of the desk's events was recorded that central has not acknowledged; None when nothing waits."""
    found: list[datetime] = []
    rows = connection.exec_driver_sql("SELECT DISTINCT facility_id, stream_epoch FROM events WHERE desk_id = ?", (desk_id,)).all()
    for facility_id, epoch in rows:
        known = int(setting(connection, facility_id, f"{_ACKNOWLEDGED}.{desk_id}.{epoch}") or 0)
        row = connection.exec_driver_sql(
            "SELECT data FROM events WHERE facility_id = ? AND desk_id = ? AND stream_epoch = ? AND desk_seq > ? "
            "ORDER BY desk_seq LIMIT 1",
            (facility_id, desk_id, epoch, known),
        ).first()
        if row is not None:
            found.append(decode(bytes(row[0]))[0].recorded_at)
    return min(found, default=None)


def parked(connection: Connection, facility_id: str) -> list[tuple[str, int, str, str]]:
    """Events that are stored and not projected: of which desk, their number, their kind, and why."""
    rows = connection.exec_driver_sql(
        "SELECT desk_id, desk_seq, kind, reason FROM local_parked WHERE facility_id = ? ORDER BY desk_id, desk_seq",
        (facility_id,),
    ).all()
    return [(row[0], int(row[1]), row[2], row[3]) for row in rows]


def missing_contents(connection: Connection, facility_id: str, arrived: Sequence[Arrived]) -> list[str]:
    """Hashes of what the events name and this file does not have. Raises FeedError for bytes that are no event."""
    missing: dict[str, None] = {}
    for one in arrived:
        try:
            event, _ = one.decoded
        except UndecodableEventError as wrong:
            raise FeedError("what came is not an event") from wrong
        for content in contents_of(event.body):
            if not blobs.has(connection, facility_id, content.sha256):
                missing[content.sha256] = None
    return list(missing)


def is_in_use(connection: Connection, desk_id: str) -> bool:
    """Whether anybody has recorded anything at this desk, for whatever facility."""
    marks = ", ".join("?" for _ in _OF_ITSELF)
    statement = f"SELECT 1 FROM events WHERE desk_id = ? AND kind NOT IN ({marks}) LIMIT 1"  # noqa: S608 - question marks
    return connection.exec_driver_sql(statement, (desk_id, *_OF_ITSELF)).first() is not None


def in_parts(before: FeedCursor, arrived: Sequence[Arrived], digest: str) -> list[tuple[FeedCursor, Sequence[Arrived], str]]:
    """A page cut behind what makes many rows: where each part begins, its events, and the digest at its end.

    Raises:
        FeedError: it is not what central has at these positions, or no event.
    """
    parts: list[tuple[FeedCursor, Sequence[Arrived], str]] = []
    cursor, begun, rows, first = before, before, 0, 0
    for place, one in enumerate(arrived, 1):
        try:
            body = one.decoded[0].body
        except UndecodableEventError as wrong:
            raise FeedError("what came is not an event") from wrong
        cursor = FeedCursor(cursor.position + 1, next_digest(cursor.digest, one.hash, one.cap))
        rows += body.rows if isinstance(body, PatientsImported) else 0
        if rows >= _MOST_IMPORTED or place == len(arrived):
            parts.append((begun, arrived[first:place], cursor.digest))
            begun, rows, first = cursor, 0, place
    if cursor.digest != digest:
        raise FeedError("the page is not what central has at these positions")
    return parts or [(before, arrived, digest)]


def follow(
    connection: Connection, stream: Stream, before: FeedCursor, arrived: Sequence[Arrived], digest: str
) -> tuple[FeedCursor, list[Taken], bool]:
    """Take in a page of the feed and move the cursor, in the caller's one transaction.

    Also answers whether the stamps of events that were here already count otherwise now.

    Args:
        connection: in a write transaction.
        stream: this desk's own, which only it writes.
        before: where the page begins.
        arrived: its events.
        digest: what central says the feed's digest is at its end.

    Raises:
        FeedError: the digest is another, or the feed knows more of this desk's stream than the desk: an older copy was
            put back.
        RejectedEventError: an event is not its desk's.
    """
    cursor = before
    placed: list[tuple[Stream, Arrived]] = []
    for one in arrived:
        try:
            event, _ = one.decoded
        except UndecodableEventError as wrong:
            raise FeedError("what came is not an event") from wrong
        cursor = FeedCursor(cursor.position + 1, next_digest(cursor.digest, one.hash, one.cap))
        placed.append((Stream(event.facility_id, event.desk_id, event.stream_epoch), one))
    if cursor.digest != digest:
        raise FeedError("the page is not what central has at these positions")
    taken: list[Taken] = []
    restamped = _caps_that_differ(connection, stream.facility_id, placed)
    # The desks of a facility take turns in its feed; what one of them did is taken in at once, and rows are the same then.
    by_stream: dict[Stream, list[Arrived]] = defaultdict(list)
    for of_stream, one in placed:
        by_stream[of_stream].append(one)
    for of_stream, group in by_stream.items():
        batch = take_in(connection, of_stream, group, None)
        if of_stream == stream and batch.stored:
            raise FeedError("central has events of this desk that the desk has not: an older copy of its file was put back")
        taken.append(batch)
    stored = {stored.event.event_id for one in taken for stored in one.stored}
    late = [(event, cap) for event, cap in restamped if event.event_id not in stored]
    if late:
        _count_anew(connection, stream.facility_id, late)
    save_cursor(connection, stream.facility_id, cursor)
    return cursor, taken, bool(late)


def _count_anew(connection: Connection, facility_id: str, late: Sequence[tuple[Recorded, str]]) -> None:
    """They were projected under other stamps before central said what these count as; so were those that follow on them."""
    kept = kept_caps(connection, facility_id)
    now = [(event, cap, replace(event, stamp=cap or event.stamp)) for event, cap in late]
    lasts = {event.desk_id: counted for event, _, counted in sorted(now, key=lambda one: (one[0].stream_epoch, one[0].desk_seq))}
    for last in lasts.values():
        now += [(event, cap, replace(event, stamp=cap or event.stamp)) for event, cap in overtaken(connection, last)]
    were = [kept.get((event.desk_id, event.stream_epoch, event.desk_seq), event.stamp) for event, _, _ in now]
    restamp(connection, [(replace(counted, stamp=was), counted) for (_, _, counted), was in zip(now, were, strict=True)])
    keep_caps(connection, [(event, cap) for event, cap, _ in now])


def _caps_that_differ(
    connection: Connection, facility_id: str, placed: Sequence[tuple[Stream, Arrived]]
) -> list[tuple[Recorded, str]]:
    """The events, with the stamps of their own, of which central says another cap than is kept here."""
    kept = kept_caps(connection, facility_id)
    if not kept and not any(one.cap for _, one in placed):
        return []
    differing = []
    for of_stream, one in placed:
        event = decode(one.data)[0]
        if one.cap.split("-")[0] > event.stamp:
            raise FeedError("central says of a stamp that it counts as a later one")
        if kept.get((of_stream.desk_id, of_stream.epoch, event.desk_seq), "") != one.cap:
            differing.append((event, one.cap))
    return differing
