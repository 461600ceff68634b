"""The Rates page, for leads and supervisors: how many records people get, and how well they are registered, in a period."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final

from access_desk.domain.errors import DeskError, UnavailableError
from access_desk.domain.patients.link_views import Rate
from access_desk.domain.permissions import Action, may
from access_desk.domain.registration.quality import QualityLine, line_of
from access_desk.domain.registration.rule_table import RULES
from access_desk.presentation.drawer_session import Run
from access_desk.presentation.registration_dates import TypedTextError, read_date, shown_date
from access_desk.presentation.view_model import ViewModel
from access_desk.services.desk import Desk
from access_desk.services.registration_quality import QualityBoard

NOT_FOR_YOU: Final = "Rates are for shift leads and supervisors."
EVERYBODY: Final = ""
PERIODS: Final = (("30", "30 days"), ("90", "90 days"), ("month", "This month"), ("before", "Last month"))
_ERROR_SOURCE: Final = "HFMA: errors over registrations. Errors put right on the business date of the filing do not count."
_ACCURACY_SOURCE: Final = "HFMA: registrations without a counted error over registrations."
# Shares above these are as long as a bar gets: a duplicate rate of 20 percent is as bad as it is anywhere.
_LONGEST: Final = 0.2
_GOALS: Final = {"Duplicate error rate": 0.01}
_RULES: Final = {rule.rule_id: rule for rule in RULES}
_PERCENT = 100


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure. ``share`` and ``goal`` are parts of the bar's length; None when nothing can be divided, or without a goal."""

    name: str
    figure: str
    made_of: str
    source: str
    share: float | None
    goal: float | None = None


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person's registrations; ``person_id`` is blank for everybody."""

    person_id: str
    name: str
    registrations: int
    counted: int
    in_time: int
    caught: int
    error_rate: float | None
    accuracy_rate: float | None
    duplicates: int


@dataclass(frozen=True, slots=True)
class RuleLine:
    """How often a rule failed; ``share`` is of the rule that failed most."""

    rule_id: str
    demands: str
    is_error: bool
    times: int
    share: float


@dataclass(frozen=True, slots=True)
class RatesState:
    """``first`` and ``last`` are as typed, ``period`` is one of :data:`PERIODS` or blank, ``person`` whose rules are shown."""

    first: str = ""
    last: str = ""
    period: str = "30"
    errors: dict[str, str] = field(default_factory=dict)
    tiles: tuple[Tile, ...] = ()
    people: tuple[PersonLine, ...] = ()
    rules: tuple[RuleLine, ...] = ()
    person: str = EVERYBODY
    notice: str = ""
    refusal: str = ""
    busy: bool = False


class RatesModel(ViewModel[RatesState]):
    """Intents of the Rates page."""

    def __init__(self, desk: Desk, run: Run, person: Callable[[], str]) -> None:
        super().__init__(RatesState())
        self._desk, self._run, self._person = desk, run, person
        self._board: QualityBoard | None = None

    def open(self) -> None:
        """Look again, at the period that stands there."""
        facility = self._desk.view.facility()
        if not may(facility.person(self._person()).role, Action.QUALITY_REPORT):
            self._board = None
            self._show(RatesState(refusal=NOT_FOR_YOU))
            return
        if self.state.period or not self.state.first:
            self.choose(self.state.period or PERIODS[0][0])
        else:
            self.look()

    def choose(self, period: str) -> None:
        """One of the usual periods, the end of which is today or the end of last month."""
        first, last = span_of(period, self._today())
        self._show(replace(self.state, period=period, first=shown_date(first), last=shown_date(last), errors={}, refusal=""))
        self.look()

    def type(self, name: str, text: str) -> None:
        """``first`` or ``last`` was typed into."""
        errors = {key: wrong for key, wrong in self.state.errors.items() if key != name}
        known = {"first": self.state.first, "last": self.state.last, name: text}
        self._show(replace(self.state, first=known["first"], last=known["last"], period="", errors=errors))

    def look(self) -> None:
        """Work out the period's figures."""
        if self.state.busy or self.state.refusal:
            return
        first, last = self._read("first", self.state.first), self._read("last", self.state.last)
        errors = {name: text for name, text in (("first", first), ("last", last)) if isinstance(text, str)}
        if not errors and isinstance(first, date) and isinstance(last, date) and last < first:
            errors = {"last": "The period ends before it begins."}
        if errors or isinstance(first, str) or isinstance(last, str):
            self._show(replace(self.state, errors=errors))
            return
        by = self._desk.by(self._person())

        def done(board: QualityBoard) -> None:
            self._board = board
            people = people_of(board)
            person = self.state.person if any(one.person_id == self.state.person for one in people) else EVERYBODY
            tiles = (*map(_rate_tile, board.rates), *_quality_tiles(board.report.total))
            now = replace(self.state, tiles=tiles, people=people, first=shown_date(first), last=shown_date(last))
            self._show(replace(now, person=person, rules=rules_of(board, person), busy=False, notice="", errors={}))

        self._show(replace(self.state, busy=True, notice=""))
        self._run(lambda: self._desk.quality.board(by, first, last), done, self._failed)

    def select(self, person_id: str) -> None:
        """Show the rules that this person's registrations failed."""
        if self._board is not None and person_id != self.state.person:
            self._show(replace(self.state, person=person_id, rules=rules_of(self._board, person_id)))

    def _read(self, name: str, text: str) -> date | str:
        if not text.strip():
            return "Enter the first day." if name == "first" else "Enter the last day."
        try:
            return read_date(text, self._today())
        except TypedTextError as wrong:
            return wrong.text

    def _today(self) -> date:
        return self._desk.view.now().date()

    def _failed(self, problem: Exception) -> None:
        if not isinstance(problem, DeskError | UnavailableError):
            raise problem
        self._show(replace(self.state, notice=problem.text, busy=False))


def span_of(period: str, today: date) -> tuple[date, date]:
    """First and last day of a period of :data:`PERIODS`."""
    begins = today.replace(day=1)
    if period == "month":
        return begins, today
    if period == "before":
        ended = begins - timedelta(days=1)
        return ended.replace(day=1), ended
    return today - timedelta(days=int(period) - 1), today


def people_of(board: QualityBoard) -> tuple[PersonLine, ...]:
    """Everybody, then each person, the one with most registrations first; also who only made duplicates."""
    lines = {one: line_of([]) for one in board.duplicates_made} | dict(board.report.by_registrar)
    each = [_person_line(one, board.names.get(one, one), line, board.duplicates_made.get(one, 0)) for one, line in lines.items()]
    each.sort(key=lambda line: (-line.registrations, line.name))
    return (_person_line(EVERYBODY, "Everybody", board.report.total, sum(board.duplicates_made.values())), *each)


def _person_line(person_id: str, name: str, line: QualityLine, duplicates: int) -> PersonLine:
    return PersonLine(
        person_id,
        name,
        line.registrations,
        line.counted,
        line.corrected_in_time,
        line.caught,
        line.error_rate,
        line.accuracy_rate,
        duplicates,
    )


def rules_of(board: QualityBoard, person_id: str) -> tuple[RuleLine, ...]:
    """The rules that filed registrations failed, the most often failed first."""
    filed = [one for one in board.report.registrations if person_id in (EVERYBODY, one.filed_by)]
    counts = Counter(failure.failed.rule for one in filed for failure in one.failures)
    errors = {failure.failed.rule for one in filed for failure in one.failures if failure.is_error}
    most = max(counts.values(), default=1)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(RuleLine(rule, _demands(rule), rule in errors, times, times / most) for rule, times in ordered)


def _demands(rule_id: str) -> str:
    # A rule of an older table may be gone.
    return _RULES[rule_id].demands if rule_id in _RULES else rule_id


def _rate_tile(rate: Rate) -> Tile:
    share = rate.numerator / rate.denominator if rate.denominator else None
    goal = _GOALS.get(rate.name)
    return Tile(
        rate.name,
        rate.percent,
        f"{rate.numerator:,} of {rate.denominator:,}: {rate.counts}, of {rate.of}",
        f"{rate.definition} As it stands now, whatever the period." if rate.name in _GOALS else rate.definition,
        None if share is None else min(share / _LONGEST, 1.0),
        None if goal is None else goal / _LONGEST,
    )


def _quality_tiles(line: QualityLine) -> Sequence[Tile]:
    errors = f"{line.counted:,} for {line.registrations:,}: errors, for registrations filed in the period"
    right = f"{line.error_free:,} of {line.registrations:,}: registrations without an error, of those filed in the period"
    return (
        Tile("Error rate", shown_rate(line.error_rate), errors, _ERROR_SOURCE, share_of(line.error_rate)),
        Tile("Accuracy rate", shown_rate(line.accuracy_rate), right, _ACCURACY_SOURCE, share_of(line.accuracy_rate)),
    )


def shown_rate(rate: float | None) -> str:
    """``12.5 %``; a dash when nothing can be divided."""
    return "–" if rate is None else f"{rate:.1f} %"


def share_of(rate: float | None) -> float | None:
    """A rate in percent as the part of a bar that it fills."""
    return None if rate is None else min(rate / _PERCENT, 1.0)
