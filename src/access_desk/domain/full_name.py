"""A patient's whole name as screens and papers write it, family name first, with its suffix where the facility wants it.

A generational suffix (Jr, III) is kept apart from the name (45 CFR 170.315(a)(5); AHIMA). The ONC patient identification playbook
(NAHAM) writes it with the last name; most identity documents write it last. Matching compares both ways, whatever is written.
"""

from __future__ import annotations

AFTER_GIVEN, AFTER_FAMILY = "given", "family"
SUFFIX_PLACES = (AFTER_GIVEN, AFTER_FAMILY)


def name_pieces(family: str, given: str, middle: str, suffix: str, suffix_after: str) -> tuple[tuple[str, str], ...]:
    """The name as pieces in the order they are written: (``family``, ``given``, ``middle`` or ``suffix``, its text).

    Between them stand pieces of no field: a comma after the family name and what belongs to it, else a space.
    """
    last = [("family", family), *([("suffix", suffix)] if suffix_after == AFTER_FAMILY else [])]
    first = [("given", given), ("middle", middle), *([("suffix", suffix)] if suffix_after == AFTER_GIVEN else [])]
    pieces: list[tuple[str, str]] = []
    for group in (last, first):
        between = ", "
        for field, text in group:
            if text.strip():
                pieces += [("", between)] if pieces else []
                pieces.append((field, text))
                between = " "
    return tuple(pieces)


def full_name(family: str, given: str, middle: str, suffix: str, suffix_after: str) -> str:
    """``Vega-Trujillo, Rafael A Jr``, or ``Vega-Trujillo Jr, Rafael A``; blank when no part is known."""
    return "".join(text for _, text in name_pieces(family, given, middle, suffix, suffix_after))
