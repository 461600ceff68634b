"""What is recorded when a record gets another number."""

from __future__ import annotations

from dataclasses import dataclass

from access_desk.domain.events import event_kind


@event_kind("patient.numbered")
@dataclass(frozen=True, slots=True)
class PatientNumbered:
    """A temporary record number gave way to the record's own; the old one keeps finding it."""

    patient_id: str
    was: str
    mrn: str
