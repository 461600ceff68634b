"""Leasing a drawer to another desk, when the one that had it is lost or was replaced."""

from __future__ import annotations

from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.events import Fact
from access_desk.domain.facility.events import DrawerLeased
from access_desk.domain.facility.state import FacilityState
from access_desk.domain.permissions import Action, check_role
from access_desk.domain.staff import Person

LONGEST_LABEL = 80


def decide_lease(facility: FacilityState, person: Person, drawer_id: str, desk_id: str, label: str, reason: str) -> list[Fact]:
    """The drawer is this desk's from now on; it begins another series of receipt numbers.

    An open custody goes on here: it is counted, closed or taken over at this desk as at the one that is lost. What that one
    still recorded is kept when it ever comes, and flagged.

    Raises:
        DeskError: ``not_permitted``, ``unknown_reference``, ``bad_value`` or ``needs_reason``.
    """
    check_role(person, Action.LEASE_DRAWER)
    drawer = facility.drawer(drawer_id)
    if drawer.desk_id == desk_id:
        raise DeskError(Refusal.BAD_VALUE, f"Drawer {drawer.key} belongs to this desk already. Nothing was recorded.")
    if not label.strip() or len(label) > LONGEST_LABEL:
        raise DeskError(Refusal.BAD_VALUE, "Say where the drawer is, such as Admitting 3.")
    if not reason.strip():
        raise DeskError(Refusal.NEEDS_REASON, "Say what became of the other desk: a reason is needed, and it is kept.")
    leased = DrawerLeased(drawer_id, label.strip(), drawer.desk_id, reason.strip())
    return [Fact(drawer_id, leased, None, (facility.facility_id,))]
