"""Where a desk's secrets are: the system's keyring, a sealed file, or in the open beside a practice desk.

Secrets are small texts by name: the database's key, the signing key, the PIN pepper. Which place a desk uses is written
in its identity when it is made, and never changes by itself: a keyring that is away is a reason to stop, not to look, or
to begin anew, somewhere else.
"""

from __future__ import annotations

import importlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, Protocol, cast

from access_desk.domain.errors import KeyMissingError, UnavailableError
from access_desk.domain.ports import Secrets
from access_desk.storage.durable_files import write_private
from access_desk.system.home import DeskIdentity, Home, SecretsPlace

DATABASE_KEY: Final = "database-key"
SIGNING_KEY: Final = "signing-key"
PIN_PEPPER: Final = "pin-pepper"
KEY_BYTES: Final = 32
PASSPHRASE_FILE_VARIABLE: Final = "ACCESS_DESK_PASSPHRASE_FILE"  # noqa: S105 - the name, not the phrase
PRACTICE_FILE: Final = "PRACTICE-secrets.json"
SEALED_FILE: Final = "sealed-secrets.json"
PRACTICE_FORMAT: Final = "access-desk.practice-secrets/1"
_PRACTICE_WARNING: Final = (
    "PRACTICE. The key of a practice desk lies here in the open: whoever has this folder can read the desk. "
    "Never record a real patient on it."
)


class SecretsFile(Secrets, Protocol):
    """Secrets kept in one file."""

    def put_all(self, values: dict[str, str]) -> None:
        """Store several secrets in one step. Raises UnavailableError when the file cannot be written."""
        ...


class PracticeSecrets:
    """A practice desk's secrets, in the open beside it, in a file that says so."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def get(self, name: str) -> str | None:
        """Return the secret of that name, or None. Raises UnavailableError when the file cannot be read."""
        return self._read().get(name)

    def put(self, name: str, value: str) -> None:
        """Store a secret. Raises UnavailableError when the file cannot be written."""
        self.put_all({name: value})

    def put_all(self, values: dict[str, str]) -> None:
        """Store several secrets in one step. Raises UnavailableError when the file cannot be written."""
        kept = {"format": PRACTICE_FORMAT, "warning": _PRACTICE_WARNING, "secrets": self._read() | values}
        try:
            write_private(self._path, (json.dumps(kept, indent=1) + "\n").encode())
        except OSError as wrong:
            raise UnavailableError(f"{self._path} cannot be written ({wrong.strerror}). Nothing was changed.") from wrong

    def _read(self) -> dict[str, str]:
        try:
            kept: Any = json.loads(self._path.read_bytes())
            if kept["format"] != PRACTICE_FORMAT:
                raise ValueError(PRACTICE_FORMAT)
            return {str(name): str(value) for name, value in kept["secrets"].items()}
        except FileNotFoundError:
            return {}
        except OSError as wrong:
            raise UnavailableError(f"{self._path} cannot be read ({wrong.strerror}). Nothing was changed.") from wrong
        except (ValueError, KeyError, TypeError, AttributeError) as wrong:
            raise KeyMissingError(
                f"{self._path} cannot be understood, so this practice desk cannot be opened. Nothing was changed. "
                "Put the file back from a copy, restore a backup, or begin a new practice desk in another folder."
            ) from wrong


def kept_key(secrets: Secrets, name: str) -> bytes:
    """Return one of the desk's keys: 32 bytes.

    Args:
        secrets: the place that keeps it.
        name: :data:`DATABASE_KEY`, :data:`SIGNING_KEY` or :data:`PIN_PEPPER`.

    Raises:
        KeyMissingError: it is not there, or is no key.
        UnavailableError: the place cannot be asked.
    """
    try:
        key = bytes.fromhex(secrets.get(name) or "")
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise KeyMissingError(
            f"The {name.replace('-', ' ')} of this desk is not where it is kept, so the desk cannot be opened. Its database "
            "was left as it is, and no empty one was made in its place. Restore a backup, or enroll this desk again."
        )
    return key


def made_key(secrets: Secrets, name: str, random_bytes: Callable[[int], bytes] = os.urandom) -> bytes:
    """Make one of a new desk's keys and store it. A key that is there is returned, never replaced.

    Raises:
        KeyMissingError: there is something of that name that is no key.
        UnavailableError: it cannot be stored.
    """
    if secrets.get(name) is None:
        secrets.put(name, random_bytes(KEY_BYTES).hex())
    return kept_key(secrets, name)


def open_secrets(home: Home, identity: DeskIdentity, ask: Callable[[bool], str | None]) -> Secrets:
    """Take the place where this desk keeps its secrets. Only the libraries that the place needs are loaded.

    Args:
        home: the desk's folder.
        identity: who the desk is.
        ask: asks for a sealed file's passphrase; told whether it is to be a new one.

    Raises:
        UnavailableError: the place is a keyring, and there is none that can be trusted.
    """
    match identity.secrets:
        case SecretsPlace.PRACTICE:
            return PracticeSecrets(home.folder / PRACTICE_FILE)
        case SecretsPlace.KEYRING:
            place = importlib.import_module("access_desk.system.keyring_secrets")
            return cast("Secrets", place.KeyringSecrets(identity.desk_id))
        case SecretsPlace.SEALED:
            return sealed_file(home.folder / SEALED_FILE, ask)


def sealed_file(path: Path, ask: Callable[[bool], str | None]) -> SecretsFile:
    """Take a file sealed under a passphrase; ``ask`` as for :func:`open_secrets`."""
    place = importlib.import_module("access_desk.system.sealed_secrets")
    return cast("SecretsFile", place.SealedFileSecrets(path, ask))


def is_practice_file(path: Path) -> bool:
    """Tell whether a file keeps secrets in the open, as a practice desk's does."""
    try:
        return bool(json.loads(path.read_bytes())["format"] == PRACTICE_FORMAT)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def choose_place(*, practice: bool) -> SecretsPlace:
    """Choose where a new desk keeps its secrets: in the keyring when one works, else in a sealed file."""
    if practice:
        return SecretsPlace.PRACTICE
    try:
        importlib.import_module("access_desk.system.keyring_secrets").KeyringSecrets("trial").get("trial")
    except UnavailableError:
        return SecretsPlace.SEALED
    return SecretsPlace.KEYRING
