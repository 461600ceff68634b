"""No money before the screening exam: EMTALA, 42 CFR 489.24(d)(4).

A hospital may not delay the medical screening exam or stabilizing treatment to ask about payment. The facility's
setting says which of the two releases a visit.
"""

from __future__ import annotations

from collections.abc import Iterable

from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.policy import Policy
from access_desk.domain.visits.state import VisitState


def is_released(visit: VisitState, policy: Policy) -> bool:
    """Whether the visit may be asked for money."""
    if visit.type != "emergency" or "stabilized" in visit.milestones:
        return True
    return policy.emtala_release == "mse" and "mse_completed" in visit.milestones


def check_release(visits: Iterable[VisitState], policy: Policy) -> None:
    """Raises ``emtala_hold`` when any of the visits may not be asked for money yet, whoever tries."""
    if not all(is_released(visit, policy) for visit in visits):
        awaited = "the screening exam" if policy.emtala_release == "mse" else "the patient is stabilized"
        raise DeskError(
            Refusal.EMTALA_HOLD,
            f"Emergency visit: no payment may be asked for before {awaited}. Care comes first; nothing was recorded.",
        )
