"""What is recorded about a patient."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from access_desk.domain.events import event_kind

SEXES = ("female", "male", "unknown", "other")


@dataclass(frozen=True, slots=True)
class Demographics:
    """Who a patient is and how to reach them. Text is kept exactly as typed; blank means not known."""

    family: str = ""
    given: str = ""
    middle: str = ""
    suffix: str = ""
    birth_date: date | None = None
    sex: str = "unknown"
    ssn: str = ""
    phone: str = ""
    email: str = ""
    line: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    language: str = ""
    interpreter: str = ""
    emergency_contact: str = ""
    emergency_relationship: str = ""
    emergency_phone: str = ""


@event_kind("patient.registered", version=2)
@dataclass(frozen=True, slots=True)
class PatientRegistered:
    """A new record with its medical record number."""

    patient_id: str
    mrn: str
    demographics: Demographics
    unidentified: bool = False
    newborn_of: str | None = None
    birth_order: int | None = None
    despite_match: str = ""
    possible_duplicates: tuple[str, ...] = ()


@event_kind("patient.amended", version=2)
@dataclass(frozen=True, slots=True)
class PatientAmended:
    """Fields that changed, each with its new value; a birth date is in ISO form, blank means no longer known.

    Attributes:
        seen: by field, the clock stamp of what it said when it was changed. Two changes that had not seen each other and say
            different things are disputed when the field says who somebody is. None before stamps were kept, and in what
            follows from a merge.
    """

    patient_id: str
    changes: Mapping[str, str]
    seen: Mapping[str, str] | None = None
