"""A process beside one that takes in batches, which checks their signatures meanwhile.

A pipe and nothing else: an executor has threads of its own in whoever asks, and each of them would take the interpreter away
in the middle of a batch.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
from collections.abc import Callable, Sequence
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.util import Finalize
from typing import Final

from access_desk.protocol.signatures import Named, which_hold

SPAWNED: Final = multiprocessing.get_context("spawn")


def leave_signals_to_central() -> None:
    """Whoever stops central ends its processes in good order; the signal may be sent to all of the service at once."""
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, signal.SIG_IGN)


class Checkers:
    """A process that checks signatures, and another one when it died; it ends with the one that made it.

    One thread asks. What nobody waits for any more is passed over.
    """

    def __init__(self) -> None:
        self._asked = 0
        self._start()
        # A process that ends waits for those that it made, and this one ends when it is asked no more.
        Finalize(None, self.close, exitpriority=20)

    @property
    def pid(self) -> int | None:
        """Of the process."""
        return self._process.pid

    def ask(self, named: Sequence[Named]) -> Callable[[], list[bool] | None]:
        """Have these looked at: what gives the answer, once; None of a process that died."""
        self._asked += 1
        try:
            while self._pipe.poll():
                self._pipe.recv()
            self._pipe.send((self._asked, named))
        except (EOFError, OSError):
            self._start_again()
            return lambda: None
        return partial(self._answer, self._asked)

    def close(self) -> None:
        """End it."""
        self._pipe.close()
        self._process.join()

    def _answer(self, number: int) -> list[bool] | None:
        try:
            while True:
                asked, held = self._pipe.recv()
                if asked == number:
                    return list(held)
        except (EOFError, OSError):
            self._start_again()
            return None

    def _start(self) -> None:
        self._pipe, theirs = SPAWNED.Pipe()
        # Closed here also when the start fails: whoever asks hears then that nobody is there.
        with theirs:
            process = SPAWNED.Process(target=_check, args=(theirs,), daemon=True)
            process.start()
        self._process = process

    def _start_again(self) -> None:
        self.close()
        # The system may have no room for one just now: the next time that somebody asks, it is tried again.
        with contextlib.suppress(OSError):
            self._start()


def _check(asked: Connection) -> None:
    leave_signals_to_central()
    # Whoever asked is gone then.
    with contextlib.suppress(EOFError, OSError):
        while True:
            number, named = asked.recv()
            asked.send((number, which_hold(named)))
