"""A central with two desks of a facility, all of one hour, that have heard of each other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TypeVar

import pytest

from tests.central.centrals import TestCentral, a_central, drive, round_of
from tests.desks import TestDesk, a_desk


@dataclass
class TwoDesks:
    """What happens between them; tests add what they ask of it."""

    central: TestCentral
    north: TestDesk
    south: TestDesk

    def sync(self, *desks: TestDesk) -> None:
        for desk in desks:
            assert drive(round_of(desk).run(), self.central.ask).sane is not False

    def forward(self, **time: float) -> None:
        for one in (self.central, self.north, self.south):
            one.clock.forward(**time)


_Made = TypeVar("_Made", bound=TwoDesks)


@contextmanager
def two_desks(kind: type[_Made], request: pytest.FixtureRequest) -> Iterator[_Made]:
    """On a file, or on a new PostgreSQL database when that is what the fixture is asked for."""
    url = request.getfixturevalue("postgres").new_database() if request.param == "postgresql" else None
    with ExitStack() as stack:
        north, south = stack.enter_context(a_desk("north", 1)), stack.enter_context(a_desk("south", 2))
        central = a_central(practice=False, url=url)
        central.enroll(north)
        central.enroll(south)
        made = kind(central, north, south)
        made.sync(north, south, north)
        made.forward(hours=1)
        yield made
        central.clusters.close()
