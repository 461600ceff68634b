"""Visits as the Today list shows them: how long somebody waits, what is missing, what is owed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from access_desk.domain.full_name import AFTER_GIVEN, full_name
from access_desk.domain.patients.events import Demographics
from access_desk.domain.visits.views import VisitRow
from access_desk.presentation.hidden_names import hidden_birth, hidden_name, hidden_number
from access_desk.presentation.registration_dates import shown_date, shown_time
from access_desk.presentation.registration_fields import TYPE_CHOICES, choice_word

WAIT_TARGET = timedelta(minutes=15)
# From two thirds of the target on, a wait is soon too long.
SOON = 2 / 3
MILESTONE_WORDS = {
    "triaged": "Triaged",
    "mse_completed": "Screening exam done",
    "stabilized": "Stabilized",
    "roomed": "In a room",
    "admitted": "Admitted",
    "departed": "Departed",
    "left_without_being_seen": "Left without being seen",
}
_SEX_LETTERS = {"female": "F", "male": "M", "other": "X"}
_ENTERED_LATER = "Entered later"


@dataclass(frozen=True, slots=True)
class TodayRow:
    """One visit, or an expected one (``kind``), whose id then stands in ``visit_id``.

    ``wait_tone`` is ``late``, ``soon``, ``plain`` or ``done``; ``status_kind`` is ``attention``, ``balanced``, ``short`` or
    ``info``; ``queue`` is the place in the queue.
    """

    visit_id: str
    patient_id: str
    wait: str
    wait_tone: str
    arrived: str
    family: str
    rest: str
    identity: str
    visit: str
    place: str
    status: str
    status_kind: str
    status_detail: str
    owed: str
    owed_detail: str
    may_pay: bool
    milestones: tuple[str, ...]
    kind: str = "visit"
    queue: str = "arrived"

    @property
    def spoken(self) -> str:
        """The row as a screen reader says it."""
        parts = (f"{self.family}{self.rest}", self.wait, self.arrived, self.identity, self.visit, self.place, self.status)
        return ", ".join(part for part in (*parts, self.status_detail, self.owed, self.owed_detail) if part)


def waited(since: datetime, now: datetime) -> str:
    """``18 min``, ``1 h 05``."""
    minutes = max(0, int((now - since).total_seconds() // 60))
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d}"  # noqa: PLR2004 - minutes of an hour


def row_of(
    visit: VisitRow,
    now: datetime,
    zone: ZoneInfo,
    *,
    hidden: bool,
    may_pay: bool,
    target: timedelta = WAIT_TARGET,
    suffix_after: str = AFTER_GIVEN,
) -> TodayRow:
    """A visit as its row."""
    person = visit.demographics
    arrived = visit.arrived_at.astimezone(zone)
    wait = now - arrived
    family, rest = _name(visit, suffix_after, hidden=hidden)
    status, kind, detail = _status(visit, zone, may_pay=may_pay, hidden=hidden)
    owed, owed_detail = _owed(visit, may_pay=may_pay)
    word = choice_word(TYPE_CHOICES, visit.details.type)
    what = visit.details.service.strip() or visit.details.reason.strip() or word
    place = visit.details.location.strip()
    kind_of_visit = "" if what == word or place.casefold() == word.casefold() else word.lower() if place else word
    settled = is_settled(visit, may_pay=may_pay)
    done = _end(visit) or (arrived if settled else None)
    return TodayRow(
        visit_id=visit.visit_id,
        patient_id=visit.patient_id,
        wait=shown_time(done.astimezone(zone)) if done else waited(arrived, now),
        wait_tone="done" if done else tone_of(wait, target),
        arrived=_arrived(arrived, now, is_shown=done == arrived),
        family=family,
        rest=rest,
        identity=_identity(person, visit.mrn, hidden=hidden),
        visit=what,
        place=", ".join(part for part in (place, kind_of_visit) if part),
        status=status,
        status_kind=kind,
        status_detail=f"{_ENTERED_LATER}, {detail[:1].lower()}{detail[1:]}" if visit.was_entered_late else detail,
        owed=owed,
        owed_detail=owed_detail,
        may_pay=may_pay,
        milestones=tuple(one.milestone for one in visit.milestones),
    )


def _arrived(at: datetime, now: datetime, *, is_shown: bool) -> str:
    """``Arrived 10:24 AM``, with the day of another one; without the time where that is shown already. All local."""
    day = "" if at.date() == now.astimezone(at.tzinfo).date() else f"{at:%m/%d}"
    return " ".join(part for part in ("Arrived", day, "" if is_shown else shown_time(at)) if part)


def tone_of(wait: timedelta, target: timedelta) -> str:
    """How a wait looks against the facility's target."""
    return "late" if wait >= target else "soon" if wait >= target * SOON else "plain"


def is_settled(visit: VisitRow, *, may_pay: bool) -> bool:
    """The desk has nothing left to do: the person left, or nothing is missing, owed or to be printed again."""
    is_done = may_pay and not missing_details(visit) and not visit.copay_owed and not visit.needs_new_band
    return visit.has_left or is_done


def _end(visit: VisitRow) -> datetime | None:
    ends = [one.reached_at for one in visit.milestones if one.milestone in ("departed", "left_without_being_seen")]
    return ends[-1] if ends else None


def _name(visit: VisitRow, suffix_after: str, *, hidden: bool) -> tuple[str, str]:
    person = visit.demographics
    if hidden:
        return hidden_name(person), ""
    whole = full_name(person.family, person.given, person.middle, person.suffix, suffix_after)
    family, comma, rest = whole.partition(", ")
    return family or "Unidentified", f"{comma}{rest}"


def _identity(person: Demographics, mrn: str, *, hidden: bool) -> str:
    if hidden:
        return f"{hidden_birth(person.birth_date) or 'Birth date not known'}  MRN {hidden_number(mrn)}"
    born = shown_date(person.birth_date) or "Birth date not known"
    sex = _SEX_LETTERS.get(person.sex, "")
    return "  ".join(part for part in (born, sex, f"MRN {mrn}") if part)


def missing_details(visit: VisitRow) -> tuple[str, ...]:
    """What the record and the visit still lack."""
    person = visit.demographics
    if visit.unidentified:
        return ("Identity",)
    lacks = [("Birth date", person.birth_date is None), ("Sex", person.sex == "unknown"), ("Phone", not person.phone.strip())]
    return tuple(name for name, is_missing in lacks if is_missing)


def _status(visit: VisitRow, zone: ZoneInfo, *, may_pay: bool, hidden: bool) -> tuple[str, str, str]:
    last = visit.milestones[-1] if visit.milestones else None
    reached = f"{MILESTONE_WORDS[last.milestone]} {shown_time(last.reached_at.astimezone(zone))}" if last else ""
    if visit.has_left and last is not None:
        kind = "attention" if visit.has("left_without_being_seen") else "balanced"
        word = "Left without being seen" if kind == "attention" else "Departed"
        return word, kind, f"Account {visit.account_number}"
    if visit.needs_new_band:
        return "Print wristband again", "attention", f"It says {hidden_number(visit.band_says) if hidden else visit.band_says}"
    if not may_pay:
        return "Screening exam to come", "attention", reached or "Waiting for triage"
    missing = missing_details(visit)
    if missing:
        count = f"{len(missing)} item{'s' if len(missing) > 1 else ''} to finish"
        return count, "attention", ", ".join(missing)
    if visit.has("admitted"):
        return "Admitted", "balanced", reached
    return "Registered", "balanced", reached or f"Account {visit.account_number}"


def _owed(visit: VisitRow, *, may_pay: bool) -> tuple[str, str]:
    if not may_pay:
        return "–", "Not asked yet"
    if visit.copay_owed:
        return visit.copay_owed.dollars(), "Copay"
    return "$0.00", f"Paid {visit.paid.dollars()}" if visit.paid else "Nothing due"


def group_text(waiting: Sequence[TodayRow], target: timedelta = WAIT_TARGET, *, hidden: bool = False) -> str:
    """``5 people, longest 18 min, target 15 min``; where the public looks on, no waits."""
    if not waiting:
        return "Nobody"
    people = "1 person" if len(waiting) == 1 else f"{len(waiting)} people"
    return people if hidden else f"{people}, longest {waiting[0].wait}, target {int(target.total_seconds() // 60)} min"


def next_milestones(visit_type: str, reached: Sequence[str]) -> tuple[str, ...]:
    """What can be recorded of a visit next; the screening exam belongs to emergencies only."""
    if "departed" in reached or "left_without_being_seen" in reached:
        return ()
    offered = (
        tuple(MILESTONE_WORDS) if visit_type == "emergency" else ("roomed", "admitted", "departed", "left_without_being_seen")
    )
    return tuple(one for one in offered if one not in reached)
