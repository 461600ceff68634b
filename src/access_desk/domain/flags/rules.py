"""What is flagged, and who may say that it was looked into. A flag never refuses, changes or drops anything."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.events import Fact
from access_desk.domain.flags.events import FlagReviewed
from access_desk.domain.permissions import Action, check_role
from access_desk.domain.staff import Person

# A clock may be off by so much before anybody is told.
CLOCK_MAY_BE_OFF: Final = timedelta(minutes=2)
MOST_REVIEWED: Final = 5_000


class FlagKind(StrEnum):
    """Why an event is flagged."""

    REVOKED_PERSON = "revoked_person"
    REVOKED_DESK = "revoked_desk"
    CLOSED_CUSTODY = "closed_custody"
    ANOTHER_DESKS_DRAWER = "another_desks_drawer"
    RECEIPT_GAP = "receipt_gap"
    RECEIPT_TWICE = "receipt_twice"
    FORK = "fork"
    CHAIN = "chain"
    CLOCK_AHEAD = "clock_ahead"
    CLOCK_BACK = "clock_back"
    CLOCK_OFF = "clock_off"


@dataclass(frozen=True, slots=True)
class Flag:
    """One flagged event.

    ``detail`` is what stands out, in ids and figures only: a person's or custody's id, a receipt, seconds. Moments are UTC.
    """

    flag_id: str
    kind: str
    desk_id: str
    stream_epoch: int
    desk_seq: int
    event_id: str
    event_kind: str
    actor_id: str
    recorded_at: datetime
    received_at: datetime
    amount_cents: int
    detail: str


def flag_id(kind: FlagKind, desk_id: str, stream_epoch: int, desk_seq: int, more: str = "") -> str:
    """The name of a flag: of the same event for the same reason always the same."""
    return f"{kind.value}/{desk_id}/{stream_epoch}/{desk_seq}" + (f"/{more}" if more else "")


def decide_review(person: Person, known: Collection[str], asked: Sequence[str], note: str, facility_id: str) -> list[Fact]:
    """Record that flags were looked into.

    Args:
        person: who says so; a supervisor.
        known: the flags that stand at this desk.
        asked: those that were looked into.
        note: what came of it.
        facility_id: whose history it belongs to.

    Raises:
        DeskError: ``not_permitted``, ``needs_reason``, ``bad_value`` or ``unknown_reference``.
    """
    check_role(person, Action.REVIEW_FLAG)
    if not note.strip():
        raise DeskError(Refusal.NEEDS_REASON, "Say what came of it: whoever reads this later was not there.")
    if not 0 < len(asked) <= MOST_REVIEWED:
        raise DeskError(Refusal.BAD_VALUE, f"Between one and {MOST_REVIEWED:,} flags are reviewed at once.")
    if any(one not in known for one in asked):
        raise DeskError(Refusal.UNKNOWN_REFERENCE, "One of these flags does not stand any more. Look again.")
    return [Fact(facility_id, FlagReviewed(tuple(asked), note.strip()))]
