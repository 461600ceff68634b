"""Bodies that are zstd or gzip on their way, in both directions; whoever sends and reads them as they are is served too.

A body that comes is unpacked in pieces while it is read, so that a route's limit counts what it becomes and stops it there.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Final, TypeAlias, cast

from litestar.config.compression import CompressionConfig
from litestar.middleware.compression.facade import CompressionFacade
from litestar.types import ASGIApp, HTTPReceiveMessage, HTTPScope, Message, Receive, Scope, Send, WebSocketScope

from access_desk.central.problems import BAD_REQUEST, ProblemError
from access_desk.protocol import coding
from access_desk.protocol import messages as wire

UNSUPPORTED: Final = 415
# The option of a route whose answers are never packed.
AS_IT_IS: Final = "as_it_is"
_GZIP_LEVEL: Final = 6
_SAID: Final = (b"accept-encoding", coding.ACCEPTED.encode())
_OF_THE_CODING: Final = frozenset({b"accept-encoding", b"content-encoding", b"content-length"})


_Asked: TypeAlias = HTTPScope | WebSocketScope


class ZstdCompression(CompressionFacade):
    """How the library packs an answer."""

    encoding = coding.ZSTD

    def __init__(self, buffer: BytesIO, compression_encoding: str, config: CompressionConfig) -> None:
        del compression_encoding, config
        self._buffer = buffer
        self._whole = bytearray()

    def write(self, body: bytes) -> None:
        """Keep it: no answer of central's that is packed comes in parts."""
        self._whole += body

    def close(self) -> None:
        """Pack everything."""
        self._buffer.write(coding.packed(bytes(self._whole), coding.ZSTD))


def packed_answers() -> CompressionConfig:
    """How the application packs its answers."""
    return CompressionConfig(
        backend=coding.ZSTD,
        compression_facade=ZstdCompression,
        gzip_compress_level=_GZIP_LEVEL,
        minimum_size=coding.SMALLEST,
        exclude_opt_key=AS_IT_IS,
    )


class Coded:
    """An application that neither sees the coding of what comes nor has to weigh what is accepted."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what comes, unpacked, and say with every answer what is read here."""
        if "method" not in scope:
            await self._app(scope, receive, send)
            return

        async def saying(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], _SAID]
            await send(message)

        coded = _header(scope, b"content-encoding")
        unpacked = receive if coded in ("", "identity") else _unpacked(coded, receive)
        # The dictionary stays the same: what the application writes into it is read outside.
        scope["headers"] = list(_seen_inside(scope))
        await self._app(scope, unpacked, saying)


def _header(scope: _Asked, wanted: bytes) -> str:
    return ", ".join(value.decode("latin-1").strip().lower() for name, value in scope["headers"] if name == wanted)


def _seen_inside(scope: _Asked) -> Iterator[tuple[bytes, bytes]]:
    is_coded = bool(_header(scope, b"content-encoding"))
    for name, value in scope["headers"]:
        if name not in _OF_THE_CODING or (name == b"content-length" and not is_coded):
            yield name, value
    if best := coding.agreed(_header(scope, b"accept-encoding")):
        yield b"accept-encoding", best.encode()


def _unpacked(coded: str, receive: Receive) -> Receive:
    if coded not in coding.CODINGS:
        return _refusing

    unpacking = coding.Unpacking(coded)
    pieces: Iterator[bytes] = iter(())
    is_over = is_told = False

    async def unpack() -> HTTPReceiveMessage:
        nonlocal pieces, is_over, is_told
        try:
            while True:
                # One piece at a time: what a part holds may be a thousand times as much.
                if (piece := next(pieces, None)) is not None:
                    return _part(piece, more=True)
                if is_over and not is_told:
                    unpacking.check_whole()
                    is_told = True
                    return _part(b"", more=False)
                message = cast("HTTPReceiveMessage", await receive())
                if message["type"] != "http.request":
                    return message
                pieces, is_over = unpacking.pieces(message["body"]), not message.get("more_body", False)
        except wire.MalformedMessageError as wrong:
            raise ProblemError(BAD_REQUEST, wire.Problem("malformed", str(wrong))) from wrong

    return cast("Receive", unpack)


def _part(body: bytes, *, more: bool) -> HTTPReceiveMessage:
    return {"type": "http.request", "body": body, "more_body": more}


async def _refusing() -> HTTPReceiveMessage:
    text = f"Central reads bodies as they are, or in {' or '.join(coding.CODINGS)}."
    raise ProblemError(UNSUPPORTED, wire.Problem("coding", text))
