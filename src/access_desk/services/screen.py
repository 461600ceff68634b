"""How this desk's screen is set up. Nothing of it is recorded: it is of the screen, not of anybody's day."""

from __future__ import annotations

from access_desk.services.journal import Journal
from access_desk.storage.engine import read_transaction, write_transaction
from access_desk.storage.local_tables import save_setting, setting

_NAMES_HIDDEN = "names_hidden"


class ScreenService:
    """Whether names are hidden: once they are, as where the public looks on, they stay so until somebody shows them."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def hides_names(self) -> bool:
        """Whether names were hidden when they were last changed."""
        with read_transaction(self._journal.engine) as connection:
            return setting(connection, self._journal.facility_id, _NAMES_HIDDEN) == "1"

    def hide_names(self, *, hidden: bool) -> None:
        """Keep that names are hidden, or shown, here."""
        with write_transaction(self._journal.engine) as connection:
            save_setting(connection, self._journal.facility_id, _NAMES_HIDDEN, "1" if hidden else "")
