"""Every drawer of the facility, at whichever desk it is, and leasing one to this desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from access_desk.domain.cash_drawer.figures import CustodyFigures
from access_desk.domain.events import Fact, Recorded
from access_desk.domain.facility.lease import decide_lease
from access_desk.domain.facility.state import DrawerState, FacilityState
from access_desk.domain.permissions import Action
from access_desk.services.journal import By, Journal, Unit
from access_desk.services.states import States
from access_desk.storage.queries import custodies
from access_desk.storage.queries.desks import last_recorded


@dataclass(frozen=True, slots=True)
class DrawerSeen:
    """A drawer as this desk knows it.

    ``custody`` is the one it is in, or the last one it was in. ``heard_at`` is when the last entry that is known here was
    recorded at its desk (aware, UTC); None when there is none.
    """

    drawer: DrawerState
    custody: CustodyFigures | None
    heard_at: datetime | None
    desk_number: int | None
    is_here: bool


class DrawersService:
    """What a supervisor asks of all drawers."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def all(self) -> tuple[FacilityState, tuple[DrawerSeen, ...]]:
        """The facility and its drawers, by their numbers."""
        here, facility_id = self._journal.stream.desk_id, self._journal.facility_id

        def asked(states: States) -> tuple[FacilityState, tuple[DrawerSeen, ...]]:
            facility = states.facility()
            heard = last_recorded(states.connection, facility_id)
            seen = []
            for one in sorted(facility.drawers.values(), key=lambda drawer: (drawer.key, drawer.drawer_id)):
                custody_id = one.custody_id or one.last_custody_id
                figures = custodies.custody(states.connection, facility_id, custody_id) if custody_id else None
                number = facility.desk_numbers.get(one.desk_id)
                seen.append(DrawerSeen(one, figures, heard.get(one.desk_id), number, one.desk_id == here))
            return facility, tuple(seen)

        return self._journal.read(asked)

    def lease(self, by: By, drawer_id: str, label: str, reason: str) -> list[Recorded]:
        """Make a drawer this desk's, because the desk that had it is lost or was replaced.

        Raises:
            DeskError: see :func:`decide_lease`.
        """

        def decided(unit: Unit) -> list[Fact]:
            return decide_lease(unit.states.facility(), unit.acting.person, drawer_id, unit.desk_id, label, reason)

        return self._journal.perform(by, Action.LEASE_DRAWER, decided)
