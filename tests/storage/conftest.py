"""What several of these tests stand on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from access_desk.storage.engine import Database
from access_desk.storage.postgres import open_postgres
from tests.postgres import cluster


@pytest.fixture(scope="module")
def server() -> Iterator[Database]:
    """A PostgreSQL."""
    with cluster() as running:
        engine = open_postgres(running.new_database())
        yield engine
        engine.dispose()
