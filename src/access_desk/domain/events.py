"""Events: what is written once and never changed. Every kind registers its body here, by name and version.

A *fact* is what a decider returns; a *recorded* event is a fact with its place in the desk's log. Bodies are frozen
dataclasses of values; protocol encodes them as they are, so there is no second set of classes for file or wire.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

Body = object
_B = TypeVar("_B", bound=type)

_KINDS: dict[str, type] = {}
_NAMES: dict[type, str] = {}
_VERSIONS: dict[str, int] = {}


def event_kind(kind: str, *, version: int = 1) -> Callable[[_B], _B]:
    """Register a body class."""

    def register(body_class: _B) -> _B:
        _KINDS[kind], _NAMES[body_class], _VERSIONS[kind] = body_class, kind, version
        return body_class

    return register


def kind_of(body: Body) -> str:
    """The kind a body was registered under."""
    return _NAMES[type(body)]


def kind_of_class(body_class: type) -> str:
    """The kind that a body class was registered under."""
    return _NAMES[body_class]


def body_class_of(kind: str) -> type | None:
    """The body class of a kind; None for a kind that a later release invented."""
    return _KINDS.get(kind)


def version_of(kind: str) -> int:
    """The newest version of a kind, the one that is written."""
    return _VERSIONS[kind]


def known_kinds() -> tuple[str, ...]:
    """All registered kinds, sorted."""
    return tuple(sorted(_KINDS))


@dataclass(frozen=True, slots=True)
class Fact:
    """Something decided but not yet recorded. ``also`` names further subjects whose history it belongs to."""

    subject_id: str
    body: Body
    approver_id: str | None = None
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event with its place in a stream; ``desk_seq`` orders a stream, ``recorded_at`` (aware, UTC) never does."""

    event_id: str
    facility_id: str
    desk_id: str
    stream_epoch: int
    desk_seq: int
    recorded_at: datetime
    stamp: str
    business_date: date
    actor_id: str
    approver_id: str | None
    command_id: str | None
    kind: str
    version: int
    subject_id: str
    also: tuple[str, ...]
    body: Body
