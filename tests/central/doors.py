"""Central behind its whole door, asked over ASGI: what is logged, counted and limited can be looked at."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import msgspec
from litestar.testing import TestClient

from access_desk.central.crowd import Arrival
from access_desk.central.limits import Limits
from access_desk.central.logs import REQUESTS, CentralLog
from access_desk.central.metrics import CentralMetrics
from access_desk.central.observed import Observed
from access_desk.central.pokes import Pokes
from access_desk.central.server import door
from access_desk.protocol import messages as wire
from access_desk.storage.engine import read_transaction
from access_desk.storage.event_log import every_row
from access_desk.sync.core import Request, Response
from tests.central.centrals import FINGERPRINT, TestCentral, a_central
from tests.central.documented import assert_documented
from tests.desks import TestDesk

Line = dict[str, Any]


@dataclass
class Door:
    """A central, whoever asks it, and what it wrote."""

    central: TestCentral
    client: TestClient[Any] = field(init=False)
    written: io.StringIO = field(default_factory=io.StringIO)
    wanted: str = REQUESTS

    def opened(self, limits: Limits | None, pokes: Pokes | None = None, arrival: Arrival | None = None) -> Observed:
        service, sessions = self.central.service, self.central.service._sessions
        metrics = CentralMetrics(sessions.desks)
        log = CentralLog(self.written, self.central.clock, self.wanted)
        seconds = self.seconds
        return door(service, sessions, "authority", log, metrics, seconds=seconds, limits=limits, pokes=pokes, arrival=arrival)

    def seconds(self) -> float:
        """The seconds that limits count."""
        return self.central.seconds

    def ask(self, request: Request) -> Response:
        """As the desk's transport does."""
        headers = {"Content-Type": request.content_type} if request.content_type else {}
        if request.token:
            headers["Authorization"] = f"Bearer {request.token}"
        answer = self.client.request(request.method, request.path, content=request.body, headers=headers)
        content_type = answer.headers.get("content-type", "")
        assert_documented(request.method, request.path, answer.status_code, content_type, answer.content)
        return Response(answer.status_code, content_type, answer.content)

    def session(self, desk: TestDesk) -> str:
        """A token of an enrolled desk."""
        desk_id = desk.desk.journal.stream.desk_id
        nonce = wire.read(self.ask(Request("POST", "/v1/challenges")).body, wire.Challenge).nonce
        signature = desk.signer.sign(wire.session_text(FINGERPRINT, desk_id, nonce)).hex()
        body = wire.to_bytes(wire.OpenSession(wire.PROTOCOL, desk_id, nonce, signature))
        return wire.read(self.ask(Request("POST", "/v1/sessions", body)).body, wire.Session).token

    def push(self, events: list[wire.WireEvent], token: str, desk_id: str = "north") -> Response:
        """Offer a batch."""
        return self.send(wire.to_bytes(wire.Push(wire.PROTOCOL, events)), token, desk_id)

    def send(self, body: bytes, token: str, desk_id: str = "north") -> Response:
        """Offer whatever it is as a batch."""
        return self.ask(Request("POST", f"/v1/streams/F/{desk_id}/1/events", body, "application/json", token))

    def lines(self) -> list[Line]:
        return [json.loads(line) for line in self.written.getvalue().splitlines()]

    def figure(self, name: str) -> float:
        """One line of the metrics: its name with its labels."""
        found = [line for line in self.client.get("/metrics").text.splitlines() if line.startswith(name + " ")]
        assert len(found) == 1, found
        return float(found[0].rsplit(" ", 1)[1])


def events_of(desk: TestDesk) -> list[wire.WireEvent]:
    """Everything a desk recorded, as it is sent."""
    with read_transaction(desk.desk.journal.engine) as connection:
        rows = [row for row in every_row(connection) if row.desk_id == desk.desk.journal.stream.desk_id]
    return [wire.WireEvent(msgspec.Raw(row.data), (row.signature or b"").hex()) for row in rows]


@contextmanager
def a_door(
    central: TestCentral | None = None, *, limits: Limits | None = None, wanted: str = REQUESTS, raises: bool = True
) -> Iterator[Door]:
    """A door that is open."""
    made = Door(central or a_central(practice=False), wanted=wanted)
    with TestClient(made.opened(limits), raise_server_exceptions=raises) as client:
        made.client = client
        yield made
    made.central.clusters.close()
