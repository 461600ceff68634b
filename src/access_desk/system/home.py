"""The desk's home: the folder that holds its database, who it is, and the lock that keeps it to one window.

::

    desk.json    who the desk is; nothing secret
    desk.db      its encrypted database (with -wal and -shm beside it while it is open)
    desk.lock    locked while a process may write; holds that process's id
    PRACTICE-secrets.json | sealed-secrets.json    see `system.secrets`
    heads.json   how far the log had come, signed; see `system.heads`
    backups/     made before each upgrade
    logs/        see `system.logs`
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import platformdirs

from access_desk.domain.errors import DamagedDatabaseError, HomeInUseError, UnavailableError
from access_desk.storage.durable_files import write_private

FORMAT: Final = "access-desk.home/1"
_FOLDER_MODE: Final = 0o700
_FILE_MODE: Final = 0o600


class SecretsPlace(StrEnum):
    """Where a desk's secrets are kept. It is decided once, so that a keyring that is away is never mistaken for none."""

    KEYRING = "keyring"
    SEALED = "sealed"
    PRACTICE = "practice"


@dataclass(frozen=True, slots=True)
class DeskIdentity:
    """Who the desk is; nothing of it is secret.

    ``label`` is what people call it, such as ``Admitting 3``; ``stream_epoch`` counts its re-installs and restores.
    """

    desk_id: str
    label: str
    practice: bool
    secrets: SecretsPlace
    stream_epoch: int = 1


class Home:
    """One desk's folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = folder / "desk.db"
        self.identity_file = folder / "desk.json"
        self.lock_file = folder / "desk.lock"
        self.backups = folder / "backups"
        self.logs = folder / "logs"

    @classmethod
    def at(cls, folder: Path | None) -> Home:
        """Take that folder, or the platform's own place for this program's data. Nothing is created."""
        return cls((folder or Path(platformdirs.user_data_dir("access-desk", appauthor=False))).absolute())

    @property
    def is_new(self) -> bool:
        """Whether no desk lives here: neither its identity nor a database. A making that was interrupted early is none."""
        return not self.identity_file.exists() and not self.database.exists()

    def make(self) -> None:
        """Create the folder, readable by its owner only. One that others already use for something stays as it is.

        Raises:
            UnavailableError: it cannot be created, or is not a folder.
        """
        try:
            self.folder.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
            if sys.platform != "win32" and self.folder.stat().st_mode & 0o077 and not any(self.folder.iterdir()):
                self.folder.chmod(_FOLDER_MODE)
        except OSError as wrong:
            raise _cannot_write(self.folder, wrong) from wrong

    def identity(self) -> DeskIdentity:
        """Read who the desk is.

        Raises:
            DamagedDatabaseError: the file is missing although there is a database, or cannot be read.
            UnavailableError: there is no desk here.
        """
        try:
            found = json.loads(self.identity_file.read_bytes())
            if found.pop("format") != FORMAT:
                raise ValueError(FORMAT)
            return DeskIdentity(**{**found, "secrets": SecretsPlace(found["secrets"])})
        except FileNotFoundError as missing:
            if not self.database.exists():
                raise UnavailableError(f"There is no desk in {self.folder}. Start the program there once first.") from missing
            raise DamagedDatabaseError(
                f"{self.identity_file} is missing beside the desk's database. Nothing was changed. Put it back from a copy "
                "of the folder, restore a backup, or enroll this desk again."
            ) from missing
        except OSError as wrong:
            raise UnavailableError(f"{self.identity_file} cannot be read ({wrong.strerror}). Nothing was changed.") from wrong
        except (ValueError, TypeError, KeyError, AttributeError) as wrong:
            raise DamagedDatabaseError(
                f"{self.identity_file} cannot be understood. Nothing was changed. Put it back from a copy of the folder, "
                "restore a backup, or enroll this desk again."
            ) from wrong

    def introduce(self, identity: DeskIdentity) -> None:
        """Write down who the desk is, in one step.

        Raises:
            UnavailableError: the folder cannot be written.
        """
        self.make()
        text = json.dumps({"format": FORMAT, **asdict(identity)}, indent=1) + "\n"
        try:
            write_private(self.identity_file, text.encode())
        except OSError as wrong:
            raise _cannot_write(self.folder, wrong) from wrong

    def lock(self) -> HomeLock:
        """Keep the home for this process until the lock is closed; usable as a context manager.

        The system lets go of the lock when a process ends, however it ends: a file left behind by a crash hinders nobody.

        Raises:
            HomeInUseError: another process holds it; :meth:`holder` tells which.
            UnavailableError: the folder cannot be written.
        """
        self.make()
        return HomeLock(self.lock_file)

    def holder(self) -> int | None:
        """Find the id of the process that holds the home; None when nobody does."""
        try:
            with self.lock():
                return None
        except HomeInUseError:
            text = self.lock_file.read_text(encoding="ascii", errors="replace").strip()
            return int(text) if text.isdecimal() else None


class HomeLock:
    """The home, held by this process."""

    def __init__(self, path: Path) -> None:
        try:
            self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), _FILE_MODE)
        except OSError as wrong:
            raise _cannot_write(path.parent, wrong) from wrong
        try:
            _lock(self._descriptor)
        except OSError as taken:
            os.close(self._descriptor)
            raise HomeInUseError(
                f"This desk is open in another window ({path.parent}). Nothing was changed. "
                "Go on there, or close it and try again."
            ) from taken
        os.ftruncate(self._descriptor, 0)
        os.write(self._descriptor, f"{os.getpid()}\n".encode("ascii"))
        self._is_held = True

    def close(self) -> None:
        """Let go of the home."""
        if self._is_held:
            self._is_held = False
            os.close(self._descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


if sys.platform == "win32":
    import msvcrt

    # Far behind the process id, because Windows lets nobody read a locked byte.
    _LOCKED_BYTE: Final = 1 << 30

    def _lock(descriptor: int) -> None:
        os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        os.lseek(descriptor, 0, os.SEEK_SET)

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _cannot_write(folder: Path, wrong: OSError) -> UnavailableError:
    return UnavailableError(
        f"The folder {folder} cannot be written ({wrong.strerror}). Nothing was changed. "
        "Ask who looks after this computer to allow writing there, or choose another folder with --home."
    )
