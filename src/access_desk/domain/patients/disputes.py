"""Fields that say who somebody is, changed at two desks that did not know of each other.

A telephone number or an address takes the later change; a name or a birth date keeps both answers until somebody has found
out which is right, because the wrong one gives a patient another person's chart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.events import Fact
from access_desk.domain.patients.decide import decide_amendment
from access_desk.domain.patients.dispute_events import DisputeSettled
from access_desk.domain.patients.state import PatientState

IDENTITY_FIELDS = ("family", "given", "middle", "suffix", "birth_date", "sex", "ssn")


@dataclass(frozen=True, slots=True)
class Answer:
    """What one desk said: the value, when (aware UTC), by whom, at which desk."""

    stamp: str
    value: str
    said_at: datetime
    said_by: str
    desk_id: str


@dataclass(frozen=True, slots=True)
class Dispute:
    """One field of one record with its answers, oldest first; the last one is what the record says now."""

    patient_id: str
    mrn: str
    field: str
    answers: tuple[Answer, ...]

    @property
    def stamps(self) -> tuple[str, ...]:
        """The clock stamps of the answers."""
        return tuple(one.stamp for one in self.answers)


def decide_settlement(
    patient: PatientState, dispute: Dispute | None, stamps: Sequence[str], value: str | None, reason: str, today: date
) -> list[Fact]:
    """Say which answer is right, and how that is known; None is what the record says now.

    Raises:
        DeskError: ``unknown_reference`` when nothing is disputed, or something else since the page was looked at;
            ``needs_reason``; ``bad_value``.
    """
    if dispute is None or set(dispute.stamps) != set(stamps):
        raise DeskError(Refusal.UNKNOWN_REFERENCE, "This was settled, or there is another answer since. Look again.")
    if not reason.strip():
        raise DeskError(Refusal.NEEDS_REASON, "Say how it is known which answer is right, such as the document that was shown.")
    settled = DisputeSettled(patient.patient_id, dispute.field, dispute.stamps, reason.strip())
    changes = {} if value is None else {dispute.field: value}
    return [*decide_amendment(patient, changes, today), Fact(patient.patient_id, settled)]


def group(pairs: Sequence[tuple[str, str, str, Answer, Answer]]) -> list[Dispute]:
    """Disputes of pairs of answers, each with patient, MRN and field."""
    found: dict[tuple[str, str, str], dict[str, Answer]] = {}
    for patient_id, mrn, field, one, other in pairs:
        answers = found.setdefault((patient_id, mrn, field), {})
        answers |= {one.stamp: one, other.stamp: other}
    return [Dispute(*key, _in_order(answers)) for key, answers in found.items()]


def _in_order(answers: Mapping[str, Answer]) -> tuple[Answer, ...]:
    return tuple(answers[stamp] for stamp in sorted(answers))
