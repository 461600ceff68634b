"""The snapshots that central keeps for desks that begin, one folder for all facilities.

::

    snapshots/FACILITY.json              what the newest one is, signed; written last
    snapshots/FACILITY-POSITION.*.part   being made
    snapshots/FACILITY-POSITION.sealed   the newest and the one before it, for desks that are fetching that

A snapshot is made by a process of its own, so that desks do not wait for it: by `access-desk central snapshot`, or because a
desk asked, or central looked (`snapshot_timer`), and there is none that is new enough.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Protocol

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from access_desk.domain.errors import UnavailableError
from access_desk.domain.ports import Clock
from access_desk.protocol.messages import MalformedMessageError, read, to_bytes
from access_desk.protocol.snapshots import FORMAT, MOST_PART, Snapshot, SnapshotOffer, signed_text
from access_desk.storage.central_log import digest_at, feed_head, has_imported_index
from access_desk.storage.durable_files import put_in_place, write_private
from access_desk.storage.engine import Database, read_transaction
from access_desk.storage.projections.rows import utc_text
from access_desk.storage.snapshot_making import make_snapshot
from access_desk.storage.snapshot_tables import release

# Below this a desk has the feed sooner than a snapshot is made, unless an imported index is in it.
LEAST_POSITIONS: Final = 2_000
# A snapshot is made again when the feed has grown by so much since, or when it is so old.
_GROWN: Final = 1.1
OLDEST: Final = timedelta(days=7)
_KEPT: Final = 2
# No snapshot takes so long to make: what is older was left by a process that was killed.
_LEFT_OVER: Final = timedelta(days=2)
_NAMED: Final = re.compile(r"^(?P<facility>.+)-(?P<position>[0-9]+)\.sealed$")


class Orders(Protocol):
    """Has snapshots made without waiting for them."""

    def order(self, facility_id: str) -> None:
        """Have one made, unless one of the facility is being made."""
        ...

    def is_making(self, facility_id: str) -> bool:
        """Whether one is being made."""
        ...


@dataclass(frozen=True, slots=True)
class Part:
    """Bytes of a snapshot's file from ``first`` on, and how many the file has."""

    content: bytes
    first: int
    size: int


class Snapshots:
    """Where they lie, and the key that signs them. ``orders`` is None where nobody makes any.

    One that is older than ``oldest`` is made again when there is anything new.
    """

    def __init__(self, folder: Path, key: bytes, clock: Clock) -> None:
        self._folder = folder
        self._signing = Ed25519PrivateKey.from_private_bytes(key)
        self._clock = clock
        self.orders: Orders | None = None
        self.least_positions = LEAST_POSITIONS
        self.oldest = OLDEST

    @property
    def public_key(self) -> str:
        """What desks check snapshots with (hex)."""
        return self._signing.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()

    def make(self, database: Database, facility_id: str) -> Snapshot:
        """Make one now.

        Raises:
            UnavailableError: there is nothing of the facility, or it cannot be read or written.
        """
        with read_transaction(database) as connection:
            position = feed_head(connection, facility_id).position
        if not position:
            raise UnavailableError(f"Central has nothing of {facility_id}. No snapshot was made.")
        part = self._folder / f"{facility_id}-{position}.{os.getpid()}.part"
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            made = make_snapshot(database, facility_id, part)
            snapshot = Snapshot(
                FORMAT,
                facility_id,
                made.at.position,
                made.at.digest,
                release(),
                made.rows,
                utc_text(self._clock.now()),
                made.size,
                made.sha256,
                made.database_size,
                made.key.hex(),
            )
            signed = msgspec.structs.replace(snapshot, signature=self._signing.sign(signed_text(snapshot)).hex())
            put_in_place(part, self._file(signed))
            write_private(self._said(facility_id), to_bytes(signed))
            self._drop_older(facility_id)
        except OSError as wrong:
            raise UnavailableError(f"{self._folder} cannot be written ({wrong.strerror}). Central is as it was.") from wrong
        finally:
            part.unlink(missing_ok=True)
        return signed

    def newest(self, facility_id: str) -> Snapshot | None:
        """The newest of a facility whose file is there."""
        try:
            found = read(self._said(facility_id).read_bytes(), Snapshot)
        except (OSError, MalformedMessageError):
            return None
        return found if self._file(found).exists() else None

    def offer(self, database: Database, facility_id: str) -> SnapshotOffer:
        """What a desk can have. A newer one is ordered when that is worth it."""
        self.order_if_wanted(database, facility_id)
        orders = self.orders
        is_making = orders is not None and orders.is_making(facility_id)
        newest = self.newest(facility_id)
        if newest is None:
            return SnapshotOffer(None, is_making)
        with read_transaction(database) as connection:
            # Of a central that was restored from a backup, a snapshot may be further than the feed, or of another one.
            is_of_feed = digest_at(connection, facility_id, newest.position) == newest.digest
        return SnapshotOffer(newest if is_of_feed else None, is_making)

    def order_if_wanted(self, database: Database, facility_id: str) -> None:
        """Have a newer one made where that is worth it and nobody makes one. Raises UnavailableError."""
        orders = self.orders
        if orders is not None and not orders.is_making(facility_id) and self._is_wanted(database, facility_id):
            orders.order(facility_id)

    def part(self, facility_id: str, position: int, first: int, last: int) -> Part | None:
        """Bytes ``first`` to ``last`` of a snapshot's file, as many as one answer carries; None when there is no such file."""
        path = self._folder / f"{facility_id}-{position}.sealed"
        try:
            with path.open("rb") as file:
                size = path.stat().st_size
                file.seek(first)
                return Part(file.read(min(last - first + 1, MOST_PART)), first, size)
        except OSError:
            return None

    def _is_wanted(self, database: Database, facility_id: str) -> bool:
        newest = self.newest(facility_id)
        with read_transaction(database) as connection:
            position = feed_head(connection, facility_id).position
            is_worth_it = position >= self.least_positions or (position > 0 and has_imported_index(connection, facility_id))
        if not is_worth_it or newest is None or newest.revision != release():
            return is_worth_it
        age = self._clock.now() - datetime.fromisoformat(newest.made_at)
        return (
            newest.position > position
            or position > newest.position * _GROWN
            or (age >= self.oldest and position > newest.position)
        )

    def _said(self, facility_id: str) -> Path:
        return self._folder / f"{facility_id}.json"

    def _file(self, snapshot: Snapshot) -> Path:
        return self._folder / f"{snapshot.facility_id}-{snapshot.position}.sealed"

    def _drop_older(self, facility_id: str) -> None:
        found: list[tuple[float, Path]] = []
        for path in self._folder.glob("*.sealed"):
            named = _NAMED.match(path.name)
            if named is not None and named["facility"] == facility_id:
                found.append((path.stat().st_mtime, path))
        for _, path in sorted(found)[:-_KEPT]:
            path.unlink(missing_ok=True)
        too_old = (self._clock.now() - _LEFT_OVER).timestamp()
        for path in self._folder.glob("*.part"):
            if path.stat().st_mtime < too_old:
                path.unlink(missing_ok=True)
