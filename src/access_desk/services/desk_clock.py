"""What a desk records of its own clock, so that its times can be read later."""

from __future__ import annotations

from access_desk.domain.events import Fact, Recorded
from access_desk.domain.facility.clock import ahead_of, worth_saying
from access_desk.domain.facility.events import DeskClockOff
from access_desk.services.journal import SYSTEM_ACTOR, Journal
from access_desk.storage.engine import read_transaction
from access_desk.storage.queries.desks import clock_last_said


class DeskClock:
    """The desk's clock beside central's."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def compared(self, offset_seconds: int) -> list[Recorded]:
        """Central was asked, and the clock was so far ahead of its (negative: behind). Records what is worth it."""
        journal = self._journal
        journal.ahead = ahead_of(offset_seconds)
        desk_id = journal.stream.desk_id
        with read_transaction(journal.engine) as connection:
            last = clock_last_said(connection, journal.facility_id, desk_id)
        said = worth_saying(offset_seconds, last)
        if said is None:
            return []
        return journal.record(SYSTEM_ACTOR, [Fact(desk_id, DeskClockOff(said), None, (journal.facility_id,))])
