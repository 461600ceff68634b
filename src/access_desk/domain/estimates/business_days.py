"""Business days: Monday to Friday without the federal holidays (5 U.S.C. 6103)."""

from __future__ import annotations

from datetime import date, timedelta

SATURDAY, SUNDAY = 5, 6
JUNETEENTH_SINCE = 2021


def is_business_day(day: date) -> bool:
    """Whether government offices are open."""
    return day.weekday() < SATURDAY and day not in _holidays(day.year) and day not in _holidays(day.year + 1)


def add_business_days(day: date, days: int) -> date:
    """The date that many business days after a day; the day itself does not count."""
    while days > 0:
        day += timedelta(days=1)
        days -= is_business_day(day)
    return day


def business_days_between(first: date, last: date) -> int:
    """How many business days after ``first`` the day ``last`` is; 0 when it is not later."""
    return sum(is_business_day(first + timedelta(days=one)) for one in range(1, (last - first).days + 1))


def _holidays(year: int) -> frozenset[date]:
    fixed = [date(year, 1, 1), date(year, 7, 4), date(year, 11, 11), date(year, 12, 25)]
    if year >= JUNETEENTH_SINCE:
        fixed.append(date(year, 6, 19))
    moving = [_nth(year, 1, 0, 3), _nth(year, 2, 0, 3), _last_monday(year, 5), _nth(year, 9, 0, 1), _nth(year, 10, 0, 2)]
    return frozenset((*map(_observed, fixed), *moving, _nth(year, 11, 3, 4)))


def _observed(day: date) -> date:
    """A holiday on a Saturday is kept on Friday, one on a Sunday on Monday."""
    return day + timedelta(days={SATURDAY: -1, SUNDAY: 1}.get(day.weekday(), 0))


def _nth(year: int, month: int, weekday: int, nth: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


def _last_monday(year: int, month: int) -> date:
    return _nth(year, month + 1, 0, 1) - timedelta(days=7)
