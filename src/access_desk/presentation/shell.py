"""What the window's frame says: the strip, the rail, where a person begins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from access_desk.domain.papers.words import ROLE_WORDS
from access_desk.domain.permissions import DrawerStatus
from access_desk.domain.policy import Policy
from access_desk.domain.staff import Role
from access_desk.services.desk_view import DeskStatus


@dataclass(frozen=True, slots=True)
class StripText:
    """One field of the strip; ``tone`` is a semantic tone or blank."""

    name: str
    caption: str
    value: str
    icon: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the rail."""

    page_id: str
    text: str
    key: str
    icon: str


_REGISTRAR = (
    Place("today", "Today", "F2", "list-checks"),
    Place("find", "Find", "F3", "search"),
    Place("register", "Register", "F7", "clipboard-pen"),
    Place("payment", "Payment", "F8", "hand-coins"),
    Place("drawer", "Drawer", "F9", "wallet"),
    Place("handoff", "Handoff", "Shift F9", "arrow-left-right"),
)
_DUPLICATES = Place("duplicates", "Duplicates", "", "users")
_REPORTS = Place("shift_report", "Sheets", "", "file-text")
_DRAWERS = Place("drawers", "Drawers", "", "wallet-cards")
_FLAGGED = Place("flagged", "Flagged", "", "triangle-alert")
_SET_UP = Place("setup", "Set up", "", "key-round")


def places_for(role: Role) -> tuple[Place, ...]:
    """The rail of a role; leads also reach duplicates and sheets, supervisors all drawers, what is flagged, and the set-up."""
    if role is Role.REGISTRAR:
        return _REGISTRAR
    above = (*_REGISTRAR, _DUPLICATES, _REPORTS)
    if role is not Role.SUPERVISOR:
        return above
    # A rail holds nine places in the smallest window; payment and handoff keep their keys.
    own = [place for place in _REGISTRAR if place.page_id not in ("payment", "handoff")]
    return (*own, _DRAWERS, _FLAGGED, _DUPLICATES, _REPORTS, _SET_UP)


def clock_text(moment: datetime | time) -> str:
    """``7:02 AM``."""
    hour = moment.hour % 12 or 12
    return f"{hour}:{moment.minute:02d} {'AM' if moment.hour < 12 else 'PM'}"  # noqa: PLR2004


def shift_text(policy: Policy, name: str) -> str:
    """``Day, 7:00 AM–3:00 PM``."""
    hours = policy.shift_hours(name)
    word = name[:1].upper() + name[1:]
    return f"{word}, {clock_text(hours[0])}–{clock_text(hours[1])}" if hours else word


def strip_texts(status: DeskStatus, desk_label: str, sync: StripText) -> tuple[StripText, ...]:
    """The strip for the person at the desk, with how it stands with central; it never tells what the drawer holds."""
    drawer = status.drawer
    label = drawer.desk_label if drawer else desk_label
    return (
        StripText("facility", "Facility", status.facility.name),
        StripText("desk", "Desk", label),
        _drawer_text(status),
        StripText("shift", "Shift", shift_text(status.facility.policy, status.shift)),
        sync,
        StripText("user", ROLE_WORDS[status.person.role.value].capitalize(), status.person.name),
    )


def _drawer_text(status: DeskStatus) -> StripText:
    drawer = status.drawer
    if drawer is None:
        return StripText("drawer", "Drawer", "None open", "lock")
    if drawer.status is DrawerStatus.COUNTING:
        return StripText("drawer", "Drawer", f"{drawer.key}, counting, closed to payments", "eye-off", "attention")
    if status.drawer_asks_for_drop:
        return StripText("drawer", "Drawer", f"{drawer.key}, make a safe drop", "vault", "attention")
    since = f", open since {clock_text(status.drawer_opened_at)}" if status.drawer_opened_at else ""
    return StripText("drawer", "Drawer", f"{drawer.key}{since}", "lock-open", "balanced")
