"""What the tests of central share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.postgres import Cluster, cluster


@pytest.fixture(scope="session")
def _postgres() -> Iterator[Cluster]:
    with cluster() as running:
        yield running


@pytest.fixture(scope="module")
def postgres(_postgres: Cluster) -> Iterator[Cluster]:
    """A PostgreSQL server; the databases that a module's tests make in it are gone when they are over."""
    yield _postgres
    _postgres.drop_databases()
