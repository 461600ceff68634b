"""The process that checks signatures beside a worker: it dies alone, is replaced, and outlives nobody."""

from __future__ import annotations

import multiprocessing.connection
import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from access_desk.central.checkers import SPAWNED, Checkers
from tests.faults.campaign import ENVIRONMENT

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw().hex()
GOOD = (PUBLIC, b"message", KEY.sign(b"message"))
BAD = (PUBLIC, b"massage", KEY.sign(b"message"))
_PARENT = """
import sys
from access_desk.central.checkers import SPAWNED, Checkers
if __name__ == "__main__":
    checkers = Checkers()
    sys.stdout.write(f"{checkers.pid}\\n")
    sys.stdout.flush()
    sys.stdin.read()
"""


@pytest.fixture
def checkers() -> Iterator[Checkers]:
    # So long that a machine that has no time does not decide what is seen.
    made = Checkers(patience_s=60)
    yield made
    made.close()


def _kill(checkers: Checkers) -> None:
    assert checkers.pid is not None
    watched = os.pidfd_open(checkers.pid)
    os.kill(checkers.pid, signal.SIGKILL)
    assert multiprocessing.connection.wait([watched], timeout=30)
    os.close(watched)


def test_signatures_are_checked_in_another_process(checkers: Checkers) -> None:
    assert checkers.ask([GOOD, BAD, GOOD]).held() == [True, False, True]
    assert checkers.pid != os.getpid()


def test_an_answer_that_nobody_waited_for_is_passed_over(checkers: Checkers) -> None:
    for _ in range(2_000):
        checkers.ask([BAD] * 3)
    assert checkers.ask([GOOD]).held() == [True]


def _stop(checkers: Checkers) -> None:
    assert checkers.pid is not None
    os.kill(checkers.pid, signal.SIGSTOP)
    os.waitid(os.P_PID, checkers.pid, os.WSTOPPED | os.WNOWAIT)


def _go_on(checkers: Checkers) -> None:
    assert checkers.pid is not None
    os.kill(checkers.pid, signal.SIGCONT)


def test_many_are_answered_in_their_order(checkers: Checkers) -> None:
    for number in (1, 15, 16, 17, 32, 100):
        asked = [GOOD if place % 3 else BAD for place in range(number)]
        assert checkers.ask(asked).held() == [one is GOOD for one in asked]


def test_what_it_has_not_come_to_is_taken_back_from_the_last_and_not_looked_at_there(checkers: Checkers) -> None:
    _stop(checkers)
    asked = checkers.ask([GOOD, BAD, GOOD, BAD, GOOD])
    back = asked.taken_back()
    assert [next(back), next(back)] == [4, 3]
    _go_on(checkers)
    assert asked.held() == [True, False, True]
    assert list(back) == []


def test_all_of_them_may_be_taken_back_and_of_what_was_asked_before_none(checkers: Checkers) -> None:
    _stop(checkers)
    before, asked = checkers.ask([GOOD] * 3), checkers.ask([GOOD, BAD])
    assert list(before.taken_back()) == before.held() == []
    assert list(asked.taken_back()) == [1, 0]
    assert asked.held() == []
    _go_on(checkers)
    assert checkers.ask([BAD, GOOD]).held() == [False, True]


def test_it_is_not_waited_for_longer_than_one_has_patience() -> None:
    checkers = Checkers(patience_s=0)
    _stop(checkers)
    assert checkers.ask([GOOD] * 40).held() == []
    _go_on(checkers)
    checkers.close()


def test_another_one_is_asked_when_it_died(checkers: Checkers) -> None:
    first = checkers.pid
    waiting = checkers.ask([GOOD])
    _kill(checkers)
    # It may have answered before.
    assert waiting.held() in ([], [True])
    _kill(checkers)
    checkers.ask([GOOD]).held()
    assert checkers.ask([GOOD]).held() == [True]
    assert checkers.pid not in (first, os.getpid())


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_it_ends_with_the_process_that_made_it(how: signal.Signals) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", _PARENT],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=ENVIRONMENT,
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    watched = os.pidfd_open(child)
    parent.send_signal(how)
    parent.wait(timeout=30)
    assert multiprocessing.connection.wait([watched], timeout=30), "the process outlived the one that made it"
    os.close(watched)
    for stream in (parent.stdin, parent.stdout):
        assert stream is not None
        stream.close()


def test_when_there_is_no_room_for_another_one_it_is_tried_again(checkers: Checkers, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room(_: object) -> None:
        raise BlockingIOError(11, "no room")

    _kill(checkers)
    with monkeypatch.context() as patch:
        patch.setattr(SPAWNED.Process, "start", no_room)
        assert checkers.ask([GOOD]).held() == []
    assert checkers.ask([GOOD]).held() in ([], [True])
    assert checkers.ask([GOOD]).held() == [True]
