"""The socket that central listens at."""

from __future__ import annotations

import asyncio
import socket

from access_desk.central.server import _listen


def test_what_central_answers_is_sent_at_once() -> None:
    """Else the body of an answer waits for the acknowledgement of its head, 40 ms for every request (RFC 1122, 4.2.3.4)."""

    async def accepted() -> int:
        found: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        def came(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            del reader
            found.set_result(writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        listening = _listen("127.0.0.1", 0)
        async with await asyncio.start_server(came, sock=listening):
            with socket.create_connection(listening.getsockname()):
                return await asyncio.wait_for(found, 20)

    assert asyncio.run(accepted())
