"""Central's side as rows: ingest into the log and the feed, the feed's pages, desks and their codes, alarms."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import Connection, Engine

from access_desk.protocol.messages import MalformedMessageError, repeats_a_name
from access_desk.protocol.signatures import Signatures
from access_desk.storage.counted import as_received
from access_desk.storage.desk_feed import EMPTY_DIGEST, FeedCursor, next_digest
from access_desk.storage.engine import Database, read_once, write_transaction
from access_desk.storage.event_log import Head, StoredEvent, Stream, asking_for_head, head_said
from access_desk.storage.flag_rows import add_flags
from access_desk.storage.flags import flag_of_alarm, raise_flags
from access_desk.storage.received import (
    Arrived,
    Flaw,
    RejectedEventError,
    Taken,
    asking_for_known,
    known_said,
    take_in,
)
from access_desk.storage.row_batch import insert_rows
from access_desk.storage.schema.central import central_metadata
from access_desk.storage.statements import Question, Row, Rows, rows_of, rows_together, sent_together

# No facility has a blank id: its head's row stands for all of them.
_ALL_FACILITIES: Final = ""
# As many events make a short batch, of which everything is looked at before anything is written.
_FEW: Final = 8
# Longer events are fetched one by one while there is room: 500 of a mebibyte would be half a gibibyte for every page.
_FETCHED_AT_ONCE: Final = 8_192
_FEED_COLUMNS: Final = ("facility_id", "position", "desk_id", "stream_epoch", "desk_seq", "received_at", "digest")


@dataclass(frozen=True, slots=True)
class KnownDesk:
    """A desk that was enrolled; ``revoked_at`` is blank while it may write.

    One ``is_quarantined`` while two histories of it are here and nobody has looked yet.
    """

    facility_id: str
    desk_id: str
    number: int
    label: str
    public_key: str
    enrolled_at: str
    revoked_at: str = ""
    is_quarantined: bool = False


@dataclass(frozen=True, slots=True)
class FeedRow:
    """An event of the feed as it is handed on."""

    position: int
    received_at: str
    digest: str
    data: bytes
    signature: bytes
    cap: str


def make_central_tables(engine: Engine) -> None:
    """Make those that are not there yet."""
    with write_transaction(engine) as connection:
        names = {row[0] for row in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").all()}
        missing = [table for table in central_metadata.sorted_tables if table.name not in names]
        central_metadata.create_all(connection, tables=missing, checkfirst=False)


@dataclass(frozen=True, slots=True)
class Begun:
    """A facility that is held for a batch: where its feed stands, where the stream, and how many of the first it has."""

    feed: FeedCursor
    head: Head
    known: int


def begin(
    connection: Connection, stream: Stream, arrived: Sequence[Arrived], meanwhile: Callable[[], object] = lambda: None
) -> Begun:
    """Hold a facility for a batch, and find what to do with it. What was sent again is there, with all that it names.

    Args:
        connection: in a write transaction.
        stream: whose batch it is.
        arrived: the batch.
        meanwhile: what is done while a server works on that.
    """
    questions = [_locking(stream.facility_id), asking_for_head(stream), asking_for_known(stream, arrived)]
    feed, head, known = rows_together(connection, questions, meanwhile)
    return Begun(FeedCursor(*feed[0]), head_said(head), known_said(known, arrived))


def ingest(
    connection: Connection,
    stream: Stream,
    arrived: Sequence[Arrived],
    public_key: str,
    now: str,
    signatures: Signatures | None = None,
    begun: Begun | None = None,
) -> Taken:
    """Take in a desk's batch: log, projections, feed and head rise together.

    Raises:
        RejectedEventError: nothing may be stored. What says a name twice is said first of a short batch, last of a long one.
    """
    at = begun or begin(connection, stream, ())
    is_short = len(arrived) <= _FEW
    if is_short:
        _check_said_once(arrived)
    counted = as_received(connection, stream, arrived, now)
    caps = {one.hash: one.cap for one in counted if one.cap}

    def into_feed(stored: Sequence[StoredEvent]) -> None:
        extend_feed(connection, stream.facility_id, stored, caps, now, at.feed)

    def look() -> None:
        if not is_short:
            _check_said_once(arrived)
        if signatures is not None:
            signatures.help_along()

    taken = take_in(connection, stream, counted, public_key, signatures, at.head, into_feed, look)
    raise_flags(connection, stream.facility_id, [one.event for one in taken.stored], now)
    return taken


def _check_said_once(arrived: Sequence[Arrived]) -> None:
    """What has two meanings is not taken in: desks and central have to read the same in the same bytes."""
    for place, one in enumerate(arrived, 1):
        try:
            is_clear = not repeats_a_name(one.data)
        except MalformedMessageError:
            is_clear = False
        if not is_clear:
            raise RejectedEventError(Flaw.MALFORMED, place, place)


def lock_facility(connection: Connection, facility_id: str) -> FeedCursor:
    """Let one transaction at a time write for a facility: its head's row is held until the end of this one. Where it stands."""
    statement, values = _locking(facility_id)
    ((position, digest),) = rows_of(connection, statement, *values)
    return FeedCursor(position, digest)


def _locking(facility_id: str) -> Question:
    statement = (
        "INSERT INTO central_heads (facility_id, position, digest) VALUES (?, 0, ?) "
        "ON CONFLICT (facility_id) DO UPDATE SET position = central_heads.position RETURNING position, digest"
    )
    return statement, (facility_id, EMPTY_DIGEST)


def facilities_begun(connection: Connection) -> tuple[set[str], bool]:
    """The facilities that this database has something of, and whether it is the one that numbers desks."""
    rows = connection.exec_driver_sql("SELECT facility_id FROM central_heads").all()
    found = {row[0] for row in rows}
    return found - {_ALL_FACILITIES}, _ALL_FACILITIES in found


def extend_feed(
    connection: Connection,
    facility_id: str,
    stored: Sequence[StoredEvent],
    caps: Mapping[bytes, str],
    now: str,
    head: FeedCursor,
) -> None:
    """Give events the next positions after the head of the facility, which is locked. ``caps`` are by the hash of the event."""
    if not stored:
        return
    rows: list[Row] = []
    digest = head.digest
    for position, one in enumerate(stored, head.position + 1):
        digest, event = next_digest(digest, one.hash, caps.get(one.hash, "")), one.event
        rows.append((facility_id, position, event.desk_id, event.stream_epoch, event.desk_seq, now, digest))
    cursor = connection.connection.cursor()
    try:
        with sent_together(cursor):
            insert_rows(cursor, Rows("central_feed", _FEED_COLUMNS, rows))
            cursor.execute(
                "INSERT INTO central_heads (facility_id, position, digest) VALUES (?, ?, ?) "
                "ON CONFLICT (facility_id) DO UPDATE SET position = excluded.position, digest = excluded.digest",
                (facility_id, head.position + len(stored), digest),
            )
    finally:
        cursor.close()


def feed_head(connection: Connection, facility_id: str) -> FeedCursor:
    """The end of a facility's feed."""
    rows = rows_of(connection, "SELECT position, digest FROM central_heads WHERE facility_id = ?", facility_id)
    return FeedCursor(*rows[0]) if rows else FeedCursor()


def has_imported_index(connection: Connection, facility_id: str) -> bool:
    """Whether a patient index was imported: few events, which make many rows."""
    statement = "SELECT 1 FROM events WHERE facility_id = ? AND kind = 'patients.imported' LIMIT 1"
    return connection.exec_driver_sql(statement, (facility_id,)).first() is not None


def digest_at(connection: Connection, facility_id: str, position: int) -> str | None:
    """The feed's digest at a position; None when it does not reach so far."""
    if position == 0:
        return EMPTY_DIGEST
    row = connection.exec_driver_sql(
        "SELECT digest FROM central_feed WHERE facility_id = ? AND position = ?", (facility_id, position)
    ).first()
    return row[0] if row else None


def feed_after(connection: Connection, facility_id: str, after: int, most_events: int, most_bytes: int) -> list[FeedRow]:
    """The feed after a position, as much as fits; at least one event when there is one."""
    rows = connection.exec_driver_sql(
        "SELECT f.position, f.received_at, f.digest, CASE WHEN length(e.data) <= ? THEN e.data END, length(e.data), e.signature, "
        "coalesce(c.stamp, '') FROM central_feed f "
        "JOIN events e ON e.facility_id = f.facility_id AND e.desk_id = f.desk_id AND e.stream_epoch = f.stream_epoch "
        "AND e.desk_seq = f.desk_seq LEFT JOIN local_caps c ON c.facility_id = f.facility_id AND c.desk_id = f.desk_id "
        "AND c.stream_epoch = f.stream_epoch AND c.desk_seq = f.desk_seq "
        "WHERE f.facility_id = ? AND f.position > ? ORDER BY f.position LIMIT ?",
        (_FETCHED_AT_ONCE, facility_id, after, most_events),
    ).all()
    page: list[FeedRow] = []
    room = most_bytes
    for position, received_at, digest, data, size, signature, cap in rows:
        room -= size
        if page and room < 0:
            break
        content = data if data is not None else _data_at(connection, facility_id, position)
        page.append(FeedRow(position, received_at, digest, bytes(content), bytes(signature), cap))
    return page


def _data_at(connection: Connection, facility_id: str, position: int) -> bytes:
    found = connection.exec_driver_sql(
        "SELECT e.data FROM central_feed f JOIN events e ON e.facility_id = f.facility_id AND e.desk_id = f.desk_id "
        "AND e.stream_epoch = f.stream_epoch AND e.desk_seq = f.desk_seq WHERE f.facility_id = ? AND f.position = ?",
        (facility_id, position),
    )
    return bytes(found.scalar_one())


def add_code(connection: Connection, facility_id: str, secret: str, expires_at: str) -> None:
    """A desk that brings this secret may enroll, once. Only its hash is kept."""
    connection.exec_driver_sql(
        "INSERT INTO central_codes (facility_id, secret_hash, expires_at) VALUES (?, ?, ?)",
        (facility_id, _hidden(secret), expires_at),
    )


def enroll_desk(connection: Connection, secret: str, desk_id: str, label: str, public_key: str, now: str) -> KnownDesk | None:
    """Use up a code for a desk; asking again with the same code is answered the same. None for one not good."""
    # Numbers are given among all facilities, one desk after another.
    lock_facility(connection, _ALL_FACILITIES)
    code = connection.exec_driver_sql(
        "SELECT facility_id, expires_at, used_by FROM central_codes WHERE secret_hash = ?", (_hidden(secret),)
    ).first()
    if code is None:
        return None
    facility_id, expires_at, used_by = code
    known = desk_of(connection, facility_id, desk_id)
    if known is not None or used_by is not None:
        is_same = known is not None and used_by == desk_id and known.public_key == public_key
        return known if is_same else None
    if expires_at < now:
        return None
    # Among all desks of this central, so that a desk has the same number in every facility it serves.
    elsewhere = facilities_of(connection, desk_id)
    if any(one.public_key != public_key or one.revoked_at for one in elsewhere):
        return None
    next_one = connection.exec_driver_sql("SELECT coalesce(max(number), 0) + 1 FROM central_desks").scalar_one()
    number = elsewhere[0].number if elsewhere else int(next_one)
    admit_desk(connection, KnownDesk(facility_id, desk_id, number, label, public_key, now))
    connection.exec_driver_sql(
        "UPDATE central_codes SET used_by = ? WHERE facility_id = ? AND secret_hash = ?", (desk_id, facility_id, _hidden(secret))
    )
    return desk_of(connection, facility_id, desk_id)


def admit_desk(connection: Connection, desk: KnownDesk) -> None:
    """Make a desk known in a facility, where it may write unless it was revoked."""
    connection.exec_driver_sql(
        "INSERT INTO central_desks (facility_id, desk_id, number, label, public_key, enrolled_at, revoked_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            desk.facility_id,
            desk.desk_id,
            desk.number,
            desk.label,
            desk.public_key,
            desk.enrolled_at,
            desk.revoked_at or None,
        ),
    )


def lend_block(connection: Connection, facility_id: str, desk_id: str, series: str, have: int, stream_epoch: int) -> int:
    """The block that a desk may use after those it has; asking again is answered the same.

    A desk that was restored from a backup asks in a new epoch: what was lent to it since the backup is passed over.
    """
    lock_facility(connection, facility_id)
    block = have + 1
    while True:
        row = connection.exec_driver_sql(
            "SELECT stream_epoch FROM central_blocks WHERE facility_id = ? AND desk_id = ? AND series = ? AND block = ?",
            (facility_id, desk_id, series, block),
        ).first()
        if row is None:
            connection.exec_driver_sql(
                "INSERT INTO central_blocks (facility_id, desk_id, series, block, stream_epoch) VALUES (?, ?, ?, ?, ?)",
                (facility_id, desk_id, series, block, stream_epoch),
            )
            return block
        if row[0] == stream_epoch:
            return block
        block += 1


def stream_ends(connection: Connection) -> dict[tuple[str, str], int]:
    """How many events central has of each desk, by facility and desk."""
    rows = connection.exec_driver_sql("SELECT facility_id, desk_id, count(*) FROM events GROUP BY facility_id, desk_id").all()
    return {(row[0], row[1]): row[2] for row in rows}


def _hidden(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


_UNSETTLED: Final = (
    "NOT EXISTS (SELECT 1 FROM central_settlements s WHERE s.facility_id = a.facility_id AND s.alarm_id = a.alarm_id)"
)
_DESKS: Final = (
    "SELECT d.facility_id, d.desk_id, d.number, d.label, d.public_key, d.enrolled_at, coalesce(d.revoked_at, ''), "  # noqa: S608
    f"EXISTS (SELECT 1 FROM central_alarms a WHERE a.facility_id = d.facility_id AND a.desk_id = d.desk_id AND {_UNSETTLED}) "
    "FROM central_desks d "
)
_DESK_OF: Final = _DESKS + "WHERE d.facility_id = ? AND d.desk_id = ?"
_FACILITIES_OF: Final = _DESKS + "WHERE d.desk_id = ? ORDER BY d.facility_id, d.number"


def desk_of(connection: Connection, facility_id: str, desk_id: str) -> KnownDesk | None:
    """An enrolled desk of a facility."""
    row = connection.exec_driver_sql(_DESK_OF, (facility_id, desk_id)).first()
    return _known(row) if row else None


def desk_as_committed(database: Database, facility_id: str, desk_id: str) -> KnownDesk | None:
    """The same outside of any transaction: whoever asks central for something is looked up first."""
    rows = read_once(database, _DESK_OF, facility_id, desk_id)
    return _known(rows[0]) if rows else None


def known_desks(connection: Connection) -> list[KnownDesk]:
    """Every enrolled desk."""
    return [_known(row) for row in connection.exec_driver_sql(f"{_DESKS}ORDER BY d.facility_id, d.number").all()]


def facilities_of(connection: Connection, desk_id: str) -> list[KnownDesk]:
    """A desk as it is known in each of its facilities."""
    return [_known(row) for row in connection.exec_driver_sql(_FACILITIES_OF, (desk_id,)).all()]


def facilities_as_committed(database: Database, desk_id: str) -> list[KnownDesk]:
    """The same outside of any transaction."""
    return [_known(row) for row in read_once(database, _FACILITIES_OF, desk_id)]


def members(connection: Connection, facility_id: str) -> frozenset[str]:
    """The desks of a facility that are neither revoked nor in quarantine."""
    rows = connection.exec_driver_sql(f"{_DESKS}WHERE d.facility_id = ? AND d.revoked_at IS NULL", (facility_id,)).all()
    return frozenset(one.desk_id for one in map(_known, rows) if not one.is_quarantined)


def _known(row: Sequence[Any]) -> KnownDesk:
    return KnownDesk(row[0], row[1], row[2], row[3], row[4], row[5], row[6], bool(row[7]))


def revoke_desk(connection: Connection, desk_id: str, now: str) -> int:
    """The desk gets nothing any more; what it recorded stays. In how many facilities it was known."""
    return connection.exec_driver_sql(
        "UPDATE central_desks SET revoked_at = coalesce(revoked_at, ?) WHERE desk_id = ?", (now, desk_id)
    ).rowcount


def alarm_id_of(rejected: RejectedEventError) -> str:
    """The id of the alarm that an event is which contradicts what central has."""
    return sha256(rejected.data + rejected.signature).hexdigest()


def has_alarm(connection: Connection, facility_id: str, alarm_id: str) -> bool:
    """Whether an alarm is kept here, looked at or not."""
    statement = "SELECT 1 FROM central_alarms WHERE facility_id = ? AND alarm_id = ?"
    return connection.exec_driver_sql(statement, (facility_id, alarm_id)).first() is not None


def raise_alarm(connection: Connection, stream: Stream, rejected: RejectedEventError, now: str) -> None:
    """Keep an event that contradicts one that central has, beside it: neither is changed or dropped."""
    alarm_id = alarm_id_of(rejected)
    connection.exec_driver_sql(
        "INSERT INTO central_alarms "
        "(facility_id, alarm_id, kind, desk_id, stream_epoch, desk_seq, raised_at, content, signature) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (
            stream.facility_id,
            alarm_id,
            rejected.flaw.value,
            stream.desk_id,
            stream.epoch,
            rejected.seq,
            now,
            rejected.data,
            rejected.signature,
        ),
    )
    add_flags(connection, stream.facility_id, [flag_of_alarm(rejected.data, rejected.flaw.value, now)])


def alarms(connection: Connection) -> list[tuple[str, str, int, str, str]]:
    """Facility, desk, sequence, kind and time of every alarm that nobody has looked at, oldest first."""
    rows = connection.exec_driver_sql(
        "SELECT a.facility_id, a.desk_id, a.desk_seq, a.kind, a.raised_at FROM central_alarms a "  # noqa: S608
        f"WHERE {_UNSETTLED} ORDER BY a.raised_at, a.alarm_id"
    ).all()
    return [(row[0], row[1], row[2], row[3], row[4]) for row in rows]


def settle_alarms(connection: Connection, desk_id: str, now: str) -> int:
    """Somebody has looked at the alarms of a desk: it is in quarantine no longer. How many there were."""
    return connection.exec_driver_sql(
        "INSERT INTO central_settlements (facility_id, alarm_id, settled_at) "  # noqa: S608
        f"SELECT a.facility_id, a.alarm_id, ? FROM central_alarms a WHERE a.desk_id = ? AND {_UNSETTLED}",
        (now, desk_id),
    ).rowcount


def feed_fault(connection: Connection) -> str:
    """What is wrong with the feeds: a hole, an event that is not in them, a digest that does not follow. Blank when nothing."""
    missing = connection.exec_driver_sql(
        "SELECT e.desk_id, e.desk_seq FROM events e WHERE NOT EXISTS (SELECT 1 FROM central_feed f WHERE "
        "f.facility_id = e.facility_id AND f.desk_id = e.desk_id AND f.stream_epoch = e.stream_epoch AND f.desk_seq = "
        "e.desk_seq) LIMIT 1"
    ).first()
    if missing is not None:
        return f"event {missing[1]} of desk {missing[0]} is not in the feed"
    rows = connection.exec_driver_sql(
        "SELECT f.facility_id, f.position, f.digest, e.hash, coalesce(c.stamp, '') FROM central_feed f LEFT JOIN events e ON "
        "e.facility_id = f.facility_id AND e.desk_id = f.desk_id AND e.stream_epoch = f.stream_epoch AND e.desk_seq = f.desk_seq "
        "LEFT JOIN local_caps c ON c.facility_id = f.facility_id AND c.desk_id = f.desk_id AND c.stream_epoch = f.stream_epoch "
        "AND c.desk_seq = f.desk_seq ORDER BY f.facility_id, f.position"
    )
    facility, cursor = "", FeedCursor()
    heads: dict[str, FeedCursor] = {}
    for facility_id, position, digest, event_hash, cap in rows:
        if facility_id != facility:
            facility, cursor = facility_id, FeedCursor()
        is_next = event_hash is not None and position == cursor.position + 1
        if not is_next or next_digest(cursor.digest, bytes(event_hash), cap) != digest:
            return f"position {position} of facility {facility_id} is not the one that was given"
        cursor = FeedCursor(position, digest)
        heads[facility_id] = cursor
    kept = connection.exec_driver_sql("SELECT facility_id, position, digest FROM central_heads WHERE facility_id <> ''").all()
    for facility_id, position, digest in kept:
        if heads.get(facility_id, FeedCursor()) != FeedCursor(position, digest):
            return f"the feed of facility {facility_id} does not end at position {position}, as it did"
    return ""
