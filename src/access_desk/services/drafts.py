"""Drafts: what was typed and not filed yet. They are local, belong to their writer, and survive anything."""

from __future__ import annotations

from dataclasses import replace

from access_desk.domain.errors import DeskError, Refusal
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

    def hand_over(self, draft_id: str, owner_id: str, to_id: str) -> Draft:
        """Give a draft to another person of the facility, whole and parked; they find it on their Today at this desk."""
        facility = self._journal.read(lambda states: states.facility())
        receiver = facility.person(to_id)
        if not receiver.active or receiver.person_id == owner_id:
            raise DeskError(Refusal.BAD_VALUE, "Choose somebody else who works here.")
        with write_transaction(self._journal.engine) as connection:
            kept = next((one for one in drafts(connection, self._journal.facility_id) if one.draft_id == draft_id), None)
            if kept is None or kept.owner_id != owner_id:
                raise DeskError(Refusal.UNKNOWN_REFERENCE, "This draft is not yours any more. Nothing was changed.")
            given = replace(kept, owner_id=to_id, parked=True)
            save_draft(connection, self._journal.facility_id, given)
        return given

    def drop(self, draft_id: str) -> None:
        """Forget a draft that was filed or discarded."""
        with write_transaction(self._journal.engine) as connection:
            drop_draft(connection, self._journal.facility_id, draft_id)
