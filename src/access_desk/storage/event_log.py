"""The event log as rows: append, read back, look up. The only place facts are written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection

from access_desk.domain.beginnings import begins
from access_desk.domain.events import Recorded
from access_desk.protocol.chain import GENESIS
from access_desk.protocol.encoding import decode
from access_desk.storage.caps import as_counted
from access_desk.storage.imported_index import registration_of
from access_desk.storage.projections import project
from access_desk.storage.row_batch import insert_rows
from access_desk.storage.row_changes import write
from access_desk.storage.statements import Question, Row, Rows, rows_of


@dataclass(frozen=True, slots=True)
class Stream:
    """Whose log it is: a desk's, for one facility, since its last re-install or restore."""

    facility_id: str
    desk_id: str
    epoch: int = 1


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event with the bytes, hash and signature it is kept with."""

    event: Recorded
    data: bytes
    hash: bytes
    signature: bytes | None


@dataclass(frozen=True, slots=True)
class StoredRow:
    """A log row as it lies in the file, not yet believed."""

    facility_id: str
    desk_id: str
    stream_epoch: int
    desk_seq: int
    event_id: str
    kind: str
    command_id: str | None
    data: bytes
    hash: bytes
    signature: bytes | None

    @property
    def is_let_go(self) -> bool:
        """Whether its details were let go: central has them, this file has only that it was."""
        return not self.data


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a stream: its last sequence number and that event's hash (hex); zero and zeros when empty."""

    seq: int = 0
    hash: str = GENESIS


_COLUMNS: Final = (
    "facility_id",
    "desk_id",
    "stream_epoch",
    "desk_seq",
    "event_id",
    "kind",
    "command_id",
    "data",
    "hash",
    "signature",
)
_ROWS: Final = f"SELECT {', '.join(_COLUMNS)} FROM events "  # noqa: S608 - names of the schema


def append(connection: Connection, stored: Sequence[StoredEvent]) -> None:
    """Append events and their projections; the caller's transaction makes them durable together."""
    cursor = connection.connection.cursor()
    try:
        insert_events(cursor, stored)
    finally:
        cursor.close()
    for one in stored:
        write(connection, project(one.event))


def insert_events(cursor: Any, stored: Sequence[StoredEvent]) -> None:
    """Log rows, without what they do to the projections."""
    if stored:
        insert_rows(cursor, Rows("events", _COLUMNS, [_row(one) for one in stored]))


def _row(stored: StoredEvent) -> Row:
    event = stored.event
    of_stream = (event.facility_id, event.desk_id, event.stream_epoch, event.desk_seq)
    return (*of_stream, event.event_id, event.kind, event.command_id, stored.data, stored.hash, stored.signature)


def head_of(connection: Connection, stream: Stream) -> Head:
    """Where a stream ends."""
    statement, values = asking_for_head(stream)
    return head_said(rows_of(connection, statement, *values))


def asking_for_head(stream: Stream) -> Question:
    """What :func:`head_said` reads the answer to."""
    statement = (
        "SELECT desk_seq, hash FROM events WHERE facility_id = ? AND desk_id = ? AND stream_epoch = ? "
        "ORDER BY desk_seq DESC LIMIT 1"
    )
    return statement, (stream.facility_id, stream.desk_id, stream.epoch)


def head_said(rows: Sequence[Any]) -> Head:
    """Where a stream ends, from what was answered."""
    return Head(rows[0][0], bytes(rows[0][1]).hex()) if rows else Head()


def events_about(connection: Connection, facility_id: str, subject_id: str) -> list[Recorded]:
    """The history of a subject: a custody, a payment, a visit, a patient, or the facility itself; of all desks, in order, but
    for what it begins with.
    """
    rows = connection.exec_driver_sql(
        "SELECT e.data, c.stamp FROM event_subjects s JOIN events e ON e.facility_id = s.facility_id AND e.desk_id = s.desk_id "
        "AND e.stream_epoch = s.stream_epoch AND e.desk_seq = s.desk_seq LEFT JOIN local_caps c ON c.facility_id = s.facility_id "
        "AND c.desk_id = s.desk_id AND c.stream_epoch = s.stream_epoch AND c.desk_seq = s.desk_seq "
        "WHERE s.facility_id = ? AND s.subject_id = ?",
        (facility_id, subject_id),
    ).all()
    found = [as_counted(row[0], row[1]) for row in rows]
    found.sort(key=lambda event: (not begins(event, subject_id), in_order(event)))
    imported = registration_of(connection, facility_id, subject_id)
    return [imported, *found] if imported else found


def in_order(event: Recorded) -> tuple[str, str, int, int]:
    """The order of the events of all desks: by clock stamp, which within one stream is that of its sequence."""
    return event.stamp, event.desk_id, event.stream_epoch, event.desk_seq


def events_of_command(connection: Connection, stream: Stream, command_id: str) -> list[Recorded]:
    """What a command has already done at a stream's desk, in any epoch; empty when it was never carried out there."""
    # The desk is chosen here: asked for in SQL, with its order, it has SQLite walk the desk's whole log instead of the index.
    rows = connection.exec_driver_sql(
        "SELECT stream_epoch, desk_seq, data, desk_id FROM events WHERE facility_id = ? AND command_id = ?",
        (stream.facility_id, command_id),
    ).all()
    return [decode(bytes(row[2]))[0] for row in sorted(tuple(row) for row in rows) if row[3] == stream.desk_id]


def is_recorded(connection: Connection, facility_id: str, event_id: str) -> bool:
    """Whether an event of that id is in the log: the answer after a COMMIT that reported an error."""
    return bool(
        connection.exec_driver_sql("SELECT 1 FROM events WHERE facility_id = ? AND event_id = ?", (facility_id, event_id)).first()
    )


def facility_ids(connection: Connection) -> list[str]:
    """The facilities this file has events of, oldest first."""
    rows = connection.exec_driver_sql("SELECT facility_id, min(event_id) FROM events GROUP BY facility_id ORDER BY 2").all()
    return [row[0] for row in rows]


def every_row(connection: Connection) -> Iterator[StoredRow]:
    """All log rows, stream by stream in sequence, as they lie in the file."""
    cursor = connection.connection.cursor()
    try:
        cursor.execute(_ROWS + "ORDER BY facility_id, desk_id, stream_epoch, desk_seq")
        while rows := cursor.fetchmany(500):
            for row in rows:
                yield StoredRow(*row)
    finally:
        cursor.close()


def count_events(connection: Connection) -> int:
    """How many events the file holds."""
    return int(connection.exec_driver_sql("SELECT count(*) FROM events").scalar_one())


def last_stamp(connection: Connection, facility_id: str, own_desk: str = "") -> str:
    """The latest logical clock stamp that this file has of a facility, of any desk; empty when there is none.

    Of other desks the one that counts; the own desk's as it was made, because a stream's stamps never go back.
    """
    rows = connection.exec_driver_sql(
        "SELECT e.data, c.stamp, e.desk_id FROM events e JOIN (SELECT desk_id, stream_epoch, max(desk_seq) AS desk_seq "
        "FROM events WHERE facility_id = ? GROUP BY desk_id, stream_epoch) h ON e.facility_id = ? AND e.desk_id = h.desk_id "
        "AND e.stream_epoch = h.stream_epoch AND e.desk_seq = h.desk_seq LEFT JOIN local_caps c ON c.facility_id = e.facility_id "
        "AND c.desk_id = e.desk_id AND c.stream_epoch = e.stream_epoch AND c.desk_seq = e.desk_seq",
        (facility_id, facility_id),
    ).all()
    return max((as_counted(row[0], None if row[2] == own_desk else row[1]).stamp for row in rows), default="")
