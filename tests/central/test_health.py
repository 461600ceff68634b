"""Whether central lives, and whether it can answer desks."""

from __future__ import annotations

from contextlib import AbstractContextManager

import pytest
from sqlalchemy import Connection

from access_desk.domain.errors import UnavailableError
from access_desk.storage.engine import ELSEWHERE
from tests.central.doors import a_door


class Gone:
    """The transactions of a database that went away."""

    def read(self) -> AbstractContextManager[Connection]:
        raise UnavailableError("Central's PostgreSQL cannot be reached.")

    write = read


def test_ready_asks_every_database_and_live_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    with a_door() as door:
        client, central = door.client, door.central
        assert client.get("/live").json() == {"live": True}
        assert client.get("/ready").json() == {"ready": True}
        gone = central.database.execution_options(**{ELSEWHERE: Gone()})
        monkeypatch.setattr(central.clusters, "all", (*central.clusters.all[:-1], gone))
        answer = client.get("/ready")
        assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
        assert answer.headers["Retry-After"] == "5"
        assert client.get("/live").json() == {"live": True}
