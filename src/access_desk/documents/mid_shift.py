"""The mid-shift sheet (an X report): how an open custody stands. It closes nothing, and a blind one tells no cash."""

from __future__ import annotations

from access_desk.documents.cash_sheet_blocks import framed_answer, move_text
from access_desk.documents.letter import LEFT, RIGHT, SMALL, STRONG, TEXT, THIN, Field, Letter, named
from access_desk.documents.moments import clock, clock_on, named_day
from access_desk.documents.tables import moves_table, refunds_table, voids_table
from access_desk.documents.verdict import PLURALS
from access_desk.domain.money import ZERO, total
from access_desk.domain.papers.imprint import ReceiptSpan
from access_desk.domain.papers.mid_shift import MidShiftSheet
from access_desk.domain.policy import TENDERS

HIDDEN = "not shown"
BLOCK_END, BLOCK_START = 288.0, 308.0


def render_mid_shift(content: MidShiftSheet) -> bytes:
    """Draw the sheet of a custody that goes on.

    Raises:
        UnavailableError: when the fonts are missing.
    """
    letter = Letter(content.imprint, "Mid-shift sheet", content.number)
    letter.top()
    framed_answer(letter.page, "", (("Still open", ""),), "This sheet closes nothing.")
    letter.fields(_fields(content))
    top = letter.y
    _cash(letter, content)
    left_end = letter.y
    letter.y = top
    _tenders(letter, content)
    letter.y = max(left_end, letter.y)
    if content.moves:
        moves_table(letter, content.moves)
    if content.voids:
        voids_table(letter, content.voids)
    if content.refunds:
        refunds_table(letter, content.refunds)
    return letter.finish()


def span_text(span: ReceiptSpan) -> str:
    """``R-240311 to R-240328``."""
    if span.first is None:
        return "none yet"
    return span.first if span.first == span.last else f"{span.first} to {span.last}"


def _fields(sheet: MidShiftSheet) -> list[list[Field]]:
    gaps = f", {sheet.receipts.gaps} missing" if sheet.receipts.gaps else ""
    return [
        [
            Field("Date", named_day(sheet.business_date)),
            Field("Drawer and desk", f"{sheet.drawer}, {sheet.desk_label}"),
            Field("Held by", named(sheet.holder)),
            Field("As of", clock_on(sheet.at, sheet.business_date)),
        ],
        [
            Field("Shift", sheet.shift[:1].upper() + sheet.shift[1:]),
            Field("Opened", f"{clock_on(sheet.opened_at, sheet.business_date)}, float {sheet.opening_count.figures()}"),
            Field("Receipts", span_text(sheet.receipts)),
            Field("Issued", f"{sheet.receipts.issued}, {sheet.receipts.voided} void{gaps}"),
        ],
    ]


def _cash(letter: Letter, sheet: MidShiftSheet) -> None:
    letter.heading("Cash", "blind: expected cash is not shown" if sheet.blind else "", x1=BLOCK_END)
    page, y = letter.page, letter.y
    rounding = f", rounding {sheet.rounding.signed_figures()}" if sheet.rounding and not sheet.blind else ""
    lines = [
        ("", "Opening float", sheet.opening_count.figures()),
        ("+", f"Cash receipts ({sheet.received_counts.get('cash', 0)}){rounding}", _cash_text(sheet)),
    ]
    for kind, sign in (("drop", "−"), ("paid_in", "+"), ("paid_out", "−")):
        moves = [move for move in sheet.moves if move.kind == kind]
        if moves:
            name = f"{move_text(moves[0])}, {clock(moves[0].at)}" if len(moves) == 1 else _SEVERAL[kind].format(len(moves))
            lines.append((sign, name, total(move.amount for move in moves).figures()))
    refunded = [refund.amount for refund in sheet.refunds if refund.tender == "cash"]
    if refunded:
        lines.append(("−", f"Cash refunds ({len(refunded)})", total(refunded).figures()))
    for sign, label, figures in lines:
        y += 13
        page.left(42.2, y, sign, STRONG)
        page.left(54.4, y, label, TEXT, 172)
        page.figures(BLOCK_END, y, figures, TEXT, 60)
    page.rule(LEFT, BLOCK_END, y + 3.3, THIN)
    y += 13
    page.left(42.2, y, "=", STRONG)
    page.left(54.4, y, "Expected cash", STRONG)
    expected = HIDDEN if sheet.blind or sheet.expected is None else sheet.expected.get("cash", ZERO).figures()
    page.figures(BLOCK_END, y, expected, STRONG, 90)
    letter.y = y + 3


_SEVERAL = {"drop": "Safe drops ({})", "paid_in": "Paid in ({})", "paid_out": "Paid out ({})"}


def _cash_text(sheet: MidShiftSheet) -> str:
    return HIDDEN if sheet.blind else sheet.received.get("cash", ZERO).figures()


def _tenders(letter: Letter, sheet: MidShiftSheet) -> None:
    letter.heading("Received so far", "voided receipts left out", x0=BLOCK_START)
    page, y = letter.page, letter.y + 10.9
    page.right(470, y, "Receipts", SMALL)
    page.right(RIGHT, y, "Amount", SMALL)
    for tender in TENDERS:
        y += 12.4
        page.left(BLOCK_START, y, PLURALS[tender], TEXT)
        page.figures(470, y, f"{sheet.received_counts.get(tender, 0):,}", TEXT, 60)
        amount = _cash_text(sheet) if tender == "cash" else sheet.received.get(tender, ZERO).figures()
        page.figures(RIGHT, y, amount, TEXT, 90)
    page.rule(BLOCK_START, RIGHT, y + 3.6, THIN)
    y += 13.2
    known = [sheet.received.get(tender, ZERO) for tender in TENDERS if tender != "cash" or not sheet.blind]
    page.left(BLOCK_START, y, "Total without cash" if sheet.blind else "Total", STRONG)
    page.figures(RIGHT, y, total(known).figures(), STRONG, 90)
    letter.y = y + 3
