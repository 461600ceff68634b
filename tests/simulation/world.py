"""One seed: a facility's desks, its people, its central and its bad luck, in virtual time."""

from __future__ import annotations

import gc
import json
import random
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from access_desk.central.clusters import Clusters
from access_desk.domain.errors import UnavailableError
from access_desk.domain.events import Recorded
from access_desk.storage import desk_feed
from access_desk.storage.caps import as_counted, kept_caps
from access_desk.storage.central_log import feed_fault
from access_desk.storage.engine import open_memory_database, read_transaction
from access_desk.storage.event_log import StoredRow, every_row
from access_desk.storage.projections import project
from access_desk.storage.row_batch import write_batch
from access_desk.storage.schema import PROJECTIONS, metadata
from access_desk.storage.schema.central import central_metadata
from access_desk.storage.verify import verify_log
from access_desk.sync.core import OK, Request, Response, RetryLaterError, RoundResult, StoppedError
from tests.central.centrals import Backup, TestCentral, drive, round_of
from tests.simulation.checker import Checker
from tests.simulation.faults import STALE, Faults
from tests.simulation.files import File, InMemory, KilledError, OnDisk
from tests.simulation.once import worked_out_once
from tests.simulation.people import Person
from tests.simulation.places import Place, ViolationError, Watched, a_place

Tables = dict[str, list[tuple[object, ...]]]
TURN_MINUTES = 5
SETTLED_WITHIN_SECONDS = 2 * 3600.0
TURNS_BETWEEN_COMPARISONS = 12
# Of so many seeds one has encrypted files on a disk, with the program's own engine.
SEEDS_PER_DISK = 16
# Memory as a file system, where there is one.
QUICK_DISK = next((one for one in ("/dev/shm",) if Path(one).is_dir()), None)  # noqa: S108 - a new folder in it
# Winter, and the two nights in which the clocks change in Chicago (2 a.m. is 8 and 7 o'clock UTC).
STARTS = (
    datetime(2026, 11, 24, 12, 50, tzinfo=UTC),
    datetime(2027, 3, 14, 5, 30, tzinfo=UTC),
    datetime(2027, 11, 7, 4, 45, tzinfo=UTC),
)
# Most rounds that have nothing to do are passed over.
SKIPPED = 0.8
HOURS, DESKS = (4.0, 8.0, 12.0, 24.0), (2, 3, 3, 4, 4, 5, 6)
# How likely somebody does something, and how likely a desk begins a round, within a turn.
BUSY, IN_TOUCH = (0.2, 0.45, 0.8), (0.1, 0.25, 0.5)
# Desks whose clocks were never set well.
SKEWS_MINUTES = (0, 0, 0, 2, -2, 45, -45)


@dataclass
class World:
    """Everything there is, and how long it has been going on."""

    chance: random.Random
    places: list[Place]
    central: TestCentral
    file: File
    faults: Faults
    rounding: str
    watched: Watched
    busy: float
    in_touch: float
    turns: int = 0
    seconds: float = 0.0
    backup: InMemory | Backup | None = None
    acknowledged: dict[str, int] = field(default_factory=dict)
    trace: list[str] = field(default_factory=list)
    let_go: int = 0

    def run(self, hours: float, *, faulty: bool) -> None:
        """A day, and then two hours at most until all agree. Raises ViolationError."""
        self.faults.on = faulty
        for _ in range(round(hours * 60 / TURN_MINUTES)):
            self._turn(faulty=faulty)
        self.faults.end(self.places)
        self._settle()
        self._agree()

    def _turn(self, *, faulty: bool) -> None:
        self.turns += 1
        for place in self.places:
            place.forward(self.turns, TURN_MINUTES)
            if place.is_open() and self.chance.random() < self.busy:
                self.trace.append(f"{Person(place, self.chance).act()} {place.desk.journal.head.hash}")
            if self.chance.random() < self.in_touch and not (self._is_idle(place) and self.chance.random() < SKIPPED):
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

    def _is_idle(self, place: Place) -> bool:
        """Whether there is nothing to carry in either direction, as far as those who see both files can tell."""
        ours, theirs = place.watched.checker, self.watched.checker
        return ours.events == theirs.events and ours.head(place.name) == theirs.head(place.name)

    def _of_central(self) -> None:
        """Backups, an old one put back, a failover that loses the last minutes."""
        fate = self.chance.random()
        if self.backup is None or fate < 0.03:
            self.backup = self._kept()
        elif fate < 0.04:
            self.faults.happened["central restored"] += 1
            self._put_back(self.backup)
            self.watched = Watched("central", self.file, Checker(self.rounding))
            self.acknowledged.clear()
            self.trace.append("restored")

    def _kept(self) -> InMemory | Backup:
        if not isinstance(self.file, InMemory):
            return self.central.copy()
        kept = InMemory()
        kept.copy_of(self.file)
        return kept

    def _put_back(self, backup: InMemory | Backup) -> None:
        if isinstance(backup, InMemory) and isinstance(self.file, InMemory):
            self.file.copy_of(backup)
            self.central.restart()
        elif not isinstance(backup, InMemory):
            on, self.faults.on = self.faults.on, False
            self.central.put_back(backup)
            self.faults.on = on

    def _carry(self, place: Place, request: Request) -> Response:
        answer = self.faults.carry(place, self.turns, request)
        if request.method == "POST" and request.path.endswith("/events") and answer.status == OK:
            self._note(request.path, answer)
        return answer

    def _note(self, path: str, answer: Response) -> None:
        """What was just acknowledged to a desk must be in central's file, and stay there."""
        try:
            told = json.loads(answer.body)
            seq, digest = int(told["seq"]), bytes.fromhex(told["hash"])
        except (KeyError, ValueError):
            return  # what came was damaged on its way
        desk = path.split("/")[4]
        with self.file.look() as connection:
            row = connection.exec_driver_sql("SELECT hash FROM events WHERE desk_id = ? AND desk_seq = ?", (desk, seq)).first()
        if row is None or bytes(row[0]) != digest:
            raise ViolationError(f"central acknowledged event {seq} of {desk} and has it not")
        self.acknowledged[desk] = max(self.acknowledged.get(desk, 0), seq)

    def _round(self, place: Place) -> RoundResult | None:
        """A round; None when it did not come to its end."""
        lied = self.faults.happened[STALE]
        with place.watched.file.look() as connection:
            has_differed = desk_feed.has_differed(connection, "F")
        try:
            with place.watched.file.in_use(), self.file.in_use():
                result: RoundResult = drive(round_of(place.test).run(), lambda request: self._carry(place, request))
                if result.sane:
                    place.let_go()
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
        # What central said before an older backup of it was put back may come out of a cache on the way: a desk that takes its
        # feed for what it was finds by the sums that it is not, and follows it anew.
        if result.sane is False and (lied == self.faults.happened[STALE] or not self._begins_anew(place, has_differed)):
            raise ViolationError(f"{place.name} and central add up to different sums")
        if lied == self.faults.happened[STALE]:
            self._check_belief(place, result)
        self.trace.append(f"{place.name} {result}")
        return result

    def _begins_anew(self, place: Place, has_differed: bool) -> bool:
        """Whether a desk whose sums came to differ follows the feed from its beginning; what differs already did so before."""
        with place.watched.file.look() as connection:
            return has_differed or desk_feed.was_rewound(connection, "F")

    def _check_belief(self, place: Place, result: RoundResult) -> None:
        """What a desk takes to be at central is there."""
        believed = place.desk.journal.head.seq - result.waiting
        if self.watched.checker.head(place.name)[0] < believed:
            raise ViolationError(f"{place.name} takes event {believed} to be at central, which has it not")

    def _keep_promises(self) -> None:
        """What central acknowledged it has, unless an older backup of it was put back since."""
        for desk, seq in self.acknowledged.items():
            if self.watched.checker.head(desk)[0] < seq:
                raise ViolationError(f"central acknowledged event {seq} of {desk} and has it not")

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
        """All files have the same events and the same tables, central's are whole, and the money is what people remember."""
        expected, rows = stored(self.file), tables(self.file)
        self.watched.compare()
        self._walk(rows)
        for place in self.places:
            place.watched.compare()
            place.assert_remembered()
            emptied = place.watched.emptied()
            if emptied:
                self._agree_without(place, set(emptied), expected)
                place.keeps = None
                place.store().fetch_again(place.test.clock.now() + timedelta(days=2))
                self._round(place)
            ours = tables(place.watched.file)
            differing = [name for name in rows if ours[name] != rows[name]]
            if differing or stored(place.watched.file) != expected or caps(place.watched.file) != caps(self.file):
                raise ViolationError(f"{place.name} and central differ in the end: {', '.join(differing) or 'events'}")
        self.trace += [row[-2].hex() for row in expected]

    def _agree_without(self, place: Place, emptied: set[tuple[str, int, int]], expected: list[tuple[Any, ...]]) -> None:
        """A file whose desk let go of details has everything else, its tables are those of what is left, its log is whole."""
        self.let_go += len(emptied)
        left = [(*row[:-3], b"", *row[-2:]) if tuple(row[1:4]) in emptied else row for row in expected]
        again = InMemory()
        again.copy_of(_central_tables())
        counted = caps(self.file)
        events = (as_counted(row[-3], counted.get(tuple(row[1:4]))) for row in left if row[-3])
        with again.write() as target:
            write_batch(target, (change for event in events for change in project(event)))
        rows, ours = tables(again), tables(place.watched.file)
        again.close()
        differing = [name for name in rows if ours[name] != rows[name]]
        keys = {one.name: one.test.public_key for one in self.places}
        with place.watched.file.look() as connection:
            faults = verify_log(connection, keys, (), place.name).faults
        if differing or faults or stored(place.watched.file) != left:
            raise ViolationError(f"{place.name} is not whole without what it let go: {differing} {faults}")

    def _walk(self, rows: Tables) -> None:
        """Feed, chains, signatures and a replay of central's file; since all files are the same, this holds of each."""
        keys = {place.name: place.test.public_key for place in self.places}
        again = InMemory()
        again.copy_of(_central_tables())
        with self.file.look() as connection, again.write() as target:
            fault = feed_fault(connection)
            verdict = verify_log(connection, keys)
            # At once, as what comes from other desks is; what each wrote by itself is in the rows that this is compared with.
            counted = kept_caps(connection, "F")
            events = [as_counted(row.data, counted.get(_place(row))) for row in every_row(connection)]
            write_batch(target, (change for event in events for change in project(event)))
        _check_order(events)
        replayed = tables(again)
        again.close()
        differing = [name for name in rows if replayed[name] != rows[name]]
        if fault or verdict.faults or differing:
            raise ViolationError(f"central's file is not whole: {fault} {verdict.faults} {differing}")

    def digest(self) -> str:
        """Of everything that happened."""
        return sha256("\n".join(self.trace).encode()).hexdigest()


def _check_order(events: list[Recorded]) -> None:
    """Whatever central's clock said: what a desk recorded later counts as later."""
    last: dict[str, Recorded] = {}
    for event in events:
        before = last.get(event.desk_id)
        if before and before.stamp >= event.stamp:
            raise ViolationError(f"{event.desk_id} {event.desk_seq} counts as earlier than {before.desk_seq}")
        last[event.desk_id] = event


def _place(row: StoredRow) -> tuple[str, int, int]:
    return row.desk_id, row.stream_epoch, row.desk_seq


def tables(file: File) -> Tables:
    """The rows of every table that follows from the log, by their keys."""
    with file.look() as connection:
        return {
            table.name: [tuple(row) for row in connection.exec_driver_sql(_rows_of(table.name)).all()] for table in PROJECTIONS
        }


@cache
def _rows_of(name: str) -> str:
    columns = ", ".join(column.name for column in metadata.tables[name].columns)
    key = ", ".join(column.name for column in metadata.tables[name].primary_key)
    return f"SELECT {columns} FROM {name} ORDER BY {key}"  # noqa: S608 - names of the schema


def stored(file: File) -> list[tuple[Any, ...]]:
    """Every column of every event, stream by stream; the last three are its bytes, their hash and the signature."""
    with file.look() as connection:
        rows = connection.exec_driver_sql(
            "SELECT facility_id, desk_id, stream_epoch, desk_seq, event_id, kind, command_id, data, hash, signature "
            "FROM events ORDER BY 1, 2, 3, 4"
        ).all()
    return [tuple(row) for row in rows]


def caps(file: File) -> dict[tuple[str, int, int], str]:
    """What stamps that lay in the future count as."""
    with file.look() as connection:
        return kept_caps(connection, "F")


@dataclass(frozen=True)
class Outcome:
    """What a seed came to."""

    digest: str
    desk_hours: float
    events: int
    payments: int
    faults: dict[str, int]
    let_go: int


@cache
def _central_tables() -> InMemory:
    """The tables of a central, made once in a process."""
    made, file = open_memory_database(), InMemory()
    metadata.create_all(made)
    central_metadata.create_all(made)
    with read_transaction(made) as connection:
        connection.connection.dbapi_connection.backup(file.driver)  # type: ignore[union-attr]
    made.dispose()
    return file


def _central_file(folder: Path | None) -> File:
    if folder is None:
        file = InMemory()
        file.copy_of(_central_tables())
        return file
    encrypted = OnDisk(folder / "central.db", create=True)
    metadata.create_all(encrypted.engine)
    central_metadata.create_all(encrypted.engine)
    return encrypted


@contextmanager
def a_world(seed: int, *, on_disk: bool | None = None) -> Iterator[World]:
    """The world of a seed, before its first turn."""
    chance = random.Random(f"world {seed}")
    start, rounding = chance.choice(STARTS), chance.choice(("none", "nearest_5"))
    is_on_disk = seed % SEEDS_PER_DISK == 0 if on_disk is None else on_disk
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=QUICK_DISK))) if is_on_disk else None
        stack.enter_context(worked_out_once())
        places = [a_place(seed, number, start, rounding, folder) for number in range(1, chance.choice(DESKS) + 1)]
        file = _central_file(folder)
        central = TestCentral(Clusters([file.database]))
        central.clock.moment = start
        for one in (file, *(place.watched.file for place in places)):
            stack.callback(one.close)
        faults = Faults(random.Random(f"faults {seed}"), central)
        for place in places:
            central.enroll(place.test)
            place.test.clock.forward(minutes=chance.choice(SKEWS_MINUTES))
            faults.befall(place.watched.file)
        faults.befall(file)
        watched = Watched("central", file, Checker(rounding))
        yield World(chance, places, central, file, faults, rounding, watched, chance.choice(BUSY), chance.choice(IN_TOUCH))


@contextmanager
def _without_collecting() -> Iterator[None]:
    """A seed makes few cycles, and looking for them over and over takes a tenth of its time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def hours_of(seed: int) -> float:
    """How long the day of a seed is, when nobody says it."""
    return random.Random(f"hours {seed}").choice(HOURS)


def simulate(seed: int, hours: float, *, faulty: bool = True, on_disk: bool | None = None) -> Outcome:
    """Run a seed. Raises ViolationError, whose text names it."""
    try:
        with a_world(seed, on_disk=on_disk) as world, _without_collecting():
            world.run(hours, faulty=faulty)
            checker = world.watched.checker
            spent = hours * len(world.places)
            return Outcome(
                world.digest(), spent, checker.events, len(checker.payments), dict(world.faults.happened), world.let_go
            )
    except AssertionError as violation:
        said = str(violation) or "a desk that was set up is not whole"
        raise ViolationError(f"seed {seed}: {said}") from violation
