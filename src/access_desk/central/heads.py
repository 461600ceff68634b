"""The head of a request, which is read before anything of it is looked at: it has to end, and soon.

What reads HTTP here keeps heads and trailers whatever their length and waits for them as long as it likes, and nobody needs a
session to send one: some thousands that never end would keep all desks out.
"""

from __future__ import annotations

import asyncio
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

# As long as uvicorn's other reader takes them; a desk's is below one KiB.
MOST_HEAD_BYTES: Final = 64 * 1024


class BoundedHeads(HttpToolsProtocol):
    """A connection that is answered 400 and closed when more comes than a head may have, and no body with it; and closed when
    a head that began, or was to begin, is not whole in time.
    """

    head_seconds = 30.0
    _without_body = 0
    _is_between = True
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """The first head may come."""
        super().connection_made(transport)
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """No head comes any more."""
        self._expect_none()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, unless that was too much."""
        if self._deadline is None and (self._is_between or self._is_answered()):
            # Until now the time was bounded for which a connection may be kept. The rest of a body that was refused has no
            # other bound: nobody reads it.
            self._expect_head()
        self._without_body += len(data)
        super().data_received(data)
        if self._without_body > MOST_HEAD_BYTES and not self.transport.is_closing():
            self.send_400_response("The head of the request is too long.")

    def on_headers_complete(self) -> None:
        """It is there."""
        self._is_between = False
        self._expect_none()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Bodies are limited where they are read."""
        self._without_body = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """What comes now is the next request's."""
        self._without_body = 0
        self._is_between = True
        super().on_message_complete()

    def _expect_head(self) -> None:
        self._deadline = self.loop.call_later(self.head_seconds, self._is_late)

    def _expect_none(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _is_answered(self) -> bool:
        # The library says that there always is a request; before the first there is none.
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is None or bool(cycle.response_complete)

    def _is_late(self) -> None:
        if not self._is_answered():
            # The answer to the request before it is still on its way.
            self._expect_head()
        elif not self.transport.is_closing():
            self.transport.close()
