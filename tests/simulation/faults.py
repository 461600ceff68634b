"""What goes wrong, as the seed chooses: network, disk, processes, clocks, central."""

from __future__ import annotations

import random
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field, replace

from access_desk.domain.errors import UnavailableError
from access_desk.storage.engine import CommitFailed
from access_desk.sync.core import Request, Response, RetryLaterError, StoppedError
from tests.central.centrals import TestCentral
from tests.simulation.files import AT_COMMIT, File, KilledError
from tests.simulation.places import Place

PORTAL = Response(200, "text/html", b"<html>Sign in to the guest network</html>")
FAULT = Response(500, "application/json", b'{"code":"fault","text":""}')
STALE = "stale answer"
NETWORK = (
    "drop",
    "lost answer",
    "double",
    "old request again",
    "delayed",
    STALE,
    "portal",
    "certificate",
    "central restarted",
    "fault after commit",
    "cut answer",
    "cut request",
    "corrupt",
    "slow",
)
# Those that a turn may bring to a desk or to central.
OF_PLACES = (
    "down",
    "asymmetric",
    "large packets lost",
    "clock jump",
    "clock drift",
    "clock frozen",
    "desk restarted",
    "disk full",
    "central restored",
    "central's clock set",
)
AT_BEGIN = tuple(f"{fate} at a {which}" for fate in ("killed", "disk error") for which in ("read", "write"))
EVERY_FAULT = (*NETWORK, *AT_COMMIT, *AT_BEGIN, *OF_PLACES)
NETWORK_CHANCE = 0.12
COMMIT_CHANCE = 0.01
BEGIN_CHANCE = 0.001
REMEMBERED = 60
# Longer than a session lasts.
SLOW_SECONDS = 700.0
# A path on the way that loses whatever does not fit into one packet.
PACKET = 1_200
JUMPS_MINUTES = (-60, -5, 5, 60, 1_440, -1_440, -400 * 1_440)
# By hand, or because another server took over.
CENTRAL_JUMPS_MINUTES = (-240, -60, -7, 7, 60, 240)


@dataclass
class Faults:
    """Off until the world turns them on."""

    chance: random.Random
    central: TestCentral
    on: bool = False
    happened: Counter[str] = field(default_factory=Counter)
    _sent: list[Request] = field(default_factory=list)
    _under_way: list[Request] = field(default_factory=list)
    _answers: dict[str, Response] = field(default_factory=dict)

    def befall(self, file: File) -> None:
        """From now on things go wrong with this file too."""
        file.fate = self._at_commit
        file.fails = self._at_begin

    def _at_commit(self) -> str:
        """An error is reported, or it is the last thing that the process does; what became of it is one of two things."""
        if not self.on or self.chance.random() >= COMMIT_CHANCE:
            return ""
        fate = self.chance.choice(AT_COMMIT)
        self.happened[fate] += 1
        return fate

    def _at_begin(self, writing: bool) -> bool:
        if not self.on or self.chance.random() >= BEGIN_CHANCE:
            return False
        fate = self.chance.choice(("killed", "disk error"))
        self.happened[f"{fate} at a {'write' if writing else 'read'}"] += 1
        if fate == "killed":
            raise KilledError(fate)
        return True

    def carry(self, place: Place, turn: int, request: Request) -> Response:
        """A request on its way to central, and what comes back."""
        if self._under_way and self.chance.random() < 0.3:
            self._deliver()
        self._sent = [*self._sent[-REMEMBERED:], request]
        if not self.on:
            return self._at_central("", request)
        if turn < place.down_until or (turn < place.narrow_until and len(request.body) > PACKET):
            raise RetryLaterError("down")
        fault = self.chance.choice(NETWORK) if self.chance.random() < NETWORK_CHANCE else ""
        if fault:
            self.happened[fault] += 1
        match fault:
            case "drop":
                raise RetryLaterError(fault)
            case "certificate":
                raise StoppedError(fault, "What answers at central's address is not central. Nothing was sent.")
            case "delayed":
                self._under_way.append(request)
                raise RetryLaterError(fault)
            case "cut request":
                request = replace(request, body=request.body[: len(request.body) // 2])
            case "corrupt" if request.path.endswith("/events"):
                request = replace(request, body=self._flipped(request.body))
            case _:
                pass
        answer = self._at_central(fault, request)
        if turn < place.deaf_until or fault == "lost answer" or (turn < place.narrow_until and len(answer.body) > PACKET):
            raise RetryLaterError("no answer")
        return self._on_the_way_back(fault, request, answer)

    def _on_the_way_back(self, fault: str, request: Request, answer: Response) -> Response:
        earlier = self._answers.get(request.path, answer)
        if request.method == "GET":
            self._answers[request.path] = answer
        match fault:
            case "portal":
                return PORTAL
            case "fault after commit":
                return FAULT
            case "cut answer":
                return replace(answer, body=answer.body[: len(answer.body) // 2])
            case "corrupt" if "/events?" in request.path:
                return replace(answer, body=self._flipped(answer.body))
            case _ if fault == STALE:
                return earlier
            case _:
                return answer

    def _at_central(self, fault: str, request: Request) -> Response:
        try:
            if fault == "old request again":
                self.central.ask(self.chance.choice(self._sent))
            if fault == "central restarted":
                self.central.restart()
            if fault == "slow":
                self.central.seconds += SLOW_SECONDS
            if fault == "double":
                self.central.ask(request)
            return self.central.ask(request)
        except KilledError:
            self.central.restart()
            raise RetryLaterError("central was killed") from None
        except UnavailableError:
            return replace(FAULT, status=503)
        except CommitFailed:
            return FAULT  # the door answers so when something unforeseen happens behind it

    def _deliver(self) -> None:
        """What was delayed arrives, long after whoever sent it gave up."""
        with suppress(RetryLaterError):
            self._at_central("", self._under_way.pop(self.chance.randrange(len(self._under_way))))

    def _flipped(self, body: bytes) -> bytes:
        if not body:
            return body
        place = self.chance.randrange(len(body))
        return body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :]

    def of_places(self, places: list[Place], turn: int) -> None:
        """Cables, disks, clocks and plugs."""
        for one in places:
            if one.full_until and turn >= one.full_until:
                one.full_until = 0
                one.watched.file.fill(False)
        place, fate = self.chance.choice(places), self.chance.random()
        if fate < 0.03:
            place.down_until = turn + self.chance.randint(2, 40)
            self.happened["down"] += 1
        elif fate < 0.05:
            place.deaf_until = turn + self.chance.randint(1, 8)
            self.happened["asymmetric"] += 1
        elif fate < 0.06:
            place.test.clock.forward(minutes=self.chance.choice(JUMPS_MINUTES))
            self.happened["clock jump"] += 1
        elif fate < 0.07:
            place.drift = self.chance.choice((-0.2, -0.01, 0.0, 0.01, 0.2))
            self.happened["clock drift"] += 1
        elif fate < 0.075:
            place.frozen_until = turn + self.chance.randint(2, 20)
            self.happened["clock frozen"] += 1
        elif fate < 0.09:
            place.restart()
            self.happened["desk restarted"] += 1
        elif fate < 0.1:
            place.full_until = turn + self.chance.randint(1, 6)
            place.watched.file.fill(True)
            self.happened["disk full"] += 1
        elif fate < 0.11:
            place.narrow_until = turn + self.chance.randint(6, 40)
            self.happened["large packets lost"] += 1
        elif fate < 0.115:
            self.central.clock.forward(minutes=self.chance.choice(CENTRAL_JUMPS_MINUTES))
            self.happened["central's clock set"] += 1

    def end(self, places: list[Place]) -> None:
        """Nothing goes wrong any more; what is under way still arrives."""
        self.on = False
        for place in places:
            place.full_until = 0
            place.watched.file.fill(False)
