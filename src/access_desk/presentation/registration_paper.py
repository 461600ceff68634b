"""A registration that was taken on paper while the program was down: what is typed of it, and how it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from access_desk.domain.registration.readings import time_in
from access_desk.domain.registration.sheet import ON_PAPER
from access_desk.domain.visits.on_paper import PaperRegistration
from access_desk.domain.visits.views import VisitRow
from access_desk.presentation.registration_dates import TypedTextError, read_date, shown_date, shown_time


def is_from_paper(values: Mapping[str, str]) -> bool:
    """Whether the registration is entered after the fact."""
    return values.get("entered", "") == ON_PAPER


def paper_day(values: Mapping[str, str], today: date) -> date | None:
    """The day on the paper; None without one, or while it cannot be read."""
    if not is_from_paper(values) or not values.get("came_on", "").strip():
        return None
    try:
        return read_date(values["came_on"], today)
    except TypedTextError:
        return None


def paper_in(values: Mapping[str, str], now: datetime) -> PaperRegistration | None:
    """What the paper says; None for somebody who is registered as they come.

    Args:
        now: the facility's wall clock. The running minute is now.

    Raises:
        TypedTextError: the date or the time cannot be read.
    """
    if not is_from_paper(values):
        return None
    on, at = read_date(values.get("came_on", ""), now.date()), time_in(values.get("came_at", ""))
    came_at = datetime.combine(on, at, now.tzinfo)
    is_this_minute = came_at.replace(second=0, microsecond=0) == now.replace(second=0, microsecond=0)
    return PaperRegistration(now if is_this_minute else came_at, values.get("paper_number", "").strip())


def paper_values(visit: VisitRow, came_at: datetime) -> dict[str, str]:
    """A visit that was entered after the fact as form fields; nothing for another. ``came_at`` is local."""
    if not visit.was_entered_late:
        return {}
    return {
        "entered": ON_PAPER,
        "came_on": shown_date(came_at.date()),
        "came_at": shown_time(came_at),
        "paper_number": visit.paper_number,
    }


def came_text(values: Mapping[str, str]) -> str:
    """``11/28/2026 2:10 AM`` of what is typed; blank when nothing is."""
    return " ".join(part for part in (values.get("came_on", "").strip(), values.get("came_at", "").strip()) if part)
