"""The lines of the drawer's table: receipts, refunds and cash moves, newest first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from access_desk.domain.money import MINUS, Money
from access_desk.domain.papers.words import purposes_text
from access_desk.domain.payments.views import MoveRow, ReceiptRow, RefundRow
from access_desk.presentation.drawer_words import clock_text, payer_name, tender_word
from access_desk.services.desk_view import DrawerBook

_MOVE_TITLES = {
    "drop": "Drop",
    "paid_in": "Paid in",
    "paid_out": "Paid out",
    "exchange": "Exchange",
    "no_sale": "No sale",
}


@dataclass(frozen=True, slots=True)
class DrawerRow:
    """One line. ``kind`` is ``receipt``, ``void``, ``refund`` or a kind of move; ``payment_id`` is blank for moves."""

    kind: str
    key: str
    title: str
    at: datetime
    time: str
    patient: str
    text: str
    tender: str
    tender_text: str
    amount: str
    payment_id: str = ""

    @property
    def is_receipt(self) -> bool:
        """Whether the line is a receipt, voided or not."""
        return self.kind in ("receipt", "void")


def drawer_rows(
    book: DrawerBook, local: Callable[[datetime], datetime], name: Callable[[str], str], suffix_after: str
) -> tuple[DrawerRow, ...]:
    """The lines of a custody, newest first. ``name`` gives the name of somebody who works here for an id."""
    rows = [
        *(_receipt(row, local, suffix_after) for row in book.receipts),
        *(_refund(row, local) for row in book.refunds),
        *(_move(row, local, name) for row in book.moves),
    ]
    return tuple(sorted(rows, key=lambda row: (row.at, row.key), reverse=True))


def _receipt(row: ReceiptRow, local: Callable[[datetime], datetime], suffix_after: str) -> DrawerRow:
    at = local(row.received_at)
    voided = row.voided_at is not None
    text = purposes_text([line.purpose for line in row.lines], row.service)
    if row.refunded:
        text = f"{text}, {row.refunded.dollars()} refunded"
    tenders = list(dict.fromkeys(part.tender for part in row.tenders))
    return DrawerRow(
        kind="void" if voided else "receipt",
        key=row.receipt,
        title=row.receipt,
        at=at,
        time=clock_text(at),
        patient=payer_name(row, suffix_after),
        text=f"Void: {row.void_reason}" if voided else text,
        tender=tenders[0] if len(tenders) == 1 else "split",
        tender_text=" + ".join(tender_word(tender) for tender in tenders),
        amount=row.amount.figures(),
        payment_id=row.payment_id,
    )


def _refund(row: RefundRow, local: Callable[[datetime], datetime]) -> DrawerRow:
    at = local(row.refunded_at)
    return DrawerRow(
        kind="refund",
        key=row.refund_id,
        title="Refund",
        at=at,
        time=clock_text(at),
        patient="",
        text=f"Refund of {row.receipt}: {row.reason}",
        tender=row.tender,
        tender_text=tender_word(row.tender),
        amount=f"{MINUS}{row.amount.figures()}",
        payment_id=row.payment_id,
    )


def _move(row: MoveRow, local: Callable[[datetime], datetime], name: Callable[[str], str]) -> DrawerRow:
    at = local(row.moved_at)
    leaves = row.kind in ("drop", "paid_out")
    return DrawerRow(
        kind=row.kind,
        key=row.move_id,
        title=_MOVE_TITLES[row.kind],
        at=at,
        time=clock_text(at),
        patient="",
        text=_move_text(row, name),
        tender="",
        tender_text="",
        amount=f"{MINUS if leaves else ''}{row.amount.figures()}" if row.amount and row.kind != "exchange" else "",
    )


def _move_text(row: MoveRow, name: Callable[[str], str]) -> str:
    signer = name(row.approver_id) if row.approver_id else ""
    match row.kind:
        case "drop":
            parts = ["Safe drop", f"bag {row.bag}" if row.bag else "loose", f"witnessed by {signer}" if signer else ""]
        case "exchange":
            parts = [f"Change from the safe, {row.amount.dollars()}"]
        case _:
            parts = [row.reason, f"approved by {signer}" if signer else ""]
    return ", ".join(part for part in parts if part)


def moved(moves: tuple[MoveRow, ...], kind: str) -> tuple[int, Money]:
    """How many moves of a kind there were, and what they add up to."""
    of_kind = [move.amount.cents for move in moves if move.kind == kind]
    return len(of_kind), Money(sum(of_kind))
