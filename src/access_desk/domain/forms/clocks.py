"""The clocks of forms, as pure functions of the moments that are known.

A clock is a window: from ``opens_at`` on the form can be given, at ``due_at`` it is late. Its state at a moment is one of
four and, for given facts, only moves forward: not started, running, overdue, done. Calendar days are the facility's, from
midnight to midnight of its time zone, so that a day is 23 or 25 hours long when the clocks change; hours are elapsed hours.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

# 42 CFR 405.1205(b)(1), (c)(1) and, for Medicare Advantage, 422.620(b)(1), (c)(1).
MESSAGE_DAYS = 2
# Medicare Claims Processing Manual, chapter 30, section 200 (follow-up copy on the day of discharge).
FOLLOW_UP_HOURS = 4
# 42 CFR 489.20(y): owed for more than 24 hours of observation, by 36 hours after it began, or at release if sooner.
OBSERVATION_OWED_HOURS, OBSERVATION_DUE_HOURS = 24, 36


class ClockState(StrEnum):
    """Where a clock stands at a moment."""

    NOT_STARTED = "not_started"
    RUNNING = "running"
    OVERDUE = "overdue"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Window:
    """When a form can be given and until when (both aware, UTC); at ``due_at`` itself it is late."""

    opens_at: datetime
    due_at: datetime

    def state(self, now: datetime, done_at: datetime | None = None) -> ClockState:
        """Where the clock stands at a moment. Given before it was due or after: from then on it is done."""
        if done_at is not None and now >= done_at:
            return ClockState.DONE
        if now < self.opens_at:
            return ClockState.NOT_STARTED
        return ClockState.RUNNING if now < self.due_at else ClockState.OVERDUE

    def left(self, now: datetime) -> timedelta:
        """The time left; negative when it is late."""
        return self.due_at - now

    def was_late(self, done_at: datetime) -> bool:
        """Whether the form was given after its time."""
        return done_at >= self.due_at


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of a day at the facility, in UTC; where clocks spring at midnight, the first that exists."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def local_day(moment: datetime, zone: ZoneInfo) -> date:
    """The facility's date at a moment."""
    return moment.astimezone(zone).date()


def important_message(admitted_at: datetime, zone: ZoneInfo, discharged_at: datetime | None = None) -> Window:
    """The first copy: by the end of the second calendar day after the admission, and before the discharge.

    42 CFR 405.1205(b)(1): at or near admission, but no later than 2 calendar days following it.
    """
    due = midnight(local_day(admitted_at, zone) + timedelta(days=MESSAGE_DAYS + 1), zone)
    if discharged_at is not None:
        due = min(due, max(discharged_at, admitted_at))
    return Window(admitted_at, due)


def important_message_copy(
    first_given_at: datetime | None, discharge_at: datetime | None, zone: ZoneInfo, *, discharged: bool
) -> Window | None:
    """The follow-up copy: from 2 calendar days before the discharge, and 4 hours ahead of it where it can be planned.

    42 CFR 405.1205(c)(1); (c)(2): not needed when the first copy was delivered within 2 calendar days of the discharge.
    ``discharge_at`` is when the patient left (``discharged``) or is expected to leave; None: nobody knows yet, so nothing runs.
    """
    if discharge_at is None or not needs_copy(first_given_at, discharge_at, zone):
        return None
    opens = midnight(local_day(discharge_at, zone) - timedelta(days=MESSAGE_DAYS), zone)
    due = discharge_at if discharged else discharge_at - timedelta(hours=FOLLOW_UP_HOURS)
    return Window(opens, max(opens, due))


def needs_copy(given_at: datetime | None, discharge_at: datetime, zone: ZoneInfo) -> bool:
    """Whether a copy given at that moment is too old for the discharge, so that another is owed."""
    if given_at is None:
        return True
    return (local_day(discharge_at, zone) - local_day(given_at, zone)).days > MESSAGE_DAYS


def observation_notice(began_at: datetime, released_at: datetime | None = None) -> Window | None:
    """The observation notice: by 36 hours, or on transfer, discharge or admission if sooner; 42 CFR 489.20(y)(1).

    It may be given from the start. None when the patient was released before 24 hours had passed: none is owed.
    """
    due = began_at + timedelta(hours=OBSERVATION_DUE_HOURS)
    if released_at is not None:
        if released_at - began_at <= timedelta(hours=OBSERVATION_OWED_HOURS):
            return None
        due = min(due, released_at)
    return Window(began_at, due)


def by_end_of(first: date, last: date, zone: ZoneInfo) -> Window:
    """From the start of one day to the end of another, as the good-faith estimate has it (45 CFR 149.610(b)(1)(vi))."""
    return Window(midnight(first, zone), midnight(last + timedelta(days=1), zone))


def service_day(arrived_at: datetime, zone: ZoneInfo) -> Window:
    """The privacy notice: no later than the date of the first service; 45 CFR 164.520(c)(2)(i)(A)."""
    return Window(arrived_at, midnight(local_day(arrived_at, zone) + timedelta(days=1), zone))
