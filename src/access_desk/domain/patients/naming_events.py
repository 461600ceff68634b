"""What is recorded of names that a facility gives until a person's own is known."""

from __future__ import annotations

from dataclasses import dataclass

from access_desk.domain.events import event_kind

UNIDENTIFIED_STYLES = ("phonetic", "numbered", "prefix")
NEWBORN_CONVENTIONS = ("npsg", "aap")


@event_kind("facility.naming_set")
@dataclass(frozen=True, slots=True)
class NamingSet:
    """How unidentified and newborn patients are named here from now on."""

    unidentified: str
    newborn: str


@event_kind("alias.given")
@dataclass(frozen=True, slots=True)
class AliasGiven:
    """A name that stands for an unidentified or newborn patient, who stays findable by it.

    ``age_low`` and ``age_high`` are the estimated age in years of somebody unidentified.
    """

    patient_id: str
    family: str
    given: str
    kind: str
    age_low: int | None = None
    age_high: int | None = None


@event_kind("patient.identified")
@dataclass(frozen=True, slots=True)
class PatientIdentified:
    """Somebody unidentified is known now; ``source`` says how. The amendment that names them stands beside it."""

    patient_id: str
    source: str
