"""Tables that several papers share: cash moves, voids, refunds and remarks."""

from __future__ import annotations

from collections.abc import Sequence

from access_desk.documents.letter import LEFT, RIGHT, Column, Letter, Row
from access_desk.documents.moments import clock
from access_desk.domain.money import ZERO, total
from access_desk.domain.papers.imprint import CashMove, RefundEntry, Remark, VoidEntry
from access_desk.domain.papers.words import TENDER_WORDS
from access_desk.domain.policy import TENDERS

KINDS = {"drop": "Safe drop", "paid_in": "Paid in", "paid_out": "Paid out"}
STRONG_FIRST = frozenset({0})


def tender_word(tender: str) -> str:
    """``Money order``; an unknown tender stands as it is."""
    return TENDER_WORDS.get(tender, (tender, ""))[0]


def _drawer_first(shown: bool, columns: list[Column]) -> list[Column]:
    return [Column("Drawer", LEFT, 76), *columns] if shown else columns


def moves_table(letter: Letter, moves: Sequence[CashMove], title: str = "Drops, paid in and paid out") -> None:
    """Cash that moved without a payment, with the drawer when the moves name one."""
    drawers = any(move.drawer for move in moves)
    x = 80 if drawers else LEFT
    columns = [
        Column("Time", x, x + 48),
        Column("Kind", x + 50, x + 106),
        Column("Bag", x + 108, x + 176),
        Column("Reason", x + 180, 350, wraps=True),
        Column("By", 354, 432),
        Column("Approved by", 436, 508),
        Column("Amount", 512, RIGHT, "right"),
    ]
    rows = []
    for move in moves:
        drawer = (move.drawer,) if drawers else ()
        sign = "" if move.kind == "paid_in" else "−"
        cells = (clock(move.at), KINDS.get(move.kind, move.kind), move.bag, move.text, move.by, move.approved_by)
        rows.append(Row((*drawer, *cells, sign + move.amount.figures())))
    letter.table(title, _drawer_first(drawers, columns), rows)


def refunds_table(letter: Letter, refunds: Sequence[RefundEntry]) -> None:
    """Money given back, by tender; a note says that only cash leaves the drawer."""
    drawers = any(refund.drawer for refund in refunds)
    x = 80 if drawers else LEFT
    columns = [
        Column("Time", x, x + 46),
        Column("Receipt", x + 50, x + 112),
        Column("Account", x + 116, x + 168),
        Column("Reason", x + 172, 376, wraps=True),
        Column("Approved by", 380, 446),
        Column("Tender", 450, 506),
        Column("Amount", 508, RIGHT, "right"),
    ]
    rows = []
    for refund in refunds:
        drawer = (refund.drawer,) if drawers else ()
        cells = (clock(refund.at), refund.receipt, refund.account, refund.reason, refund.approved_by)
        rows.append(Row((*drawer, *cells, tender_word(refund.tender), refund.amount.figures())))
    blanks = ("",) * (6 if drawers else 5)
    totals = Row(("Total refunds", *blanks, total(refund.amount for refund in refunds).figures()))
    caption = "Only cash leaves the drawer; checks go back by the business office, cards by the terminal."
    letter.table("Refunds", _drawer_first(drawers, columns), rows, caption=caption, totals=totals)


def voids_table(letter: Letter, voids: Sequence[VoidEntry]) -> None:
    """Receipts that were taken back, with who approved."""
    drawers = any(void.drawer for void in voids)
    x = 80 if drawers else LEFT
    columns = [
        Column("Time", x, x + 46),
        Column("Receipt", x + 50, x + 112),
        Column("Account", x + 116, x + 168),
        Column("Reason", x + 172, 346, wraps=True),
        Column("By", 350, 412),
        Column("Approved by", 416, 478),
        Column("Tender", 482, 526),
        Column("Amount", 522, RIGHT, "right"),
    ]
    rows = []
    for void in voids:
        drawer = (void.drawer,) if drawers else ()
        used = [tender for tender in TENDERS if void.amounts.get(tender, ZERO)]
        named = tender_word(used[0]) if len(used) == 1 else "several"
        cells = (clock(void.at), void.receipt, void.account, void.reason, void.by, void.approved_by, named)
        rows.append(Row((*drawer, *cells, total(void.amounts.values()).figures()), struck=True))
    letter.table("Voided receipts", _drawer_first(drawers, columns), rows)


def remarks_table(letter: Letter, title: str, remarks: Sequence[Remark]) -> None:
    """Place what else happened, one wrapped text each."""
    letter.need(46)
    letter.heading(title, gap=20)
    letter.y += 2
    for remark in remarks:
        when = clock(remark.at) if remark.at else ""
        text = f"{remark.text} ({remark.by})" if remark.by else remark.text
        letter.entry(when, text)
