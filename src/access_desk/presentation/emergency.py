"""Emergency arrival: the quick form, which asks nothing about money, and the central log beside it.

42 CFR 489.24(d)(4)(iv) lets a desk register while the exam is not delayed; before triage a name, or none, and one identifier
are enough. Coverage, estimates, authorizations and payment have no place on this screen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from types import MappingProxyType

from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.events import Recorded
from access_desk.domain.full_name import full_name
from access_desk.domain.patients.commands import NewPatient
from access_desk.domain.patients.events import Demographics
from access_desk.domain.patients.views import PatientFound, SearchTerms
from access_desk.domain.permissions import Action, may
from access_desk.domain.privacy.rules import masked
from access_desk.domain.visits.emergency import Arrival, Ending, Screening, Stabilization
from access_desk.domain.visits.emergency_views import EmtalaReport, LoggedArrival
from access_desk.domain.visits.events import VisitDetails
from access_desk.presentation.drawer_session import MoneySession, MoneyState, MoneyViewModel
from access_desk.presentation.emergency_log import (
    LogLine,
    log_line,
    now_texts,
    read_age,
    read_identifier,
    read_moment,
    report_text,
)
from access_desk.presentation.hidden_names import hidden_birth, hidden_name, hidden_number
from access_desk.presentation.registration_dates import TypedTextError, shown_date
from access_desk.presentation.veil import veiled_found
from access_desk.services.journal import By
from access_desk.services.registration import Registration

KNOWN, UNIDENTIFIED = "known", "unidentified"
MOST_CANDIDATES = 4
FIELDS = ("family", "given", "identifier", "sex", "age", "complaint", "on", "at", "contact", "contact_phone")
_NO_TEXTS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class CandidateLine:
    """A record on file that may be the person's."""

    patient_id: str
    name: str
    born: str
    mrn: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyState(MoneyState):
    """``asks`` is what a dialog asks for: ``exam``, ``stabilized``, ``end``, ``identify``, ``despite`` or blank.

    ``registered`` counts the arrivals that were registered here: with each the form is blank again.
    """

    who: str = KNOWN
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    candidates: tuple[CandidateLine, ...] = ()
    asks: str = ""
    rows: tuple[LogLine, ...] = ()
    day: date | None = None
    day_text: str = ""
    selected: str = ""
    notice: str = ""
    report: str = ""
    report_tone: str = ""
    registered: int = 0

    @property
    def line(self) -> LogLine | None:
        """The arrival that is looked at."""
        return next((one for one in self.rows if one.visit_id == self.selected), None)


class EmergencyModel(MoneyViewModel[EmergencyState]):
    """Intents of the Emergency page."""

    def __init__(self, session: MoneySession) -> None:
        super().__init__(session, EmergencyState())
        self._hidden = False
        self._arrival_typed = False

    def opened(self) -> None:
        """Shown: the log of the day; the arrival is now unless somebody typed another moment."""
        now = self.session.desk.view.now()
        if not self._arrival_typed:
            self.change(values={**self.state.values, **now_texts(now)})
        if self.state.day is None:
            self.change(day=now.date())
        self.refresh()

    def choose(self, who: str) -> None:
        """A person with a name, or one nobody can name yet."""
        self.change(who=who, candidates=(), errors={}, problem="")

    def type(self, name: str, text: str) -> None:
        """A field changes."""
        if self.state.values.get(name, "") == text:
            return
        self._arrival_typed = self._arrival_typed or name in ("on", "at")
        errors = {key: one for key, one in self.state.errors.items() if key != name}
        candidates = self.state.candidates if name not in ("family", "given", "identifier") else ()
        self.change(values={**self.state.values, name: text}, errors=errors, candidates=candidates, notice="")

    def register(self) -> None:
        """F12: look whether the person has a record; without one, or without a name, register the arrival."""
        registration = self._read()
        if registration is None or self.state.busy:
            return
        if self.state.who == UNIDENTIFIED or self.state.candidates:
            self._record(registration)
            return
        person = registration.new_patient.demographics if registration.new_patient else Demographics()
        terms, who, desk = SearchTerms(person.family, person.given, person.birth_date), self.who, self.session.desk

        def done(found: list[PatientFound]) -> None:
            like = [one for one in found if all(one.agrees.values()) and not one.unidentified][:MOST_CANDIDATES]
            if like:
                after = desk.view.suffix_after()
                self.change(candidates=tuple(_candidate(one, after, hidden=self._hidden) for one in like))
            else:
                self._record(registration)

        self.ask(lambda: veiled_found(desk.view.search(terms), desk.privacy.hidden_from(who)), done)

    def use(self, patient_id: str) -> None:
        """The arrival is of somebody on file."""
        registration = self._read()
        if registration is not None:
            self._record(replace(registration, new_patient=None, patient_id=patient_id))

    def create_despite(self, reason: str) -> None:
        """A new record although one like it is on file; the reason goes to review."""
        registration = self._read()
        if registration is None or registration.new_patient is None:
            return
        if not reason.strip():
            self.change(problem="Say why a second record is made.")
            return
        self._record(replace(registration, new_patient=replace(registration.new_patient, despite_match=reason)))

    def _read(self) -> Registration | None:
        """What is typed as a registration; None, with the problems shown, when it cannot be used."""
        values, errors = self.state.values, dict[str, str]()
        now = self.session.desk.view.now()

        def read(name: str, how: Callable[[], object], blank: object = None) -> object:
            try:
                return how()
            except TypedTextError as wrong:
                errors[name] = wrong.text
                return blank

        def text(name: str) -> str:
            return values.get(name, "").strip()

        nobody = self.state.who == UNIDENTIFIED
        if not nobody and not (text("family") or text("given")):
            errors["family"] = "Enter a name, or choose Unidentified."
        if not text("complaint"):
            errors["complaint"] = "Enter in a word or two why the person is here."
        born, identifier = None, ""
        found = read("identifier", lambda: read_identifier(text("identifier"), now.date()))
        if isinstance(found, tuple):
            born, identifier = found
        age = read("age", lambda: read_age(text("age"))) if nobody else None
        arrived = read("at", lambda: read_moment(text("on"), text("at"), now) if self._arrival_typed else now)
        self.change(errors=errors, problem="")
        if errors or not isinstance(arrived, datetime):
            return None
        person = Demographics(
            family="" if nobody else text("family"),
            given="" if nobody else text("given"),
            birth_date=None if nobody else born,
            sex=text("sex") or "unknown",
            emergency_contact=text("contact"),
            emergency_phone=text("contact_phone"),
        )
        return Registration(
            VisitDetails("emergency", reason=text("complaint")),
            (),
            NewPatient(person, unidentified=nobody),
            arrival=Arrival(arrived, text("complaint"), identifier),
            estimated_age=age if isinstance(age, tuple) else None,
        )

    def _record(self, registration: Registration) -> None:
        def done(events: list[Recorded]) -> None:
            visit_id = next(one.subject_id for one in events if one.kind == "visit.registered")
            self._arrival_typed = False
            today = self.session.desk.view.now()
            state = replace(self.state, values=now_texts(today), errors={}, candidates=(), asks="", day=today.date())
            state = replace(state, selected=visit_id, who=KNOWN, registered=state.registered + 1)
            self._show(replace(state, notice="Arrival registered. It stays on the log."))
            self.refresh()

        self.write(lambda by: self.session.desk.registration.register(by, registration), done)

    def refused(self, error: DeskError) -> None:
        """Somebody very probably on file needs a reason; anything else is said."""
        if error.code is Refusal.PROBABLE_DUPLICATE:
            self.change(busy=False, asks="despite", problem=error.text)
            return
        super().refused(error)

    def refresh(self) -> None:
        """Look at the log again."""
        desk, day = self.session.desk, self.state.day
        if day is None:
            return
        role = desk.view.facility().person(self.who).role
        who = self.who

        def look() -> EmtalaReport:
            if may(role, Action.EMTALA_REPORT):
                return desk.emergency.report(By(who, ""), day, day)
            return EmtalaReport(tuple(desk.emergency.central_log(day, day)), ())

        def done(found: EmtalaReport) -> None:
            zone, after = desk.view.zone(), desk.view.suffix_after()
            unseen = desk.privacy.hidden_from(who)
            rows = tuple(log_line(_veiled(one, unseen), zone, after, hidden=self._hidden) for one in reversed(found.arrivals))
            selected = self.state.selected if any(one.visit_id == self.state.selected for one in rows) else ""
            says, tone = report_text(found) if may(role, Action.EMTALA_REPORT) else ("", "")
            first = rows[0].visit_id if rows else ""
            shown = replace(self.state, rows=rows, selected=selected or first, day_text=shown_date(day))
            self._show(replace(shown, report=says, report_tone=tone))

        self.ask(look, done)

    def move_day(self, days: int) -> None:
        """The log of another day; not of tomorrow."""
        now = self.session.desk.view.now().date()
        self.change(day=min((self.state.day or now) + timedelta(days=days), now), selected="")
        self.refresh()

    def select(self, visit_id: str) -> None:
        """Look at this arrival."""
        if visit_id != self.state.selected:
            self.change(selected=visit_id, notice="")

    def ask_for(self, what: str) -> None:
        """Open the dialog that records ``exam``, ``stabilized``, ``end``, ``identify`` or ``despite``."""
        line = self.state.line
        if what == "identify" and line is not None and not line.unidentified:
            self.change(notice="This person is identified.")
        elif what == "despite" or line is not None:
            self.new_form()
            self.change(asks=what, problem="", notice="")

    def leave_it(self) -> None:
        """Close the dialog; nothing was recorded."""
        self.change(asks="", problem="")

    def record(self, given: Mapping[str, str]) -> None:
        """Record what the open dialog asked for."""
        line, asks = self.state.line, self.state.asks
        if line is None:
            return
        try:
            at = read_moment(given.get("on", ""), given.get("at", ""), self.session.desk.view.now())
            born = read_identifier(given.get("birth_date", ""), at.date())[0]
        except TypedTextError as wrong:
            self.change(problem=wrong.text)
            return
        call = self._call(asks, line, given, at, born)
        said = {"exam": "Exam recorded.", "stabilized": "Stabilization recorded.", "end": "End recorded."}

        def done(_: list[Recorded]) -> None:
            self.change(asks="", notice=said.get(asks, "Identified. The former name still finds the record."))
            self.refresh()

        self.write(call, done)

    def _call(
        self, asks: str, line: LogLine, given: Mapping[str, str], at: datetime, born: date | None
    ) -> Callable[[By], list[Recorded]]:
        emergency, registration = self.session.desk.emergency, self.session.desk.registration
        source, whom = given.get("source", ""), given.get("by", "")
        if asks == "exam":
            exam = Screening(whom, given.get("role", ""), at, source, given.get("condition", "yes") == "yes")
            return lambda by: emergency.complete_screening(by, line.visit_id, exam)
        if asks == "stabilized":
            return lambda by: emergency.record_stabilization(by, line.visit_id, Stabilization(whom, at, source))
        if asks == "end":
            return lambda by: emergency.end(by, line.visit_id, Ending(given.get("disposition", ""), at, source))
        changes = {name: given[name].strip() for name in ("family", "given") if given.get(name, "").strip()}
        if born is not None:
            changes["birth_date"] = born.isoformat()
        return lambda by: registration.identify(by, line.patient_id, changes, given.get("how", ""))

    def hide_names(self, *, hidden: bool) -> None:
        """Ctrl . hides or shows names."""
        self._hidden = hidden
        self.refresh()


def _veiled(one: LoggedArrival, unseen: frozenset[str]) -> LoggedArrival:
    """The arrival without its person when the record is protected from whoever looks."""
    if one.patient_id not in unseen:
        return one
    shown = masked(Demographics(one.family, one.given))
    return replace(one, family=shown.family, given=shown.given, middle="", suffix="")


def _candidate(found: PatientFound, suffix_after: str, *, hidden: bool) -> CandidateLine:
    person = found.demographics
    if hidden:
        born = hidden_birth(person.birth_date) or "Not known"
        return CandidateLine(found.patient_id, hidden_name(person), born, hidden_number(found.mrn))
    name = full_name(person.family, person.given, person.middle, person.suffix, suffix_after)
    return CandidateLine(found.patient_id, name, shown_date(person.birth_date) or "Not known", found.mrn)
