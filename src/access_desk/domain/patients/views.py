"""Patients as screens list them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from access_desk.domain.patients.events import Demographics

_ISO_LENGTH = 10


@dataclass(frozen=True, slots=True)
class SearchTerms:
    """What was typed into the search; blank text and None mean not typed. ``number`` is an MRN, account or SSN tail."""

    family: str = ""
    given: str = ""
    birth_date: date | None = None
    sex: str = ""
    phone: str = ""
    number: str = ""

    def typed(self) -> int:
        """How many details were typed."""
        return sum(bool(value) for value in (self.family, self.given, self.birth_date, self.sex, self.phone, self.number))


@dataclass(frozen=True, slots=True)
class PatientFound:
    """A record that fits a search. ``agrees`` says per typed detail whether it agrees; ``score`` is from 0 to 1.

    ``source_id`` is what another system calls an imported record; ``why`` names what agrees, and how it was found.
    """

    patient_id: str
    mrn: str
    demographics: Demographics
    unidentified: bool
    coverage: str
    last_visit_at: datetime | None
    last_visit_type: str
    agrees: Mapping[str, bool]
    score: float
    source_id: str = ""
    why: tuple[str, ...] = ()


class PatientListed(NamedTuple):
    """A record as the list shows it while one types; light, because every key makes a screenful of them.

    ``born`` is ISO, or what was typed where an imported date could not be read. ``nobody``: unidentified, or a newborn without
    a name. ``agrees`` says per typed detail whether it agrees.
    """

    patient_id: str
    mrn: str
    family: str
    given: str
    middle: str
    suffix: str
    born: str
    sex: str
    phone: str
    nobody: int
    agrees: Mapping[str, bool]

    @property
    def birth_date(self) -> date | None:
        """The birth date, if it is one."""
        return day_of(self.born)


def in_short(found: PatientFound) -> PatientListed:
    """A record that was found as the list shows it."""
    person = found.demographics
    born = person.birth_date.isoformat() if person.birth_date else ""
    names = (person.family, person.given, person.middle, person.suffix)
    return PatientListed(
        found.patient_id, found.mrn, *names, born, person.sex, person.phone, int(found.unidentified), found.agrees
    )


def day_of(born: str) -> date | None:
    """A birth date in ISO form as a date; None for anything else."""
    if len(born) != _ISO_LENGTH:
        return None
    try:
        return date.fromisoformat(born)
    except ValueError:
        return None
