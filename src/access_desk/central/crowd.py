"""How many requests are worked on at once; whoever comes on top of them is told to come again."""

from __future__ import annotations

from typing import Final

from litestar.types import ASGIApp, Message, Receive, Scope, Send

from access_desk.central.desk_service import UNAVAILABLE
from access_desk.central.observed import note_problem
from access_desk.protocol import messages as wire

MOST_AT_ONCE: Final = 512
_RETRY_SECONDS: Final = b"2"
# Whoever watches central asks this, all the more when there is much to do.
_ALWAYS: Final = "/live"


class Crowd:
    """An application that works on so many requests at once. One whose answer has begun is not counted: a stream only waits."""

    def __init__(self, app: ASGIApp, most: int = MOST_AT_ONCE) -> None:
        self._app, self._most, self._inside = app, most, 0

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
            await self._app(scope, receive, leaving)
        finally:
            if is_counted:
                self._inside -= 1


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
