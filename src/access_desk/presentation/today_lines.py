"""Today's other lines: who is expected, which accounts are blocked, which clocks run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from access_desk.domain.forms.views import ClockRow
from access_desk.domain.full_name import full_name
from access_desk.domain.patients.events import Demographics
from access_desk.domain.queue.rules import QueueState
from access_desk.domain.schedule.rules import ARRIVED, AppointmentState
from access_desk.presentation.hidden_names import hidden_birth, hidden_name
from access_desk.presentation.registration_dates import shown_date, shown_time
from access_desk.presentation.registration_fields import TYPE_CHOICES, choice_word
from access_desk.presentation.today_rows import TodayRow, tone_of, waited
from access_desk.services.blocked import OpenBlock

BLOCK_WORDS = {
    "missing_authorization": "Authorization missing",
    "eligibility_failed": "Eligibility failed",
    "missing_form": "Form missing",
    "identity_unclear": "Identity unclear",
    "order_not_signed": "Order not signed",
    "coverage_ended": "Coverage ended",
    "possible_duplicate": "Possible duplicate record",
    "other": "Other",
}
# The forms whose clocks stand on Today, by what the desk calls them: their whole titles are longer than the line.
CLOCK_WORDS = {
    ("important_message", "initial"): "IM, Important Message",
    ("important_message", "follow_up"): "IM, follow-up copy",
    ("observation_notice", "initial"): "MOON, observation notice",
}
OWNER_WORDS = {"registrar": "Registrar", "lead": "Shift lead", "supervisor": "Supervisor"}
_SOON = timedelta(minutes=60)
_HIDDEN_WAIT = "Waiting"


@dataclass(frozen=True, slots=True)
class BlockLine:
    """A blocked account or a form's clock. ``tone`` is ``short``, ``attention`` or ``plain``; ``used`` goes from 0 to 1."""

    key: str
    name: str
    reason: str
    left: str
    tone: str
    due: str
    used: float
    visit_id: str = ""
    is_clock: bool = False

    @property
    def spoken(self) -> str:
        """The line as a screen reader says it."""
        return ", ".join((self.name, self.left, self.reason, self.due))


def left_text(left: timedelta) -> str:
    """``33 min left``, ``1 h 10 min left``, ``Overdue 4 min``."""
    minutes = int(abs(left).total_seconds() // 60)
    days, rest = divmod(minutes, 60 * 24)
    hours, over = divmod(rest, 60)
    words = f"{days} d {hours} h" if days else f"{hours} h {over:02d} min" if hours else f"{over} min"
    return f"{words} left" if left > timedelta(0) else f"Overdue {words}"


def left_tone(left: timedelta) -> str:
    """How the time that is left looks."""
    return "short" if left <= timedelta(0) else "attention" if left < _SOON else "plain"


def block_line(row: OpenBlock, name: str, zone: ZoneInfo) -> BlockLine:
    """A blocked account as its line."""
    block, now = row.block, row.standing
    reason = BLOCK_WORDS[block.reason]
    return BlockLine(
        block.block_id,
        name,
        (f"{reason}: {block.note}" if block.reason != "other" else block.note) if block.note else reason,
        left_text(now.left),
        left_tone(now.left),
        f"Due {shown_time(now.due_at.astimezone(zone))}, {OWNER_WORDS[now.owner]}",
        now.used,
        block.about_id,
    )


def clock_line(row: ClockRow, name: str, now: datetime, zone: ZoneInfo) -> BlockLine:
    """A form's clock as its line."""
    whole = row.due_at - row.opens_at
    used = min(max((now - row.opens_at) / whole, 0.0), 1.0) if whole > timedelta(0) else 1.0
    due = row.due_at.astimezone(zone)
    day = "" if due.date() == now.astimezone(zone).date() else f"{due:%m/%d} "
    key = f"{row.visit_id}/{row.form}/{row.part}"
    left = row.due_at - now
    title = CLOCK_WORDS.get((row.form, row.part), row.title)
    return BlockLine(
        key, name, title, left_text(left), left_tone(left), f"Due {day}{shown_time(due)}", used, row.visit_id, is_clock=True
    )


def person_name(person: Demographics, suffix_after: str, *, hidden: bool) -> str:
    """``Boyd, Carl R``, or as much of it as the public may see."""
    if hidden:
        return hidden_name(person)
    return full_name(person.family, person.given, person.middle, person.suffix, suffix_after) or "Unidentified"


def expected_person(one: AppointmentState, on_file: Demographics | None) -> Demographics:
    """Who is expected: the record when there is one, else what the scheduling system says."""
    said = one.details
    return on_file or Demographics(said.family, said.given, birth_date=said.birth_date)


def expected_row(
    one: AppointmentState, person: Demographics, name: str, now: datetime, zone: ZoneInfo, *, hidden: bool, target: timedelta
) -> TodayRow:
    """An expected visit as its row, under the person's name as it is shown; once they are here, with how long they wait."""
    at = one.details.scheduled_at.astimezone(zone)
    is_here = one.status == ARRIVED and one.arrived_at is not None
    wait = now - one.arrived_at if one.arrived_at else timedelta(0)
    details = one.details.visit
    word = choice_word(TYPE_CHOICES, details.type)
    family, comma, rest = name.partition(",")
    born = shown_date(person.birth_date) or "Birth date not known"
    if hidden:
        born = hidden_birth(person.birth_date) or "Birth date not known"
    if is_here and one.arrived_at is not None:
        shown, below = waited(one.arrived_at, now), f"Arrived {shown_time(one.arrived_at.astimezone(zone))}"
    else:
        minutes = (at - now) // timedelta(minutes=1)
        shown, below = shown_time(at), f"in {waited(now, at)}" if minutes >= 0 else f"{waited(at, now)} late"
    ready = "Pre-registered" if one.details.pre_registered else "Scheduled"
    return TodayRow(
        visit_id=one.appointment_id,
        patient_id=one.patient_id,
        wait=shown,
        wait_tone=tone_of(wait, target) if is_here else "expected",
        arrived=below,
        family=family,
        rest=f"{comma}{rest}",
        identity=born,
        visit=details.service.strip() or details.reason.strip() or word,
        place=details.location.strip() or word,
        status="To register" if is_here else ready,
        status_kind="attention" if is_here or not one.patient_id else "balanced",
        status_detail=(f"{ready} for {shown_time(at)}" if is_here else "") or ("" if one.patient_id else "No record on file"),
        owed="–",
        owed_detail="Not worked out",
        may_pay=False,
        milestones=(),
        kind="expected",
        queue="arrived" if is_here else "expected",
    )


def with_queue(row: TodayRow, place: str, queue: QueueState, names: Mapping[str, str], blocked: str, zone: ZoneInfo) -> TodayRow:
    """The row with its place in the queue, and why it is blocked."""
    row = replace(row, queue=place)
    who = names.get(queue.by, "")
    where = ", ".join(part for part in (queue.desk_label, who) if part)
    if blocked:
        return replace(row, status="Blocked", status_kind="short", status_detail=blocked)
    if queue.is_called_twice:
        several = len({call.desk_label for call in queue.calls}) > 1
        said = (call.desk_label if several else names.get(call.called_by, call.desk_label) for call in queue.calls)
        desks = " and ".join(dict.fromkeys(said))
        return replace(row, status="Called twice", status_kind="short", status_detail=desks)
    if place == "called":
        return replace(row, status="Called", status_kind="info", status_detail=where)
    if place == "in_progress":
        return replace(row, status="In progress", status_kind="info", status_detail=where)
    if place == "done" and queue.place == "done" and queue.at is not None and row.wait_tone != "done":
        at = shown_time(queue.at.astimezone(zone))
        return replace(
            row, wait=at, wait_tone="done", status="Done", status_kind="balanced", status_detail=where or row.status_detail
        )
    return row


def public(row: TodayRow) -> TodayRow:
    """The row where the public looks on: how long somebody waits is nobody else's business."""
    if row.wait_tone in ("expected", "done"):
        return row
    return replace(row, wait=_HIDDEN_WAIT, wait_tone="plain", arrived=" ")
