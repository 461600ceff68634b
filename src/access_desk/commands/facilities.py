"""The facilities of an opened desk, for its window: the port `presentation.facilities.Facilities`."""

from __future__ import annotations

import importlib

from access_desk.app import OpenedDesk, choose_facility, served_facilities
from access_desk.domain.errors import DeskError, Refusal, UnavailableError
from access_desk.presentation.facilities import ServedFacility
from access_desk.protocol.enrollment_code import read_code
from access_desk.storage.engine import read_transaction
from access_desk.storage.queries.overview import facility_names
from access_desk.system.enrollment import load_enrollment


class DeskFacilities:
    """Those of one desk."""

    def __init__(self, opened: OpenedDesk) -> None:
        self._opened = opened

    def served(self) -> tuple[ServedFacility, ...]:
        """All of them, the first one that the desk was enrolled for first."""
        enrollment = load_enrollment(self._opened.home.folder)
        database, here = self._opened.files.database, self._opened.desk.journal.facility_id
        found = served_facilities(database, enrollment.facilities if enrollment else ())
        with read_transaction(database) as connection:
            names = facility_names(connection)
        return tuple(ServedFacility(one, names.get(one) or one, one == here) for one in found)

    def choose(self, facility_id: str) -> None:
        """The desk is opened for this one from now on."""
        choose_facility(self._opened.files.database, facility_id)

    def can_join(self) -> bool:
        """Whether the desk is enrolled with a central."""
        return load_enrollment(self._opened.home.folder) is not None

    def join(self, code: str) -> str:
        """Enroll the desk for a further facility, whose code this is; the facility."""
        enrollment = load_enrollment(self._opened.home.folder)
        if enrollment is None:
            raise UnavailableError("This desk works by itself: it is not enrolled with a central. Nothing was changed.")
        try:
            read = read_code(code)
        except ValueError as wrong:
            text = "This is no enrollment code. Enter the whole last line that enrollment-code printed."
            raise DeskError(Refusal.BAD_VALUE, text) from wrong
        # The HTTP client is loaded for whoever joins only.
        joining = importlib.import_module("access_desk.commands.enroll")
        try:
            joined: str = joining.join_facility(self._opened.files, enrollment, read).facilities[-1]
        except joining.RetryLaterError as away:
            raise UnavailableError(f"Central does not answer: {away}. Nothing was changed. Try again.") from away
        except joining.StoppedError as stopped:
            raise UnavailableError(stopped.text) from stopped
        return joined
