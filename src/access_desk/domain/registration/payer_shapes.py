"""How the member ids of payers look, as the payers print them on their cards: data, checked against the payer's name.

A payer that is not listed has no shape of its own. Shapes change without notice, so that they never stop a filing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from access_desk.domain.coverage.authorization import payer_key


@dataclass(frozen=True, slots=True)
class PayerShape:
    """The ids of payers whose name begins with one of these words; ``says`` is what the clerk reads."""

    names: tuple[str, ...]
    pattern: str
    says: str


PAYER_SHAPES: tuple[PayerShape, ...] = (
    # BCBSA Inter-Plan Programs: a prefix of three characters names the plan; 14 more at most.
    PayerShape(
        ("blue cross", "bcbs", "blue shield", "anthem blue", "anthem bcbs"),
        r"[A-Z][A-Z0-9]{2}[A-Z0-9]{4,14}|R\d{8}",
        "A Blue Cross id begins with the plan's three letters and goes on with 4 to 14 more, without spaces.",
    ),
    PayerShape(
        ("aetna",), r"W\d{9}(\d{2})?|ME[A-Z0-9]{6,10}|\d{9,12}", "An Aetna id is W and nine digits, or nine to twelve digits."
    ),
    PayerShape(("cigna",), r"[A-Z]\d{8}(\d{2})?|\d{9,11}", "A Cigna id is a letter and eight digits, or nine to eleven digits."),
    PayerShape(
        ("unitedhealthcare", "united healthcare", "uhc"), r"\d{9}(\d{2})?", "A UnitedHealthcare id has nine or eleven digits."
    ),
    PayerShape(("humana",), r"H\d{8}(\d{2})?", "A Humana id is H and eight digits."),
    PayerShape(("kaiser",), r"\d{7,12}", "A Kaiser id has seven to twelve digits."),
    # DHA, uniformed services identification card: DoD benefits number of eleven digits, or the sponsor's SSN or DoD id.
    PayerShape(
        ("tricare", "champus"), r"\d{9,11}", "A TRICARE id has nine to eleven digits: take the benefits number from the card."
    ),
)


def shape_of(payer: str) -> PayerShape | None:
    """The shape of a payer's ids; None for a payer without one."""
    name = payer_key(payer)
    return next((shape for shape in PAYER_SHAPES if name.startswith(shape.names)), None)


def fits(shape: PayerShape, member_id: str) -> bool:
    """Whether an id looks like the payer's; spaces and dashes are how cards group it."""
    plain = "".join(letter for letter in member_id if letter not in " -").upper()
    return re.fullmatch(shape.pattern, plain, re.ASCII) is not None
