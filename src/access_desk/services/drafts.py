"""Drafts: what was typed and not filed yet. They are local, belong to their writer, and survive anything."""

from __future__ import annotations

from access_desk.services.journal import Journal
from access_desk.storage.engine import read_transaction, write_transaction
from access_desk.storage.local_tables import Draft, draft, drafts, drop_draft, save_draft


class DraftService:
    """Keeping drafts; saving is durable when the method returns."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def save(self, draft_id: str, owner_id: str, kind: str, title: str, content: str, *, parked: bool = False) -> Draft:
        """Keep a draft under its id, replacing what was kept before; ``content`` is kept exactly."""
        kept = Draft(draft_id, owner_id, kind, title, content, parked, self._journal.clock.now())
        with write_transaction(self._journal.engine) as connection:
            save_draft(connection, self._journal.facility_id, kept)
        return kept

    def of(self, owner_id: str, kind: str | None = None) -> list[Draft]:
        """A person's drafts at this desk, the last saved first."""
        with read_transaction(self._journal.engine) as connection:
            kept = drafts(connection, self._journal.facility_id)
        return [one for one in kept if one.owner_id == owner_id and kind in (None, one.kind)]

    def find(self, draft_id: str) -> Draft | None:
        """One draft, whoever it belongs to; None when there is none."""
        with read_transaction(self._journal.engine) as connection:
            return draft(connection, self._journal.facility_id, draft_id)

    def drop(self, draft_id: str) -> None:
        """Forget a draft that was filed or discarded."""
        with write_transaction(self._journal.engine) as connection:
            drop_draft(connection, self._journal.facility_id, draft_id)
