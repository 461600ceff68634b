"""What a registration desk writes down of a person: the mistakes that desks make, at given rates.

Kinds and their order of frequency follow what is published of duplicate records: middle name, SSN and spelling first
(Just et al., "Why Patient Matching Is a Challenge", Perspectives in Health Information Management, 2016).
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

Row = dict[str, str]
_NEIGHBOURS: Final = {
    "q": "wa", "w": "qes", "e": "wrd", "r": "etf", "t": "ryg", "y": "tuh", "u": "yij", "i": "uok", "o": "ipl", "p": "ol",
    "a": "qsz", "s": "adwx", "d": "sfec", "f": "dgrv", "g": "fhtb", "h": "gjyn", "j": "hkum", "k": "jlim", "l": "kop",
    "z": "asx", "x": "zsdc", "c": "xdfv", "v": "cfgb", "b": "vghn", "n": "bhjm", "m": "njk",
}  # fmt: skip
_SOUNDS: Final = (
    ("ph", "f"), ("ck", "k"), ("ee", "ea"), ("ie", "ei"), ("ll", "l"), ("nn", "n"), ("tt", "t"), ("y", "i"), ("c", "k"),
    ("s", "z"), ("an", "en"), ("son", "sen"), ("mc", "mac"), ("ow", "au"), ("sh", "sch"), ("w", "v"),
)  # fmt: skip
_ACCENTS: Final = str.maketrans("aeioun", "áéíóúñ")
# Spellings of one name that was written in another script, or in another country's Latin letters.
SPELLINGS: Final = (
    ("Mohammed", "Muhammad", "Mohamed", "Mohammad"), ("Yusuf", "Yousef", "Youssef"), ("Aleksandr", "Alexander", "Oleksandr"),
    ("Sergei", "Sergey", "Serhii"), ("Yekaterina", "Ekaterina", "Katerina"), ("Dmitri", "Dmitry", "Dmytro"),
    ("Fatima", "Fatema", "Fatimah"), ("Hussein", "Hussain", "Husein"), ("Aisha", "Ayesha", "Aysha"), ("Xiaoming", "Hsiaoming"),
    ("Nguyen", "Nguyễn"), ("Zhang", "Chang"), ("Khan", "Kahn"), ("Ivanov", "Iwanow"), ("Abdullah", "Abdallah", "Abdulla"),
    ("Müller", "Mueller", "Muller"), ("Schröder", "Schroeder"), ("Haddad", "Hadad"), ("Tkachenko", "Tkatchenko"),
)  # fmt: skip
_SHORT_STREETS: Final = {
    "Street": "St", "Avenue": "Ave", "Road": "Rd", "Drive": "Dr", "Lane": "Ln", "Court": "Ct", "Boulevard": "Blvd",
    "Circle": "Cir", "Place": "Pl", "Apt": "#",
}  # fmt: skip
_WORTHLESS_SSNS: Final = ("999-99-9999", "000-00-0000", "123-45-6789", "111-11-1111")
_MISSING: Final = {
    "middle": 0.45, "birth_date": 0.01, "sex": 0.02, "ssn": 0.3, "phone": 0.12, "email": 0.55, "line": 0.05, "zip": 0.05,
    "city": 0.04, "suffix": 0.4,
}  # fmt: skip


@dataclass(frozen=True)
class Rates:
    """How often a record has each mistake; ``missing`` is how often a field is blank."""

    typo: float = 0.035
    sound: float = 0.02
    nickname: float = 0.07
    initial: float = 0.01
    by_middle: float = 0.003
    swapped: float = 0.012
    half_name: float = 0.3
    other_spelling: float = 0.4
    accents: float = 0.02
    date_slip: float = 0.03
    other_date: float = 0.004
    ssn_slip: float = 0.015
    ssn_of_relative: float = 0.012
    ssn_worthless: float = 0.01
    ssn_last_four: float = 0.03
    phone_slip: float = 0.02
    wrong_sex: float = 0.004
    wrong_middle: float = 0.03
    wrong_suffix: float = 0.01
    address_slip: float = 0.04
    missing: dict[str, float] = field(default_factory=lambda: dict(_MISSING))

    def times(self, factor: float) -> Rates:
        """Every mistake so many times as often, at most nine in ten; as many blanks."""
        plain = {name: min(rate * factor, 0.9) for name, rate in vars(self).items() if name != "missing"}
        return replace(self, **plain)


@dataclass(frozen=True)
class Mistakes:
    """Writes records down wrongly. ``nicknames`` gives the other forms of a given name in lower case."""

    rates: Rates
    nicknames: dict[str, tuple[str, ...]]

    def written(self, truth: Row, relative_ssn: str, chance: random.Random) -> Row:
        """A record of a person as a desk may have written it."""
        row, rates = dict(truth), self.rates
        self._names(row, chance)
        if chance.random() < rates.date_slip:
            row["birth_date"] = date_slip(row["birth_date"], chance)
        elif chance.random() < rates.other_date:
            row["birth_date"] = f"{chance.randint(1935, 2020)}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}"
        row["ssn"] = self._ssn(row["ssn"], relative_ssn, chance)
        if chance.random() < rates.phone_slip:
            row["phone"] = digit_slip(row["phone"], chance)
        if chance.random() < rates.wrong_sex:
            row["sex"] = "M" if row["sex"] == "F" else "F"
        self._address(row, chance)
        for name, rate in rates.missing.items():
            if chance.random() < rate:
                row[name] = ""
        return row

    def _names(self, row: Row, chance: random.Random) -> None:
        rates = self.rates
        for name in ("family", "given"):
            row[name] = self._spelled(row[name], chance)
        forms = self.nicknames.get(row["given"].lower(), ())
        if forms and chance.random() < rates.nickname:
            row["given"] = chance.choice(forms).title()
        elif chance.random() < rates.initial:
            row["given"] = row["given"][:1]
        elif row["middle"] and chance.random() < rates.by_middle:
            row["given"], row["middle"] = row["middle"], row["given"]
        self._other_names(row, chance)
        for name in ("family", "given"):
            if chance.random() < rates.typo:
                row[name] = letter_slip(row[name], chance)
            if chance.random() < rates.sound:
                row[name] = by_sound(row[name], chance)
            if chance.random() < rates.accents:
                row[name] = row[name][:1] + row[name][1:].translate(_ACCENTS)
        if chance.random() < rates.swapped:
            row["family"], row["given"] = row["given"], row["family"]
        if row["suffix"] and chance.random() < 0.3:
            row["family"], row["suffix"] = f"{row['family']} {row['suffix']}", ""

    def _other_names(self, row: Row, chance: random.Random) -> None:
        """Of a double surname, the middle name and the suffix."""
        rates = self.rates
        parts = row["family"].replace("-", " ").split()
        if len(parts) > 1 and chance.random() < rates.half_name:
            row["family"] = chance.choice(parts)
        if chance.random() < 0.5:
            row["middle"] = row["middle"][:1]
        if row["middle"] and chance.random() < rates.wrong_middle:
            row["middle"] = chance.choice("ABCDEFGHJKLMNPRSTW")
        elif chance.random() < rates.typo:
            row["middle"] = letter_slip(row["middle"], chance)
        if row["suffix"] and chance.random() < rates.wrong_suffix:
            row["suffix"] = chance.choice(("Jr", "Sr", "II", "III"))

    def _spelled(self, name: str, chance: random.Random) -> str:
        for spellings in SPELLINGS:
            if name in spellings and chance.random() < self.rates.other_spelling:
                return chance.choice(spellings)
        return name

    def _ssn(self, ssn: str, relative_ssn: str, chance: random.Random) -> str:
        rates = self.rates
        if chance.random() < rates.ssn_slip:
            return digit_slip(ssn, chance)
        if relative_ssn and chance.random() < rates.ssn_of_relative:
            return relative_ssn
        if chance.random() < rates.ssn_worthless:
            return chance.choice(_WORTHLESS_SSNS)
        return ssn[-4:] if chance.random() < rates.ssn_last_four else ssn

    def _address(self, row: Row, chance: random.Random) -> None:
        if chance.random() < 0.6:
            row["line"] = " ".join(_SHORT_STREETS.get(word, word) for word in row["line"].split())
        if chance.random() < self.rates.address_slip:
            row["line"] = letter_slip(row["line"], chance)
        if chance.random() < self.rates.address_slip / 2:
            row["zip"] = digit_slip(row["zip"], chance)
        if chance.random() < 0.1:
            row["zip"] += f"-{chance.randint(1, 9999):04d}"


def letter_slip(word: str, chance: random.Random) -> str:
    """One letter left out, doubled, hit beside, put in, or two exchanged."""
    if len(word) < 3:
        return word
    at, kind = chance.randrange(1, len(word)), chance.randrange(5)
    letter = word[at]
    beside = chance.choice(_NEIGHBOURS.get(letter.lower(), "e"))
    if kind == 0:
        return word[:at] + word[at + 1 :]
    if kind == 1:
        return word[:at] + letter + word[at:]
    if kind == 2:
        return word[:at] + beside + word[at + 1 :]
    if kind == 3:
        return word[:at] + beside + word[at:]
    return word[: at - 1] + letter + word[at - 1] + word[at + 1 :]


def by_sound(name: str, chance: random.Random) -> str:
    """The name as it may be heard."""
    ways = [(one, other) for pair in _SOUNDS for one, other in (pair, pair[::-1]) if one in name.lower()]
    if not ways:
        return name
    one, other = chance.choice(ways)
    return name.lower().replace(one, other, 1).title()


def digit_slip(number: str, chance: random.Random) -> str:
    """One digit wrong, or two neighbours exchanged."""
    places = [at for at, one in enumerate(number) if one.isdigit()]
    at = chance.choice(places)
    if chance.random() < 0.5 and at + 1 in places:
        return number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    return number[:at] + str(chance.randrange(10)) + number[at + 1 :]


def date_slip(day: str, chance: random.Random) -> str:
    """A digit wrong, day and month exchanged, the year one off, or the first of the year; always a day that exists."""
    year, month, of_month = day.split("-")
    kind = chance.randrange(10)
    if kind < 3:
        tried = f"{year}-{of_month}-{month}"
    elif kind < 7:
        tried = f"{year}-{month}-{digit_slip(of_month, chance)}" if kind < 5 else f"{year}-{digit_slip(month, chance)}-{of_month}"
    elif kind < 9:
        tried = f"{int(year) + chance.choice((-1, 1, -10, 10))}-{month}-{of_month}"
    else:
        tried = f"{year}-01-01"
    try:
        return tried if date.fromisoformat(tried) < date(2026, 11, 1) else day
    except ValueError:
        return day
