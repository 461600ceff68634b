"""What is recorded of an emergency visit besides its plain milestones: arrival, screening exam, stabilization, end.

42 CFR 489.20(r)(3) wants a central log of everybody who comes to the emergency department, with what became of them;
42 CFR 489.24(a) wants the screening exam by a qualified person, and stabilization when there is an emergency condition.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from access_desk.domain.events import event_kind

# Who may be designated by the bylaws to do the exam: 42 CFR 489.24(a)(1)(i).
EXAMINER_ROLES: Mapping[str, str] = MappingProxyType(
    {
        "physician": "Physician",
        "physician_assistant": "Physician assistant",
        "nurse_practitioner": "Nurse practitioner",
        "nurse_midwife": "Certified nurse midwife",
        "designated_nurse": "Nurse designated by the bylaws",
        "other_designated": "Other person designated by the bylaws",
    }
)
# From whom or what the desk knows it.
SOURCES: Mapping[str, str] = MappingProxyType(
    {
        "clinician": "Told by the clinician",
        "tracking_board": "Tracking board",
        "chart": "Chart",
        "downtime_paper": "Downtime paper",
    }
)
# What became of the person, in the words of 42 CFR 489.20(r)(3); the last two are how people leave on their own.
DISPOSITIONS: Mapping[str, str] = MappingProxyType(
    {
        "discharged": "Discharged",
        "admitted": "Admitted and treated",
        "stabilized_and_transferred": "Stabilized and transferred",
        "transferred": "Transferred",
        "refused_treatment": "Refused treatment",
        "was_refused_treatment": "Was refused treatment",
        "died": "Died",
        "left_without_being_seen": "Left without being seen",
        "left_before_done": "Left before treatment was done",
    }
)
# The plain milestone that an end stands for, so that everything which reads milestones agrees.
_MILESTONE_OF_END = {"admitted": "admitted", "left_without_being_seen": "left_without_being_seen"}
NO_CONDITION = "no_emergency_condition"


@event_kind("emergency.arrived")
@dataclass(frozen=True, slots=True)
class EmergencyArrived:
    """Somebody came to the emergency department at ``arrived_at`` (aware, UTC), which may be before it was entered.

    ``identifier`` is the one identifier that is asked for besides the name before triage.
    """

    visit_id: str
    patient_id: str
    arrived_at: datetime
    complaint: str
    identifier: str = ""


@event_kind("screening.completed")
@dataclass(frozen=True, slots=True)
class ScreeningCompleted:
    """The medical screening exam: by whom, in which of EXAMINER_ROLES, when (aware, UTC), and how the desk knows."""

    visit_id: str
    patient_id: str
    examined_by: str
    role: str
    completed_at: datetime
    source: str
    has_condition: bool


@event_kind("stabilization.recorded")
@dataclass(frozen=True, slots=True)
class StabilizationRecorded:
    """The emergency condition is stabilized: said by whom, when (aware, UTC), and how the desk knows."""

    visit_id: str
    patient_id: str
    stabilized_by: str
    stabilized_at: datetime
    source: str


@event_kind("emergency.ended")
@dataclass(frozen=True, slots=True)
class EmergencyEnded:
    """What became of the person, one of DISPOSITIONS, when (aware, UTC), and how the desk knows."""

    visit_id: str
    patient_id: str
    disposition: str
    ended_at: datetime
    source: str


def milestones_of(body: object) -> frozenset[str]:
    """The milestones that a record of an emergency stands for."""
    match body:
        case ScreeningCompleted(has_condition=has_condition):
            return frozenset({"mse_completed"} if has_condition else {"mse_completed", NO_CONDITION})
        case StabilizationRecorded():
            return frozenset({"stabilized"})
        case EmergencyEnded(disposition=disposition):
            return frozenset({_MILESTONE_OF_END.get(disposition, "departed")})
    return frozenset()
