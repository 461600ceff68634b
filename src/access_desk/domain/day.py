"""A day at the desks, as a day file describes it (contract ``access-desk.day/1``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from access_desk.domain.money import Money
from access_desk.domain.policy import Policy
from access_desk.domain.staff import Role


@dataclass(frozen=True, slots=True)
class DayFacility:
    """The facility of a day file."""

    code: str
    name: str
    timezone: str
    policy: Policy


@dataclass(frozen=True, slots=True)
class DayPerson:
    """A member of staff; the PIN is only ever hashed."""

    key: str
    name: str
    role: Role
    pin: str

    def __repr__(self) -> str:
        return f"DayPerson(key={self.key!r}, role={self.role!r})"


@dataclass(frozen=True, slots=True)
class DayDrawer:
    """A drawer with the desk it stands at."""

    key: str
    desk: str
    imprest: Money


@dataclass(frozen=True, slots=True)
class DayStep:
    """One step. ``values`` are the verb's own keys as they stand in the file; they are read when the step is played."""

    n: int
    do: str
    by: str
    at: object
    expect_refused: bool
    expected_code: str | None
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Day:
    """A whole day file; ``digest`` (SHA-256, hex) of its bytes makes the steps' command ids."""

    digest: str
    facility: DayFacility
    staff: tuple[DayPerson, ...]
    drawers: tuple[DayDrawer, ...]
    steps: tuple[DayStep, ...]

    def command_id(self, n: int) -> str:
        """The idempotency key of a step."""
        return f"{self.digest}:{n}"


@dataclass(frozen=True, slots=True)
class StepOutcome:
    """How a step ended; ``code`` and ``text`` when it was refused."""

    n: int
    do: str
    refused: bool
    code: str | None = None
    text: str | None = None

    def as_the_file_says(self, step: DayStep) -> bool:
        """Whether it ended as its step expects."""
        if self.refused != step.expect_refused:
            return False
        return step.expected_code is None or step.expected_code == self.code
