"""Carries requests to central: HTTPS by httpx2, trusting nothing but the authority that the enrollment code named.

Central's certificate is good for one name only, whatever address it is reached at, so neither another server with a
certificate of some public authority nor another certificate of central's own authority is taken for it.
"""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
from collections.abc import Generator, Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from hashlib import sha256
from typing import Final, Self, TypeVar

import httpx2
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from access_desk.protocol import coding
from access_desk.protocol.messages import CENTRAL_NAME, LARGEST_CONTENT, POKED, MalformedMessageError, Poke, read
from access_desk.sync.core import (
    OK,
    Identity,
    Request,
    Response,
    RetryLaterError,
    StoppedError,
    checked,
    open_session,
    pokes_request,
)
from access_desk.sync.ports import Signs

_TIMEOUT: Final = httpx2.Timeout(30.0, connect=5.0)
_LARGEST_POKE: Final = 4096
_LARGEST_ANSWER: Final = LARGEST_CONTENT + 1024 * 1024
_READ: Final = {"Accept-Encoding": coding.ACCEPTED}
_R = TypeVar("_R")


class HttpTransport:
    """One keep-alive connection to one central."""

    def __init__(self, url: str, authority_pem: str) -> None:
        context = ssl.create_default_context(cadata=authority_pem)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        self._is_abandoned = False
        # What central's clock said in its last answer (aware, whole seconds); None before the first.
        self.central_time: datetime | None = None
        # What central said that it reads; nothing until it has said it, as one of before that could.
        self._coding = ""
        self._streaming: httpx2.Response | None = None
        self._client = httpx2.Client(
            base_url=url, verify=context, timeout=_TIMEOUT, trust_env=False, follow_redirects=False, headers=_READ
        )

    def ask(self, request: Request) -> Response:
        """The answer. Raises RetryLaterError when there is none, StoppedError when it is not central."""
        with self._answered(request) as answer:
            return _whole(answer)

    def pokes(self, request: Request) -> Iterator[Poke]:
        """Each poke of a stream as it comes, until central ends it. Raises RetryLaterError, StoppedError."""
        with self._answered(request) as answer:
            if answer.status_code != OK:
                checked(_whole(answer))
            self._streaming = answer
            # Hung up while the line was made: it was not there to be cut.
            if self._is_abandoned:
                return
            for said in httpx2.EventSource(answer, max_event_size=_LARGEST_POKE):
                if said.event == POKED:
                    yield _poke(said.data)

    def cut(self) -> None:
        """End a stream that somebody waits for; from any thread."""
        self._is_abandoned = True
        if self._streaming is not None:
            line = self._streaming.extensions["network_stream"].get_extra_info("socket")
            with contextlib.suppress(OSError):
                # Below TLS, whose state belongs to the thread that waits.
                socket.socket.shutdown(line, socket.SHUT_RDWR)

    @contextlib.contextmanager
    def _answered(self, request: Request) -> Iterator[httpx2.Response]:
        headers = {"Content-Type": request.content_type} if request.content_type else {}
        if request.token:
            headers["Authorization"] = f"Bearer {request.token}"
        if request.byte_range:
            headers["Range"] = request.byte_range
        body = request.body
        if self._coding and len(body) >= coding.SMALLEST:
            body, headers["Content-Encoding"] = coding.packed(body, self._coding), self._coding
        try:
            built = self._client.build_request(request.method, request.path, content=body, headers=headers)
            built.extensions = {**built.extensions, "sni_hostname": CENTRAL_NAME}
            answer = self._client.send(built, stream=True)
            try:
                self._coding = coding.agreed(answer.headers.get("accept-encoding", ""))
                self.central_time = _said_at(answer)
                yield answer
            finally:
                answer.close()
        except httpx2.TransportError as failed:
            if "CERTIFICATE_VERIFY_FAILED" in str(failed):
                raise StoppedError(
                    "certificate", "What answers at central's address is not central. Nothing was sent."
                ) from failed
            raise RetryLaterError("central cannot be reached") from failed
        except httpx2.HTTPError as failed:
            raise RetryLaterError("central cannot be understood") from failed

    def drive(self, asking: Generator[Request, Response, _R]) -> _R:
        """Carry a whole exchange. Raises what the exchange raises."""
        try:
            request = next(asking)
            while True:
                answer = self.ask(request)
                if self._is_abandoned:
                    raise RetryLaterError("the program is closing")
                request = asking.send(answer)
        except StopIteration as done:
            result: _R = done.value
            return result

    @property
    def is_abandoned(self) -> bool:
        """Whether no further answer is taken up."""
        return self._is_abandoned

    def abandon(self) -> None:
        """Take up no further answer: nothing may touch the desk's file once it is closed. From any thread."""
        self._is_abandoned = True

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class PokeLine:
    """A line of its own on which a desk hears of a facility; see `listening.Line`."""

    def __init__(self, transport: HttpTransport, identity: Identity, signer: Signs) -> None:
        self._transport, self._identity, self._signer = transport, identity, signer

    def pokes(self) -> Iterator[Poke]:
        """Each poke as it comes, until central ends the stream. Raises RetryLaterError, StoppedError."""
        token = self._transport.drive(open_session(self._identity, self._signer))
        yield from self._transport.pokes(pokes_request(self._identity.facility_id, token))

    def hang_up(self) -> None:
        """End it now, and for good; from any thread."""
        self._transport.cut()

    def close(self) -> None:
        """Close the connection."""
        self._transport.close()


def _whole(answer: httpx2.Response) -> Response:
    return Response(answer.status_code, answer.headers.get("content-type", ""), _body(answer), _retry_after(answer))


def _poke(said: str) -> Poke:
    try:
        return read(said.encode(), Poke)
    except MalformedMessageError as wrong:
        raise RetryLaterError("something else than central answered") from wrong


def _body(answer: httpx2.Response) -> bytes:
    parts: list[bytes] = []
    size = 0
    for part in answer.iter_bytes():
        size += len(part)
        if size > _LARGEST_ANSWER:
            raise RetryLaterError("the answer is too long to be central's")
        parts.append(part)
    return b"".join(parts)


def _said_at(answer: httpx2.Response) -> datetime | None:
    try:
        said = parsedate_to_datetime(answer.headers.get("date", ""))
    except ValueError:
        return None
    return said if said.tzinfo is not None else None


def _retry_after(answer: httpx2.Response) -> float:
    # Central says seconds. A date would need a clock that is right, and is taken for no wish.
    said = answer.headers.get("retry-after", "")
    return float(said) if re.fullmatch(r"[0-9]{1,6}", said) else 0.0


def fingerprint_of(authority_pem: str) -> str:
    """SHA-256 (hex) over an authority's certificate. Raises ValueError when the text is none."""
    certificate = x509.load_pem_x509_certificate(authority_pem.encode())
    return sha256(certificate.public_bytes(Encoding.DER)).hexdigest()


def fetch_authority(url: str, fingerprint: str) -> str:
    """The certificate of central's authority, which is the one the fingerprint names.

    It is asked for without knowing yet who answers: nothing is sent, and only what has the fingerprint is taken.

    Raises:
        RetryLaterError: there is no answer. StoppedError: it is another central's.
    """
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        with httpx2.Client(base_url=url, verify=context, timeout=_TIMEOUT, trust_env=False) as client:
            text = client.get("/v1/authority").text
    except httpx2.HTTPError as failed:
        raise RetryLaterError("central cannot be reached") from failed
    try:
        is_right = fingerprint_of(text) == fingerprint
    except ValueError:
        is_right = False
    if not is_right:
        raise StoppedError(
            "certificate", "The enrollment code is another central's, or something else answers. Nothing was sent."
        )
    return text
