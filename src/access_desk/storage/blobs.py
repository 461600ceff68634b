"""The store of large content, beside the log in the same encrypted file.

Content is addressed by its SHA-256: the same bytes are kept once, and an event that names them would show any change.
Keep it in the transaction that appends the event which names it: ``put(...)`` gives the hash, ``keep(...)`` the value
for the event's body. Nothing is ever removed here; replay and verification read it.
"""

from __future__ import annotations

from hashlib import sha256

from sqlalchemy import Connection

from access_desk.domain.content import Content
from access_desk.domain.errors import DamagedDatabaseError


def put(connection: Connection, facility_id: str, data: bytes) -> str:
    """Keep bytes and return their SHA-256 (hex); bytes that are there already are left alone."""
    digest = sha256(data).hexdigest()
    connection.exec_driver_sql(
        "INSERT INTO blobs (facility_id, sha256, size, content) VALUES (?, ?, ?, ?) ON CONFLICT (facility_id, sha256) DO NOTHING",
        (facility_id, digest, len(data), data),
    )
    return digest


def keep(connection: Connection, facility_id: str, data: bytes) -> Content:
    """Keep bytes and return what an event says about them."""
    return Content(put(connection, facility_id, data), len(data))


def get(connection: Connection, facility_id: str, digest: str) -> bytes:
    """The bytes with that SHA-256 (hex).

    Raises:
        DamagedDatabaseError: they are missing, or are not the bytes that were kept.
    """
    data = _find(connection, facility_id, digest)
    if data is None or sha256(data).hexdigest() != digest:
        raise DamagedDatabaseError(
            "Something that belongs to a record is missing from the desk's file, or damaged. Nothing was changed. "
            "Run access-desk verify, and restore a backup when it says so."
        )
    return data


def has(connection: Connection, facility_id: str, digest: str) -> bool:
    """Whether bytes of that SHA-256 (hex) are kept."""
    row = connection.exec_driver_sql("SELECT 1 FROM blobs WHERE facility_id = ? AND sha256 = ?", (facility_id, digest)).first()
    return row is not None


def is_whole(connection: Connection, facility_id: str, content: Content) -> bool:
    """Whether the content is there, complete and unchanged."""
    data = _find(connection, facility_id, content.sha256)
    return data is not None and len(data) == content.size and sha256(data).hexdigest() == content.sha256


def _find(connection: Connection, facility_id: str, digest: str) -> bytes | None:
    row = connection.exec_driver_sql(
        "SELECT content FROM blobs WHERE facility_id = ? AND sha256 = ?", (facility_id, digest)
    ).first()
    return bytes(row[0]) if row else None
