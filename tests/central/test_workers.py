"""Long batches in processes of their own: they are answered as in this one, and a process that ends is replaced."""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from access_desk.central.clusters import Clusters
from access_desk.central.intake import Took
from access_desk.central.problems import ProblemError
from access_desk.central.workers import Workers, handing_on
from access_desk.domain.errors import UnavailableError
from access_desk.protocol import messages as wire
from access_desk.storage import central_log
from access_desk.storage.engine import Database, read_transaction, write_transaction
from access_desk.storage.event_log import Stream
from access_desk.storage.postgres import open_postgres
from access_desk.storage.received import Flaw, RejectedEventError
from tests.fleet import Away, outage
from tests.postgres import Cluster

NOW = "2026-01-01T00:00:00.000000Z"
EVENTS = 20


@dataclass
class Stage:
    """A database on a server, a desk that was away, and who takes in its batch."""

    database: Database
    workers: Workers
    away: Away

    def take(self, events: list[wire.WireEvent]) -> Took:
        body = wire.to_bytes(wire.Push(wire.PROTOCOL, events))
        taking = handing_on(self.workers, Clusters([self.database]))
        return taking(self.database, Stream("F", "north", 1), self.away.public_key, body, NOW)

    def stored(self) -> int:
        with read_transaction(self.database) as connection:
            return central_log.feed_head(connection, "F").position


def a_server(postgres: Cluster) -> tuple[str, Database, Away]:
    """A database and its URL, and a desk that it knows."""
    url = postgres.new_database()
    database = open_postgres(url)
    away = outage(EVENTS, "north").of("F", "north")
    with write_transaction(database) as connection:
        central_log.admit_desk(connection, central_log.KnownDesk("F", "north", 1, "Desk", away.public_key, NOW))
    return url, database, away


@pytest.fixture
def stage(postgres: Cluster) -> Iterator[Stage]:
    url, database, away = a_server(postgres)
    workers = Workers([url], 1)
    yield Stage(database, workers, away)
    workers.close()
    database.dispose()


def test_a_long_batch_is_answered_by_another_process(stage: Stage) -> None:
    took = stage.take(list(stage.away.events))
    assert took == Took(wire.Acknowledged(EVENTS, stage.away.head, ()), EVENTS, EVENTS)
    assert stage.stored() == EVENTS
    assert stage.take(list(stage.away.events)).stored == 0, "sent again it is acknowledged, and nothing is added"


def test_what_is_wrong_comes_back_as_it_would_be_raised_here(stage: Stage) -> None:
    forged = [*stage.away.events[:11], wire.WireEvent(stage.away.events[11].event, "00" * 64), *stage.away.events[12:]]
    with pytest.raises(RejectedEventError) as rejected:
        stage.take(forged)
    assert (rejected.value.flaw, rejected.value.seq) == (Flaw.SIGNATURE, 12)
    with pytest.raises(RejectedEventError) as gap:
        stage.take(list(stage.away.events[1:]))
    assert (gap.value.flaw, gap.value.expected) == (Flaw.GAP, 1)
    with pytest.raises(ProblemError) as problem:
        stage.workers.take(0, Stream("F", "north", 1), stage.away.public_key, b"{}", NOW)
    assert (problem.value.status, problem.value.problem.code) == (400, "malformed")
    assert stage.stored() == 0


def test_a_short_batch_is_taken_in_here(stage: Stage) -> None:
    stage.workers.close()
    assert stage.take(list(stage.away.events[:8])).stored == 8
    with pytest.raises(RuntimeError):
        stage.take(list(stage.away.events[8:]))


def _problem_of(stage: Stage) -> ProblemError | None:
    try:
        stage.take(list(stage.away.events[:10]))
    except ProblemError as problem:
        return problem
    return None


def test_a_process_that_was_killed_is_replaced_and_the_desk_asks_again(stage: Stage) -> None:
    assert stage.take(list(stage.away.events[:10])).stored == 10
    for one in multiprocessing.active_children():
        if one.pid is not None:
            os.kill(one.pid, signal.SIGKILL)
    # One that did not notice yet answers as before.
    problem = next(one for one in iter(lambda: _problem_of(stage), ()) if one is not None)
    assert (problem.status, problem.problem.code) == (503, "unknown")
    assert stage.take(list(stage.away.events)).acknowledged.seq == EVENTS


def test_the_other_process_goes_on_and_both_end(postgres: Cluster) -> None:
    url, database, away = a_server(postgres)
    before = set(multiprocessing.active_children())
    workers = Workers([url], 2)
    stage = Stage(database, workers, away)
    assert stage.take(list(away.events[:10])).stored == 10
    for one in (one for one in multiprocessing.active_children() if one not in before):
        one.kill()
        one.join()
        # Whichever is asked, after one refusal at most there is an answer.
        problems = [_problem_of(stage) for _ in range(3)]
        assert sum(problem is not None for problem in problems[:2]) <= 1
        assert problems[2] is None
    workers.close()
    database.dispose()
    assert not set(multiprocessing.active_children()) - before


def test_a_database_that_cannot_be_reached_keeps_no_other_waiting(postgres: Cluster) -> None:
    url, database, away = a_server(postgres)
    workers = Workers([url, "postgresql://nobody@127.0.0.1:1/nothing"], 1)
    assert Stage(database, workers, away).take(list(away.events)).stored == EVENTS
    with pytest.raises(UnavailableError):
        workers.take(1, Stream("F", "north", 1), away.public_key, wire.to_bytes(wire.Push(wire.PROTOCOL, list(away.events))), NOW)
    workers.close()
    database.dispose()
