"""The upper half of the cash sheet: verdict, cash, all tenders, and what was counted."""

from __future__ import annotations

from collections.abc import Sequence

from access_desk.documents.drawing import Box, Page
from access_desk.documents.fonts import BOLD, REGULAR, Style, typeface
from access_desk.documents.letter import (
    CAPTION,
    LEFT,
    RIGHT,
    SECTION,
    SMALL,
    STRONG,
    TEXT,
    THIN,
    Letter,
)
from access_desk.documents.moments import clock
from access_desk.documents.printable import clipped, visible
from access_desk.documents.symbols import verdict_sign
from access_desk.documents.verdict import PLURALS, Verdict, verdict_of, verdict_word
from access_desk.domain.denominations import BILLS, COINS, ROLL, CashCount
from access_desk.domain.money import ZERO, Money, total
from access_desk.domain.papers.cash_sheet import CashSheet
from access_desk.domain.papers.imprint import CashMove
from access_desk.domain.policy import TENDERS

COUNTED = Style(REGULAR, 8.75)
BLOCK_END = 288.0
"""The right edge of the left blocks."""
LABEL_ROOM = BLOCK_END - 54.4 - 62
MOST_MOVES = 6
"""More cash moves than this are summed up in the cash block and listed in a table of their own."""


def verdict_box(page: Page, verdict: Verdict, remark: str) -> None:
    """Frame the verdict at the top right: over, short or balanced, and by whose leave."""
    framed_answer(page, verdict.sign, verdict.lines, remark)


def framed_answer(page: Page, sign: str, lines: Sequence[tuple[str, str]], remark: str) -> None:
    """Frame one or two lines of a word and an amount at the top right, with a sign before and a remark below them."""
    x0, y0 = 403.9, 36.0
    page.boxes.append(Box(x0, y0, RIGHT - x0, 47.9, 2.2))
    text, edge = x0 + 13, RIGHT - 10
    if sign:
        verdict_sign(page, x0 + 22.3, y0 + 24, sign)
        text = x0 + 40.4
    if len(lines) == 1:
        word, amount = lines[0]
        size = 12.9 if typeface().width(word + amount, Style(BOLD, 14.5)) < edge - text - 12 else 10
        wide = page.left(text, y0 + 21.2, word, Style(BOLD, size))
        page.figures(edge, y0 + 21.2, amount, Style(BOLD, 16), edge - text - wide - 6)
        _fitted(page, text, y0 + 37.4, remark, edge - text)
        return
    for index, (word, amount) in enumerate(lines[:2]):
        wide = page.left(text, y0 + 15 + 14 * index, word, Style(BOLD, 12))
        page.figures(edge, y0 + 15 + 14 * index, amount, Style(BOLD, 13), edge - text - wide - 8)
    _fitted(page, text, y0 + 41.4, remark, edge - text)


def _fitted(page: Page, x: float, y: float, text: str, width: float) -> None:
    style = next((size for size in (CAPTION, SMALL) if typeface().width(text, size) <= width), Style(REGULAR, 7))
    page.left(x, y, text, style, width)


def verdict_remark(sheet: CashSheet) -> str:
    """``approved, above $2.00 limit``; differences outside the cash name their tender."""
    verdict = verdict_of(sheet.over_short)
    if verdict.sign == "=":
        return "every tender agrees"
    where = "" if len(verdict.tenders) > 1 or verdict.tenders == ("Cash",) else f" ({verdict.tenders[0].lower()})"
    limit = sheet.approval_limit
    if limit is None:
        return ("approved" if sheet.approver is not None else "explained") + where
    above = any(abs(amount) > limit for amount in sheet.over_short.values())
    if not above:
        return f"within {limit.dollars()} limit{where}"
    return f"{'approved' if sheet.approver is not None else 'not approved'}, above {limit.dollars()} limit{where}"


def cash_and_count(letter: Letter, sheet: CashSheet) -> None:
    """Place the two blocks side by side: cash and all tenders at the left, the count by piece at the right."""
    top = letter.y
    letter.heading("Cash", x1=BLOCK_END)
    _cash(letter, sheet)
    _tenders(letter, sheet)
    left_end = letter.y
    letter.y = top
    letter.heading("What was counted", "in dollars", x0=308.0)
    _counted(letter, sheet)
    letter.y = max(left_end, letter.y)


def _cash(letter: Letter, sheet: CashSheet) -> None:
    page, y = letter.page, letter.y
    for sign, label, moment, amount in _cash_lines(sheet):
        y += 13
        page.left(42.2, y, sign, STRONG)
        suffix = f", {moment}" if moment else ""
        page.left(54.4, y, clipped(visible(label), TEXT, LABEL_ROOM - typeface().width(suffix, TEXT)) + suffix, TEXT)
        page.money(BLOCK_END, y, amount, TEXT, 58)
    page.rule(LEFT, BLOCK_END, y + 3.3, THIN)
    page.left(42.2, y + 13, "=", STRONG)
    for label, amounts in (("Expected cash", sheet.expected), ("Counted cash", sheet.counted)):
        y += 13
        page.left(54.4, y, label, STRONG)
        page.money(BLOCK_END, y, amounts.get("cash", ZERO), STRONG, 80)
    difference = sheet.over_short.get("cash", ZERO)
    page.boxes.append(Box(LEFT + 0.4, y + 3.6, BLOCK_END - LEFT - 0.8, 16.2, 1))
    page.left(54.4, y + 15.3, verdict_word(difference), SECTION)
    page.figures(BLOCK_END - 3.5, y + 15.3, difference.signed_figures(), SECTION, 90)
    letter.y = y + 20.4


def _cash_lines(sheet: CashSheet) -> list[tuple[str, str, str, Money]]:
    number = sheet.received_counts.get("cash", 0)
    rounding = f", rounding {sheet.rounding.signed_figures()}" if sheet.rounding else ""
    lines = [
        ("", "Opening float", "", sheet.opening_count),
        ("+", f"Cash receipts ({number}){rounding}", "", sheet.received.get("cash", ZERO)),
    ]
    if len(sheet.moves) > MOST_MOVES:
        lines.extend(_summed_moves(sheet.moves))
    else:
        for move in sheet.moves:
            sign = "+" if move.kind == "paid_in" else "−"
            lines.append((sign, move_text(move), clock(move.at), move.amount))
    if sheet.cash_refunded:
        cash_refunds = sum(1 for refund in sheet.refunds if refund.tender == "cash")
        lines.append(("−", f"Cash refunds ({cash_refunds})", "", sheet.cash_refunded))
    return lines


def _summed_moves(moves: Sequence[CashMove]) -> list[tuple[str, str, str, Money]]:
    lines = []
    for kind, sign, name in (("drop", "−", "Safe drops"), ("paid_in", "+", "Paid in"), ("paid_out", "−", "Paid out")):
        amounts = [move.amount for move in moves if move.kind == kind]
        if amounts:
            lines.append((sign, f"{name} ({len(amounts)}, listed below)", "", total(amounts)))
    return lines


def moves_need_a_table(moves: Sequence[CashMove]) -> bool:
    """Tell whether the cash block cannot say all: there are many moves, or a reason does not fit its line."""
    texts = (visible(f"{move_text(move)}, {clock(move.at)}") for move in moves)
    return len(moves) > MOST_MOVES or any(typeface().width(text, TEXT) > LABEL_ROOM for text in texts)


def bag_text(bag: str) -> str:
    """``envelope A`` stays; a bare number becomes ``bag 0716-03``."""
    return bag if " " in bag.strip() else f"bag {bag}"


def move_text(move: CashMove) -> str:
    """``Safe drop, envelope A``, ``Paid out PO-118, parking``."""
    if move.kind == "drop":
        return "Safe drop" + (f", {bag_text(move.bag)}" if move.bag else "") + (f", {move.text}" if move.text else "")
    name = "Paid in" if move.kind == "paid_in" else "Paid out"
    return f"{name} {move.text}".rstrip()


def tenders_in_use(sheet: CashSheet) -> list[str]:
    """Cash, checks and cards always; money orders when there are any."""
    sums = (sheet.received, sheet.expected, sheet.counted)
    orders = any(amounts.get("money_order", ZERO) for amounts in sums)
    taken = any(part.tender == "money_order" for receipt in sheet.receipts for part in receipt.tenders)
    return [tender for tender in TENDERS if tender != "money_order" or orders or taken]


def _tenders(letter: Letter, sheet: CashSheet) -> None:
    batch = f"card batch {sheet.card_batch}" if sheet.card_batch else ""
    letter.heading("All tenders", batch, x1=BLOCK_END, gap=20)
    page, y = letter.page, letter.y + 11.9
    for edge, title in ((159.8, "Expected"), (225.7, "Counted"), (BLOCK_END, "Difference")):
        page.right(edge, y, title, SMALL)
    used = tenders_in_use(sheet)
    for tender in used:
        y += 12 if len(used) == len(TENDERS) else 13
        number = sheet.received_counts.get(tender, 0)
        page.left(LEFT, y, PLURALS[tender] + (f" ({number})" if tender != "cash" and number else ""), TEXT, 78)
        for edge, amounts in ((159.8, sheet.expected), (225.7, sheet.counted)):
            page.money(edge, y, amounts.get(tender, ZERO), TEXT, 60)
        page.figures(BLOCK_END, y, sheet.over_short.get(tender, ZERO).signed_figures(), TEXT, 58)
    page.rule(LEFT, BLOCK_END, y + 3.6, THIN)
    y += 12.9
    page.left(LEFT, y, "Total", STRONG)
    page.money(159.8, y, total(sheet.expected.values()), STRONG, 62)
    page.money(225.7, y, total(sheet.counted.values()), STRONG, 62)
    verdict = verdict_of(sheet.over_short)
    page.figures(BLOCK_END, y, (verdict.over if verdict.sign == "+" else verdict.short).signed_figures(), STRONG, 58)
    if verdict.sign == "±":
        y += 12
        page.left(LEFT, y, "Over and short are not set off against each other", SMALL)
        page.figures(BLOCK_END, y, f"+{verdict.over.figures()}", STRONG, 58)
    letter.y = y + 2


def _counted(letter: Letter, sheet: CashSheet) -> None:
    page, y = letter.page, letter.y + 10.9
    for edge, title in ((389.7, "Count"), (445.6, "Rolls"), (493.8, "Amount"), (533.8, "To bank"), (RIGHT, "Left")):
        page.right(edge, y, title, SMALL)
    bank, left = sheet.to_bank_pieces, sheet.left_pieces
    y += 12.2
    for piece in BILLS + COINS:
        page.left(308, y, piece.label, COUNTED)
        page.figures(389.7, y, f"{sheet.pieces.pieces.get(piece.key, 0):,}", COUNTED, 34)
        if piece in COINS:
            page.figures(445.6, y, _rolls(sheet.pieces, piece.key), COUNTED, 54)
        page.money(493.8, y, _worth(sheet.pieces, piece.key), COUNTED, 46)
        if left is not None and bank is not None:
            _split(page, y, _worth(bank, piece.key), _worth(left, piece.key))
        y += 12.44
    if sheet.pieces.mutilated:
        page.left(308, y, "Mutilated", COUNTED)
        page.money(493.8, y, sheet.pieces.mutilated, COUNTED, 46)
        if left is not None and bank is not None:
            _split(page, y, bank.mutilated, left.mutilated)
        y += 12.44
    page.rule(308, RIGHT, y - 9.0, THIN)
    page.left(308, y + 0.3, "Total", STRONG)
    page.money(493.8, y + 0.3, sheet.pieces.total(), STRONG, 60)
    page.money(533.8, y + 0.3, sheet.to_bank, STRONG, 37)
    page.money(RIGHT, y + 0.3, sheet.left_in_drawer, STRONG, 36)
    letter.y = y + 2.3


def _split(page: Page, y: float, bank: Money, left: Money) -> None:
    if bank:
        page.money(533.8, y, bank, COUNTED, 37)
    page.money(RIGHT, y, left, COUNTED, 36)


def _worth(count: CashCount, key: str) -> Money:
    """Add up the loose pieces and the rolls of one denomination."""
    keys = {name: count.pieces[name] for name in (key, ROLL + key) if name in count.pieces}
    return CashCount(keys).total()


def _rolls(count: CashCount, key: str) -> str:
    rolls = count.pieces.get(ROLL + key, 0)
    if not rolls:
        return "0"
    return f"{rolls:,} × {CashCount({ROLL + key: 1}).total().figures()}"


def to_the_bank(letter: Letter, sheet: CashSheet, x0: float) -> None:
    """Place what goes to the bank from this custody, and in which bags."""
    bags = [bag_text(bag) for bag in (sheet.bag, *(drop.bag for drop in sheet.drops)) if bag]
    letter.heading("To the bank", ", ".join(bags), x0=x0, gap=20)
    page, y = letter.page, letter.y - 1.5
    for label, amount in bank_lines(sheet):
        y += 11.3
        page.left(x0, y, label, TEXT, RIGHT - x0 - 66)
        page.money(RIGHT, y, amount, TEXT, 60)
    page.rule(x0, RIGHT, y + 3.7, THIN)
    page.left(x0, y + 13.6, "Total deposit", Style(BOLD, 9.4))
    page.figures(RIGHT, y + 13.6, sheet.total_deposit.dollars(), Style(BOLD, 9.4), 110)
    letter.y = y + 15.6


def bank_lines(sheet: CashSheet) -> list[tuple[str, Money]]:
    """List the parts of the deposit; many drops are one line."""
    lines = [("Cash from drawer", sheet.to_bank)]
    drops = sheet.drops
    if len(drops) > MOST_MOVES:
        lines.append((f"Drops ({len(drops)})", total(drop.amount for drop in drops)))
    else:
        lines.extend((f"Drop {bag_text(drop.bag) if drop.bag else clock(drop.at)}", drop.amount) for drop in drops)
    for tender in ("check", "money_order"):
        amount = sheet.counted.get(tender, ZERO)
        number = sum(1 for check in sheet.counted_checks if check.tender == tender)
        number = number or sheet.received_counts.get(tender, 0)
        if amount or tender == "check":
            lines.append((PLURALS[tender] + (f" ({number})" if number else ""), amount))
    return lines
