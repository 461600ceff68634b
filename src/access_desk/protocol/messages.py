"""What desk and central say to each other: JSON by msgspec, strict both ways, version 1.

An event travels as the bytes that were hashed and signed (``msgspec.Raw`` keeps them as they are); hashes are not sent,
whoever receives an event computes its own. A field that is not known is refused, so that nothing is silently dropped.
"""

from __future__ import annotations

import json
from collections.abc import Hashable
from functools import cache
from typing import Annotated, Any, Final, TypeVar, cast

import msgspec

PROTOCOL: Final = 1
# The only name that central's certificate is good for.
CENTRAL_NAME: Final = "central.access-desk.internal"
MOST_EVENTS: Final = 500
MOST_BYTES: Final = 1024 * 1024
# The name of the events of a stream that are pokes.
POKED: Final = "reached"
LARGEST_CONTENT: Final = 32 * 1024 * 1024
# Verifiers in one message; a facility has more people than this seldom, and then they go in several rounds.
MOST_PINS: Final = 500
MOST_FLAGS: Final = 500
# No control characters in what people and databases are to read.
_LABEL = r"^[^\x00-\x1f]+$"
# A name of a facility or a desk in a path or a message.
NAME: Final = r"^[A-Za-z0-9._-]{1,64}$"
# A flag's name in a query; blank before the first.
FLAG: Final = r"^[A-Za-z0-9._/-]{0,200}$"
_HEX64 = r"^[0-9a-f]{64}$"
_HEX128 = r"^[0-9a-f]{128}$"

_Count = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
_Hash = Annotated[str, msgspec.Meta(pattern=_HEX64)]

_M = TypeVar("_M")


class MalformedMessageError(Exception):
    """Bytes that are not the message they should be. The text says what is wrong, never what was in it."""


class _Message(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class WireEvent(_Message, frozen=True):
    """An event as it lies in its desk's log, and the desk's signature (hex) over its hash."""

    event: msgspec.Raw
    signature: Annotated[str, msgspec.Meta(pattern=_HEX128)]


class Push(_Message, frozen=True):
    """Events of one stream, one after another, the first following what central has."""

    protocol: int
    events: Annotated[list[WireEvent], msgspec.Meta(min_length=1, max_length=MOST_EVENTS)]


class Acknowledged(_Message, frozen=True):
    """Central has the stream up to ``seq`` durably; ``hash`` (hex) is that event's. ``parked`` could not be projected yet."""

    seq: int
    hash: str
    parked: tuple[int, ...] = ()


class FeedEvent(_Message, frozen=True, omit_defaults=True):
    """An event of any desk at its position in the facility's feed, and when central received it (UTC).

    ``cap`` is what its clock stamp counts as when that lay more than five minutes after ``received_at``.
    """

    position: int
    received_at: str
    event: msgspec.Raw
    signature: Annotated[str, msgspec.Meta(pattern=_HEX128)]
    cap: Annotated[str, msgspec.Meta(pattern=r"^([0-9]{13}-[0-9]{5}-[A-Za-z0-9._-]{1,64})?$")] = ""


class FeedPage(_Message, frozen=True):
    """Consecutive positions after the one asked for. ``digest`` chains the feed up to the last of them.

    The digest of a position is SHA-256 over the digest before it, the event's hash and the text of its ``cap``, so that a desk
    can tell central what it believes the feed to be, and central can tell it that it has become another: after a restore, say.
    """

    events: tuple[FeedEvent, ...]
    digest: str
    head: int


class Poke(_Message, frozen=True):
    """A facility's feed has come to a position; what came is to be asked for."""

    facility_id: str
    position: int


class StreamHead(_Message, frozen=True):
    """The end of one stream."""

    desk_id: str
    stream_epoch: int
    seq: int
    hash: str


class Sanity(_Message, frozen=True):
    """What central has of a facility at a position: to compare with what the desk has."""

    position: int
    events: int
    streams: tuple[StreamHead, ...]
    custodies: int
    cash_cents: int
    figures: str


class Flagged(_Message, frozen=True):
    """An event that stands out at central, and why; ids, moments (UTC text) and figures only."""

    flag_id: str
    kind: str
    desk_id: str
    stream_epoch: int
    desk_seq: int
    event_id: str
    event_kind: str
    actor_id: str
    recorded_at: str
    received_at: str
    amount_cents: int
    detail: str


class FlagPage(_Message, frozen=True):
    """Flags in the order of their names; nothing follows a page that is not full.

    ``digest`` (hex) is the SHA-256 over the names of all of them, in that order, with a line feed between two.
    """

    digest: str
    flags: tuple[Flagged, ...]


class Enroll(_Message, frozen=True):
    """A desk asks to become known: its one-time secret, its key, and a signature with it over both."""

    protocol: int
    secret: Annotated[str, msgspec.Meta(pattern=r"^[A-Z2-7]{20}$")]
    desk_id: Annotated[str, msgspec.Meta(pattern=NAME)]
    label: Annotated[str, msgspec.Meta(max_length=80, pattern=_LABEL)]
    public_key: Annotated[str, msgspec.Meta(pattern=_HEX64)]
    signature: Annotated[str, msgspec.Meta(pattern=_HEX128)]


class Enrolled(_Message, frozen=True, omit_defaults=True):
    """Central knows the desk now: its facility, its number there, and where its series of numbers begin.

    ``pepper`` (hex) is what all desks of this central mix into PINs before they make a verifier of one. Blank from
    a central of before it was given: the desk keeps its own. ``snapshot_key`` (hex) is what the desk checks snapshots with;
    blank from a central that makes none.
    """

    facility_id: str
    number: int
    practice: bool
    series: dict[str, int]
    pepper: Annotated[str, msgspec.Meta(pattern=r"^([0-9a-f]{64})?$")] = ""
    snapshot_key: Annotated[str, msgspec.Meta(pattern=r"^([0-9a-f]{64})?$")] = ""


class WantNumbers(_Message, frozen=True):
    """A desk has few numbers of a series left: the highest block it was lent, and the epoch in which it will use the next."""

    protocol: int
    series: Annotated[str, msgspec.Meta(pattern=r"^mrn$")]
    have: Annotated[int, msgspec.Meta(ge=-1, le=10_000_000)]
    stream_epoch: Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]


class LentNumbers(_Message, frozen=True):
    """A block of numbers for this desk alone; which numbers these are follows from the desk's number."""

    series: str
    block: int


class PinVerifier(_Message, frozen=True):
    """The verifier of a person's PIN; its hash is in the log."""

    person_id: Annotated[str, msgspec.Meta(max_length=64, pattern=_LABEL)]
    verifier: Annotated[str, msgspec.Meta(max_length=300, pattern=_LABEL)]


class ExchangePins(_Message, frozen=True):
    """For whom a desk lacks the verifier that the log names, and verifiers that central lacked."""

    protocol: int
    lacking: Annotated[list[str], msgspec.Meta(max_length=MOST_PINS)]
    offered: Annotated[list[PinVerifier], msgspec.Meta(max_length=MOST_PINS)] = []


class ExchangedPins(_Message, frozen=True):
    """What the desk lacked and central has, and for whom central lacks the verifier that its log names."""

    verifiers: tuple[PinVerifier, ...]
    lacking: tuple[str, ...]


class CentralKind(_Message, frozen=True):
    """What central a desk is talking to; a practice central's desks are practice desks."""

    protocol: int
    practice: bool


class Challenge(_Message, frozen=True):
    """What a desk signs to show that it holds its key; good for one session, for a short time."""

    nonce: str


class OpenSession(_Message, frozen=True):
    """A desk's answer to a challenge."""

    protocol: int
    desk_id: Annotated[str, msgspec.Meta(pattern=NAME)]
    nonce: Annotated[str, msgspec.Meta(pattern=_HEX64)]
    signature: Annotated[str, msgspec.Meta(pattern=_HEX128)]


class Session(_Message, frozen=True):
    """A token that is good for so many seconds."""

    token: str
    seconds: int


class Snapshot(_Message, frozen=True):
    """A snapshot that central has; ``signature`` (hex) is over `snapshots.signed_text`, by the key that a desk gets on enrolling.

    ``position`` and ``digest`` say where in the feed it stands, ``revision`` which tables and kinds of events it was made
    with, ``rows`` how many there are. ``size`` (bytes) and ``sha256`` are of the file that is carried, ``database_size``
    (bytes) of what it holds. ``key`` (hex) opens it: whoever may ask for the snapshot may read it.
    """

    format: int
    facility_id: Annotated[str, msgspec.Meta(pattern=NAME)]
    position: _Count
    digest: _Hash
    revision: str
    rows: _Count
    made_at: str
    size: _Count
    sha256: _Hash
    database_size: _Count
    key: _Hash
    signature: Annotated[str, msgspec.Meta(pattern=r"^([0-9a-f]{128})?$")] = ""


class SnapshotOffer(_Message, frozen=True):
    """The newest snapshot of a facility, if there is one, and whether another is being made."""

    snapshot: Snapshot | None
    is_making: bool


class Problem(_Message, frozen=True):
    """Why something was not done. ``code`` is for the program, ``text`` for people.

    ``expected`` is the sequence that must come next (``sequence``), ``missing`` the hashes of content to send first
    (``content_missing``).
    """

    code: str
    text: str
    expected: int | None = None
    missing: tuple[str, ...] = ()


_encoder = msgspec.json.Encoder()


@cache
def _decoder(wanted: Hashable) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(cast("type[Any]", wanted))


def to_bytes(message: object) -> bytes:
    """A message as it is sent."""
    return _encoder.encode(message)


def read(data: bytes, wanted: type[_M]) -> _M:
    """A message of that class. Raises MalformedMessageError."""
    try:
        message: _M = _decoder(cast("Hashable", wanted)).decode(data)
    except (msgspec.DecodeError, RecursionError, ValueError) as wrong:
        raise MalformedMessageError(f"not a {wanted.__name__} message: {_without_content(wrong)}") from wrong
    return message


def repeats_a_name(data: bytes) -> bool:
    """Whether an object of some JSON has two members of one name: readers differ in which of them they see (RFC 8259, 4).

    Raises MalformedMessageError when it is no JSON. What goes too deep has been refused before.
    """
    try:
        # What a desk writes is what this writes, and then there can be none.
        if msgspec.json.encode(msgspec.json.decode(data)) == data:
            return False
        json.loads(data, object_pairs_hook=_once)
    except _RepeatedNameError:
        return True
    except (msgspec.DecodeError, RecursionError, ValueError) as wrong:
        raise MalformedMessageError(f"not JSON: {_without_content(wrong)}") from wrong
    return False


class _RepeatedNameError(Exception):
    pass


def _once(members: list[tuple[str, object]]) -> None:
    if len({name for name, _ in members}) < len(members):
        raise _RepeatedNameError


def _without_content(wrong: Exception) -> str:
    # msgspec names the place and the rule, not the value; other errors are named by their kind only.
    return str(wrong) if isinstance(wrong, msgspec.ValidationError) else type(wrong).__name__


def enrollment_text(secret: str, desk_id: str, public_key: str) -> bytes:
    """What a desk signs when it enrolls."""
    return f"access-desk enroll {secret} {desk_id} {public_key}".encode()


def session_text(fingerprint: str, desk_id: str, nonce: str) -> bytes:
    """What a desk signs to open a session; it names central, so that no other server can use it there."""
    return f"access-desk session {fingerprint} {desk_id} {nonce}".encode()
