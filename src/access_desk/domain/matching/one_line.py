"""Everything in one line: which of what was typed is a birth date, a number or a name. The order does not matter."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from access_desk.domain.matching.dates import read_birth_date
from access_desk.domain.matching.names import SUFFIXES, name_key, parts_of
from access_desk.domain.matching.person import LOCAL_PHONE, WHOLE_PHONE

_PHONE: Final = re.compile(r"(?:\+?1[ .-]?)?\(?\d{3}\)?[ .-]?\d{3}[ .-]\d{4}|\b\d{3}[-.]\d{4}\b", re.ASCII)
_SSN: Final = re.compile(r"\b\d{3}-\d{2}-\d{4}\b", re.ASCII)
# A name is no month: of "Robertson 19 Apr 1944" the date is what follows it.
_MONTH: Final = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_DATES: Final = (
    re.compile(r"\b\d{4}[-/.]\d{1,2}[-/.]\d{1,2}\b", re.ASCII),
    re.compile(r"\b\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})\b", re.ASCII),
    re.compile(rf"\b(?:\d{{1,2}}[ -])?{_MONTH}\.?[ -](?:\d{{1,2}}(?:st|nd|rd|th)?,? )?(?:\d{{4}}|\d{{2}})\b", re.ASCII | re.I),
    re.compile(r"\b\d{8}\b", re.ASCII),
    re.compile(r"\b\d{1,2} \d{1,2} (?:\d{4}|\d{2})\b", re.ASCII),
)
_MOST_WORDS, _SSN_DIGITS = 5, 9


@dataclass(frozen=True, slots=True)
class OneLine:
    """What a line says. ``numbers`` may be an MRN, an account, the last four of an SSN, or another system's id.

    A number of ten, seven or nine digits without dashes may be any of these, and is a telephone or an SSN as well. ``parts`` are
    the words with double names taken apart.
    """

    words: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    born: date | None = None
    numbers: tuple[str, ...] = ()
    phone: str = ""
    ssn: str = ""

    def names(self) -> list[tuple[str, str]]:
        """The ways to read the words as family and given name, the likelier first."""
        words = self.words[:_MOST_WORDS]
        if len(words) < 2:  # noqa: PLR2004 - one word may be either
            return [(word, "") for word in words] + [("", word) for word in words]
        ways: list[tuple[str, str]] = []
        for at in range(1, len(words)):
            left, right = "".join(words[:at]), "".join(words[at:])
            ways += [(left, right), (right, left)]
        # Particles belong to a family name, which may be all that was typed.
        ways += [(words[-1], words[0]), (words[0], words[-1]), ("".join(words), "")]
        return list(dict.fromkeys(ways))

    def readings(self) -> list[tuple[str, str]]:
        """The ways to read the parts as two names of one part or several, in whichever order; the likelier first."""
        parts = self.parts[:_MOST_WORDS]
        joined = " ".join(parts)
        if len(parts) < 2:  # noqa: PLR2004 - one word may be either
            return [(joined, "")] if joined else []
        ends = dict.fromkeys((1, len(parts) - 1, *range(2, len(parts) - 1)))
        ways = [(" ".join(parts[:at]), " ".join(parts[at:])) for at in ends]
        return list(dict.fromkeys((*ways[:2], (joined, ""), (parts[-1], parts[0]), *ways[2:])))


def read_line(text: str, today: date) -> OneLine:
    """Tell the parts of a line apart."""
    rest, born = " ".join(text.replace(",", " ").split()), None
    found = _SSN.search(rest)
    ssn = "".join(one for one in found[0] if one.isdecimal()) if found else ""
    rest = _SSN.sub(" ", rest, count=1)
    for pattern in _DATES:
        for match in pattern.finditer(rest):
            born = read_birth_date(match[0].strip(), today)
            if born is not None:
                rest = f"{rest[: match.start()]} {rest[match.end() :]}"
                break
        if born is not None:
            break
    found = _PHONE.search(rest)
    phone = "".join(one for one in found[0] if one.isdecimal())[-10:] if found else ""
    if found:
        rest = f"{rest[: found.start()]} {rest[found.end() :]}"
    words, parts, numbers = [], [], []
    for word in rest.split():
        if any(letter.isdecimal() for letter in word) and parts_of(word) != () and name_key(word) not in SUFFIXES:
            numbers.append(word.strip("#"))
        elif name_key(word) and name_key(word) not in SUFFIXES:
            words.append(name_key(word))
            parts += [part for part in parts_of(word) if part not in SUFFIXES]
    bare = [number for number in numbers if number.isdecimal()]
    for length in (WHOLE_PHONE, LOCAL_PHONE):
        phone = phone or next((number for number in bare if len(number) == length), "")
    ssn = ssn or next((number for number in bare if len(number) == _SSN_DIGITS), "")
    return OneLine(tuple(words), tuple(parts), born, tuple(numbers), phone, ssn)
