"""Use cases of forms: ask for, offer, complete; note the moments of a stay; which clocks run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from access_desk.domain.content import Content
from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.events import Fact, Recorded
from access_desk.domain.forms.catalogue import CATALOGUE, INITIAL, Occasion
from access_desk.domain.forms.decide import (
    AskForForm,
    CompleteForm,
    Desking,
    NoteStay,
    OfferForm,
    decide_ask,
    decide_complete,
    decide_offer,
    decide_stay,
    form_of,
)
from access_desk.domain.forms.state import FormsState
from access_desk.domain.forms.strokes import Strokes, read_strokes
from access_desk.domain.forms.views import ClockRow, FormRow, StayFacts, clock_rows, rows_of, stay_facts
from access_desk.domain.forms.wording import Wording, wording_of
from access_desk.domain.permissions import Action, check_role
from access_desk.domain.visits.emtala import is_released
from access_desk.domain.visits.state import VisitState
from access_desk.services.journal import By, Journal, Unit
from access_desk.services.states import States
from access_desk.storage import blobs
from access_desk.storage.queries.forms import visits_with_clocks


@dataclass(frozen=True, slots=True)
class VisitForms:
    """The forms of one visit as they stand now, with what else a screen of them shows."""

    visit: VisitState
    rows: tuple[FormRow, ...]
    may_ask_for: tuple[str, ...]
    state: FormsState
    occasion: Occasion
    now: datetime


class FormService:
    """The forms of visits."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def ask_for(self, by: By, visit_id: str, command: AskForForm) -> list[Recorded]:
        """Say that a visit needs a form which not every visit needs."""
        return self._decided(by, Action.ASK_FOR_FORM, visit_id, lambda at: decide_ask(at, command))

    def offer(self, by: By, visit_id: str, command: OfferForm) -> list[Recorded]:
        """Put a form before the patient."""
        return self._decided(by, Action.OFFER_FORM, visit_id, lambda at: decide_offer(at, command))

    def complete(self, by: By, visit_id: str, command: CompleteForm, strokes: Strokes | None = None) -> list[Recorded]:
        """Say what became of a form; a drawn signature is kept in the encrypted store in the same transaction."""

        def decided(unit: Unit) -> list[Fact]:
            said = command
            if strokes is not None:
                strokes.check()
                facility_id = unit.states.facility().facility_id
                said = replace(command, strokes=blobs.keep(unit.connection, facility_id, strokes.data()))
            elif command.strokes is not None:
                raise DeskError(Refusal.BAD_VALUE, "The signature is not here any more. Sign again.")
            form_of(command.form)
            at = _desking(unit, visit_id)
            check_role(unit.acting.person, Action.COMPLETE_FORM)
            wording = self.wording(command.form, command.language, command.part)
            return decide_complete(at, said, wording.sha256)

        return self._journal.perform(by, Action.COMPLETE_FORM, decided)

    def note_stay(self, by: By, visit_id: str, command: NoteStay) -> list[Recorded]:
        """Note a moment of the stay that clocks run from."""
        return self._decided(by, Action.NOTE_STAY, visit_id, lambda at: decide_stay(at, command))

    def of_visit(self, visit_id: str) -> VisitForms:
        """The forms of a visit."""
        now = self._journal.clock.now()

        def asked(states: States) -> VisitForms:
            visit, facts = states.visit(visit_id), stay_facts_of(states, visit_id, now)
            occasion = facts.occasion
            askable = tuple(
                form.code
                for form in CATALOGUE.values()
                if form.only_asked and form.code not in occasion.asked and _could_ask(form.code, occasion)
            )
            return VisitForms(visit, rows_of(facts, visit_id, now), askable, facts.forms, occasion, now)

        return self._journal.read(asked)

    def open_clocks(self, now: datetime) -> list[ClockRow]:
        """Every clock that runs or ran out at a moment, over all visits of the facility; the most urgent first."""

        def asked(states: States) -> list[ClockRow]:
            found: list[ClockRow] = []
            for visit_id, patient_id, account in visits_with_clocks(states.connection, self._journal.facility_id):
                found += clock_rows(stay_facts_of(states, visit_id, now), visit_id, patient_id, account, now)
            return sorted(found, key=lambda row: (row.due_at, row.visit_id, row.form, row.part))

        return self._journal.read(asked)

    def strokes(self, content: Content) -> Strokes:
        """A kept signature. Raises DamagedDatabaseError."""
        facility_id = self._journal.facility_id
        return read_strokes(self._journal.read(lambda states: blobs.get(states.connection, facility_id, content.sha256)))

    def wording(self, form: str, language: str, part: str = INITIAL) -> Wording:
        """What a form says. Raises ``unknown_reference`` or ``bad_value``."""
        if language not in form_of(form).languages:
            raise DeskError(Refusal.BAD_VALUE, "This form is in English and in Spanish. For others use an interpreter.")
        return wording_of(form, language, part)

    def _decided(self, by: By, action: Action, visit_id: str, decide: Callable[[Desking], list[Fact]]) -> list[Recorded]:
        def decided(unit: Unit) -> list[Fact]:
            at = _desking(unit, visit_id)
            check_role(unit.acting.person, action)
            return decide(at)

        return self._journal.perform(by, action, decided)


def _could_ask(code: str, occasion: Occasion) -> bool:
    """Whether somebody may ask for the form for such a visit now."""
    form = CATALOGUE[code]
    payer_fits = occasion.medicare if form.payer == "medicare" else True
    return bool(form.visit_types & occasion.types) and payer_fits and (occasion.released or not form.financial)


def _desking(unit: Unit, visit_id: str) -> Desking:
    visit = unit.states.visit(visit_id)
    facts = stay_facts_of(unit.states, visit_id, unit.now)
    person, staff = unit.acting.person, unit.states.facility().person
    return Desking(visit, facts.forms, facts.occasion, person, unit.now, unit.acting.pins, staff)


def stay_facts_of(states: States, visit_id: str, now: datetime) -> StayFacts:
    """What the forms and clocks of a visit depend on, as one transaction sees it."""
    facility, visit, forms = states.facility(), states.visit(visit_id), states.forms(visit_id)
    zone = ZoneInfo(facility.timezone)
    coverage, patient = states.coverage(visit_id), states.patient(visit.patient_id)
    plans = [plan.coverage for plan in coverage.in_order()]
    last = coverage.good_faith_asked
    estimate = last.body if last else None
    asked = frozenset(forms.asked) | ({"good_faith_estimate"} if estimate else frozenset())
    occasion = Occasion(
        forms.types or frozenset({visit.type}),
        bool(plans),
        any(plan.medicare for plan in plans),
        is_released(visit, facility.policy),
        asked,
        patient.demographics.birth_date,
        now.astimezone(zone).date(),
    )
    due = (estimate.asked_on, estimate.due_on) if estimate and estimate.due_on else None
    return stay_facts(forms, occasion, zone, states.patient_forms(visit.patient_id), due, last.mark.stamp if last else "")
