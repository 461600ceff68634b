"""Central moves from one PostgreSQL server to another in the middle of the work: the first is killed, the second promoted.

A synchronous second server has everything that was acknowledged. One that had stopped following has not: desks then offer
again what central no longer has. ``python -m tests.faults.failover``.
"""

from __future__ import annotations

import argparse
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from access_desk.storage.desk_feed import unacknowledged
from access_desk.storage.engine import read_transaction
from tests.faults.campaign import Campaign, Tally, a_campaign
from tests.postgres import Cluster, cluster

_MOST_ASKED = 2_000


@dataclass(frozen=True)
class Failover:
    """What was seen. ``missing``: events that were acknowledged and that the second server did not have."""

    tally: Tally
    acknowledged: int
    missing: int


def failover(folder: Path, seed: int, events: int, *, lossy: bool) -> Failover:
    """Two desks record so many events; half-way their central loses its server."""
    with cluster() as first, a_campaign(folder, seed, likelihood=0.1, server=first) as campaign, first.standby() as second:
        if not lossy:
            first.command("ALTER SYSTEM SET synchronous_standby_names = 'standby'")
            first.command("SELECT pg_reload_conf()")
            _until(first, "SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'")
        _work(campaign, events // 4)
        if lossy:
            second.command("ALTER SYSTEM SET primary_conninfo = ''")
            second.command("SELECT pg_reload_conf()")
            _until(second, "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM pg_stat_wal_receiver)")
        _work(campaign, events // 2)
        seen: list[int] = []
        campaign.proxy.kill = _moves(campaign, first, second, seen)
        campaign.proxy.kill_at_next_push()
        while not seen:
            campaign.step(events)
        _work(campaign, events)
        campaign.central.server = None
        return Failover(campaign.settle(), *seen)


def _work(campaign: Campaign, events: int) -> None:
    while campaign.recorded() < events:
        campaign.step(events)


def _moves(campaign: Campaign, first: Cluster, second: Cluster, seen: list[int]) -> Callable[[], None]:
    """The failover itself, while a batch is under way."""
    database = campaign.central.database.rsplit("/", 1)[1]

    def move() -> None:
        first.end(signal.SIGKILL)
        campaign.central.end(signal.SIGKILL)
        second.command("SELECT pg_promote()")
        campaign.central.database = second.url(database)
        # Of a desk's stream the newest that it knows to be acknowledged; an answer that is under way is not.
        acknowledged = sum(_acknowledged(campaign, number) for number in range(len(campaign.desks)))
        with second.connect(database) as connection:
            there = [row[0] for row in connection.execute("SELECT count(*) FROM events")]
        seen.extend((acknowledged, max(acknowledged - there[0], 0)))
        campaign.central.start()
        campaign.central.kills += 1

    return move


def _acknowledged(campaign: Campaign, number: int) -> int:
    journal = campaign.desks[number].desk.journal
    with read_transaction(journal.engine) as connection:
        return journal.head.seq - unacknowledged(connection, journal.stream.desk_id)


def _until(server: Cluster, question: str) -> None:
    for _ in range(_MOST_ASKED):
        if server.command(question):
            return
    raise TimeoutError(question)


def main() -> int:
    """Both kinds; status 1 when anything was lost in the end, or a synchronous server lacked something."""
    parser = argparse.ArgumentParser(prog="failover")
    parser.add_argument("--events", type=int, default=4_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    clean = True
    for lossy in (False, True):
        folder = Path(tempfile.mkdtemp(prefix="access-desk-failover-"))
        try:
            seen = failover(folder, arguments.seed, arguments.events, lossy=lossy)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        kind = "asynchronous, stopped following" if lossy else "synchronous"
        print(f"{kind}: {seen.missing} of {seen.acknowledged} acknowledged events were not on the second server")
        print(seen.tally)
        clean = clean and seen.tally.is_clean and (lossy or not seen.missing)
    return 0 if clean else 1


if __name__ == "__main__":
    sys.exit(main())
