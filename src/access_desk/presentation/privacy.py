"""The Privacy page: what protects a record, opening a protected one for a reason, disclosures, and who opened it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from access_desk.domain.errors import DeskError, UnavailableError
from access_desk.domain.facility.state import FacilityState
from access_desk.domain.patients.state import PatientState
from access_desk.domain.permissions import Action, may
from access_desk.domain.privacy.events import DisclosureRecorded
from access_desk.domain.privacy.rules import PROTECTING, Glass, directory_answer
from access_desk.presentation.drawer_session import Run
from access_desk.presentation.hidden_names import hidden_name, hidden_number
from access_desk.presentation.registration_dates import TypedTextError, read_date, shown_date, shown_time
from access_desk.presentation.registration_form import shown_person
from access_desk.presentation.view_model import ViewModel
from access_desk.services.desk import Desk
from access_desk.services.privacy import PatientPrivacy

FLAGS = (
    ("confidential", "Confidential", "Opens for a reason only; nobody who asks is told anything"),
    ("vip", "Known to the public", "Opens for a reason only"),
    ("no_information", "No information", "Nobody is told even that the person is here"),
    ("directory_opt_out", "Not in the directory", "Nobody who asks by name is told where the person is"),
    ("do_not_announce", "Do not call the name aloud", "Walk over, or call a number"),
)
REASONS = (
    ("emergency_care", "Emergency care"),
    ("registration", "Registering this person now"),
    ("patient_asked", "The patient asked me to"),
    ("billing", "Billing"),
    ("records_request", "A request for records"),
    ("other", "Something else"),
)
VERDICT_WORDS = {"": "To review", "justified": "Justified", "not_justified": "Not justified"}
_FLAG_TITLES = {flag: title for flag, title, _ in FLAGS}
_REASON_WORDS = dict(REASONS)


def flag_titles(on: frozenset[str]) -> tuple[str, ...]:
    """The flags that are on, as screens call them, in the order of the page."""
    return tuple(title for flag, title, _ in FLAGS if flag in on)


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """One opening of a protected record, for whoever reviews it."""

    glass_id: str
    patient_id: str
    when: str
    who: str
    record: str
    why: str
    verdict: str
    note: str


@dataclass(frozen=True, slots=True)
class PrivacyPageState:
    """``asks`` is ``flag``, ``disclose``, ``review`` or blank; ``asked_for`` is the flag or the opening that it is about."""

    patient: PatientPrivacy | None = None
    who: str = ""
    standing: str = ""
    directory: str = ""
    disclosures: tuple[tuple[str, str, str, str], ...] = ()
    views: tuple[tuple[str, str, str], ...] = ()
    reviews: tuple[ReviewLine, ...] = ()
    may_review: bool = False
    asks: str = ""
    asked_for: str = ""
    notice: str = ""
    busy: bool = False
    names_hidden: bool = False

    @property
    def number(self) -> str:
        """The record's number, or its end while names are hidden."""
        mrn = self.patient.mrn if self.patient else ""
        return hidden_number(mrn) if self.names_hidden else mrn

    @property
    def flags(self) -> frozenset[str]:
        """The flags that are on."""
        return self.patient.privacy.on if self.patient else frozenset()

    @property
    def is_closed(self) -> bool:
        """Whether the record stays closed until a reason is given."""
        return self.patient is not None and not self.patient.may_see

    @property
    def review(self) -> ReviewLine | None:
        """The opening that is being reviewed."""
        return next((one for one in self.reviews if one.glass_id == self.asked_for), None)


@dataclass(frozen=True, slots=True)
class _Looked:
    patient: PatientPrivacy | None
    reviews: tuple[tuple[Glass, str], ...]
    facility: FacilityState


class PrivacyModel(ViewModel[PrivacyPageState]):
    """Intents of the Privacy page. ``use`` is called with a record that was opened."""

    def __init__(self, desk: Desk, run: Run, person: Callable[[], str], use: Callable[[PatientState], None]) -> None:
        super().__init__(PrivacyPageState())
        self._desk, self._run, self._person, self._use = desk, run, person, use

    def open(self, patient_id: str, notice: str = "") -> None:
        """Show the privacy of a record; blank: of none. That is not opening the record."""
        person, desk = self._person(), self._desk

        def look() -> _Looked:
            facility = desk.view.facility()
            may_review = may(facility.person(person).role, Action.REVIEW_GLASS)
            patient = desk.privacy.of_patient(person, patient_id) if patient_id else None
            return _Looked(patient, tuple(desk.privacy.reviews()) if may_review else (), facility)

        self._run(look, lambda looked: self._looked(looked, notice), self._failed)

    def find(self, mrn: str) -> None:
        """Show the record with a number."""
        self._run(lambda: self._desk.privacy.by_mrn(mrn), self.open, self._failed)

    def refresh(self) -> None:
        """Look again."""
        self.open(self.state.patient.patient_id if self.state.patient else "")

    def hide_names(self, *, hidden: bool) -> None:
        """Ctrl . hides or shows names."""
        self._show(replace(self.state, names_hidden=hidden))
        self.refresh()

    # ------------------------------------------------------------ flags

    def turn(self, flag: str) -> None:
        """Put a flag on or take it off; what protects the record needs a reason."""
        if self.state.patient is None or self.state.busy:
            return
        if flag in PROTECTING:
            self._show(replace(self.state, asks="flag", asked_for=flag, notice=""))
        else:
            self._flag(flag, "")

    def turn_for(self, reason: str) -> None:
        """The reason for the flag that was asked about."""
        self._flag(self.state.asked_for, reason)

    def _flag(self, flag: str, reason: str) -> None:
        patient = self.state.patient
        if patient is None:
            return
        is_on = flag not in self.state.flags
        by = self._desk.by(self._person())
        said = f"{_FLAG_TITLES[flag]}: {'on' if is_on else 'off'}."
        self._record(lambda: self._desk.privacy.flag(by, patient.patient_id, flag, is_on=is_on, reason=reason), said)

    # ------------------------------------------------------------ opening

    def break_glass(self, code: str, text: str) -> None:
        """Open the protected record for a while."""
        patient = self.state.patient
        if patient is None or self.state.busy:
            return
        by = self._desk.by(self._person())
        call = self._desk.privacy.break_glass
        self._record(
            lambda: call(by, patient.patient_id, code, text), "Opened for you, for a while. A supervisor will look at the reason."
        )

    def use(self) -> None:
        """Go on to the record itself; that it was opened is kept."""
        patient = self.state.patient
        if patient is None or self.state.is_closed:
            return
        by = self._desk.by(self._person())
        self._run(lambda: self._desk.registration.view(by, patient.patient_id), self._use, self._failed)

    # ------------------------------------------------------------ disclosures and reviews

    def ask_disclosure(self) -> None:
        """Ask what was disclosed to whom."""
        if self.state.patient is not None and not self.state.is_closed:
            self._show(replace(self.state, asks="disclose", notice=""))

    def disclose(self, day: str, recipient: str, address: str, what: str, purpose: str) -> None:
        """Keep a disclosure."""
        patient = self.state.patient
        if patient is None or self.state.busy:
            return
        today = self._desk.view.now().date()
        try:
            on = read_date(day, today) if day.strip() else today
        except TypedTextError as wrong:
            self._show(replace(self.state, notice=f"Date: {wrong.text}"))
            return
        by = self._desk.by(self._person())
        said = DisclosureRecorded("", patient.patient_id, on, recipient, address, what, purpose)
        self._record(lambda: self._desk.privacy.disclose(by, said), "Kept in the patient's accounting of disclosures.")

    def ask_review(self, glass_id: str) -> None:
        """Look at an opening that nobody judged yet."""
        line = next((one for one in self.state.reviews if one.glass_id == glass_id), None)
        if line is not None and not line.verdict:
            self._show(replace(self.state, asks="review", asked_for=glass_id, notice=""))

    def judge(self, verdict: str, note: str) -> None:
        """Say whether the opening was justified."""
        line = self.state.review
        if line is None or self.state.busy:
            return
        by = self._desk.by(self._person())
        call = self._desk.privacy.review
        self._record(lambda: call(by, line.patient_id, line.glass_id, verdict, note), "Reviewed.")

    def leave_it(self) -> None:
        """Close the question; nothing was recorded."""
        self._show(replace(self.state, asks="", asked_for="", notice=""))

    def _record(self, call: Callable[[], object], said: str) -> None:
        patient_id = self.state.patient.patient_id if self.state.patient else ""
        self._show(replace(self.state, busy=True, notice=""))

        def done(_: object) -> None:
            self._show(replace(self.state, asks="", asked_for="", busy=False))
            self.open(patient_id, said)

        self._run(call, done, self._failed)

    # ------------------------------------------------------------ showing

    def _looked(self, looked: _Looked, notice: str) -> None:
        patient, hidden = looked.patient, self.state.names_hidden
        facility = looked.facility
        may_review = may(facility.person(self._person()).role, Action.REVIEW_GLASS)

        def name(person_id: str) -> str:
            person = facility.people.get(person_id)
            return person.name if person else person_id

        state = replace(
            self.state,
            patient=patient,
            who=_who(patient, facility.policy.suffix_after, hidden=hidden) if patient else "",
            standing=self._standing(patient) if patient else "",
            directory=directory_answer(patient.privacy.on) if patient else "",
            reviews=tuple(
                self._review(glass, hidden_number(mrn) if hidden else mrn, name(glass.opened_by)) for glass, mrn in looked.reviews
            ),
            may_review=may_review,
            notice=notice,
            busy=False,
        )
        if patient is not None:
            told = tuple(
                (shown_date(one.said.disclosed_on), one.said.recipient, one.said.what, one.said.purpose)
                for one in patient.disclosures
            )
            seen = tuple(
                (self._moment(one.viewed_at), name(one.viewed_by), one.reason or "No reason was asked") for one in patient.views
            )
            state = replace(state, disclosures=told, views=seen)
        else:
            state = replace(state, disclosures=(), views=())
        self._show(state)

    def _standing(self, patient: PatientPrivacy) -> str:
        if not patient.privacy.is_protected:
            return "Open to everybody who works here."
        if patient.until is None:
            return "Protected. Nothing of it was opened."
        until = shown_time(self._desk.view.local(patient.until))
        return f"Open for you until {until}. Registrars read it; a shift lead or a supervisor may change it."

    def _review(self, glass: Glass, mrn: str, who: str) -> ReviewLine:
        why = f"{_REASON_WORDS.get(glass.code, glass.code)}: {glass.text}"
        return ReviewLine(
            glass.glass_id,
            glass.patient_id,
            self._moment(glass.opened_at),
            who,
            f"MRN {mrn}",
            why,
            glass.verdict,
            glass.review_note,
        )

    def _moment(self, moment: datetime) -> str:
        local = self._desk.view.local(moment)
        return f"{shown_date(local.date())} {shown_time(local)}"

    def _failed(self, problem: Exception) -> None:
        if not isinstance(problem, DeskError | UnavailableError):
            raise problem
        self._show(replace(self.state, notice=problem.text, busy=False))


def _who(patient: PatientPrivacy, suffix_after: str, *, hidden: bool) -> str:
    if not patient.may_see:
        return f"{patient.demographics.family}, protected"
    return hidden_name(patient.demographics) if hidden else shown_person(patient.demographics, suffix_after)
