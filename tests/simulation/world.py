"""One seed: a facility's desks, its people, its central and its bad luck, in virtual time."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256

from access_desk.domain.errors import UnavailableError
from access_desk.storage.central_log import feed_fault
from access_desk.storage.engine import Database, read_transaction
from access_desk.storage.event_log import every_row, head_of
from access_desk.storage.replay import differing_tables
from access_desk.sync.core import RetryLaterError, RoundResult, StoppedError
from tests.central.centrals import Backup, TestCentral, a_central, drive, round_of
from tests.simulation.checker import Checker
from tests.simulation.faults import Faults
from tests.simulation.people import Person
from tests.simulation.places import KilledError, Place, ViolationError, Watched, a_place

TURN_MINUTES = 5
SETTLED_WITHIN_SECONDS = 2 * 3600.0
TURNS_BETWEEN_COMPARISONS = 12
# Winter, and the two nights in which the clocks change in Chicago (2 a.m. is 8 and 7 o'clock UTC).
STARTS = (
    datetime(2026, 11, 24, 12, 50, tzinfo=UTC),
    datetime(2027, 3, 14, 5, 30, tzinfo=UTC),
    datetime(2027, 11, 7, 4, 45, tzinfo=UTC),
)


@dataclass
class World:
    """Everything there is, and how long it has been going on."""

    chance: random.Random
    places: list[Place]
    central: TestCentral
    faults: Faults
    rounding: str
    watched: Watched
    turns: int = 0
    seconds: float = 0.0
    backup: Backup | None = None
    trace: list[str] = field(default_factory=list)

    def run(self, hours: float, *, faulty: bool) -> None:
        """A day, and then two hours at most until all agree. Raises ViolationError."""
        self.faults.on = faulty
        with self.faults.at_commits():
            for _ in range(round(hours * 60 / TURN_MINUTES)):
                self._turn(faulty=faulty)
            self.faults.on = False
            self._settle()
        self._agree()

    def _turn(self, *, faulty: bool) -> None:
        self.turns += 1
        for place in self.places:
            place.forward(self.turns, TURN_MINUTES)
            if self.chance.random() < 0.85:
                self.trace.append(f"{Person(place, self.chance).act()} {place.desk.journal.head.hash}")
            if self.chance.random() < 0.4:
                self._round(place)
        self.central.clock.forward(minutes=TURN_MINUTES)
        self.central.seconds += TURN_MINUTES * 60
        if faulty:
            self.faults.of_places(self.places, self.turns)
            self._of_central()
        if self.turns % TURNS_BETWEEN_COMPARISONS == 0:
            for place in self.places:
                place.watched.compare()
                place.assert_remembered()

    def _of_central(self) -> None:
        """Backups, an old one put back, a failover that loses the last minutes."""
        fate = self.chance.random()
        if self.backup is None or fate < 0.03:
            self.backup = self.central.copy()
        elif fate < 0.04:
            with read_transaction(self.central.database):
                self.faults.happened["central restored"] += 1
            on, self.faults.on = self.faults.on, False
            self.central.put_back(self.backup)
            self.faults.on = on
            self.watched = Watched("central", self.central.database, Checker(self.rounding))
            for place in self.places:
                place.acknowledged = 0
            self.trace.append("restored")

    def _round(self, place: Place) -> RoundResult | None:
        """A round; None when it did not come to its end."""
        try:
            result: RoundResult = drive(round_of(place.test).run(), lambda request: self.faults.carry(place, self.turns, request))
        except KilledError:
            place.restart()
            return None
        except (RetryLaterError, UnavailableError):
            return None
        except StoppedError as stopped:
            if not self.faults.on:
                raise ViolationError(f"{place.name} stopped without a fault: {stopped}") from stopped
            return None
        finally:
            place.watched.look()
            self.watched.look()
            self._keep_promises()
        if result.sane is False:
            raise ViolationError(f"{place.name} and central add up to different sums")
        place.acknowledged = max(place.acknowledged, place.desk.journal.head.seq)
        self.trace.append(f"{place.name} {result}")
        self._keep_promises()
        return result

    def _keep_promises(self) -> None:
        """What central acknowledged it has, unless an older backup of it was put back since."""
        with read_transaction(self.central.database) as connection:
            for place in self.places:
                if head_of(connection, place.desk.journal.stream).seq < place.acknowledged:
                    raise ViolationError(f"central acknowledged event {place.acknowledged} of {place.name} and has it not")

    def _settle(self) -> None:
        """Rounds at the pace of the program, as its own clockwork spaces them, until nothing moves any more."""
        quiet: dict[str, bool] = {}
        for place in self.places:
            place.next_round = self.seconds + place.pace.after_failure()
        until = self.seconds + SETTLED_WITHIN_SECONDS
        while not all(quiet.get(place.name) for place in self.places):
            place = min(self.places, key=lambda one: (one.next_round, one.name))
            passed, self.seconds = max(place.next_round - self.seconds, 0.0), max(place.next_round, self.seconds)
            if self.seconds > until:
                raise ViolationError(f"{place.name} and central do not agree two hours after the last fault")
            self.central.seconds += passed
            result = self._round(place)
            place.next_round = self.seconds + (place.pace.after_success() if result else place.pace.after_failure())
            if result is None or result.pushed or result.pulled:
                quiet.clear()
            quiet[place.name] = result is not None and result.sane is True and not result.waiting

    def _agree(self) -> None:
        """All files have the same events and the same tables, and the money is what people remember."""
        expected = stored(self.central.database)
        self.watched.compare()
        with read_transaction(self.central.database) as connection:
            if fault := feed_fault(connection):
                raise ViolationError(fault)
        for place in self.places:
            place.watched.compare()
            place.assert_remembered()
            with read_transaction(place.watched.database) as ours, read_transaction(self.central.database) as theirs:
                differing = differing_tables(ours, theirs)
            if differing or stored(place.watched.database) != expected:
                raise ViolationError(f"{place.name} and central differ in the end: {', '.join(differing) or 'events'}")
        self.trace += [sha256(data).hexdigest() for data in expected]

    def digest(self) -> str:
        """Of everything that happened."""
        return sha256("\n".join(self.trace).encode()).hexdigest()


def stored(database: Database) -> list[bytes]:
    """The bytes of every event, stream by stream."""
    with read_transaction(database) as connection:
        return [row.data for row in every_row(connection)]


@dataclass(frozen=True)
class Outcome:
    """What a seed came to."""

    digest: str
    desk_hours: float
    events: int
    payments: int
    faults: dict[str, int]


@contextmanager
def a_world(seed: int) -> Iterator[World]:
    """The world of a seed, before its first turn."""
    chance = random.Random(f"world {seed}")
    start, rounding = chance.choice(STARTS), chance.choice(("none", "nearest_5"))
    with ExitStack() as stack:
        places = [stack.enter_context(a_place(seed, number, start, rounding)) for number in range(1, chance.randint(2, 5) + 1)]
        central = a_central()
        central.clock.moment = start
        stack.callback(central.clusters.close)
        for place in places:
            central.enroll(place.test)
        watched = Watched("central", central.database, Checker(rounding))
        yield World(chance, places, central, Faults(random.Random(f"faults {seed}"), central), rounding, watched)


def simulate(seed: int, hours: float, *, faulty: bool = True) -> Outcome:
    """Run a seed. Raises ViolationError, whose text names it."""
    try:
        with a_world(seed) as world:
            world.run(hours, faulty=faulty)
            checker = world.watched.checker
            spent = hours * len(world.places)
            return Outcome(world.digest(), spent, checker.events, len(checker.payments), dict(world.faults.happened))
    except AssertionError as violation:
        raise ViolationError(f"seed {seed}: {violation}") from violation
