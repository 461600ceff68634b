"""What is recorded when a lead has found out which of two answers is right."""

from __future__ import annotations

from dataclasses import dataclass

from access_desk.domain.events import event_kind


@event_kind("patient.dispute_settled")
@dataclass(frozen=True, slots=True)
class DisputeSettled:
    """Changes of one field that did not know of each other were looked at.

    Attributes:
        field: which field of the record.
        stamps: the clock stamps of the changes that were looked at.
        reason: how it is known what is right.
    """

    patient_id: str
    field: str
    stamps: tuple[str, ...]
    reason: str
