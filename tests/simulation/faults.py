"""What goes wrong, as the seed chooses: network, disk, processes, clocks, central."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from access_desk.storage import engine as engine_module
from access_desk.storage.engine import CommitFailed
from access_desk.sync.core import Request, Response, RetryLaterError
from tests.central.centrals import TestCentral
from tests.simulation.places import KilledError, Place

PORTAL = Response(200, "text/html", b"<html>Sign in to the guest network</html>")
FAULT = Response(500, "application/json", b'{"code":"fault","text":""}')
NETWORK = ("drop", "lost_answer", "double", "late", "portal", "restart", "fault", "cut", "cut_request", "corrupt", "slow")
AT_COMMIT = ("lost", "kept", "killed_before", "killed_after")
NETWORK_CHANCE = 0.12
COMMIT_CHANCE = 0.01
REMEMBERED = 60
# Longer than a session lasts.
SLOW_SECONDS = 700.0


@dataclass
class Faults:
    """Off until the world turns them on."""

    chance: random.Random
    central: TestCentral
    on: bool = False
    happened: Counter[str] = field(default_factory=Counter)
    _sent: list[Request] = field(default_factory=list)

    def carry(self, place: Place, turn: int, request: Request) -> Response:
        """A request on its way to central, and what comes back."""
        self._sent = [*self._sent[-REMEMBERED:], request]
        if not self.on:
            return self.central.ask(request)
        if turn < place.down_until:
            raise RetryLaterError("down")
        fault = self.chance.choice(NETWORK) if self.chance.random() < NETWORK_CHANCE else ""
        self.happened[fault] += bool(fault)
        if fault == "drop":
            raise RetryLaterError(fault)
        if fault == "cut_request":
            request = replace(request, body=request.body[: len(request.body) // 2])
        if fault == "corrupt" and request.path.endswith("/events"):
            request = replace(request, body=self._flipped(request.body))
        answer = self._at_central(fault, request)
        if turn < place.deaf_until or fault == "lost_answer":
            raise RetryLaterError("no answer")
        if fault == "corrupt" and "/events?" in request.path:
            answer = replace(answer, body=self._flipped(answer.body))
        cut = replace(answer, body=answer.body[: len(answer.body) // 2])
        return {"portal": PORTAL, "fault": FAULT, "cut": cut}.get(fault, answer)

    def _at_central(self, fault: str, request: Request) -> Response:
        try:
            if fault == "late":
                self.central.ask(self.chance.choice(self._sent))
            if fault == "restart":
                self.central.restart()
            if fault == "slow":
                self.central.seconds += SLOW_SECONDS
            if fault == "double":
                self.central.ask(request)
            return self.central.ask(request)
        except KilledError:
            self.central.restart()
            raise RetryLaterError("central was killed") from None
        except CommitFailed:
            return FAULT  # the door answers so when something unforeseen happens behind it

    def _flipped(self, body: bytes) -> bytes:
        if not body:
            return body
        place = self.chance.randrange(len(body))
        return body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :]

    @contextmanager
    def at_commits(self) -> Iterator[None]:
        """While the world runs, a COMMIT may report an error, or be the last thing that a process does."""
        real = engine_module._Writer.commit

        def commit(writer: Any, connection: Any) -> None:
            fate = self.chance.choice(AT_COMMIT) if self.on and self.chance.random() < COMMIT_CHANCE else ""
            self.happened[fate] += bool(fate)
            if fate in ("lost", "killed_before"):
                writer.roll_back(connection)
            else:
                real(writer, connection)
            if fate in ("killed_before", "killed_after"):
                raise KilledError
            if fate:
                raise CommitFailed(fate)

        setattr(engine_module._Writer, "commit", commit)  # noqa: B010
        try:
            yield
        finally:
            setattr(engine_module._Writer, "commit", real)  # noqa: B010

    def of_places(self, places: list[Place], turn: int) -> None:
        """Cables and clocks."""
        place, fate = self.chance.choice(places), self.chance.random()
        if fate < 0.03:
            place.down_until = turn + self.chance.randint(2, 40)
            self.happened["down"] += 1
        elif fate < 0.05:
            place.deaf_until = turn + self.chance.randint(1, 8)
            self.happened["asymmetric"] += 1
        elif fate < 0.06:
            place.test.clock.forward(minutes=self.chance.choice((-60, -5, 5, 60, 1_440, -1_440)))
            self.happened["clock jump"] += 1
        elif fate < 0.07:
            place.drift = self.chance.choice((-0.2, -0.01, 0.0, 0.01, 0.2))
            self.happened["clock drift"] += 1
        elif fate < 0.075:
            place.frozen_until = turn + self.chance.randint(2, 20)
            self.happened["clock frozen"] += 1
        elif fate < 0.09:
            place.restart()
            self.happened["restart"] += 1
