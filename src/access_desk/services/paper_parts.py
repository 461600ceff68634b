"""From read models to the parts of papers: moments become local, people become names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from access_desk.domain.cash_drawer.figures import CustodyFigures
from access_desk.domain.facility.state import FacilityState
from access_desk.domain.papers.imprint import (
    CashMove,
    Imprint,
    ReceiptSpan,
    RefundEntry,
    Remark,
    Signed,
    TenderPart,
    VoidEntry,
)
from access_desk.domain.papers.words import ROLE_WORDS
from access_desk.domain.payments.views import MoveRow, ReceiptRow, RefundRow


@dataclass(frozen=True, slots=True)
class Printing:
    """What is known when papers are made: the facility, its custodies' drawers, and the imprint they carry."""

    facility: FacilityState
    imprint: Imprint

    def local(self, moment: datetime) -> datetime:
        """The facility's wall clock at that moment."""
        return moment.astimezone(ZoneInfo(self.facility.timezone))

    def name(self, person_id: str | None) -> str:
        """A person's name; blank for nobody."""
        person = self.facility.people.get(person_id or "")
        return person.name if person else ""

    def signed(self, person_id: str, at: datetime | None) -> Signed:
        """A person as they sign: name, role, the moment of their PIN."""
        person = self.facility.person(person_id)
        return Signed(person.name, ROLE_WORDS[person.role.value], self.local(at) if at else None)

    def drawer_key(self, drawer_id: str) -> str:
        """How the drawer is called."""
        return self.facility.drawer(drawer_id).key if drawer_id else ""


def tender_parts(row: ReceiptRow) -> tuple[TenderPart, ...]:
    """How a receipt was paid."""
    return tuple(
        TenderPart(part.tender, part.taken, part.tendered, part.change, part.check_number, part.card_last4, part.auth_code)
        for part in row.tenders
    )


def cash_moves(printing: Printing, moves: Sequence[MoveRow], drawer_key: str) -> tuple[CashMove, ...]:
    """Drops, paid-ins and paid-outs."""
    return tuple(
        CashMove(
            move.kind,
            move.amount,
            printing.local(move.moved_at),
            move.reason,
            move.bag,
            printing.name(move.moved_by),
            printing.name(move.approver_id),
            drawer_key,
        )
        for move in moves
        if move.kind in ("drop", "paid_in", "paid_out")
    )


def paper_remarks(printing: Printing, receipts: Sequence[ReceiptRow]) -> tuple[Remark, ...]:
    """Receipts that were entered after the fact, with when they were taken and the numbers of their papers."""
    return tuple(
        Remark(_after_the_fact(printing, row, taken_at), printing.local(row.received_at), printing.name(row.received_by))
        for row in receipts
        if (taken_at := row.taken_on_paper_at) is not None
    )


def _after_the_fact(printing: Printing, row: ReceiptRow, taken_at: datetime) -> str:
    paper = f", paper receipt {row.paper_number}" if row.paper_number else ""
    return f"{row.receipt} entered after the fact, taken {printing.local(taken_at):%m/%d/%Y %H:%M}{paper}"


def remarks(printing: Printing, moves: Sequence[MoveRow], one: CustodyFigures) -> tuple[Remark, ...]:
    """What else happened in a custody: no-sales, exchanges, surprise counts."""
    made = [
        Remark(
            f"No sale: {move.reason}" if move.kind == "no_sale" else f"Change for {move.amount.figures()}",
            printing.local(move.moved_at),
            printing.name(move.moved_by),
        )
        for move in moves
        if move.kind in ("no_sale", "exchange")
    ]
    made += [
        Remark(
            f"Surprise count, cash {count.over_short['cash'].signed_figures()}",
            printing.local(count.counted_at),
            printing.name(count.counted_by),
        )
        for count in one.counts
        if count.purpose == "audit"
    ]
    return tuple(sorted(made, key=lambda remark: remark.at or printing.imprint.printed_at))


def refund_entries(printing: Printing, refunds: Sequence[RefundRow], drawer_key: str) -> tuple[RefundEntry, ...]:
    """Refunds of a custody."""
    return tuple(
        RefundEntry(
            printing.local(refund.refunded_at),
            refund.receipt,
            refund.tender,
            refund.amount,
            refund.reason,
            refund.account_number,
            printing.name(refund.refunded_by),
            printing.name(refund.approver_id),
            drawer_key,
        )
        for refund in refunds
    )


def void_entries(printing: Printing, receipts: Sequence[ReceiptRow], drawer_key: str) -> tuple[VoidEntry, ...]:
    """Voided receipts of a custody."""
    return tuple(
        VoidEntry(
            printing.local(row.voided_at),
            row.receipt,
            {part.tender: part.taken for part in row.tenders},
            row.void_reason,
            row.account_number or row.mrn,
            printing.name(row.voided_by),
            printing.name(row.void_approver_id),
            drawer_key,
        )
        for row in receipts
        if row.voided_at is not None
    )


def receipt_span(one: CustodyFigures, receipts: Sequence[ReceiptRow]) -> ReceiptSpan:
    """The receipt numbers of a custody, with the missing ones by number."""
    numbers = {row.receipt_number for row in receipts}
    missing = [n for n in range(min(numbers), max(numbers)) if n not in numbers] if numbers else []
    span = one.receipts
    return ReceiptSpan(span.first, span.last, span.issued, span.voided, span.gaps, tuple(str(n) for n in missing))
