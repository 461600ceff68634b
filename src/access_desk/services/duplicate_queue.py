"""The work queue of probable duplicates: judged again whenever a record changes, and filled by a sweep of the whole index.

What is probable follows from the records, so it is no fact: every desk keeps its own list and brings it up to the log when
somebody looks at it. What a person said of a pair (flagged, made despite a match, not the same, linked, merged) is in the log.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from access_desk.domain.events import Recorded
from access_desk.domain.matching.blocking import KEYS
from access_desk.domain.patients.index_events import PatientsImported
from access_desk.services.duplicates import WholeIndex
from access_desk.services.journal import Journal
from access_desk.services.patient_index import PatientIndex
from access_desk.storage import possible_pairs as pairs
from access_desk.storage.engine import read_transaction, write_transaction
from access_desk.storage.handles import Connection
from access_desk.storage.possible_pairs import PairRow, pair_row

# As many records are judged again while somebody waits for the queue; the rest the next time.
MOST_AT_ONCE: Final = 100
_ROWS_AT_ONCE: Final = 1_000
_IDS: Final = ("patient_id", "survivor_id", "retired_id")


@dataclass(frozen=True, slots=True)
class QueueState:
    """How far the queue follows the index.

    ``behind``: changed records are still to be judged. ``sweep_due``: records were imported that were never compared.
    ``swept`` is the part of a sweep that is done, from 0 to 1, where one was begun and not ended.
    """

    behind: bool
    sweep_due: bool
    swept: float | None = None


@dataclass(frozen=True, slots=True)
class _Judged:
    """What becomes of the pairs of a record."""

    rows: list[PairRow]
    gone: list[tuple[str, str]]


class DuplicateQueue:
    """Keeps the probable duplicates of one facility at this desk."""

    def __init__(self, journal: Journal, index: PatientIndex) -> None:
        self._journal = journal
        self._index = index
        self._lock = threading.Lock()

    def state(self) -> QueueState:
        """How far the queue is, without doing anything."""
        with read_transaction(self._journal.engine) as connection:
            behind = pairs.heads(connection, self._facility_id) != pairs.followed(connection, self._facility_id)
            return _state(pairs.sweep_state(connection, self._facility_id), behind=behind)

    def catch_up(self, most: int = MOST_AT_ONCE) -> QueueState:
        """Judge the records again that changed since the last time, at most about so many."""
        facility_id = self._facility_id
        with self._lock:
            with read_transaction(self._journal.engine) as connection:
                known, ends = pairs.followed(connection, facility_id), pairs.heads(connection, facility_id)
                state = pairs.sweep_state(connection, facility_id)
                if known == ends:
                    return _state(state, behind=False)
                events, follows = _changes(connection, facility_id, known, ends, most)
                changed = list(dict.fromkeys(one for event in events for one in _records_of(event)))
                judged = [self._judged(connection, patient_id) for patient_id in changed]
            with write_transaction(self._journal.engine) as connection:
                # A sweep beside this one may have gone on meanwhile.
                state = pairs.sweep_state(connection, facility_id)
                if any(isinstance(event.body, PatientsImported) for event in events):
                    state = {**state, "due": True}
                    pairs.keep_sweep_state(connection, facility_id, state)
                self._write(connection, judged, str(state.get("sweep", "")))
                pairs.follow(connection, facility_id, follows)
            return _state(state, behind=follows != ends)

    def sweep(self, progress: Callable[[float], object], stopped: Callable[[], bool] = lambda: False) -> QueueState:
        """Compare the whole index, and list what is probable. Whoever is stopped half-way goes on from there the next time.

        Args:
            progress: called with the part done, from 0 to 1.
            stopped: asked now and then; when it says so, the sweep ends where it is.
        """
        state = self._begin()
        with read_transaction(self._journal.engine) as connection:
            whole = WholeIndex(connection, self._facility_id)
        for number in range(KEYS):
            progress(number / KEYS)
            if number < state["key"]:
                whole.pass_over(number)
            elif stopped() or not self._sweep_key(whole, number, state["sweep"], progress, stopped):
                return self.state()
            else:
                state = {**state, "key": number + 1}
                with write_transaction(self._journal.engine) as connection:
                    pairs.keep_sweep_state(connection, self._facility_id, state)
        self._end(state)
        progress(1.0)
        return self.state()

    def _sweep_key(
        self, whole: WholeIndex, number: int, sweep: str, progress: Callable[[float], object], stopped: Callable[[], bool]
    ) -> bool:
        """Whether every pair of the key is listed now. Reading and writing take turns, so that nobody waits long."""

        def goes_on(part: float) -> bool:
            progress((number + part) / KEYS)
            return not stopped()

        with read_transaction(self._journal.engine) as connection:
            found = [
                pair_row(pair.a.patient_id, pair.b.patient_id, pair.score, pair.band)
                for pair in whole.pairs_of(number, connection, goes_on)
            ]
        if stopped():
            return False
        for start in range(0, len(found), _ROWS_AT_ONCE):
            with write_transaction(self._journal.engine) as connection:
                part = found[start : start + _ROWS_AT_ONCE]
                pairs.keep_pairs(connection, self._facility_id, part, self._now(), sweep)
        return not stopped()

    def _begin(self) -> dict[str, Any]:
        with write_transaction(self._journal.engine) as connection:
            state = pairs.sweep_state(connection, self._facility_id)
            if "key" not in state:
                heads = pairs.heads(connection, self._facility_id)
                state = {"sweep": self._now(), "key": 0, "heads": heads}
                pairs.keep_sweep_state(connection, self._facility_id, state)
            return state

    def _end(self, state: dict[str, Any]) -> None:
        """What changed while the index was swept is judged again the next time the queue is opened."""
        facility_id = self._facility_id
        with read_transaction(self._journal.engine) as connection:
            unseen = pairs.not_seen_in(connection, facility_id, state["sweep"])
            judged = [self._judged(connection, one_id, (other_id,)) for one_id, other_id in unseen]
        with write_transaction(self._journal.engine) as connection:
            self._write(connection, judged, state["sweep"])
            pairs.follow(connection, facility_id, state["heads"])
            pairs.keep_sweep_state(connection, facility_id, {"sweep": state["sweep"]})

    def _judged(self, connection: Connection, patient_id: str, before: Sequence[str] | None = None) -> _Judged:
        """The pairs that a record is in now, and those of before that it is in no longer; ``before`` None: all it was in."""
        if before is None:
            before = pairs.partners(connection, self._facility_id, patient_id)
        probable = {one.record.patient_id: one.judgement for one in self._index.alike_in(connection, patient_id, before)}
        rows = [pair_row(patient_id, other, judged.score, judged.band) for other, judged in probable.items()]
        return _Judged(rows, [(patient_id, other) for other in before if other not in probable])

    def _write(self, connection: Connection, judged: Sequence[_Judged], sweep: str) -> None:
        for one in judged:
            pairs.drop_pairs(connection, self._facility_id, one.gone)
            pairs.keep_pairs(connection, self._facility_id, one.rows, self._now(), sweep)

    @property
    def _facility_id(self) -> str:
        return self._journal.facility_id

    def _now(self) -> str:
        return _utc(self._journal.clock.now())


def _changes(
    connection: Connection, facility_id: str, known: Mapping[str, int], ends: Mapping[str, int], most: int
) -> tuple[list[Recorded], dict[str, int]]:
    """At most so many events that change records, after what is followed, and up to where the log is followed with them."""
    found: list[Recorded] = []
    follows = dict(known)
    for stream in sorted(ends):
        left = most - len(found)
        if left <= 0:
            break
        events = pairs.changes_after(connection, facility_id, known, stream, left + 1)
        # Nothing else of the stream concerns records: it is followed to its end.
        follows[stream] = ends[stream] if len(events) <= left else events[left - 1].desk_seq
        found += events[:left]
    return found, follows


def _records_of(event: Recorded) -> list[str]:
    """The records that an event says something else of."""
    return [found for name in _IDS if (found := getattr(event.body, name, ""))]


def _state(kept: dict[str, Any], *, behind: bool) -> QueueState:
    return QueueState(behind, bool(kept.get("due")) or "key" in kept, kept["key"] / KEYS if "key" in kept else None)


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
