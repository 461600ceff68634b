"""Dates and ages as clerks type and read them."""

from __future__ import annotations

import calendar
from datetime import date, datetime

from access_desk.domain.registration.dates import TypedTextError, read_date, shown_date

__all__ = ["TypedTextError", "long_date", "read_date", "shown_age", "shown_date", "shown_time"]

_MONTHS = 24
_WEEKS = 8


def shown_time(moment: datetime) -> str:
    """``10:24 AM`` of a local moment."""
    hour = moment.hour % 12 or 12
    return f"{hour}:{moment.minute:02d} {'AM' if moment.hour < 12 else 'PM'}"  # noqa: PLR2004 - noon


def long_date(day: date) -> str:
    """``Thursday, July 16, 2026``."""
    return f"{calendar.day_name[day.weekday()]}, {calendar.month_name[day.month]} {day.day}, {day.year}"


def shown_age(born: date, today: date) -> str:
    """``39 y``; months up to two years and days up to eight weeks, because doses depend on them."""
    days = (today - born).days
    months = (today.year - born.year) * 12 + today.month - born.month - (today.day < born.day)
    if days < _WEEKS * 7:
        return f"{max(days, 0)} d"
    return f"{months} mo" if months < _MONTHS else f"{months // 12} y"
