"""A made-up US population, and the records that registration desks have of it, with who is who.

Households share surname, address and telephone; some have twins, a father and a son of one name, or a couple. A person who
comes again may have moved, changed the telephone or the surname meanwhile. The same names, rates and seed give the same records.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from typing import Final

from tests.bench.mistakes import SPELLINGS, Mistakes, Rates, Row
from tests.bench.people import ROOT, given_names, surnames

_NEWEST: Final = date(2026, 10, 1)
_STREETS: Final = (
    "Oak", "Maple", "Cedar", "Main", "Church", "Mill", "Lake", "Hill", "Park", "Elm", "Washington", "2nd", "3rd", "Lincoln",
    "Sunset", "River", "Spring", "Jackson", "Highland", "Forest", "Walnut", "Chestnut", "Franklin", "Jefferson", "Meadow",
    "Dogwood", "Ridge", "Center", "Union", "Pine", "Sycamore", "Willow", "Locust", "Prospect", "Madison", "Adams", "Grant",
)  # fmt: skip
_KINDS: Final = ("Street", "Avenue", "Road", "Drive", "Lane", "Court", "Boulevard", "Circle", "Way", "Place")
_TOWNS: Final = (
    "Akron", "Canton", "Dayton", "Toledo", "Lorain", "Elyria", "Kent", "Medina", "Wooster", "Massillon", "Mansfield", "Lima",
    "Parma", "Euclid", "Mentor", "Lakewood", "Strongsville", "Brunswick", "Barberton", "Cuyahoga Falls", "Ashland", "Sandusky",
    "Norwalk", "Findlay", "Fremont", "Alliance", "Salem", "Ravenna", "Hudson", "Stow", "Solon", "Twinsburg", "Avon", "Amherst",
    "Oberlin", "Wadsworth", "Orrville", "Dover", "Bucyrus", "Galion", "Tiffin", "Defiance", "Bryan", "Wauseon", "Geneva",
)  # fmt: skip
_MAIL: Final = ("gmail.com", "yahoo.com", "hotmail.com", "aol.com", "outlook.com", "icloud.com", "att.net")
_AREA_CODES: Final = ("216", "330", "234", "440", "419")
_YEAR: Final = 365.25
_MOST_TRIES: Final = 50


@dataclass(frozen=True)
class Weighted:
    """Words, each as often as its weight says."""

    words: Sequence[str]
    sums: Sequence[float]

    @classmethod
    def of(cls, words: Sequence[str], weights: Sequence[float]) -> Weighted:
        """The words with their weights."""
        return cls(words, list(accumulate(weights)))

    def one(self, chance: random.Random) -> str:
        """One of the words."""
        return chance.choices(self.words, cum_weights=self.sums)[0]


@dataclass(frozen=True)
class Names:
    """How common names are."""

    family: Weighted
    female: Weighted
    male: Weighted


@dataclass(frozen=True)
class Ways:
    """How people live: parts of all households, or of all people who come again."""

    couple: float = 0.6
    child: float = 0.5
    twins: float = 0.03
    namesake: float = 0.06
    double_name: float = 0.06
    foreign: float = 0.03
    again: float = 0.35
    moved: float = 0.25
    new_phone: float = 0.3
    new_mail: float = 0.25
    renamed: float = 0.03
    careless: float = 0.5


# Of the records of careless desks. A duplicate that is in an index is one that was not found when it was made, so the mistakes
# between duplicates are many more than those between all the registrations of a person.
CARELESS_TIMES: Final = 3.0


def made_up_names(seed: int = 1, families: int = 4_000) -> Names:
    """Surnames that nobody has, and the given names of the table of nicknames, as unevenly common as real ones."""
    chance = random.Random(seed)
    given = [name for name in given_names() if len(name) > 2]
    chance.shuffle(given)
    half = len(given) // 2

    def uneven(words: list[str]) -> Weighted:
        return Weighted.of(words, [1 / (place + 8) for place in range(len(words))])

    return Names(uneven(surnames(families, chance)), uneven(given[:half]), uneven(given[half:]))


def nicknames() -> dict[str, tuple[str, ...]]:
    """The other forms of every given name of the table, in lower case."""
    forms: dict[str, tuple[str, ...]] = {}
    for group in json.loads((ROOT / "resources/matching/nicknames.json").read_text("utf-8"))["groups"]:
        for name in group:
            forms[name] = (*forms.get(name, ()), *(one for one in group if one != name))
    return forms


def records(people: int, seed: int, names: Names, rates: Rates | None = None, ways: Ways | None = None) -> Iterator[Row]:
    """Records of so many people, as rows of a patient index; ``person`` says whose a record is. In a random order."""
    ways, rates, forms = ways or Ways(), rates or Rates(), nicknames()
    desks = (Mistakes(rates, forms), Mistakes(rates.times(CARELESS_TIMES), forms))
    chance = random.Random(seed)
    rows: list[Row] = []

    def written(truth: Row, relative_ssn: str) -> Row:
        return desks[chance.random() < ways.careless].written(truth, relative_ssn, chance)

    made = 0
    while made < people:
        household = _household(names, ways, chance)
        for place, truth in enumerate(household):
            relative = household[place - 1]["ssn"] if len(household) > 1 else ""
            person = f"P{made:07d}"
            rows.append({**written(truth, relative), "person": person})
            now = truth
            while chance.random() < ways.again:
                now = _later(now, names, ways, chance)
                rows.append({**written(now, relative), "person": person})
            made += 1
    chance.shuffle(rows)
    for number, row in enumerate(rows):
        yield {**row, "source_id": f"S{number:07d}", "mrn": f"{number + 1_000_000:08d}"}


def _household(names: Names, ways: Ways, chance: random.Random) -> list[Row]:
    home = {**_address(chance), "phone": _phone(chance)}
    family = _family(names, ways, chance)
    parent = _person(names, family, home, chance)
    age = chance.uniform(21, 92)
    parent["birth_date"] = _born(age)
    members = [parent]
    if chance.random() < ways.couple:
        own = family if chance.random() < 0.75 else _family(names, ways, chance)
        other = _person(names, own, home, chance, sex="M" if parent["sex"] == "F" else "F")
        members.append({**other, "birth_date": _born(max(chance.uniform(age - 8, age + 8), 18))})
    # A first child at 18 to 34, the next a year and more later.
    years = age - chance.uniform(18, 34)
    while years > 0 and chance.random() < ways.child:
        members += _children(names, parent, home, _born(years), ways, chance)
        years -= chance.uniform(1.1, 4)
    taken: set[str] = set()
    for one in members:
        # Nobody gives two children one name; a son of his father's name is said to be one.
        for _ in range(_MOST_TRIES):
            if one["given"] not in taken or one["suffix"]:
                break
            one["given"] = (names.female if one["sex"] == "F" else names.male).one(chance)
        taken.add(one["given"])
        one["email"] = _mail(one, chance)
    return members


def _children(names: Names, parent: Row, home: Row, born: str, ways: Ways, chance: random.Random) -> list[Row]:
    child = {**_person(names, parent["family"], home, chance), "birth_date": born}
    if parent["sex"] == child["sex"] == "M" and not parent["suffix"] and chance.random() < ways.namesake:
        parent["suffix"] = "Sr"
        child.update(given=parent["given"], suffix="Jr")
    if chance.random() >= ways.twins:
        return [child]
    number = f"{child['ssn'][:-4]}{int(child['ssn'][-4:]) % 9_999 + 1:04d}"
    twin = {**_person(names, parent["family"], home, chance), "birth_date": born, "ssn": number, "phone": child["phone"]}
    return [child, twin]


def _born(age: float) -> str:
    return (_NEWEST - timedelta(days=int(age * _YEAR))).isoformat()


def _person(names: Names, family: str, home: Row, chance: random.Random, sex: str = "") -> Row:
    sex = sex or chance.choice("FM")
    given = names.female if sex == "F" else names.male
    first = given.one(chance)
    if chance.random() < 0.02:
        first = chance.choice(chance.choice(SPELLINGS))
    row = {"family": family, "given": first, "middle": given.one(chance), "suffix": "", "birth_date": "", "sex": sex}
    return {**row, "ssn": _ssn(chance), **home, **({"phone": _phone(chance)} if chance.random() < 0.5 else {}), "email": ""}


def _family(names: Names, ways: Ways, chance: random.Random) -> str:
    if chance.random() < ways.foreign:
        return chance.choice(chance.choice(SPELLINGS))
    name = names.family.one(chance)
    if chance.random() < ways.double_name:
        return f"{name}{chance.choice((' ', '-'))}{names.family.one(chance)}"
    return name


def _later(truth: Row, names: Names, ways: Ways, chance: random.Random) -> Row:
    """The person some time later. Whoever has changed the surname keeps the telephone and the mailbox meanwhile."""
    row = dict(truth)
    if row["sex"] == "F" and chance.random() < ways.renamed * 2:
        own = names.family.one(chance)
        row["family"] = own if chance.random() < 0.6 else f"{row['family']}-{own}"
    else:
        if chance.random() < ways.new_phone:
            row["phone"] = _phone(chance)
        if chance.random() < ways.new_mail:
            row["email"] = _mail(row, chance)
    if chance.random() < ways.moved:
        row.update(_address(chance))
    return row


def _address(chance: random.Random) -> Row:
    line = f"{chance.randint(1, 4999)} {chance.choice(_STREETS)} {chance.choice(_KINDS)}"
    if chance.random() < 0.25:
        line += f" Apt {chance.randint(1, 40)}"
    # A hospital's patients live around it: few towns, a few ZIP codes each.
    town = int(len(_TOWNS) * chance.random() ** 2)
    return {"line": line, "city": _TOWNS[town], "state": "OH", "zip": f"{44_000 + town * 20 + chance.randrange(5)}"}


def _phone(chance: random.Random) -> str:
    return f"{chance.choice(_AREA_CODES)}-{chance.randint(200, 999)}-{chance.randint(0, 9999):04d}"


def _ssn(chance: random.Random) -> str:
    return f"{chance.randint(1, 665):03d}-{chance.randint(1, 99):02d}-{chance.randint(1, 9999):04d}"


def _mail(row: Row, chance: random.Random) -> str:
    family, given = (row[name].lower().replace(" ", "") for name in ("family", "given"))
    form = chance.choice(
        (f"{given}.{family}", f"{given[:1]}{family}", f"{given}{row['birth_date'][2:4]}", f"{family}{given[:1]}")
    )
    return f"{form}{chance.choice(('', str(chance.randint(1, 99))))}@{chance.choice(_MAIL)}"
