"""Events to bytes and back. The bytes that were hashed are the bytes that are kept and sent.

JSON by msgspec with a fixed field order; money is a whole number of cents. An event of a version that is no longer
written passes through its upcasters, one version at a time, before it becomes a body.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Annotated, Any

import msgspec

# Importing a feature's events registers its kinds.
import access_desk.domain.blocked.events
import access_desk.domain.cash_drawer.events
import access_desk.domain.coverage.events
import access_desk.domain.estimates.events
import access_desk.domain.facility.events
import access_desk.domain.flags.events
import access_desk.domain.forms.events
import access_desk.domain.patients.details
import access_desk.domain.patients.dispute_events
import access_desk.domain.patients.events
import access_desk.domain.patients.index_events
import access_desk.domain.patients.link_events
import access_desk.domain.patients.naming_events
import access_desk.domain.patients.number_events
import access_desk.domain.payments.events
import access_desk.domain.payments.on_paper
import access_desk.domain.privacy.events
import access_desk.domain.queue.events
import access_desk.domain.registration.events
import access_desk.domain.schedule.events
import access_desk.domain.visits.details
import access_desk.domain.visits.emergency_events
import access_desk.domain.visits.events  # noqa: F401
from access_desk.domain.errors import DeskError
from access_desk.domain.events import Recorded, body_class_of, version_of
from access_desk.domain.money import Money


class UndecodableEventError(Exception):
    """Stored bytes are not an event of this program's format."""


@dataclass(frozen=True, slots=True)
class UnknownBody:
    """The body of a kind, or a version, that a later release invented; kept whole and projected after an upgrade."""

    raw: bytes


FORMAT = 1
# Names are columns and keys, and a database would refuse a NUL in them: `decode` looks for one in all of them at once, since a
# pattern for each takes as long as the rest of the reading.
_Name = Annotated[str, msgspec.Meta(max_length=200, extra_json_schema={"pattern": r"^[^\x00]*$"})]
# How JSON says NUL, the only way.
_NUL = b"\\u0000"
_Whole = Annotated[int, msgspec.Meta(ge=1, le=2**53)]


class Wire(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An envelope as it is written. Field order is the order in the bytes and never changes."""

    format: Annotated[int, msgspec.Meta(ge=FORMAT, le=FORMAT)]
    event_id: _Name
    facility_id: _Name
    desk_id: _Name
    stream_epoch: Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]
    desk_seq: _Whole
    recorded_at: Annotated[datetime, msgspec.Meta(tz=True)]
    stamp: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{13}-[0-9]{5}-[^\x00]{1,200}$")]
    business_date: date
    actor_id: _Name
    approver_id: _Name | None
    command_id: _Name | None
    kind: _Name
    version: Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]
    subject_id: _Name
    also: tuple[_Name, ...]
    prev_hash: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$")]
    body: msgspec.Raw


Upcaster = Callable[[dict[str, Any]], dict[str, Any]]


def _only_new_fields(body: dict[str, Any]) -> dict[str, Any]:
    """A version that only added fields: what an older body does not say has its default."""
    return body


# (kind, version) -> how a body of that version becomes one of the next.
UPCASTERS: Mapping[tuple[str, int], Upcaster] = {
    ("facility.policy_set", 1): _only_new_fields,
    ("patient.registered", 1): _only_new_fields,
    ("patient.amended", 1): _only_new_fields,
    ("staff.pin_set", 1): _only_new_fields,
    ("visit.registered", 1): _only_new_fields,
    ("visit.registered", 2): _only_new_fields,
}


def _encode_value(value: object) -> object:
    if isinstance(value, Money):
        return value.cents
    raise TypeError(f"no wire form for {type(value).__name__}")


def _decode_value(wanted: type, value: object) -> object:
    if wanted is Money and type(value) is int:
        return Money(value)
    raise ValueError(f"not a {wanted.__name__}")


_encoder = msgspec.json.Encoder(enc_hook=_encode_value)
_wire_decoder = msgspec.json.Decoder(Wire)


@cache
def _body_decoder(body_class: type) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(body_class, dec_hook=_decode_value)


def encode_value(value: object) -> bytes:
    """Any domain value as JSON bytes, as bodies are written."""
    return _encoder.encode(value)


def decode_value(data: bytes, wanted: type) -> Any:
    """A domain value of that class from its JSON bytes. Raises UndecodableEventError."""
    try:
        return _body_decoder(wanted).decode(data)
    except (msgspec.DecodeError, ValueError) as wrong:
        raise UndecodableEventError(f"a stored {wanted.__name__} cannot be read") from wrong


def encode(event: Recorded, prev_hash: str) -> bytes:
    """The bytes of an event in its place of the chain; ``prev_hash`` is the hash (hex) of the event before it."""
    return _encoder.encode(
        Wire(
            FORMAT,
            event.event_id,
            event.facility_id,
            event.desk_id,
            event.stream_epoch,
            event.desk_seq,
            event.recorded_at,
            event.stamp,
            event.business_date,
            event.actor_id,
            event.approver_id,
            event.command_id,
            event.kind,
            event.version,
            event.subject_id,
            event.also,
            prev_hash,
            msgspec.Raw(_encoder.encode(event.body)),
        )
    )


def decode(data: bytes) -> tuple[Recorded, str]:
    """The event and the hash of the one before it.

    Raises:
        UndecodableEventError: when the bytes are no event. A kind or version of a later release is no error.
    """
    try:
        wire = _wire_decoder.decode(data)
        if _NUL in data:
            _check_names(wire)
        body = _decode_body(wire.kind, wire.version, bytes(wire.body))
    except (msgspec.DecodeError, ValueError, DeskError) as wrong:
        raise UndecodableEventError("the stored bytes are not an event") from wrong
    event = Recorded(
        wire.event_id,
        wire.facility_id,
        wire.desk_id,
        wire.stream_epoch,
        wire.desk_seq,
        wire.recorded_at,
        wire.stamp,
        wire.business_date,
        wire.actor_id,
        wire.approver_id,
        wire.command_id,
        wire.kind,
        wire.version,
        wire.subject_id,
        wire.also,
        body,
    )
    return event, wire.prev_hash


def _check_names(wire: Wire) -> None:
    if any("\0" in text for name in Wire.__struct_fields__ for text in _texts(getattr(wire, name))):
        raise ValueError("a name with a NUL in it")


def _texts(value: object) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value if isinstance(value, tuple) else ()


def _decode_body(kind: str, version: int, raw: bytes) -> object:
    body_class = body_class_of(kind)
    if body_class is None or version > version_of(kind):
        return UnknownBody(raw)
    if version < version_of(kind):
        content = msgspec.json.decode(raw)
        for older in range(version, version_of(kind)):
            content = UPCASTERS[kind, older](content)
        raw = msgspec.json.encode(content)
    return _body_decoder(body_class).decode(raw)
