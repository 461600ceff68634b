"""Backing a whole desk up, and restoring it: its database, and what it takes to open it.

Two files: ``FILE`` is the encrypted database under the desk's own key; ``FILE.keys.json`` carries the desk's keys and
identity, so that the backup can be opened on another computer too. A practice desk's keys stand in it in the open, as
they do beside the desk. A real desk's are sealed in it under a passphrase; when none is given the file is not written,
and the backup can be restored on this computer only, for as long as it has its secrets.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

from access_desk.domain.errors import KeyMissingError, UnavailableError
from access_desk.domain.ports import Secrets
from access_desk.storage.backup import Contents, Restored, read_backup, restore_backup, write_backup
from access_desk.storage.durable_files import put_in_place
from access_desk.system.desk_files import AskPassphrase, DeskFiles
from access_desk.system.heads import HEADS_FILE
from access_desk.system.home import DeskIdentity, Home, SecretsPlace
from access_desk.system.secrets import (
    DATABASE_KEY,
    PIN_PEPPER,
    SIGNING_KEY,
    PracticeSecrets,
    choose_place,
    is_practice_file,
    kept_key,
    open_secrets,
    sealed_file,
)

_IDENTITY: Final = "identity"
_KEYS: Final = (DATABASE_KEY, SIGNING_KEY, PIN_PEPPER)


@dataclass(frozen=True, slots=True)
class BackedUp:
    """A backup that was written; ``keys`` is the file of its keys, None when they stayed behind."""

    contents: Contents
    keys: Path | None


def keys_beside(backup: Path) -> Path:
    """Name the file that carries a backup's keys."""
    return backup.with_name(backup.name + ".keys.json")


def back_up(files: DeskFiles, target: Path, ask: AskPassphrase) -> BackedUp:
    """Write a verified backup of an open desk.

    Args:
        files: the desk.
        target: the file to write.
        ask: asks for the passphrase that seals a real desk's keys; None leaves them behind.

    Raises:
        UnavailableError: it cannot be written; a backup of that name that was there before is untouched.
    """
    contents = write_backup(files.database, files.database_key, target)
    values = {name: kept_key(files.secrets, name).hex() for name in _KEYS}
    values[_IDENTITY] = json.dumps(asdict(files.identity))
    path = keys_beside(target)
    if files.identity.practice:
        PracticeSecrets(path).put_all(values)
        return BackedUp(contents, path)
    passphrase = ask(True)  # noqa: FBT003 - a new one
    if not passphrase:
        return BackedUp(contents, None)
    beside = path.with_name(path.name + ".new")
    try:
        beside.unlink(missing_ok=True)
        sealed_file(beside, lambda _: passphrase).put_all(values)
        put_in_place(beside, path)
    except OSError as wrong:
        raise UnavailableError(f"{path} cannot be written ({wrong.strerror}). The backup itself was written.") from wrong
    return BackedUp(contents, path)


def restore(home: Home, backup: Path, ask: AskPassphrase, replaced_name: str) -> Restored:
    """Put a backup in the place of a home's desk, or into a home that has none. Hold the home's lock.

    The desk goes on in a new stream: what it recorded after the backup may be known elsewhere already. Heads that were
    kept of the replaced file are kept beside it; those printed on paper still tell that something is missing.

    Args:
        home: the desk's folder.
        backup: the file to restore.
        ask: asks for passphrases: of the desk's secrets, or of the keys beside the backup.
        replaced_name: under which name the replaced database is kept; there must be none of that name.

    Raises:
        KeyMissingError: the home has no desk, and the backup's keys are not beside it.
        DamagedDatabaseError: it is not this desk's backup, or damaged. Nothing was changed.
        UnavailableError: the folder cannot be written.
    """
    if home.is_new:
        identity, secrets = _carried(backup, ask)
        identity = replace(identity, secrets=choose_place(practice=identity.practice))
        keep: Secrets | None = open_secrets(home, identity, ask)
    else:
        identity = home.identity()
        secrets, keep = open_secrets(home, identity, ask), None
    key = kept_key(secrets, DATABASE_KEY)
    epochs = [head[2] for head in read_backup(backup, key).heads]
    home.make()
    if keep is not None:
        for name in _KEYS:
            keep.put(name, kept_key(secrets, name).hex())
    next_epoch = max(identity.stream_epoch, *epochs, 0) + 1
    if keep is None:
        # First, so that a desk killed in between is still whole: it merely goes on in a new stream.
        home.introduce(replace(identity, stream_epoch=next_epoch))
        _put_heads_away(home, replaced_name)
    restored = restore_backup(backup, key, home.database, replaced_name)
    if keep is not None:
        home.introduce(replace(identity, stream_epoch=next_epoch))
    return restored


def _carried(backup: Path, ask: AskPassphrase) -> tuple[DeskIdentity, Secrets]:
    path = keys_beside(backup)
    if not path.exists():
        raise KeyMissingError(
            f"There is no desk in this folder, and {path.name} is not beside the backup, so the backup cannot be opened "
            "here. Nothing was changed. Restore it on the computer it comes from, or enroll this desk again."
        )
    secrets: Secrets = PracticeSecrets(path) if is_practice_file(path) else sealed_file(path, ask)
    try:
        found = json.loads(secrets.get(_IDENTITY) or "")
        return DeskIdentity(**{**found, "secrets": SecretsPlace(found["secrets"])}), secrets
    except (ValueError, TypeError, KeyError) as wrong:
        raise KeyMissingError(f"{path.name} does not carry a desk's keys. Nothing was changed.") from wrong


def _put_heads_away(home: Home, replaced_name: str) -> None:
    heads = home.folder / HEADS_FILE
    try:
        heads.replace(home.folder / f"{replaced_name}.{HEADS_FILE}")
    except FileNotFoundError:
        return
    except OSError as wrong:
        raise UnavailableError(f"{heads} cannot be moved ({wrong.strerror}). The desk's database is as it was.") from wrong
