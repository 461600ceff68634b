"""Where a desk puts a snapshot while it fetches it, and what it checks before it uses it.

What was fetched lies in ``snapshot-HASH.part`` as it came: compressed and sealed, so that it is encrypted on this disk too. A
desk that was killed in the middle goes on where it stopped. The key that opens it is kept in memory only; central says it
again. What the pages become on the way into the desk's file is encrypted with a key that is forgotten afterwards.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from hashlib import file_digest
from pathlib import Path
from typing import Final

from access_desk.domain.errors import UnavailableError
from access_desk.protocol.chain import is_signed_by
from access_desk.protocol.snapshots import FORMAT, Snapshot, signed_text
from access_desk.storage.engine import KEY_BYTES, Database
from access_desk.storage.event_log import Stream
from access_desk.storage.snapshot_loading import SnapshotRefusedError, begin_with, load, unpack
from access_desk.storage.snapshot_tables import release

# About as much of the feed as a desk applies in the time that a large facility's snapshot takes to be fetched and taken in.
FAR_BEHIND: Final = 20_000
# Bytes of database that a desk where people work takes in at once: whoever records waits for it, two seconds at this size.
MOST_IN_USE: Final = 32 * 1024 * 1024
_HASH_SHOWN: Final = 16


class Landing:
    """A folder of the desk's for one facility, and the key (hex) that signs central's snapshots.

    ``told`` hears how many bytes of how many are here, at the beginning and after every part.
    """

    def __init__(
        self,
        folder: Path,
        public_key: str,
        far_behind: int = FAR_BEHIND,
        told: Callable[[int, int], object] = lambda _, __: None,
    ) -> None:
        self._folder = folder
        self._public_key = public_key
        self.far_behind = far_behind
        self.told = told
        self.most_in_use = MOST_IN_USE

    def check(self, snapshot: Snapshot, facility_id: str) -> None:
        """Raise SnapshotRefusedError unless it is central's, of this facility and of this release's tables."""
        try:
            signature = bytes.fromhex(snapshot.signature)
        except ValueError:
            signature = b""
        if not is_signed_by(self._public_key, signed_text(snapshot), signature):
            raise SnapshotRefusedError("the snapshot is not signed by the central that this desk enrolled with")
        if snapshot.format != FORMAT or snapshot.revision != release():
            raise SnapshotRefusedError(f"the snapshot has the tables of another release ({snapshot.revision}, here {release()})")
        if snapshot.facility_id != facility_id:
            raise SnapshotRefusedError(f"the snapshot is of {snapshot.facility_id}")

    def fetched(self, snapshot: Snapshot) -> int:
        """How many bytes of it are here. Parts of other snapshots are removed. Raises UnavailableError."""
        part = self._part(snapshot)
        try:
            for other in self._folder.glob("snapshot-*"):
                if other != part:
                    other.unlink()
            size = part.stat().st_size if part.exists() else 0
            if size > snapshot.size:
                part.unlink()
        except OSError as wrong:
            raise self._unwritable(wrong) from wrong
        return size if size <= snapshot.size else 0

    def keep(self, snapshot: Snapshot, content: bytes) -> None:
        """Keep what follows what is here, durably. Raises UnavailableError."""
        try:
            with open(self._part(snapshot), "ab", opener=_private) as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        except OSError as wrong:
            raise self._unwritable(wrong) from wrong

    def load(self, database: Database, stream: Stream, snapshot: Snapshot) -> None:
        """Check the whole file and take it in beside what the desk has; then it is removed.

        Raises:
            SnapshotRefusedError: it is not what was signed, or of another history than the desk's file.
            UnavailableError: the desk's folder or file cannot be written.
        """
        beside, key = self._folder / "snapshot-opened.db", os.urandom(KEY_BYTES)
        try:
            unpack(snapshot, self._checked(snapshot), beside, key)
            load(database, stream, snapshot, beside, key)
        except OSError as wrong:
            raise self._unwritable(wrong) from wrong
        finally:
            beside.unlink(missing_ok=True)
        self.forget(snapshot)

    def begin_with(self, database: Path, key: bytes, snapshot: Snapshot) -> bool:
        """Check the whole file and put it in the place of a new desk's empty database; False when it cannot be used.

        Raises:
            UnavailableError: the desk's folder or file cannot be written.
        """
        try:
            begin_with(snapshot, self._checked(snapshot), database, key)
        except SnapshotRefusedError:
            return False
        except OSError as wrong:
            raise self._unwritable(wrong) from wrong
        finally:
            self.forget(snapshot)
        return True

    def _checked(self, snapshot: Snapshot) -> Path:
        part = self._part(snapshot)
        with part.open("rb") as file:
            if file_digest(file, "sha256").hexdigest() != snapshot.sha256:
                raise SnapshotRefusedError("the snapshot that came is not the one that central signed")
        return part

    def forget(self, snapshot: Snapshot) -> None:
        """Remove what was fetched of one that is not taken in. Raises UnavailableError."""
        try:
            self._part(snapshot).unlink(missing_ok=True)
        except OSError as wrong:
            raise self._unwritable(wrong) from wrong

    def _part(self, snapshot: Snapshot) -> Path:
        return self._folder / f"snapshot-{snapshot.facility_id}-{snapshot.sha256[:_HASH_SHOWN]}.part"

    def _unwritable(self, wrong: OSError) -> UnavailableError:
        return UnavailableError(f"{self._folder} cannot be written ({wrong.strerror}). Everything that was recorded is saved.")


def _private(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)
