"""Whether central lives, and whether it can answer desks."""

from __future__ import annotations

import pytest

from access_desk.sync.pace import EVERYBODY_SECONDS
from tests.central.centrals import gone_away
from tests.central.doors import a_door


def test_ready_asks_every_database_and_live_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    with a_door() as door:
        client, central = door.client, door.central
        assert client.get("/live").json() == {"live": True}
        assert client.get("/ready").json() == {"ready": True}
        gone = gone_away(central.database)
        monkeypatch.setattr(central.clusters, "all", (*central.clusters.all[:-1], gone))
        answer = client.get("/ready")
        assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
        # No moment of its own: desks would all return at it, again and again.
        assert float(answer.headers["Retry-After"]) <= EVERYBODY_SECONDS
        assert client.get("/live").json() == {"live": True}
