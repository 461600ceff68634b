"""Change: the sums people hand over, and the bills and coins that go back."""

from __future__ import annotations

from access_desk.domain.denominations import BILLS, COINS, Denomination
from access_desk.domain.money import Money

# What a US drawer gives: no $2 bills, dollar coins or half dollars.
_GIVEN = tuple(piece for piece in BILLS if piece.key != "2") + tuple(piece for piece in COINS if piece.key not in ("1c$", "0.50"))
_WORDS = {"0.25": ("quarter", "quarters"), "0.10": ("dime", "dimes"), "0.05": ("nickel", "nickels"), "0.01": ("penny", "pennies")}
_QUICK = 3


def change_pieces(change: Money) -> tuple[tuple[int, str], ...]:
    """The fewest pieces that make the change: ``(1, "$1 bill"), (1, "quarter"), …``."""
    left, pieces = change.cents, []
    for piece in _GIVEN:
        number, left = divmod(left, piece.value.cents)
        if number:
            pieces.append((number, _word(piece, number)))
    return tuple(pieces)


def _word(piece: Denomination, number: int) -> str:
    if piece.key in _WORDS:
        return _WORDS[piece.key][number != 1]
    return f"${piece.key} bill" if number == 1 else f"${piece.key} bills"


def quick_amounts(asked: Money) -> tuple[Money, ...]:
    """Sums above what is asked for that people hand over: the next ten, twenty, fifty, hundred, each once."""
    if not asked:
        return ()
    found: list[int] = []
    for dollars in (10, 20, 50, 100):
        step = dollars * 100
        amount = -(-asked.cents // step) * step
        if amount in found or amount == asked.cents:
            amount += step
        if amount not in found:
            found.append(amount)
    return tuple(Money(cents) for cents in sorted(found)[:_QUICK])
