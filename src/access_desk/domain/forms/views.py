"""Forms and their clocks as screens list them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from access_desk.domain.forms import clocks
from access_desk.domain.forms.catalogue import CATALOGUE, FOLLOW_UP, INITIAL, Clock, Form, Occasion, is_held, is_needed
from access_desk.domain.forms.clocks import ClockState, Window
from access_desk.domain.forms.state import Completed, FormsState, PatientForms


@dataclass(frozen=True, slots=True)
class FormRow:
    """One form of a visit, or one copy of it: where it stands and, with a clock, how long is left.

    ``status`` is not_offered, offered, signed, refused, unable, on_file (given at an earlier visit) or held (EMTALA).
    ``clock`` is None for a form without a clock and for a copy that is not owed.
    """

    form: Form
    part: str
    status: str
    offered_at: datetime | None = None
    done: Completed | None = None
    clock: ClockState | None = None
    opens_at: datetime | None = None
    due_at: datetime | None = None
    left: timedelta | None = None
    was_late: bool = False
    asked_because: str = ""

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return self.status in ("not_offered", "offered")


@dataclass(frozen=True, slots=True)
class ClockRow:
    """A clock that runs or ran out, with its visit. ``left`` is negative when it is overdue."""

    visit_id: str
    patient_id: str
    account_number: str
    form: str
    part: str
    title: str
    state: ClockState
    opens_at: datetime
    due_at: datetime
    left: timedelta
    source: str


@dataclass(frozen=True, slots=True)
class StayFacts:
    """What the clocks of one visit run from. ``good_faith`` is (asked on, due on) of the estimate that is owed, which was
    asked for under the clock stamp ``asked_stamp``.
    """

    forms: FormsState
    occasion: Occasion
    zone: ZoneInfo
    given_once: Mapping[tuple[str, str], str]
    good_faith: tuple[date, date] | None = None
    asked_stamp: str = ""


def stay_facts(
    forms: FormsState,
    occasion: Occasion,
    zone: ZoneInfo,
    patient: PatientForms | None = None,
    good_faith: tuple[date, date] | None = None,
    asked_stamp: str = "",
) -> StayFacts:
    """The facts of a visit."""
    return StayFacts(forms, occasion, zone, patient.given if patient else {}, good_faith, asked_stamp)


def rows_of(facts: StayFacts, visit_id: str, now: datetime) -> tuple[FormRow, ...]:
    """Every form that the visit needs, held ones too, in the order of the catalogue; a second copy only when it is owed."""
    rows: list[FormRow] = []
    for form in CATALOGUE.values():
        if not (is_needed(form, facts.occasion) or facts.forms.last(form.code)):
            continue
        for part in form.parts:
            row = _row(facts, form, part, visit_id, now)
            is_owed = row.clock is not None if form.clock is Clock.OBSERVATION or part == FOLLOW_UP else True
            if is_owed or row.done:
                rows.append(row)
    return tuple(rows)


def _row(facts: StayFacts, form: Form, part: str, visit_id: str, now: datetime) -> FormRow:
    offered, done = facts.forms.offered.get((form.code, part)), facts.forms.last(form.code, part)
    window = window_of(facts, form, part)
    done_at = done_moment(facts, form, part)
    elsewhere = facts.given_once.get((form.code, form.version), visit_id) != visit_id if form.once else False
    if done is not None and done_at is not None:
        status = done.body.status
    elif elsewhere:
        status, window = "on_file", None
    elif is_held(form, facts.occasion):
        status = "held"
    else:
        status = "offered" if offered is not None else "not_offered"
    state = window.state(now, done_at) if window else None
    return FormRow(
        form,
        part,
        status,
        offered.at if offered else None,
        done,
        state,
        window.opens_at if window else None,
        window.due_at if window else None,
        window.left(now) if window and state is not ClockState.DONE else None,
        bool(window and done_at and window.was_late(done_at)),
        facts.forms.asked.get(form.code, ""),
    )


def window_of(facts: StayFacts, form: Form, part: str) -> Window | None:
    """The clock of a form or copy; None when none runs, or none is owed."""
    forms, zone = facts.forms, facts.zone
    admitted, left_at = forms.admitted_at, forms.left_at
    match form.clock, part:
        case Clock.IMPORTANT_MESSAGE, str(p) if p == INITIAL and admitted is not None:
            return clocks.important_message(admitted, zone, left_at)
        case Clock.IMPORTANT_MESSAGE, str(p) if p == FOLLOW_UP and admitted is not None:
            given = forms.given(form.code)
            leaves = left_at or forms.moment("discharge_planned")
            if not given:
                return None
            # A first copy that was given again counts from when it was given last.
            return clocks.important_message_copy(given[-1], leaves, zone, discharged=left_at is not None)
        case Clock.OBSERVATION, _ if forms.observed_from is not None:
            began = forms.observed_from
            # Whoever left is not observed any more, whatever was noted later; an admission before it began was another stay.
            released = [] if left_at is None else [left_at]
            released += [admitted] if admitted is not None and admitted >= began else []
            return clocks.observation_notice(began, min(released, default=None))
        case Clock.GOOD_FAITH, _ if facts.good_faith is not None:
            return clocks.by_end_of(*facts.good_faith, zone)
        case Clock.SERVICE_DAY, _ if forms.came_at is not None:
            return clocks.service_day(forms.came_at, zone)
    return None


def done_moment(facts: StayFacts, form: Form, part: str) -> datetime | None:
    """When the clock of a form or copy was stopped; None while it runs.

    A follow-up copy given too early does not stop it, nor does the estimate that somebody got before they asked again.
    """
    given = facts.forms.given(form.code, part)
    if part == FOLLOW_UP:
        leaves = facts.forms.left_at or facts.forms.moment("discharge_planned")
        if leaves is not None:
            given = tuple(one for one in given if not clocks.needs_copy(one, leaves, facts.zone))
    if form.clock is Clock.GOOD_FAITH and facts.good_faith is not None:
        asked = clocks.midnight(facts.good_faith[0], facts.zone)
        completed = facts.forms.completed.get((form.code, part), ())
        answers = (one.body.given_at for one in completed if one.stamp > facts.asked_stamp or one.body.given_at >= asked)
        given = tuple(sorted(answers))
    return given[0] if given else None


def clock_rows(facts: StayFacts, visit_id: str, patient_id: str, account_number: str, now: datetime) -> list[ClockRow]:
    """The clocks of a visit that run or ran out; the privacy notice's day is on the Forms screen only."""
    return [
        ClockRow(
            visit_id,
            patient_id,
            account_number,
            row.form.code,
            row.part,
            row.form.title if row.part == INITIAL else f"{row.form.title}, follow-up copy",
            row.clock,
            row.opens_at,
            row.due_at,
            row.left,
            row.form.source,
        )
        for row in rows_of(facts, visit_id, now)
        if row.clock in (ClockState.RUNNING, ClockState.OVERDUE)
        and row.form.clock is not Clock.SERVICE_DAY
        and row.status != "held"
        and row.opens_at is not None
        and row.due_at is not None
        and row.left is not None
    ]
