"""A large file that lies encrypted wherever it is: compressed by zstd, cut into pieces of a mebibyte, each sealed by AES-256-GCM.

The key is made for one file and never used for another, so a piece's place can be its nonce; the last piece is marked, so a
file that was cut off, or whose pieces were moved, cannot be opened. Reading and writing take a few mebibytes of memory,
however large the file is.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from access_desk.domain.errors import DamagedDatabaseError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

PIECE: Final = 1024 * 1024
_TAG: Final = 16
_NONCE: Final = 12
_LEVEL: Final = 3
_MORE, _LAST = b"more", b"last"


def write_sealed(file: BinaryIO, key: bytes, parts: Iterable[bytes]) -> str:
    """Compress and seal; the SHA-256 (hex) of the file. ``key`` has 32 bytes and is for this file only."""
    box, digest = AESGCM(key), sha256()
    waiting = bytearray()
    number = 0

    def seal(piece: bytes, mark: bytes) -> None:
        nonlocal number
        sealed = box.encrypt(number.to_bytes(_NONCE, "big"), piece, mark)
        digest.update(sealed)
        file.write(sealed)
        number += 1

    for part in _compressed(parts):
        waiting += part
        # One byte more than a piece: the last one is never empty, unless everything is.
        while len(waiting) > PIECE:
            seal(bytes(waiting[:PIECE]), _MORE)
            del waiting[:PIECE]
    seal(bytes(waiting), _LAST)
    return digest.hexdigest()


def _compressed(parts: Iterable[bytes]) -> Iterator[bytes]:
    compressing = zstd.ZstdCompressor(level=_LEVEL)
    for part in parts:
        if made := compressing.compress(part):
            yield made
    yield compressing.flush()


def read_sealed(path: Path, key: bytes) -> Iterator[bytes]:
    """What was sealed, in pieces.

    Raises:
        DamagedDatabaseError: the file is not as it was written, or the key is another.
    """
    expanding = zstd.ZstdDecompressor()
    for piece in _opened(path, AESGCM(key)):
        try:
            if made := expanding.decompress(piece):
                yield made
        except (zstd.ZstdError, EOFError) as wrong:
            raise _damaged() from wrong
    if not expanding.eof:
        raise _damaged()


def _opened(path: Path, box: AESGCM) -> Iterator[bytes]:
    with path.open("rb") as file:
        number, piece = 0, file.read(PIECE + _TAG)
        while True:
            following = file.read(PIECE + _TAG)
            try:
                yield box.decrypt(number.to_bytes(_NONCE, "big"), piece, _MORE if following else _LAST)
            except InvalidTag as wrong:
                raise _damaged() from wrong
            if not following:
                return
            number, piece = number + 1, following


def _damaged() -> DamagedDatabaseError:
    return DamagedDatabaseError("The snapshot is not as it was written, or another key belongs to it. Nothing was changed.")
