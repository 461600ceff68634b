"""Forms and clocks as the Forms page words them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.forms.catalogue import INITIAL
from access_desk.domain.forms.clocks import ClockState
from access_desk.domain.forms.views import ClockRow, FormRow
from access_desk.presentation.registration_dates import TypedTextError, read_date, shown_date, shown_time

SOON = timedelta(hours=4)
WORDS = {
    "not_offered": ("Not offered", "attention", "circle-dashed"),
    "offered": ("Offered", "attention", "hourglass"),
    "signed": ("Signed", "balanced", "circle-check"),
    "refused": ("Refused", "", "circle-minus"),
    "unable": ("Unable to sign", "", "circle-minus"),
    "on_file": ("On file", "balanced", "circle-check"),
    "held": ("Wait for the release", "", "siren"),
}
MOMENT_WORDS = {
    "observation_began": "Observation began",
    "inpatient_admitted": "Admitted as an inpatient",
    "discharge_planned": "Discharge is planned for",
    "discharged": "Discharged",
}
_MINUTES, _HOURS = 60, 24


@dataclass(frozen=True, slots=True)
class FormLine:
    """One form, or one copy of it. ``key`` is form/part; ``clock`` is blank without one."""

    key: str
    title: str
    official: str
    standing: str
    detail: str
    tone: str
    icon: str
    clock: str
    due: str
    clock_tone: str
    is_open: bool
    is_held: bool
    aloud: bool
    may_follow: bool


@dataclass(frozen=True, slots=True)
class ClockLine:
    """A clock of some visit; names are left out, the account number tells the visit."""

    key: str
    visit_id: str
    title: str
    account: str
    left: str
    due: str
    tone: str


def left_text(left: timedelta) -> str:
    """``5 h 20 min left``, ``2 d 3 h left``, ``12 min late``."""
    minutes = int(abs(left).total_seconds() // 60)
    days, rest = divmod(minutes, _MINUTES * _HOURS)
    hours, minutes = divmod(rest, _MINUTES)
    parts = [f"{days} d", f"{hours} h"] if days else [f"{hours} h", f"{minutes} min"] if hours else [f"{minutes} min"]
    return f"{' '.join(parts)} {'late' if left < timedelta(0) else 'left'}"


def moment_text(moment: datetime, zone: ZoneInfo) -> str:
    """``11/25/2026 11:59 PM``."""
    local = moment.astimezone(zone)
    return f"{shown_date(local.date())} {shown_time(local)}"


def due_text(due: datetime, zone: ZoneInfo) -> str:
    """``by 11/25/2026 11:59 PM``; midnight is told as the end of the day before."""
    local = due.astimezone(zone)
    if (local.hour, local.minute, local.second) == (0, 0, 0):
        return f"by the end of {shown_date((local - timedelta(days=1)).date())}"
    return f"by {moment_text(due, zone)}"


def form_line(row: FormRow, zone: ZoneInfo) -> FormLine:
    """A form of a visit."""
    standing, tone, icon = WORDS[row.status]
    detail = ""
    if row.done is not None and not row.is_open:
        detail = moment_text(row.done.body.given_at, zone)
        detail += f", {row.done.body.reason}" if row.done.body.reason else ""
        detail += ", late" if row.was_late else ""
    elif row.offered_at is not None and row.status == "offered":
        detail = moment_text(row.offered_at, zone)
    elif row.status == "held":
        detail = "Care comes first"
    clock, due, clock_tone = _clock(row, zone)
    title = row.form.title if row.part == INITIAL else f"{row.form.title}, follow-up copy"
    asked = f"for {row.asked_because}" if row.asked_because else ""
    official = ", ".join(part for part in (row.form.official, asked) if part)
    signed = row.status == "signed"
    return FormLine(
        f"{row.form.code}/{row.part}",
        title,
        official,
        standing,
        detail,
        tone,
        icon,
        clock,
        due,
        clock_tone,
        row.is_open,
        row.status == "held",
        row.form.aloud,
        row.status in ("refused", "unable") or (signed and len(row.form.parts) > 1),
    )


def _clock(row: FormRow, zone: ZoneInfo) -> tuple[str, str, str]:
    if row.clock is None or row.due_at is None or row.opens_at is None or row.status in ("held", "on_file"):
        return "", "", ""
    if row.clock is ClockState.DONE:
        return ("Late", "", "short") if row.was_late else ("In time", "", "balanced")
    if row.clock is ClockState.NOT_STARTED:
        return f"From {moment_text(row.opens_at, zone)}", due_text(row.due_at, zone), ""
    left = row.left or timedelta(0)
    tone = "short" if row.clock is ClockState.OVERDUE else "attention" if left <= SOON else ""
    return left_text(left), due_text(row.due_at, zone), tone


def clock_line(row: ClockRow, zone: ZoneInfo) -> ClockLine:
    """A clock of any visit."""
    tone = "short" if row.state is ClockState.OVERDUE else "attention" if row.left <= SOON else ""
    key = f"{row.visit_id}/{row.form}/{row.part}"
    return ClockLine(key, row.visit_id, row.title, row.account_number, left_text(row.left), due_text(row.due_at, zone), tone)


def read_moment(day_text: str, time_text: str, today: date, zone: ZoneInfo) -> datetime:
    """A typed date and time of day at the facility, such as ``11/25/2026`` and ``2:30 pm`` or ``1430``.

    Raises:
        DeskError: ``bad_value``; the text says what to type. An hour that the change of clocks skips is refused.
    """
    try:
        day = read_date(day_text, today) if day_text.strip() else today
    except TypedTextError as wrong:
        raise DeskError(Refusal.BAD_VALUE, wrong.text) from wrong
    text = time_text.strip().lower().replace(".", "").replace(" ", "")
    half = text[-2:] if text.endswith(("am", "pm")) else ""
    digits = text.removesuffix(half).replace(":", "") if half else text.replace(":", "")
    if digits.isascii() and digits.isdecimal() and 1 <= len(digits) <= 4:  # noqa: PLR2004 - hours and minutes
        hour, minute = (int(digits), 0) if len(digits) < 3 else (int(digits[:-2]), int(digits[-2:]))  # noqa: PLR2004
        if half and 1 <= hour <= 12:  # noqa: PLR2004 - of a half day
            hour = hour % 12 + (12 if half == "pm" else 0)
        elif half:
            hour = -1
        if 0 <= hour < _HOURS and 0 <= minute < _MINUTES:
            moment = datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone)
            if moment.astimezone(ZoneInfo("UTC")).astimezone(zone).replace(tzinfo=None) == moment.replace(tzinfo=None):
                return moment
    raise DeskError(Refusal.BAD_VALUE, "Enter a time of day, like 2:30 PM or 1430.")
