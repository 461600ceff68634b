"""Whether one of central's databases is as it was written: log, chains, signatures, tables, feed, flags, alarms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from access_desk.storage import central_log, flag_rows
from access_desk.storage.engine import Database, open_memory_database, read_transaction, write_transaction
from access_desk.storage.event_log import facility_ids
from access_desk.storage.flags import flags_of_log
from access_desk.storage.verify import Verdict, verify_all


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found. ``feed`` is blank when the feed is whole; ``alarms`` are facility, desk, sequence, kind and time.

    ``flags`` is how many stand; ``flags_missing`` names those that the log gives and that are not kept.
    """

    verdict: Verdict
    feed: str
    alarms: tuple[tuple[str, str, int, str, str], ...]
    flags: int
    flags_missing: tuple[str, ...]

    @property
    def is_well(self) -> bool:
        """Whether nothing is wrong. A flag is no fault: it says that somebody has to look into what was recorded."""
        return self.verdict.is_intact and not self.feed and not self.alarms and not self.flags_missing


def look_at(database: Database, keys: Mapping[str, str]) -> Looked:
    """Walk a database; ``keys`` are the desks' public keys (hex) by id, as they were enrolled."""
    empty = open_memory_database()
    try:
        with read_transaction(database) as connection, write_transaction(empty) as target:
            verdict = verify_all(connection, target, dict(keys))
            feed = central_log.feed_fault(connection)
            raised = central_log.alarms(connection)
            flags, missing = 0, list[str]()
            # What cannot be read any more is named above.
            for facility_id in () if verdict.faults else facility_ids(connection):
                kept = {one.flag_id for one in flag_rows.flags_after(connection, facility_id, "", flag_rows.ALL)}
                flags += len(kept)
                missing += [one.flag_id for one in flags_of_log(connection, facility_id) if one.flag_id not in kept]
    finally:
        empty.dispose()
    return Looked(verdict, feed, tuple(raised), flags, tuple(missing))
