"""The Forms page: which forms a visit needs, their words, what becomes of them; without a visit, the clocks that run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from access_desk.domain.events import Recorded
from access_desk.domain.forms.catalogue import CATALOGUE
from access_desk.domain.forms.decide import AskForForm, CompleteForm, NoteStay, OfferForm
from access_desk.domain.forms.strokes import Strokes
from access_desk.domain.forms.wording import Wording
from access_desk.domain.full_name import full_name
from access_desk.presentation.drawer_session import (
    MoneySession,
    MoneyState,
    MoneyViewModel,
    SecondPerson,
    person_label,
    signed_by,
    who_may_witness,
)
from access_desk.presentation.form_lines import ClockLine, FormLine, clock_line, form_line, read_moment
from access_desk.presentation.hidden_names import hidden_number, hidden_title
from access_desk.presentation.papers_registration import form_key
from access_desk.presentation.registration_state import shortened
from access_desk.services.journal import By
from access_desk.services.papers import PaperKey

SPANISH_WORDS = ("spanish", "español", "espanol", "es", "spa")


@dataclass(frozen=True, slots=True, kw_only=True)
class FormsPageState(MoneyState):
    """The page. ``text`` is what the chosen form says; ``done`` counts what was recorded, so that a dialog closes."""

    visit_id: str = ""
    name: str = ""
    about: str = ""
    mrn: str = ""
    lines: tuple[FormLine, ...] = ()
    selected: str = ""
    language: str = "en"
    text: Wording | None = None
    clocks: tuple[ClockLine, ...] = ()
    askable: tuple[tuple[str, str], ...] = ()
    witnesses: tuple[SecondPerson, ...] = ()
    staff: tuple[SecondPerson, ...] = ()
    said: str = ""
    done: int = 0
    names_hidden: bool = False
    is_loaded: bool = False

    @property
    def subject(self) -> str:
        """Whose forms they are: name, visit, number."""
        name, mrn = (hidden_title(self.name), hidden_number(self.mrn)) if self.names_hidden else (self.name, self.mrn)
        return ", ".join(part for part in (name, self.about, f"MRN {mrn}" if mrn else "") if part)

    @property
    def line(self) -> FormLine | None:
        """The chosen form."""
        return next((one for one in self.lines if one.key == self.selected), None)

    @property
    def blocked(self) -> str:
        """Why the chosen form cannot be completed now; blank when it can."""
        line = self.line
        if line is None:
            return "Choose a form first."
        if line.is_held:
            return "Emergency visit: forms about money wait until the visit is released."
        if not (line.is_open or line.may_follow):
            return "This form is done."
        return ""


@dataclass(frozen=True, slots=True)
class _Loaded:
    name: str
    about: str
    mrn: str
    lines: tuple[FormLine, ...]
    clocks: tuple[ClockLine, ...]
    askable: tuple[tuple[str, str], ...]
    language: str
    witnesses: tuple[SecondPerson, ...]
    staff: tuple[SecondPerson, ...]


class FormsViewModel(MoneyViewModel[FormsPageState]):
    """Intents of the Forms page."""

    def __init__(self, session: MoneySession) -> None:
        super().__init__(session, FormsPageState())

    def load(self, visit_id: str) -> None:
        """Show the forms of a visit, or all clocks when it is blank."""
        if visit_id != self.state.visit_id:
            self.change(visit_id=visit_id, lines=(), selected="", text=None, name="", about="", mrn="", is_loaded=False)
        self.change(problem="", said="")
        self.refresh()

    def refresh(self) -> None:
        """Look again."""
        visit_id, who = self.state.visit_id, self.who
        self.ask(lambda: self._look(visit_id, who), lambda loaded: self._loaded(visit_id, loaded))

    def _look(self, visit_id: str, who: str) -> _Loaded:
        desk = self.session.desk
        zone = desk.view.zone()
        if not visit_id:
            now = self.session.desk.journal.clock.now()
            clocks = tuple(clock_line(row, zone) for row in desk.forms.open_clocks(now))
            return _Loaded("", "", "", (), clocks, (), "en", (), ())
        visit, found = desk.view.visit(visit_id), desk.forms.of_visit(visit_id)
        assert visit is not None  # noqa: S101 - of_visit refuses an unknown one
        desk.privacy.check_seen(who, visit.patient_id)
        person = visit.demographics
        written = full_name(person.family, person.given, person.middle, person.suffix, desk.view.suffix_after())
        name = shortened(written or "Name not known")
        speaks = "es" if person.language.strip().casefold() in SPANISH_WORDS else "en"
        return _Loaded(
            name,
            f"{visit.details.type.capitalize()}, account {visit.account_number}",
            visit.mrn,
            tuple(form_line(row, zone) for row in found.rows),
            (),
            tuple((code, CATALOGUE[code].title) for code in found.may_ask_for),
            speaks,
            who_may_witness(desk, who),
            tuple(SecondPerson(one.person_id, person_label(one)) for one in desk.people.staff()),
        )

    def _loaded(self, visit_id: str, loaded: _Loaded) -> None:
        if visit_id != self.state.visit_id:
            return
        keys = [line.key for line in loaded.lines]
        chosen = self.state.selected
        if chosen not in keys:
            chosen = next((line.key for line in loaded.lines if line.is_open), keys[0] if keys else "")
        language = self.state.language if self.state.is_loaded else loaded.language
        self.change(
            name=loaded.name,
            about=loaded.about,
            mrn=loaded.mrn,
            lines=loaded.lines,
            clocks=loaded.clocks,
            askable=loaded.askable,
            witnesses=loaded.witnesses,
            staff=loaded.staff,
            selected=chosen,
            language=language,
            text=self._wording(chosen, language),
            is_loaded=True,
        )

    def _wording(self, key: str, language: str) -> Wording | None:
        form, _, part = key.partition("/")
        return self.session.desk.forms.wording(form, language, part) if form else None

    def choose(self, key: str) -> None:
        """The keyboard is on a form."""
        if key != self.state.selected and any(line.key == key for line in self.state.lines):
            self.change(selected=key, text=self._wording(key, self.state.language), problem="")

    def choose_language(self, language: str) -> None:
        """English or Spanish."""
        self.change(language=language, text=self._wording(self.state.selected, language))

    def hide_names(self, *, hidden: bool) -> None:
        """Ctrl . hides or shows the name."""
        self.change(names_hidden=hidden)

    def offer(self) -> None:
        """Put the chosen form before the patient."""
        form, _, part = self.state.selected.partition("/")
        if self._is_free():
            command = OfferForm(form, self.state.language, part)
            self._record(lambda by, visit: self.session.desk.forms.offer(by, visit, command), "Offered")

    def sign(
        self, strokes: Strokes | None, *, seen_by: str = "", signer: str = "", relationship: str = "", explained: bool
    ) -> None:
        """Signed: drawn in the box, or on paper as ``seen_by`` saw."""
        method = "drawn" if strokes is not None else "paper"
        self._complete(
            "signed", strokes, method=method, seen_by=seen_by, signer=signer, relationship=relationship, explained=explained
        )

    def refuse(self, reason: str, *, explained: bool) -> None:
        """The patient does not want to sign."""
        self._complete("refused", None, reason=reason, explained=explained)

    def unable(self, reason: str, witness: str, pin: str) -> None:
        """The patient cannot sign, and a second person saw that."""
        self._complete("unable", None, reason=reason, witness=signed_by(witness, pin))

    def _complete(self, status: str, strokes: Strokes | None, **said: object) -> None:
        form, _, part = self.state.selected.partition("/")
        if self._is_free():
            command = CompleteForm(form, status, self.state.language, part, **said)  # type: ignore[arg-type]
            told = {"signed": "Signed", "refused": "Refusal recorded", "unable": "Recorded as unable to sign"}[status]
            self._record(lambda by, visit: self.session.desk.forms.complete(by, visit, command, strokes), told)

    def ask_for(self, form: str, reason: str) -> None:
        """The visit needs one more form."""
        command = AskForForm(form, reason)
        self._record(lambda by, visit: self.session.desk.forms.ask_for(by, visit, command), "Added to the forms of this visit")

    def note_stay(self, moment: str, day: str, time: str) -> None:
        """Note a moment of the stay, as typed."""
        view = self.session.desk.view

        def noted(by: By, visit: str) -> list[Recorded]:
            at: datetime = read_moment(day, time, view.now().date(), view.zone())
            return self.session.desk.forms.note_stay(by, visit, NoteStay(moment, at))

        self._record(noted, "Noted. The clocks follow it.")

    def paper(self) -> PaperKey | None:
        """The chosen form as a paper, in the chosen language."""
        form, _, part = self.state.selected.partition("/")
        return form_key(self.state.visit_id, form, part, self.state.language) if form and self.state.visit_id else None

    def _is_free(self) -> bool:
        if self.state.blocked:
            self.change(problem=self.state.blocked)
        return not self.state.blocked

    def _record(self, call: Callable[[By, str], list[Recorded]], told: str) -> None:
        visit_id = self.state.visit_id

        def done(_: list[Recorded]) -> None:
            self.change(said=told, done=self.state.done + 1)
            self.refresh()

        if visit_id:
            self.write(lambda by: call(by, visit_id), done)
