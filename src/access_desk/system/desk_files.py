"""A desk as it lies in its home: making it, opening it, and never mistaking one state for another.

Making goes: keys, database (under another name), identity, database's own name. Killed at any point, the next start
finds either nothing made, which it makes again with the same keys, or all of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from access_desk.domain.errors import UnavailableError
from access_desk.domain.ports import Secrets
from access_desk.storage.engine import Database, open_database, read_transaction
from access_desk.storage.migrate import HEAD, bring_up_to_date, finish_making, make_database, revision
from access_desk.system.home import DeskIdentity, Home
from access_desk.system.secrets import DATABASE_KEY, PIN_PEPPER, kept_key, made_key, open_secrets
from access_desk.system.signing import DeskSigner

AskPassphrase = Callable[[bool], str | None]


@dataclass(frozen=True, slots=True)
class DeskFiles:
    """An opened desk: its database and what its secrets give. ``pepper`` is the PINs'."""

    home: Home
    identity: DeskIdentity
    database: Database
    database_key: bytes
    signer: DeskSigner
    pepper: bytes
    secrets: Secrets

    def close(self) -> None:
        """Close the database and fold its log into it."""
        self.database.dispose()


def make_desk(home: Home, identity: DeskIdentity, ask: AskPassphrase) -> DeskFiles:
    """Make a new desk in a home that has none, and open it. Hold the home's lock.

    Args:
        home: the folder; made when it is not there.
        identity: who the desk is to be.
        ask: asks for the passphrase of a sealed file; told that it is a new one. A practice desk never asks.

    Raises:
        UnavailableError: there is a desk already, or it cannot be written.
    """
    if not home.is_new:
        raise UnavailableError(f"There is a desk in {home.folder} already. It was left as it is.")
    home.make()
    secrets = open_secrets(home, identity, ask)
    key = made_key(secrets, DATABASE_KEY)
    made_key(secrets, PIN_PEPPER)
    DeskSigner.make(secrets)
    make_database(home.database, key)
    home.introduce(identity)
    return _opened(home, identity, secrets, may_upgrade=True)


def open_desk(home: Home, ask: AskPassphrase, *, may_upgrade: bool) -> DeskFiles:
    """Open the desk that lives in a home.

    Args:
        home: its folder.
        ask: asks for the passphrase of a sealed file.
        may_upgrade: the home's lock is held, so an older database is backed up and upgraded.

    Raises:
        KeyMissingError: one of its keys is not there: re-enroll or restore.
        NewerDatabaseError: a later release wrote its database.
        DamagedDatabaseError: its database, or its identity, cannot be read.
        UnavailableError: there is no desk, or its database is missing, older than this release, or cannot be written.
    """
    identity = home.identity()
    return _opened(home, identity, open_secrets(home, identity, ask), may_upgrade=may_upgrade)


def _opened(home: Home, identity: DeskIdentity, secrets: Secrets, *, may_upgrade: bool) -> DeskFiles:
    key = kept_key(secrets, DATABASE_KEY)
    pepper = kept_key(secrets, PIN_PEPPER)
    signer = DeskSigner.from_secrets(secrets)
    finish_making(home.database)
    database = open_database(home.database, key, create=False)
    try:
        if may_upgrade:
            bring_up_to_date(database, key, home.backups)
        else:
            _refuse_older(database)
    except BaseException:
        database.dispose()
        raise
    return DeskFiles(home, identity, database, key, signer, pepper, secrets)


def _refuse_older(database: Database) -> None:
    with read_transaction(database) as connection:
        found = revision(connection)
    if found != HEAD:
        raise UnavailableError(
            "The desk's file was written by an earlier release of the program. Nothing was changed. "
            "Open the desk's window once: it makes a backup and upgrades the file."
        )
