"""Processes that take in long batches, so that the one that answers desks never waits for its own interpreter.

A long batch is projected for tens of milliseconds; beside it in one process, a desk with one registration would wait for the
interpreter each time that the database has answered it. Each worker has one connection to every database, and the system
gives them what time is left. Killed with central or by itself, a worker leaves an open transaction, which the server undoes.
"""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from multiprocessing.util import Finalize
from typing import Final

from access_desk.central.clusters import Clusters
from access_desk.central.intake import Taking, Took, take
from access_desk.central.lanes import is_short
from access_desk.central.problems import UNAVAILABLE, no
from access_desk.storage.engine import Database
from access_desk.storage.event_log import Stream
from access_desk.storage.postgres import open_postgres

# Below whoever answers desks, and the databases.
_KINDLY: Final = 5
# Objects that stay until it is done.
_MADE_BY_A_BATCH: Final = 50_000
_SELDOM: Final = 10
_urls: list[str] = []


def give_way(steps: int) -> None:
    """Let this process run when others do not want to, where the system lets it."""
    if sys.platform != "win32":
        # A service may be forbidden to change that: then it goes on as it is.
        with contextlib.suppress(OSError):
            os.nice(steps)


class Workers:
    """So many processes over databases on servers, by their URLs."""

    def __init__(self, urls: Sequence[str], number: int) -> None:
        self._urls, self._number = tuple(urls), number
        self._lock = threading.Lock()
        self._pool = self._made()

    def take(self, place: int, stream: Stream, public_key: str, body: bytes, now: str) -> Took:
        """As `intake.take`, in one of the processes, in the database that was named at that place."""
        pool = self._pool
        try:
            return pool.submit(_take, place, stream, public_key, body, now).result()
        except BrokenProcessPool as ended:
            self._renew(pool)
            raise no(UNAVAILABLE, "unknown", "Whether it was stored could not be found out. Ask again.") from ended

    def close(self) -> None:
        """End them, after what they do."""
        self._pool.shutdown(cancel_futures=True)

    def _made(self) -> ProcessPoolExecutor:
        context = multiprocessing.get_context("spawn")
        pool = ProcessPoolExecutor(self._number, context, initializer=_begin, initargs=(self._urls,))
        for _ in range(self._number):
            # They open their databases now, and not while the first desk waits.
            pool.submit(_databases)
        return pool

    def _renew(self, broken: ProcessPoolExecutor) -> None:
        with self._lock:
            if self._pool is broken:
                broken.shutdown(wait=False, cancel_futures=True)
                self._pool = self._made()


def checkers() -> ProcessPoolExecutor:
    """A process that checks signatures; it ends with the one that made it."""
    return ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), initializer=_begin)


def collect_seldom() -> None:
    """What a batch makes goes with it: looking through all of it forty times a batch finds nothing."""
    gc.freeze()
    gc.set_threshold(_MADE_BY_A_BATCH, _SELDOM, _SELDOM)


def _begin(urls: Sequence[str] = ()) -> None:
    give_way(_KINDLY)
    # Whoever stops central ends them in good order; the signal may be sent to all processes of the service at once.
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, signal.SIG_IGN)
    threading.Thread(target=_end_with_central, daemon=True).start()
    collect_seldom()
    _urls.extend(urls)


def _end_with_central() -> None:
    central = multiprocessing.parent_process()
    if central is not None:
        central.join()
    os._exit(1)


@cache
def _checkers() -> ProcessPoolExecutor:
    made = checkers()
    # A process that ends waits for those that it made, and nobody would tell them; before the queues to them close, which is 10.
    Finalize(None, made.shutdown, exitpriority=20)
    return made


@cache
def _databases() -> tuple[Database, ...]:
    # What cannot be opened now is tried again with the next batch.
    return tuple(open_postgres(url, connections=1) for url in _urls)


def _take(place: int, stream: Stream, public_key: str, body: bytes, now: str) -> Took:
    return take(_databases()[place], stream, public_key, body, now, _checkers())


def handing_on(workers: Workers, clusters: Clusters) -> Taking:
    """What takes in short batches here, and long ones in another process; the databases are in the same order in both."""

    def taking(database: Database, stream: Stream, public_key: str, body: bytes, now: str) -> Took:
        if is_short(body):
            return take(database, stream, public_key, body, now)
        return workers.take(clusters.all.index(database), stream, public_key, body, now)

    return taking
