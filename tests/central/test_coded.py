"""Central reads zstd, gzip and bodies as they are, answers in what is accepted, and says what it reads."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from access_desk.protocol import coding
from access_desk.protocol import messages as wire
from access_desk.storage.engine import read_transaction
from access_desk.storage.event_log import count_events
from tests.central.doors import Door, a_door, events_of
from tests.desks import TestDesk, a_desk

EVENTS = "/v1/streams/F/north/1/events"
FEED = f"/v1/facilities/F/events?after=0&digest={'0' * 64}&limit=500"


@pytest.fixture
def stage() -> Iterator[tuple[Door, TestDesk, dict[str, str]]]:
    with a_desk("north", 1) as desk, a_door() as door:
        door.central.enroll(desk)
        yield door, desk, {"Authorization": f"Bearer {door.session(desk)}", "Content-Type": "application/json"}


def in_coding(body: bytes, name: str) -> tuple[bytes, dict[str, str]]:
    return (
        (coding.packed(body, name), {"Content-Encoding": name}) if name in coding.CODINGS else (body, {"Content-Encoding": name})
    )


@pytest.mark.parametrize("name", ["zstd", "gzip", "identity", "ZSTD"])
def test_a_batch_is_the_same_in_every_coding(stage: tuple[Door, TestDesk, dict[str, str]], name: str) -> None:
    door, desk, headers = stage
    body = wire.to_bytes(wire.Push(wire.PROTOCOL, events_of(desk)))
    packed, said = in_coding(body, name.lower())
    answer = door.client.post(EVENTS, content=packed, headers={**headers, **said, "Content-Encoding": name})
    assert wire.read(answer.content, wire.Acknowledged).seq == desk.desk.journal.head.seq
    assert answer.headers["Accept-Encoding"] == "zstd, gzip"
    heard = door.lines()[-1]["bytes"]
    assert heard == len(packed)
    assert len(packed) < len(body) / 2 or name == "identity"


@pytest.mark.parametrize(
    ("accepted", "used"), [("zstd, gzip", "zstd"), ("gzip", "gzip"), ("gzip, zstd;q=0", "gzip"), ("identity", None), ("br", None)]
)
def test_an_answer_is_in_the_best_coding_that_is_accepted(
    stage: tuple[Door, TestDesk, dict[str, str]], accepted: str, used: str | None
) -> None:
    door, desk, headers = stage
    door.push(events_of(desk), headers["Authorization"].split()[1])
    answer = door.client.get(FEED, headers={**headers, "Accept-Encoding": accepted})
    assert answer.headers.get("Content-Encoding") == used
    # The library that asks here unpacks gzip alone.
    page = b"".join(coding.Unpacking("zstd").pieces(answer.content)) if used == "zstd" else answer.content
    assert len(wire.read(page, wire.FeedPage).events) == desk.desk.journal.head.seq


@pytest.mark.parametrize("name", coding.CODINGS)
def test_what_becomes_too_large_is_refused_while_it_is_read(stage: tuple[Door, TestDesk, dict[str, str]], name: str) -> None:
    door, _, headers = stage
    packed, said = in_coding(b" " * 40_000_000, name)
    answer = door.client.post(EVENTS, content=packed, headers={**headers, **said})
    assert (answer.status_code, answer.json()["code"]) == (413, "request")


def test_another_coding_is_refused_with_those_that_central_reads(stage: tuple[Door, TestDesk, dict[str, str]]) -> None:
    door, desk, headers = stage
    body = wire.to_bytes(wire.Push(wire.PROTOCOL, events_of(desk)))
    for name in ("br", "deflate", "zstd, gzip", "gzip, gzip"):
        answer = door.client.post(EVENTS, content=body, headers={**headers, "Content-Encoding": name})
        assert (answer.status_code, answer.json()["code"], answer.headers["Accept-Encoding"]) == (415, "coding", "zstd, gzip")
    with read_transaction(door.central.database) as connection:
        assert count_events(connection) == 0
