"""Use cases of flags: what central noticed about events that it took in, and the supervisor's word about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from access_desk.domain.events import Fact, Recorded
from access_desk.domain.flags.rules import Flag, decide_review
from access_desk.domain.permissions import Action
from access_desk.services.journal import By, Journal, Unit
from access_desk.storage.engine import read_transaction
from access_desk.storage.flag_rows import ALL, DESK, count_open, flags_after, reviews


@dataclass(frozen=True, slots=True)
class FlagLooked:
    """A flag, and what came of it; ``reviewed_at`` (aware, UTC) is None while nobody has looked into it."""

    flag: Flag
    note: str = ""
    reviewed_by: str = ""
    reviewed_at: datetime | None = None


class FlagService:
    """What stands out of the facility's events, as this desk was last told."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def all(self) -> tuple[FlagLooked, ...]:
        """Every flag with what came of it; those that nobody looked into first, the newest received first."""
        with read_transaction(self._journal.engine) as connection:
            flags = flags_after(connection, self._journal.facility_id, "", ALL, DESK)
            said = reviews(connection, self._journal.facility_id)
        found = [FlagLooked(one, *said[one.flag_id]) if one.flag_id in said else FlagLooked(one) for one in flags]
        newest = sorted(found, key=lambda one: (one.flag.received_at, one.flag.desk_seq), reverse=True)
        return tuple(sorted(newest, key=lambda one: one.reviewed_at is not None))

    def open_count(self) -> int:
        """How many nobody has looked into."""
        with read_transaction(self._journal.engine) as connection:
            return count_open(connection, self._journal.facility_id)

    def review(self, by: By, flag_ids: Sequence[str], note: str) -> list[Recorded]:
        """Record that these were looked into, and what came of it."""

        def decided(unit: Unit) -> list[Fact]:
            known = {one.flag_id for one in flags_after(unit.connection, self._journal.facility_id, "", ALL, DESK)}
            return decide_review(unit.acting.person, known, flag_ids, note, self._journal.facility_id)

        return self._journal.perform(by, Action.REVIEW_FLAG, decided)
