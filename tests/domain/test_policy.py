"""Tiers, shifts, business dates and rounding."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access_desk.domain.money import Money
from access_desk.domain.policy import Policy, Shift, Tier

CHICAGO = ZoneInfo("America/Chicago")


@pytest.mark.parametrize(
    ("cents", "needs"),
    [
        (0, ""),
        (1, "reason"),
        (-1, "reason"),
        (200, "reason"),
        (201, "reason approval"),
        (-201, "reason approval"),
        (2_499, "reason approval"),
        (2_500, "reason approval memo"),
        (-999_999, "reason approval memo"),
    ],
)
def test_what_a_variance_needs(cents: int, needs: str) -> None:
    assert Policy().needs_for({"cash": Money(cents), "check": Money(0)}) == frozenset(needs.split())


def test_tenders_are_not_netted_and_the_worst_decides() -> None:
    opposite = {"cash": Money(300), "check": Money(-300)}
    assert Policy().needs_for(opposite) == {"reason", "approval"}
    assert Policy().needs_for({"cash": Money(-2_500), "card": Money(1)}) == {"reason", "approval", "memo"}


def test_a_tier_says_all_that_it_needs() -> None:
    policy = Policy(over_short=(Tier(Money(1), ("memo",)), Tier(Money(100), ("approval",))))
    assert policy.needs_for({"cash": Money(99)}) == {"memo"}
    assert policy.needs_for({"cash": Money(100)}) == {"approval"}
    assert policy.approval_from() == Money(100)
    assert Policy(over_short=()).needs_for({"cash": Money(99_999)}) == frozenset()


@pytest.mark.parametrize(
    ("utc", "shift", "day"),
    [
        # An ordinary day in Chicago, six hours behind.
        ("2026-11-23T12:59:59", "night", "2026-11-22"),
        ("2026-11-23T13:00:00", "day", "2026-11-23"),
        ("2026-11-23T20:59:59", "day", "2026-11-23"),
        ("2026-11-23T21:00:00", "evening", "2026-11-23"),
        ("2026-11-24T05:00:00", "night", "2026-11-23"),
        ("2026-11-24T06:30:00", "night", "2026-11-23"),
        # The night that lacks an hour: 01:59 is followed by 03:00.
        ("2026-03-08T07:59:00", "night", "2026-03-07"),
        ("2026-03-08T08:00:00", "night", "2026-03-07"),
        ("2026-03-08T11:59:59", "night", "2026-03-07"),
        ("2026-03-08T12:00:00", "day", "2026-03-08"),
        # The night in which 01:30 comes twice.
        ("2026-11-01T06:30:00", "night", "2026-10-31"),
        ("2026-11-01T07:30:00", "night", "2026-10-31"),
        ("2026-11-01T12:59:59", "night", "2026-10-31"),
        ("2026-11-01T13:00:00", "day", "2026-11-01"),
    ],
)
def test_the_shift_and_the_business_date_of_a_moment(utc: str, shift: str, day: str) -> None:
    local = datetime.fromisoformat(utc).replace(tzinfo=UTC).astimezone(CHICAGO)
    assert Policy().shift_at(local) == shift
    assert Policy().business_date_at(local) == date.fromisoformat(day)


def test_shifts_may_be_listed_in_any_order() -> None:
    policy = Policy(shifts=(Shift("late", time(18)), Shift("early", time(6))))
    assert policy.shift_at(datetime(2026, 11, 23, 5, 59, tzinfo=CHICAGO)) == "late"
    assert policy.business_date_at(datetime(2026, 11, 23, 5, 59, tzinfo=CHICAGO)) == date(2026, 11, 22)
    assert policy.shift_hours("late") == (time(18), time(6))
    assert policy.shift_hours("none") is None


@given(st.integers(1, 10_000_000))
def test_cash_is_asked_for_to_the_nearest_five_and_never_for_nothing(cents: int) -> None:
    asked = Policy(cash_rounding="nearest_5").cash_asked(Money(cents)).cents
    assert asked % 5 == 0
    assert asked >= 5
    assert abs(asked - cents) <= 2 or (cents < 5 and asked == 5)
    assert Policy().cash_asked(Money(cents)).cents == cents


@pytest.mark.parametrize(("owed", "asked"), [(1, 5), (2, 5), (3, 5), (7, 5), (8, 10), (1_002, 1_000), (1_003, 1_005), (0, 0)])
def test_pennies(owed: int, asked: int) -> None:
    assert Policy(cash_rounding="nearest_5").cash_asked(Money(owed)) == Money(asked)
