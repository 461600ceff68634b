"""What comparing people needs from outside the rules: how alike words are, by rapidfuzz, and the tables of the resources."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from rapidfuzz.distance import OSA, JaroWinkler

from access_desk.domain.matching.comparison import Tools, nickname_groups
from access_desk.domain.matching.scoring import Weights

_MOST_EDITS = 2


class RapidLikeness:
    """How alike two words are."""

    def ratio(self, one: str, other: str) -> float:
        """Jaro-Winkler, from 0 to 1."""
        return JaroWinkler.normalized_similarity(one, other)

    def edits(self, one: str, other: str) -> int:
        """Optimal string alignment distance; 3 for more than 2."""
        return OSA.distance(one, other, score_cutoff=_MOST_EDITS)


@cache
def tools() -> Tools:
    """The tools with the table of nicknames."""
    groups = _read("nicknames.json")["groups"]
    return Tools(RapidLikeness(), nickname_groups(groups), {number: tuple(names) for number, names in enumerate(groups)})


@cache
def names_of_group(group: int) -> tuple[str, ...]:
    """The names of a group of nicknames."""
    return tuple(_read("nicknames.json")["groups"][group])


@cache
def weights() -> Weights:
    """The estimated weights; `tools/estimate_weights.py` makes the file."""
    found = _read("weights.json")["levels"]
    return Weights({field: {level: one["weight"] for level, one in levels.items()} for field, levels in found.items()})


@cache
def _read(name: str) -> dict[str, Any]:
    package = Path(__file__).parents[1]
    for folder in (package / "_resources", package.parents[1] / "resources"):
        path = folder / "matching" / name
        if path.is_file():
            read: dict[str, Any] = json.loads(path.read_text("utf-8"))
            return read
    raise FileNotFoundError("the program's resources are not installed; install it again")
