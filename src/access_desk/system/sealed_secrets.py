"""Secrets in a sealed file, for a computer without a keyring: a passphrase, Argon2id, AES-256-GCM.

The passphrase is asked for when it is first needed and kept only as the key derived from it, in memory. Header fields
are bound to the sealed content as associated data, so none of them can be changed unnoticed.
"""

from __future__ import annotations

import json
import os
import threading
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from access_desk.domain.errors import KeyMissingError, UnavailableError
from access_desk.storage.durable_files import write_private
from access_desk.system.secrets import PASSPHRASE_FILE_VARIABLE

FORMAT: Final = "access-desk.sealed-secrets/1"
SHORTEST_PASSPHRASE: Final = 12
# RFC 9106, section 4, second recommended option: 64 MiB, three passes, four lanes.
_MEMORY_KIB: Final = 64 * 1024
_PASSES: Final = 3
_LANES: Final = 4
_SALT_BYTES: Final = 16
_NONCE_BYTES: Final = 12
_LARGEST_PASSPHRASE_FILE: Final = 4096
# What a file may ask for at most, so that a manipulated one cannot exhaust the computer.
_MOST_MEMORY_KIB: Final = 1024 * 1024
_MOST_PASSES: Final = 16
_MOST_LANES: Final = 16

AskPassphrase = Callable[[bool], str | None]


class SealedFileSecrets:
    """Secrets in a file under a passphrase."""

    def __init__(self, path: Path, ask: AskPassphrase, random_bytes: Callable[[int], bytes] = os.urandom) -> None:
        """Take the file; nothing is read yet.

        Args:
            path: the file; it need not exist.
            ask: returns the passphrase, or None when nobody gives one; its argument says whether it is a new one.
            random_bytes: where salts and nonces come from.
        """
        self._path = path
        self._ask = ask
        self._random_bytes = random_bytes
        self._lock = threading.Lock()
        self._header: dict[str, Any] | None = None
        self._key: bytes | None = None

    def get(self, name: str) -> str | None:
        """Return the secret of that name, or None.

        Raises:
            KeyMissingError: the passphrase is wrong or was not given, or the file was changed.
            UnavailableError: the file cannot be read.
        """
        with self._lock:
            return self._read().get(name)

    def put(self, name: str, value: str) -> None:
        """Store a secret.

        Raises:
            KeyMissingError: as for :meth:`get`.
            UnavailableError: the file cannot be written, or a new passphrase is too short.
        """
        self.put_all({name: value})

    def put_all(self, values: dict[str, str]) -> None:
        """Store several secrets in one step; raises as :meth:`put` does."""
        with self._lock:
            self._write(self._read() | values)

    def _read(self) -> dict[str, str]:
        try:
            content: Any = json.loads(self._path.read_bytes())
            header = {name: content[name] for name in ("format", "memory_kib", "passes", "lanes", "salt")}
            nonce, sealed = bytes.fromhex(content["nonce"]), bytes.fromhex(content["sealed"])
            salt = bytes.fromhex(header["salt"])
            if header["format"] != FORMAT or not _is_affordable(header):
                raise ValueError(FORMAT)
        except FileNotFoundError:
            return {}
        except OSError as wrong:
            raise UnavailableError(f"{self._path} cannot be read ({wrong.strerror}). Nothing was changed.") from wrong
        except (ValueError, KeyError, TypeError) as wrong:
            raise _unreadable(self._path) from wrong
        if self._key is None or self._header != header:
            self._key = _derive(self._passphrase(new=False), salt, header)
            self._header = header
        try:
            opened: Any = json.loads(AESGCM(self._key).decrypt(nonce, sealed, _bound(header)))
        except InvalidTag as wrong:
            self._key = None
            raise KeyMissingError(
                "The passphrase does not open this desk's secrets, or the file was changed. Nothing was changed. "
                "Try again; after that restore a backup, or enroll this desk again."
            ) from wrong
        return {str(name): str(value) for name, value in opened.items()}

    def _write(self, secrets: dict[str, str]) -> None:
        if self._key is None or self._header is None:
            salt = self._random_bytes(_SALT_BYTES)
            header = {
                "format": FORMAT,
                "memory_kib": _MEMORY_KIB,
                "passes": _PASSES,
                "lanes": _LANES,
                "salt": salt.hex(),
            }
            passphrase = self._passphrase(new=True)
            if len(passphrase) < SHORTEST_PASSPHRASE:
                raise UnavailableError(
                    f"A passphrase needs {SHORTEST_PASSPHRASE} characters at least. Nothing was stored. Choose a longer one."
                )
            self._key, self._header = _derive(passphrase, salt, header), header
        nonce = self._random_bytes(_NONCE_BYTES)
        sealed = AESGCM(self._key).encrypt(nonce, json.dumps(secrets).encode(), _bound(self._header))
        content = {**self._header, "nonce": nonce.hex(), "sealed": sealed.hex()}
        try:
            write_private(self._path, (json.dumps(content, indent=1) + "\n").encode())
        except OSError as wrong:
            raise UnavailableError(f"{self._path} cannot be written ({wrong.strerror}). Nothing was changed.") from wrong

    def _passphrase(self, *, new: bool) -> str:
        passphrase = self._ask(new)
        if not passphrase:
            raise KeyMissingError(
                "This desk's secrets are sealed under a passphrase, and none was given. Nothing was changed. Start again "
                f"and type it, or name a file that holds it in {PASSPHRASE_FILE_VARIABLE}."
            )
        return passphrase


def passphrase_from_file(variable: str | None) -> str | None:
    """Read the passphrase from the file that ``ACCESS_DESK_PASSPHRASE_FILE`` names: its first line.

    Args:
        variable: the variable's value; None or empty when it is not set.

    Raises:
        UnavailableError: the file cannot be read.
    """
    if not variable:
        return None
    try:
        with Path(variable).open("rb") as file:
            lines = file.read(_LARGEST_PASSPHRASE_FILE).decode("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as wrong:
        raise UnavailableError(
            f"The file that {PASSPHRASE_FILE_VARIABLE} names cannot be read. Nothing was changed. Check its name and rights."
        ) from wrong
    return lines[0] if lines else ""


def _derive(passphrase: str, salt: bytes, header: dict[str, Any]) -> bytes:
    kdf = Argon2id(
        salt=salt,
        length=32,
        iterations=header["passes"],
        lanes=header["lanes"],
        memory_cost=header["memory_kib"],
    )
    # Composed: the same accented letter is typed as one or two characters, depending on the system.
    return kdf.derive(unicodedata.normalize("NFC", passphrase).encode())


def _bound(header: dict[str, Any]) -> bytes:
    return json.dumps(header, sort_keys=True).encode()


def _is_affordable(header: dict[str, Any]) -> bool:
    limits = (("memory_kib", _MOST_MEMORY_KIB), ("passes", _MOST_PASSES), ("lanes", _MOST_LANES))
    return all(type(header[name]) is int and 1 <= header[name] <= most for name, most in limits)


def _unreadable(path: Path) -> KeyMissingError:
    return KeyMissingError(
        f"{path} cannot be understood, so this desk's secrets cannot be opened. Nothing was changed. "
        "Put the file back from a copy, restore a backup, or enroll this desk again."
    )
