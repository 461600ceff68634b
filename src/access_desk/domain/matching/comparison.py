"""Two records compared field by field: each field ends at a level, such as ``exact``, ``typo`` or ``different``.

A field that one of the two does not have is ``missing`` and says nothing. Comparing is symmetric. How alike two words are
is asked of a port, because the domain needs the standard library only; `services.matching_tools` answers with rapidfuzz.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from access_desk.domain.matching.dates import date_level
from access_desk.domain.matching.names import LONG_HALF
from access_desk.domain.matching.person import Person, same_phone

# Every level that a field can end at, the most alike first; ``missing`` is none, and says nothing. Exchanged names (``order``)
# are compared crosswise, and that they are exchanged proves nothing beside; an equal medical record number is a fact.
LEVELS: Final[Mapping[str, tuple[str, ...]]] = {
    "family": ("exact", "part", "typo", "similar", "different"),
    "given": ("exact", "nickname", "initial", "typo", "middle", "similar", "different"),
    "birth_date": ("exact", "slip", "near", "year", "different"),
    "middle": ("exact", "typo", "different"),
    "suffix": ("exact", "different"),
    "sex": ("exact", "different"),
    "ssn": ("exact", "serial", "near", "different"),
    "phone": ("exact", "near", "different"),
    "email": ("exact", "near", "different"),
    "address": ("exact", "near", "place", "different"),
}
FIELDS: Final = (*LEVELS, "mrn")
# At these levels two names may be the same name.
AGREEING: Final = frozenset(("exact", "nickname", "part", "typo", "initial", "middle"))
_CROSSING: Final = frozenset(("exact", "typo"))
_CROSSED_RANK: Final = (*LEVELS["family"][:-1], "missing", "different")
_SHORT, _LONG = 3, 7
_TYPO, _SIMILAR, _CITY = 0.92, 0.84, 0.88
_SSN_DIGITS, _LAST_FOUR = 9, 4


class Likeness(Protocol):
    """How alike two words are."""

    def ratio(self, one: str, other: str) -> float:
        """Jaro-Winkler, from 0 to 1."""
        ...

    def edits(self, one: str, other: str) -> int:
        """Insertions, deletions, replacements and exchanged neighbours that make one of the other; 3 for more than 2."""
        ...


@dataclass(frozen=True)
class Tools:
    """What comparing names needs: how alike words are, and which given names stand for each other.

    ``nicknames`` are the groups that a name is in, ``forms`` the names of a group.
    """

    likeness: Likeness
    nicknames: Mapping[str, frozenset[int]]
    forms: Mapping[int, tuple[str, ...]]

    def are_nicknames(self, one: str, other: str) -> bool:
        """Whether two given names are forms of one name, such as Bill and William."""
        groups = self.nicknames.get(one)
        return groups is not None and not groups.isdisjoint(self.nicknames.get(other, frozenset()))

    def is_near_a_form(self, one: str, other: str) -> bool:
        """Whether one name is a letter off from another form of the other, such as Jimie and James."""
        return any(
            abs(len(form) - len(one)) <= 1 and min(len(form), len(one)) > _SHORT and self.likeness.edits(one, form) <= 1
            for group in self.nicknames.get(other, ())
            for form in self.forms[group]
        )


def nickname_groups(groups: list[list[str]]) -> dict[str, frozenset[int]]:
    """From groups of names that stand for each other to the groups of each name; the first of a group is its full name."""
    found: dict[str, set[int]] = {}
    for number, names in enumerate(groups):
        for name in names:
            found.setdefault(name, set()).add(number)
    return {name: frozenset(numbers) for name, numbers in found.items()}


def levels(one: Person, other: Person, tools: Tools) -> dict[str, str]:
    """The level of every field of :data:`FIELDS`; ``order`` is ``swapped`` where family and given name changed places."""
    found = {"family": _family(one.family, other.family, tools), "given": _given(one.given, other.given, tools)}
    found["order"] = "straight"
    crossed = _crossed(one, other, found, tools)
    if crossed:
        found = crossed
    elif found["given"] in ("different", "similar") and _goes_by_middle(one, other):
        found["given"] = "middle"
    found["birth_date"] = date_level(one.born, other.born)
    found["middle"] = _middle(one, other, tools)
    found["suffix"] = _plain(one.suffix, other.suffix)
    found["sex"] = _plain(one.sex, other.sex)
    found["ssn"] = _ssn(one, other, tools)
    found["phone"] = _phone(one.phone, other.phone, tools)
    found["email"] = _email(one.email, other.email, tools)
    found["address"] = _address(one, other, tools)
    found["mrn"] = "exact" if one.mrn and one.mrn == other.mrn else "missing"
    return found


def _crossed(one: Person, other: Person, straight: Mapping[str, str], tools: Tools) -> dict[str, str] | None:
    """The levels with family and given name exchanged, when they fit better so; None when they do not."""
    if straight["family"] in AGREEING or straight["given"] in AGREEING:
        return None
    family, given = _family(one.family, other.given, tools), _family(one.given, other.family, tools)
    fitting = [level for level in (family, given) if level in _CROSSING]
    if not fitting:
        return None
    # Which of the two was typed wrongly does not depend on who is asked first.
    better, worse = sorted((family, given), key=_CROSSED_RANK.index)
    if worse in ("different", "similar"):
        rest = (one.given, other.family) if given == worse else (one.family, other.given)
        as_given = _given(*rest, tools)
        if as_given in AGREEING:
            return {"family": better, "given": as_given, "order": "swapped"}
    # Half of a double name is a family name, wherever it was typed.
    return (
        {"family": worse, "given": better, "order": "swapped"}
        if worse == "part"
        else {"family": better, "given": worse, "order": "swapped"}
    )


def _goes_by_middle(one: Person, other: Person) -> bool:
    """Whether the given name of one is the other's middle name, as when somebody goes by it."""
    return any(mine.middle == theirs.given_key and len(mine.middle) > _SHORT - 1 for mine, theirs in ((one, other), (other, one)))


def _plain(one: str, other: str) -> str:
    if not one or not other:
        return "missing"
    return "exact" if one == other else "different"


def _word(one: str, other: str, tools: Tools) -> str:
    """``exact``, ``typo``, ``similar`` or ``different`` of two words."""
    if one == other:
        return "exact"
    shorter, longer = sorted((len(one), len(other)))
    if shorter >= _SHORT and longer - shorter <= 2:  # noqa: PLR2004 - more letters more or less are more than two edits
        edits = tools.likeness.edits(one, other)
        if edits == 1 or (edits == 2 and longer >= _LONG):  # noqa: PLR2004
            return "typo"
    ratio = tools.likeness.ratio(one, other)
    return "typo" if ratio >= _TYPO and shorter > _SHORT else "similar" if ratio >= _SIMILAR else "different"


def _family(one: tuple[str, ...], other: tuple[str, ...], tools: Tools) -> str:
    if not one or not other:
        return "missing"
    mine, theirs = "".join(one), "".join(other)
    level = _word(mine, theirs, tools)
    if level in ("exact", "typo"):
        return level
    if len(one) > 1 or len(other) > 1:
        # One of two family names, as when a double name is shortened; particles such as "de" do not make one.
        if any(len(part) > _SHORT for part in set(one) & set(other)):
            return "part"
        if level == "different" and share_a_part(one, other, tools):
            return "similar"
    return level


def share_a_part(one: tuple[str, ...], other: tuple[str, ...], tools: Tools, shortest: int = LONG_HALF) -> bool:
    """Whether a part of one name is a part of the other, or one letter off it when it is long enough to tell.

    ``shortest`` is of how many letters a part with a letter left out may be.
    """
    if any(len(part) > 1 for part in set(one) & set(other)):
        return True
    pairs = [(a, b) for a in one for b in other if abs(len(a) - len(b)) <= 1]
    return any(
        min(len(a), len(b)) >= shortest and max(len(a), len(b)) >= LONG_HALF and tools.likeness.edits(a, b) <= 1 for a, b in pairs
    )


def _given(one: tuple[str, ...], other: tuple[str, ...], tools: Tools) -> str:
    if not one or not other:
        return "missing"
    mine, theirs = "".join(one), "".join(other)
    if mine == theirs:
        return "exact"
    first, second = one[0], other[0]
    if first == second and min(len(one), len(other)) == 1 and len(first) > 1:
        return "exact"
    if len(mine) == 1 or len(theirs) == 1:
        return "initial" if mine[0] == theirs[0] else "different"
    if tools.are_nicknames(first, second) or tools.are_nicknames(mine, theirs):
        return "nickname"
    level = _word(mine, theirs, tools)
    if level == "typo" and first in tools.nicknames and second in tools.nicknames:
        # Two names that people have, such as Joan and John, are no slip of each other; twins are often called so.
        return "similar"
    if level != "typo" and (mine.startswith(theirs) or theirs.startswith(mine)):
        return "nickname"
    if level == "different" and _may_be_alike(mine, theirs, tools):
        return "similar"
    return level


def _may_be_alike(mine: str, theirs: str, tools: Tools) -> bool:
    """Two slips in a short name, or one in a short form of it."""
    if mine[0] == theirs[0] and min(len(mine), len(theirs)) > _SHORT and tools.likeness.edits(mine, theirs) <= 2:  # noqa: PLR2004
        return True
    return tools.is_near_a_form(mine, theirs) or tools.is_near_a_form(theirs, mine)


def _middle(one: Person, other: Person, tools: Tools) -> str:
    mine, theirs = one.middle, other.middle
    if not mine or not theirs:
        return "missing"
    if mine == theirs or ((len(mine) == 1 or len(theirs) == 1) and mine[0] == theirs[0]):
        return "exact"
    return "typo" if _word(mine, theirs, tools) == "typo" else "different"


def _ssn(one: Person, other: Person, tools: Tools) -> str:
    """``serial``: only the last four digits are known of one, and they agree. ``near``: one digit or two exchanged."""
    mine, theirs = one.ssn, other.ssn
    if not mine or not theirs:
        return "missing"
    if mine == theirs:
        return "exact" if len(mine) > _LAST_FOUR else "serial"
    if len(mine) == _LAST_FOUR or len(theirs) == _LAST_FOUR:
        return "serial" if mine[-4:] == theirs[-4:] else "different"
    # A number that was never issued has one mistake in it already.
    allowed = 1 if one.ssn_is_possible and other.ssn_is_possible else 2
    return "near" if tools.likeness.edits(mine, theirs) <= allowed else "different"


def _phone(one: str, other: str, tools: Tools) -> str:
    if not one or not other:
        return "missing"
    if same_phone(one, other):
        return "exact"
    return "near" if tools.likeness.edits(one, other) == 1 else "different"


def _email(one: str, other: str, tools: Tools) -> str:
    if not one or not other:
        return "missing"
    if one == other:
        return "exact"
    mine, theirs = one.partition("@")[0], other.partition("@")[0]
    if min(len(mine), len(theirs)) > _SHORT and mine == theirs:
        return "near"
    return "near" if tools.likeness.ratio(one, other) >= _TYPO and tools.likeness.ratio(mine, theirs) >= _TYPO else "different"


def _address(one: Person, other: Person, tools: Tools) -> str:
    """``exact`` street and number; ``near`` the same street line with a slip; ``place`` the same ZIP or city only."""
    same_zip = bool(one.zip) and one.zip == other.zip
    same_city = _same_city(one.city, other.city, tools)
    if one.line and other.line:
        placed = same_zip or same_city or not ((one.zip and other.zip) or (one.city and other.city))
        if one.line == other.line:
            return "exact" if placed else "near"
        if placed and (tools.likeness.ratio(one.line, other.line) >= _TYPO or _begins(one.line, other.line)):
            return "near"
        if same_zip or same_city:
            return "place"
        return "different"
    if same_zip or same_city:
        return "place"
    both = (one.zip and other.zip) or (one.city and other.city)
    return "different" if both else "missing"


def _begins(one: str, other: str) -> bool:
    """Whether one line is the beginning of the other, as when the apartment was left out."""
    shorter, longer = sorted((one, other), key=len)
    return len(shorter) >= _LONG and shorter[0].isdigit() and longer.startswith(shorter)


def _same_city(one: str, other: str, tools: Tools) -> bool:
    if not one or not other:
        return False
    return one == other or tools.likeness.ratio(one, other) >= _CITY
