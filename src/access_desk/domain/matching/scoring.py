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
from access_desk.domain.matching.dates import is_generation_apart
from access_desk.domain.matching.person import Person

SAME, REVIEW = "same", "review"
# From which probability a pair is taken for one person, and from which it is worth a look.
SAME_FROM: Final = 0.99
REVIEW_FROM: Final = 0.5
# How common a name is: the part of all records that have it, by field and key; None when that is not known.
Commonness = Callable[[str, str], float | None]
# Policy, not estimate. A small index is judged as one of so many records: its first duplicate is no rarer than that.
_SMALLEST_INDEX: Final = 1_024
# Bounds in bits of what the frequency of a name may add to its weight, and of what a common one proves at least.
_RAREST: Final = 4.0
_COMMONEST: Final = 3.0
# A number that the facility gave is one person's; it proves as much as an index of a million can ask.
_SAME_MRN: Final = 20.0
# What disagreement costs at most, in bits. Of confirmed duplicates 58 % differ in the middle name and 54 % in the SSN
# (Just et al., Perspectives in Health Information Management, 2016): a spouse's number, an initial, a maiden name.
_COSTS_AT_MOST: Final[Mapping[str, float]] = {"middle": 0.7, "ssn": 1.0}
# Mistakes are not independent, as the sum of weights takes them to be: a desk in a hurry is wrong in several fields at once.
_ANY_COSTS_AT_MOST: Final = 3.5
_CLOSE: Final = frozenset(("exact", "slip", "near"))
_CLOSE_SSN: Final = frozenset(("exact", "serial", "near"))
_PLACED: Final = frozenset(("exact", "near", "place"))
_SURE_OR_MISSING: Final = frozenset(("exact", "nickname", "initial", "missing"))
_ENOUGH: Final = 3
_WHERE: Final = ("address", "phone", "email")
_DOUBT: Final = 0.005


@dataclass(frozen=True, slots=True)
class Weights:
    """The estimated weights in bits, by field and level."""

    levels: Mapping[str, Mapping[str, float]]


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
        prior = log2(max(self.records, _SMALLEST_INDEX))
        odds = min(max(bits - prior, -60.0), 60.0)
        score = 1 / (1 + 2**-odds)
        band = SAME if score >= SAME_FROM else REVIEW if score >= REVIEW_FROM else ""
        highest = _highest_band(one, other, found)
        if highest != SAME and band == SAME:
            # Whoever goes by the number alone must not take for sure what the rules keep a question.
            band, score = highest, SAME_FROM - _DOUBT
        if not highest:
            band = ""
        return Judgement(score, band, found, bits)

    def _bits(self, one: Person, other: Person, found: Mapping[str, str]) -> float:
        bits = _SAME_MRN if found["mrn"] == "exact" else 0.0
        for field, weights in self.weights.levels.items():
            level = found[field]
            if level == "missing":
                continue
            weight = weights[level]
            weight = max(weight, -_COSTS_AT_MOST.get(field, _ANY_COSTS_AT_MOST))
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
        return min(max(-log2(max(shares)), _COMMONEST), weight + _RAREST)


def _highest_band(one: Person, other: Person, found: Mapping[str, str]) -> str:
    """The best band that the rules allow, whatever the sum of the weights.

    Equal SSN alone is no person: it is one proof, and at least two are needed, three when a name differs. Twins share
    everything but the given name, and their numbers are neighbours, so another given name is at best a question, and none
    without an equal SSN. A newborn and an unidentified person, another suffix and another generation stay questions.
    """
    family, given, born, ssn = found["family"], found["given"], found["birth_date"], found["ssn"]
    if one.mrn and one.mrn == other.mrn and (family in AGREEING or given in AGREEING or born == "exact"):
        return SAME
    is_generation = is_generation_apart(one.born, other.born)
    if is_generation and found["suffix"] == "different":
        return ""
    same_ssn, close_ssn = ssn in ("exact", "serial"), ssn in _CLOSE_SSN
    is_dated = born in ("exact", "slip") or (born == "missing" and close_ssn)
    if given == "middle" and (not is_dated or found["sex"] == "different"):
        # A child often has a parent's name as its middle name.
        given = "different"
    personal = (found["phone"] == "exact") + (found["email"] in ("exact", "near"))
    # The same town proves something only beside an equal number, or an equal birth date and given name (a name changed).
    is_town = found["address"] == "place" and (same_ssn or (born == "exact" and given in AGREEING))
    reached = personal + (found["address"] in ("exact", "near") or is_town)
    if ssn == found["address"] == "different" and born not in ("exact", "slip") and not personal:
        return ""
    proofs = (family in AGREEING) + (given in AGREEING) + (born in _CLOSE) + close_ssn + reached
    is_other = "different" in (family, given) and "missing" not in (family, given)
    # A number that was never issued tells of careless typing; without any number they may be twins.
    is_careless = ssn == "different" and born == "exact" and family in AGREEING
    # Women's surnames change.
    is_renamed = given == born == "exact" and one.sex == other.sex == "f" and found["middle"] != "different"
    needed = 3 if is_other and not is_careless and not is_renamed and not (same_ssn and born in ("exact", "missing")) else 2
    if proofs < needed:
        return ""
    if ssn in ("near", "different") and one.ssn_is_possible and other.ssn_is_possible:
        return _with_two_numbers(found, is_nobody=one.nobody or other.nobody, reached=bool(reached), personal=bool(personal))
    if given == "different":
        # With another birth date too they are mostly a couple, or a child, under the number of one of them.
        is_like_one = family in AGREEING and found["address"] in _PLACED and not _any_different(found, "middle", "phone", "email")
        is_question = close_ssn and (born in ("exact", "slip", "missing") or is_like_one)
        return REVIEW if (is_question or is_careless) and found["sex"] != "different" else ""
    is_doubtful = one.nobody or other.nobody or _may_be_a_relative(found)
    # Somebody of that name lives elsewhere too, once the index is large.
    is_elsewhere = not reached and not close_ssn and sum(found[name] == "different" for name in _WHERE) > 1
    if family == "different":
        return SAME if same_ssn and born in _CLOSE and given in AGREEING and not is_doubtful else REVIEW
    if born == "different":
        # Parent and child share names, address and telephone; the same person does not lose more than a year to a slip.
        if same_ssn:
            return REVIEW if is_doubtful or (is_generation and given != "exact") else SAME
        is_junior = bool(one.suffix) != bool(other.suffix) and not close_ssn
        # So do brothers and sisters but for the names, and these are often alike.
        is_child = is_generation and _any_different(found, "middle", "phone", "email")
        is_relative = given not in ("exact", "typo", "missing") or found["sex"] == "different"
        is_exchanged = found["order"] == "swapped" and not close_ssn and found["address"] not in _PLACED
        return "" if is_elsewhere or is_junior or is_child or is_relative or is_exchanged else REVIEW
    if is_doubtful:
        return REVIEW
    if born not in ("exact", "missing"):
        return SAME if same_ssn or (born in _CLOSE and reached) else REVIEW
    return SAME if proofs >= _ENOUGH and not is_elsewhere else REVIEW


def _any_different(found: Mapping[str, str], *fields: str) -> bool:
    return any(found[field] == "different" for field in fields)


def _may_be_a_relative(found: Mapping[str, str]) -> bool:
    """Whether what agrees may be a brother's, a sister's or a parent's: then it stays a question."""
    given, born, sex = found["given"], found["birth_date"], found["sex"]
    if found["suffix"] == "different" or given == "middle" or (given == "similar" and found["ssn"] not in _CLOSE_SSN):
        return True
    if born == "missing" and found["ssn"] == "different":
        return True
    # John and Joan may be twins, whatever they share.
    return (sex == "different" and given != "exact") or (given == "initial" and born != "exact")


def _with_two_numbers(found: Mapping[str, str], *, is_nobody: bool, reached: bool, personal: bool) -> str:
    """The best band when both have a valid SSN and the numbers differ.

    A number that is wrong in one digit is a slip as long as nothing else differs, and a question beside another difference.
    Numbers that differ altogether weigh little between records that agree otherwise (a spouse's was typed); beside another
    birth date or given name they are the numbers of two relatives.
    """
    family, given, born = found["family"], found["given"], found["birth_date"]
    if given not in (*AGREEING, "missing") or family == given == "missing" or born == "different":
        return ""
    is_alike = family in ("exact", "missing") and given in _SURE_OR_MISSING and born in ("exact", "missing")
    is_doubtful = is_nobody or found["suffix"] == "different"
    if found["ssn"] == "near":
        is_found = born in _CLOSE and (family in AGREEING or reached)
        if is_alike and given == born == "exact" and not is_doubtful and (found["address"] == "exact" or personal):
            return SAME
        return REVIEW if is_found or (is_alike and reached) else ""
    if is_doubtful:
        return REVIEW if is_alike and reached else ""
    if not is_alike:
        slips = (family != "exact") + (given not in _SURE_OR_MISSING) + (born != "exact")
        # Without anything that places both, another middle name or sex is one difference too many.
        is_placed = reached or (born == "exact" and "different" not in (found["middle"], found["sex"]))
        is_slip = slips == 1 and is_placed and born in ("exact", "slip") and family in AGREEING
        return REVIEW if is_slip else ""
    return SAME if reached and born == "exact" and (personal or found["address"] in ("exact", "near")) else REVIEW
