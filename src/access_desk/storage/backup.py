"""Encrypted copies of the desk's database: made while it is in use, verified, and put back.

A backup is one file under the desk's own key, a complete database without a log beside it. It is written under another
name, opened with the key, checked page by page and compared with what was copied, made durable, and only then given its
name: a file that has the name of a backup is one. The key does not travel inside it; see `system.desk_backups`.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine
from sqlcipher3 import dbapi2

from access_desk.domain.errors import DamagedDatabaseError, UnavailableError
from access_desk.storage.durable_files import copy_durably, put_in_place, sync_file, sync_folder
from access_desk.storage.engine import SMALLEST_PAGE, read_transaction
from access_desk.storage.faults import is_world_fault, unavailable
from access_desk.storage.integrity import check

_NOT_OURS: Final = (
    "This file is not a backup of this desk, or it is damaged. Nothing was changed: the desk is as it was. Choose another backup."
)


@dataclass(frozen=True, slots=True)
class Contents:
    """What a database holds: rows by table, and the last sequence number and hash of every stream of the log."""

    rows: tuple[tuple[str, int], ...]
    heads: tuple[tuple[str, str, int, int, str], ...]

    @property
    def events(self) -> int:
        """How many events the log has."""
        return dict(self.rows).get("events", 0)


@dataclass(frozen=True, slots=True)
class Restored:
    """A backup put in the desk's place; ``replaced`` is the file that was there before, kept beside, if there was one."""

    contents: Contents
    replaced: Path | None


def write_backup(engine: Engine, key: bytes, target: Path) -> Contents:
    """Copy the desk's database, as it is now, into a verified encrypted file; the desk may go on recording.

    Args:
        engine: the open database.
        key: its raw key; the copy has the same.
        target: the file to write; a backup of that name is replaced, after the new one was verified.

    Raises:
        UnavailableError: the file cannot be written, or the copy is not like the original; the target is untouched.
    """
    beside = target.with_name(target.name + ".part")
    try:
        if target.exists() and target.samefile(_file_of(engine)):
            raise _cannot_write(target, "it is the desk's own file")
        _remove(beside)
        with read_transaction(engine) as connection:
            source: Any = connection.connection.dbapi_connection
            held = _contents(source)
            _copy(source, beside, key, target)
        if read_backup(beside, key) != held:
            raise DamagedDatabaseError(
                "The backup is not like the desk's file, so it was thrown away. The desk itself is as it was. "
                "Check the disk the backup is written to, then try again."
            )
        beside.chmod(0o600)
        sync_file(beside)
        put_in_place(beside, target)
    except OSError as wrong:
        raise _cannot_write(target, wrong.strerror or "it cannot be written") from wrong
    finally:
        with contextlib.suppress(OSError):
            _remove(beside)
    return held


def _copy(source: Any, beside: Path, key: bytes, target: Path) -> None:
    try:
        with _opened(beside, key, "rwc") as copy:
            source.backup(copy)
            # One file, without a log beside it: it can be read from a medium that cannot be written.
            copy.execute("PRAGMA journal_mode=DELETE").fetchone()
    except dbapi2.Error as wrong:
        # The driver's copying reports no result code, so whatever is not damage of the original counts as the target's.
        if isinstance(unavailable(wrong), DamagedDatabaseError):
            raise
        raise _cannot_write(target, str(wrong)) from wrong


def read_backup(path: Path, key: bytes) -> Contents:
    """Open a backup, check every page of it, and say what it holds. The file and its folder are not written to.

    Raises:
        DamagedDatabaseError: it is no backup under this key, or it is damaged.
        UnavailableError: it is not there, or cannot be read.
    """
    try:
        size = path.stat().st_size
    except OSError as wrong:
        raise UnavailableError(f"The backup {path} cannot be read ({wrong.strerror}). Nothing was changed.") from wrong
    if size < SMALLEST_PAGE:
        raise DamagedDatabaseError(_NOT_OURS)
    try:
        with _opened(path, key, "ro&immutable=1") as driver:
            driver.execute("SELECT count(*) FROM sqlite_master").fetchone()
            if check(driver):
                raise DamagedDatabaseError(_NOT_OURS)
            return _contents(driver)
    except dbapi2.Error as wrong:
        world = unavailable(wrong)
        raise DamagedDatabaseError(_NOT_OURS) if isinstance(world, DamagedDatabaseError) else world or wrong from wrong


def restore_backup(backup: Path, key: bytes, database: Path, replaced_name: str) -> Restored:
    """Put a backup in the place of the desk's database, which must not be open anywhere (hold the home's lock).

    The backup is copied beside the database and verified there; what it replaces is kept beside under another name; one
    rename then exchanges them. Killed at any point, the desk has either its old file or the restored one.

    Args:
        backup: the file to restore.
        key: the desk's raw key.
        database: the desk's database; it need not exist.
        replaced_name: the file name under which the replaced database is kept; there must be none of that name.

    Raises:
        DamagedDatabaseError: the backup is not this desk's, or damaged; nothing was changed.
        UnavailableError: the folder cannot be written; nothing was changed.
    """
    read_backup(backup, key)
    beside = database.with_name(database.name + ".restoring")
    try:
        _remove(beside)
        copy_durably(backup, beside)
        contents = read_backup(beside, key)
        replaced = _keep(database, key, database.with_name(replaced_name)) if database.exists() else None
        put_in_place(beside, database)
    except OSError as wrong:
        raise UnavailableError(
            f"The backup could not be put into {database.parent} ({wrong.strerror}). The desk is as it was. "
            "Free some space or check the folder, then try again."
        ) from wrong
    finally:
        with contextlib.suppress(OSError):
            _remove(beside)
    return Restored(contents, replaced)


def _keep(database: Path, key: bytes, replaced: Path) -> Path:
    """Keep the database that is about to be replaced under another name, whole, and leave no log of it behind."""
    if replaced.exists():
        raise UnavailableError(f"There is a file {replaced} already. Nothing was changed. Move it away, then try again.")
    log, log_kept = database.with_name(database.name + "-wal"), replaced.with_name(replaced.name + "-wal")
    if log.exists():
        # Before it is opened: the library throws a log away that it cannot read.
        copy_durably(log, log_kept)
    if _fold_log(database, key):
        log_kept.unlink(missing_ok=True)
    # Left only where the database could not be opened; a log must never meet another database than its own.
    log.unlink(missing_ok=True)
    database.with_name(database.name + "-shm").unlink(missing_ok=True)
    try:
        os.link(database, replaced)
    except OSError:
        copy_durably(database, replaced)
    sync_folder(database.parent)
    return replaced


def _fold_log(database: Path, key: bytes) -> bool:
    """Move what its log holds into the database. False when it cannot be opened."""
    try:
        with _opened(database, key, "rw") as driver:
            busy = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    except dbapi2.Error as wrong:
        if not is_world_fault(wrong):
            raise
        return False
    if busy:
        raise UnavailableError(
            "The desk's file is in use by another command. Nothing was changed. Let it finish, then try again."
        )
    return True


@contextmanager
def _opened(path: Path, key: bytes, mode: str) -> Iterator[Any]:
    driver = dbapi2.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None, timeout=1)
    try:
        driver.execute("PRAGMA cipher_log_level=NONE")
        driver.execute(f"PRAGMA key=\"x'{key.hex()}'\"")
        driver.execute("PRAGMA synchronous=FULL")
        yield driver
    finally:
        driver.close()


def _contents(driver: Any) -> Contents:
    names = [row[0] for row in driver.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    # Table names come from the database's own list.
    rows = tuple((name, driver.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]) for name in names)  # noqa: S608
    heads: tuple[tuple[str, str, int, int, str], ...] = ()
    if "events" in names:
        found = driver.execute(
            "SELECT facility_id, desk_id, stream_epoch, max(desk_seq), hash FROM events GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
        )
        heads = tuple((row[0], row[1], row[2], row[3], bytes(row[4]).hex()) for row in found)
    return Contents(rows, heads)


def _file_of(engine: Engine) -> Path:
    with read_transaction(engine) as connection:
        return Path(connection.exec_driver_sql("PRAGMA database_list").one()[2])


def _remove(path: Path) -> None:
    for suffix in ("", "-journal", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _cannot_write(target: Path, why: str) -> UnavailableError:
    return UnavailableError(
        f"The backup {target} could not be written ({why}). The desk itself is as it was. "
        "Free some space or choose another place, then try again."
    )
