"""The clocks of forms: tables of cases with the regulation, and properties that hold for every case."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access_desk.domain.forms import clocks
from access_desk.domain.forms.clocks import ClockState, Window

CHICAGO = ZoneInfo("America/Chicago")
ORDER = [ClockState.NOT_STARTED, ClockState.RUNNING, ClockState.OVERDUE, ClockState.DONE]


def at(text: str) -> datetime:
    """A moment by the wall clock of Chicago."""
    return datetime.fromisoformat(text).replace(tzinfo=CHICAGO).astimezone(UTC)


def local(moment: datetime) -> str:
    return moment.astimezone(CHICAGO).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("admitted", "left", "due"),
    [
        # 42 CFR 405.1205(b)(1): no later than 2 calendar days following the admission; the whole second day counts.
        ("2026-11-23 06:00", None, "2026-11-26 00:00"),
        ("2026-11-23 23:59", None, "2026-11-26 00:00"),
        ("2026-11-24 00:00", None, "2026-11-27 00:00"),
        # A month's and a year's end, a leap day.
        ("2027-12-30 10:00", None, "2028-01-02 00:00"),
        ("2028-02-27 10:00", None, "2028-03-01 00:00"),
        # The night the clocks go back (November 1) and forward (March 8): days are 25 and 23 hours long.
        ("2026-10-31 22:00", None, "2026-11-03 00:00"),
        ("2026-03-07 22:00", None, "2026-03-10 00:00"),
        # Not after the patient has left: the first copy belongs before the discharge.
        ("2026-11-23 06:00", "2026-11-24 11:00", "2026-11-24 11:00"),
        ("2026-11-23 06:00", "2026-11-27 11:00", "2026-11-26 00:00"),
    ],
)
def test_the_important_message(admitted: str, left: str | None, due: str) -> None:
    window = clocks.important_message(at(admitted), CHICAGO, at(left) if left else None)
    assert (window.opens_at, local(window.due_at)) == (at(admitted), due)


@pytest.mark.parametrize(
    ("given_first", "leaves", "discharged", "opens", "due"),
    [
        # 42 CFR 405.1205(c)(1): not more than 2 calendar days before the discharge; chapter 30: 4 hours ahead of it.
        ("2026-11-20 09:00", "2026-11-25 14:00", False, "2026-11-23 00:00", "2026-11-25 10:00"),
        # 42 CFR 405.1205(c)(2): none is owed when the first copy was given within 2 calendar days of the discharge.
        ("2026-11-23 00:30", "2026-11-25 23:00", False, None, None),
        ("2026-11-22 23:30", "2026-11-25 00:10", False, "2026-11-23 00:00", "2026-11-24 20:10"),
        # Nobody knows when the patient leaves: nothing runs.
        ("2026-11-20 09:00", None, False, None, None),
        # The patient has left: what was not given is overdue from that moment.
        ("2026-11-20 09:00", "2026-11-25 14:00", True, "2026-11-23 00:00", "2026-11-25 14:00"),
        # Four hours ahead by elapsed time across the change of clocks (2:00 becomes 3:00 on March 8).
        ("2026-03-02 09:00", "2026-03-08 05:00", False, "2026-03-06 00:00", "2026-03-08 00:00"),
    ],
)
def test_the_follow_up_copy(given_first: str, leaves: str | None, discharged: bool, opens: str | None, due: str | None) -> None:
    window = clocks.important_message_copy(at(given_first), at(leaves) if leaves else None, CHICAGO, discharged=discharged)
    assert (window and local(window.opens_at), window and local(window.due_at)) == (opens, due)


@pytest.mark.parametrize(
    ("began", "released", "due"),
    [
        # 42 CFR 489.20(y)(1): by 36 elapsed hours.
        ("2026-11-23 06:00", None, "2026-11-24 18:00"),
        # ... an hour earlier and later by the wall clock when the clocks change in between.
        ("2026-10-31 20:00", None, "2026-11-02 07:00"),
        ("2026-03-07 20:00", None, "2026-03-09 09:00"),
        # ... or sooner upon release, when that is after more than 24 hours.
        ("2026-11-23 06:00", "2026-11-24 09:00", "2026-11-24 09:00"),
        ("2026-11-23 06:00", "2026-11-24 06:01", "2026-11-24 06:01"),
        ("2026-11-23 06:00", "2026-11-25 09:00", "2026-11-24 18:00"),
        # None is owed for 24 hours or less; those are elapsed hours too.
        ("2026-11-23 06:00", "2026-11-24 06:00", None),
        ("2026-10-31 20:00", "2026-11-01 19:30", "2026-11-01 19:30"),
        ("2026-03-07 20:00", "2026-03-08 20:30", None),
    ],
)
def test_the_observation_notice(began: str, released: str | None, due: str | None) -> None:
    window = clocks.observation_notice(at(began), at(released) if released else None)
    assert (window and local(window.due_at)) == due


def test_a_good_faith_estimate_and_a_privacy_notice_end_with_the_day() -> None:
    # 45 CFR 149.610(b)(1)(vi) and 45 CFR 164.520(c)(2)(i)(A).
    window = clocks.by_end_of(date(2026, 11, 20), date(2026, 11, 24), CHICAGO)
    assert (local(window.opens_at), local(window.due_at)) == ("2026-11-20 00:00", "2026-11-25 00:00")
    assert local(clocks.service_day(at("2026-11-01 00:30"), CHICAGO).due_at) == "2026-11-02 00:00"


ZONES = st.sampled_from([ZoneInfo(name) for name in ("America/Chicago", "America/New_York", "Pacific/Honolulu", "Asia/Beirut")])
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
HOURS = st.floats(0, 400).map(lambda hours: timedelta(hours=hours))


@st.composite
def windows(draw: st.DrawFn) -> Window:
    """A window of any of the clocks."""
    start, zone, later = draw(MOMENTS), draw(ZONES), draw(HOURS)
    kinds = [
        clocks.important_message(start, zone),
        clocks.important_message(start, zone, start + later),
        clocks.important_message_copy(start, start + later, zone, discharged=draw(st.booleans())),
        clocks.observation_notice(start),
        clocks.observation_notice(start, start + later),
        clocks.by_end_of(start.date(), (start + later).date(), zone),
        clocks.service_day(start, zone),
    ]
    return draw(st.sampled_from([window for window in kinds if window is not None]))


@given(windows(), st.lists(MOMENTS, min_size=1, max_size=20), st.one_of(st.none(), MOMENTS))
def test_a_clock_only_moves_forward(window: Window, moments: list[datetime], done_at: datetime | None) -> None:
    states = [ORDER.index(window.state(moment, done_at)) for moment in sorted(moments)]
    assert states == sorted(states)
    assert window.opens_at <= window.due_at


@given(windows(), MOMENTS)
def test_a_clock_never_runs_out_unseen(window: Window, now: datetime) -> None:
    """Not done: before its end it runs (or has not begun), from its end on it is overdue; nothing lies between."""
    state = window.state(now)
    assert (state is ClockState.OVERDUE) == (now >= window.due_at and now >= window.opens_at)
    assert (state is ClockState.NOT_STARTED) == (now < window.opens_at)
    assert (window.left(now) > timedelta(0)) == (now < window.due_at)


@given(MOMENTS, ZONES, HOURS)
def test_leaving_only_ever_shortens_a_clock(start: datetime, zone: ZoneInfo, later: timedelta) -> None:
    assert clocks.important_message(start, zone, start + later).due_at <= clocks.important_message(start, zone).due_at
    released, owed = clocks.observation_notice(start, start + later), clocks.observation_notice(start)
    assert owed is not None
    assert released is None or released.due_at <= owed.due_at


@given(MOMENTS, ZONES)
def test_the_important_message_has_two_whole_days(start: datetime, zone: ZoneInfo) -> None:
    due = clocks.important_message(start, zone).due_at
    assert ((due - timedelta(seconds=1)).astimezone(zone).date() - start.astimezone(zone).date()).days == 2
