"""What is recorded about flags. Raising one is no fact: it follows from the log and from when central received it."""

from __future__ import annotations

from dataclasses import dataclass

from access_desk.domain.events import event_kind


@event_kind("flag.reviewed")
@dataclass(frozen=True, slots=True)
class FlagReviewed:
    """A supervisor looked into flagged events, and what came of it."""

    flags: tuple[str, ...]
    note: str
