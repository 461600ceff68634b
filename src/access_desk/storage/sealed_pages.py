"""Pages of an encrypted database file one after another: out of the file into memory, and out of memory into a file.

SQLCipher 4's own format (zetetic.net/sqlcipher/design): AES-256 in CBC mode, a fresh vector for every page, HMAC-SHA512 over
what was encrypted, the vector and the page's number. With it a whole database with its indexes travels as its pages, and
they lie on no disk in the open: neither where they come from nor where they go to. The library itself has no way to do that.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Iterator
from hashlib import pbkdf2_hmac
from pathlib import Path
from typing import BinaryIO, Final

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC

from access_desk.domain.errors import DamagedDatabaseError

PAGE: Final = 4096
_VECTOR, _SEAL = 16, 64
_RESERVED: Final = _VECTOR + _SEAL
_USED: Final = PAGE - _RESERVED
# The first bytes of the file are salt there, and this in the open.
_MAGIC: Final = b"SQLite format 3\x00"
_SALT: Final = len(_MAGIC)
_MASK: Final = 0x3A
_NUMBER: Final = 4


class _Seals:
    def __init__(self, key: bytes, salt: bytes) -> None:
        seal_key = pbkdf2_hmac("sha512", key, bytes(byte ^ _MASK for byte in salt), 2, len(key))
        self._empty = hmac.new(seal_key, digestmod="sha512")

    def of(self, number: int, encrypted: bytes) -> bytes:
        """The seal of a page, over its encrypted bytes and its vector."""
        seal = self._empty.copy()
        seal.update(encrypted)
        seal.update(number.to_bytes(_NUMBER, "little"))
        return seal.digest()


def opened_pages(path: Path, key: bytes) -> Iterator[bytes]:
    """Every page of an encrypted file that nobody writes to, in the open, with zeros where its seal was.

    Raises:
        DamagedDatabaseError: a page is not as it was written, or the key is another.
    """
    with path.open("rb") as file:
        seals = _Seals(key, file.read(_SALT))
        file.seek(0)
        number = 0
        while page := file.read(PAGE):
            number += 1
            begin = _SALT if number == 1 else 0
            if len(page) != PAGE or seals.of(number, page[begin:-_SEAL]) != page[-_SEAL:]:
                raise DamagedDatabaseError(f"Page {number} of {path.name} is not as it was written. Nothing was changed.")
            opener = Cipher(AES256(key), CBC(page[_USED : _USED + _VECTOR])).decryptor()
            yield (_MAGIC if begin else b"") + opener.update(page[begin:_USED]) + bytes(_RESERVED)


class PageSealer:
    """Encrypts pages into a file that is written from its beginning."""

    def __init__(self, file: BinaryIO, key: bytes) -> None:
        self._file = file
        self._cipher = AES256(key)
        self._salt = os.urandom(_SALT)
        self._seals = _Seals(key, self._salt)
        self._rest = b""
        self._number = 0

    def write(self, pages: bytes) -> None:
        """More of the database, in pieces of any size. Raises DamagedDatabaseError when it is none."""
        pages = self._rest + pages if self._rest else pages
        whole = len(pages) - len(pages) % PAGE
        self._file.write(b"".join(self._sealed(pages[at : at + PAGE]) for at in range(0, whole, PAGE)))
        self._rest = pages[whole:]

    def close(self) -> None:
        """The end. Raises DamagedDatabaseError when it is in the middle of a page."""
        if self._rest or not self._number:
            raise DamagedDatabaseError("What came is not a whole database. Nothing was changed.")

    def _sealed(self, page: bytes) -> bytes:
        self._number += 1
        first = self._number == 1
        if first and (page[:_SALT] != _MAGIC or page[20] != _RESERVED):
            raise DamagedDatabaseError("What came is not a database. Nothing was changed.")
        vector = os.urandom(_VECTOR)
        encrypted = Cipher(self._cipher, CBC(vector)).encryptor().update(page[_SALT if first else 0 : _USED]) + vector
        return (self._salt if first else b"") + encrypted + self._seals.of(self._number, encrypted)
