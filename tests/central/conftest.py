"""What the tests of central share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.postgres import Cluster, cluster


@pytest.fixture(scope="session")
def _postgres() -> Iterator[Cluster]:
    with cluster() as running:
        yield running


@pytest.fixture
def postgres(_postgres: Cluster) -> Iterator[Cluster]:
    """A PostgreSQL server; the databases that a test makes in it are gone when it is over."""
    yield _postgres
    _postgres.drop_databases()
