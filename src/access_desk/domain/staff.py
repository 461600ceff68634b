"""People who work at the desks, and how one of them approves or witnesses what another does."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from access_desk.domain.errors import DeskError, Refusal


class Role(StrEnum):
    """What a person is at the desk; `permissions` says what each may do."""

    REGISTRAR = "registrar"
    LEAD = "lead"
    SUPERVISOR = "supervisor"


@dataclass(frozen=True, slots=True)
class Person:
    """A member of staff. ``key`` is the short sign-in name, unique in the facility and never given again."""

    person_id: str
    key: str
    name: str
    role: Role
    active: bool = True


@dataclass(frozen=True, slots=True)
class Countersign:
    """A second person named for an action, with the PIN they typed; None when they typed none."""

    person_id: str
    pin: str | None = None

    def __repr__(self) -> str:
        return f"Countersign(person_id={self.person_id!r})"


class PinVerdicts(Protocol):
    """Says whether a typed PIN is right. Asked only when the order of checks gets there, since asking counts."""

    def matches(self, countersign: Countersign) -> bool:
        """False for a wrong, missing or throttled PIN."""
        ...


def check_countersign(countersign: Countersign, actor: Person, signer: Person, pins: PinVerdicts, *, approves: bool) -> None:
    """A named approver or witness is somebody else, may do it, and typed their own PIN; checked in this order.

    Raises:
        DeskError: ``same_person``, ``not_permitted`` (an approver who is no lead or supervisor) or ``pin_wrong``.
    """
    if signer.person_id == actor.person_id:
        raise DeskError(Refusal.SAME_PERSON, "This needs a second person. Ask somebody else to enter their own PIN.")
    if not signer.active or (approves and signer.role is Role.REGISTRAR):
        raise DeskError(Refusal.NOT_PERMITTED, "Approving needs a shift lead or a supervisor.")
    if not pins.matches(countersign):
        raise DeskError(Refusal.PIN_WRONG, "The PIN does not match, or was wrong too often. Nothing was recorded.")
