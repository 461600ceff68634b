"""Flags as rows: central's own, and what a desk was last told of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import Connection

from access_desk.domain.flags.rules import Flag
from access_desk.storage.projections.rows import utc_text

CENTRAL: Final = "central_flags"
DESK: Final = "local_flags"
# More than there will ever be.
ALL: Final = 2**31 - 1
_COLUMNS: Final = (
    "flag_id",
    "kind",
    "desk_id",
    "stream_epoch",
    "desk_seq",
    "event_id",
    "event_kind",
    "actor_id",
    "recorded_at",
    "received_at",
    "amount_cents",
    "detail",
)
_NAMED: Final = ", ".join(_COLUMNS)


def add_flags(connection: Connection, facility_id: str, flags: Iterable[Flag], table: str = CENTRAL) -> None:
    """Raise flags; one that stands already is left as it is."""
    # Names come from the schema.
    marks = ", ".join("?" * (len(_COLUMNS) + 1))
    statement = f"INSERT INTO {table} (facility_id, {_NAMED}) VALUES ({marks}) ON CONFLICT DO NOTHING"  # noqa: S608
    for one in flags:
        connection.exec_driver_sql(statement, (facility_id, *_values(one)))


def remove_flags(connection: Connection, facility_id: str, flag_ids: Iterable[str]) -> None:
    """Take back flags that do not stand: what came late showed that nothing was wrong."""
    for flag in flag_ids:
        connection.exec_driver_sql("DELETE FROM central_flags WHERE facility_id = ? AND flag_id = ?", (facility_id, flag))


def flags_after(connection: Connection, facility_id: str, after: str, most: int, table: str = CENTRAL) -> list[Flag]:
    """Flags in the order of their names, after one of them."""
    rows = connection.exec_driver_sql(
        f"SELECT {_NAMED} FROM {table} WHERE facility_id = ? AND flag_id > ? ORDER BY flag_id LIMIT ?",  # noqa: S608
        (facility_id, after, most),
    ).all()
    return [_flag(row) for row in rows]


def flags_digest(connection: Connection, facility_id: str, table: str = CENTRAL) -> str:
    """A hash over which flags stand: the same on both sides when a desk knows them all."""
    rows = connection.exec_driver_sql(
        f"SELECT flag_id FROM {table} WHERE facility_id = ? ORDER BY flag_id",  # noqa: S608
        (facility_id,),
    ).all()
    return sha256("\n".join(row[0] for row in rows).encode()).hexdigest()


def keep_flags(connection: Connection, facility_id: str, flags: Sequence[Flag]) -> None:
    """At a desk: these are the flags that stand, all of them."""
    connection.exec_driver_sql("DELETE FROM local_flags WHERE facility_id = ?", (facility_id,))
    add_flags(connection, facility_id, flags, DESK)


def count_open(connection: Connection, facility_id: str) -> int:
    """At a desk: how many flags nobody has looked into."""
    found = connection.exec_driver_sql(
        "SELECT count(*) FROM local_flags f WHERE f.facility_id = ? AND NOT EXISTS (SELECT 1 FROM flag_reviews r "
        "WHERE r.facility_id = f.facility_id AND r.flag_id = f.flag_id)",
        (facility_id,),
    ).scalar_one()
    return int(found)


def reviews(connection: Connection, facility_id: str) -> dict[str, tuple[str, str, datetime]]:
    """Which flags were looked into: what came of it, by whom and when (UTC), the first time; by flag."""
    rows = connection.exec_driver_sql(
        "SELECT flag_id, note, reviewed_by, reviewed_at FROM flag_reviews WHERE facility_id = ? "
        "ORDER BY reviewed_at DESC, event_id DESC",
        (facility_id,),
    ).all()
    return {row[0]: (row[1], row[2], datetime.fromisoformat(row[3])) for row in rows}


def _values(one: Flag) -> tuple[object, ...]:
    of_event = (one.desk_id, one.stream_epoch, one.desk_seq, one.event_id, one.event_kind, one.actor_id)
    moments = (utc_text(one.recorded_at), utc_text(one.received_at))
    return (one.flag_id, one.kind, *of_event, *moments, one.amount_cents, one.detail)


def _flag(row: Any) -> Flag:
    moments = (datetime.fromisoformat(row[8]), datetime.fromisoformat(row[9]))
    return Flag(row[0], row[1], row[2], row[3], int(row[4]), row[5], row[6], row[7], *moments, int(row[10]), row[11])
