"""The Today page: who is waiting, what is missing, what was put aside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from access_desk.domain.errors import DeskError, UnavailableError
from access_desk.domain.facility.state import FacilityState
from access_desk.domain.privacy.rules import ProtectedRecordError
from access_desk.domain.schedule.rules import ARRIVED, SCHEDULED, AppointmentState
from access_desk.domain.visits.views import VisitRow
from access_desk.presentation.drawer_session import Run
from access_desk.presentation.hidden_names import hidden_title
from access_desk.presentation.registration_dates import long_date, shown_time
from access_desk.presentation.registration_drafts import DRAFT_KIND, DraftLine
from access_desk.presentation.registration_form import missing_in
from access_desk.presentation.registration_state import shortened
from access_desk.presentation.today_lines import BlockLine
from access_desk.presentation.today_lists import Answer, Lookup, listed
from access_desk.presentation.today_rows import MILESTONE_WORDS, TodayRow, group_text, next_milestones
from access_desk.presentation.veil import veiled
from access_desk.presentation.view_model import ViewModel
from access_desk.services.desk import Desk
from access_desk.services.desk_view import CARRIED_OVER
from access_desk.storage.local_tables import Draft


@dataclass(frozen=True, slots=True)
class MilestoneChoice:
    """The Record milestone dialog: for whom, and what can be recorded."""

    visit_id: str
    name: str
    choices: tuple[tuple[str, str], ...]
    command_id: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question over the page. ``choices`` are (value, text); ``words`` labels a line to type, blank when none is asked."""

    kind: str
    about_id: str
    title: str
    act: str
    choice_label: str
    choices: tuple[tuple[str, str], ...]
    words: str
    command_id: str


@dataclass(frozen=True, slots=True)
class TodayState:
    """``selected`` is a visit's id, so that a refresh keeps the row; ``updated`` is blank until the first answer."""

    date: str = ""
    waiting: tuple[TodayRow, ...] = ()
    waiting_text: str = ""
    expected: tuple[TodayRow, ...] = ()
    blocked: tuple[BlockLine, ...] = ()
    done: tuple[TodayRow, ...] = ()
    parked: tuple[DraftLine, ...] = ()
    selected: str = ""
    names_hidden: bool = False
    updated: str = ""
    is_loading: bool = False
    notice: str = ""
    milestone: MilestoneChoice | None = None
    question: Question | None = None

    @property
    def overdue(self) -> int:
        """How many blocked accounts and clocks are overdue."""
        return sum(line.tone == "short" for line in self.blocked)

    @property
    def rows(self) -> tuple[TodayRow, ...]:
        """All rows in the order of the page."""
        return (*self.waiting, *self.expected, *self.done)

    def row(self, visit_id: str) -> TodayRow | None:
        """The row of a visit."""
        return next((row for row in self.rows if row.visit_id == visit_id), None)


def _still_waits(one: AppointmentState, now: datetime) -> bool:
    """Whether somebody who came for yesterday's time sits there yet: midnight sends nobody away."""
    return one.status == ARRIVED and one.arrived_at is not None and now - one.arrived_at < CARRIED_OVER


def _came_before(visit: VisitRow, day: date, facility: FacilityState) -> bool:
    """Whether a visit was registered on an earlier business date."""
    entered = visit.entered_at or visit.arrived_at
    return facility.policy.business_date_at(entered.astimezone(ZoneInfo(facility.timezone))) < day


class TodayBoard(ViewModel[TodayState]):
    """What Today shows, and its milestones."""

    def __init__(self, desk: Desk, run: Run, person: Callable[[], str]) -> None:
        super().__init__(TodayState())
        self._desk = desk
        self._run = run
        self._person = person
        # Told of a record that opens for a reason only, so that somebody can ask for it.
        self.on_protected: Callable[[str], object] | None = None
        self._answer: Answer | None = None
        self._serial = 0

    def refresh(self, notice: str = "") -> None:
        """Ask again; the rows on screen stay until the answer is there."""
        self._serial += 1
        serial, person = self._serial, self._person()
        if not person:
            return
        self._show(replace(self.state, is_loading=True))

        def done(answer: Answer) -> None:
            if serial == self._serial and person == self._person():
                self._answer = answer
                self._paint(replace(self.state, notice=notice, is_loading=False))

        self._run(lambda: self._asked(person), done, self._failed)

    def _asked(self, person: str) -> Answer:
        desk, view = self._desk, self._desk.view
        facility, now = view.facility(), view.now()
        day = facility.policy.business_date_at(now)
        unseen = desk.privacy.hidden_from(person)
        found = [veiled(visit, unseen) for visit in view.visits_here(now)]
        look = Lookup(desk, {visit.visit_id: visit for visit in found}, unseen)
        expected = [one for one in desk.schedule.of_day(now.date()) if one.status in (SCHEDULED, ARRIVED)]
        expected = [*(one for one in desk.schedule.of_day(now.date() - timedelta(days=1)) if _still_waits(one, now)), *expected]
        return Answer(
            now,
            ZoneInfo(facility.timezone),
            long_date(day),
            tuple((visit, view.may_be_asked_for_money(visit)) for visit in found),
            tuple(desk.drafts.of(person, DRAFT_KIND)),
            desk.queue.of(visit.visit_id for visit in found),
            tuple((one, look.expected(one)) for one in expected),
            tuple((one, look.person(one.block.about_id)) for one in desk.blocked.open(now)),
            tuple((one, look.person(one.visit_id)) for one in desk.forms.open_clocks(now)),
            {one.person_id: one.name for one in facility.people.values()},
            desk.blocked.levels(),
            frozenset(one.visit_id for one in found if _came_before(one, day, facility)),
            facility.policy.suffix_after,
        )

    def tick(self) -> None:
        """Waits grow with the clock; nothing is asked."""
        if self._answer is not None:
            self._answer = self._answer.at(self._desk.view.now())
            self._paint(self.state)

    def _paint(self, state: TodayState) -> None:
        answer = self._answer
        if answer is None:
            return
        hidden = state.names_hidden
        lists = listed(answer, hidden=hidden)
        known = [row.visit_id for row in (*lists.waiting, *lists.expected, *lists.done)]
        selected = state.selected if state.selected in known else (known[0] if known else "")
        self._show(
            replace(
                state,
                date=answer.day,
                waiting=lists.waiting,
                waiting_text=group_text(lists.waiting, answer.target, hidden=hidden),
                expected=lists.expected,
                done=lists.done,
                blocked=lists.blocked,
                parked=tuple(self._draft_line(draft, answer.zone, hidden=hidden) for draft in answer.drafts),
                selected=selected,
                updated=f"Updated {shown_time(answer.now)}",
            )
        )

    @staticmethod
    def _draft_line(draft: Draft, zone: ZoneInfo, *, hidden: bool) -> DraftLine:
        missing = missing_in(draft.content)
        more = f", {len(missing) - 1} more" if len(missing) > 1 else ""
        saved = f"{'Parked' if draft.parked else 'Kept'} {shown_time(draft.saved_at.astimezone(zone))}"
        title = hidden_title(draft.title) if hidden else draft.title
        return DraftLine(draft.draft_id, title, saved, missing[0] + more if missing else "Ready to file", draft.parked)

    def select(self, visit_id: str) -> None:
        """The keyboard is on a row."""
        if visit_id != self.state.selected and self.state.row(visit_id) is not None:
            self._show(replace(self.state, selected=visit_id))

    def hide_names(self, *, hidden: bool) -> None:
        """Ctrl . hides or shows names; numbers and birth years stay."""
        state = replace(self.state, names_hidden=hidden)
        if self._answer is None:
            self._show(state)
        else:
            self._paint(state)

    def forget(self) -> None:
        """The person left the desk: nothing of theirs stays on the page."""
        self._serial += 1
        self._answer = None
        self._show(TodayState(names_hidden=self.state.names_hidden))

    # ------------------------------------------------------------ milestones

    def ask_milestone(self) -> None:
        """Open the dialog for the row the keyboard is on."""
        row = self.state.row(self.state.selected)
        kind = self._type_of(self.state.selected)
        choices = next_milestones(kind, row.milestones) if row else ()
        if row is None or not choices:
            self._show(replace(self.state, notice="This visit has ended: there is no milestone left to record."))
            return
        offered = tuple((one, MILESTONE_WORDS[one]) for one in choices)
        choice = MilestoneChoice(row.visit_id, shortened(f"{row.family}{row.rest}"), offered, self._desk.journal.ids.new_id())
        self._show(replace(self.state, milestone=choice, notice=""))

    def _type_of(self, visit_id: str) -> str:
        visits = self._answer.visits if self._answer else ()
        return next((visit.details.type for visit, _ in visits if visit.visit_id == visit_id), "")

    def record_milestone(self, milestone: str) -> None:
        """Record what the visit reached; the dialog's own id makes a double press harmless."""
        choice = self.state.milestone
        if choice is None:
            return
        by = self._desk.by(self._person(), choice.command_id)
        self._show(replace(self.state, milestone=None))

        def done(_: object) -> None:
            self.refresh()

        self._run(lambda: self._desk.registration.reach_milestone(by, choice.visit_id, milestone), done, self._failed)

    def close_milestone(self) -> None:
        """Close the dialog; nothing was recorded."""
        self._show(replace(self.state, milestone=None))

    def _failed(self, problem: Exception) -> None:
        if not isinstance(problem, DeskError | UnavailableError):
            raise problem
        if isinstance(problem, ProtectedRecordError) and self.on_protected is not None:
            self.on_protected(problem.patient_id)
        self._show(replace(self.state, notice=problem.text, is_loading=False))
