"""Names made comparable: without case, accents, hyphens and suffixes, in Latin letters.

Suffixes (Jr, Sr, III) are kept apart wherever they stand, as AHIMA's naming policy asks; what desks write when a name is
not known ("Unknown", "Baby Girl") is no name.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

# What decomposing leaves whole, and Greek and Cyrillic in the usual Latin spelling (passports: ICAO 9303, simplified).
_LATIN: Final = str.maketrans(
    {
        "æ": "ae", "ø": "o", "œ": "oe", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i", "ħ": "h", "ŋ": "n", "ə": "a",
        "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "zh", "з": "z", "и": "i", "к": "k", "л": "l",
        "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts",
        "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya", "і": "i", "є": "ye",
        "ґ": "g", "ў": "u", "ј": "j", "љ": "lj", "њ": "nj", "ћ": "c", "ђ": "dj", "џ": "dz",
        "α": "a", "β": "v", "γ": "g", "δ": "d", "ε": "e", "ζ": "z", "η": "i", "θ": "th", "ι": "i", "κ": "k", "λ": "l",
        "μ": "m", "ν": "n", "ξ": "x", "ο": "o", "π": "p", "ρ": "r", "σ": "s", "ς": "s", "τ": "t", "υ": "y", "φ": "f",
        "χ": "ch", "ψ": "ps", "ω": "o",
    }
)  # fmt: skip
_JOINED: Final = re.compile(r"['’`´ʼʻ.]")
_APART: Final = re.compile(r"[^a-z0-9]+")
_WORD: Final = re.compile(r"[^\W_]+")
SUFFIXES: Final = {
    "jr": "jr", "junior": "jr", "sr": "sr", "senior": "sr", "ii": "ii", "2nd": "ii", "iii": "iii", "3rd": "iii",
    "iv": "iv", "4th": "iv", "vi": "vi",
}  # fmt: skip
_NO_NAME: Final = frozenset((
    "unknown", "unk", "anonymous", "anon", "null", "none", "na", "nil", "unidentified", "notgiven", "notknown", "noname",
    "nolastname", "nofirstname", "nfn", "nln", "patient", "test", "xxx", "xx", "trauma",
))  # fmt: skip
_NEWBORN: Final = frozenset((
    "baby", "babygirl", "babyboy", "girl", "boy", "newborn", "infant", "bg", "bb", "twin", "twina", "twinb", "female", "male",
))  # fmt: skip
# They stand before a name and are none.
_PARTICLES: Final = frozenset((
    "al", "ap", "bin", "bint", "da", "das", "de", "del", "della", "den", "der", "di", "do", "dos", "du", "el", "ibn", "la", "las",
    "le", "les", "lo", "los", "mc", "mac", "san", "st", "ste", "te", "ten", "ter", "van", "vd", "von", "vander", "vanden", "zu",
))  # fmt: skip
_SHORTEST_HALF: Final = 2
# So long that one wrong letter leaves a part of a name recognizable.
LONG_HALF: Final = 4
_UNNAMED_FAMILY: Final = "doe"
_UNNAMED_GIVEN: Final = frozenset(("john", "jane"))


@lru_cache(maxsize=65_536)
def parts_of(name: str) -> tuple[str, ...]:
    """The parts of a name in plain letters: ``O'Brien-Núñez`` gives ``obrien`` and ``nunez``."""
    if name.isascii() and name.isalpha():
        return (name.lower(),)
    lower = _JOINED.sub("", name.lower())
    if not lower.isascii():
        lower = unicodedata.normalize("NFKD", lower.casefold()).translate(_LATIN)
        lower = "".join(letter for letter in lower if not unicodedata.combining(letter))
        if not lower.isascii():
            # A script without a table is compared as it is written.
            return tuple(_WORD.findall(lower))
    return tuple(part for part in _APART.split(lower) if part)


@lru_cache(maxsize=65_536)
def name_key(name: str) -> str:
    """A name as one word of plain letters, without suffixes: how the index keeps it."""
    parts = parts_of(name)
    kept = [part for part in parts if part not in SUFFIXES]
    return "".join(kept or parts)


def known_parts(name: str) -> tuple[str, ...]:
    """The parts that say something: no suffix, and nothing that stands for an unknown name."""
    parts = tuple(part for part in parts_of(name) if part not in SUFFIXES)
    if "".join(parts) in _NO_NAME:
        return ()
    return tuple(part for part in parts if part not in _NO_NAME) or parts


def halves_of(name: str) -> tuple[str, ...]:
    """The parts of a double name by one of which alone somebody may be called; the name itself when it has one part."""
    return tuple(part for part in known_parts(name) if len(part) >= _SHORTEST_HALF and part not in _PARTICLES)


def suffix_of(*names: str) -> str:
    """The suffix that stands in any of the fields, in its plain form; blank when there is none."""
    for name in names:
        for part in parts_of(name):
            if part in SUFFIXES:
                return SUFFIXES[part]
    return ""


def stands_for_nobody(family: str, given: str) -> bool:
    """Whether the name was given to somebody whose own is not known: an unidentified or newborn patient."""
    families, givens = parts_of(family), parts_of(given)
    if families == (_UNNAMED_FAMILY,) and givens and givens[0] in _UNNAMED_GIVEN:
        return True
    return any(part in _NEWBORN for part in givens[:1]) or (bool(families) and all(part in _NEWBORN for part in families))


def one_shorter(key: str) -> list[str]:
    """The key, and the key without each of its letters: two names one edit apart share one of these."""
    return list(dict.fromkeys([key, *[key[:at] + key[at + 1 :] for at in range(len(key))]]))
