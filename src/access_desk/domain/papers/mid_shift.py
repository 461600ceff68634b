"""The mid-shift sheet (an X report): how a custody stands; it closes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from access_desk.domain.money import ZERO, Money
from access_desk.domain.papers.imprint import CashMove, Imprint, ReceiptSpan, RefundEntry, Signed, VoidEntry


@dataclass(frozen=True, slots=True)
class MidShiftSheet:
    """An open custody at ``at`` (local). Mappings are per tender.

    With ``blind`` neither the sum of cash receipts nor the expected cash is printed, so that nobody can count towards it;
    ``expected`` may then be None.
    """

    imprint: Imprint
    number: str
    business_date: date
    shift: str
    drawer: str
    desk_label: str
    holder: Signed
    opened_at: datetime
    at: datetime
    blind: bool
    opening_count: Money
    received: Mapping[str, Money]
    received_counts: Mapping[str, int]
    receipts: ReceiptSpan
    expected: Mapping[str, Money] | None = None
    rounding: Money = ZERO
    moves: tuple[CashMove, ...] = ()
    voids: tuple[VoidEntry, ...] = ()
    refunds: tuple[RefundEntry, ...] = ()
