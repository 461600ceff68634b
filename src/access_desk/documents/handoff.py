"""The handoff sheet: both counts side by side, what is carried over, and two signatures."""

from __future__ import annotations

from access_desk.documents.cash_sheet_blocks import bag_text, framed_answer
from access_desk.documents.letter import LEFT, RIGHT, SMALL, STRONG, TEXT, THIN, Field, Letter, named
from access_desk.documents.moments import clock, clock_on, named_day
from access_desk.documents.printable import wrapped
from access_desk.documents.verdict import PLURALS, verdict_of, verdict_word
from access_desk.domain.denominations import ALL_DENOMINATIONS
from access_desk.domain.money import ZERO, total
from access_desk.domain.papers.handoff import HandoffSheet, OpenItem
from access_desk.domain.papers.imprint import Signed
from access_desk.domain.policy import TENDERS

BLOCK_END, BLOCK_START = 288.0, 308.0
GIVEN, TAKEN = 178.0, 232.0


def render_handoff(content: HandoffSheet) -> bytes:
    """Draw the sheet that both people sign.

    Raises:
        UnavailableError: when the fonts are missing.
    """
    letter = Letter(content.imprint, "Handoff sheet", content.number)
    letter.top()
    agree = content.incoming_pieces.total() == content.left_in_drawer
    remark = "both counts agree" if agree else "the counts do not agree"
    amount = content.left_in_drawer.dollars()
    framed_answer(letter.page, "=" if agree else "±", (("Handed over", amount),), remark)
    letter.fields(_fields(content))
    top = letter.y
    _counts(letter, content)
    left_end = letter.y
    letter.y = top
    _staying(letter, content)
    _bags(letter, content)
    letter.y = max(left_end, letter.y)
    _open_items(letter, content)
    if content.note.strip():
        letter.need(60)
        letter.heading(f"Note for {content.incoming.name}", gap=20)
        letter.y += 3
        letter.paragraph(content.note, most=24)
    slots: list[tuple[str, Signed | None]] = [("Handed over by", content.outgoing), ("Taken over by", content.incoming)]
    if content.witness is not None:
        slots.append(("Witness", content.witness))
    letter.signatures(slots, _statement(content))
    return letter.finish()


def _statement(sheet: HandoffSheet) -> str:
    items = len(sheet.open_items)
    read = f"read {items} open {'item' if items == 1 else 'items'} and take" if items else "and take"
    comma = "," if items else ""
    return (
        f"The receiver: I counted {sheet.incoming_pieces.total().dollars()}{comma} {read} drawer {sheet.drawer}, "
        "its key and its receipts from now."
    )


def _fields(sheet: HandoffSheet) -> list[list[Field]]:
    shifts = f"{sheet.shift_from} to {sheet.shift_to}" if sheet.shift_to != sheet.shift_from else sheet.shift_from
    signed = [clock(person.at) if person.at else "on paper" for person in (sheet.outgoing, sheet.incoming)]
    return [
        [
            Field("Date", named_day(sheet.business_date)),
            Field("Drawer and desk", f"{sheet.drawer}, {sheet.desk_label}"),
            Field("Handed over by", named(sheet.outgoing)),
            Field("Taken over by", named(sheet.incoming)),
        ],
        [
            Field("Shift", shifts[:1].upper() + shifts[1:]),
            Field("Handed over", clock_on(sheet.handed_at, sheet.business_date)),
            Field("Signed", signed[0]),
            Field("Signed", signed[1]),
        ],
    ]


def _counts(letter: Letter, sheet: HandoffSheet) -> None:
    given, taken = sheet.outgoing_pieces, sheet.incoming_pieces
    letter.heading("Counted by both", "pieces" if given else "left by amount, taken by piece", x1=BLOCK_END)
    page, y = letter.page, letter.y + 10.9
    page.right(GIVEN, y, _first(sheet.outgoing), SMALL, 56)
    page.right(TAKEN, y, _first(sheet.incoming), SMALL, 50)
    page.right(BLOCK_END, y, "Amount", SMALL)
    for piece in ALL_DENOMINATIONS:
        left = given.pieces.get(piece.key, 0) if given else 0
        got = taken.pieces.get(piece.key, 0)
        if not left and not got:
            continue
        y += 12.4
        page.left(LEFT, y, piece.label, TEXT, 86)
        page.figures(GIVEN, y, f"{left:,}" if given else "–", TEXT, 50)
        page.figures(TAKEN, y, f"{got:,}", STRONG if given and got != left else TEXT, 50)
        page.money(BLOCK_END, y, piece.value * got, TEXT, 52)
    if taken.mutilated or (given and given.mutilated):
        y += 12.4
        page.left(LEFT, y, "Mutilated", TEXT, 86)
        page.figures(GIVEN, y, given.mutilated.figures() if given else "–", TEXT, 50)
        page.money(TAKEN, y, taken.mutilated, TEXT, 50)
        page.money(BLOCK_END, y, taken.mutilated, TEXT, 52)
    page.rule(LEFT, BLOCK_END, y + 3.6, THIN)
    y += 13.2
    page.left(LEFT, y, "Total", STRONG)
    page.figures(GIVEN, y, sheet.left_in_drawer.dollars(), STRONG, 58)
    page.figures(TAKEN, y, taken.total().dollars(), STRONG, 52)
    page.figures(BLOCK_END, y, taken.total().dollars(), STRONG, 54)
    letter.y = y + 3


def _first(person: Signed) -> str:
    words = person.name.split()
    return words[0] if words else person.name


def _staying(letter: Letter, sheet: HandoffSheet) -> None:
    """Place the difference of the closed custody: it never goes to the receiver."""
    letter.heading("Over or short", f"stays with {_first(sheet.outgoing)}", x0=BLOCK_START)
    page, y = letter.page, letter.y - 0.5
    differences = sheet.over_short or {}
    used = [tender for tender in TENDERS if differences.get(tender, ZERO)]
    for tender in used or ["cash"]:
        y += 12.4
        amount = differences.get(tender, ZERO)
        page.left(BLOCK_START, y, PLURALS[tender], TEXT)
        page.right(470, y, verdict_word(amount), STRONG)
        page.figures(RIGHT, y, amount.signed_figures(), STRONG, 90)
    verdict = verdict_of(differences)
    if verdict.sign == "±":
        y += 11
        page.left(BLOCK_START, y, "Over and short are not set off against each other.", SMALL)
    letter.y = y + 3


def _bags(letter: Letter, sheet: HandoffSheet) -> None:
    letter.heading("Bags in the safe", x0=BLOCK_START, gap=20)
    page, y = letter.page, letter.y - 0.5
    shown = sheet.bags[:12]
    for bag in shown:
        y += 12.4
        name = bag_text(bag.bag) if bag.bag else "loose money"
        since = f"since {clock_on(bag.since, sheet.business_date)}" if bag.since else ""
        note = ", ".join(part for part in (name[:1].upper() + name[1:], bag.content, since) if part)
        page.left(BLOCK_START, y, note, TEXT, RIGHT - BLOCK_START - 62)
        page.money(RIGHT, y, bag.amount, TEXT, 58)
    if len(sheet.bags) > len(shown):
        y += 12.4
        rest = sheet.bags[len(shown) :]
        page.left(BLOCK_START, y, f"{len(rest)} more", TEXT)
        page.money(RIGHT, y, total(bag.amount for bag in rest), TEXT, 58)
    if not shown:
        y += 12.4
        page.left(BLOCK_START, y, "None", TEXT)
    letter.y = y + 3
    if sheet.also_handed:
        letter.heading("Also handed over", x0=BLOCK_START, gap=20)
        y = letter.y - 0.5
        for thing in sheet.also_handed[:8]:
            y += 12.4
            page.left(BLOCK_START, y, thing, TEXT, RIGHT - BLOCK_START)
        letter.y = y + 3


def _open_items(letter: Letter, sheet: HandoffSheet) -> None:
    number = len(sheet.open_items)
    letter.need(60)
    letter.heading("Open items carried over", f"{number} in all" if number else "none", gap=20)
    letter.y += 3
    if not number:
        letter.paragraph("Nothing is carried over.")
    for index, item in enumerate(sheet.open_items):
        _item(letter, index + 1, item)


def _item(letter: Letter, number: int, item: OpenItem) -> None:
    text = f"{item.text.strip()}. {item.detail}" if item.detail else item.text
    room = RIGHT - LEFT - 24 - (90 if item.state else 0)
    lines = wrapped(text, TEXT, room, 8)
    letter.need(11.8 * min(2, len(lines)) + 4)
    letter.page.left(LEFT, letter.y + 9.4, f"{number}.", STRONG)
    letter.page.right(RIGHT, letter.y + 9.4, item.state, TEXT, 86)
    for line in lines:
        letter.need(11.8)
        letter.y += 11.8
        letter.page.left(LEFT + 24, letter.y - 2.4, line, TEXT)
    letter.y += 2.5
