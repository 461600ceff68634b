"""Birth dates in any usual form, and how close two of them are.

Two-digit years: a birth date lies in the past, so ``72`` is 1972; ``05`` is the nearer of the two centuries, 2005.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import Final

_ISO: Final = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?", re.ASCII)
_TOGETHER: Final = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_US: Final = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})(?:[T ]0{1,2}:00.*)?", re.ASCII)
_US_TOGETHER: Final = re.compile(r"(\d{2})(\d{2})(\d{4})", re.ASCII)
_WORDS: Final = re.compile(r"(?:(\d{1,2})[ -])?([a-z]{3,9})\.?[ -](?:(\d{1,2})(?:st|nd|rd|th)?,? )?(\d{4}|\d{2})", re.ASCII)
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_OLDEST: Final = 1850
_LATEST: Final = 2050
_DAY_DIGITS: Final = 8
_MOST_MONTHS: Final = 12
_FULL_YEAR: Final = 4
_A_YEAR: Final = 366
_GENERATION: Final = 14


def read_birth_date(typed: str, today: date) -> date | None:
    """The birth date that was meant; None when there is no such day, or it lies in the future."""
    text = " ".join(typed.lower().split())
    if match := _ISO.fullmatch(text):
        return _day(match[1], int(match[2]), int(match[3]), today)
    if match := _US.fullmatch(text):
        month, day = int(match[1]), int(match[2])
        # 14/03/1987 can only be a day before its month.
        if month > _MOST_MONTHS >= day:
            month, day = day, month
        return _day(match[3], month, day, today)
    if (match := _TOGETHER.fullmatch(text)) and (found := _day(match[1], int(match[2]), int(match[3]), today)):
        return found
    if match := _US_TOGETHER.fullmatch(text):
        return _day(match[3], int(match[1]), int(match[2]), today)
    if (match := _WORDS.fullmatch(text)) and match[2][:3] in _MONTHS and (match[1] or match[3]):
        return _day(match[4], _MONTHS.index(match[2][:3]) + 1, int(match[1] or match[3]), today)
    return None


def _day(year: str, month: int, day: int, today: date) -> date | None:
    years = [int(year)] if len(year) == _FULL_YEAR else [2000 + int(year), 1900 + int(year)]
    for one in years:
        try:
            found = date(one, month, day)
        except ValueError:
            continue
        if one >= _OLDEST and found <= today:
            return found
    return None


def date_level(one: str, other: str) -> str:
    """How close two birth dates are; each in ISO form, or as typed where it could not be read.

    ``exact``; ``slip`` is one mistake of a hand: day and month exchanged, one digit wrong, two digits exchanged, another
    century; ``near`` two of year, month and day; ``year`` at most a year apart, or two digits wrong; ``different``; ``missing``.
    """
    if not one or not other:
        return "missing"
    if one == other:
        return "exact"
    if not (_is_iso(one) and _is_iso(other)):
        return "slip" if _starts(one, other) else "missing"
    mine, theirs = one.replace("-", ""), other.replace("-", "")
    if _is_slip(mine, theirs):
        return "slip"
    same = (mine[:4] == theirs[:4]) + (mine[4:6] == theirs[4:6]) + (mine[6:] == theirs[6:])
    if same == 2:  # noqa: PLR2004 - two of three
        return "near"
    two_wrong = sum(a != b for a, b in zip(mine, theirs, strict=True)) <= 2  # noqa: PLR2004
    return "year" if two_wrong or _days_apart(one, other) <= _A_YEAR else "different"


@lru_cache(maxsize=1_024)
def slips_of(born: str) -> tuple[str, ...]:
    """Every day between 1850 and 2049, in ISO form, that is one slip away from a birth date: those at the level ``slip``."""
    digits = born.replace("-", "")
    tried = {digits[:at] + digit + digits[at + 1 :] for at in range(_DAY_DIGITS) for digit in "0123456789"}
    tried.update(digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :] for at in range(_DAY_DIGITS - 1))
    tried.update(century + digits[2:] for century in ("18", "19", "20"))
    tried.add(digits[:4] + digits[6:] + digits[4:6])
    found = []
    for one in sorted(tried - {digits}):
        try:
            day = date(int(one[:4]), int(one[4:6]), int(one[6:]))
        except ValueError:
            continue
        if _OLDEST <= day.year < _LATEST:
            found.append(day.isoformat())
    return tuple(found)


def is_generation_apart(one: str, other: str) -> bool:
    """Whether two birth dates, in ISO form, may be a parent's and a child's: at least 14 years apart."""
    return _is_iso(one) and _is_iso(other) and abs(int(one[:4]) - int(other[:4])) >= _GENERATION


def _days_apart(one: str, other: str) -> int:
    try:
        return abs((date.fromisoformat(one) - date.fromisoformat(other)).days)
    except ValueError:
        return _A_YEAR + 1


def _is_iso(text: str) -> bool:
    return len(text) == 10 and text[4] == text[7] == "-"  # noqa: PLR2004 - YYYY-MM-DD


def _starts(one: str, other: str) -> bool:
    """Whether one is only the year and month of the other."""
    shorter, longer = sorted((one, other), key=len)
    return len(shorter) == 7 and longer.startswith(shorter)  # noqa: PLR2004 - YYYY-MM


def _is_slip(mine: str, theirs: str) -> bool:
    if mine[2:] == theirs[2:] or (mine[:4] == theirs[:4] and mine[4:6] == theirs[6:] and mine[6:] == theirs[4:6]):
        return True
    wrong = [at for at in range(8) if mine[at] != theirs[at]]
    if len(wrong) == 1:
        return True
    if len(wrong) == 2:  # noqa: PLR2004 - a pair
        first, second = wrong
        return second == first + 1 and mine[first] == theirs[second] and mine[second] == theirs[first]
    return False
