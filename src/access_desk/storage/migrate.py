"""Brings a database to the tables of this release.

A fresh one gets them at once; an older one is backed up and then upgraded, one transaction a step; one written by a later
release is refused. The migration library is loaded only when there is something to upgrade.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine

from access_desk.domain.errors import DamagedDatabaseError, NewerDatabaseError, UnavailableError
from access_desk.storage import bulk_indexes
from access_desk.storage.backup import write_backup
from access_desk.storage.durable_files import put_in_place
from access_desk.storage.engine import open_database, read_transaction, write_transaction
from access_desk.storage.schema import metadata

# Every revision that was ever released, oldest first; a test holds this against the folder of migrations.
REVISIONS: Final = (
    "0001",
    "0002",
    "0005",
    "0006",
    "0009",
    "0010",
    "0003",
    "0011",
    "0018",
    "0007",
    "0019",
    "0014",
    "0016",
    "0022",
    "0024",
    "0033",
    "0034",
    "0035",
    "0036",
    "0037",
    "0038",
    "0041",
    "0042",
    "0043",
    "0048",
    "0049",
)
HEAD: Final = REVISIONS[-1]
# As the migration library makes it; a test compares.
_VERSION_TABLE: Final = (
    "CREATE TABLE alembic_version (\n\tversion_num VARCHAR(32) NOT NULL, \n"
    "\tCONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)\n)"
)


def make_database(path: Path, key: bytes) -> None:
    """Make the empty database of a new desk, complete or not at all: see :func:`finish_making`.

    Raises:
        UnavailableError: it cannot be written.
    """
    making = _making(path)
    _remove(making)
    try:
        engine = open_database(making, key, create=True)
        try:
            _make(engine)
        finally:
            engine.dispose()
    except UnavailableError:
        _remove(making)
        raise


def finish_making(path: Path) -> None:
    """Give the database that :func:`make_database` made its name, if that was not done yet.

    Between the two a new desk's identity is written. A desk that has an identity and an unnamed database was interrupted
    in between; one that has no identity was never made.

    Raises:
        UnavailableError: the folder cannot be written.
    """
    making = _making(path)
    if path.exists() or not making.exists():
        return
    try:
        making.chmod(0o600)
        put_in_place(making, path)
    except OSError as wrong:
        raise UnavailableError(f"{path.parent} cannot be written ({wrong.strerror}). Nothing was changed.") from wrong


def bring_up_to_date(engine: Engine, key: bytes, backups: Path) -> Path | None:
    """Make the tables of this release, or upgrade to them; indexes that a load had set aside are built.

    Args:
        engine: the open database.
        key: its raw key, for the backup.
        backups: the folder that takes the backup made before an upgrade.

    Returns:
        The backup that was made, if there was something to upgrade.

    Raises:
        NewerDatabaseError: a later release wrote it; nothing was changed.
        DamagedDatabaseError: it has tables but does not say of which release.
        UnavailableError: it cannot be written, or backed up; it is as it was.
    """
    with read_transaction(engine) as connection:
        found = revision(connection)
        incomplete = bool(found == HEAD and bulk_indexes.missing(connection))
    if incomplete:
        bulk_indexes.build_missing(engine)
    if found == HEAD:
        return None
    if found is None:
        _make(engine)
        return None
    backup = backups / f"before-upgrade-from-{found}.backup"
    try:
        backups.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as wrong:
        raise UnavailableError(
            f"The folder {backups} cannot be made ({wrong.strerror}), so the desk was not upgraded. It is as it was. "
            "Ask who looks after this computer to allow writing there, then start again."
        ) from wrong
    write_backup(engine, key, backup)
    importlib.import_module("access_desk.storage.upgrade").upgrade(engine, REVISIONS[REVISIONS.index(found) + 1 :])
    return backup


def revision(connection: Connection) -> str | None:
    """Tell which release's tables the database has; None when it has none yet.

    Raises:
        NewerDatabaseError: a later release's.
        DamagedDatabaseError: it has tables but does not say which.
    """
    names = {row[0] for row in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").all()}
    if not names:
        return None
    rows = connection.exec_driver_sql("SELECT version_num FROM alembic_version").all() if "alembic_version" in names else []
    if len(rows) != 1:
        raise DamagedDatabaseError(
            "The desk's file does not say which release of the program wrote it. Nothing was changed. Restore a backup."
        )
    found = str(rows[0][0])
    if found not in REVISIONS:
        raise NewerDatabaseError(
            f"The desk's file was written by a later release of the program (tables {found}, this release knows {HEAD}). "
            "Nothing was changed. Install that release, or restore a backup made before it."
        )
    return found


def _remove(making: Path) -> None:
    try:
        for suffix in ("", "-wal", "-shm"):
            making.with_name(making.name + suffix).unlink(missing_ok=True)
    except OSError as wrong:
        raise UnavailableError(f"{making} cannot be removed ({wrong.strerror}). Nothing was made.") from wrong


def _making(path: Path) -> Path:
    return path.with_name(path.name + ".making")


def _make(engine: Engine) -> None:
    with write_transaction(engine) as connection:
        if revision(connection) is not None:
            return
        metadata.create_all(connection, checkfirst=False)
        mark_as_newest(connection)


def mark_as_newest(connection: Connection) -> None:
    """Say that the tables, which were just made, are those of this release."""
    connection.exec_driver_sql(_VERSION_TABLE)
    connection.exec_driver_sql("INSERT INTO alembic_version (version_num) VALUES (?)", (HEAD,))
