"""UUIDv7s: their form, their order, their uniqueness."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from uuid import RFC_4122, UUID

import pytest

from access_desk.system.clock import ManualClock, SystemClock
from access_desk.system.ids import UuidSource

MOMENT = datetime(2026, 11, 23, 7, 2, 3, 456_000, tzinfo=UTC)


def test_the_form_is_version_7_with_the_moment_in_front() -> None:
    made = UuidSource(ManualClock(MOMENT)).new_id()
    uuid = UUID(made)
    assert (str(uuid), uuid.version, uuid.variant) == (made, 7, RFC_4122)
    assert uuid.int >> 80 == int(MOMENT.timestamp() * 1000)


def test_within_a_millisecond_and_beyond_its_counter_they_rise() -> None:
    source = UuidSource(ManualClock(MOMENT), lambda size: b"\xff" * size)
    made = [source.new_id() for _ in range(20_000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_they_rise_when_the_clock_goes_back() -> None:
    clock = ManualClock(MOMENT)
    source = UuidSource(clock)
    before = source.new_id()
    clock.set_to(MOMENT - timedelta(hours=1))
    assert source.new_id() > before


@pytest.mark.parametrize("year", [1900, 1969, 2200])
def test_days_long_ago_and_far_ahead_have_ids_too(year: int) -> None:
    source = UuidSource(ManualClock(datetime(year, 1, 1, tzinfo=UTC)))
    one, two = source.new_id(), source.new_id()
    assert UUID(one).version == UUID(two).version == 7
    assert one < two


def test_threads_never_get_the_same_one() -> None:
    source = UuidSource(SystemClock())
    made: list[str] = []

    def make() -> None:
        made.extend([source.new_id() for _ in range(2_000)])

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 8_000


def test_the_randomness_is_the_one_given() -> None:
    one = UuidSource(ManualClock(MOMENT), lambda size: bytes(range(size))).new_id()
    two = UuidSource(ManualClock(MOMENT), lambda size: bytes(range(size))).new_id()
    assert one == two
