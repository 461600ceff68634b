"""How bodies are made smaller on their way: zstd (RFC 8878), or gzip for whoever does not know it.

Which of them is used is agreed as HTTP does it (RFC 9110, 8.4 and 12.5.3): each side says in ``Accept-Encoding`` what it
reads. What is unpacked comes in pieces, so that a small body never becomes a large one before somebody counts.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Iterator
from typing import Final

from access_desk.protocol.messages import MalformedMessageError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ZSTD: Final = "zstd"
GZIP: Final = "gzip"
# Best first.
CODINGS: Final = (ZSTD, GZIP)
ACCEPTED: Final = ", ".join(CODINGS)
# Below this a body is sent as it is.
SMALLEST: Final = 1024
_ZSTD_LEVEL: Final = 3
_GZIP_LEVEL: Final = 6
_GZIP_WINDOW: Final = zlib.MAX_WBITS | 16
# What RFC 8878 (3.1.1.1.2) asks every reader to support, and no more: the writer decides how much memory the reader needs.
_LARGEST_WINDOW: Final = 23
_PIECE: Final = 64 * 1024


def agreed(accepted: str) -> str:
    """The best coding that an ``Accept-Encoding`` accepts; blank for the body as it is."""
    weights: dict[str, float] = {}
    for one in accepted.lower().split(","):
        name, *parameters = (part.strip() for part in one.split(";"))
        weights[name] = _weight(parameters)
    return next((coding for coding in CODINGS if weights.get(coding, 0.0) > 0), "")


def _weight(parameters: list[str]) -> float:
    for one in parameters:
        name, _, value = one.partition("=")
        if name.strip() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0


def packed(body: bytes, coding: str) -> bytes:
    """A whole body in one of ``CODINGS``."""
    if coding == ZSTD:
        return zstd.compress(body, _ZSTD_LEVEL)
    return zlib.compress(body, _GZIP_LEVEL, _GZIP_WINDOW)


class Unpacking:
    """A body in one of ``CODINGS`` that comes in parts."""

    def __init__(self, coding: str) -> None:
        self._pieces: _Zstd | _Gzip = _Zstd() if coding == ZSTD else _Gzip()

    def pieces(self, part: bytes) -> Iterator[bytes]:
        """What the next part holds, in pieces of at most 64 KiB. Raises MalformedMessageError."""
        try:
            yield from self._pieces.of(part)
        except (zlib.error, zstd.ZstdError) as wrong:
            raise MalformedMessageError("the body is not in the coding that it is said to be in") from wrong

    def check_whole(self) -> None:
        """The body has ended. Raises MalformedMessageError unless its coding has ended too, with nothing after it."""
        if not self._pieces.is_whole:
            raise MalformedMessageError("the body was cut off, or something follows it")


class _Zstd:
    def __init__(self) -> None:
        self._reader = zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: _LARGEST_WINDOW})
        self._has_more = False

    def of(self, part: bytes) -> Iterator[bytes]:
        if self._reader.eof:
            self._has_more |= bool(part)
            return
        while piece := self._reader.decompress(part, _PIECE):
            yield piece
            if self._wants_no_more():
                return
            part = b""

    def _wants_no_more(self) -> bool:
        return self._reader.eof or self._reader.needs_input

    @property
    def is_whole(self) -> bool:
        return self._reader.eof and not self._reader.unused_data and not self._has_more


class _Gzip:
    def __init__(self) -> None:
        self._reader = zlib.decompressobj(_GZIP_WINDOW)
        self._has_more = False

    def of(self, part: bytes) -> Iterator[bytes]:
        if self._reader.eof:
            self._has_more |= bool(part)
            return
        while piece := self._reader.decompress(part, _PIECE):
            yield piece
            part = self._reader.unconsumed_tail

    @property
    def is_whole(self) -> bool:
        return self._reader.eof and not self._reader.unused_data and not self._has_more
