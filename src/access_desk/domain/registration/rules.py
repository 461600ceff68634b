"""What a rule of the table is, and what it finds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from access_desk.domain.registration.sheet import PLAN_FIELDS, Place, Sheet

_OF_PLAN = ("eb_", "au_", "es_")
Check = Callable[[Sheet, Place], str]


class Severity(StrEnum):
    """An error makes a bill, a notice or a record wrong; a warning asks to look again."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Rule:
    """One edit. ``check`` looks at a field and says what to do, or nothing when all is well.

    ``demands`` is what holds of a right registration, ``source`` who asks for it; filing waits for what ``gates``.
    """

    rule_id: str
    demands: str
    source: str
    fields: tuple[str, ...]
    check: Check
    severity: Severity = Severity.ERROR
    gates: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that a field does not keep; ``text`` says what to do."""

    rule_id: str
    place: Place
    severity: Severity
    gates: bool
    text: str

    @property
    def key(self) -> str:
        """The field's name on forms."""
        return self.place.key


def is_of_plan(name: str) -> bool:
    """Whether a field stands once in every plan."""
    return name in PLAN_FIELDS or name.startswith(_OF_PLAN)


def blank(text: str, asks: Callable[[Sheet, Place], bool]) -> Check:
    """A check that says the text where something is asked for and nothing stands."""
    return lambda sheet, place: text if sheet.is_blank(place.name, place.plan) and asks(sheet, place) else ""
