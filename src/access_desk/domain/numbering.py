"""Record and account numbers that no two desks give, without asking anybody.

Every desk of a facility counts in a line of its own. Central lends it a stretch of that line at a time (a block); whoever
has used up its blocks gives temporary numbers until central can be reached. Where a desk's place in the line lies follows
from the desk's number alone, so that a central restored from an older backup cannot lend anything twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MRN, ACCOUNT = "mrn", "account"
FIRST: Final = {MRN: 480_001, ACCOUNT: 10_452_001}
# The lines of two desks begin so far apart; a desk that needs more goes on beyond those of all others.
RECORDS_APART: Final = 100_000
MOST_DESKS: Final = 1_000
# Registrations of about a month at a busy window: central may be away for weeks.
BLOCK_SIZE: Final = 2_000
LOW: Final = 500
# What may have been given between a backup and the moment when it had to be restored.
LOST_AT_MOST: Final = 1_000
_TEMPORARY: Final = "TMP"


@dataclass(frozen=True, slots=True)
class Block:
    """A lent stretch of a desk's line: the counts from ``first`` to ``last``, both included."""

    series: str
    block: int
    first: int
    last: int


def first_of(series: str, desk_number: int) -> int:
    """Where the line of a desk begins; desks are numbered from 1."""
    return FIRST[series] + (desk_number - 1) * RECORDS_APART


def block_of(series: str, desk_number: int, block: int) -> Block:
    """A desk's block, counted from 0."""
    first = first_of(series, desk_number) + block * BLOCK_SIZE
    return Block(series, block, first, first + BLOCK_SIZE - 1)


def number_at(series: str, desk_number: int, count: int) -> int:
    """The number that stands at a count of a desk's line: the count itself as long as it is below the next desk's line."""
    beyond, within = divmod(count - first_of(series, desk_number), RECORDS_APART)
    return first_of(series, desk_number) + beyond * MOST_DESKS * RECORDS_APART + within


def temporary_mrn(desk_number: int, stream_epoch: int, count: int) -> str:
    """A number that stands in until the record gets its own; no other desk gives it, nor the same one after a restore."""
    return f"{_TEMPORARY}{desk_number}-{stream_epoch}-{count:04d}"


def is_temporary(mrn: str) -> bool:
    """Whether a record number only stands in."""
    return mrn.startswith(_TEMPORARY)
