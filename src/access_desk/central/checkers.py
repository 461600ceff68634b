"""A process beside one that takes in batches, which checks their signatures meanwhile.

A pipe, and three numbers in shared memory: an executor has threads of its own in whoever asks, and each of them would take the
interpreter away in the middle of a batch. The process checks from the first to the last and gives way to others, such as the
database: whoever has to wait for that one checks from the last to the first meanwhile, until the two meet, and does not wait
long for what the process has begun.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
from collections.abc import Iterator, MutableSequence, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.util import Finalize
from typing import Final

from access_desk.protocol.chain import is_signed_by
from access_desk.protocol.signatures import Asked, Named

SPAWNED: Final = multiprocessing.get_context("spawn")
# Whoever asks does what is left, and what does not come soon.
_KINDLY: Final = 14
_PATIENCE_S: Final = 0.01
# So many are answered together.
_PIECE: Final = 16
# In shared memory: which question it is, how many the process has begun, and how many are its own. Nothing is believed because
# of them; what both looked at was looked at twice, and what neither did is looked at in the end.
_NUMBER, _BEGUN, _ITS_OWN = 0, 1, 2


def leave_signals_to_central() -> None:
    """Whoever stops central ends its processes in good order; the signal may be sent to all of the service at once."""
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, signal.SIG_IGN)


def give_way(steps: int) -> None:
    """Let this process run when others do not want to, where the system lets it."""
    if sys.platform != "win32":
        # A service may be forbidden to change that: then it goes on as it is.
        with contextlib.suppress(OSError):
            os.nice(steps)


class Checkers:
    """A process that checks signatures, and another one when it died; it ends with the one that made it.

    One thread asks. What nobody waits for any more is passed over.

    Args:
        patience_s: how long its next answer is waited for, on the system's clock.
    """

    def __init__(self, patience_s: float = _PATIENCE_S) -> None:
        self._asked, self._patience_s = 0, patience_s
        self._start()
        # A process that ends waits for those that it made, and this one ends when it is asked no more.
        Finalize(None, self.close, exitpriority=20)

    @property
    def pid(self) -> int | None:
        """Of the process."""
        return self._process.pid

    def ask(self, named: Sequence[Named]) -> Asked:
        """Have these looked at."""
        self._asked = number = self._asked + 1
        self._shared[:] = [number, 0, len(named)]
        try:
            while self._pipe.poll():
                self._pipe.recv()
            self._pipe.send((number, named))
        except (EOFError, OSError):
            self._start_again()
        return _Question(self, number)

    def close(self) -> None:
        """End it."""
        self._pipe.close()
        self._process.join()

    def taken_back(self, number: int) -> Iterator[int]:
        """See :meth:`access_desk.protocol.signatures.Asked.taken_back`."""
        while number == self._asked and self._shared[_BEGUN] < self._shared[_ITS_OWN]:
            self._shared[_ITS_OWN] -= 1
            yield self._shared[_ITS_OWN]

    def held(self, number: int) -> list[bool]:
        """See :meth:`access_desk.protocol.signatures.Asked.held`."""
        held: list[bool] = []
        try:
            while number == self._asked and len(held) < self._shared[_ITS_OWN] and self._pipe.poll(self._patience_s):
                asked, some = self._pipe.recv()
                held += some if asked == number else ()
        except (EOFError, OSError):
            self._start_again()
        return held

    def _start(self) -> None:
        self._shared: MutableSequence[int] = SPAWNED.RawArray("q", 3)
        self._pipe, theirs = SPAWNED.Pipe()
        # Closed here also when the start fails: whoever asks hears then that nobody is there.
        with theirs:
            process = SPAWNED.Process(target=_check, args=(theirs, self._shared), daemon=True)
            process.start()
        self._process = process

    def _start_again(self) -> None:
        # Nobody answers any more what was asked before.
        self._asked += 1
        self.close()
        # The system may have no room for one just now: the next time that somebody asks, it is tried again.
        with contextlib.suppress(OSError):
            self._start()


@dataclass(frozen=True, slots=True)
class _Question:
    """What was asked, by its number."""

    checkers: Checkers
    number: int

    def taken_back(self) -> Iterator[int]:
        return self.checkers.taken_back(self.number)

    def held(self) -> list[bool]:
        return self.checkers.held(self.number)


def _check(asked: Connection, shared: MutableSequence[int]) -> None:
    leave_signals_to_central()
    give_way(_KINDLY)
    # Whoever asked is gone then.
    with contextlib.suppress(EOFError, OSError):
        while True:
            number, named = asked.recv()
            held: list[bool] = []
            for begun, one in enumerate(named, 1):
                if shared[_NUMBER] != number or begun > shared[_ITS_OWN]:
                    break
                shared[_BEGUN] = begun
                held.append(is_signed_by(*one))
                if len(held) == _PIECE:
                    asked.send((number, held))
                    held = []
            if held:
                asked.send((number, held))
