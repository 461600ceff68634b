"""How rows are put in order by what their cells show: numbers, times and dates by their value, words by their letters."""

from __future__ import annotations

import re
from decimal import Decimal

from access_desk.domain.money import MINUS

SortKey = tuple[int, Decimal, str]
_NUMBER = re.compile(r"([+-]?)\$?(\d[\d,]*(?:\.\d+)?|\.\d+)(?: min)?", re.ASCII)
_TIME = re.compile(r"(\d{1,2}):(\d{2}) ([AP])M", re.ASCII)
_DATE = re.compile(r"(\d{2})/(\d{2})/(\d{4})", re.ASCII)
_HOURS = 12
BLANK: SortKey = (3, Decimal(0), "")


def sort_key(text: str) -> SortKey:
    """What a text is ordered by; blank texts come last."""
    text = text.strip().replace(MINUS, "-")
    if not text:
        return BLANK
    if match := _NUMBER.fullmatch(text.replace("$", "", 1)):
        number = Decimal(match[2].replace(",", ""))
        return (0, -number if match[1] == "-" else number, "")
    if match := _TIME.match(text):
        hours = int(match[1]) % _HOURS + (_HOURS if match[3] == "P" else 0)
        return (1, Decimal(hours * 60 + int(match[2])), "")
    if match := _DATE.match(text):
        return (1, Decimal(match[3] + match[1] + match[2]), text)
    return (2, Decimal(0), text.casefold())
