"""A desk's side of central's HTTPS, for thousands of them in one process: asyncio, one connection a desk, keep-alive.

What is said is what `sync.core` says: a challenge, a session, the stream's head, a batch.
"""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass
from typing import Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from access_desk.protocol import messages as wire


class BusyError(Exception):
    """Central cannot be asked now; ``seconds`` is how long it wants to be left alone."""

    def __init__(self, seconds: float = 0.0) -> None:
        super().__init__(seconds)
        self.seconds = seconds


@dataclass
class Line:
    """A connection of one desk."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    token: str = ""

    @classmethod
    async def open(cls, port: int, trust: ssl.SSLContext) -> Self:
        """Connect. Raises BusyError."""
        try:
            return cls(*await asyncio.open_connection("127.0.0.1", port, ssl=trust, server_hostname=wire.CENTRAL_NAME))
        except (OSError, ssl.SSLError) as away:
            raise BusyError from away

    async def sign_in(self, fingerprint: str, desk_id: str, signer: Ed25519PrivateKey) -> None:
        """Open a session. Raises BusyError."""
        nonce = wire.read(await self.ask("POST", "/v1/challenges"), wire.Challenge).nonce
        signed = signer.sign(wire.session_text(fingerprint, desk_id, nonce)).hex()
        body = wire.to_bytes(wire.OpenSession(wire.PROTOCOL, desk_id, nonce, signed))
        self.token = wire.read(await self.ask("POST", "/v1/sessions", body), wire.Session).token

    async def push(self, facility_id: str, desk_id: str, body: bytes, coded: str = "") -> wire.Acknowledged:
        """Send a batch. Raises BusyError."""
        answer = await self.ask("POST", f"/v1/streams/{facility_id}/{desk_id}/1/events", body, coded)
        return wire.read(answer, wire.Acknowledged)

    async def ask(self, method: str, path: str, body: bytes = b"", coded: str = "") -> bytes:
        """The body of a good answer. Raises BusyError, and AssertionError for a refusal that waiting does not change."""
        head = f"{method} {path} HTTP/1.1\r\nHost: central\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        head += f"Content-Encoding: {coded}\r\n" if coded else ""
        token = f"Authorization: Bearer {self.token}\r\n" if self.token else ""
        try:
            self.writer.write(f"{head}{token}\r\n".encode() + body)
            await self.writer.drain()
            lines = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower().split("\r\n")
            said = dict(line.split(": ", 1) for line in lines[1:] if ": " in line)
            answer = await self.reader.readexactly(int(said.get("content-length", 0)))
        except (OSError, ssl.SSLError, asyncio.IncompleteReadError) as ended:
            raise BusyError from ended
        status = int(lines[0].split()[1])
        if status in (429, 503):
            raise BusyError(float(said.get("retry-after", 0)))
        assert status == 200, (status, answer)
        return answer

    def close(self) -> None:
        self.writer.transport.abort()


def trusting(authority_pem: str) -> ssl.SSLContext:
    """What a desk trusts."""
    return ssl.create_default_context(cadata=authority_pem)
