"""Loading a patient index: one event and one transaction for every 10,000 rows, nothing twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from access_desk.domain.events import Fact
from access_desk.domain.patients.index_events import ImportedRow, PatientsImported
from access_desk.services.journal import SYSTEM_ACTOR, Journal
from access_desk.storage import blobs
from access_desk.storage.engine import wide_cache
from access_desk.storage.handles import Connection
from access_desk.storage.imported_index import pack
from access_desk.storage.queries.patient_index import known_sources

ROWS_IN_A_BATCH = 10_000
CACHE_KIB = 200_000


@dataclass(slots=True)
class Imported:
    """How many rows were loaded, and how many were in the index already."""

    loaded: int = 0
    known: int = 0


class IndexImport:
    """Loads rows of another system's index."""

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
        batch: dict[str, ImportedRow] = {}
        with wide_cache(self._journal.engine, CACHE_KIB):
            for row in rows:
                if row.source_id in batch:
                    done.known += 1
                    continue
                batch[row.source_id] = row
                if len(batch) == ROWS_IN_A_BATCH:
                    self._record(list(batch.values()), source, done)
                    progress(done)
                    batch.clear()
            if batch:
                self._record(list(batch.values()), source, done)
                progress(done)
        return done

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
