"""The Register page: type a registration, keep it as a draft, file it once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime

from access_desk.domain.coverage.commands import CoverageFiling
from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.events import Recorded
from access_desk.domain.numbering import is_temporary
from access_desk.domain.patients.events import PatientRegistered
from access_desk.domain.patients.state import PatientState
from access_desk.domain.patients.views import PatientFound, SearchTerms
from access_desk.domain.registration.rules import Severity
from access_desk.domain.registration.sheet import KNOWN
from access_desk.domain.visits.events import VisitRegistered
from access_desk.presentation.coverage_clearance import PANEL
from access_desk.presentation.coverage_intents import CoverageIntents
from access_desk.presentation.likely_records import SAY_WHY, beside
from access_desk.presentation.person_alerts import MINDED
from access_desk.presentation.registration_drafts import (
    DRAFT_KIND,
    Filed,
)
from access_desk.presentation.registration_findings import error_in, found_in, said_at, stops, with_met
from access_desk.presentation.registration_form import (
    EXPECTED,
    RegistrationForm,
    changes,
    content_of,
    coverages,
    detail_changes,
    details_of_visit,
    new_patient,
    on_file,
    person_so_far,
    shown_person,
    spec_of,
    title_of,
    usual_text,
    visit_changes,
    visit_details,
)
from access_desk.presentation.registration_known import forms_due
from access_desk.presentation.registration_paper import paper_in
from access_desk.presentation.registration_places import ZIP_CITY, with_choice, with_places
from access_desk.presentation.registration_state import problems_of
from access_desk.presentation.registration_taken_up import differing, kept_text, taken_up
from access_desk.services.likely_records import LikelyRecord
from access_desk.services.registration import Registration

# So few numbers that somebody should see to the connection.
_FEW = 100


class RegistrationModel(CoverageIntents):
    """Intents of the Register page: typing, plans, filing."""

    # ------------------------------------------------------------ typing

    def type(self, key: str, text: str) -> None:
        """A field was typed into. Its message goes as soon as the text is right."""
        form = self.state.form
        if form is None or self.state.phase != "editing" or form.value(key) == text or form.is_fixed(key):
            return
        form = self.after_typing(form, form.with_value(key, text), key)
        self._typed_last = key
        # What is being typed is judged when it is left, also the second time.
        self._left.discard(key)
        if key == "mother_mrn":
            form = replace(form, mother_id="", mother_name="")
        if key == "who":
            form = form.for_somebody_else()
        if key == ZIP_CITY:
            form = with_choice(form)
        self._is_dirty = True
        errors = dict(self.state.errors)
        if errors.get(key) and not error_in(form, key, self.today()):
            errors[key] = ""
        self._paint(form, replace(self.state, errors=errors))

    def leave(self, key: str) -> None:
        """A field was left: its text is checked and, when it can be read, shown in its usual form."""
        form = self.state.form
        if form is None or self.state.phase != "editing" or key not in form.field_keys():
            return
        self._left.add(key)
        if key == "mother_mrn" and form.value(key).strip() and not form.mother_id:
            self._find_mother(form)
            return
        said = said_at(form, key, self.today())
        if said is not None:
            form = with_met(form, (said,))
        wrong = said.text if said is not None and said.severity is Severity.ERROR else ""
        if said is None or not said.gates:
            text = usual_text(form, key, self.today())
            if text != form.value(key):
                form = form.with_value(key, text)
                self._is_dirty = True
            form = self.after_leaving(form, key)
        self._paint(form, replace(self.state, errors={**self.state.errors, key: wrong}))
        if key == "zip" and not wrong:
            self._look_up_zip(form.value(key))
        if key in MINDED and form.value("family").strip() and form.value("given").strip():
            self.look_around(form)

    def _find_mother(self, form: RegistrationForm) -> None:
        number = form.value("mother_mrn").strip()

        def done(found: list[PatientFound]) -> None:
            now = self.state.form
            if now is None or now.value("mother_mrn").strip() != number:
                return
            if len(found) == 1:
                name = shown_person(found[0].demographics, now.suffix_after)
                now = replace(now, mother_id=found[0].patient_id, mother_name=name)
            wrong = error_in(now, "mother_mrn", self.today())
            self._paint(now, replace(self.state, errors={**self.state.errors, "mother_mrn": wrong}))

        self._run(lambda: self._desk.view.search(SearchTerms(number=number)), done, self._failed)

    def _look_up_zip(self, typed: str) -> None:
        def done(places: tuple[tuple[str, str], ...]) -> None:
            now = self.state.form
            if now is None or self.state.phase != "editing" or now.value("zip") != typed:
                return
            filled = with_places(now, places)
            if filled != now:
                self._is_dirty = True
                self._paint(filled, self.state)

        self._run(lambda: self._desk.places.of_zip(typed), done, self._failed)

    def enter_section(self, number: int) -> None:
        """The keyboard went into a section, which unfolds it."""
        if number != self.state.section and self.state.form is not None:
            self.keep_standing()
            self._show(replace(self.state, section=number))

    def go_to(self, key: str) -> None:
        """Put the keyboard on a field, unfolding its section."""
        if self.state.form is None:
            return
        if key.startswith(PANEL):
            if self.state.panel != key.removeprefix(PANEL):
                self.open_panel(key.removeprefix(PANEL))
            return
        self._paint(self.state.form, self._asking(key))

    # ------------------------------------------------------------ filing

    def file(self) -> None:
        """F12: record it, or say what is still needed."""
        form = self.state.form
        if form is None or self.state.phase != "editing":
            return
        problems = problems_of(form, self.today())
        if problems:
            today = self.today()
            errors = {one.key: stops(form, one.key, today) or error_in(form, one.key, today) for one in problems}
            self._left |= set(errors)
            form = with_met(form, (one for one in found_in(form, today) if one.gates))
            self._is_dirty = True
            self._paint(form, replace(self.state, problems=problems, errors=errors, notice=""))
            return
        today = self.today()
        for key in form.field_keys():
            # A field that was never left, such as one filled from a search, is filed in its usual form too.
            form = form.with_value(key, usual_text(form, key, today))
        self._paint(form, replace(self.state, phase="filing", problems=(), notice="", beside=None))
        if form.patient_id or form.who != KNOWN:
            self._file(form)
        else:
            self._look_for_likely(form, lambda: self._file(form))

    def compare(self) -> None:
        """Ctrl E: the records that are likely this person's, before anything is filed."""
        form = self.state.form
        if form is None or self.state.phase != "editing" or form.patient_id or form.who != KNOWN:
            return

        def none() -> None:
            self._show(replace(self.state, notice="No record on file is like what is typed so far."))

        self._look_for_likely(replace(form, seen_alike=()), none, is_filing=False)

    def _look_for_likely(self, form: RegistrationForm, when_none: Callable[[], None], *, is_filing: bool = True) -> None:
        """More is known now than when somebody searched: show the likely records that nobody looked at before."""
        today = self.today()
        person = person_so_far(form, today)

        def look() -> tuple[list[LikelyRecord], dict[str, frozenset[str]]]:
            likely = self._desk.likely.of(person, command_id=form.command_id)
            return likely, self._desk.privacy.flags_of([one.found.patient_id for one in likely])

        def done(answer: tuple[list[LikelyRecord], dict[str, frozenset[str]]]) -> None:
            likely, flags = answer
            now = self.state.form
            if now is None or now.draft_id != form.draft_id:
                return
            if all(one.found.patient_id in form.seen_alike for one in likely):
                when_none()
                return
            shown = replace(beside(likely, person, today, flags, form.suffix_after), is_filing=is_filing)
            self._is_dirty = True
            self._paint(form if is_filing else now, replace(self.state, phase="editing", beside=shown, notice=""))

        self._run(look, done, self._refused)

    def _file(self, form: RegistrationForm) -> None:
        today = self.today()
        missing = content_of(form, ())
        owner, person = self._owner, self._person()

        def filed() -> Filed:
            # The draft holds the command id, so filing again after a crash finds what was recorded.
            self._desk.drafts.save(form.draft_id, owner, DRAFT_KIND, title_of(form), missing)
            answer = self._record(form, person, today)
            answer = replace(answer, forms=forms_due(self._desk, answer.visit_id))
            self._desk.drafts.drop(form.draft_id)
            self.drop_cards(form)
            return answer

        self._run(filed, self._done_filing, self._refused)

    def _record(self, form: RegistrationForm, person: str, today: date) -> Filed:
        """Amend and register; each part happens once under its own id."""
        service = self._desk.registration
        if form.patient_id and (changed := changes(form, today)):
            service.amend(self._desk.by(person, f"{form.command_id}:amend"), form.patient_id, changed, on_file(form, today))
        clearing, contents = self.clearing(form)
        details = detail_changes(form, today)
        if form.visit_id:
            if details:
                service.give_details(self._desk.by(person, f"{form.command_id}:details"), form.patient_id, details)
            if said := visit_changes(form, today):
                service.give_visit_details(self._desk.by(person, f"{form.command_id}:visit"), form.visit_id, said)
            if clearing != CoverageFiling():
                self._desk.coverage.file(self._desk.by(person, f"{form.command_id}:coverage"), form.visit_id, clearing, contents)
            return Filed(form.visit_id, form.patient_id, title_of(form), form.mrn, form.account_number, was_visit=True)
        registration = Registration(
            visit_details(form),
            coverages(form, today),
            None if form.patient_id else new_patient(form, today),
            form.patient_id or None,
            clearing,
            contents,
            details,
            details_of_visit(form, today),
            on_paper=paper_in(form.values, self._desk.view.now()),
            met=form.met,
            begun_at=datetime.fromisoformat(form.begun_at) if form.begun_at else None,
        )
        recorded = service.register(self._desk.by(person, form.command_id), registration)
        filed = _filed(form, recorded)
        if expected := form.values.get(EXPECTED):
            self._desk.schedule.became(self._desk.by(person, f"{form.command_id}:expected"), expected, filed.visit_id)
        return filed

    def _done_filing(self, filed: Filed) -> None:
        self._is_dirty = False
        words = "Changes recorded" if filed.was_visit else f"Registered, visit {filed.account_number}{self._about_numbers(filed)}"
        form = self.state.form
        if form is None:
            return
        # Who was given a name is called by it from now on: it is what the wristband says.
        values = {**form.values, **dict(filed.names)}
        form = replace(form, mrn=filed.mrn, account_number=filed.account_number, values=values)
        done = replace(self.state, phase="filed", filed=filed, notice=words, draft_text="Filed", section=0, forms=filed.forms)
        self._paint(form, done)

    def _about_numbers(self, filed: Filed) -> str:
        """What has to be said of this desk's record numbers: that one only stands in, or that few are left."""
        if is_temporary(filed.mrn):
            return f". Record number {filed.mrn} stands in: this desk has none left until central can be reached"
        left = self._desk.numbers.left()
        return f". Only {left} record numbers are left until central can be reached" if left is not None and left < _FEW else ""

    def _refused(self, problem: Exception) -> None:
        """Back to typing, with everything as it was. A refusal used up its command id; an interrupted write did not."""
        form = self.state.form
        if form is None:
            return
        if isinstance(problem, DeskError):
            form = replace(form, command_id=self._new_id())
        self._is_dirty = True
        self._paint(form, replace(self.state, phase="editing"))
        if isinstance(problem, DeskError) and problem.code is Refusal.PROBABLE_DUPLICATE:
            # Somebody made the record while this one was being filed.
            self._look_for_likely(replace(form, seen_alike=()), lambda: self._failed(problem))
            return
        self._failed(problem)

    def move_beside(self, step: int) -> None:
        """To the next or previous likely record."""
        if self.state.beside is not None:
            self._show(replace(self.state, beside=self.state.beside.moved(step)))

    def use_beside(self, number: int) -> None:
        """Take the likely record with this number on screen, from 1: the visit is its, and what was typed stays."""
        form, shown = self.state.form, self.state.beside.shown if self.state.beside is not None else ()
        if form is None or not 1 <= number <= len(shown):
            return
        by, patient_id = self._desk.by(self._person()), shown[number - 1].patient_id

        def done(patient: PatientState) -> None:
            kept = taken_up(form, patient)
            others = differing(kept)
            self._left |= set(others)
            self._is_dirty = True
            # What would change of the record is looked at first; else the visit is what is left to type.
            first = next(iter(others), "service")
            state = replace(self._asking(first), section=spec_of(first).section)
            self._paint(kept, replace(state, beside=None, notice=kept_text(kept)))
            self._load_visits(kept)

        def failed(problem: Exception) -> None:
            self.keep_typing()
            self._failed(problem)

        self._run(lambda: self._desk.registration.view(by, patient_id, "probable duplicate"), done, failed)

    def create_despite(self, reason: str) -> None:
        """Make a second record for a reason, which sends it to review: now when it was being filed, else when it is."""
        form = self.state.form
        if form is None:
            return
        if not reason.strip():
            self._show(replace(self.state, notice=SAY_WHY))
            return
        seen = self.state.beside.ids if self.state.beside is not None else ()
        despite = replace(form, despite_match=reason, seen_alike=tuple(dict.fromkeys((*form.seen_alike, *seen))))
        is_filing = self.state.beside is None or self.state.beside.is_filing
        self._is_dirty = True
        self._paint(despite, replace(self.state, beside=None, notice=""))
        if is_filing:
            self.file()

    def keep_typing(self) -> None:
        """Go back from the question about likely records; nothing changes."""
        self._show(replace(self.state, beside=None, notice=""))


def _filed(form: RegistrationForm, recorded: Sequence[Recorded]) -> Filed:
    mrn, name = form.mrn, title_of(form)
    names: tuple[tuple[str, str], ...] = ()
    for event in recorded:
        match event.body:
            case PatientRegistered(demographics=who) as made:
                mrn = made.mrn
                if form.who != KNOWN:
                    name, names = shown_person(who, form.suffix_after), (("family", who.family), ("given", who.given))
            case VisitRegistered() as visit:
                return Filed(visit.visit_id, visit.patient_id, name, mrn, visit.account_number, was_visit=False, names=names)
    raise LookupError("registering records a visit")
