"""The Register page before anything is typed or filed: opening forms, keeping drafts, working out what is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from access_desk.domain.coverage.state import CoverageState
from access_desk.domain.errors import DeskError, Refusal, UnavailableError
from access_desk.domain.money import total
from access_desk.domain.patients.state import PatientState
from access_desk.domain.privacy.rules import ProtectedRecordError
from access_desk.domain.registration.sheet import OF_VISIT
from access_desk.domain.visits.views import VisitRow
from access_desk.presentation.coverage_clearance import (
    ClearanceView,
    ClearingFacts,
    PlanHead,
    clearance_section,
    panel_of,
    plan_head,
    view_of,
)
from access_desk.presentation.coverage_fields import CLEARANCE
from access_desk.presentation.coverage_form import plan_on_file, values_on_file
from access_desk.presentation.coverage_lacks import copays_in
from access_desk.presentation.drawer_session import Run
from access_desk.presentation.likely_records import Beside
from access_desk.presentation.person_alerts import Around, look_around, minded
from access_desk.presentation.registration_dates import shown_date, shown_time
from access_desk.presentation.registration_details import shown_details
from access_desk.presentation.registration_findings import Advice, advice_in, cautions_in, error_in, found_in
from access_desk.presentation.registration_form import (
    RegistrationForm,
    Standing,
    blank_form,
    content_of,
    form_of,
    missing_in,
    patient_values,
    spec_of,
    split_key,
    standing_in,
    title_of,
    used_plans,
)
from access_desk.presentation.registration_known import Known, known_of
from access_desk.presentation.registration_paper import paper_values
from access_desk.presentation.registration_state import (
    Banner,
    Missing,
    Owed,
    Problem,
    SectionState,
    banner_of,
    label_of,
    missing_of,
    owed_of,
    sections_of,
    shortened,
)
from access_desk.presentation.registration_taken_up import differing, kept_text, record_says, taken_up
from access_desk.presentation.view_model import ViewModel
from access_desk.services.coverage import CoverageAccount
from access_desk.services.desk import Desk
from access_desk.storage.local_tables import Draft

DRAFT_KIND = "registration"
PARKED = "Parked: "


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A draft that can be opened."""

    draft_id: str
    title: str
    saved: str
    missing: str
    parked: bool


@dataclass(frozen=True, slots=True)
class Filed:
    """What was recorded: the visit, and who it is for. ``names`` are those that the facility gave, where it gave one."""

    visit_id: str
    patient_id: str
    name: str
    mrn: str
    account_number: str
    was_visit: bool
    forms: tuple[str, ...] = ()
    names: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class RegistrationState:
    """The whole page. ``phase`` is ``none``, ``editing``, ``filing`` or ``filed``.

    ``errors`` and ``cautions`` are by field, of fields that were left (or all, after F12); ``advice`` is what the rules find
    and filing does not wait for. ``focus`` asks the view to put the keyboard on a
    field; ``focus_serial`` grows with every such request. ``offered`` words the plans of the last visit, while none is typed.
    ``beside`` are the likely records of somebody who would get a new one, while it is asked why.
    ``forms`` are those that a visit on file, or the one just filed, still needs.
    """

    phase: str = "none"
    form: RegistrationForm | None = None
    banner: Banner | None = None
    sections: tuple[SectionState, ...] = ()
    section: int = 1
    errors: Mapping[str, str] = field(default_factory=dict)
    cautions: Mapping[str, str] = field(default_factory=dict)
    advice: tuple[Advice, ...] = ()
    missing: tuple[Missing, ...] = ()
    problems: tuple[Problem, ...] = ()
    owed: Owed = field(default_factory=Owed)
    beside: Beside | None = None
    notice: str = ""
    draft_text: str = ""
    drafts: tuple[DraftLine, ...] = ()
    filed: Filed | None = None
    can_undo_park: bool = False
    clearance: ClearanceView = field(default_factory=ClearanceView)
    heads: tuple[PlanHead, ...] = ()
    offered: str = ""
    forms: tuple[str, ...] = ()
    open_plan: int = 1
    panel: str = ""
    focus: str = ""
    focus_serial: int = 0


class RegistrationDrafts(ViewModel[RegistrationState]):
    """Opening and keeping registrations. ``person`` says who is signed in; slow calls go through ``run``."""

    def __init__(self, desk: Desk, run: Run, person: Callable[[], str]) -> None:
        super().__init__(RegistrationState())
        self._desk = desk
        self._run = run
        self._person = person
        # Told of a record that opens for a reason only, so that somebody can ask for it.
        self.on_protected: Callable[[str], object] | None = None
        self._owner = ""
        self._left: set[str] = set()
        self._is_dirty = False
        self._typed_last = ""
        self._earlier: Sequence[VisitRow] = ()
        self._own: VisitRow | None = None
        self._around = Around()
        self.clearing_facts = ClearingFacts()
        self._parked: RegistrationForm | None = None

    # ------------------------------------------------------------ opening

    def open_new(self, values: Mapping[str, str], despite_match: str = "", seen: tuple[str, ...] = ()) -> None:
        """A new record, from a search; ``values`` are what was typed there, ``seen`` the likely records looked at."""
        form = blank_form(self._new_id(), self._new_id(), values)
        self._open(replace(form, despite_match=despite_match, seen_alike=seen), dirty=bool(values))

    def open_patient(self, patient: PatientState, typed: Mapping[str, str] | None = None) -> None:
        """A new visit of a patient on file; what was ``typed`` for a new record is kept where it says more or otherwise."""
        form = taken_up(blank_form(self._new_id(), self._new_id(), typed), patient)
        self._open(form, section=3, dirty=bool(typed))
        if typed and differing(form):
            self._left |= set(differing(form))
            self._paint(form, replace(self.state, notice=kept_text(form)))

    def open_expected(self, patient: PatientState | None, values: Mapping[str, str]) -> None:
        """A visit that was expected: what the scheduling system said is filled in, and is still to be confirmed."""
        if patient is None:
            self.open_new(values)
            return
        on_file = patient_values(patient)
        form = replace(
            blank_form(self._new_id(), self._new_id(), {**values, **on_file}),
            patient_id=patient.patient_id,
            mrn=patient.mrn,
            on_file=on_file,
            was_unidentified=patient.unidentified,
        )
        if patient.unidentified:
            form = form.with_value("who", "unidentified")
        self._open(form, section=3, dirty=True)

    def open_visit(self, visit_id: str) -> None:
        """A visit on file: the person's details can be completed; that the record was opened is recorded."""
        by = self._desk.by(self._person())

        def asked() -> tuple[PatientState, VisitRow, Mapping[str, str], bool, CoverageAccount]:
            visit = self._desk.view.visit(visit_id)
            if visit is None:
                raise DeskError(Refusal.UNKNOWN_REFERENCE, "This visit is not registered here.")
            patient = self._desk.registration.view(by, visit.patient_id)
            account = self._desk.coverage.account(visit_id)
            details = self._desk.view.visit_details(visit_id)
            return patient, visit, details, self._desk.view.may_be_asked_for_money(visit), account

        def done(answer: tuple[PatientState, VisitRow, Mapping[str, str], bool, CoverageAccount]) -> None:
            patient, visit, details, is_released, account = answer
            self._open(self._form_of_visit(patient, visit, details, account.state, is_released=is_released))

        self._run(asked, done, self._failed)

    def _form_of_visit(
        self, patient: PatientState, visit: VisitRow, said: Mapping[str, str], coverage: CoverageState, *, is_released: bool
    ) -> RegistrationForm:
        values = patient_values(patient)
        details = visit.details
        shown = {**shown_details(said), **{name: getattr(details, name) for name in OF_VISIT}}
        shown |= paper_values(visit, self._desk.view.local(visit.arrived_at))
        who = {"who": "unidentified"} if patient.unidentified else {}
        plans = tuple(plan_on_file(one, self._shown_moment) for one in coverage.in_order())
        cleared = values_on_file(coverage)
        return replace(
            blank_form(self._new_id(), self._new_id(), {**values, **shown, **who, **cleared}),
            patient_id=patient.patient_id,
            mrn=patient.mrn,
            on_file={**values, **shown, **cleared},
            was_unidentified=patient.unidentified,
            visit_id=visit.visit_id,
            account_number=visit.account_number,
            is_released=is_released,
            service_on=self._desk.view.local(visit.arrived_at).date().isoformat(),
            plans=plans or ({},),
            plans_on_file=plans,
        )

    def _shown_moment(self, moment: datetime) -> str:
        """A time of today, or an earlier day."""
        local = self._desk.view.local(moment)
        return shown_time(local) if local.date() == self.today() else shown_date(local.date())

    def open_latest(self) -> None:
        """F7: the form that is being typed, else the last draft that was not parked, else the choice of parked ones."""
        if self._owner and self._owner != self._person():
            self.leave_desk()
        if self.state.phase in ("editing", "filing"):
            return
        if self.state.phase == "filed":
            self._close()
        self._list_drafts(open_unparked=True)

    def open_draft(self, draft_id: str) -> None:
        """A draft of the person at the desk."""
        owner = self._person()

        def done(kept: list[Draft]) -> None:
            for draft in kept:
                if draft.draft_id == draft_id:
                    self._open_kept(draft)

        self._run(lambda: self._desk.drafts.of(owner, DRAFT_KIND), done, self._failed)

    def _open_kept(self, draft: Draft) -> None:
        """A draft as it was left: what was typed, and where its writer stood."""
        form, standing = form_of(draft.content), standing_in(draft.content)
        self._open(form, left=True)
        if standing is not None and standing.focus in form.field_keys():
            self._typed_last = standing.focus
            asking = replace(self.state, focus=standing.focus, focus_serial=self.state.focus_serial + 1)
            self._show(replace(asking, section=standing.section, open_plan=standing.open_plan, panel=standing.panel))

    def _list_drafts(self, *, open_unparked: bool) -> None:
        owner = self._person()

        def done(kept: list[Draft]) -> None:
            lines = tuple(self.draft_line(draft) for draft in kept)
            self._show(replace(self.state, drafts=lines))
            unparked = [draft for draft in kept if not draft.parked]
            if open_unparked and unparked:
                self._open_kept(unparked[0])

        self._run(lambda: self._desk.drafts.of(owner, DRAFT_KIND), done, self._failed)

    def draft_line(self, draft: Draft) -> DraftLine:
        """A draft as lists show it."""
        missing = missing_in(draft.content)
        word = "Parked" if draft.parked else "Kept"
        saved = f"{word} {shown_time(self._desk.view.local(draft.saved_at))}"
        more = f", {len(missing) - 1} more" if len(missing) > 1 else ""
        return DraftLine(draft.draft_id, draft.title, saved, missing[0] + more if missing else "Ready to file", draft.parked)

    def _open(self, form: RegistrationForm, *, section: int = 1, left: bool = False, dirty: bool = False) -> None:
        """Show a form. One that was being typed is kept as a parked draft, so that nothing is lost."""
        current = self.state.form
        if current is not None and self.state.phase == "editing" and current.draft_id != form.draft_id:
            self._keep(current, parked=True)
        if not (form.begun_at or form.visit_id):
            form = replace(form, begun_at=self._desk.journal.clock.now().isoformat())
        form = replace(form, suffix_after=self._desk.view.suffix_after())
        self._owner = self._person()
        self._left = {key for key in form.field_keys() if form.value(key).strip()} if left else set()
        self._is_dirty = dirty
        self._typed_last = ""
        self._earlier, self._own, self._around = (), None, Around()
        self.clearing_facts = ClearingFacts()
        self._parked = None
        first = form.field_keys()[0] if section == 1 else "service"
        blank = RegistrationState(phase="editing", section=section, focus_serial=self.state.focus_serial + 1)
        opened = 0 if form.plan_is_used(1) else 1
        self._paint(form, replace(blank, focus=first, open_plan=opened))
        self._load_visits(form)

    def last_insured_visit(self) -> VisitRow | None:
        """The patient's last visit that had a plan."""
        return next((visit for visit in self._earlier if visit.coverages), None)

    def _load_visits(self, form: RegistrationForm) -> None:
        def done(loaded: Known) -> None:
            own, self._earlier, self.clearing_facts, self._around = loaded.own, loaded.rest, loaded.facts, loaded.around
            self._own = own[0] if own else None
            if self.state.form is not None and self.state.form.patient_id == form.patient_id:
                now = replace(self.state.form, estimated_age=loaded.seems)
                self._paint(now, replace(self.state, notice=self.state.notice or loaded.disputed, forms=loaded.due))

        self._run(lambda: known_of(self._desk, form, self.today()), done, self._failed)

    def look_around(self, form: RegistrationForm) -> None:
        """Who of a similar name is here, and whether somebody new is likely on file, as soon as enough was typed."""

        def done(around: Around) -> None:
            now = self.state.form
            if now is not None and self.state.phase == "editing" and now.draft_id == form.draft_id and around != self._around:
                self._around = around
                self._paint(now, self.state)

        self._run(lambda: look_around(self._desk, form, self.today()), done, self._failed)

    # ------------------------------------------------------------ drafts

    @property
    def needs_saving(self) -> bool:
        """Whether something was typed since the draft was last saved."""
        return self._is_dirty and self.state.phase == "editing"

    def save_draft(self) -> None:
        """Keep what is typed; called 0.8 s after typing stopped, and when the page or the desk is left."""
        if self.needs_saving and self.state.form is not None:
            self._is_dirty = False
            self._keep(self.state.form, parked=False)

    def keep_standing(self) -> None:
        """Where somebody stands is kept with what they typed; merely looking keeps nothing."""
        self._is_dirty = self._is_dirty or bool(self._typed_last)

    def _keep(self, form: RegistrationForm, *, parked: bool) -> None:
        owner, title = self._owner, title_of(form)
        missing = tuple(one.label for one in missing_of(form, found_in(form, self.today()), self.today()))
        state = self.state
        standing = Standing(state.section, state.open_plan, state.panel, self._typed_last or state.focus)
        content = content_of(form, missing, standing)

        def done(draft: Draft) -> None:
            now = self.state.form
            if now is not None and now.draft_id == form.draft_id and self.state.phase == "editing":
                saved = shown_time(self._desk.view.local(draft.saved_at))
                self._show(replace(self.state, draft_text=f"Draft saved {saved}"))

        def failed(problem: Exception) -> None:
            self._is_dirty = True
            self._failed(problem)

        self._run(lambda: self._desk.drafts.save(form.draft_id, owner, DRAFT_KIND, title, content, parked=parked), done, failed)

    def park(self) -> None:
        """Put the form aside; it stays under Parked by you."""
        form = self.state.form
        if form is None or self.state.phase != "editing":
            return
        self._keep(form, parked=True)
        self._close()
        self._parked = form
        self._show(replace(self.state, notice=f"{PARKED}{shortened(title_of(form))}", can_undo_park=True))
        self._list_drafts(open_unparked=False)

    def undo_park(self) -> None:
        """Take the form back that was just parked."""
        if self._parked is not None and self.state.phase == "none":
            self._open(self._parked, left=True, dirty=True)

    def discard(self) -> None:
        """Forget what was typed; nothing recorded changes."""
        form = self.state.form
        if form is None or self.state.phase != "editing":
            return
        self._close()
        self._run(lambda: self._desk.drafts.drop(form.draft_id), lambda _: self._list_drafts(open_unparked=False), self._failed)

    def leave_desk(self) -> None:
        """The person locked the desk or left it: what was typed is kept for its owner and leaves the screen's memory."""
        if self.state.phase == "editing":
            self.save_draft()
        self._close()
        self._show(RegistrationState(focus_serial=self.state.focus_serial))

    def _close(self) -> None:
        self._is_dirty = False
        self._parked = None
        self._show(RegistrationState(focus_serial=self.state.focus_serial))

    # ------------------------------------------------------------ painting

    def today(self) -> date:
        """The local date."""
        return self._desk.view.now().date()

    def _new_id(self) -> str:
        return self._desk.journal.ids.new_id()

    def _asking(self, key: str) -> RegistrationState:
        asking = replace(self.state, focus=key, focus_serial=self.state.focus_serial + 1, section=self._section_of(key))
        number, _ = split_key(key)
        panel = panel_of(key)
        if panel:
            return replace(asking, panel=panel)
        return replace(asking, open_plan=number) if number else asking

    def _section_of(self, key: str) -> int:
        if split_key(key)[0] or panel_of(key):
            return spec_of(key).section
        return next((one.section for one in self.state.missing if one.key == key), self.state.section)

    def _paint(self, form: RegistrationForm, state: RegistrationState) -> None:
        today = self.today()
        errors = {key: text for key, text in state.errors.items() if text and key in form.field_keys()}
        for key in self._left:
            if key not in state.errors and key in form.field_keys() and (wrong := error_in(form, key, today)):
                errors[key] = wrong
        found = found_in(form, today)
        missing = missing_of(form, found, today)
        advice = advice_in(form, found, {one.key: label_of(form, one.key) for one in found})
        problems = tuple(one for one in state.problems if any(other.key == one.key for other in missing))
        owed = owed_of(form, self._earlier, self._own)
        view = view_of(form, self.clearing_facts, total(due for _, due in copays_in(form, self._own)[0]), self._earlier, today)
        unreadable = sum(1 for key, text in errors.items() if text and spec_of(key).section == CLEARANCE)
        lacks = sum(1 for one in missing if one.section == CLEARANCE)
        self._show(
            replace(
                state,
                form=form,
                banner=banner_of(form, today, minded(self._around, form, self._own)),
                sections=(*sections_of(form, errors, missing, advice), clearance_section(view, unreadable, lacks)),
                errors=errors,
                cautions=self._cautions(form, today),
                advice=advice,
                missing=missing,
                problems=problems,
                owed=owed,
                clearance=view,
                heads=tuple(plan_head(form, one, errors, today) for one in range(1, len(form.plans) + 1)),
                offered=self._offered(form),
            )
        )

    def _cautions(self, form: RegistrationForm, today: date) -> dict[str, str]:
        left = self._left & set(form.field_keys())
        said = {key: text for key, text in record_says(form).items() if key in left}
        return {**said, **cautions_in(form, left, today)}

    def _offered(self, form: RegistrationForm) -> str:
        last = self.last_insured_visit()
        if last is None or form.visit_id or form.withholds_coverage or used_plans(form):
            return ""
        day = shown_date(self._desk.view.local(last.arrived_at).date())
        names = ", then ".join(" ".join(part for part in (one.payer, one.plan, one.member_id) if part) for one in last.coverages)
        return f"{day}: {shortened(names)}"

    def _failed(self, problem: Exception) -> None:
        if not isinstance(problem, DeskError | UnavailableError):
            raise problem
        if isinstance(problem, ProtectedRecordError) and self.on_protected is not None:
            self.on_protected(problem.patient_id)
        self._show(replace(self.state, notice=problem.text))
