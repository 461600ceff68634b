"""How many requests are worked on at once, and how slowly one may arrive.

Whoever comes on top of them is told to come again; whoever keeps a place without sending what was announced loses it.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any, Final

from litestar.types import ASGIApp, Message, Receive, Scope, Send

from access_desk.central.observed import note_problem
from access_desk.central.problems import UNAVAILABLE
from access_desk.protocol import messages as wire
from access_desk.sync.pace import EVERYBODY_SECONDS

MOST_AT_ONCE: Final = 512
_RETRY_SECONDS: Final = b"%d" % EVERYBODY_SECONDS
# Whoever watches central asks this, all the more when there is much to do.
_ALWAYS: Final = "/live"


@dataclass(frozen=True, slots=True)
class Arrival:
    """A body has to be here after so many seconds, and one more for every so many bytes that came."""

    seconds: float = 30.0
    bytes_a_second: int = 4_096


class SlowBodyError(Exception):
    """A body that was announced did not come in time."""


class Crowd:
    """An application that works on so many requests at once. One whose answer has begun is not counted: a stream only waits."""

    def __init__(self, app: ASGIApp, most: int = MOST_AT_ONCE, arrival: Arrival | None = None) -> None:
        self._app, self._most, self._inside = app, most, 0
        self._arrival = arrival or Arrival()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let in, or turn away."""
        if "method" not in scope or scope["path"] == _ALWAYS:
            await self._app(scope, receive, send)
            return
        if self._inside >= self._most:
            await _turn_away(scope, send)
            return
        is_counted = True
        self._inside += 1

        async def leaving(message: Message) -> None:
            nonlocal is_counted
            if is_counted and message["type"] == "http.response.start":
                is_counted = False
                self._inside -= 1
            await send(message)

        try:
            await self._app(scope, _in_time(receive, self._arrival), leaving)
        finally:
            if is_counted:
                self._inside -= 1


def _in_time(receive: Receive, arrival: Arrival) -> Receive:
    """What is received, while a body lasts in its time. Raises SlowBodyError."""
    loop = asyncio.get_running_loop()
    until, is_whole = loop.time() + arrival.seconds, False

    async def timed() -> Any:
        nonlocal until, is_whole
        if is_whole:
            return await receive()
        try:
            async with asyncio.timeout_at(until):
                message = await receive()
        except TimeoutError as late:
            raise SlowBodyError from late
        if message["type"] == "http.request":
            until += len(message["body"]) / arrival.bytes_a_second
            is_whole = not message.get("more_body", False)
        return message

    return timed


async def _turn_away(scope: Scope, send: Send) -> None:
    note_problem(scope, "busy")
    body = wire.to_bytes(wire.Problem("busy", "Central has too much to do at once. Nothing was done."))
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"retry-after", _RETRY_SECONDS),
    ]
    await send({"type": "http.response.start", "status": UNAVAILABLE, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
