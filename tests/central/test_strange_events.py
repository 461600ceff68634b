"""A desk may sign anything: what is an event is stored, shown or parked, what is none is refused, and central never fails."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from access_desk.protocol import messages as wire
from access_desk.storage.engine import read_transaction
from access_desk.storage.event_log import Head, count_events
from tests.central.doors import a_door, events_of
from tests.desks import a_desk
from tests.protocol.record_samples import SAMPLES

RECORDED = [json.loads(path.read_bytes()) for path in sorted(SAMPLES.iterdir())]
STRANGE: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(min_value=-(10**30), max_value=10**30),
    st.sampled_from([0, -1, 2**31, 2**63 - 1, 2**63, -(2**63) - 1, 2**64]),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=8),
    st.sampled_from(
        ["", "\0", "0001-01-01", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59", "'; DROP TABLE events", "1e9"]
    ),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.sampled_from(["kind", "amount"]), st.integers(), max_size=2),
)


def places(value: object, at: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Where something stands in a body."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [at, *(place for name, one in inner for place in places(one, (*at, name)))]


def with_changed(value: Any, at: tuple[str | int, ...], new: object) -> Any:
    if not at:
        return new
    name, *rest = at
    copy: Any = value.copy()
    copy[name] = with_changed(value[name], tuple(rest), new)
    return copy


def test_whatever_stands_in_a_body_central_answers_and_goes_on() -> None:
    with a_desk("north", 1) as desk, a_door(raises=False) as door:
        door.central.enroll(desk)
        token = door.session(desk)
        assert door.push(events_of(desk), token).status == 200
        head = desk.desk.journal.head
        statuses: set[int] = set()

        @settings(max_examples=400, deadline=None, database=None)
        @given(data=st.data())
        def strange(data: st.DataObject) -> None:
            nonlocal head
            event = data.draw(st.sampled_from(RECORDED))
            body = event["body"]
            for _ in range(data.draw(st.integers(min_value=0, max_value=2))):
                body = with_changed(body, data.draw(st.sampled_from(places(body))), data.draw(STRANGE))
            said = {
                "desk_id": "north",
                "desk_seq": head.seq + 1,
                "prev_hash": head.hash,
                "event_id": f"strange-{head.seq}",
                "body": body,
            }
            content = msgspec.json.encode(event | said)
            digest = sha256(content)
            one = wire.WireEvent(msgspec.Raw(content), desk.signer.sign(digest.digest()).hex())
            answer = door.push([one], token)
            statuses.add(answer.status)
            if answer.status == 200:
                head = Head(head.seq + 1, digest.hexdigest())
            else:
                assert wire.read(answer.body, wire.Problem).code in {"malformed", "content_missing"}
            with read_transaction(door.central.database) as connection:
                assert count_events(connection) == head.seq

        strange()
        assert statuses >= {200, 400}


LARGE = 2**63 - 1
UNASKABLE: dict[str, dict[str, Any]] = {
    "payment.received": {"drawer_id": "a\0b"},
    "drawer.leased": {"drawer_id": "a\0b"},
    "custody.opened": {"drawer_id": "a\0b"},
}
NUMBERS = [("drawer_epoch", LARGE), ("drawer_epoch", LARGE + 1), ("receipt_number", -LARGE - 1), ("receipt_number", LARGE)]


@pytest.mark.parametrize(
    ("kind", "changed"), [*UNASKABLE.items(), *(("payment.received", {name: number}) for name, number in NUMBERS)]
)
def test_what_no_database_can_be_asked_for_does_not_stop_the_stream(kind: str, changed: dict[str, Any]) -> None:
    with a_desk("north", 1) as desk, a_door() as door:
        door.central.enroll(desk)
        token = door.session(desk)
        assert door.push(events_of(desk), token).status == 200
        head = desk.desk.journal.head
        event = next(one for one in RECORDED if one["kind"] == kind)
        for number in range(2):
            said = {"desk_id": "north", "desk_seq": head.seq + 1, "prev_hash": head.hash, "event_id": f"strange-{number}"}
            content = msgspec.json.encode(event | said | {"body": event["body"] | changed})
            digest = sha256(content)
            one = wire.WireEvent(msgspec.Raw(content), desk.signer.sign(digest.digest()).hex())
            assert door.push([one], token).status == 200
            head = Head(head.seq + 1, digest.hexdigest())
