"""Streams that say how far a feed has come: what is told, who hears it, and that nothing waits with them."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, contextmanager

import httpx2
import pytest
from litestar.response import ServerSentEventMessage

from access_desk.central.pokes import Pokes
from access_desk.domain.errors import UnavailableError
from access_desk.protocol import messages as wire
from access_desk.sync.core import Request
from tests.central.centrals import a_central
from tests.central.doors import events_of
from tests.central.running import Running, running
from tests.desks import TestDesk, a_desk

PATIENCE_S = 30.0
NOBODY: frozenset[str] = frozenset()


def said(message: ServerSentEventMessage) -> int | None:
    """The position of a poke; None for a sign of life."""
    if message.data is None:
        return None
    assert isinstance(message.data, bytes)
    assert message.event == "reached"
    poke = wire.read(message.data, wire.Poke)
    assert poke.facility_id == "F"
    return poke.position


class Heard:
    """One desk that listens."""

    def __init__(self, pokes: Pokes, desk_id: str, begins: int = 5) -> None:
        self.stream: AsyncIterator[ServerSentEventMessage] = pokes.messages("F", desk_id, lambda _: begins)

    async def next(self) -> int | None:
        return said(await asyncio.wait_for(anext(self.stream), PATIENCE_S))

    async def is_over(self) -> bool:
        return [one async for one in self.stream] == []


def test_a_stream_begins_with_how_far_the_feed_is_and_says_when_it_grows() -> None:
    async def hear() -> None:
        pokes = Pokes(lambda _: frozenset({"north"}))
        north = Heard(pokes, "north")
        assert (await north.next(), pokes.count) == (5, 1)
        await asyncio.to_thread(pokes.reached, "F", 7)
        assert await north.next() == 7
        await asyncio.to_thread(pokes.reached, "G", 9)
        await asyncio.to_thread(pokes.reached, "F", 8)
        assert await north.next() == 8
        pokes.end()
        assert await north.is_over()
        assert pokes.count == 0

    asyncio.run(hear())


def test_many_that_come_at_once_are_told_together_and_never_backwards() -> None:
    async def hear() -> None:
        gate = threading.Event()

        def members(_: str) -> frozenset[str]:
            assert gate.wait(PATIENCE_S)
            return frozenset({"north"})

        pokes = Pokes(members)
        north = Heard(pokes, "north")
        await north.next()
        for position in (9, 6, 12, 11):
            pokes.reached("F", position)
        gate.set()
        heard = [await north.next()]
        while heard[-1] != 12:
            heard.append(await north.next())
        assert heard == sorted(set(heard), key=lambda one: one or 0)
        pokes.end()

    asyncio.run(hear())


def test_who_may_no_longer_hear_is_told_nothing_and_the_stream_ends() -> None:
    async def hear() -> None:
        pokes = Pokes(lambda _: frozenset({"south"}))
        north, south = Heard(pokes, "north"), Heard(pokes, "south")
        await north.next()
        await south.next()
        pokes.reached("F", 6)
        assert await north.is_over()
        assert await south.next() == 6
        pokes.end()

    asyncio.run(hear())


def test_a_database_that_does_not_answer_ends_no_stream() -> None:
    async def hear() -> None:
        answers: list[frozenset[str] | UnavailableError] = [UnavailableError("gone"), frozenset({"north"})]

        def members(_: str) -> frozenset[str]:
            answer = answers.pop(0)
            if isinstance(answer, UnavailableError):
                raise answer
            return answer

        pokes = Pokes(members)
        north = Heard(pokes, "north")
        await north.next()
        pokes._grew("F", 6)
        await pokes._spreading["F"]
        pokes.reached("F", 7)
        assert await north.next() == 7
        pokes.end()

    asyncio.run(hear())


def test_a_desk_that_comes_back_has_one_stream() -> None:
    async def hear() -> None:
        pokes = Pokes(lambda _: frozenset({"north"}))
        before, after = Heard(pokes, "north"), Heard(pokes, "north", 6)
        await before.next()
        assert await after.next() == 6
        assert await before.is_over()
        assert pokes.count == 1
        pokes.end()
        assert await after.is_over()

    asyncio.run(hear())


def test_a_quiet_stream_shows_that_it_lives_and_none_outlives_a_session() -> None:
    async def hear() -> None:
        pokes = Pokes(lambda _: NOBODY, quiet_s=0.001, longest_s=0.2)
        north = Heard(pokes, "north")
        assert await north.next() == 5
        assert {said(one) async for one in north.stream} == {None}
        assert pokes.count == 0

    asyncio.run(hear())


@contextmanager
def listening(central: Running, token: str) -> Iterator[Iterator[wire.Poke]]:
    headers = {"Authorization": f"Bearer {token}"}
    with (
        httpx2.Client(base_url=central.url, timeout=PATIENCE_S, trust_env=False) as client,
        client.stream("GET", "/v1/facilities/F/pokes", headers=headers) as answer,
    ):
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
        yield (wire.read(one.data.encode(), wire.Poke) for one in httpx2.EventSource(answer))


@pytest.fixture
def north() -> Iterator[TestDesk]:
    with a_desk("north", 1) as desk:
        yield desk


def token_of(central: Running, desk: TestDesk) -> str:
    central.door.central.enroll(desk)
    service = central.door.central.service
    nonce = service.challenge().nonce
    desk_id = desk.desk.journal.stream.desk_id
    signature = desk.signer.sign(wire.session_text("f" * 64, desk_id, nonce)).hex()
    return service.open_session(wire.to_bytes(wire.OpenSession(wire.PROTOCOL, desk_id, nonce, signature))).token


def push(central: Running, desk: TestDesk, token: str) -> int:
    body = wire.to_bytes(wire.Push(wire.PROTOCOL, events_of(desk)))
    headers = {"Authorization": f"Bearer {token}"}
    answer = httpx2.post(f"{central.url}/v1/streams/F/north/1/events", content=body, headers=headers, trust_env=False)
    return wire.read(answer.content, wire.Acknowledged).seq


def test_a_batch_is_heard_by_whoever_listens(north: TestDesk) -> None:
    with running(a_central(practice=False)) as central:
        token = token_of(central, north)
        with listening(central, token) as pokes:
            assert next(pokes) == wire.Poke("F", 0)
            assert push(central, north, token) == next(pokes).position


def test_streams_hold_no_worker_and_end_when_central_stops(north: TestDesk) -> None:
    """More desks listen than central has threads; one more than may is told to pull."""
    with ExitStack() as stack:
        central = a_central(practice=False)
        served = stack.enter_context(running(central, pokes=Pokes(central.service.members, most=60)))
        tokens = [token_of(served, north)]
        for number in range(2, 61):
            desk = TestDesk(north.desk, north.clock, north.people, north.public_key, north.signer)
            desk_id = f"desk{number}"
            central.service.enroll(enrollment(central.add_code(), desk_id, desk))
            nonce = central.service.challenge().nonce
            signature = desk.signer.sign(wire.session_text("f" * 64, desk_id, nonce)).hex()
            asked = wire.OpenSession(wire.PROTOCOL, desk_id, nonce, signature)
            tokens.append(central.service.open_session(wire.to_bytes(asked)).token)
        streams = [stack.enter_context(listening(served, token)) for token in tokens]
        assert [next(one).position for one in streams] == [0] * 60
        assert served.pokes.count == 60
        with httpx2.Client(base_url=served.url, timeout=PATIENCE_S, trust_env=False) as client:
            refused = client.get("/v1/facilities/F/pokes", headers={"Authorization": f"Bearer {tokens[0]}"})
        assert (refused.status_code, refused.json()["code"], refused.headers["Retry-After"]) == (503, "busy", "2")
        reached = push(served, north, tokens[0])
        assert {next(one).position for one in streams} == {reached}
        served.stop()
        assert [list(one) for one in streams] == [[]] * 60


def enrollment(secret: str, desk_id: str, desk: TestDesk) -> bytes:
    signature = desk.signer.sign(wire.enrollment_text(secret, desk_id, desk.public_key)).hex()
    return wire.to_bytes(wire.Enroll(wire.PROTOCOL, secret, desk_id, "Desk", desk.public_key, signature))


def test_listening_is_refused_like_everything_else() -> None:
    with running(a_central(practice=False)) as central:
        answer = httpx2.get(f"{central.url}{Request('GET', '/v1/facilities/F/pokes').path}", trust_env=False)
        assert (answer.status_code, answer.json()["code"]) == (401, "session")
