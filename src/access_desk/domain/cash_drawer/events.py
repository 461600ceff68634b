"""What is recorded about a drawer while somebody has custody of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from access_desk.domain.denominations import CashCount, ClosingCount
from access_desk.domain.events import event_kind
from access_desk.domain.ledger import Posting
from access_desk.domain.money import Money


@dataclass(frozen=True, slots=True)
class HandedOver:
    """How a custody came from another person's hands: the giver, their closed custody, and what is carried over."""

    from_custody_id: str
    from_person_id: str
    open_items: tuple[str, ...]
    note: str = ""


@event_kind("custody.opened")
@dataclass(frozen=True, slots=True)
class CustodyOpened:
    """A person took a drawer with a count. ``opening_variance`` belongs to the last holder, never to this one."""

    custody_id: str
    drawer_id: str
    drawer_epoch: int
    holder_id: str
    business_date: date
    shift: str
    count: CashCount
    opening_count: Money
    should_hold: Money
    opening_variance: Money
    previous_custody_id: str | None
    next_receipt: int
    witness_id: str | None
    handed_over: HandedOver | None
    postings: tuple[Posting, ...]


@event_kind("cash.dropped")
@dataclass(frozen=True, slots=True)
class CashDropped:
    """Cash went from the drawer to the safe during the shift; ``count`` when it was given by pieces."""

    move_id: str
    drawer_id: str
    amount: Money
    count: CashCount | None
    bag: str
    witness_id: str | None
    postings: tuple[Posting, ...]


@event_kind("cash.paid_in")
@dataclass(frozen=True, slots=True)
class CashPaidIn:
    """Cash came into the drawer that no patient paid."""

    move_id: str
    drawer_id: str
    amount: Money
    reason: str
    postings: tuple[Posting, ...]


@event_kind("cash.paid_out")
@dataclass(frozen=True, slots=True)
class CashPaidOut:
    """Cash left the drawer for an approved expense."""

    move_id: str
    drawer_id: str
    amount: Money
    reason: str
    postings: tuple[Posting, ...]


@event_kind("change.exchanged")
@dataclass(frozen=True, slots=True)
class ChangeExchanged:
    """Bills for coin with the safe: other pieces, the same total."""

    move_id: str
    drawer_id: str
    give: CashCount
    take: CashCount
    amount: Money


@event_kind("drawer.opened_without_sale")
@dataclass(frozen=True, slots=True)
class OpenedWithoutSale:
    """The drawer was opened and no money was recorded."""

    move_id: str
    drawer_id: str
    reason: str


@event_kind("drawer.counted")
@dataclass(frozen=True, slots=True)
class DrawerCounted:
    """A closing count, kept whatever comes after it. ``expected`` and ``variances`` are per tender."""

    drawer_id: str
    attempt: int
    count: ClosingCount
    counted: Mapping[str, Money]
    expected: Mapping[str, Money]
    variances: Mapping[str, Money]


@event_kind("drawer.audited")
@dataclass(frozen=True, slots=True)
class DrawerAudited:
    """A surprise count by a lead; changes no custody."""

    drawer_id: str
    count: ClosingCount
    counted: Mapping[str, Money]
    expected: Mapping[str, Money]
    variances: Mapping[str, Money]


@event_kind("drawer.expected_revealed")
@dataclass(frozen=True, slots=True)
class ExpectedRevealed:
    """A lead showed the hidden figures of a blind drawer."""

    drawer_id: str


@event_kind("custody.closed")
@dataclass(frozen=True, slots=True)
class CustodyClosed:
    """A custody ended; these figures never change. ``variances`` are counted minus expected, per tender."""

    custody_id: str
    drawer_id: str
    expected: Mapping[str, Money]
    counted: Mapping[str, Money]
    variances: Mapping[str, Money]
    card_batch: str
    reason: str
    memo: str
    witness_id: str | None
    taken_over: bool
    to_bank: Money
    to_bank_count: CashCount | None
    left_in_drawer: Money
    bag: str
    bag_amount: Money
    next_receipt: int
    postings: tuple[Posting, ...]
