"""So many requests are worked on at once, and whoever comes on top is told so in a message of the protocol."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from access_desk.central.crowd import Arrival, Crowd, SlowBodyError
from access_desk.protocol import messages as wire
from tests.central.centrals import a_central
from tests.central.documented import codes_of, operation
from tests.central.doors import Door


class Work:
    """An application that begins its answer, or ends it, when it is told to."""

    def __init__(self) -> None:
        self.may_begin, self.may_end = asyncio.Event(), asyncio.Event()
        self.entered: asyncio.Queue[str] = asyncio.Queue()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.entered.put_nowait(scope["path"])
        await self.may_begin.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await self.may_end.wait()
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def asked(app: Crowd, path: str = "/v1/central") -> list[dict[str, Any]]:
    answer: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        answer.append(message)

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    scope: Any = {"type": "http", "method": "GET", "path": path, "headers": []}
    await app(scope, receive, send)
    return answer


def test_who_comes_on_top_is_told_to_come_again() -> None:
    async def crowd() -> None:
        work = Work()
        app = Crowd(work, most=2)
        inside = [asyncio.create_task(asked(app)) for _ in range(2)]
        alive = asyncio.create_task(asked(app, "/live"))
        entered = [await work.entered.get() for _ in range(3)]
        start, body = await asked(app)
        assert (sorted(entered), work.entered.empty()) == (["/live", "/v1/central", "/v1/central"], True)
        assert (start["status"], dict(start["headers"])[b"retry-after"]) == (503, b"2")
        said = operation("GET", "/v1/central")
        assert said is not None
        assert wire.read(body["body"], wire.Problem).code in codes_of(said["responses"]["503"])
        # Answers that have begun only wait: the next may come in.
        work.may_begin.set()
        work.may_end.set()
        await asyncio.gather(*inside, alive)
        assert (await asked(app))[0]["status"] == 200

    asyncio.run(crowd())


async def reading(scope: Any, receive: Any, send: Any) -> None:
    """Reads the body to its end, then waits for a hang-up as a stream does."""
    while (await receive()).get("more_body", False):
        pass
    await receive()


def test_who_announces_a_body_and_does_not_send_it_loses_the_place() -> None:
    async def crowd() -> None:
        app = Crowd(reading, most=1, arrival=Arrival(seconds=0.05, bytes_a_second=100))
        parts: asyncio.Queue[Any] = asyncio.Queue()
        scope: Any = {"type": "http", "method": "POST", "path": "/v1/sessions", "headers": []}

        async def send(message: Any) -> None:
            raise AssertionError(message)

        parts.put_nowait({"type": "http.request", "body": b"{", "more_body": True})
        with pytest.raises(SlowBodyError):
            await app(scope, parts.get, send)
        # What goes on coming has longer, and a body that is whole as long as it wants.
        parts.put_nowait({"type": "http.request", "body": bytes(1_000), "more_body": True})
        inside = asyncio.create_task(app(scope, parts.get, send))
        await asyncio.wait([inside], timeout=0.3)
        assert not inside.done()
        parts.put_nowait({"type": "http.request", "body": b"}", "more_body": False})
        await asyncio.wait([inside], timeout=0.3)
        assert not inside.done()
        parts.put_nowait({"type": "http.disconnect"})
        await inside

    asyncio.run(crowd())


def test_one_that_fails_leaves_its_place() -> None:
    async def failing(scope: Any, receive: Any, send: Any) -> None:
        raise ZeroDivisionError

    async def crowd() -> None:
        app = Crowd(failing, most=1)
        for _ in range(3):
            try:
                await asked(app)
            except ZeroDivisionError:
                continue
            raise AssertionError

    asyncio.run(crowd())


@pytest.mark.parametrize("coded", [[], [(b"content-encoding", b"gzip")]])
def test_who_is_too_slow_is_told_so_and_hung_up_on(coded: list[tuple[bytes, bytes]]) -> None:
    async def slow() -> list[dict[str, Any]]:
        answer, parts = list[dict[str, Any]](), asyncio.Queue[dict[str, Any]]()
        parts.put_nowait({"type": "http.request", "body": b"", "more_body": True})

        async def send(message: Any) -> None:
            answer.append(message)

        said = {"method": "POST", "path": "/v1/sessions", "raw_path": b"/v1/sessions", "root_path": "", "query_string": b""}
        carried = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "https", "state": {}}
        scope: Any = {**said, **carried, "headers": coded, "client": ("192.0.2.1", 9), "server": ("central", 443)}
        app: Any = Door(central).opened(None, arrival=Arrival(seconds=0.05))
        await app(scope, parts.get, send)
        return answer

    central = a_central(practice=False)
    start, body = asyncio.run(slow())
    assert (start["status"], dict(start["headers"])[b"connection"]) == (408, b"close")
    described = operation("POST", "/v1/sessions")
    assert described is not None
    assert wire.read(body["body"], wire.Problem).code in codes_of(described["responses"]["408"])
    central.clusters.close()
