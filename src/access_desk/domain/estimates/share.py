"""A patient's share of a bill under a plan: copay, deductible, coinsurance, never more than is left out of pocket.

The usual order of benefit computation: the deductible takes the first of the allowed amount, coinsurance its part of the
rest, and the plan's out-of-pocket maximum caps the sum. All in whole cents; coinsurance is rounded half up to the cent,
once, so that the same inputs always give the same figures.
"""

from __future__ import annotations

from dataclasses import dataclass

from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.money import LARGEST_CENTS, ZERO, Money, total

RULE = "share/1"
BASIS_POINTS = 10_000


@dataclass(frozen=True, slots=True)
class ShareInputs:
    """What the share is worked out from. ``coinsurance`` in basis points; ``out_of_pocket_left`` None: no cap is known."""

    allowed: Money
    copay: Money = ZERO
    deductible_left: Money = ZERO
    coinsurance: int = 0
    out_of_pocket_left: Money | None = None

    def check(self) -> None:
        """Raises ``bad_amount`` or ``bad_value``."""
        left = () if self.out_of_pocket_left is None else (self.out_of_pocket_left,)
        for amount in (self.allowed, self.copay, self.deductible_left, *left):
            if not 0 <= amount.cents <= LARGEST_CENTS:
                raise DeskError(Refusal.BAD_AMOUNT, "An amount is from 0.00 to 9,999,999.99.")
        if not 0 <= self.coinsurance <= BASIS_POINTS:
            raise DeskError(Refusal.BAD_VALUE, "Coinsurance is from 0 to 100 percent.")


@dataclass(frozen=True, slots=True)
class Share:
    """What the patient will probably owe, by kind; ``uncapped`` is what it would be without an out-of-pocket maximum."""

    copay: Money
    deductible: Money
    coinsurance: Money
    uncapped: Money

    @property
    def total(self) -> Money:
        """All of it."""
        return total((self.copay, self.deductible, self.coinsurance))

    @property
    def billed_later(self) -> Money:
        """What is billed once the plan has paid."""
        return self.deductible + self.coinsurance

    @property
    def is_capped(self) -> bool:
        """Whether the out-of-pocket maximum took something off."""
        return self.total < self.uncapped


def share_of(inputs: ShareInputs) -> Share:
    """The share; a cap takes from the coinsurance first, then the deductible, then the copay, as bills arise."""
    inputs.check()
    deductible = min(inputs.deductible_left, inputs.allowed)
    rest = inputs.allowed - deductible
    coinsurance = Money((inputs.coinsurance * rest.cents + BASIS_POINTS // 2) // BASIS_POINTS)
    parts = (inputs.copay, deductible, coinsurance)
    room = total(parts) if inputs.out_of_pocket_left is None else inputs.out_of_pocket_left
    copay = min(inputs.copay, room)
    deductible = min(deductible, room - copay)
    coinsurance = min(coinsurance, room - copay - deductible)
    return Share(copay, deductible, coinsurance, total(parts))
