"""Long batches wait for one another, short ones do not wait for them, and who finds too many waiting is told so."""

from __future__ import annotations

import asyncio
import math
import threading
import time
from collections.abc import Iterator

import pytest

from access_desk.central.lanes import MOST_SHORT, CrowdedError, Lanes, Widths, is_short
from access_desk.protocol import messages as wire
from tests.central.doors import Door, a_door, events_of
from tests.desks import TestDesk, a_desk

LONG = b'"signature":' * (MOST_SHORT + 1)
SHORT = b'"signature":' * MOST_SHORT


async def a_turn() -> None:
    """Lets the other tasks go on."""
    await asyncio.get_running_loop().run_in_executor(None, int)


def lanes_of(widths: Widths, chance: float = 0.5) -> Lanes:
    return Lanes(time.monotonic, lambda: chance, widths)


class Gate:
    """Work that goes on when it is let."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.open = threading.Event()

    def work(self, name: str) -> str:
        self.begun.append(name)
        assert self.open.wait(30)
        return name


@pytest.fixture
def gate() -> Iterator[Gate]:
    made = Gate()
    yield made
    made.open.set()


def test_a_short_batch_does_not_wait_for_long_ones(gate: Gate) -> None:
    async def storm() -> None:
        lanes = lanes_of(Widths(short=1, long=2))
        held = [asyncio.create_task(lanes.run(f"F{number}", LONG, lambda: gate.work("long"))) for number in range(5)]
        while len(gate.begun) < 2:
            await a_turn()
        assert await lanes.run("F0", SHORT, lambda: "done") == "done"
        assert gate.begun == ["long", "long"]
        gate.open.set()
        assert await asyncio.gather(*held) == ["long"] * 5

    asyncio.run(storm())


def test_a_facility_has_one_long_batch_at_a_time(gate: Gate) -> None:
    async def two() -> None:
        lanes = lanes_of(Widths(long=4))
        held = [asyncio.create_task(lanes.run("F", LONG, lambda: gate.work("F"))) for _ in range(3)]
        held.append(asyncio.create_task(lanes.run("G", LONG, lambda: gate.work("G"))))
        while len(gate.begun) < 2:
            await a_turn()
        assert sorted(gate.begun) == ["F", "G"]
        gate.open.set()
        await asyncio.gather(*held)

    asyncio.run(two())


def test_who_finds_too_many_waiting_is_told_when_to_come_back_and_may_then(gate: Gate) -> None:
    async def crowd() -> None:
        lanes = lanes_of(Widths(long=1, waiting_of_facility=2, waiting=3))
        held = [asyncio.create_task(lanes.run("F", LONG, lambda: gate.work("F"))) for _ in range(2)]
        while not gate.begun:
            await a_turn()
        with pytest.raises(CrowdedError) as crowded:
            await lanes.run("F", LONG, lambda: gate.work("F"))
        assert crowded.value.seconds > 0
        held.append(asyncio.create_task(lanes.run("G", LONG, lambda: gate.work("G"))))
        await a_turn()
        with pytest.raises(CrowdedError):
            await lanes.run("H", LONG, lambda: gate.work("H"))
        gate.open.set()
        assert await asyncio.gather(*held) == ["F", "F", "G"]
        assert await lanes.run("F", LONG, lambda: gate.work("again")) == "again"

    asyncio.run(crowd())


def turned_away(lanes: Lanes, times: int) -> list[int]:
    async def asked() -> list[int]:
        told = []
        for _ in range(times):
            with pytest.raises(CrowdedError) as crowded:
                await lanes.run("F", LONG, lambda: "never")
            told.append(crowded.value.seconds)
        return told

    return asyncio.run(asked())


def turned_away_beside(lanes: Lanes, times: int) -> list[int]:
    """The same, while one that was let in works."""

    async def asked() -> list[int]:
        gate = Gate()
        held = asyncio.create_task(lanes.run("F", LONG, lambda: gate.work("long")))
        while not gate.begun:
            await a_turn()
        told = []
        for _ in range(times):
            with pytest.raises(CrowdedError) as crowded:
                await lanes.run("F", LONG, lambda: "never")
            told.append(crowded.value.seconds)
        gate.open.set()
        await held
        return told

    return asyncio.run(asked())


def test_those_who_are_turned_away_return_one_after_another_at_the_pace_of_the_lane() -> None:
    now = [0.0]
    lanes = Lanes(lambda: now[0], lambda: 0.5, Widths(long=2, waiting=0))
    told = turned_away(lanes, 1_000)
    assert told == sorted(told)
    assert told[0] == 3
    # A tenth of a second each to begin with, two at a time, and a little early.
    assert told[-1] == 3 + math.ceil(999 * 0.1 / 2 * 0.9)
    now[0] = 1_000
    assert turned_away(lanes, 1) == [3], "moments that are over are nobody's"


def paced(lanes: Lanes, now: list[float], seconds: float, times: int) -> int:
    """How long the hundredth has to wait after so many batches took so long."""

    def work() -> None:
        now[0] += seconds

    async def run() -> None:
        for _ in range(times):
            await lanes.run("F", LONG, work)

    asyncio.run(run())
    return turned_away_beside(lanes, 100)[-1]


def test_the_pace_follows_quick_batches_soon_and_slow_ones_late() -> None:
    now = [0.0]
    quick = Lanes(lambda: now[0], lambda: 0.5, Widths(long=1, waiting=1))
    assert paced(quick, now, 0.01, 100) == 4
    slow = Lanes(lambda: now[0], lambda: 0.5, Widths(long=1, waiting=1))
    assert paced(slow, now, 2.0, 20) == 3 + math.ceil(99 * 0.1 * (1 + 1 / 200) ** 20 * 0.9)


def test_who_is_turned_away_when_every_moment_is_taken_comes_in_the_second_half_of_the_longest_wait() -> None:
    chances = iter((0.0, 0.5, 1.0))
    lanes = Lanes(lambda: 0.0, lambda: next(chances), Widths(long=1, waiting=0))
    told = turned_away(lanes, 3_304)
    assert told[-4] == 300
    assert told[-3:] == [149, 223, 297]


def test_work_that_fails_gives_its_place_back() -> None:
    async def twice() -> None:
        lanes = lanes_of(Widths(long=1, waiting=1))
        for _ in range(2):
            with pytest.raises(ZeroDivisionError):
                await lanes.run("F", LONG, lambda: 1 // 0)

    asyncio.run(twice())


@pytest.fixture
def stage() -> Iterator[tuple[Door, TestDesk, str]]:
    with a_desk("north", 1) as desk, a_door() as door:
        door.central.enroll(desk)
        yield door, desk, door.session(desk)


def test_eight_events_are_short_and_nine_are_not(stage: tuple[Door, TestDesk, str]) -> None:
    _, desk, _ = stage
    while desk.desk.journal.head.seq <= MOST_SHORT:
        desk.register(family='"signature":')
    events = events_of(desk)
    assert is_short(wire.to_bytes(wire.Push(wire.PROTOCOL, events[:MOST_SHORT])))
    assert not is_short(wire.to_bytes(wire.Push(wire.PROTOCOL, events[: MOST_SHORT + 1])))


def test_strangers_do_not_wait_among_desks(stage: tuple[Door, TestDesk, str]) -> None:
    door, desk, _ = stage
    body = wire.to_bytes(wire.Push(wire.PROTOCOL, events_of(desk)))
    assert door.send(body, "no-token").status == 401
