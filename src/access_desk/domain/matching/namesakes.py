"""People who are easily mistaken for each other while both are here.

The Joint Commission's NPSG.01.01.01 wants two identifiers for every patient; SAFER's Patient Identification guide asks that
the screen warns of patients with the same or a similar name, before somebody acts on the wrong one.
"""

from __future__ import annotations

from typing import Final

from access_desk.domain.matching.comparison import AGREEING, Tools, levels
from access_desk.domain.matching.person import Person

_ALIKE: Final = frozenset((*AGREEING, "similar"))


def are_namesakes(one: Person, other: Person, tools: Tools) -> bool:
    """Whether two people have names that are heard or read for each other, or share family name and birth date as twins do."""
    if one.nobody or other.nobody:
        return False
    found = levels(one, other, tools)
    if found["family"] in _ALIKE and found["given"] in _ALIKE:
        return True
    return found["family"] == found["birth_date"] == "exact"
