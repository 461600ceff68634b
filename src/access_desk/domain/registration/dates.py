"""Dates as clerks type them."""

from __future__ import annotations

import calendar
import re
from datetime import date

_APART = re.compile(r"\s*(\d{1,2})\s*[/.\- ]\s*(\d{1,2})\s*[/.\- ]\s*(\d{2}|\d{4})\s*", re.ASCII)
_TOGETHER = re.compile(r"\s*(\d{1,2})(\d{2})(\d{2}|\d{4})\s*", re.ASCII)
_ISO = re.compile(r"\s*(\d{4})-(\d{2})-(\d{2})\s*", re.ASCII)
_OLDEST = 115
_NEAR = 50
_MONTHS_OF_YEAR = 12


class TypedTextError(ValueError):
    """What was typed cannot be used; ``text`` says what to do, in the words shown beside the field, ``code`` what is wrong."""

    def __init__(self, text: str, code: str = "shape") -> None:
        super().__init__(text)
        self.text = text
        self.code = code


def read_date(typed: str, today: date, *, birth: bool = False) -> date:
    """Read ``31487``, ``3/14/87``, ``03141987`` or ``03/14/1987``.

    A year of two digits is completed when only one century is possible: a birth date lies in the past and at most 115
    years back, any other date within 50 years of today. Otherwise the clerk is asked.

    Raises:
        TypedTextError: no such day, unreadable, ambiguous, or a birth date that lies in the future.
    """
    year, month, day = _parts(typed)
    if not 1 <= month <= _MONTHS_OF_YEAR:
        raise TypedTextError("Months run from 1 to 12. Enter month, day, year, like 03/14/1987.", "impossible")
    years = [int(year)] if len(year) > 2 else _centuries(int(year), today, birth=birth)  # noqa: PLR2004 - digits of a year
    if not years:
        raise TypedTextError("Enter the year with four digits.")
    days = [found for found in (_day(one, month, day) for one in years) if found is not None]
    if not days:
        _, longest = calendar.monthrange(years[0], month)
        raise TypedTextError(f"{calendar.month_name[month]} has {longest} days in {years[0]}.", "impossible")
    possible = [one for one in days if not (birth and one > today)]
    if not possible:
        raise TypedTextError("This birth date lies in the future. Check the year.", "future")
    if len(possible) > 1:
        raise TypedTextError(f"{possible[0].year} or {possible[1].year}? Enter the year with four digits.", "two_years")
    if birth and possible[0] < date(1850, 1, 1):
        raise TypedTextError("This birth date is too far in the past. Check the year.", "too_old")
    return possible[0]


def _parts(typed: str) -> tuple[str, int, int]:
    if match := _ISO.fullmatch(typed):
        return match[1], int(match[2]), int(match[3])
    match = _APART.fullmatch(typed) or _TOGETHER.fullmatch(typed)
    if match is None:
        raise TypedTextError("Enter month, day and year, like 03/14/1987.")
    return match[3], int(match[1]), int(match[2])


def _centuries(two_digits: int, today: date, *, birth: bool) -> list[int]:
    years = [century + two_digits for century in (1900, 2000)]
    if birth:
        return [year for year in years if today.year - _OLDEST <= year <= today.year]
    return [year for year in years if abs(year - today.year) <= _NEAR]


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def shown_date(day: date | None) -> str:
    """``03/14/1987``; blank for none."""
    return f"{day.month:02d}/{day.day:02d}/{day.year:04d}" if day else ""
