"""Old events stay readable for ever: a recorded sample of every kind and version is decoded here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
import pytest

from access_desk.domain.events import known_kinds, version_of
from access_desk.domain.money import Money
from access_desk.domain.payments.events import PaymentReceived
from access_desk.protocol import encoding
from access_desk.protocol.encoding import UndecodableEventError, UnknownBody, decode, encode
from access_desk.storage.engine import read_transaction
from access_desk.storage.event_log import every_row
from access_desk.storage.projections import project
from access_desk.storage.row_changes import NEVER_CHANGED, FromContent, InsertRows
from tests.desks import a_desk
from tests.protocol.record_samples import SAMPLES, a_day_of_everything, name_of

EVERY_VERSION = [(kind, version) for kind in known_kinds() for version in range(1, version_of(kind) + 1)]


@pytest.mark.parametrize(("kind", "version"), EVERY_VERSION)
def test_a_recorded_sample_is_read(kind: str, version: int) -> None:
    data = (SAMPLES / name_of(kind, version)).read_bytes()
    event, prev_hash = decode(data)
    assert (event.kind, event.version) == (kind, version)
    assert not isinstance(event.body, UnknownBody)
    changes = project(event)
    assert changes
    rows = [change for change in changes if isinstance(change, InsertRows)]
    assert {one.table for one in rows} <= NEVER_CHANGED
    assert all(len(row) == len(one.columns) for one in rows for row in one.rows)
    if version == version_of(kind):
        assert encode(event, prev_hash) == data


def test_no_sample_is_of_a_kind_that_was_dropped() -> None:
    assert {path.name for path in SAMPLES.iterdir()} == {name_of(*one) for one in EVERY_VERSION}


def test_what_is_written_is_what_is_read() -> None:
    with a_desk() as desk:
        a_day_of_everything(desk)
        with read_transaction(desk.desk.journal.engine) as connection:
            rows = list(every_row(connection))
    assert {row.kind for row in rows} == set(known_kinds())
    for row in rows:
        assert encode(*decode(row.data)) == row.data


def _sample(kind: str = "payment.received") -> bytes:
    return (SAMPLES / name_of(kind, version_of(kind))).read_bytes()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"kind":"payment.received"', b'"kind":"payment.dreamt"'),
        (b'"kind":"payment.received","version":1', b'"kind":"payment.received","version":99'),
    ],
)
def test_what_a_later_release_invented_is_kept_whole(old: bytes, new: bytes) -> None:
    data = _sample().replace(old, new)
    assert data != _sample()
    event, prev_hash = decode(data)
    assert isinstance(event.body, UnknownBody)
    assert event.body.raw in data
    assert {change.table for change in project(event) if not isinstance(change, FromContent)} == {"event_subjects"}
    assert prev_hash


def test_a_body_of_an_older_version_passes_through_every_upcaster(monkeypatch: pytest.MonkeyPatch) -> None:
    def to_2(body: dict[str, Any]) -> dict[str, Any]:
        return {**{name: value for name, value in body.items() if name != "total"}, "cents": body["total"]}

    def to_3(body: dict[str, Any]) -> dict[str, Any]:
        return {**{name: value for name, value in body.items() if name != "cents"}, "amount": body["cents"]}

    upcasters: Mapping[tuple[str, int], encoding.Upcaster] = {("payment.received", 1): to_2, ("payment.received", 2): to_3}
    now, _ = decode(_sample())
    assert isinstance(now.body, PaymentReceived)
    content = msgspec.json.decode(_sample())
    content["body"]["total"] = content["body"].pop("amount")
    monkeypatch.setattr(encoding, "UPCASTERS", upcasters)
    monkeypatch.setattr(encoding, "version_of", lambda kind: 3)
    event, _ = decode(msgspec.json.encode(content))
    assert event.body == now.body
    assert (event.version, type(event.body.amount)) == (1, Money)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data[:-1],
        lambda data: b"",
        lambda data: b"null",
        lambda data: data.replace(b'"desk_seq":', b'"desk_sequence":'),
        lambda data: data.replace(b'{"format"', b'{"more":1,"format"'),
        lambda data: data.replace(b'"amount":2500', b'"amount":25.0', 1),
        lambda data: data.replace(b'"amount":2500', b'"amount":true', 1),
        lambda data: data.replace(b'"amount":2500', b'"amount":"25.00"', 1),
    ],
)
def test_bytes_that_are_no_event_are_refused(spoil: Any) -> None:
    spoiled = spoil(_sample())
    assert spoiled != _sample()
    with pytest.raises(UndecodableEventError):
        decode(spoiled)


@pytest.mark.parametrize("field", ["event_id", "facility_id", "actor_id", "approver_id", "command_id", "subject_id", "also"])
@pytest.mark.parametrize("nul", [b"\\u0000", b"\x00"])
def test_a_nul_in_a_name_is_refused(field: str, nul: bytes) -> None:
    event = msgspec.json.decode(_sample())
    event[field] = ["also", "a~b"] if field == "also" else "a~b"
    assert decode(msgspec.json.encode(event))
    with pytest.raises(UndecodableEventError):
        decode(msgspec.json.encode(event).replace(b"a~b", b"a" + nul + b"b"))


def test_what_looks_like_a_nul_is_kept() -> None:
    event = msgspec.json.decode(_sample())
    event["actor_id"] = "a\\u0000b"
    assert decode(msgspec.json.encode(event))[0].actor_id == "a\\u0000b"
