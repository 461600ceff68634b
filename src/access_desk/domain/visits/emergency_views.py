"""The central log of the emergency department, and payments that came too early, as screens and reports list them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from access_desk.domain.money import Money
from access_desk.domain.visits.emergency import Phase, is_late
from access_desk.domain.visits.emergency_events import DISPOSITIONS


@dataclass(frozen=True, slots=True)
class LoggedArrival:
    """One line of the central log (42 CFR 489.20(r)(3)); moments are aware UTC.

    ``mrn`` and ``name`` are those of the record that stands for the person now; ``logged_mrn`` is the one they came under,
    which differs after a merge. ``disposition`` is blank while nobody said what became of them.
    """

    visit_id: str
    patient_id: str
    account_number: str
    mrn: str
    logged_mrn: str
    family: str
    given: str
    middle: str
    suffix: str
    unidentified: bool
    arrived_at: datetime
    entered_at: datetime
    entered_by: str
    complaint: str
    phase: Phase
    triaged_at: datetime | None = None
    examined_at: datetime | None = None
    examined_by: str = ""
    examiner_role: str = ""
    exam_source: str = ""
    has_condition: bool | None = None
    stabilized_at: datetime | None = None
    disposition: str = ""
    ended_at: datetime | None = None

    @property
    def was_entered_late(self) -> bool:
        """Whether it was entered long after it happened (downtime)."""
        return is_late(self.arrived_at, self.entered_at)

    @property
    def became(self) -> str:
        """What became of the person, in the log's words; blank while that is open."""
        return DISPOSITIONS.get(self.disposition, "")


@dataclass(frozen=True, slots=True)
class EarlyPayment:
    """Money that was taken of somebody before their screening exam. There must be none; a voided one was still asked for."""

    receipt: str
    payment_id: str
    visit_id: str
    account_number: str
    amount: Money
    paid_at: datetime
    arrived_at: datetime
    released_at: datetime | None
    taken_by: str
    voided: bool


@dataclass(frozen=True, slots=True)
class EmtalaReport:
    """Arrivals of a period, and the payments that came before the exam."""

    arrivals: tuple[LoggedArrival, ...]
    early: tuple[EarlyPayment, ...]

    @property
    def without_end(self) -> tuple[LoggedArrival, ...]:
        """Arrivals of which nobody said yet what became of the person."""
        return tuple(one for one in self.arrivals if not one.disposition)

    @property
    def entered_late(self) -> tuple[LoggedArrival, ...]:
        """Arrivals that were entered after the fact."""
        return tuple(one for one in self.arrivals if one.was_entered_late)
