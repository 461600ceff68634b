"""Clock stamps that lay in the future when central received them: what they count as, beside the log.

The bytes of an event are never changed. Whoever orders events by stamp takes the one kept here when there is one, on every
side the same: a desk whose clock is a year ahead would otherwise win every difference for a year.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection

from access_desk.domain.events import Recorded
from access_desk.protocol.encoding import decode
from access_desk.protocol.stamps import capped, milliseconds
from access_desk.storage import blobs
from access_desk.storage.projections import project
from access_desk.storage.row_changes import (
    Claim,
    FromContent,
    Insert,
    InsertMany,
    InsertRows,
    RowChange,
    RowKey,
    SetLatest,
    Update,
    Version,
    settle,
    version_of,
)
from access_desk.storage.schema import metadata

MAY_BE_AHEAD: Final = timedelta(minutes=5)
# A desk sends again what a restored central has lost within less, or is moved behind it more than once.
_ROOM: Final = timedelta(minutes=10)
Key = tuple[str, int, int]


def latest_stamp(now: str) -> int:
    """What a stamp must lie before, of an event that central receives now (UTC text): milliseconds since 1970."""
    return milliseconds(datetime.fromisoformat(now) + MAY_BE_AHEAD)


def cap_of(event: Recorded, latest: int, behind: str) -> str:
    """What the stamp of an event counts as, see :func:`capped`; blank when it counts as it is."""
    return capped(event.stamp, latest, behind, event.desk_id, event.desk_seq)


def as_counted(data: bytes, cap: str | None) -> Recorded:
    """An event of the log with the stamp that counts."""
    event = decode(bytes(data))[0]
    return replace(event, stamp=cap) if cap else event


def kept_caps(connection: Connection, facility_id: str) -> dict[Key, str]:
    """All that are kept of a facility, by desk, epoch and sequence."""
    rows = connection.exec_driver_sql(
        "SELECT desk_id, stream_epoch, desk_seq, stamp FROM local_caps WHERE facility_id = ?", (facility_id,)
    ).all()
    return {(row[0], row[1], row[2]): row[3] for row in rows}


def keep_caps(connection: Connection, events: Iterable[tuple[Recorded, str]]) -> None:
    """Keep what the stamps of these events count as; blank: as they are."""
    for event, cap in events:
        key = (event.facility_id, event.desk_id, event.stream_epoch, event.desk_seq)
        if not cap:
            connection.exec_driver_sql(
                "DELETE FROM local_caps WHERE facility_id = ? AND desk_id = ? AND stream_epoch = ? AND desk_seq = ?", key
            )
            continue
        connection.exec_driver_sql(
            "INSERT INTO local_caps (facility_id, desk_id, stream_epoch, desk_seq, stamp) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (facility_id, desk_id, stream_epoch, desk_seq) DO UPDATE SET stamp = excluded.stamp",
            (*key, cap),
        )


def last_counted(connection: Connection, facility_id: str, desk_id: str) -> str:
    """What the last event of a desk counts as, of whatever stream; blank when there is none."""
    row = connection.exec_driver_sql(
        "SELECT e.data, c.stamp FROM events e LEFT JOIN local_caps c ON c.facility_id = e.facility_id AND c.desk_id = e.desk_id "
        "AND c.stream_epoch = e.stream_epoch AND c.desk_seq = e.desk_seq WHERE e.facility_id = ? AND e.desk_id = ? "
        "ORDER BY e.stream_epoch DESC, e.desk_seq DESC LIMIT 1",
        (facility_id, desk_id),
    ).first()
    return as_counted(row[0], row[1]).stamp if row else ""


def overtaken(connection: Connection, last: Recorded) -> list[tuple[Recorded, str]]:
    """The later events of a desk that count as earlier than one of it, and what they count as behind it.

    Central was restored, and has not said yet what it says of them now. In the meantime nothing counts in another order than
    the desk recorded it: drawers and receipt numbers follow from that. They count as some minutes later, so that what comes
    next of the feed has room before them, and each page does not move all of them again. An imported index stays where it
    is, because of its rows: nothing of money follows from it.

    Args:
        connection: to a desk's file.
        last: with the stamp that counts.

    Returns:
        Those that are here with their details, with stamps of their own.
    """
    rows = connection.exec_driver_sql(
        "SELECT e.data, c.stamp FROM local_caps c JOIN events e ON e.facility_id = c.facility_id AND e.desk_id = c.desk_id "
        "AND e.stream_epoch = c.stream_epoch AND e.desk_seq = c.desk_seq WHERE c.facility_id = ? AND c.desk_id = ? "
        "AND (c.stream_epoch, c.desk_seq) > (?, ?) AND length(e.data) > 0 AND e.kind <> 'patients.imported' "
        "ORDER BY c.stream_epoch, c.desk_seq",
        (last.facility_id, last.desk_id, last.stream_epoch, last.desk_seq),
    )
    behind, moved = last.stamp, []
    room = int(behind.partition("-")[0]) + int(_ROOM.total_seconds() * 1000)
    for data, stamp in rows:
        if stamp > behind:
            break
        event = decode(bytes(data))[0]
        cap = cap_of(event, room, behind)
        moved.append((event, cap))
        behind = cap or event.stamp
    return moved


def restamp(connection: Connection, changes: Iterable[tuple[Recorded, Recorded]]) -> None:
    """Make the rows of events that are projected already those that they have with other stamps; at a desk, in a transaction.

    Args:
        connection: in a write transaction.
        changes: each event as it was counted, and as it counts now.
    """
    touched: _Touched = {}
    cursor = connection.connection.cursor()
    try:
        for was, now in changes:
            _change(connection, cursor, project(was), project(now), touched)
        # Once all of them have their places: half of a custody's events alone may say what no row can be.
        for table, key in touched:
            settle(cursor, table, key)
    finally:
        cursor.close()


_Touched = dict[tuple[str, RowKey], None]


def _change(connection: Connection, cursor: Any, was: Iterable[RowChange], now: Iterable[RowChange], touched: _Touched) -> None:
    for before, after in zip(was, now, strict=True):
        match before, after:
            case Insert(table, old), Insert(_, new):
                _move_row(cursor, table, tuple(old), (tuple(old.values()), tuple(new.values())))
            case (InsertMany(table, columns, old_rows), InsertMany(_, _, new_rows)) | (
                InsertRows(table, columns, old_rows),
                InsertRows(_, _, new_rows),
            ):
                for pair in zip(old_rows, new_rows, strict=True):
                    _move_row(cursor, table, columns, pair)
            case FromContent(facility_id, content, changes), FromContent(_, _, later):
                data = blobs.get(connection, facility_id, content.sha256)
                _change(connection, cursor, changes(data), later(data), touched)
            case ((Update() | Claim() | SetLatest()), (Update() | Claim() | SetLatest())):
                _move_version(cursor, version_of(before), version_of(after), touched)


def _move_version(cursor: Any, old: Version, new: Version, touched: _Touched) -> None:
    cursor.execute(
        "UPDATE row_versions SET place = ? WHERE facility_id = ? AND table_name = ? AND row_key = ? AND place = ?",
        (new.place, old.facility_id, old.table_name, old.row_key, old.place),
    )
    touched[old.table_name, old.key] = None


def _move_row(cursor: Any, table: str, columns: Sequence[str], pair: tuple[tuple[object, ...], tuple[object, ...]]) -> None:
    old, new = (dict(zip(columns, row, strict=True)) for row in pair)
    other = [name for name in columns if old[name] != new[name]]
    if not other:
        return
    key = [column.name for column in metadata.tables[table].primary_key]
    assigned, matched = ", ".join(f"{name} = ?" for name in other), " AND ".join(f"{name} = ?" for name in key)
    cursor.execute(
        f"UPDATE {table} SET {assigned} WHERE {matched}",  # noqa: S608 - names come from the schema
        (*(new[name] for name in other), *(old[name] for name in key)),
    )
