"""Merges, reviews and their rates as screens list them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from access_desk.domain.patients.events import Demographics


@dataclass(frozen=True, slots=True)
class RecordSide:
    """One record of a pair with how much hangs on it."""

    patient_id: str
    mrn: str
    demographics: Demographics
    unidentified: bool
    registered_at: datetime
    visits: int
    last_visit_at: datetime | None
    payments: int = 0


@dataclass(frozen=True, slots=True)
class OtherRecord:
    """Another record that a record warns of; ``reason`` says how both belong together, blank when they do not."""

    patient_id: str
    mrn: str
    demographics: Demographics
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ReviewPair:
    """Two records that a lead should look at, with why: ``source`` is ``despite_match``, ``alike`` or ``flag``."""

    one: RecordSide
    other: RecordSide
    source: str
    reason: str
    raised_at: datetime
    raised_by: str
    times_raised: int = 1

    @property
    def key(self) -> str:
        """What names the pair in a list."""
        return f"{self.one.patient_id}/{self.other.patient_id}"


@dataclass(frozen=True, slots=True)
class MergeRow:
    """A merge, and whether it was taken back."""

    merge_id: str
    survivor: RecordSide
    retired: RecordSide
    reason: str
    merged_at: datetime
    merged_by: str
    unmerged_at: datetime | None = None
    unmerged_by: str = ""


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate with what it is made of; ``definition`` is the source's own words, shortened."""

    name: str
    numerator: int
    denominator: int
    counts: str
    of: str
    definition: str

    @property
    def percent(self) -> str:
        """``2.00 %``; a dash when nothing can be divided."""
        return f"{100 * self.numerator / self.denominator:.2f} %" if self.denominator else "–"
