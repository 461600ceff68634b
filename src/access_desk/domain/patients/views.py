"""Patients as screens list them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from access_desk.domain.patients.events import Demographics


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
