"""Evidence weighed by Fellegi and Sunter (1969): every level of every field has a weight in bits, and they add up.

A weight is the binary logarithm of how much more often the level is seen between two records of one person than between
two of different people. Rare names weigh more. The prior is that one record in the whole index is somebody's duplicate,
so the same evidence proves less in a larger index. Rules that no sum of weights may overrule stand in :func:`judge`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import log2
from typing import Final

from access_desk.domain.matching.comparison import AGREEING, Tools, levels
from access_desk.domain.matching.person import Person

SAME, REVIEW = "same", "review"
# How common a name is: the part of all records that have it, by field and key; None when that is not known.
Commonness = Callable[[str, str], float | None]
_SURE: Final = frozenset(("exact", "nickname", "initial"))


@dataclass(frozen=True, slots=True)
class Weights:
    """The estimated weights. ``rarest`` and ``commonest`` bound what the frequency of a name may add or take."""

    levels: Mapping[str, Mapping[str, float]]
    same_from: float
    review_from: float
    smallest_index: int
    rarest: float
    commonest: float


@dataclass(frozen=True, slots=True)
class Judgement:
    """How probable it is that two records are one person. ``band`` is ``same``, ``review`` or blank."""

    score: float
    band: str
    levels: Mapping[str, str]
    bits: float


@dataclass(frozen=True)
class Judge:
    """Compares and weighs. ``records`` is the number of records in the index."""

    tools: Tools
    weights: Weights
    commonness: Commonness
    records: int

    def judge(self, one: Person, other: Person) -> Judgement:
        """Whether two records are one person; the order in which they are given does not matter."""
        found = levels(one, other, self.tools)
        bits = self._bits(one, other, found)
        prior = log2(max(self.records, self.weights.smallest_index))
        odds = min(max(bits - prior, -60.0), 60.0)
        score = 1 / (1 + 2**-odds)
        band = SAME if score >= self.weights.same_from else REVIEW if score >= self.weights.review_from else ""
        highest = _highest_band(one, other, found)
        if highest != SAME and band == SAME:
            band = highest
        if not highest:
            band = ""
        return Judgement(score, band, found, bits)

    def _bits(self, one: Person, other: Person, found: Mapping[str, str]) -> float:
        weights = self.weights.levels
        bits = 0.0
        for field, level in found.items():
            if level == "missing":
                continue
            weight = weights[field].get(level, 0.0)
            if level == "exact" and field in ("family", "given") and found["order"] == "straight":
                weight = self._by_commonness(field, one, other, weight)
            bits += weight
        return bits

    def _by_commonness(self, field: str, one: Person, other: Person, weight: float) -> float:
        """An agreeing name weighs as much as it is rare, within bounds."""
        keys = (one.family_key, other.family_key) if field == "family" else (one.given_key, other.given_key)
        shares = [share for key in keys if (share := self.commonness(field, key))]
        if not shares:
            return weight
        return min(max(-log2(max(shares)), self.weights.commonest), weight + self.weights.rarest)


def _highest_band(one: Person, other: Person, found: Mapping[str, str]) -> str:
    """The best band that the rules allow, whatever the sum of the weights.

    Equal SSN alone is no person: two of family name, given name and birth date have to agree. Twins share everything but
    the given name, so another given name needs an equal SSN and stays a question. So do another suffix (father and son),
    a newborn or unidentified person, and another birth date without a second proof.
    """
    family, given, born = found["family"], found["given"], found["birth_date"]
    agreeing = (family in AGREEING) + (given in AGREEING) + (born in ("exact", "slip"))
    same_ssn = found["ssn"] in ("exact", "serial")
    if one.mrn and one.mrn == other.mrn and agreeing:
        return SAME
    proofs = same_ssn + (found["address"] in ("exact", "near")) + (found["phone"] == "exact") + (found["email"] == "exact")
    nameless = family == given == "missing" and not (one.nobody or other.nobody)
    if agreeing < 2 and not (nameless and same_ssn and born == "exact"):  # noqa: PLR2004 - of three
        return ""
    if given == "different":
        return REVIEW if same_ssn else ""
    if one.nobody or other.nobody or found["suffix"] == "different":
        return REVIEW
    if family == "different":
        return SAME if same_ssn and born == "exact" and given in _SURE else REVIEW
    if given not in AGREEING and not nameless and not same_ssn:
        return REVIEW
    if found["ssn"] in ("near", "different") and one.ssn_is_possible and other.ssn_is_possible:
        return SAME if born == "exact" and family == "exact" and given in _SURE and proofs else REVIEW
    if born != "exact":
        return SAME if same_ssn or proofs > 1 else REVIEW
    return SAME
