"""The pairs of records that this desk judges to be probably one person, and what of the log they follow already.

Pairs follow from the records and from how common names are, so they are no facts: each desk judges for itself, and may do it
again at any time.
"""

# Values are bound; what is put together are question marks.
# ruff: noqa: S608

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection

from access_desk.domain.events import Recorded
from access_desk.protocol.encoding import UndecodableEventError, decode
from access_desk.storage.local_tables import save_setting, setting

_FOLLOWED: Final = "pairs_follow"
_SWEEP: Final = "pairs_sweep"
# Whatever changes what a record says of a person.
CHANGING: Final = (
    "patient.registered", "patient.amended", "patient.identified", "patient.dispute_settled", "patient.numbered",
    "patient.merged", "patient.unmerged", "patients.imported",
)  # fmt: skip
Heads = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class PairRow:
    """A pair with its score from 0 to 1; ``one_id`` sorts before ``other_id``."""

    one_id: str
    other_id: str
    score: float
    band: str


def pair_row(one: str, other: str, score: float, band: str) -> PairRow:
    """A pair in the order in which it is kept."""
    first, second = sorted((one, other))
    return PairRow(first, second, score, band)


def partners(connection: Connection, facility_id: str, patient_id: str) -> list[str]:
    """The other record of every pair that a record is in."""
    rows = connection.exec_driver_sql(
        "SELECT other_id FROM local_pairs WHERE facility_id = ? AND one_id = ? "
        "UNION ALL SELECT one_id FROM local_pairs WHERE facility_id = ? AND other_id = ?",
        (facility_id, patient_id, facility_id, patient_id),
    ).all()
    return [row[0] for row in rows]


def keep_pairs(connection: Connection, facility_id: str, pairs: Iterable[PairRow], found_at: str, sweep: str) -> None:
    """Add pairs, or say anew how probable they are; since when a pair is known stays."""
    rows = [(facility_id, one.one_id, one.other_id, round(one.score * 10_000), one.band, found_at, sweep) for one in pairs]
    _many(
        connection,
        "INSERT INTO local_pairs (facility_id, one_id, other_id, score, band, found_at, sweep) VALUES (?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (facility_id, one_id, other_id) DO UPDATE SET score = excluded.score, band = excluded.band, "
        "sweep = excluded.sweep",
        rows,
    )


def drop_pairs(connection: Connection, facility_id: str, pairs: Iterable[tuple[str, str]]) -> None:
    """Forget pairs that are no longer probable."""
    rows = [(facility_id, *sorted(pair)) for pair in pairs]
    _many(connection, "DELETE FROM local_pairs WHERE facility_id = ? AND one_id = ? AND other_id = ?", rows)


def not_seen_in(connection: Connection, facility_id: str, sweep: str) -> list[tuple[str, str]]:
    """The pairs that a sweep has not come upon."""
    rows = connection.exec_driver_sql(
        "SELECT one_id, other_id FROM local_pairs WHERE facility_id = ? AND sweep != ?", (facility_id, sweep)
    ).all()
    return [(row[0], row[1]) for row in rows]


def followed(connection: Connection, facility_id: str) -> dict[str, int]:
    """Up to which sequence of each stream the pairs follow the log."""
    found: dict[str, int] = json.loads(setting(connection, facility_id, _FOLLOWED) or "{}")
    return found


def follow(connection: Connection, facility_id: str, heads: Heads) -> None:
    """The pairs follow the log up to there."""
    save_setting(connection, facility_id, _FOLLOWED, json.dumps(dict(heads), sort_keys=True))


def sweep_state(connection: Connection, facility_id: str) -> dict[str, Any]:
    """How far a sweep of the index is, as it was kept last; empty when none was begun."""
    found: dict[str, Any] = json.loads(setting(connection, facility_id, _SWEEP) or "{}")
    return found


def keep_sweep_state(connection: Connection, facility_id: str, state: Mapping[str, Any]) -> None:
    """Keep how far a sweep is."""
    save_setting(connection, facility_id, _SWEEP, json.dumps(dict(state), sort_keys=True))


def heads(connection: Connection, facility_id: str) -> dict[str, int]:
    """The last sequence of every stream in the log; a stream is named by its desk and epoch."""
    # Each stream's end is looked up by itself: to group the log is to walk all of it.
    rows = connection.exec_driver_sql(
        "WITH RECURSIVE stream(desk, epoch) AS ("
        "SELECT * FROM (SELECT desk_id, stream_epoch FROM events WHERE facility_id = ?1 ORDER BY 1, 2 LIMIT 1) "
        "UNION ALL SELECT e.desk_id, e.stream_epoch FROM stream JOIN events e ON e.rowid = (SELECT n.rowid FROM events n "
        "WHERE n.facility_id = ?1 AND (n.desk_id, n.stream_epoch) > (stream.desk, stream.epoch) "
        "ORDER BY n.desk_id, n.stream_epoch LIMIT 1)) "
        "SELECT desk, epoch, (SELECT max(desk_seq) FROM events WHERE facility_id = ?1 AND desk_id = desk "
        "AND stream_epoch = epoch) FROM stream",
        (facility_id,),
    ).all()
    return {f"{row[0]}/{row[1]}": int(row[2]) for row in rows}


def changes_after(connection: Connection, facility_id: str, known: Heads, stream: str, most: int) -> list[Recorded]:
    """The events of a stream, after what is followed, that change what a record says; at most so many, in order."""
    desk_id, _, epoch = stream.rpartition("/")
    marks = ", ".join("?" * len(CHANGING))
    rows = connection.exec_driver_sql(
        f"SELECT data FROM events WHERE facility_id = ? AND desk_id = ? AND stream_epoch = ? AND desk_seq > ? "
        f"AND kind IN ({marks}) ORDER BY desk_seq LIMIT ?",
        (facility_id, desk_id, int(epoch), known.get(stream, 0), *CHANGING, most),
    ).all()
    found = []
    for row in rows:
        try:
            found.append(decode(bytes(row[0]))[0])
        except UndecodableEventError:
            # Of a later version of the program: parked, and no record says anything of it yet.
            continue
    return found


def _many(connection: Connection, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
    if not rows:
        return
    cursor = connection.connection.cursor()
    try:
        cursor.executemany(statement, rows)
    finally:
        cursor.close()
