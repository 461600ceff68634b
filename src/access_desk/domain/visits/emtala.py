"""No money before the screening exam: EMTALA, 42 CFR 489.24(d)(4).

A hospital may not delay the medical screening exam or stabilizing treatment to ask about payment. The facility's
setting says which of the two releases a visit. An exam that finds no emergency condition leaves nothing to stabilize
(489.24(d)(1) speaks only of those who have one), so it releases under either setting.
"""

from __future__ import annotations

from collections.abc import Iterable

from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.policy import Policy
from access_desk.domain.visits.emergency_events import NO_CONDITION
from access_desk.domain.visits.state import VisitState

# What a clerk says to somebody who offers money of their own accord.
OFFERED_PAYMENT_SCRIPT = (
    "If it is offered, say: “Thank you, but you will be seen first, whether or not you can pay. "
    "Someone will talk with you about payment afterwards.”"
)


def releases(milestones: frozenset[str], policy: Policy) -> bool:
    """Whether an emergency visit that reached these may be asked for money."""
    if "stabilized" in milestones or NO_CONDITION in milestones:
        return True
    return policy.emtala_release == "mse" and "mse_completed" in milestones


def is_released(visit: VisitState, policy: Policy) -> bool:
    """Whether the visit may be asked for money."""
    return visit.type != "emergency" or releases(visit.milestones, policy)


def check_release(visits: Iterable[VisitState], policy: Policy) -> None:
    """Raises ``emtala_hold`` when any of the visits may not be asked for money yet, whoever tries."""
    if not all(is_released(visit, policy) for visit in visits):
        awaited = "the screening exam" if policy.emtala_release == "mse" else "the patient is stabilized"
        raise DeskError(
            Refusal.EMTALA_HOLD,
            f"Emergency visit: no payment may be asked for before {awaited}. Care comes first; nothing was recorded. "
            f"{OFFERED_PAYMENT_SCRIPT}",
        )
