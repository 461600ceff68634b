"""The computer's clock, and the one that is moved by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from access_desk.system.clock import ManualClock, SystemClock


def test_the_computer_s_clock_is_aware_and_in_utc() -> None:
    assert SystemClock().now().tzinfo is UTC


def test_a_manual_clock_stands_still_and_turns_local_time_into_utc() -> None:
    clock = ManualClock(datetime(2026, 11, 23, tzinfo=UTC))
    assert clock.now() == clock.now()
    clock.set_to(datetime(2026, 11, 23, 7, 2, tzinfo=ZoneInfo("America/Chicago")))
    assert clock.now().isoformat() == "2026-11-23T13:02:00+00:00"


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        ManualClock(datetime(2026, 11, 23, tzinfo=UTC)).set_to(datetime(2026, 11, 23))  # noqa: DTZ001 - that is the point
