"""Central's backup: a folder with everything that a central needs, made while it serves, and put back as a new one.

A folder that has the name of a backup is one: it is written and checked under another name first. It holds keys in the
open, so it is as secret as central itself. The database of a central on PostgreSQL is the server's to back up.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import Final

from access_desk.central import alarm_book
from access_desk.central.place import CentralPlace, open_central
from access_desk.domain.errors import DamagedDatabaseError, UnavailableError
from access_desk.domain.ports import Clock
from access_desk.storage.backup import read_backup, write_backup
from access_desk.storage.central_restored import pass_over_numbers
from access_desk.storage.durable_files import copy_durably, sync_folder, write_private
from access_desk.storage.engine import write_transaction
from access_desk.storage.projections.rows import utc_text

_DATABASE: Final = "central.db"
# In the form that sha256sum checks.
_SUMS: Final = "SHA256SUMS"
_KEY: Final = "central.key"
_NEEDED: Final = ("pins.key", "authority.pem", "central.json")
# Missing where the hospital's own certificate is served, or the database is on a server, or an earlier release made it.
_WHERE_THERE: Final = (_KEY, "authority.key", "served.key", "served.pem", "snapshots.key", alarm_book.FILE)


@dataclass(frozen=True, slots=True)
class BackedUp:
    """What a backup holds; ``events`` is None when the database is on a server of its own."""

    events: int | None


def back_up(place: CentralPlace, target: Path) -> BackedUp:
    """Write everything that central is into a new folder; central may go on serving.

    Raises:
        UnavailableError: the folder is there already or cannot be written, or the copy is not like the original.
    """
    if target.exists():
        raise UnavailableError(f"There is something at {target} already. Nothing was written. Name a new folder.")
    with _whole_or_nothing(target, ".part", f"{target} cannot be written", "Central is as it was") as beside:
        events = None
        if (place.folder / _DATABASE).exists():
            events = write_backup(place.clusters.home, _key(place.folder), beside / _DATABASE).events
        _copy_files(place.folder, beside)
        sums = "".join(f"{_sum(path)}  {path.name}\n" for path in sorted(beside.iterdir()))
        write_private(beside / _SUMS, sums.encode())
    return BackedUp(events)


def restore(source: Path, folder: Path, clock: Clock, urls: Sequence[str] = ()) -> BackedUp:
    """Make a central of a backup, where there is none. Killed at any point, there is none or the whole one.

    Numbers of desks that it may have given after the backup are passed over. With ``urls`` its databases are on PostgreSQL and
    were put back there before.

    Raises:
        UnavailableError: there is a central, whether it runs or not, or the backup cannot be read.
        DamagedDatabaseError: the backup's database is damaged, or not the one that its key opens.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UnavailableError(
            f"There is something in {folder} already, and a restore overwrites no central. Nothing was changed. Stop central and "
            "move the folder away, then try again."
        )
    _check_sums(source)
    failed = f"The backup could not be put into {folder}"
    with _whole_or_nothing(folder, ".restoring", failed, "Nothing was changed") as beside:
        events = None
        if (source / _DATABASE).exists():
            copy_durably(source / _DATABASE, beside / _DATABASE)
            events = _checked(beside / _DATABASE, source)
        _copy_files(source, beside)
        place = open_central(beside, clock, make=False, urls=urls)
        try:
            with write_transaction(place.clusters.home) as connection:
                pass_over_numbers(connection, utc_text(clock.now()))
        finally:
            place.close()
    return BackedUp(events)


@contextmanager
def _whole_or_nothing(target: Path, ending: str, failed: str, otherwise: str) -> Iterator[Path]:
    """A folder beside ``target`` to fill, which takes its name at the end and is gone after an error."""
    beside = target.with_name(target.name + ending)
    try:
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir(mode=0o700, parents=True)
        yield beside
        beside.replace(target)
        sync_folder(target.parent)
    except OSError as wrong:
        raise UnavailableError(f"{failed} ({wrong.strerror}). {otherwise}.") from wrong
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _key(folder: Path) -> bytes:
    try:
        return bytes.fromhex((folder / _KEY).read_text("ascii"))
    except (OSError, ValueError) as wrong:
        raise UnavailableError(f"{folder / _KEY} cannot be read, so the database cannot be opened.") from wrong


def _checked(database: Path, source: Path) -> int:
    try:
        return read_backup(database, _key(source)).events
    except DamagedDatabaseError as wrong:
        raise DamagedDatabaseError(
            f"The database in {source} is damaged, or its key is another's. Nothing was changed. Choose another backup."
        ) from wrong


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _check_sums(source: Path) -> None:
    try:
        lines = (source / _SUMS).read_text("utf-8").splitlines()
        named = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
        missing = [name for name in (*_NEEDED, *named) if name not in named or not (source / name).is_file()]
        changed = [name for name in named if name not in missing and _sum(source / name) != named[name]]
    except (OSError, ValueError) as wrong:
        raise UnavailableError(f"{source} is not a whole backup of a central. Nothing was changed.") from wrong
    if missing or changed:
        what = f"{missing[0]} is missing" if missing else f"{changed[0]} was changed or is damaged"
        raise UnavailableError(f"{source} is not a whole backup of a central: {what}. Nothing was changed.")


def _copy_files(source: Path, target: Path) -> None:
    for name in (*_WHERE_THERE, *_NEEDED):
        if name in _NEEDED or (source / name).exists():
            copy_durably(source / name, target / name)
    sync_folder(target)
