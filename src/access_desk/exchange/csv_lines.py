"""Lines of CSV files as other systems write them, so that one bad cell never costs another row."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Final

# A cell with more lines than this is one that was never ended.
_MOST_LINES: Final = 50
# The limit is of all readers of the program; the module's own is lower than what real cells hold.
_LONGEST_CELL: Final = 16_000_000
csv.field_size_limit(_LONGEST_CELL)


def closed(lines: Iterable[str]) -> Iterator[str]:
    """The lines, without the quotes of one that begins a cell and never ends it: it would swallow the rows that follow."""
    waiting: deque[str] = deque()
    lines = iter(lines)
    while (line := waiting.popleft() if waiting else next(lines, None)) is not None:
        if '"' not in line or not _is_open([line]):
            yield line
            continue
        row = [line]
        while len(row) < _MOST_LINES and _is_open(row):
            more = waiting.popleft() if waiting else next(lines, None)
            if more is None:
                break
            row.append(more)
        if _is_sound(row):
            yield from row
        else:
            yield line.replace('"', "")
            waiting.extendleft(reversed(row[1:]))


def _is_open(row: list[str]) -> bool:
    """Whether a cell that these lines begin is not ended by them: a line after them would be a part of it."""
    return len(list(csv.reader([*row, "."], strict=False))) == 1


def _is_sound(row: list[str]) -> bool:
    """Whether these lines are one row, every quote of which is where it belongs."""
    try:
        return len(list(csv.reader(row, strict=True))) == 1
    except csv.Error:
        return False
