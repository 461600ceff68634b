"""What this desk has recorded that central does not have yet, and what could not be shown here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from access_desk.services.journal import Journal
from access_desk.storage.desk_feed import oldest_unacknowledged, parked, unacknowledged
from access_desk.storage.engine import read_transaction
from access_desk.storage.queries.let_go import custodies_gone


@dataclass(frozen=True, slots=True)
class SetAside:
    """An event of another desk that is stored and not shown; an upgrade of the program takes it up."""

    desk_id: str
    seq: int
    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class OutboxState:
    """``oldest_at`` is when the oldest of what waits was recorded (aware, UTC).

    Of ``let_go`` custodies of other desks the details are at central only.
    """

    waiting: int
    oldest_at: datetime | None
    set_aside: tuple[SetAside, ...]
    let_go: int = 0


class Outbox:
    """What waits for central."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def look(self) -> OutboxState:
        """How it stands now."""
        desk_id = self._journal.stream.desk_id
        with read_transaction(self._journal.engine) as connection:
            rows = parked(connection, self._journal.facility_id)
            oldest = oldest_unacknowledged(connection, desk_id)
            gone = custodies_gone(connection, self._journal.facility_id)
            return OutboxState(unacknowledged(connection, desk_id), oldest, tuple(SetAside(*row) for row in rows), gone)
