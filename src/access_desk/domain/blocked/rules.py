"""The rules of blocked accounts: who owns one now, and how much time is left.

The chain is registrar, lead, supervisor, each with their own time (pre-service escalation as in the trade's
authorization playbooks, source S101 of the domain notes). Time alone moves an account up; a person may do it sooner.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from access_desk.domain.blocked.events import (
    BLOCK_REASONS,
    CHAIN,
    AccountBlocked,
    AccountEscalated,
    AccountUnblocked,
    ServiceLevels,
    ServiceLevelsSet,
)
from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.events import Fact, Recorded

MOST_MINUTES = 60 * 24 * 30


@dataclass(frozen=True, slots=True)
class BlockState:
    """One blocked account. ``level`` and ``level_since`` say who got it by hand last."""

    block_id: str
    about_id: str
    patient_id: str
    reason: str
    note: str
    blocked_at: datetime
    blocked_by: str
    level: str
    level_since: datetime
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class Standing:
    """Who owns a blocked account at a moment. ``left`` is negative when it is overdue; ``used`` goes from 0 to 1."""

    owner: str
    since: datetime
    due_at: datetime
    left: timedelta
    used: float

    @property
    def is_overdue(self) -> bool:
        """Whether the time of the owner has run out."""
        return self.left <= timedelta(0)


def evolve(state: BlockState | None, event: Recorded) -> BlockState | None:
    """The blocked account after one more event."""
    match event.body:
        case AccountBlocked() as said:
            at = event.recorded_at
            return BlockState(
                said.block_id, said.about_id, said.patient_id, said.reason, said.note, at, event.actor_id, CHAIN[0], at
            )
        case AccountEscalated(level=level) if state is not None:
            return replace(state, level=level, level_since=event.recorded_at)
        case AccountUnblocked() if state is not None:
            return replace(state, is_open=False)
    return state


def evolve_levels(state: ServiceLevels | None, event: Recorded) -> ServiceLevels:
    """The facility's service levels after one more event."""
    if isinstance(event.body, ServiceLevelsSet):
        return event.body.levels
    return state or ServiceLevels()


def standing(block: BlockState, levels: ServiceLevels, now: datetime) -> Standing:
    """Who owns the account now and how much time is left; the last of the chain keeps it when overdue."""
    minutes = levels.minutes_for(block.reason)
    place, since = CHAIN.index(block.level), block.level_since
    while place < len(CHAIN) - 1 and now - since >= timedelta(minutes=minutes[place]):
        since += timedelta(minutes=minutes[place])
        place += 1
    allowed = timedelta(minutes=minutes[place])
    used = min(max((now - since) / allowed, 0.0), 1.0)
    return Standing(CHAIN[place], since, since + allowed, since + allowed - now, used)


def decide_block(block_id: str, about_id: str, patient_id: str, reason: str, note: str) -> list[Fact]:
    """Block an account for a reason; one without a name of its own needs words."""
    if reason not in BLOCK_REASONS:
        raise DeskError(Refusal.BAD_VALUE, "Choose why the account is blocked.")
    if reason == "other" and not note.strip():
        raise DeskError(Refusal.NEEDS_REASON, "Say why the account is blocked.")
    also = tuple(one for one in (about_id, patient_id) if one)
    return [Fact(block_id, AccountBlocked(block_id, about_id, patient_id, reason, note.strip()), None, also)]


def _check_open(block: BlockState) -> None:
    if not block.is_open:
        raise DeskError(Refusal.BAD_VALUE, "This account is not blocked any more. Nothing was changed.")


def decide_escalation(block: BlockState, levels: ServiceLevels, reason: str, now: datetime) -> list[Fact]:
    """Hand an account up from whoever owns it now; needs a reason."""
    _check_open(block)
    place = CHAIN.index(standing(block, levels, now).owner)
    if place == len(CHAIN) - 1:
        raise DeskError(Refusal.BAD_VALUE, "The supervisor has this account already. There is nobody further up.")
    if not reason.strip():
        raise DeskError(Refusal.NEEDS_REASON, "Say why it cannot wait.")
    return [Fact(block.block_id, AccountEscalated(block.block_id, CHAIN[place + 1], reason.strip()))]


def decide_unblock(block: BlockState, outcome: str) -> list[Fact]:
    """Let an account go on; what was done is kept."""
    _check_open(block)
    if not outcome.strip():
        raise DeskError(Refusal.NEEDS_REASON, "Say what was done, so that the next person knows.")
    return [Fact(block.block_id, AccountUnblocked(block.block_id, outcome.strip()))]


def decide_levels(facility_id: str, levels: ServiceLevels) -> list[Fact]:
    """Set the service levels of the facility."""
    numbers = [levels.wait_minutes, levels.glass_minutes, *(one for level in levels.levels for one in level.minutes)]
    if any(not 1 <= one <= MOST_MINUTES for one in numbers):
        raise DeskError(Refusal.BAD_VALUE, "A service level is from one minute to thirty days.")
    if any(level.reason not in BLOCK_REASONS for level in levels.levels):
        raise DeskError(Refusal.BAD_VALUE, "A service level is for one of the reasons for blocking an account.")
    return [Fact(facility_id, ServiceLevelsSet(levels))]
