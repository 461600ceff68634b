"""What somebody with the keys does to the rows of a log: all of it by plain SQL, on a file or on a server alike."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from access_desk.protocol.chain import GENESIS, hash_of
from access_desk.storage.desk_feed import FeedCursor, next_digest
from access_desk.storage.event_log import StoredRow, every_row
from access_desk.storage.handles import Connection
from access_desk.storage.schema import PROJECTIONS

_COLUMNS = tuple(StoredRow.__slots__)
_INSERT = f"INSERT INTO events ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"  # noqa: S608


def stream_of(connection: Connection, desk_id: str) -> list[StoredRow]:
    """A desk's events as they lie there."""
    return [row for row in every_row(connection) if row.desk_id == desk_id]


def put(connection: Connection, desk_id: str, rows: Sequence[StoredRow]) -> None:
    """These are the desk's events now."""
    connection.exec_driver_sql("DELETE FROM events WHERE desk_id = ?", (desk_id,))
    for row in rows:
        connection.exec_driver_sql(_INSERT, tuple(getattr(row, name) for name in _COLUMNS))


def flipped(data: bytes, chance: random.Random) -> bytes:
    """One bit of it is another."""
    at = chance.randrange(len(data))
    return data[:at] + bytes([data[at] ^ (1 << chance.randrange(8))]) + data[at + 1 :]


def more_money(row: StoredRow) -> StoredRow:
    """The first amount in it is a dollar more."""
    start = row.data.index(b'"amount":') + len(b'"amount":')
    end = start
    while row.data[end : end + 1].isdigit():
        end += 1
    return replace(row, data=row.data[:start] + str(int(row.data[start:end]) + 100).encode() + row.data[end:])


def another_actor(row: StoredRow, name: str) -> StoredRow:
    """Somebody else did it."""
    start = row.data.index(b'"actor_id":"') + len(b'"actor_id":"')
    return replace(row, data=row.data[:start] + name.encode() + row.data[row.data.index(b'"', start) :])


def relinked(rows: Sequence[StoredRow], start: int, key: Ed25519PrivateKey | None) -> list[StoredRow]:
    """The chain recomputed from an event on, signed with a key; with none the old signatures stay."""
    done: list[StoredRow] = []
    before = GENESIS
    for row in rows:
        made = row
        if row.desk_seq >= start:
            at = row.data.index(b'"prev_hash":"') + len(b'"prev_hash":"')
            data = row.data[:at] + before.encode() + row.data[at + 64 :]
            digest = hash_of(data)
            made = replace(row, data=data, hash=digest, signature=key.sign(digest) if key else row.signature)
        done.append(made)
        before = made.hash.hex()
    return done


def under_another_key(rows: Sequence[StoredRow], old: str, key: Ed25519PrivateKey) -> list[StoredRow]:
    """The whole stream as a desk with that key would have it."""
    name = key.public_key().public_bytes_raw().hex().encode()
    genesis = replace(rows[0], data=rows[0].data.replace(old.encode(), name))
    return relinked([genesis, *rows[1:]], 1, key)


def feed_again(connection: Connection) -> None:
    """The feed's digests as the events are now."""
    rows = connection.exec_driver_sql(
        "SELECT f.facility_id, f.position, e.hash FROM central_feed f JOIN events e ON e.facility_id = f.facility_id "
        "AND e.desk_id = f.desk_id AND e.stream_epoch = f.stream_epoch AND e.desk_seq = f.desk_seq ORDER BY 1, 2"
    ).all()
    cursors: dict[str, FeedCursor] = {}
    for facility_id, _, event_hash in rows:
        before = cursors.get(facility_id, FeedCursor())
        cursors[facility_id] = now = FeedCursor(before.position + 1, next_digest(before.digest, bytes(event_hash)))
        connection.exec_driver_sql(
            "UPDATE central_feed SET digest = ? WHERE facility_id = ? AND position = ?", (now.digest, facility_id, now.position)
        )
    for facility_id, end in cursors.items():
        connection.exec_driver_sql(
            "UPDATE central_heads SET position = ?, digest = ? WHERE facility_id = ?", (end.position, end.digest, facility_id)
        )


def forget(connection: Connection, desk_id: str, after: int) -> None:
    """Whoever cuts the end of a stream off cuts it out of the feed as well, and closes the gaps."""
    connection.exec_driver_sql("DELETE FROM events WHERE desk_id = ? AND desk_seq > ?", (desk_id, after))
    kept = connection.exec_driver_sql(
        "SELECT facility_id, desk_id, stream_epoch, desk_seq, received_at FROM central_feed WHERE NOT (desk_id = ? "
        "AND desk_seq > ?) ORDER BY facility_id, position",
        (desk_id, after),
    ).all()
    connection.exec_driver_sql("DELETE FROM central_feed")
    positions: dict[str, int] = {}
    for facility_id, owner, epoch, seq, received_at in kept:
        positions[facility_id] = position = positions.get(facility_id, 0) + 1
        connection.exec_driver_sql(
            "INSERT INTO central_feed (facility_id, position, desk_id, stream_epoch, desk_seq, received_at, digest) "
            "VALUES (?, ?, ?, ?, ?, ?, '')",
            (facility_id, position, owner, epoch, seq, received_at),
        )
    feed_again(connection)


def some_table(connection: Connection, chance: random.Random) -> str:
    """A table of what is shown that has rows."""
    tables = [
        table.name
        for table in PROJECTIONS
        if connection.exec_driver_sql(f"SELECT 1 FROM {table.name} LIMIT 1").first()  # noqa: S608
    ]
    return chance.choice(tables)
