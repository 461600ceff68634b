"""Lines of the central log, and times of day as clerks type them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from access_desk.domain.full_name import full_name
from access_desk.domain.patients.events import Demographics
from access_desk.domain.visits.emergency import Phase
from access_desk.domain.visits.emergency_events import EXAMINER_ROLES, SOURCES
from access_desk.domain.visits.emergency_views import EmtalaReport, LoggedArrival
from access_desk.presentation.hidden_names import hidden_name, hidden_number
from access_desk.presentation.registration_dates import TypedTextError, read_date, shown_date, shown_time
from access_desk.presentation.today_rows import waited

_TIME = re.compile(r"\s*(\d{1,2})\s*[:.]?\s*(\d{2})\s*([ap])?\.?m?\.?\s*", re.ASCII | re.IGNORECASE)
_NOON, _HOURS, _MINUTES = 12, 24, 60
PHASE_WORDS = {
    Phase.ARRIVED: "Not triaged yet",
    Phase.TRIAGED: "Waiting for the exam",
    Phase.SCREENED: "Exam done",
    Phase.STABILIZED: "Stabilized",
    Phase.ENDED: "Ended",
}


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of the central log. ``late`` says how long after the arrival it was entered, or is blank."""

    visit_id: str
    patient_id: str
    arrived: str
    late: str
    name: str
    number: str
    complaint: str
    state: str
    detail: str
    tone: str
    became: str
    became_at: str
    unidentified: bool
    is_open: bool

    @property
    def spoken(self) -> str:
        """The line as a screen reader says it."""
        parts = (self.arrived, self.late, self.name, self.number, self.complaint, self.state, self.detail, self.became)
        return ", ".join(part for part in parts if part)


def log_line(one: LoggedArrival, zone: ZoneInfo, suffix_after: str, *, hidden: bool) -> LogLine:
    """A line as it is shown."""
    whole = full_name(one.family, one.given, one.middle, one.suffix, suffix_after)
    name = hidden_name(Demographics(one.family, one.given)) if hidden else whole
    mrn = hidden_number(one.mrn) if hidden else one.mrn
    merged = f", came under {one.logged_mrn}" if one.logged_mrn != one.mrn and not hidden else ""
    late = f"Entered {waited(one.arrived_at, one.entered_at)} later" if one.was_entered_late else ""
    state, detail, tone = _standing(one, zone)
    return LogLine(
        visit_id=one.visit_id,
        patient_id=one.patient_id,
        arrived=shown_time(one.arrived_at.astimezone(zone)),
        late=late,
        name=name or "Unidentified",
        number=f"{'Unidentified, ' if one.unidentified else ''}MRN {mrn}{merged}",
        complaint=one.complaint or "Complaint not noted",
        state=state,
        detail=detail,
        tone=tone,
        became=one.became or "Still here",
        became_at=shown_time(one.ended_at.astimezone(zone)) if one.ended_at else "",
        unidentified=one.unidentified,
        is_open=not one.disposition,
    )


def _standing(one: LoggedArrival, zone: ZoneInfo) -> tuple[str, str, str]:
    if one.examined_at is None:
        state = PHASE_WORDS[one.phase] if one.phase is not Phase.ENDED else "No exam"
        return state, "No payment may be asked for", "attention"
    by = f"{one.examined_by}, {EXAMINER_ROLES.get(one.examiner_role, '')}".strip(", ")
    source = SOURCES.get(one.exam_source, "")
    found = {True: "Condition found", False: "No condition found", None: ""}[one.has_condition]
    at = shown_time(one.examined_at.astimezone(zone))
    stable = f"Stabilized {shown_time(one.stabilized_at.astimezone(zone))}" if one.stabilized_at else ""
    detail = "; ".join(part for part in (by, found, stable, source) if part)
    return f"Exam {at}", detail or "By whom is not noted", "balanced" if by else "info"


def report_text(report: EmtalaReport) -> tuple[str, str]:
    """What leads see above the log: the text and its tone."""
    if report.early:
        receipts = ", ".join(one.receipt for one in report.early)
        return f"{len(report.early)} payments before the exam: {receipts}. Tell compliance today.", "short"
    counts = f"{len(report.arrivals)} arrivals, {len(report.without_end)} still open, {len(report.entered_late)} entered late"
    return f"Payments before the exam: none. {counts}.", "balanced"


def read_time(typed: str) -> time:
    """``1424``, ``2:24 PM``, ``2:24p`` or ``14:24``. Raises TypedTextError."""
    match = _TIME.fullmatch(typed)
    if match is None:
        raise TypedTextError("Enter the time like 2:24 PM or 14:24.")
    hour, minute, half = int(match[1]), int(match[2]), (match[3] or "").lower()
    if half:
        if not 1 <= hour <= _NOON:
            raise TypedTextError("With AM or PM the hour runs from 1 to 12.")
        hour = hour % _NOON + (_NOON if half == "p" else 0)
    if hour >= _HOURS or minute >= _MINUTES:
        raise TypedTextError("Enter the time like 2:24 PM or 14:24.")
    return time(hour, minute)


def read_moment(day: str, at: str, now: datetime) -> datetime:
    """A typed local day and time as an aware moment; the running minute is now. Raises TypedTextError."""
    today = now.date()
    on = read_date(day, today) if day.strip() else today
    clock = read_time(at) if at.strip() else now.time()
    moment = datetime.combine(on, clock, now.tzinfo)
    is_this_minute = moment.replace(second=0, microsecond=0) == now.replace(second=0, microsecond=0)
    return now if is_this_minute else moment


def read_identifier(typed: str, today: date) -> tuple[date | None, str]:
    """One identifier: a birth date, or anything else as it is typed. Raises TypedTextError for a date that cannot be."""
    text = typed.strip()
    if not text:
        return None, ""
    try:
        return read_date(text, today, birth=True), ""
    except TypedTextError:
        if re.fullmatch(r"[\d/.\-\s]+", text) and re.search(r"[/.\-]", text):
            raise
    return None, text


def read_age(typed: str) -> tuple[int, int] | None:
    """``35`` or ``30-40`` years; None for nothing. Raises TypedTextError."""
    if not typed.strip():
        return None
    match = re.fullmatch(r"\s*(\d{1,3})\s*(?:[-–]\s*(\d{1,3}))?\s*", typed, re.ASCII)
    if match is None:
        raise TypedTextError("Enter the estimated age in years, like 35 or 30-40.")
    return int(match[1]), int(match[2] or match[1])


def now_texts(now: datetime) -> dict[str, str]:
    """What the fields of a moment say when they are opened."""
    return {"on": shown_date(now.date()), "at": shown_time(now)}
