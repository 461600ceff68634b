"""Safe names for people whose own is not known: unidentified patients and newborns.

Unidentified: names of a facility's style, none of which anybody else bears who is not identified or still here; in the
default style the words of two people differ, because names that were too much alike are what went wrong when several
came at once. Newborns: The Joint Commission's NPSG.01.01.01 ("Smith, Judy Girl A"), or the convention published by the
AAP and AHIMA ("Smith, Girl1Judy").
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256

from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.events import Fact, Recorded
from access_desk.domain.matching.names import name_key, stands_for_nobody
from access_desk.domain.patients.commands import UNIDENTIFIED, NewPatient
from access_desk.domain.patients.decide import decide_amendment
from access_desk.domain.patients.events import Demographics
from access_desk.domain.patients.naming_events import (
    NEWBORN_CONVENTIONS,
    UNIDENTIFIED_STYLES,
    AliasGiven,
    NamingSet,
    PatientIdentified,
)
from access_desk.domain.patients.state import PatientState
from access_desk.domain.permissions import Action, check_role
from access_desk.domain.staff import Person

# What fits on a wristband beside a family name; longer mothers' names are cut, never the part that tells children apart.
MOST_GIVEN = 24
OLDEST = 120
MOST_SOURCE = 200
_GREEK = (
    "Alpha", "Beta", "Gamma", "Digamma", "Epsilon", "Zeta", "Theta", "Iota", "Kappa", "Lambda", "Omicron", "Sigma", "Upsilon",
    "Omega",
)  # fmt: skip
_PHONETIC = (
    "Bravo", "Charlie", "Delta", "Echo", "Foxtrot", "Golf", "Hotel", "India", "Juliett", "Kilo", "Lima", "Mike", "November",
    "Oscar", "Papa", "Quebec", "Romeo", "Sierra", "Tango", "Uniform", "Victor", "Whiskey", "Xray", "Yankee", "Zulu",
)  # fmt: skip
_STATES = (
    "Wisconsin", "Alabama", "Colorado", "Delaware", "Florida", "Georgia", "Hawaii", "Idaho", "Kentucky", "Louisiana",
    "Maryland", "Nevada", "Oregon", "Pennsylvania", "Tennessee", "Utah", "Vermont", "Wyoming",
)  # fmt: skip
_TREES = (
    "Juniper", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Ginkgo", "Hazel", "Larch", "Maple", "Oak", "Pine", "Redwood",
    "Spruce", "Tulip", "Willow", "Yew",
)  # fmt: skip
# Without vowels and without letters that are read as each other, so that no word comes about and none is misread.
_CODE = "BCDFGHJKLMNPRTWXZ"
_CODE_LENGTH = 4
_CHILD: Mapping[str, str] = {"female": "Girl", "male": "Boy"}
Name = tuple[str, str]


@dataclass(frozen=True, slots=True)
class NamingRules:
    """A facility's setting, with the stamp of the event that made it."""

    unidentified: str = "phonetic"
    newborn: str = "npsg"
    stamp: str = ""


def evolve(state: NamingRules | None, event: Recorded) -> NamingRules:
    """The rules after one more event of the facility's history."""
    state = state or NamingRules()
    if isinstance(event.body, NamingSet) and event.stamp >= state.stamp:
        return NamingRules(event.body.unidentified, event.body.newborn, event.stamp)
    return state


def unidentified_name(style: str, taken: AbstractSet[Name], patient_id: str, desk_number: int = 1) -> Name:
    """Family and given name for somebody unidentified.

    Two desks that do not hear of each other begin at different places, which follow from the id of the record.

    Args:
        style: one of UNIDENTIFIED_STYLES.
        taken: names that somebody bears who is not identified yet, or still here.
        patient_id: the record's id.
        desk_number: the desk's among those of the facility; it keeps numbered names of two desks apart.
    """
    makers = {"phonetic": _phonetic, "numbered": _numbered, "prefix": _prefixed}
    names = makers[style](int(sha256(patient_id.encode()).hexdigest(), 16), taken, desk_number)
    return next(name for name in names if name not in taken)


def _phonetic(seed: int, taken: AbstractSet[Name], desk_number: int) -> Iterator[Name]:
    del desk_number
    families = {family for family, _ in taken}
    words = {given.split(" ")[0] for _, given in taken}
    code = _code(seed)
    turn = 0
    while True:
        # Words that nobody bears now come first; when all are borne, only the letters tell people apart.
        greek = [word for word in _GREEK if f"XX{word}" not in families] or list(_GREEK)
        spoken = [word for word in _PHONETIC if word not in words] or list(_PHONETIC)
        yield f"XX{greek[(seed + turn) % len(greek)]}", f"{spoken[(seed // 97 + turn) % len(spoken)]} {code}"
        turn += 1
        code = _code(seed + turn)


def _code(seed: int) -> str:
    letters = sha256(str(seed).encode()).digest()
    return "".join(_CODE[one % len(_CODE)] for one in letters[:_CODE_LENGTH])


def _numbered(seed: int, taken: AbstractSet[Name], desk_number: int) -> Iterator[Name]:
    borne = {family.rstrip("0123456789") for family, _ in taken}
    words = [word for word in _STATES if f"XX{word}" not in borne] or list(_STATES)
    turn = 0
    while True:
        cycle = turn // len(words) + 1
        yield f"XX{words[(seed + turn) % len(words)]}{(desk_number - 1) * 1_000 + cycle}", "Unidentified"
        turn += 1


def _prefixed(seed: int, taken: AbstractSet[Name], desk_number: int) -> Iterator[Name]:
    del desk_number
    borne = {family for family, _ in taken}
    words = [word for word in _TREES if f"UNK-{word}" not in borne] or list(_TREES)
    turn = 0
    while True:
        yield f"UNK-{words[(seed + turn) % len(words)]}", _code(seed + turn)
        turn += 1


def newborn_name(convention: str, mother: Demographics, sex: str, birth_order: int | None) -> str:
    """The given name of a newborn, by its mother's; what tells the children of one birth apart is never cut."""
    child = _CHILD.get(sex, "Baby")
    if convention == "aap":
        mark = f"{child}{birth_order or ''}"
        name = "".join(mother.given.split())
        return f"{mark}{name}"[: max(MOST_GIVEN, len(mark))]
    mark = f"{child} {chr(ord('A') + birth_order - 1)}" if birth_order else child
    name = mother.given.strip()[: MOST_GIVEN - len(mark) - 1].strip()
    return f"{name} {mark}".strip()


def with_safe_name(
    new: NewPatient, mother: Demographics | None, rules: NamingRules, taken: AbstractSet[Name], patient_id: str, desk: int
) -> NewPatient:
    """A new patient with the name that the facility gives to somebody who has none yet.

    ``taken`` are family and given names that are borne: by the unidentified, or by the other children of a newborn's mother.
    """
    known = new.demographics
    if new.unidentified and not (known.family or known.given):
        family, given = unidentified_name(rules.unidentified, taken, patient_id, desk)
        return replace(new, demographics=replace(known, family=family, given=given))
    # "Baby", or the mother's own name from the search that came before, tells no child from another.
    given = "" if mother is not None and _is_no_name_of_a_child(known.given, mother) else known.given
    if mother is None or (known.family and given):
        return new
    family = known.family or mother.family
    return replace(new, demographics=replace(known, family=family, given=given or _of_birth(new, mother, rules, family, taken)))


def _is_no_name_of_a_child(given: str, mother: Demographics) -> bool:
    return stands_for_nobody("", given) or name_key(given) == name_key(mother.given)


def _of_birth(new: NewPatient, mother: Demographics, rules: NamingRules, family: str, taken: AbstractSet[Name]) -> str:
    """The given name of a newborn. Who is not said to be a twin, but bears the name of another child, comes after it."""
    given = newborn_name(rules.newborn, mother, new.demographics.sex, new.birth_order)
    order = 1
    while new.birth_order is None and (family, given) in taken:
        order += 1
        given = newborn_name(rules.newborn, mother, new.demographics.sex, order)
    return given


def alias_fact(asked: NewPatient, named: NewPatient, patient_id: str, age: tuple[int, int] | None) -> list[Fact]:
    """That a name was given by the facility, when it was; with the estimated age of somebody unidentified."""
    check_age(age)
    if asked.demographics == named.demographics:
        return []
    low, high = age if age and asked.unidentified else (None, None)
    kind = "unidentified" if asked.unidentified else "newborn"
    family, given = named.demographics.family, named.demographics.given
    return [Fact(patient_id, AliasGiven(patient_id, family, given, kind, low, high))]


def check_age(age: tuple[int, int] | None) -> None:
    """Raises ``bad_value``."""
    if age is not None and not 0 <= age[0] <= age[1] <= OLDEST:
        raise DeskError(Refusal.BAD_VALUE, "An estimated age is a number of years, or two with the lower first, like 30-40.")


def are_too_alike(one: str, other: str) -> bool:
    """Whether two record numbers could be taken for each other on two wristbands: neighbours, or one digit apart.

    Those that only stand in too, which say the same around their digits.
    """
    mine, theirs = _digits(one), _digits(other)
    if not (mine and theirs) or _around(one) != _around(other):
        return False
    digits = max(len(mine), len(theirs))
    apart = sum(a != b for a, b in zip(mine.zfill(digits), theirs.zfill(digits), strict=True))
    return abs(int(mine) - int(theirs)) <= 1 or apart <= 1


def _digits(number: str) -> str:
    return "".join(letter for letter in number if "0" <= letter <= "9")


def _around(number: str) -> str:
    return "".join(letter for letter in number if not "0" <= letter <= "9")


def decide_naming(person: Person, facility_id: str, unidentified: str, newborn: str) -> list[Fact]:
    """How this facility names people who have no name yet."""
    check_role(person, Action.NAMING)
    if unidentified not in UNIDENTIFIED_STYLES or newborn not in NEWBORN_CONVENTIONS:
        raise DeskError(Refusal.BAD_VALUE, "Choose one of the styles for names.")
    return [Fact(facility_id, NamingSet(unidentified, newborn))]


def decide_identification(
    patient: PatientState, changes: Mapping[str, str], source: str, person: Person, today: date
) -> list[Fact]:
    """Who somebody unidentified is, and how that became known. Nothing of what they were called is lost."""
    if not source.strip() or len(source) > MOST_SOURCE:
        raise DeskError(Refusal.BAD_VALUE, "Say how the person was identified, such as a driver license or a relative.")
    if not changes.get("family", "").strip() or not changes.get("given", "").strip():
        raise DeskError(Refusal.BAD_VALUE, "An identified person has a last and a first name.")
    check_role(person, Action.IDENTIFY_PATIENT)
    if not patient.unidentified:
        raise DeskError(Refusal.BAD_VALUE, "This person is identified already. Change the record instead.")
    amended = decide_amendment(patient, {**changes, UNIDENTIFIED: ""}, today)
    return [*amended, Fact(patient.patient_id, PatientIdentified(patient.patient_id, source.strip()))]
