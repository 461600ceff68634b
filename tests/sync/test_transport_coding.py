"""A desk packs what it sends once central has said that it reads that, and no sooner."""

from __future__ import annotations

from pathlib import Path

import httpx2
import pytest

from access_desk.central.authority import certificates
from access_desk.protocol.coding import ACCEPTED, Unpacking, packed
from access_desk.sync.core import Request
from access_desk.sync.transport import HttpTransport
from tests.desks import SetClock

BODY = b'{"protocol":1,"events":[]}' * 100


class Said:
    """A central that reads what it says it reads, and answers with what it heard."""

    def __init__(self, folder: Path, reads: str) -> None:
        self.reads = reads
        self.heard: list[tuple[str, bytes]] = []
        self.transport = HttpTransport("https://central.invalid", certificates(folder, SetClock().now()).authority_pem)
        headers = self.transport._client.headers
        self.transport._client.close()
        self.transport._client = httpx2.Client(
            base_url="https://central.invalid", transport=httpx2.MockTransport(self.answer), headers=headers
        )

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        assert request.headers["Accept-Encoding"] == ACCEPTED
        self.heard.append((request.headers.get("Content-Encoding", ""), request.read()))
        headers = {"Content-Encoding": "zstd", **({"Accept-Encoding": self.reads} if self.reads else {})}
        return httpx2.Response(200, headers=headers, content=packed(b"understood", "zstd"))

    def ask(self, body: bytes) -> tuple[str, bytes]:
        assert self.transport.ask(Request("POST", "/v1/x", body, "application/json")).body == b"understood"
        return self.heard[-1]


@pytest.mark.parametrize(("reads", "coding"), [("zstd, gzip", "zstd"), ("gzip", "gzip")])
def test_what_is_long_enough_is_packed_once_central_has_said_that_it_reads_it(tmp_path: Path, reads: str, coding: str) -> None:
    central = Said(tmp_path, reads)
    assert central.ask(BODY) == ("", BODY)
    used, sent = central.ask(BODY)
    unpacking = Unpacking(coding)
    assert (used, b"".join(unpacking.pieces(sent))) == (coding, BODY)
    assert central.ask(b"short") == ("", b"short")
    central.transport.close()


def test_a_central_that_says_nothing_is_sent_everything_as_it_is(tmp_path: Path) -> None:
    central = Said(tmp_path, "zstd")
    central.ask(BODY)
    central.reads = ""
    central.ask(BODY)
    assert central.ask(BODY) == ("", BODY)
    central.transport.close()
