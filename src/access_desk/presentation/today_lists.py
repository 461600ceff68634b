"""What Today works its lists out of, and the lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from access_desk.domain.blocked.events import ServiceLevels
from access_desk.domain.blocked.rules import standing as owned
from access_desk.domain.errors import DeskError
from access_desk.domain.forms.views import ClockRow
from access_desk.domain.full_name import AFTER_GIVEN
from access_desk.domain.patients.events import Demographics
from access_desk.domain.privacy.rules import masked
from access_desk.domain.queue.rules import DONE, GONE, QueueState, standing
from access_desk.domain.schedule.rules import ARRIVED, AppointmentState
from access_desk.domain.visits.views import VisitRow
from access_desk.presentation.today_lines import (
    BLOCK_WORDS,
    BlockLine,
    block_line,
    clock_line,
    expected_person,
    expected_row,
    person_name,
    public,
    with_queue,
)
from access_desk.presentation.today_rows import TodayRow, is_settled, row_of
from access_desk.presentation.veil import veiled
from access_desk.services.blocked import OpenBlock
from access_desk.services.desk import Desk
from access_desk.storage.local_tables import Draft


@dataclass(frozen=True, slots=True)
class Answer:
    """What the desk answered, before names are hidden. ``earlier`` are visits of the business date before."""

    now: datetime
    zone: ZoneInfo
    day: str
    visits: tuple[tuple[VisitRow, bool], ...]
    drafts: tuple[Draft, ...]
    queue: Mapping[str, QueueState] = field(default_factory=dict)
    expected: tuple[tuple[AppointmentState, Demographics], ...] = ()
    blocked: tuple[tuple[OpenBlock, Demographics], ...] = ()
    clocks: tuple[tuple[ClockRow, Demographics], ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    levels: ServiceLevels = field(default_factory=ServiceLevels)
    earlier: frozenset[str] = frozenset()
    suffix_after: str = AFTER_GIVEN

    @property
    def target(self) -> timedelta:
        """How long somebody may wait here."""
        return timedelta(minutes=self.levels.wait_minutes)

    def at(self, now: datetime) -> Answer:
        """The same answer some time later: waits and clocks have gone on."""
        blocked = tuple((OpenBlock(one.block, owned(one.block, self.levels, now)), person) for one, person in self.blocked)
        return replace(self, now=now, blocked=blocked)


@dataclass(frozen=True, slots=True)
class Lists:
    """The rows of the page."""

    waiting: tuple[TodayRow, ...]
    expected: tuple[TodayRow, ...]
    done: tuple[TodayRow, ...]
    blocked: tuple[BlockLine, ...]


class Lookup:
    """Whose a blocked account or a clock is."""

    def __init__(self, desk: Desk, visits: Mapping[str, VisitRow], unseen: frozenset[str]) -> None:
        self._desk, self._visits, self._unseen = desk, visits, unseen

    def expected(self, one: AppointmentState) -> Demographics:
        """Who is expected."""
        on_file = self._desk.view.patient(one.patient_id).demographics if one.patient_id else None
        person = expected_person(one, on_file)
        return masked(person) if one.patient_id in self._unseen else person

    def person(self, about_id: str) -> Demographics:
        """The person of a visit, or of an expected one."""
        visit = self._visits.get(about_id) or self._desk.view.visit(about_id)
        if visit is not None:
            return veiled(visit, self._unseen).demographics
        try:
            return self.expected(self._desk.schedule.appointment(about_id))
        except DeskError:
            # The block is known here before its visit is: another desk sends in its own order.
            return Demographics(family="Not here yet")


def listed(answer: Answer, *, hidden: bool) -> Lists:
    """The rows in their order: the longest wait first, then the times of the day."""
    here: list[tuple[datetime, TodayRow]] = []
    done: list[TodayRow] = []
    about = {one.block.about_id: BLOCK_WORDS[one.block.reason] for one, _ in reversed(answer.blocked)}
    for visit, may_pay in answer.visits:
        queue = answer.queue.get(visit.visit_id, QueueState())
        place = standing(visit.details.type, frozenset(one.milestone for one in visit.milestones), queue)
        row = row_of(
            visit,
            answer.now,
            answer.zone,
            hidden=hidden,
            may_pay=may_pay,
            target=answer.target,
            suffix_after=answer.suffix_after,
        )
        has_left = any(one.milestone in GONE for one in visit.milestones)
        blocked = "" if has_left else about.get(visit.visit_id, "")
        is_done = has_left or place == DONE or (queue.at is None and not blocked and is_settled(visit, may_pay=may_pay))
        if is_done and visit.visit_id in answer.earlier:
            continue
        row = with_queue(row, DONE if is_done else place, queue, answer.names, blocked, answer.zone)
        if is_done:
            done.append(row)
        else:
            here.append((visit.arrived_at, still_waiting(row, visit, answer)))
    expected: list[TodayRow] = []
    for one, person in answer.expected:
        name = person_name(person, answer.suffix_after, hidden=hidden)
        row = expected_row(one, person, name, answer.now, answer.zone, hidden=hidden, target=answer.target)
        row = with_queue(row, row.queue, QueueState(), answer.names, about.get(one.appointment_id, ""), answer.zone)
        if one.status == ARRIVED and one.arrived_at is not None:
            here.append((one.arrived_at, row))
        else:
            expected.append(row)
    waiting = [row for _, row in sorted(here, key=lambda one: one[0])]
    if hidden:
        waiting = [public(row) for row in waiting]
    return Lists(tuple(waiting), tuple(expected), tuple(done), _blocked(answer, hidden=hidden))


def still_waiting(row: TodayRow, visit: VisitRow, answer: Answer) -> TodayRow:
    """A row whose visit lacks nothing, but whose person was called, sat down or is blocked: the wait goes on."""
    if row.wait_tone != "done":
        return row
    unsettled = replace(visit, demographics=replace(visit.demographics, phone=""))
    again = row_of(unsettled, answer.now, answer.zone, hidden=False, may_pay=True, target=answer.target)
    return replace(row, wait=again.wait, wait_tone=again.wait_tone, arrived=again.arrived)


def _blocked(answer: Answer, *, hidden: bool) -> tuple[BlockLine, ...]:
    def name(person: Demographics) -> str:
        return person_name(person, answer.suffix_after, hidden=hidden)

    lines = [(one.standing.due_at, block_line(one, name(person), answer.zone)) for one, person in answer.blocked]
    lines += [(one.due_at, clock_line(one, name(person), answer.now, answer.zone)) for one, person in answer.clocks]
    return tuple(line for _, line in sorted(lines, key=lambda row: (row[0], row[1].key)))
