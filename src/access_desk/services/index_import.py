"""Loading a patient index: one event and one transaction for every 10,000 rows, nothing twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from access_desk.domain.events import Fact
from access_desk.domain.patients.index_events import ImportedRow, PatientsImported
from access_desk.services.journal import SYSTEM_ACTOR, Journal
from access_desk.storage import blobs, bulk_indexes
from access_desk.storage.engine import read_transaction, wide_cache, write_transaction
from access_desk.storage.handles import Connection
from access_desk.storage.imported_index import pack
from access_desk.storage.queries.patient_index import known_sources
from access_desk.storage.queries.patient_index import size as index_size

ROWS_IN_A_BATCH = 10_000
CACHE_KIB = 100_000
_WORTH_SETTING_ASIDE = 50


@dataclass(slots=True)
class Imported:
    """How many rows were loaded, and how many were in the index already."""

    loaded: int = 0
    known: int = 0


class IndexImport:
    """Loads rows of another system's index."""

    rows_in_a_batch = ROWS_IN_A_BATCH

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def load(self, rows: Iterable[ImportedRow], source: str, progress: Callable[[Imported], None]) -> Imported:
        """Load the rows whose ``source_id`` is not in the index yet; the first of several with one id counts.

        Whoever is stopped half-way starts again with the same file: what was loaded is known.

        Args:
            rows: the rows of the file.
            source: the SHA-256 (hex) of the file's name, for the log.
            progress: called after every batch.
        """
        done = Imported()
        with read_transaction(self._journal.engine) as connection:
            size = index_size(connection)
        aside = False
        try:
            with wide_cache(self._journal.engine, CACHE_KIB):
                for batch in self._batches(rows, done):
                    # Building the indexes anew costs as much as adding a part of what is there already.
                    if not aside and done.loaded * _WORTH_SETTING_ASIDE > size:
                        with write_transaction(self._journal.engine) as connection:
                            bulk_indexes.set_aside(connection)
                        aside = True
                    self._record(batch, source, done)
                    progress(done)
        finally:
            if aside:
                bulk_indexes.build_missing(self._journal.engine)
        return done

    def _batches(self, rows: Iterable[ImportedRow], done: Imported) -> Iterator[list[ImportedRow]]:
        batch: dict[str, ImportedRow] = {}
        for row in rows:
            if row.source_id in batch:
                done.known += 1
                continue
            batch[row.source_id] = row
            if len(batch) == self.rows_in_a_batch:
                yield list(batch.values())
                batch.clear()
        if batch:
            yield list(batch.values())

    def _record(self, rows: Sequence[ImportedRow], source: str, done: Imported) -> None:
        loaded = 0

        def made(connection: Connection) -> list[Fact]:
            nonlocal loaded
            known = known_sources(connection, self._journal.facility_id, [row.source_id for row in rows])
            new = [row for row in rows if row.source_id not in known]
            loaded = len(new)
            if not new:
                return []
            content = blobs.keep(connection, self._journal.facility_id, pack(new))
            return [Fact(f"index-{source[:32]}", PatientsImported(content, len(new), source))]

        self._journal.record_made(SYSTEM_ACTOR, made)
        done.loaded += loaded
        done.known += len(rows) - loaded
