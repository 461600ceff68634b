"""Runs: a copy of the morning, spoilt in one way or not at all, and what is found of it."""

from __future__ import annotations

import random
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from access_desk.central.whole import look_at
from access_desk.storage.engine import Database, read_transaction
from access_desk.sync.core import StoppedError
from tests.central.centrals import TestCentral, drive, round_of
from tests.tamper import ways
from tests.tamper.stage import Base, Found, central_of, contact, opened, verified

_NAMED = re.compile(r"[Ee]vent (\d+)")


@dataclass
class Tally:
    """What became of the runs. ``missed`` and ``unnamed`` say which way and seed; ``alarms`` are false ones."""

    clean: int = 0
    tampered: int = 0
    found: Counter[str] = field(default_factory=Counter)
    where: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)
    unnamed: list[str] = field(default_factory=list)
    alarms: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        """Whether everything was found and named, and nothing else was."""
        return not (self.missed or self.unnamed or self.alarms)

    def take(self, way: str, seed: int, first: int, found: Found) -> None:
        """The end of a run that was spoilt; ``first`` is the first event that is not as it was, 0 when none is."""
        self.tampered += 1
        if not found.text:
            self.missed.append(f"{way}, seed {seed}")
            return
        self.found[way] += 1
        self.where[found.text.split(":")[0]] += 1
        named = {int(one) for one in _NAMED.findall(found.text)}
        if first and first not in named:
            self.unnamed.append(f"{way}, seed {seed}: event {first} is the first, and it says: {found.text}")


class Campaign:
    """Copies and spoils, over and over. ``database`` is central's, empty or of a run before."""

    def __init__(self, base: Base, folder: Path, database: Database) -> None:
        self.base, self.folder, self.database = base, folder, database
        self.tally = Tally()

    def clean_desk(self, seed: int) -> None:
        """Nothing is spoilt, and nothing may be said."""
        self.tally.clean += 1
        found = Found()
        with self._home() as home:
            verified(home, found)
            sane = self._contact(home, found)
        if found.text or sane is not True:
            self.tally.alarms.append(f"desk, seed {seed}: {found.text or 'not compared'}")

    def clean_central(self, seed: int) -> None:
        """The same of central, and of a desk that asks it."""
        self.tally.clean += 1
        found = Found()
        central = self._central()
        self._look(central, found)
        with self._home() as home, opened(home) as files:
            sane = contact(files, central, found)
        if found.text or sane is not True:
            self.tally.alarms.append(f"central, seed {seed}: {found.text or 'not compared'}")

    def spoilt_desk(self, seed: int) -> None:
        """A desk's folder is spoilt; the desk itself tells, or central at the next contact."""
        chance = random.Random(seed)
        way = ways.ON_DESK[seed % len(ways.ON_DESK)]
        found = Found()
        with self._home() as home:
            first = way(home, self.base, chance)
            verified(home, found)
            if not found.text:
                self._contact(home, found)
        self.tally.take(f"desk: {way.__name__}", seed, first, found)

    def spoilt_central(self, seed: int) -> None:
        """Central's rows are spoilt; `central verify` tells, or a desk at its next contact."""
        chance = random.Random(seed)
        way = ways.ON_CENTRAL[seed % len(ways.ON_CENTRAL)]
        found = Found()
        central = self._central()
        first = ways.in_database(central.database, way, self.base, chance)
        central.restart()
        self._look(central, found)
        if not found.text:
            # Another desk than the one whose events they are.
            self._south(central, found)
        self.tally.take(f"central: {way.__name__}", seed, first, found)

    def _central(self) -> TestCentral:
        return central_of(self.base.central, self.database)

    def _contact(self, home: Path, found: Found) -> bool | None:
        with opened(home) as files:
            return contact(files, self._central(), found)

    def _look(self, central: TestCentral, found: Found) -> None:
        with read_transaction(central.database) as connection:
            rows = connection.exec_driver_sql("SELECT desk_id, public_key FROM central_desks").all()
        looked = look_at(central.database, {row[0]: row[1] for row in rows})
        for fault in looked.verdict.faults:
            found.say(f"central verify: event {fault.desk_seq} of desk {fault.stream.desk_id}: {fault.what}")
        if not looked.is_well:
            found.say(f"central verify: {looked.feed or looked.verdict.differing or looked.flags_missing or looked.alarms}")

    def _south(self, central: TestCentral, found: Found) -> None:
        try:
            result = drive(round_of(self.base.south).run(), central.ask)
        except StoppedError as stopped:
            found.say(f"contact: {stopped.text}")
            return
        if result.differs or result.sane is False:
            found.say(f"contact: {result.differs or 'sums differ'}")

    @contextmanager
    def _home(self) -> Iterator[Path]:
        home = self.folder / "spoilt"
        shutil.copytree(self.base.home, home)
        try:
            yield home
        finally:
            shutil.rmtree(home)


def run(campaign: Campaign, clean: int, tampered: int, seed: int, said: Callable[[Tally], object]) -> Tally:
    """Half of the runs at the desk, half at central."""
    for number in range(clean):
        (campaign.clean_desk if number % 2 else campaign.clean_central)(seed + number)
        said(campaign.tally)
    for number in range(tampered):
        (campaign.spoilt_desk if number % 2 else campaign.spoilt_central)(seed + number // 2)
        said(campaign.tally)
    return campaign.tally
