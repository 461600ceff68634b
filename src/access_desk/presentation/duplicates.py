"""Possible duplicates, for leads: which two records to look at, side by side, and what was decided of late."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from access_desk.domain.errors import DeskError, UnavailableError
from access_desk.domain.full_name import AFTER_GIVEN
from access_desk.domain.patients.commands import comparable
from access_desk.domain.patients.link_views import MergeRow, RecordSide, ReviewPair
from access_desk.domain.permissions import Action, may
from access_desk.presentation.drawer_session import Run
from access_desk.presentation.hidden_names import DOTS, hidden_birth, hidden_name, hidden_number, hidden_text
from access_desk.presentation.registration_dates import shown_date
from access_desk.presentation.registration_fields import SEX_CHOICES, choice_word
from access_desk.presentation.registration_form import shown_person
from access_desk.presentation.view_model import ViewModel
from access_desk.services.desk import Desk
from access_desk.services.patient_links import DuplicateBoard

SOURCE_WORDS = {
    "despite_match": "Created despite a match",
    "alike": "Alike when created",
    "flag": "Flagged at a desk",
    "found": "Found by comparing",
}
NOT_FOR_YOU = "Possible duplicates are decided by a shift lead or a supervisor."
_LAST = 4


@dataclass(frozen=True, slots=True)
class ComparedLine:
    """One field of both records; ``differs`` when both know it and do not say the same."""

    title: str
    one: str
    other: str
    differs: bool


@dataclass(frozen=True, slots=True)
class DuplicatesState:
    """``asks`` is ``merge``, ``not_same``, ``link``, ``unmerge`` or blank; ``keeps`` is the number of the record to keep.

    ``people`` are the names of those who work here, by id, ``protected`` the records that this person may not see.
    """

    pairs: tuple[ReviewPair, ...] = ()
    merges: tuple[MergeRow, ...] = ()
    people: Mapping[str, str] = field(default_factory=dict)
    protected: frozenset[str] = frozenset()
    selected: str = ""
    keeps: int = 1
    asks: str = ""
    merge_id: str = ""
    notice: str = ""
    refusal: str = ""
    busy: bool = False
    names_hidden: bool = False
    suffix_after: str = AFTER_GIVEN

    @property
    def pair(self) -> ReviewPair | None:
        """The pair that is looked at."""
        return next((one for one in self.pairs if one.key == self.selected), None)

    @property
    def why(self) -> str:
        """Who raised the pair, when, and why."""
        pair = self.pair
        if pair is None:
            return "Nothing waits for a decision."
        who, day = self.people.get(pair.raised_by, ""), shown_date(pair.raised_at.date())
        raised = ", ".join(part for part in (SOURCE_WORDS.get(pair.source, pair.source), who, day) if part)
        return f"{raised}: {pair.reason}" if pair.reason.strip() else raised

    @property
    def lines(self) -> tuple[ComparedLine, ...]:
        """The pair side by side."""
        return compared_lines(self.pair, self.suffix_after, self.protected, hidden=self.names_hidden) if self.pair else ()


class DuplicatesModel(ViewModel[DuplicatesState]):
    """Intents of the Duplicates page."""

    def __init__(self, desk: Desk, run: Run, person: Callable[[], str]) -> None:
        super().__init__(DuplicatesState())
        self._desk = desk
        self._run = run
        self._person = person

    def refresh(self) -> None:
        """Look again."""
        facility = self._desk.view.facility()
        if not may(facility.person(self._person()).role, Action.MERGE_PATIENTS):
            self._show(DuplicatesState(refusal=NOT_FOR_YOU, names_hidden=self.state.names_hidden))
            return

        person = self._person()

        def done(answer: tuple[DuplicateBoard, frozenset[str]]) -> None:
            board, protected = _by_clock_of(answer[0], self._desk.view.local), answer[1]
            keys = [one.key for one in board.pairs]
            selected = self.state.selected if self.state.selected in keys else next(iter(keys), "")
            keeps = self.state.keeps if selected == self.state.selected else 1
            people = {one.person_id: one.name for one in facility.people.values()}
            lists = replace(self.state, pairs=board.pairs, merges=board.merges, people=people, refusal="", protected=protected)
            after = facility.policy.suffix_after
            self._show(replace(lists, selected=selected, keeps=keeps, suffix_after=after, busy=False))

        self._run(lambda: (self._desk.links.board(), self._desk.privacy.hidden_from(person)), done, self._failed)

    def select(self, key: str) -> None:
        """Look at this pair."""
        if key != self.state.selected:
            self._show(replace(self.state, selected=key, keeps=1, notice=""))

    def keep(self, number: int) -> None:
        """Which record stays: 1 or 2."""
        self._show(replace(self.state, keeps=number, notice=""))

    def later(self) -> None:
        """The next pair; this one stays in the list."""
        keys = [one.key for one in self.state.pairs]
        if keys:
            self.select(keys[(keys.index(self.state.selected) + 1) % len(keys)])

    def ask(self, what: str, merge_id: str = "") -> None:
        """Ask for the reason of ``merge``, ``not_same``, ``link`` or ``unmerge``."""
        if what == "unmerge" or self.state.pair is not None:
            self._show(replace(self.state, asks=what, merge_id=merge_id, notice=""))

    def leave_it(self) -> None:
        """Close the question; nothing was recorded."""
        self._show(replace(self.state, asks="", merge_id="", notice=""))

    def decide(self, reason: str) -> None:
        """Record what was asked."""
        state, links = self.state, self._desk.links
        if state.busy or not state.asks:
            return
        by, pair = self._desk.by(self._person()), state.pair
        merge = next((one for one in state.merges if one.merge_id == state.merge_id), None)
        call: Callable[[], object]
        if state.asks == "unmerge" and merge is not None:
            call, said = (lambda: links.unmerge(by, merge.survivor.patient_id, merge.merge_id, reason)), "Un-merged. Both stand."
        elif state.asks == "merge" and pair is not None:
            kept, gone = (pair.one, pair.other) if state.keeps == 1 else (pair.other, pair.one)
            call, said = (lambda: links.merge(by, kept.patient_id, gone.patient_id, reason)), f"Merged into MRN {kept.mrn}."
        elif pair is not None and state.asks == "link":
            one, other = pair.one.patient_id, pair.other.patient_id
            call, said = (lambda: links.keep_apart_linked(by, one, other, reason)), "Two persons: each record warns of the other."
        elif pair is not None:
            one, other = pair.one.patient_id, pair.other.patient_id
            call, said = (lambda: links.not_the_same(by, one, other, reason)), "Kept apart: two persons."
        else:
            return

        def done(_: object) -> None:
            self._show(replace(self.state, asks="", merge_id="", notice=said, busy=False))
            self.refresh()

        self._show(replace(state, busy=True))
        self._run(call, done, self._failed)

    def hide_names(self, *, hidden: bool) -> None:
        """Ctrl . hides or shows names."""
        self._show(replace(self.state, names_hidden=hidden))

    def _failed(self, problem: Exception) -> None:
        if not isinstance(problem, DeskError | UnavailableError):
            raise problem
        self._show(replace(self.state, notice=problem.text, busy=False))


def _by_clock_of(board: DuplicateBoard, local: Callable[[datetime], datetime]) -> DuplicateBoard:
    """The board with every moment by the facility's clock, so that an evening is of its own day."""

    def side(one: RecordSide) -> RecordSide:
        last = local(one.last_visit_at) if one.last_visit_at else None
        return replace(one, registered_at=local(one.registered_at), last_visit_at=last)

    pairs = (replace(one, one=side(one.one), other=side(one.other), raised_at=local(one.raised_at)) for one in board.pairs)
    merges = (replace(one, merged_at=local(one.merged_at)) for one in board.merges)
    return replace(board, pairs=tuple(pairs), merges=tuple(merges))


def name_of(side: RecordSide, suffix_after: str, *, hidden: bool) -> str:
    """A record's name as the page shows it."""
    if hidden:
        return hidden_name(side.demographics)
    return shown_person(side.demographics, suffix_after, unidentified=side.unidentified)


def compared_lines(
    pair: ReviewPair, suffix_after: str, protected: frozenset[str] = frozenset(), *, hidden: bool
) -> tuple[ComparedLine, ...]:
    """Field by field, with what differs marked; of a protected record no more than tells people apart."""
    rows: list[ComparedLine] = []
    texts = (_texts(side, suffix_after, hidden=False) for side in (pair.one, pair.other))
    for title, one, other in zip(_TITLES, *texts, strict=True):
        differs = bool(one and other) and comparable_text(one) != comparable_text(other)
        rows.append(ComparedLine(title, one, other, differs and title not in ("MRN", *_COUNTS)))
    if hidden:
        masked = (_texts(side, suffix_after, hidden=True) for side in (pair.one, pair.other))
        shown = zip(rows, *masked, strict=True)
        rows = [replace(row, one=one, other=other) for row, one, other in shown]
    one_closed, other_closed = pair.one.patient_id in protected, pair.other.patient_id in protected
    return tuple(_veiled(row, one=one_closed, other=other_closed) if row.title in _REACHES else row for row in rows)


def _veiled(row: ComparedLine, *, one: bool, other: bool) -> ComparedLine:
    return replace(row, one=DOTS if one and row.one else row.one, other=DOTS if other and row.other else row.other)


_REACHES = ("SSN, last 4", "Phone", "Address", "City", "Email")
_COUNTS = ("On file", "Last visit", "Registered")
# Street and city apart: on one line neither is whole, and a person who moved is told from another street's.
_TITLES = ("MRN", "Name", "Birth date", "Sex", "SSN, last 4", "Phone", "Address", "City", "Email", *_COUNTS)


def comparable_text(text: str) -> str:
    """Text for comparing: without case, accents, spaces and punctuation."""
    return comparable(text) + "".join(one for one in text if one.isdecimal())


def _texts(side: RecordSide, suffix_after: str, *, hidden: bool) -> tuple[str, ...]:
    person = side.demographics
    ssn = "".join(one for one in person.ssn if one.isdecimal())
    place = " ".join(part for part in (person.state, person.zip) if part.strip())
    city = ", ".join(part for part in (person.city, place) if part.strip())
    born = person.birth_date
    counts = (
        f"{_counted(side.visits, 'visit')}, {_counted(side.payments, 'payment')}",
        shown_date(side.last_visit_at.date()) if side.last_visit_at else "None here",
        shown_date(side.registered_at.date()),
    )
    sex = choice_word(SEX_CHOICES, person.sex) if person.sex != "unknown" else ""
    if hidden:
        masked = (hidden_text(one) for one in (ssn, person.phone, person.line, city, person.email))
        return (hidden_number(side.mrn), hidden_name(person), hidden_birth(born), sex, *masked, *counts)
    tail = f"••• {ssn[-_LAST:]}" if ssn else ""
    return (
        side.mrn,
        name_of(side, suffix_after, hidden=False),
        shown_date(born),
        sex,
        tail,
        person.phone,
        person.line,
        city,
        person.email,
        *counts,
    )


def _counted(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"
