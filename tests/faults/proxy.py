"""A proxy in front of central that loses, cuts, doubles, holds back and replaces what passes through it.

It speaks TLS on both sides, with central's own certificate towards desks, so that what goes wrong is the network's doing.
Every choice comes from a seeded generator; which request meets which choice depends on the desks.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import ssl
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

FAULTS = ("drop_request", "cut_request", "drop_reply", "cut_reply", "double", "hold", "portal", "wrong_certificate")
KILL = "kill"
PORTAL = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 44\r\n\r\n<html><body>Accept our terms?</body></html> "
_LONGEST_HOLD = 0.05
_LONGEST_BEFORE_KILL = 0.03


class LineCutError(Exception):
    """The connection ends here."""


@dataclass
class Message:
    """A request or an answer: what stands before its body, and the body."""

    head: bytes
    body: bytes

    @property
    def whole(self) -> bytes:
        return self.head + self.body


@dataclass
class FaultProxy:
    """Listens on loopback; ``likelihood`` is that of a fault for every request, and of a wrong certificate for a connection."""

    upstream_port: int
    certificate: tuple[Path, Path]
    wrong_certificate: tuple[Path, Path]
    seed: int
    likelihood: float = 0.2
    kill: Callable[[], None] | None = None
    counts: Counter[str] = field(default_factory=Counter)
    port: int = 0

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="fault proxy", daemon=True)
        self._ready = threading.Event()
        self._over = asyncio.Event()
        self._kill_next = False

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join()
        self._loop.close()

    @property
    def url(self) -> str:
        """Where desks find it."""
        return f"https://127.0.0.1:{self.port}"

    def kill_at_next_push(self) -> None:
        """Central dies while it has the next batch of events in its hands."""
        self._kill_next = True

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())

    async def _serve(self) -> None:
        right, wrong = _server_context(self.certificate), _server_context(self.wrong_certificate)

        def choose(socket: ssl.SSLObject, _name: str | None, _context: ssl.SSLContext) -> None:
            if self._chance.random() < self.likelihood / len(FAULTS):
                self.counts["wrong_certificate"] += 1
                socket.context = wrong

        right.sni_callback = choose
        self._loop.set_exception_handler(lambda _loop, _context: None)
        async with await asyncio.start_server(self._accept, "127.0.0.1", 0, ssl=right) as server:
            self.port = server.sockets[0].getsockname()[1]
            self._ready.set()
            await self._over.wait()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        behind: asyncio.StreamWriter | None = None
        try:
            context = ssl.create_default_context()
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            answers, behind = await asyncio.open_connection("127.0.0.1", self.upstream_port, ssl=context)
            while (request := await _message(reader)) is not None:
                self.counts["requests"] += 1
                await self._carry(request, writer, answers, behind)
        except (LineCutError, OSError, asyncio.IncompleteReadError):
            self.counts["connections ended early"] += 1
        finally:
            for one in (writer, behind):
                if one is not None:
                    one.transport.abort()

    def _fault(self, request: Message) -> str:
        if self._kill_next and b"/events HTTP" in request.head and request.head.startswith(b"POST"):
            self._kill_next = False
            return KILL
        return self._chance.choice(FAULTS[:-1]) if self._chance.random() < self.likelihood else ""

    async def _carry(
        self, request: Message, writer: asyncio.StreamWriter, answers: asyncio.StreamReader, behind: asyncio.StreamWriter
    ) -> None:
        fault = self._fault(request)
        if fault:
            self.counts[fault] += 1
        if fault == "drop_request":
            raise LineCutError
        if fault == "portal":
            writer.write(PORTAL)
            await writer.drain()
            return
        if fault == "cut_request":
            behind.write(request.whole[: max(len(request.whole) - 1 - len(request.body) // 2, 1)])
            await behind.drain()
            raise LineCutError
        if fault == "hold":
            await self._pause(self._chance.random() * _LONGEST_HOLD)
        behind.write(request.whole)
        await behind.drain()
        if fault == KILL:
            await self._pause(self._chance.random() * _LONGEST_BEFORE_KILL)
            await self._loop.run_in_executor(None, self.kill or (lambda: None))
        answer = await _answer(answers)
        if fault == "double":
            behind.write(request.whole)
            await behind.drain()
            answer = await _answer(answers)
        if fault == "drop_reply":
            raise LineCutError
        cut = len(answer.head) + len(answer.body) // 2 if fault == "cut_reply" else None
        writer.write(answer.whole[:cut])
        await writer.drain()
        if cut is not None:
            raise LineCutError

    async def _pause(self, seconds: float) -> None:
        passed = asyncio.Event()
        self._loop.call_later(seconds, passed.set)
        await passed.wait()


async def _answer(reader: asyncio.StreamReader) -> Message:
    answer = await _message(reader)
    if answer is None:
        raise LineCutError
    return answer


async def _message(reader: asyncio.StreamReader) -> Message | None:
    """The next message; None at the end of the connection. Raises LineCutError when it ends within one."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as ended:
        if ended.partial:
            raise LineCutError from ended
        return None
    length = 0
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            length = int(value)
        if name.strip().lower() == b"transfer-encoding":
            raise LineCutError
    body = b""
    with contextlib.suppress(asyncio.IncompleteReadError):
        body = await reader.readexactly(length)
    if len(body) != length:
        raise LineCutError
    return Message(head, body)


def _server_context(files: tuple[Path, Path]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*files)
    return context
