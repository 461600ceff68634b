"""The drawer cash sheet: one closed custody, to the cent, on one Letter page up to eighteen receipts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from access_desk.domain.denominations import CashCount, CountedCheck
from access_desk.domain.money import ZERO, Money, total
from access_desk.domain.papers.imprint import CashMove, Imprint, RefundEntry, Remark, Signed, TenderPart


@dataclass(frozen=True, slots=True)
class CountMoment:
    """A closing count: when it was submitted (local) and what it found, per tender."""

    at: datetime
    counted: Mapping[str, Money]


@dataclass(frozen=True, slots=True)
class SheetReceipt:
    """A line of the receipts table; a voided one keeps its line, struck through.

    ``account`` is the visit or account number, or empty: patient names never stand on this sheet. ``purpose`` is the
    printed text, such as ``Copay – lab`` (see `words.purposes_text`). ``tenders`` are the original ones, also when voided.
    ``void_reason`` is None unless the receipt was voided. ``note`` is a further reference, such as ``Replaces 318``.
    """

    number: str
    at: datetime
    account: str
    purpose: str
    tenders: tuple[TenderPart, ...]
    void_reason: str | None = None
    void_approved_by: str = ""
    note: str = ""

    def amount_in(self, tender: str) -> Money:
        """Add up what went in by this tender."""
        return total(part.amount for part in self.tenders if part.tender == tender)


@dataclass(frozen=True, slots=True)
class CashSheet:
    """A custody from opening to closing.

    ``number`` is the sheet's, such as ``CS-0716-03-D`` (the bar code leaves the hyphens out). ``shift_hours`` is start
    and end, or None. ``holder`` had custody; ``counted_by`` counted it (somebody else when a lead took over) with the
    moment of signing. ``approver`` and ``witness`` may be None. ``received`` and ``received_counts`` are payments not
    voided, per tender. ``expected``, ``counted`` and ``over_short`` (counted minus expected) are per tender and never
    netted. ``approval_limit`` is the largest difference that needs no approval, or None when none ever does.

    ``moves`` are drops, paid-ins and paid-outs in their order; ``refunds`` all refunds reported under this custody.
    ``pieces`` is the deciding count of cash. ``to_bank_pieces`` is None when the clerk gave an amount only.
    ``opening_variance`` belongs to ``previous_holder`` and is no part of this custody's over or short.
    ``rounding`` is cash taken minus amount credited (the rounding to five cents). ``bag`` is empty when the money went
    loose to the safe. ``linked_receipt`` may name the receipt that explains the difference. ``explained_by`` is the writer
    of the memo. ``also_recorded`` lists no-sales, exchanges, surprise counts and the like.
    """

    imprint: Imprint
    number: str
    business_date: date
    shift: str
    drawer: str
    desk_label: str
    holder: Signed
    counted_by: Signed
    opened_at: datetime
    opening_count: Money
    received: Mapping[str, Money]
    received_counts: Mapping[str, int]
    expected: Mapping[str, Money]
    counted: Mapping[str, Money]
    over_short: Mapping[str, Money]
    pieces: CashCount
    to_bank: Money
    left_in_drawer: Money
    receipts: tuple[SheetReceipt, ...]
    counts: tuple[CountMoment, ...] = ()
    shift_hours: tuple[time, time] | None = None
    closed_at: datetime | None = None
    approver: Signed | None = None
    witness: Signed | None = None
    opening_witness: str = ""
    opening_variance: Money = ZERO
    previous_holder: str = ""
    approval_limit: Money | None = None
    moves: tuple[CashMove, ...] = ()
    refunds: tuple[RefundEntry, ...] = ()
    rounding: Money = ZERO
    card_batch: str = ""
    counted_checks: tuple[CountedCheck, ...] = ()
    to_bank_pieces: CashCount | None = None
    mutilated_note: str = ""
    reason: str = ""
    linked_receipt: str = ""
    memo: str = ""
    explained_by: str = ""
    bag: str = ""
    also_recorded: tuple[Remark, ...] = ()

    @property
    def drops(self) -> tuple[CashMove, ...]:
        """What went to the safe during the shift."""
        return tuple(move for move in self.moves if move.kind == "drop")

    @property
    def cash_refunded(self) -> Money:
        """What left the drawer as refunds."""
        return total(refund.amount for refund in self.refunds if refund.tender == "cash")

    @property
    def total_deposit(self) -> Money:
        """Cash from the drawer, drops, checks and money orders: all that goes to the bank from this custody."""
        checks = self.counted.get("check", ZERO) + self.counted.get("money_order", ZERO)
        return self.to_bank + total(drop.amount for drop in self.drops) + checks

    @property
    def total_received(self) -> Money:
        """All tenders of the receipts that count."""
        return total(self.received.values())

    @property
    def left_pieces(self) -> CashCount | None:
        """What stayed, by piece; None when the bank's pieces are not known or exceed what was counted."""
        if self.to_bank_pieces is None:
            return None
        left = {key: self.pieces.pieces.get(key, 0) - taken for key, taken in self.to_bank_pieces.pieces.items()}
        mutilated = self.pieces.mutilated - self.to_bank_pieces.mutilated
        if mutilated < ZERO or any(count < 0 for count in left.values()):
            return None
        return CashCount({**self.pieces.pieces, **left}, mutilated)
