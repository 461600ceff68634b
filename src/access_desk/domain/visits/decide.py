"""The rules of registering a visit and of its milestones."""

from __future__ import annotations

from datetime import datetime

from access_desk.domain.cash_drawer.commands import check_amount
from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.events import Fact
from access_desk.domain.identifiers import check_mbi, check_npi
from access_desk.domain.visits.events import (
    VISIT_MILESTONES,
    VISIT_TYPES,
    Coverage,
    VisitDetails,
    VisitProgressed,
    VisitRegistered,
)
from access_desk.domain.visits.on_paper import PaperRegistration
from access_desk.domain.visits.state import VisitState


def check_visit(details: VisitDetails, coverages: tuple[Coverage, ...]) -> None:
    """Raises ``bad_value``, ``bad_amount`` or ``bad_identifier``."""
    if details.type not in VISIT_TYPES:
        raise DeskError(Refusal.BAD_VALUE, "A visit is outpatient, emergency, inpatient, observation or newborn.")
    if details.attending_npi:
        check_npi(details.attending_npi)
    for coverage in coverages:
        if coverage.copay is not None and coverage.copay:
            check_amount(coverage.copay)
        if coverage.medicare:
            check_mbi(coverage.member_id)


def decide_visit(
    patient_id: str,
    details: VisitDetails,
    coverages: tuple[Coverage, ...],
    visit_id: str,
    account_number: str,
    happened: PaperRegistration | None = None,
    begun_at: datetime | None = None,
) -> Fact:
    """A registered visit, in its own history and its patient's; ``happened`` when the person came before it is entered."""
    check_visit(details, coverages)
    came_at, number = (happened.moment, happened.number.strip()) if happened else (None, "")
    registered = VisitRegistered(visit_id, patient_id, account_number, details, coverages, came_at, number, begun_at)
    return Fact(visit_id, registered, None, (patient_id,))


def decide_milestone(visit: VisitState, milestone: str) -> list[Fact]:
    """A milestone reached, kept with who and when."""
    if milestone not in VISIT_MILESTONES:
        raise DeskError(Refusal.BAD_VALUE, "This is not a milestone of a visit.")
    return [Fact(visit.visit_id, VisitProgressed(visit.visit_id, milestone), None, (visit.patient_id,))]
