"""Dates and times as papers write them: ``07/16/2026``, ``7:02 AM``."""

from __future__ import annotations

from datetime import date, datetime, time

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def day(moment: date) -> str:
    """``07/16/2026``."""
    return f"{moment.month:02d}/{moment.day:02d}/{moment.year:04d}"


def named_day(moment: date) -> str:
    """``Thursday 07/16/2026``."""
    return f"{DAYS[moment.weekday()]} {day(moment)}"


def clock(moment: datetime | time) -> str:
    """``7:02 AM``."""
    hour = moment.hour % 12 or 12
    return f"{hour}:{moment.minute:02d} {'PM' if moment.hour // 12 else 'AM'}"


def day_and_clock(moment: datetime) -> str:
    """``07/16/2026 3:05 PM``."""
    return f"{day(moment)} {clock(moment)}"


def clock_on(moment: datetime, business_date: date) -> str:
    """``7:02 AM``, with the day before it (``07/17 2:02 AM``) when that is not the business date."""
    if moment.date() == business_date:
        return clock(moment)
    return f"{moment.month:02d}/{moment.day:02d} {clock(moment)}"


def hours(span: tuple[time, time] | None) -> str:
    """``7:00 AM–3:30 PM``; nothing for None."""
    return f"{clock(span[0])}–{clock(span[1])}" if span else ""
