"""Processes that take in long batches, so that the one that answers desks never waits for its own interpreter.

A long batch is projected for tens of milliseconds; beside it in one process, a desk with one registration would wait for the
interpreter each time that the database has answered it. Each worker has connections of its own, and the system gives them
what time is left. Killed with central or by itself, a worker leaves an open transaction, which the server undoes.
"""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from queue import LifoQueue
from typing import Final

from access_desk.central.checkers import SPAWNED, Checkers, give_way, leave_signals_to_central
from access_desk.central.clusters import Clusters
from access_desk.central.intake import Taking, Took, take
from access_desk.central.lanes import is_short
from access_desk.central.logs import FAULTS, CentralLog
from access_desk.central.problems import UNAVAILABLE, no
from access_desk.domain.errors import UnavailableError
from access_desk.storage.engine import Database
from access_desk.storage.event_log import Stream
from access_desk.storage.postgres import open_postgres
from access_desk.system.clock import SystemClock

# Below whoever answers desks, and the databases.
_KINDLY: Final = 5
# Objects that stay until it is done.
_MADE_BY_A_BATCH: Final = 50_000
_SELDOM: Final = 10
_urls: list[str] = []


class Workers:
    """So many processes over databases on servers, by their URLs; each in a pool of its own, so that one dies alone."""

    def __init__(self, urls: Sequence[str], number: int) -> None:
        self._urls = tuple(urls)
        self._all = [self._started() for _ in range(number)]
        self._idle: LifoQueue[int] = LifoQueue()
        for one in range(number):
            self._idle.put(one)
        self._is_closed = False

    def take(self, place: int, stream: Stream, public_key: str, body: bytes, now: str) -> Took:
        """As `intake.take`, in one of the processes, in the database that was named at that place."""
        number = self._idle.get()
        try:
            return self._all[number].submit(_take, place, stream, public_key, body, now).result()
        except BrokenProcessPool as ended:
            if not self._is_closed:
                self._all[number].shutdown(wait=False)
                self._all[number] = self._started()
            raise no(UNAVAILABLE, "unknown", "Whether it was stored could not be found out. Ask again.") from ended
        finally:
            self._idle.put(number)

    def close(self) -> None:
        """End them, after what they do."""
        self._is_closed = True
        for one in self._all:
            one.shutdown(cancel_futures=True)

    def _started(self) -> ProcessPoolExecutor:
        pool = ProcessPoolExecutor(1, SPAWNED, initializer=_begin, initargs=(self._urls,))
        # It gets ready now, and not while the first desk waits and holds its facility.
        pool.submit(_get_ready)
        return pool


def collect_seldom() -> None:
    """What a batch makes goes with it: looking through all of it forty times a batch finds nothing."""
    gc.freeze()
    gc.set_threshold(_MADE_BY_A_BATCH, _SELDOM, _SELDOM)


def _begin(urls: Sequence[str]) -> None:
    # Its checkers inherit that, and give way to it as well.
    give_way(_KINDLY)
    leave_signals_to_central()
    threading.Thread(target=_end_with_central, daemon=True).start()
    CentralLog(sys.stderr, SystemClock(), FAULTS).take_over_libraries()
    collect_seldom()
    _urls.extend(urls)


def _end_with_central() -> None:
    central = multiprocessing.parent_process()
    if central is not None:
        central.join()
    os._exit(1)


@cache
def _checkers() -> Checkers:
    return Checkers()


@cache
def _database(place: int) -> Database:
    # One that cannot be opened now is tried again with the next batch, and the others go on.
    return open_postgres(_urls[place], connections=1)


def _get_ready() -> None:
    with contextlib.suppress(OSError):
        _checkers()
    for place in range(len(_urls)):
        with contextlib.suppress(UnavailableError):
            _database(place)


def _take(place: int, stream: Stream, public_key: str, body: bytes, now: str) -> Took:
    checkers = None
    # The system may have no room for another process now: the signatures are checked here then.
    with contextlib.suppress(OSError):
        checkers = _checkers()
    return take(_database(place), stream, public_key, body, now, checkers)


def handing_on(workers: Workers, clusters: Clusters) -> Taking:
    """What takes in short batches here, and long ones in another process; the databases are in the same order in both."""

    def taking(database: Database, stream: Stream, public_key: str, body: bytes, now: str) -> Took:
        if is_short(body):
            return take(database, stream, public_key, body, now)
        return workers.take(clusters.all.index(database), stream, public_key, body, now)

    return taking
