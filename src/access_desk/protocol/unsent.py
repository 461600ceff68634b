"""A file that carries what a desk recorded to central without a network: the events as they lie in the log, signed.

First line: the desk's signature (hex) over the SHA-256 of everything that follows. Then one JSON message.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import Annotated, Final, Literal

import msgspec

from access_desk.protocol.messages import NAME, MalformedMessageError, WireEvent, read, to_bytes

FORMAT: Final = "access-desk.unsent/1"


class UnsentStream(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Events of one stream, one after another."""

    facility_id: Annotated[str, msgspec.Meta(pattern=NAME)]
    stream_epoch: Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]
    events: tuple[WireEvent, ...]


class UnsentContent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Large content that the events name."""

    facility_id: Annotated[str, msgspec.Meta(pattern=NAME)]
    content: bytes


class Unsent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one desk sends by hand."""

    format: Literal["access-desk.unsent/1"]
    desk_id: Annotated[str, msgspec.Meta(pattern=NAME)]
    streams: tuple[UnsentStream, ...]
    contents: tuple[UnsentContent, ...]


def signed_file(unsent: Unsent, sign: Callable[[bytes], bytes]) -> bytes:
    """The file's bytes."""
    message = to_bytes(unsent)
    return sign(sha256(message).digest()).hex().encode() + b"\n" + message


def read_file(content: bytes) -> tuple[Unsent, bytes, bytes]:
    """What a file carries, the digest that was signed and the signature. Raises MalformedMessageError."""
    line, _, message = content.partition(b"\n")
    try:
        signature = bytes.fromhex(line.decode("ascii"))
    except ValueError as wrong:
        raise MalformedMessageError("the first line is no signature") from wrong
    return read(message, Unsent), sha256(message).digest(), signature
