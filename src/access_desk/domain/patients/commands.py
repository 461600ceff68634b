"""What a person can ask about a patient, and how names are compared."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date

from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.identifiers import check_ssn
from access_desk.domain.patients.events import SEXES, Demographics

MOST_AT_ONE_BIRTH = 20
# Set to "1" or blank: whether nobody knows yet who the patient is.
UNIDENTIFIED = "unidentified"
DEMOGRAPHIC_FIELDS = tuple(field.name for field in fields(Demographics))


@dataclass(frozen=True, slots=True)
class NewPatient:
    """A person to make a record for. ``mrn`` blank: the desk gives the next one of its block."""

    demographics: Demographics
    mrn: str = ""
    unidentified: bool = False
    newborn_of: str | None = None
    birth_order: int | None = None
    despite_match: str = ""

    def check(self, today: date) -> None:
        """Raises ``bad_value`` or ``bad_identifier``."""
        check_demographics(self.demographics, today)
        if not (self.demographics.family or self.demographics.given or self.unidentified or self.newborn_of):
            raise DeskError(Refusal.BAD_VALUE, "A patient needs a name. Without one, register an unidentified patient.")
        if self.birth_order is not None and not 1 <= self.birth_order <= MOST_AT_ONE_BIRTH:
            raise DeskError(Refusal.BAD_VALUE, "A birth order is a number from 1.")

    def named(self, mother: Demographics | None, alias: str) -> NewPatient:
        """With the names that an unidentified or newborn patient is given until their own are known."""
        known = self.demographics
        if self.unidentified and not (known.family or known.given):
            return replace(self, demographics=replace(known, family="Unidentified", given=alias))
        if mother is None or (known.family and known.given):
            return self
        # The distinct convention of The Joint Commission's NPSG.01.01.01: sex, order and the mother's given name.
        child = {"female": "Babygirl", "male": "Babyboy"}.get(known.sex, "Baby")
        order = f"{self.birth_order} " if self.birth_order else ""
        given = known.given or f"{child} {order}{mother.given}".strip()
        return replace(self, demographics=replace(known, family=known.family or mother.family, given=given))


def check_demographics(demographics: Demographics, today: date) -> None:
    """Raises ``bad_value`` for an impossible date or sex, ``bad_identifier`` for an SSN that cannot exist."""
    if demographics.sex not in SEXES:
        raise DeskError(Refusal.BAD_VALUE, "Sex is female, male, other or unknown.")
    born = demographics.birth_date
    if born is not None and not date(1850, 1, 1) <= born <= today:
        raise DeskError(Refusal.BAD_VALUE, "The birth date lies in the future or too far in the past.")
    if demographics.ssn:
        check_ssn(demographics.ssn)


def check_changes(changes: Mapping[str, str]) -> None:
    """Raises ``bad_value`` when a field that is not of the person would change."""
    known = (*DEMOGRAPHIC_FIELDS, UNIDENTIFIED)
    if any(name not in known for name in changes):
        raise DeskError(Refusal.BAD_VALUE, "Name the fields that change, each with its new value.")


def comparable(name: str) -> str:
    """A name for comparing: letters only, without case or accents, so that hyphens and spaces do not matter."""
    if name.isascii() and name.isalpha():
        return name.casefold()
    apart = unicodedata.normalize("NFKD", name).casefold()
    return "".join(letter for letter in apart if letter.isalpha())


def very_probably_same(one: Demographics, other: Demographics) -> bool:
    """Whether two records are very probably one person.

    Same birth date and same names, swapped or not; or same birth date and SSN and one name. Equal SSN alone, or a twin
    with another given name, never is.
    """
    if one.birth_date is None or one.birth_date != other.birth_date:
        return False
    mine = (comparable(one.family), comparable(one.given))
    theirs = (comparable(other.family), comparable(other.given))
    if any(mine) and mine in (theirs, theirs[::-1]):
        return True
    same_ssn = bool(one.ssn) and one.ssn.replace("-", "") == other.ssn.replace("-", "")
    return same_ssn and any(a == b and a for a, b in zip(mine, theirs, strict=True))
