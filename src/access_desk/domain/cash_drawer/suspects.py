"""Where a difference could come from: what an experienced lead looks for first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from access_desk.domain.denominations import ROLLS
from access_desk.domain.money import Money
from access_desk.domain.payments.views import MoveRow, ReceiptRow

_TRANSPOSED_CENTS = 9


@dataclass(frozen=True, slots=True)
class Suspect:
    """A possible cause; ``receipt`` names the receipt to look at, or is blank."""

    headline: str
    detail: str
    receipt: str = ""
    payment_id: str = ""


def suspects(difference: Money, receipts: Sequence[ReceiptRow], moves: Sequence[MoveRow], most: int = 3) -> list[Suspect]:
    """Possible causes of a cash difference (counted minus expected), the most telling first; none when balanced."""
    if not difference:
        return []
    size = abs(difference)
    found = [*_from_receipts(difference, receipts), *_from_moves(size, moves), *_from_rolls(size)]
    if not found and size.cents % _TRANSPOSED_CENTS == 0:
        found.append(
            Suspect("Two digits swapped", "The difference divides by nine: look for an amount typed the wrong way round.")
        )
    return found[:most]


def _from_receipts(difference: Money, receipts: Sequence[ReceiptRow]) -> list[Suspect]:
    size, short = abs(difference), difference < Money(0)
    found: list[Suspect] = []
    for row in receipts:
        cash = [part for part in row.tenders if part.tender == "cash"]
        if row.voided_at is not None or not cash:
            continue
        taken, change = Money(sum(part.taken.cents for part in cash)), Money(sum(part.change.cents for part in cash))
        tendered = Money(sum((part.tendered or part.taken).cents for part in cash))
        headline = f"Cash {taken.dollars()}, received {tendered.dollars()}, change {change.dollars()}."
        what = ""
        if change == size:
            what = "The change equals the difference. It may have been given " + ("twice." if short else "too little.")
        elif taken == size:
            what = "The amount equals the difference. " + ("It may never have come in." if short else "It may be recorded twice.")
        elif taken * 2 == size:
            what = "Twice this amount is the difference."
        if what:
            found.append(Suspect(headline, what, row.receipt, row.payment_id))
    return found


def _from_moves(size: Money, moves: Sequence[MoveRow]) -> list[Suspect]:
    names = {"drop": "Safe drop", "paid_out": "Paid out", "paid_in": "Paid in"}
    return [
        Suspect(f"{names[move.kind]} of {move.amount.dollars()}", "The amount equals the difference. Check its slip.")
        for move in moves
        if move.kind in names and move.amount == size
    ]


def _from_rolls(size: Money) -> list[Suspect]:
    return [
        Suspect(f"A {roll.label.lower()}", f"One roll is {roll.value.dollars()}: a roll may be miscounted.")
        for roll in ROLLS
        if roll.value == size
    ]
