"""What is too much, too deep, too often or broken off is refused with a status that says so, and nothing of it is stored."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access_desk.central.limits import MOST_DEEP, Limits, Rate, TooOftenError, Turnstile, is_too_deep
from access_desk.protocol import messages as wire
from access_desk.storage.engine import read_transaction
from access_desk.storage.event_log import count_events
from access_desk.sync.core import Request, Response, RetryLaterError, enroll
from tests.central.centrals import drive, round_of
from tests.central.doors import Door, a_door, events_of
from tests.desks import TestDesk, a_desk

FEW = Limits(Rate(3, 60), Rate(2, 60), Rate(4, 60), Rate(2, 60))


@pytest.fixture
def stage() -> Iterator[tuple[Door, TestDesk, str]]:
    with a_desk("north", 1) as desk, a_door() as door:
        door.central.enroll(desk)
        yield door, desk, door.session(desk)


def stored(door: Door) -> int:
    with read_transaction(door.central.database) as connection:
        return count_events(connection)


def refused(answer: Response, status: int, code: str) -> bool:
    return (answer.status, wire.read(answer.body, wire.Problem).code) == (status, code)


def test_a_body_larger_than_a_batch_is_refused(stage: tuple[Door, TestDesk, str]) -> None:
    door, desk, token = stage
    good = wire.to_bytes(wire.Push(wire.PROTOCOL, events_of(desk)))
    assert refused(door.send(good + b" " * (2 * wire.MOST_BYTES), token), 413, "request")
    assert refused(door.ask(Request("POST", "/v1/sessions", b" " * 5000, "application/json")), 413, "request")
    assert stored(door) == 0
    assert door.send(good + b" " * 1000, token).status == 200


def test_a_body_that_is_sent_in_pieces_is_counted_too(stage: tuple[Door, TestDesk, str]) -> None:
    door, _, token = stage
    pieces = (b" " * 65_536 for _ in range(40))
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    assert door.client.post("/v1/streams/F/north/1/events", content=pieces, headers=headers).status_code == 413


def test_what_goes_too_deep_is_refused_wherever_it_stands(stage: tuple[Door, TestDesk, str]) -> None:
    door, desk, token = stage
    signature = b"0" * 128
    deep = b"[" * 65 + b"]" * 65
    for body in (
        b"[" * 1_000_000,
        b'{"protocol":' * 100_000,
        b'{"protocol":1,"events":[{"event":' + deep + b',"signature":"' + signature + b'"}]}',
        b'{"x":"\\"' + b'","y":' + deep + b"}",
    ):
        answer = door.send(body, token)
        assert refused(answer, 400, "malformed")
        assert b"64 levels" in answer.body
    assert stored(door) == 0
    assert door.push(events_of(desk), token).status == 200


def test_more_events_than_a_batch_may_have_are_refused(stage: tuple[Door, TestDesk, str]) -> None:
    door, desk, token = stage
    while desk.desk.journal.head.seq <= wire.MOST_EVENTS:
        desk.register()
    events = events_of(desk)
    assert refused(door.push(events[: wire.MOST_EVENTS + 1], token), 400, "malformed")
    assert stored(door) == 0
    assert door.push(events[: wire.MOST_EVENTS], token).status == 200
    assert stored(door) == wire.MOST_EVENTS


def test_a_batch_that_was_broken_off_anywhere_is_refused(stage: tuple[Door, TestDesk, str]) -> None:
    door, desk, token = stage
    whole = wire.to_bytes(wire.Push(wire.PROTOCOL, events_of(desk)))
    for length in [*range(0, len(whole), len(whole) // 40), len(whole) - 1]:
        assert refused(door.send(whole[:length], token), 400, "malformed")
    assert stored(door) == 0
    assert door.send(whole, token).status == 200


def test_enrollments_of_an_address_are_limited_and_come_back_with_time() -> None:
    with a_desk("north", 1) as desk, a_door(limits=FEW) as door:
        bodies = [b'{"desk_id":"a"}', b'{"desk_id":"a"}', b'{"desk_id":"a"}', b"no json"]
        statuses = [door.ask(Request("POST", "/v1/enrollments", body)).status for body in bodies]
        assert statuses == [400, 400, 429, 429]
        answer = door.client.post("/v1/enrollments", content=b"{}")
        assert (answer.status_code, answer.headers["Retry-After"], answer.json()["code"]) == (429, "1", "rate")
        door.central.seconds += 60
        assert drive_enrollment(door, desk).number == 1


def drive_enrollment(door: Door, desk: TestDesk) -> wire.Enrolled:
    return drive(enroll(door.central.add_code(), "north", "Desk", desk.public_key, desk.signer), door.ask)


def test_a_desk_that_asks_too_often_is_told_how_long_to_wait_and_waits() -> None:
    with a_desk("north", 1) as desk, a_door(limits=FEW) as door:
        door.central.enroll(desk)
        for _ in range(2):
            drive(round_of(desk).run(), door.ask)
        with pytest.raises(RetryLaterError, match="429"):
            drive(round_of(desk).run(), door.ask)
        assert door.lines()[-1]["code"] == "rate"
        door.central.seconds += 1
        assert drive(round_of(desk).run(), door.ask).sane is True


def test_another_desk_and_another_address_are_not_hindered() -> None:
    turnstile = Turnstile(lambda: 0.0, FEW)
    for _ in range(2):
        turnstile.session("192.0.2.1", b'{"desk_id":"a"}')
    with pytest.raises(TooOftenError):
        turnstile.session("192.0.2.1", b'{"desk_id":"a"}')
    turnstile.session("192.0.2.1", b'{"desk_id":"b"}')
    turnstile.session("192.0.2.2", b'{"desk_id":"a"}')


def test_one_ipv6_network_is_one_address() -> None:
    turnstile = Turnstile(lambda: 0.0, FEW)
    for last in range(4):
        turnstile.challenge(f"2001:db8::{last}")
    with pytest.raises(TooOftenError):
        turnstile.challenge("2001:db8::ffff")
    turnstile.challenge("2001:db8:0:1::1")


@given(gaps=st.lists(st.floats(min_value=0, max_value=30, allow_nan=False), min_size=1, max_size=60))
def test_no_more_pass_than_the_rate_allows_and_the_wait_that_is_told_is_enough(gaps: list[float]) -> None:
    seconds = 0.0
    turnstile = Turnstile(lambda: seconds, Limits(sessions_of_address=Rate(3, 20)))
    for passed, gap in enumerate(gaps, 1):
        seconds += gap
        try:
            turnstile.challenge("192.0.2.1")
        except TooOftenError as often:
            seconds += often.seconds
            turnstile.challenge("192.0.2.1")
        assert passed <= 3 + seconds * 20 / 60 + 1e-6


def test_as_many_addresses_as_come_do_not_fill_the_memory() -> None:
    turnstile = Turnstile(lambda: 0.0)
    for one in range(25_000):
        turnstile.challenge(f"10.{one >> 16}.{one >> 8 & 255}.{one & 255}")
    assert len(turnstile._missing) == 20_000


nested = st.recursive(
    st.text(alphabet='[]{}"\\ x', max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(alphabet='[{"\\', max_size=3), inner, max_size=3),
    max_leaves=40,
)


@given(value=nested, around=st.integers(min_value=MOST_DEEP - 6, max_value=MOST_DEEP + 2))
def test_depth_is_what_a_reader_would_count(value: object, around: int) -> None:
    for _ in range(around):
        value = [value]
    assert is_too_deep(wire.to_bytes(value)) == (depth(value) > MOST_DEEP)


def depth(value: object) -> int:
    if isinstance(value, list):
        return 1 + max(map(depth, value), default=0)
    if isinstance(value, dict):
        return 1 + max(map(depth, value.values()), default=0)
    return 0


def test_every_event_that_there_is_stays_far_above_the_limit() -> None:
    samples = list((Path(__file__).parents[1] / "samples").glob("*.json"))
    assert len(samples) > 50
    assert max(depth(json.loads(path.read_bytes())) for path in samples) < MOST_DEEP // 4
