"""A request whose head or trailer does not end is closed; longer bodies are not."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urlsplit

import pytest

from access_desk.central.clusters import Clusters
from access_desk.central.heads import MOST_HEAD_BYTES, BoundedHeads
from tests.central.centrals import TestCentral
from tests.central.kinds import in_memory
from tests.central.running import Running, running

OPENED = b"POST /v1/enrollments HTTP/1.1\r\nHost: central\r\n"
CHUNKED = OPENED + b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.fixture(scope="module")
def central() -> Iterator[Running]:
    with running(TestCentral(Clusters([in_memory()]))) as made:
        yield made


def answered(central: Running, sent: bytes) -> bytes:
    """The beginning of what comes back for what is sent, without an end."""
    parts = urlsplit(central.url)
    with socket.create_connection((parts.hostname, parts.port), timeout=30) as line:
        # Closed in the middle of it: what was answered before is still there, or was lost with the line.
        with suppress(ConnectionError):
            line.sendall(sent)
        try:
            return line.recv(4096)
        except ConnectionError:
            return b""


ENDLESS = {
    "a path": b"GET /" + b"a" * 8 * MOST_HEAD_BYTES,
    "one header": OPENED + b"X: " + b"a" * 8 * MOST_HEAD_BYTES,
    "many headers": OPENED + b"X: a\r\n" * MOST_HEAD_BYTES,
    "a trailer": CHUNKED + b"2\r\n{}\r\n0\r\nX: " + b"a" * 8 * MOST_HEAD_BYTES,
    "the extension of a chunk": CHUNKED + b"2;" + b"a" * 8 * MOST_HEAD_BYTES,
}


@pytest.mark.parametrize("name", ENDLESS)
def test_what_does_not_end_is_closed(central: Running, name: str) -> None:
    found = answered(central, ENDLESS[name])
    assert found == b"" or found.startswith(b"HTTP/1.1 400 ")


def test_a_head_that_is_long_and_a_body_that_is_longer_are_read(central: Running) -> None:
    long = b"X: " + b"a" * (MOST_HEAD_BYTES // 2) + b"\r\n"
    assert answered(central, b"GET /live HTTP/1.1\r\nHost: central\r\n" + long + b"\r\n").startswith(b"HTTP/1.1 200 ")
    length = 4 * MOST_HEAD_BYTES
    body = OPENED + f"Content-Length: {length}\r\n\r\n".encode() + b" " * length
    # Larger than any enrollment: that is said by the route, not by the reader.
    assert answered(central, body).startswith(b"HTTP/1.1 413 ")


class HastyHeads(BoundedHeads):
    """As it is, in less time."""

    head_seconds = 0.3


@pytest.fixture(scope="module")
def hasty() -> Iterator[Running]:
    with running(TestCentral(Clusters([in_memory()])), heads=HastyHeads) as made:
        yield made


def line_to(central: Running) -> socket.socket:
    parts = urlsplit(central.url)
    return socket.create_connection((parts.hostname, parts.port), timeout=30)


LIVE = b"GET /live HTTP/1.1\r\nHost: central\r\n\r\n"


@pytest.mark.parametrize("begun", [b"", b"G", LIVE[:-2]])
def test_a_head_that_does_not_come_is_not_waited_for(hasty: Running, begun: bytes) -> None:
    with line_to(hasty) as line:
        line.sendall(begun)
        assert line.recv(4096) == b""


def test_neither_is_a_second_one_and_no_answer_is_cut(hasty: Running) -> None:
    with line_to(hasty) as line:
        line.sendall(LIVE)
        assert line.recv(4096).startswith(b"HTTP/1.1 200 ")
        line.sendall(LIVE[:20])
        rest = b""
        while piece := line.recv(4096):
            rest += piece
        assert not rest.startswith(b"HTTP/1.1 ")


def test_a_body_has_a_time_of_its_own(hasty: Running) -> None:
    with line_to(hasty) as line, line_to(hasty) as silent:
        line.sendall(OPENED + b"Content-Length: 4\r\n\r\nnu")
        # As long as a head may take, and longer.
        assert silent.recv(1) == b""
        line.sendall(b"ll")
        assert line.recv(4096).startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize("refused", ["POST /nothing", "POST /v1/enrollments", "GET /live"])
def test_the_rest_of_a_body_that_nobody_reads_is_not_waited_for(hasty: Running, refused: str) -> None:
    with line_to(hasty) as line:
        line.sendall(f"{refused} HTTP/1.1\r\nHost: central\r\nContent-Length: 100000\r\n\r\na".encode())
        assert line.recv(4096).startswith(b"HTTP/1.1 ")
        with suppress(ConnectionError):
            line.sendall(b"a")
            while line.recv(4096):
                pass
