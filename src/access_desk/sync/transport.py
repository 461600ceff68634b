"""Carries requests to central: HTTPS by httpx2, trusting nothing but the authority that the enrollment code named.

Central's certificate is good for one name only, whatever address it is reached at, so neither another server with a
certificate of some public authority nor another certificate of central's own authority is taken for it.
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Generator
from datetime import datetime
from email.utils import parsedate_to_datetime
from hashlib import sha256
from typing import Final, Self, TypeVar

import httpx2
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from access_desk.protocol.messages import CENTRAL_NAME, LARGEST_CONTENT
from access_desk.sync.core import Request, Response, RetryLaterError, StoppedError

_TIMEOUT: Final = httpx2.Timeout(30.0, connect=5.0)
_LARGEST_ANSWER: Final = LARGEST_CONTENT + 1024 * 1024
_R = TypeVar("_R")


class HttpTransport:
    """One keep-alive connection to one central."""

    def __init__(self, url: str, authority_pem: str) -> None:
        context = ssl.create_default_context(cadata=authority_pem)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        self._is_abandoned = False
        # What central's clock said in its last answer (aware, whole seconds); None before the first.
        self.central_time: datetime | None = None
        self._client = httpx2.Client(base_url=url, verify=context, timeout=_TIMEOUT, trust_env=False, follow_redirects=False)

    def ask(self, request: Request) -> Response:
        """The answer. Raises RetryLaterError when there is none, StoppedError when it is not central."""
        headers = {"Content-Type": request.content_type} if request.content_type else {}
        if request.token:
            headers["Authorization"] = f"Bearer {request.token}"
        try:
            built = self._client.build_request(request.method, request.path, content=request.body, headers=headers)
            built.extensions = {**built.extensions, "sni_hostname": CENTRAL_NAME}
            answer = self._client.send(built, stream=True)
            try:
                self.central_time = _said_at(answer)
                content_type = answer.headers.get("content-type", "")
                return Response(answer.status_code, content_type, _body(answer), _retry_after(answer))
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
