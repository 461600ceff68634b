"""The Find page: one person, one record. A record can only be made from a search."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Generic, TypeAlias, TypeVar

from access_desk.domain.errors import DeskError, UnavailableError
from access_desk.domain.matching.person import digits_of
from access_desk.domain.patients.events import Demographics
from access_desk.domain.patients.state import PatientState
from access_desk.domain.patients.views import PatientFound, PatientListed, SearchTerms, in_short
from access_desk.domain.privacy.rules import PROTECTING, ProtectedRecordError
from access_desk.presentation.drawer_session import Run
from access_desk.presentation.find_patient_columns import ENOUGH_DETAILS, ROW_TITLES, Column, column_of, typed_cells
from access_desk.presentation.find_patient_line import (
    ListedRecord,
    compared,
    is_one_line,
    is_worth_asking,
    listed,
    terms_of_line,
)
from access_desk.presentation.likely_records import SAY_WHY, Beside, beside, hidden_beside
from access_desk.presentation.registration_dates import TypedTextError, read_date, shown_date
from access_desk.presentation.registration_fields import SEX_CHOICES, FieldSpec, settle
from access_desk.presentation.view_model import ViewModel
from access_desk.services.desk import Desk
from access_desk.services.likely_records import LikelyRecord
from access_desk.services.patient_links import Standing

SHOWN_AT_ONCE = 3
FIND_FIELDS = (
    FieldSpec("family", "Last name", 1, 210),
    FieldSpec("given", "First name", 1, 170),
    FieldSpec("birth_date", "Birth date", 1, 128, "birth_date"),
    FieldSpec("sex", "Sex", 1, 118, "choice", choices=SEX_CHOICES),
    FieldSpec("phone", "Phone", 1, 150, "phone_part"),
    FieldSpec("number", "MRN, account or SSN last 4", 1, 180),
)
_SSN_TAIL, _PHONE_DIGITS = 4, 10
TOO_FEW = "Enter three details, or an MRN, an account number or the last 4 of the SSN."


Flags: TypeAlias = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class FindState:
    """``phase`` is ``empty``, ``live``, ``searching``, ``found`` or ``nothing``; ``selected`` counts from 0 over all columns.

    ``live`` is the list as one types; ``found`` is records side by side. ``wide``: other spellings were searched too.
    ``values`` hold what was typed, exactly. ``first`` is the first of the columns on screen. ``beside`` are the likely
    records of somebody who would get a new one, while it is asked why.
    """

    phase: str = "empty"
    values: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    typed: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()
    first: int = 0
    selected: int = 0
    notice: str = ""
    beside: Beside | None = None
    serial: int = 0
    live: tuple[ListedRecord, ...] = ()
    wide: bool = False
    merged: str = ""
    names_hidden: bool = False

    @property
    def shown(self) -> tuple[Column, ...]:
        """The columns on screen."""
        return self.columns[self.first : self.first + SHOWN_AT_ONCE]

    @property
    def asks_why(self) -> bool:
        """Whether the reason for a second record is asked."""
        return self.beside is not None

    @property
    def titles(self) -> tuple[str, ...]:
        """What the rows of the columns are called."""
        return ROW_TITLES

    @property
    def has_strong(self) -> bool:
        """Whether one of the records is very probably the person."""
        return any(column.is_strong for column in self.columns)

    @property
    def heading(self) -> str:
        """``3 possible records``."""
        count = len(self.columns)
        return f"{count} possible record{'' if count == 1 else 's'}"


_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class _Question(Generic[_Answer]):
    """What the worker is asked; ``shown`` takes the answer, unless something newer was typed by then."""

    serial: int
    look: Callable[[], _Answer]
    shown: Callable[[_Answer], None]


class FindModel(ViewModel[FindState]):
    """Intents of the Find page. ``use`` is called with the record that was opened, ``create`` with what was typed, why a
    second record is made, and the ids of the records that were looked at before.
    """

    def __init__(
        self,
        desk: Desk,
        run: Run,
        person: Callable[[], str],
        use: Callable[[PatientState], None],
        create: Callable[[dict[str, str], str, tuple[str, ...]], None],
    ) -> None:
        super().__init__(FindState())
        # Told instead of ``use`` when a record is taken instead of a new one: what was typed for that goes along.
        self.use_instead: Callable[[PatientState, dict[str, str]], object] | None = None
        # Told of a record that opens for a reason only, so that somebody can ask for it.
        self.on_protected: Callable[[str], object] | None = None
        self._desk = desk
        self._run = run
        self._person = person
        self._use = use
        self._create = create
        self._is_asking = False
        self._waiting: _Question[Any] | None = None

    def type(self, name: str, text: str) -> None:
        """A field was typed into; a message goes as soon as the text is right."""
        values = {**self.state.values, name: text}
        errors = {key: wrong for key, wrong in self.state.errors.items() if key != name or self._wrong(name, text)}
        self._show(replace(self.state, values=values, errors=errors, notice=""))
        self._list_as_typed()

    def _list_as_typed(self) -> None:
        """The list follows every key; an answer to an older key is dropped, and what waits behind one is only the newest."""
        serial = self.state.serial + 1
        terms = self._terms()
        if terms is None or not is_worth_asking(terms):
            self._show(replace(self.state, serial=serial, phase="empty", live=()))
            return
        self._show(replace(self.state, serial=serial))

        today = self._desk.view.now().date()

        def shown(answer: tuple[list[Standing[PatientListed]], Flags]) -> None:
            found, flags = answer
            protected = {patient_id for patient_id, on in flags.items() if on & PROTECTING}
            hidden = self.state.names_hidden
            after = self._desk.view.suffix_after()
            rows = tuple(listed(one.found, after, hidden=hidden or one.found.patient_id in protected) for one in found)
            self._show(replace(self.state, phase="live", live=rows, columns=(), merged=_merged_text(found)))

        self._ask(_Question(serial, lambda: self._look_as_typed(terms, today), shown))

    def _ask(self, question: _Question[Any]) -> None:
        if self._is_asking:
            self._waiting = question
            return
        self._is_asking = True

        def answered(answer: object) -> None:
            self._is_asking = False
            if self.state.serial == question.serial:
                question.shown(answer)
            self._go_on()

        def failed(problem: Exception) -> None:
            self._is_asking = False
            self._failed(problem)
            self._go_on()

        self._run(question.look, answered, failed)

    def _go_on(self) -> None:
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            self._ask(waiting)

    def _look_as_typed(self, terms: SearchTerms, today: date) -> tuple[list[Standing[PatientListed]], Flags]:
        """On the worker: the list, each record as it stands now, and what protects records."""
        index = self._desk.index
        if is_one_line(terms):
            read = terms_of_line(terms.family, today)
            found = [in_short(compared(one, read)) for one in index.find(terms.family)]
        else:
            found = index.find_by(terms)
        standing = self._desk.links.standing_listed(found)
        return standing, self._desk.privacy.flags_of([one.found.patient_id for one in standing])

    def _look(self, terms: SearchTerms, today: date, *, wide: bool) -> tuple[list[Standing[PatientFound]], SearchTerms, Flags]:
        """On the worker: the records side by side, what was asked for, and what protects records."""
        index = self._desk.index
        read = terms_of_line(terms.family, today) if is_one_line(terms) else terms
        if wide:
            found = index.wider(read)
        elif is_one_line(terms):
            found = [compared(one, read) for one in index.find(terms.family)]
        else:
            found = index.side_by_side(terms)
        standing = self._desk.links.standing(found)
        ids = [one.found.patient_id for one in standing]
        linked = self._desk.alerts.linked(ids)
        shown = [
            replace(one, found=self._with_local_visit(one.found), linked=linked.get(one.found.patient_id, ())) for one in standing
        ]
        return shown, read, self._desk.privacy.flags_of(ids)

    def _with_local_visit(self, found: PatientFound) -> PatientFound:
        """The last visit by the facility's clock: an evening's is not the next day's."""
        at = found.last_visit_at
        return replace(found, last_visit_at=self._desk.view.local(at)) if at else found

    def hide_names(self, *, hidden: bool) -> None:
        """Ctrl . hides or shows who was found."""
        if hidden == self.state.names_hidden:
            return
        self._show(replace(self.state, names_hidden=hidden))
        if self.state.phase == "live":
            self._list_as_typed()
        elif self.state.phase in ("found", "nothing"):
            self.search(wide=self.state.wide)

    def leave(self, name: str) -> None:
        """A field was left: a birth date or phone that can be read is shown in its usual form."""
        text = self.state.values.get(name, "")
        wrong = self._wrong(name, text)
        errors = {key: other for key, other in self.state.errors.items() if key != name}
        if wrong:
            self._show(replace(self.state, errors={**errors, name: wrong}))
            return
        spec = next(one for one in FIND_FIELDS if one.name == name)
        settled = settle(spec, text, self._desk.view.now().date())
        if settled != text or errors != self.state.errors:
            self._show(replace(self.state, values={**self.state.values, name: settled}, errors=errors))

    def _wrong(self, name: str, text: str) -> str:
        spec = next(one for one in FIND_FIELDS if one.name == name)
        try:
            settle(spec, text, self._desk.view.now().date())
        except TypedTextError as wrong:
            return wrong.text
        return ""

    def can_search(self) -> bool:
        """Whether enough was typed for Enter to search: three details, or a number."""
        terms = self._read_terms()
        return terms is not None and (terms.typed() >= ENOUGH_DETAILS or bool(terms.number.strip()))

    def _read_terms(self) -> SearchTerms | None:
        """What was typed, with one line taken apart."""
        terms = self._terms()
        if terms is not None and is_one_line(terms):
            return terms_of_line(terms.family, self._desk.view.now().date())
        return terms

    def search(self, *, wide: bool = False) -> None:
        """Put the records that fit side by side; ``wide`` also takes other spellings, short forms and exchanged names."""
        terms = self._terms()
        if terms is None:
            self.leave("birth_date")
            return
        if not self.can_search() and not (wide and is_worth_asking(terms)):
            self._show(replace(self.state, notice=TOO_FEW))
            return
        for name in ("birth_date", "phone"):
            self.leave(name)
        terms = self._terms() or terms
        serial = self.state.serial + 1
        self._show(replace(self.state, phase="searching", serial=serial, notice="", beside=None))
        today = self._desk.view.now().date()

        def shown(answer: tuple[list[Standing[PatientFound]], SearchTerms, Flags]) -> None:
            found, asked, flags = answer
            hidden, suffix_after = self.state.names_hidden, self._desk.view.suffix_after()
            columns = tuple(
                column_of(
                    one.found,
                    asked,
                    today,
                    one.retired_mrn,
                    hidden=hidden,
                    flags=flags.get(one.found.patient_id, frozenset()),
                    linked=one.linked,
                    suffix_after=suffix_after,
                )
                for one in found
            )
            typed = typed_cells(asked, self.state.values.get("birth_date", ""), hidden=hidden)
            state = replace(self.state, phase="found" if columns else "nothing", columns=columns, typed=typed, live=())
            self._show(replace(state, first=0, selected=0, wide=wide, merged=_merged_text(found)))

        self._ask(_Question(serial, lambda: self._look(terms, today, wide=wide), shown))

    def _terms(self) -> SearchTerms | None:
        value = self.state.values.get
        typed = value("birth_date", "")
        try:
            born = read_date(typed, self._desk.view.now().date(), birth=True) if typed.strip() else None
        except TypedTextError:
            return None
        return SearchTerms(
            value("family", ""), value("given", ""), born, value("sex", ""), value("phone", ""), value("number", "")
        )

    def move(self, step: int) -> None:
        """To the next or previous record; the columns scroll."""
        if not self.state.columns:
            return
        selected = min(max(self.state.selected + step, 0), len(self.state.columns) - 1)
        first = min(max(self.state.first, selected - SHOWN_AT_ONCE + 1), selected)
        self._show(replace(self.state, selected=selected, first=first))

    def use_shown(self, number: int) -> None:
        """Use the record with this number on screen, from 1."""
        if 1 <= number <= len(self.state.shown):
            self._open(self.state.shown[number - 1].patient_id)

    def use_listed(self, patient_id: str) -> None:
        """Use a record of the list."""
        self._open(patient_id)

    def use_selected(self) -> None:
        """Use the record the keyboard is on."""
        if self.state.columns:
            self._open(self.state.columns[self.state.selected].patient_id)

    def _open(self, patient_id: str, typed: dict[str, str] | None = None) -> None:
        by = self._desk.by(self._person())

        def done(patient: PatientState) -> None:
            self.clear()
            if typed is not None and self.use_instead is not None:
                self.use_instead(patient, typed)
            else:
                self._use(patient)

        def failed(problem: Exception) -> None:
            self.keep_looking()
            self._failed(problem)
            if isinstance(problem, ProtectedRecordError) and self.on_protected is not None:
                self.on_protected(problem.patient_id)

        self._run(lambda: self._desk.registration.view(by, patient_id), done, failed)

    # ------------------------------------------------------------ a new record

    def ask_create(self) -> None:
        """Ctrl N: a new record, only after a search; the records that are likely this person's stand beside it first."""
        if self.state.phase not in ("found", "nothing"):
            self._show(replace(self.state, notice="Search first: a new record is only made when nobody was found."))
            return
        typed = self._typed_person()
        strong = [one.patient_id for one in self.state.columns if one.is_strong]
        serial, today = self.state.serial, self._desk.view.now().date()

        def look() -> tuple[list[LikelyRecord], Flags]:
            likely = self._desk.likely.of(typed, strong)
            return likely, self._desk.privacy.flags_of([one.found.patient_id for one in likely])

        def done(answer: tuple[list[LikelyRecord], Flags]) -> None:
            likely, flags = answer
            if serial != self.state.serial:
                return
            if not likely:
                self._make("")
                return
            shown = beside(likely, typed, today, flags, self._desk.view.suffix_after())
            shown = hidden_beside(shown) if self.state.names_hidden else shown
            self._show(replace(self.state, beside=shown, notice=""))

        self._run(look, done, self._failed)

    def _typed_person(self) -> Demographics:
        terms = self._read_terms() or SearchTerms()
        number = terms.number.strip()
        ssn = number if len(number) == _SSN_TAIL and number.isdecimal() else ""
        sex = terms.sex or "unknown"
        return Demographics(
            family=terms.family, given=terms.given, birth_date=terms.birth_date, sex=sex, phone=terms.phone, ssn=ssn
        )

    def move_beside(self, step: int) -> None:
        """To the next or previous likely record."""
        if self.state.beside is not None:
            self._show(replace(self.state, beside=self.state.beside.moved(step)))

    def use_beside(self, number: int) -> None:
        """Take the likely record with this number on screen, from 1, instead of a new one."""
        shown = self.state.beside.shown if self.state.beside is not None else ()
        if 1 <= number <= len(shown):
            # A name that was searched for may be a part of it, and so may a number; the rest was said by somebody here.
            typed = {name: text for name, text in self._typed_values().items() if name not in ("family", "given")}
            if len(digits_of(typed.get("phone", ""))) != _PHONE_DIGITS:
                typed.pop("phone", None)
            self._open(shown[number - 1].patient_id, typed)

    def create_despite(self, reason: str) -> None:
        """Make a record although likely ones are on file."""
        if not reason.strip():
            self._show(replace(self.state, notice=SAY_WHY))
            return
        self._make(reason)

    def create_unidentified(self) -> None:
        """A record for somebody nobody can name yet; there is nothing to search for."""
        self.clear()
        self._create({"who": "unidentified", "type": "emergency"}, "", ())

    def keep_looking(self) -> None:
        """Close the question; nothing was made."""
        self._show(replace(self.state, beside=None, notice=""))

    def _make(self, reason: str) -> None:
        values, seen = self._typed_values(), self.state.beside.ids if self.state.beside is not None else ()
        self.clear()
        self._create(values, reason, seen)

    def _typed_values(self) -> dict[str, str]:
        names = ("family", "given", "sex", "phone")
        values = {name: self.state.values[name] for name in names if self.state.values.get(name)}
        terms = self._read_terms()
        if terms is not None:
            read = {"family": terms.family, "given": terms.given, "phone": terms.phone}
            values |= {name: value for name, value in read.items() if value}
            if terms.birth_date is not None:
                values["birth_date"] = shown_date(terms.birth_date)
        return values

    def clear(self) -> None:
        """Start again with blank fields."""
        self._show(FindState(serial=self.state.serial + 1, names_hidden=self.state.names_hidden))

    def _failed(self, problem: Exception) -> None:
        if not isinstance(problem, DeskError | UnavailableError):
            raise problem
        phase = "empty" if self.state.phase == "searching" else self.state.phase
        self._show(replace(self.state, phase=phase, notice=problem.text))


def _merged_text(found: Sequence[Standing[Any]]) -> str:
    """What the banner says when a number of a retired record was found."""
    numbers = [one.retired_mrn for one in found if one.retired_mrn]
    return f"MRN {', '.join(numbers)} was merged. The record that stands for it is shown." if numbers else ""
