"""What is recorded about a blocked account, and how long each of the chain has."""

from __future__ import annotations

from dataclasses import dataclass

from access_desk.domain.events import event_kind

BLOCK_REASONS = (
    "missing_authorization",
    "eligibility_failed",
    "missing_form",
    "identity_unclear",
    "order_not_signed",
    "coverage_ended",
    "possible_duplicate",
    "other",
)
CHAIN = ("registrar", "lead", "supervisor")


@dataclass(frozen=True, slots=True)
class ServiceLevel:
    """For one reason, how many minutes the registrar, then the lead, then the supervisor has."""

    reason: str
    minutes: tuple[int, int, int]


DEFAULT_LEVELS = (
    ServiceLevel("missing_authorization", (120, 60, 60)),
    ServiceLevel("eligibility_failed", (60, 60, 60)),
    ServiceLevel("missing_form", (60, 60, 120)),
    ServiceLevel("identity_unclear", (30, 30, 60)),
    ServiceLevel("order_not_signed", (60, 60, 60)),
    ServiceLevel("coverage_ended", (120, 120, 240)),
    ServiceLevel("possible_duplicate", (240, 240, 480)),
    ServiceLevel("other", (60, 60, 60)),
)


@dataclass(frozen=True, slots=True)
class ServiceLevels:
    """The facility's settings of waits: ``wait_minutes`` in the queue, ``glass_minutes`` that a broken glass stays open."""

    levels: tuple[ServiceLevel, ...] = DEFAULT_LEVELS
    wait_minutes: int = 15
    glass_minutes: int = 30

    def minutes_for(self, reason: str) -> tuple[int, int, int]:
        """The minutes of the chain for a reason; one that is not set takes the default."""
        for level in (*self.levels, *DEFAULT_LEVELS):
            if level.reason == reason:
                return level.minutes
        return DEFAULT_LEVELS[-1].minutes


@event_kind("service_levels.set")
@dataclass(frozen=True, slots=True)
class ServiceLevelsSet:
    """The facility's service levels from now on."""

    levels: ServiceLevels


@event_kind("account.blocked")
@dataclass(frozen=True, slots=True)
class AccountBlocked:
    """A visit, or an expected one, cannot go on. ``about_id`` is a visit's or an appointment's."""

    block_id: str
    about_id: str
    patient_id: str
    reason: str
    note: str


@event_kind("account.escalated")
@dataclass(frozen=True, slots=True)
class AccountEscalated:
    """Somebody handed the account up the chain before its time ran out; ``level`` is one of CHAIN."""

    block_id: str
    level: str
    reason: str


@event_kind("account.unblocked")
@dataclass(frozen=True, slots=True)
class AccountUnblocked:
    """The account can go on; ``outcome`` says what was done."""

    block_id: str
    outcome: str
