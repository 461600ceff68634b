"""The figures of a custody as results, screens and sheets show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from access_desk.domain.denominations import CashCount, ClosingCount
from access_desk.domain.money import Money


@dataclass(frozen=True, slots=True)
class ReceiptRange:
    """The receipt numbers of a custody; ``issued`` includes voided ones, ``gaps`` counts missing numbers."""

    first: str | None
    last: str | None
    issued: int
    voided: int
    gaps: int


@dataclass(frozen=True, slots=True)
class CountTaken:
    """A count that was submitted; ``purpose`` is ``closing`` or ``audit``; differences are per tender."""

    count: ClosingCount
    counted_at: datetime
    counted_by: str
    purpose: str
    attempt: int
    counted: Mapping[str, Money]
    expected: Mapping[str, Money]
    over_short: Mapping[str, Money]


@dataclass(frozen=True, slots=True)
class CustodyFigures:
    """One custody. Mappings are per tender; moments are aware UTC; None for what closing decides while it is open."""

    custody_id: str
    drawer_id: str
    drawer_key: str
    desk_label: str
    imprest: Money
    holder_id: str
    status: str
    opened_at: datetime
    business_date: date
    shift: str
    opening_pieces: CashCount
    opening_count: Money
    should_hold: Money
    opening_variance: Money
    received: Mapping[str, Money]
    received_counts: Mapping[str, int]
    voided: Mapping[str, Money]
    refunded: Mapping[str, Money]
    paid_in: Money
    paid_out: Money
    dropped: Money
    rounding: Money
    expected: Mapping[str, Money]
    receipts: ReceiptRange
    counts: tuple[CountTaken, ...]
    previous_custody_id: str | None = None
    opening_witness_id: str | None = None
    handed_over_by: str | None = None
    open_items: tuple[str, ...] = ()
    handoff_note: str = ""
    closed_at: datetime | None = None
    closed_by: str | None = None
    approver_id: str | None = None
    witness_id: str | None = None
    reason: str = ""
    memo: str = ""
    card_batch: str = ""
    taken_over: bool = False
    counted: Mapping[str, Money] | None = None
    over_short: Mapping[str, Money] | None = None
    to_bank: Money | None = None
    to_bank_pieces: CashCount | None = None
    left_in_drawer: Money | None = None
    bag: str = ""
    bag_amount: Money = field(default_factory=Money)

    @property
    def closing_counts(self) -> tuple[CountTaken, ...]:
        """The counts that were submitted to close it, in order."""
        return tuple(count for count in self.counts if count.purpose == "closing")
