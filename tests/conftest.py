"""What every test runs under: no display, no desktop's own settings, a fixed time zone, the same cases every time."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.central.kinds import SERVERS, close_all, drop_all

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["TZ"] = "UTC"
os.environ.pop("ACCESS_DESK_PASSPHRASE_FILE", None)

# A change is judged by cases that do not change from run to run; `make fuzz` looks for new ones.
settings.register_profile("fixed", derandomize=True)
settings.load_profile("fixed")


@pytest.fixture(scope="session", autouse=True)
def _servers_of_central() -> Iterator[None]:
    """Servers that tests of central had made stop with the run."""
    with SERVERS:
        yield


@pytest.fixture(scope="module", autouse=True)
def _databases_of_central() -> Iterator[None]:
    """Databases that centrals had do not outlive the tests of a module, which may share one."""
    yield
    drop_all()


@pytest.fixture(autouse=True)
def _connections_of_central() -> Iterator[None]:
    """Connections that a test's central had do not outlive the test."""
    yield
    close_all()
