"""The head of a request, which is read before anything of it is looked at: it has to end.

What reads HTTP here keeps heads and trailers whatever their length, and nobody needs a session to send one.
"""

from __future__ import annotations

from typing import Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

# As long as uvicorn's other reader takes them; a desk's is below one KiB.
MOST_HEAD_BYTES: Final = 64 * 1024


class BoundedHeads(HttpToolsProtocol):
    """A connection that is answered 400 and closed when more comes than a head may have, and no body with it."""

    _without_body = 0

    def data_received(self, data: bytes) -> None:
        """Read on, unless that was too much."""
        self._without_body += len(data)
        super().data_received(data)
        if self._without_body > MOST_HEAD_BYTES and not self.transport.is_closing():
            self.send_400_response("The head of the request is too long.")

    def on_body(self, body: bytes) -> None:
        """Bodies are limited where they are read."""
        self._without_body = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """What comes now is the next request's."""
        self._without_body = 0
        super().on_message_complete()
