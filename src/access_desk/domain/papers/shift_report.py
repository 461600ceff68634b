"""The supervisor's end-of-shift report: every custody of a business date and shift, and what is still open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from access_desk.domain.money import ZERO, Money
from access_desk.domain.papers.imprint import CashMove, Imprint, ReceiptSpan, RefundEntry, Remark, VoidEntry


@dataclass(frozen=True, slots=True)
class ShiftCustody:
    """One custody. Mappings are per tender. ``closed_at``, ``counted``, ``over_short`` (and with them ``expected`` of a
    blind drawer) are None while it is open; ``to_bank`` and ``left_in_drawer`` too.

    ``received`` is without voids. ``opening_variance`` belongs to the holder before. ``taken_over_by`` names the lead who
    closed it for an absent holder, else empty.
    """

    drawer: str
    desk_label: str
    holder: str
    shift: str
    opened_at: datetime
    opening_count: Money
    received: Mapping[str, Money]
    received_counts: Mapping[str, int]
    voided: Mapping[str, Money]
    refunded: Mapping[str, Money]
    receipts: ReceiptSpan
    opening_variance: Money = ZERO
    paid_in: Money = ZERO
    paid_out: Money = ZERO
    dropped: Money = ZERO
    rounding: Money = ZERO
    closed_at: datetime | None = None
    expected: Mapping[str, Money] | None = None
    counted: Mapping[str, Money] | None = None
    over_short: Mapping[str, Money] | None = None
    to_bank: Money | None = None
    left_in_drawer: Money | None = None
    count_attempts: int = 0
    approved_by: str = ""
    witness: str = ""
    reason: str = ""
    memo: str = ""
    bag: str = ""
    card_batch: str = ""
    taken_over_by: str = ""


@dataclass(frozen=True, slots=True)
class BagEntry:
    """A bag and where it is: ``state`` is ``safe``, ``in_transit`` or ``bank``.

    ``bag`` may be empty (loose money). ``drawer`` is whose custody filled it. ``confirmed`` is what the bank counted,
    None until it did. ``witness`` may be empty.
    """

    bag: str
    drawer: str
    cash: Money
    checks: Money
    state: str
    sealed_at: datetime
    sealed_by: str = ""
    witness: str = ""
    confirmed: Money | None = None

    @property
    def amount(self) -> Money:
        """All that is in it."""
        return self.cash + self.checks


@dataclass(frozen=True, slots=True)
class ShiftReport:
    """All custodies of a business date and shift; ``shift`` is None for the whole day.

    With ``blind`` (the default) the cash figures of custodies still open are not shown. ``still_open`` says in one line
    each what must still be done.
    """

    imprint: Imprint
    number: str
    business_date: date
    shift: str | None
    custodies: tuple[ShiftCustody, ...]
    shift_hours: tuple[time, time] | None = None
    voids: tuple[VoidEntry, ...] = ()
    refunds: tuple[RefundEntry, ...] = ()
    moves: tuple[CashMove, ...] = ()
    bags: tuple[BagEntry, ...] = ()
    also_recorded: tuple[Remark, ...] = ()
    still_open: tuple[str, ...] = ()
    blind: bool = True
