"""Count boxes: what is typed into them, what it means, and what is still blank. Pure values, used by every count."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from access_desk.domain.denominations import BILLS, BY_KEY, COINS, LARGEST_PIECES, ROLL, CashCount, Denomination
from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.money import Money, total

# The order in which Enter runs: bills, then each coin loose and in rolls.
BOX_ORDER = tuple(bill.key for bill in BILLS) + tuple(key for coin in COINS for key in (coin.key, ROLL + coin.key))
BILL_KEYS = tuple(bill.key for bill in BILLS)
COIN_KEYS = tuple(key for key in BOX_ORDER if key not in BILL_KEYS)
WRONG_PIECES = "Enter a whole number, or a sum like 12+8."
_SUM = re.compile(r"\s*\d{1,7}(?:\s*\+\s*\d{1,7})*\s*", re.ASCII)


def typed_pieces(text: str) -> int | None:
    """What a box says: a whole number or a sum such as ``12+8``; None for a blank one, which is not counted yet.

    Raises:
        DeskError: ``bad_count`` for anything else, or for more than a million pieces.
    """
    if not text.strip():
        return None
    if not _SUM.fullmatch(text):
        raise DeskError(Refusal.BAD_COUNT, WRONG_PIECES)
    pieces = sum(int(part) for part in text.split("+"))
    if pieces > LARGEST_PIECES:
        raise DeskError(Refusal.BAD_COUNT, "Pieces are whole numbers from 0 to 1,000,000.")
    return pieces


def box_name(key: str) -> str:
    """How a box is called aloud: ``$20 bills``, ``Quarter, loose``, ``Dime, rolls``."""
    piece = BY_KEY[key]
    if piece.is_roll:
        return f"{BY_KEY[key.removeprefix(ROLL)].label}, rolls"
    return piece.label if key in BILL_KEYS else f"{piece.label}, loose"


def short_label(bill: Denomination) -> str:
    """``$20`` for the row of $20 bills."""
    return f"${bill.key}"


@dataclass(frozen=True, slots=True)
class CountBoxes:
    """The texts of the count boxes by denomination key; an absent or blank text is a box not counted yet.

    ``damaged`` is the amount in mutilated money as typed, blank for none.
    """

    texts: Mapping[str, str] = field(default_factory=dict)
    damaged: str = ""

    def typed(self, key: str, text: str) -> CountBoxes:
        """The boxes after typing into one."""
        return replace(self, texts={**self.texts, key: text})

    def text(self, key: str) -> str:
        """What stands in a box."""
        return self.texts.get(key, "")

    def error(self, key: str) -> str:
        """Why a box cannot be read; blank when it can."""
        try:
            typed_pieces(self.text(key))
        except DeskError as wrong:
            return wrong.text
        return ""

    def pieces(self, key: str) -> int | None:
        """The pieces in a box; None when it is blank or cannot be read."""
        return None if self.error(key) else typed_pieces(self.text(key))

    def amount(self, *keys: str) -> Money | None:
        """What these boxes are worth together; None while all of them are blank."""
        counted = [(BY_KEY[key].value, pieces) for key in keys if (pieces := self.pieces(key)) is not None]
        return total(value * pieces for value, pieces in counted) if counted else None

    def amount_of(self, keys: Iterable[str]) -> Money:
        """What these boxes are worth together; blanks are worth nothing."""
        return self.amount(*keys) or Money(0)

    def blanks(self, keys: Iterable[str] = BOX_ORDER) -> tuple[str, ...]:
        """Boxes not counted yet, in the order of the keyboard."""
        return tuple(key for key in keys if not self.text(key).strip())

    def unreadable(self) -> tuple[str, ...]:
        """Boxes that cannot be read, in the order of the keyboard."""
        return tuple(key for key in BOX_ORDER if self.error(key))

    def filled(self) -> CountBoxes:
        """The boxes with 0 in every blank one."""
        return replace(self, texts={**self.texts, **dict.fromkeys(self.blanks(), "0")})

    @property
    def is_touched(self) -> bool:
        """Whether anything was typed."""
        return bool(self.damaged.strip()) or any(text.strip() for text in self.texts.values())

    def damaged_amount(self) -> Money:
        """The amount in mutilated money. Raises ``bad_amount``."""
        return Money.typed(self.damaged) if self.damaged.strip() else Money(0)

    def total(self) -> Money:
        """What was counted so far."""
        try:
            damaged = self.damaged_amount()
        except DeskError:
            damaged = Money(0)
        return self.amount_of(BOX_ORDER) + damaged

    def to_count(self) -> CashCount:
        """The count; blanks are none.

        Raises:
            DeskError: ``bad_count`` or ``bad_amount`` for a box that cannot be read.
        """
        pieces = {key: number for key in BOX_ORDER if (number := typed_pieces(self.text(key)))}
        return CashCount(pieces, self.damaged_amount())

    @classmethod
    def of(cls, count: CashCount) -> CountBoxes:
        """Boxes that show a count."""
        return cls({key: str(count.pieces.get(key, 0)) for key in BOX_ORDER}, str(count.mutilated) if count.mutilated else "")

    def to_json(self) -> str:
        """What a draft keeps, exactly as typed."""
        return json.dumps({"texts": dict(self.texts), "damaged": self.damaged}, ensure_ascii=False)

    @classmethod
    def from_json(cls, content: str) -> CountBoxes:
        """What a draft kept. Raises ValueError when it is none."""
        kept = json.loads(content)
        texts = {key: str(text) for key, text in kept.get("texts", {}).items() if key in BY_KEY}
        return cls(texts, str(kept.get("damaged", "")))


def counted_lines(count: CashCount) -> tuple[tuple[str, str, str], ...]:
    """What was counted, for reading: label, amount and a second line such as ``23 loose, 1 roll``; nothing for none."""
    lines = [
        (f"{short_label(bill)} × {pieces}", (bill.value * pieces).figures(), "")
        for bill in BILLS
        if (pieces := count.pieces.get(bill.key, 0))
    ]
    for coin in COINS:
        loose, rolls = count.pieces.get(coin.key, 0), count.pieces.get(ROLL + coin.key, 0)
        if loose or rolls:
            worth = coin.value * loose + BY_KEY[ROLL + coin.key].value * rolls
            parts = [f"{loose} loose"] if loose else []
            parts += [f"{rolls} roll{'' if rolls == 1 else 's'}"] if rolls else []
            lines.append((coin.label, worth.figures(), ", ".join(parts)))
    if count.mutilated:
        lines.append(("Damaged", count.mutilated.figures(), ""))
    return tuple(lines)
