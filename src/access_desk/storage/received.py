"""Taking in events that another program made: at central those of a desk, at a desk those of the others.

Nothing is believed: place in the stream, chain, signature and envelope are checked, and what is stored are the bytes that
came. An event that cannot be projected is kept and *parked* with a reason; its stream goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Any, Final, TypeAlias

from sqlalchemy import Connection
from sqlcipher3 import dbapi2

from access_desk.domain.events import Recorded
from access_desk.domain.facility.events import DeskEnrolled
from access_desk.protocol.chain import GENESIS, hash_of, is_signed_by
from access_desk.protocol.encoding import UndecodableEventError, decode
from access_desk.protocol.signatures import Signatures, WrongSignatureError
from access_desk.storage.caps import keep_caps
from access_desk.storage.event_log import Head, StoredEvent, Stream, head_of, insert_events
from access_desk.storage.let_go_rows import came_again
from access_desk.storage.projections import project
from access_desk.storage.row_batch import NotForBatchError, write_batch
from access_desk.storage.row_changes import write
from access_desk.storage.statements import Question, sent_together

# What keeps an event from being projected, whatever it says: it is parked for it, and its stream goes on.
_CANNOT: Final = (dbapi2.IntegrityError, LookupError, ValueError, TypeError, ArithmeticError)


# Writes more of the events that are stored, in the same transaction.
Beside: TypeAlias = Callable[[Sequence[StoredEvent]], object]


def _nothing(*_: object) -> None:
    """As a desk does, which has the events of others for itself."""


class Flaw(StrEnum):
    """Why an event was not taken in."""

    MALFORMED = "malformed"
    WRONG_STREAM = "wrong_stream"
    GAP = "sequence"
    FORK = "fork"
    CHAIN = "chain"
    SIGNATURE = "signature"
    GENESIS = "genesis"
    EVENT_ID = "event_id"


class RejectedEventError(Exception):
    """An event cannot be taken in. ``expected`` is the sequence that has to come next."""

    def __init__(self, flaw: Flaw, seq: int, expected: int, data: bytes = b"", signature: bytes = b"") -> None:
        super().__init__(f"event {seq}: {flaw.value}")
        self.flaw = flaw
        self.seq = seq
        self.expected = expected
        self.data = data
        self.signature = signature

    def __reduce__(self) -> tuple[type[RejectedEventError], tuple[Flaw, int, int, bytes, bytes]]:
        """As it comes from another process."""
        return RejectedEventError, (self.flaw, self.seq, self.expected, self.data, self.signature)


@dataclass(frozen=True)
class Arrived:
    """An event as it came: its bytes and the signature over their hash. It is read once, however often it is asked for.

    ``cap`` is what its stamp counts as, when that lay in the future as central received it.
    """

    data: bytes
    signature: bytes
    cap: str = ""

    @cached_property
    def decoded(self) -> tuple[Recorded, str]:
        """The event and the hash of the one before it. Raises UndecodableEventError."""
        event, prev_hash = decode(self.data)
        return (replace(event, stamp=self.cap) if self.cap else event), prev_hash

    @cached_property
    def hash(self) -> bytes:
        """The hash of its bytes."""
        return hash_of(self.data)


@dataclass(frozen=True, slots=True)
class Taken:
    """What was stored of a batch, in order; ``skipped`` were there already, ``parked`` could not be projected."""

    stored: tuple[StoredEvent, ...]
    skipped: int
    parked: tuple[int, ...]
    head: Head


def take_in(
    connection: Connection,
    stream: Stream,
    arrived: Sequence[Arrived],
    public_key: str | None,
    signatures: Signatures | None = None,
    head: Head | None = None,
    beside: Beside = _nothing,
    meanwhile: Callable[[], object] = _nothing,
) -> Taken:
    """Check and store events of one stream, in a transaction of the caller's.

    Args:
        connection: in a write transaction.
        stream: whose events they are said to be.
        arrived: one after another; what is there already is skipped when it is the same, and kept beside the log when
            its details were let go.
        public_key: the desk's key (hex) when it is known from elsewhere; else its genesis in the log says it.
        signatures: what has to be signed, of which some may be looked at already.
        head: where the stream ends, when that was asked.
        beside: what else is written.
        meanwhile: what is done while a server works on what was written. Raises RejectedEventError.

    Raises:
        RejectedEventError: nothing of the batch may be stored; the caller rolls back.
    """
    key = public_key if public_key is not None else _key_in_log(connection, stream)
    batch = _Batch(connection, stream, head or head_of(connection, stream), key, signatures or Signatures())
    try:
        try:
            for one in arrived:
                batch.add(one)
        except RejectedEventError:
            # Of two events that are wrong, the first is named.
            batch.signatures.check()
            raise
        with batch.signatures.checked_beside():
            parked = _store(connection, batch.stored, beside, meanwhile)
    except WrongSignatureError as wrong:
        seq = batch.stored[wrong.place].event.desk_seq
        raise RejectedEventError(Flaw.SIGNATURE, seq, seq) from wrong
    keep_caps(connection, batch.caps)
    return Taken(tuple(batch.stored), batch.skipped, parked, batch.head)


class _Batch:
    """Events of a stream on their way in: each is looked at in its place, whether it is signed is checked afterwards."""

    def __init__(self, connection: Connection, stream: Stream, head: Head, key: str | None, signatures: Signatures) -> None:
        self._connection = connection
        self._stream = stream
        self._key = key
        self.head = head
        self.stored: list[StoredEvent] = []
        self.caps: list[tuple[Recorded, str]] = []
        self.skipped = 0
        # As many as are stored, in the same order.
        self.signatures = signatures

    def add(self, one: Arrived) -> None:
        """Raises RejectedEventError."""
        head = self.head
        event, prev_hash = _decoded(one, head)
        if (event.facility_id, event.desk_id, event.stream_epoch) != (
            self._stream.facility_id,
            self._stream.desk_id,
            self._stream.epoch,
        ):
            raise RejectedEventError(Flaw.WRONG_STREAM, event.desk_seq, head.seq + 1)
        if event.desk_seq <= head.seq:
            known, is_let_go = _kept(self._connection, self._stream, event.desk_seq, self.stored)
            if known != one.hash:
                # Anybody can make up another history; only the desk itself can sign one.
                _check_signed(self._key, one, event.desk_seq, head)
                raise RejectedEventError(Flaw.FORK, event.desk_seq, head.seq + 1, one.data, one.signature)
            if is_let_go:
                came_again(self._connection, event, one.data)
            self.skipped += 1
            return
        if event.desk_seq != head.seq + 1:
            raise RejectedEventError(Flaw.GAP, event.desk_seq, head.seq + 1)
        self._key = self._key if event.desk_seq > 1 else _key_of_genesis(event, self._key)
        if self._key is None:
            raise RejectedEventError(Flaw.SIGNATURE, event.desk_seq, head.seq + 1)
        if prev_hash != (head.hash if head.seq else GENESIS):
            _check_signed(self._key, one, event.desk_seq, head)
            raise RejectedEventError(Flaw.CHAIN, event.desk_seq, head.seq + 1, one.data, one.signature)
        self.signatures.name(self._key, one.hash, one.signature)
        self.stored.append(StoredEvent(event, one.data, one.hash, one.signature))
        if one.cap:
            self.caps.append((event, one.cap))
        self.head = Head(event.desk_seq, one.hash.hex())


def asking_for_known(stream: Stream, arrived: Sequence[Arrived]) -> Question:
    """What :func:`known_said` reads the answer to."""
    statement = (
        "SELECT desk_seq, hash FROM events WHERE facility_id = ? AND desk_id = ? AND stream_epoch = ? AND desk_seq >= ? "
        "ORDER BY desk_seq LIMIT ?"
    )
    return statement, (stream.facility_id, stream.desk_id, stream.epoch, _first(arrived), len(arrived))


def known_said(rows: Sequence[Any], arrived: Sequence[Arrived]) -> int:
    """How many of the first that arrived are in the log already, byte for byte; they need not be read again."""
    known, first = {seq: bytes(kept) for seq, kept in rows}, _first(arrived)
    return next((place for place, one in enumerate(arrived) if known.get(first + place) != one.hash), len(arrived))


def _first(arrived: Sequence[Arrived]) -> int:
    # No event has the number 0: of what is no event, nothing is known.
    try:
        return arrived[0].decoded[0].desk_seq if arrived else 0
    except UndecodableEventError:
        return 0


def hash_at(connection: Connection, stream: Stream, seq: int) -> bytes | None:
    """The hash of an event of a stream; None when it is not there."""
    return _kept(connection, stream, seq, ())[0]


def _kept(connection: Connection, stream: Stream, seq: int, just_taken: Sequence[StoredEvent]) -> tuple[bytes | None, bool]:
    """The hash of an event of a stream, and whether it is here without its details."""
    for one in just_taken:
        if one.event.desk_seq == seq:
            return one.hash, False
    row = connection.exec_driver_sql(
        "SELECT hash, length(data) = 0 FROM events WHERE facility_id = ? AND desk_id = ? AND stream_epoch = ? AND desk_seq = ?",
        (stream.facility_id, stream.desk_id, stream.epoch, seq),
    ).first()
    return (bytes(row[0]), bool(row[1])) if row else (None, False)


def _decoded(one: Arrived, head: Head) -> tuple[Recorded, str]:
    try:
        return one.decoded
    except UndecodableEventError as wrong:
        raise RejectedEventError(Flaw.MALFORMED, head.seq + 1, head.seq + 1) from wrong


def _check_signed(key: str | None, one: Arrived, seq: int, head: Head) -> None:
    if key is None or not is_signed_by(key, one.hash, one.signature):
        raise RejectedEventError(Flaw.SIGNATURE, seq, head.seq + 1)


def _key_of_genesis(event: Recorded, key: str | None) -> str:
    if not isinstance(event.body, DeskEnrolled) or key not in (None, event.body.public_key):
        raise RejectedEventError(Flaw.GENESIS, event.desk_seq, 1)
    return event.body.public_key


def _key_in_log(connection: Connection, stream: Stream) -> str | None:
    # Of whatever epoch: a desk keeps its key, so nobody can begin another stream of it under one of their own.
    row = connection.exec_driver_sql(
        "SELECT data FROM events WHERE facility_id = ? AND desk_id = ? AND desk_seq = 1 ORDER BY stream_epoch LIMIT 1",
        (stream.facility_id, stream.desk_id),
    ).first()
    body = decode(bytes(row[0]))[0].body if row else None
    return body.public_key if isinstance(body, DeskEnrolled) else None


def store(connection: Connection, stored: Sequence[StoredEvent]) -> tuple[int, ...]:
    """Log and projections of what was checked before; which could not be projected."""
    return _store(connection, stored, _nothing, _nothing)


def _store(
    connection: Connection, stored: Sequence[StoredEvent], beside: Beside, meanwhile: Callable[[], object]
) -> tuple[int, ...]:
    """All at once, and one by one when something of it cannot be."""
    cursor = connection.connection.cursor()
    try:
        if len(stored) > 1 and _store_at_once(connection, cursor, stored, beside, meanwhile):
            return ()
        beside(stored)
        meanwhile()
        return tuple(one.event.desk_seq for one in stored if not _store_one(connection, cursor, one))
    finally:
        cursor.close()


def _store_at_once(
    connection: Connection, cursor: Any, stored: Sequence[StoredEvent], beside: Beside, meanwhile: Callable[[], object]
) -> bool:
    try:
        with sent_together(cursor):
            cursor.execute("SAVEPOINT at_once")
            insert_events(cursor, stored)
            # On its way before the projections, a server works on it while they are made.
            beside(stored)
            write_batch(connection, (change for one in stored for change in project(one.event)), meanwhile)
            cursor.execute("RELEASE at_once")
    except (*_CANNOT, NotForBatchError):
        cursor.execute("ROLLBACK TO at_once")
        cursor.execute("RELEASE at_once")
        return False
    return True


def _store_one(connection: Connection, cursor: Any, one: StoredEvent) -> bool:
    seq = one.event.desk_seq
    try:
        insert_events(cursor, [one])
    except dbapi2.IntegrityError as used:
        raise RejectedEventError(Flaw.EVENT_ID, seq, seq) from used
    cursor.execute("SAVEPOINT projecting")
    try:
        write(connection, project(one.event))
    except _CANNOT as cannot:
        cursor.execute("ROLLBACK TO projecting")
        cursor.execute("RELEASE projecting")
        _park(cursor, one.event, type(cannot).__name__)
        return False
    cursor.execute("RELEASE projecting")
    return True


def _park(cursor: dbapi2.Cursor, event: Recorded, reason: str) -> None:
    cursor.execute(
        "INSERT INTO local_parked (facility_id, desk_id, stream_epoch, desk_seq, kind, reason) VALUES (?, ?, ?, ?, ?, ?)",
        (event.facility_id, event.desk_id, event.stream_epoch, event.desk_seq, event.kind, reason),
    )
