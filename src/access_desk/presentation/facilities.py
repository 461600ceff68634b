"""The facilities that one desk serves: which there are, going to another, joining a further one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class ServedFacility:
    """One of them; its name is its code until its records have come."""

    facility_id: str
    name: str
    is_here: bool


class Facilities(Protocol):
    """The facilities of an opened desk."""

    def served(self) -> tuple[ServedFacility, ...]:
        """All of them, the first one that the desk was enrolled for first."""
        ...

    def choose(self, facility_id: str) -> None:
        """The desk is opened for this one from now on. Raises UnavailableError."""
        ...

    def can_join(self) -> bool:
        """Whether the desk is enrolled with a central, and can be enrolled for a further facility of it."""
        ...

    def join(self, code: str) -> str:
        """Enroll the desk for a further facility, whose code this is; the facility.

        Raises:
            DeskError: ``bad_value`` for what is no code. UnavailableError: central does not answer, or refuses.
        """
        ...
