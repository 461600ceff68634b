"""What central's databases are in this run of the tests.

``ACCESS_DESK_TEST_CENTRAL`` says it: ``memory`` (as when it is not set), ``three`` for three in memory behind the router,
``postgres`` for a server, ``three-postgres`` for three servers. `make test-central` runs the same tests on each.
"""

from __future__ import annotations

import os
from contextlib import ExitStack
from functools import cache

from access_desk.storage.engine import Database, open_memory_database
from access_desk.storage.postgres import open_postgres
from access_desk.storage.schema import metadata
from access_desk.storage.schema.central import central_metadata
from tests.postgres import Cluster, cluster

SERVERS = ExitStack()
KIND = os.environ.get("ACCESS_DESK_TEST_CENTRAL", "memory")
_opened: list[Database] = []
_NUMBER = 3 if KIND.startswith("three") else 1


def new_databases() -> list[Database]:
    """Empty ones, with their tables."""
    if KIND.endswith("postgres"):
        made = [open_postgres(server.new_database(like=_with_tables(server))) for server in _servers()]
        _opened.extend(made)
        return made
    if KIND not in ("memory", "three"):
        raise ValueError(f"ACCESS_DESK_TEST_CENTRAL={KIND} is no kind of central")
    return [in_memory() for _ in range(_NUMBER)]


def close_all() -> None:
    """Let go of the servers' connections; a central that is used again makes new ones."""
    while _opened:
        _opened.pop().dispose()


def drop_all() -> None:
    """Remove the databases that were made, when no test uses them any more."""
    for server in _servers() if _made else ():
        server.drop_databases(keep=_with_tables(server))


def in_memory() -> Database:
    """An empty one in memory, with its tables."""
    database = open_memory_database()
    metadata.create_all(database)
    central_metadata.create_all(database)
    return database


_made: dict[int, str] = {}


def _with_tables(server: Cluster) -> str:
    """A database of the server that has its tables and nothing else: copied, one is there sooner than made."""
    if server.port not in _made:
        url = server.new_database()
        open_postgres(url).dispose()
        _made[server.port] = url.rpartition("/")[2]
    return _made[server.port]


@cache
def _servers() -> list[Cluster]:
    # Stopped when the run ends (tests.conftest).
    return [SERVERS.enter_context(cluster("max_connections=400")) for _ in range(_NUMBER)]
