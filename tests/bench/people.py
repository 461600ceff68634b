"""People who never lived, as a CSV of any size: the same seed gives the same file."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from access_desk.exchange.patient_csv import COLUMNS

ROOT = Path(__file__).resolve().parents[2]
_STARTS = ("br", "c", "d", "f", "g", "gr", "h", "j", "k", "l", "m", "mc", "n", "p", "r", "s", "sch", "st", "t", "v", "w", "z", "")
_MIDDLES = ("a", "e", "i", "o", "u", "ai", "ee", "ou", "ar", "er", "or", "an", "en", "in", "on", "al", "el", "il")
_JOINTS = ("b", "d", "ll", "m", "n", "nd", "r", "rt", "s", "st", "t", "tch", "v", "ck", "gh", "ns")
_ENDS = ("ez", "son", "ton", "man", "ley", "er", "s", "ski", "berg", "o", "a", "i", "land", "ford", "well", "sen")
_STREETS = ("Oak", "Maple", "Cedar", "Main", "Church", "Mill", "Lake", "Hill", "Park", "Elm", "Washington", "2nd", "3rd")
_OLDEST = date(1930, 1, 1)


def surnames(count: int, chance: random.Random) -> list[str]:
    """Different made-up surnames, the commonest first."""
    found: dict[str, None] = {}
    while len(found) < count:
        middle = "".join(chance.choice(_JOINTS) + chance.choice(_MIDDLES) for _ in range(chance.randint(0, 2)))
        found[(chance.choice(_STARTS) + chance.choice(_MIDDLES) + middle + chance.choice(_ENDS)).title()] = None
    return list(found)


def given_names() -> list[str]:
    """The full names of the table of nicknames."""
    table = json.loads((ROOT / "resources/matching/nicknames.json").read_text("utf-8"))
    return [names[0].title() for names in table["groups"]]


def people(count: int, seed: int = 7) -> Iterator[dict[str, str]]:
    """Rows of a patient index. Names are as unevenly common as real ones; one in fifty is a second record of somebody."""
    chance = random.Random(seed)
    families, givens = surnames(min(60_000, 200 + count // 4), chance), given_names()
    chance.shuffle(givens)
    before: dict[str, str] = {}
    for number in range(count):
        if before and chance.random() < 0.02:
            row = {**before, "phone": "", "family": _slip(before["family"], chance)}
        else:
            row = _person(chance, families, givens)
        before = row
        yield {**row, "source_id": f"S{number:08d}", "mrn": f"{number + 1_000_000:08d}"}


def _person(chance: random.Random, families: list[str], givens: list[str]) -> dict[str, str]:
    born = _OLDEST + timedelta(days=chance.randrange(35_000))
    return {
        "family": families[int(len(families) * chance.random() ** 4)],
        "given": givens[int(len(givens) * chance.random() ** 2)],
        "middle": chance.choice("ABCDEFGHJKLMNPRSTW"),
        "birth_date": born.isoformat(),
        "sex": chance.choice(("F", "M")),
        "ssn": f"{chance.randint(1, 665):03d}-{chance.randint(1, 99):02d}-{chance.randint(1, 9999):04d}",
        "phone": f"{chance.randint(201, 989)}-{chance.randint(200, 999)}-{chance.randint(0, 9999):04d}",
        "line": f"{chance.randint(1, 9999)} {chance.choice(_STREETS)} St",
        "city": f"{chance.choice(_STREETS)} Falls",
        "state": "OH",
        "zip": f"{chance.randint(43_001, 45_999)}",
    }


def _slip(name: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(name))
    return name[:at] + name[at + 1 :] if len(name) > 3 else name


def write_people(path: Path, count: int, seed: int = 7) -> None:
    """The CSV."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS, restval="")
        writer.writeheader()
        writer.writerows(people(count, seed))
