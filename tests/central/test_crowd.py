"""So many requests are worked on at once, and whoever comes on top is told so in a message of the protocol."""

from __future__ import annotations

import asyncio
from typing import Any

from access_desk.central.crowd import Crowd
from access_desk.protocol import messages as wire
from tests.central.documented import codes_of, operation


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
