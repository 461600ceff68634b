"""The content of a registration's papers: forms, face sheet, wristband, label, estimate letter, good-faith estimate.

What a paper is about is ``visit_id``, or ``visit_id/…`` with what else chooses it: form, part and language, or the language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.estimates.share import BASIS_POINTS
from access_desk.domain.forms.catalogue import CATALOGUE, INITIAL
from access_desk.domain.forms.decide import check_held, form_of
from access_desk.domain.forms.state import Completed
from access_desk.domain.forms.views import FormRow
from access_desk.domain.papers.privacy import DisclosureAccounting, DisclosureLine
from access_desk.domain.papers.registration import (
    Band,
    EstimateLetter,
    EstimateLine,
    FaceSheet,
    FormOnPaper,
    FormPaper,
    FormSigned,
    GoodFaithLine,
    GoodFaithPaper,
    PatientOnPaper,
    PlanOnPaper,
)
from access_desk.domain.patients.events import Demographics
from access_desk.domain.patients.state import PatientState
from access_desk.domain.privacy.rules import PrivacyState, accounting, accounting_since
from access_desk.domain.visits.emtala import is_released
from access_desk.domain.visits.views import VisitRow
from access_desk.services.coverage import CoverageService
from access_desk.services.face_sheet_parts import face_sheet_sections
from access_desk.services.forms import FormService
from access_desk.services.journal import Journal
from access_desk.services.paper_parts import Printing
from access_desk.services.states import States
from access_desk.storage.engine import read_transaction
from access_desk.storage.queries import visits
from access_desk.storage.queries.naming import alias_of
from access_desk.storage.queries.patient_links import survivor_of

STANDINGS = {
    "not_offered": "Not offered",
    "offered": "Offered",
    "signed": "Signed",
    "refused": "Refused",
    "unable": "Unable to sign",
    "on_file": "On file from an earlier visit",
    "held": "Waits for the release of the emergency visit",
}


class RegistrationPapers:
    """Builds what the papers of a visit say."""

    def __init__(self, journal: Journal, forms: FormService, coverage: CoverageService) -> None:
        self._journal = journal
        self._forms = forms
        self._coverage = coverage

    def form(self, printing: Printing, visit_id: str, code: str, part: str, language: str) -> FormPaper:
        """A form, as it was completed in that language or to be signed.

        Raises:
            DeskError: ``emtala_hold`` for a form about money before the release, ``unknown_reference``, ``bad_value``.
        """
        visit, entry = self._visit(visit_id), form_of(code)
        found = self._forms.of_visit(visit_id)
        check_held(entry, found.occasion)
        if part not in entry.parts:
            raise DeskError(Refusal.BAD_VALUE, "This form has no second copy.")
        words = self._forms.wording(code, language, part)
        last = found.state.last(code, part)
        done = last if last is not None and last.body.language == language else None
        copy = "" if part == INITIAL else "-follow-up"
        return FormPaper(
            imprint=printing.imprint,
            number=f"{code.replace('_', '-')}{copy}-{visit.account_number}-{language}",
            form=code,
            version=entry.version,
            language=language,
            title=words.title,
            paragraphs=words.paragraphs,
            wording_sha256=words.sha256,
            patient=self._patient(printing, visit),
            visit_date=printing.local(visit.arrived_at).date(),
            official=entry.official,
            aloud=entry.aloud,
            done=self._signed(printing, done) if done else None,
        )

    def face_sheet(self, printing: Printing, visit_id: str) -> FaceSheet:
        """The registration on one page."""
        visit = self._visit(visit_id)
        rows = self._forms.of_visit(visit_id).rows
        return FaceSheet(
            imprint=printing.imprint,
            number=visit.account_number,
            patient=self._patient(printing, visit),
            visit_type=visit.details.type,
            arrived_at=printing.local(visit.arrived_at),
            registered_by=printing.name(visit.registered_by),
            sections=face_sheet_sections(visit, *self._said(visit), asks_who_pays=self._may_ask_who_pays(visit)),
            plans=tuple(
                PlanOnPaper(one.payer, one.plan, one.member_id, one.group, one.subscriber, one.relationship, one.copay)
                for one in visit.coverages
            ),
            forms=tuple(FormOnPaper(_title(row), self._standing(printing, row)) for row in rows),
            entered_at=printing.local(visit.entered_at) if visit.was_entered_late and visit.entered_at else None,
            paper_number=visit.paper_number,
        )

    def _said(self, visit: VisitRow) -> tuple[Mapping[str, str], Mapping[str, str], frozenset[str]]:
        """The details of the patient and of the visit, and the privacy flags that are on."""
        return self._journal.read(
            lambda states: (
                states.patient(visit.patient_id).details.values,
                states.visit_details(visit.visit_id),
                states.privacy(visit.patient_id).on,
            )
        )

    def _may_ask_who_pays(self, visit: VisitRow) -> bool:
        policy = self._journal.read(lambda states: states.facility().policy)
        return self._journal.read(lambda states: is_released(states.visit(visit.visit_id), policy))

    def band(self, printing: Printing, visit_id: str) -> Band:
        """A wristband or a label."""
        visit = self._visit(visit_id)
        arrived = printing.local(visit.arrived_at)
        alert = "UNIDENTIFIED" if visit.unidentified else ""
        return Band(printing.imprint, self._patient(printing, visit), visit.details.type, arrived, alert)

    def estimate_letter(self, printing: Printing, visit_id: str, language: str) -> EstimateLetter:
        """What the patient will probably owe. Raises ``unknown_reference`` when nothing was estimated."""
        visit, state = self._visit(visit_id), self._coverage.account(visit_id).state
        estimated = [(plan, plan.estimate) for plan in state.in_order() if plan.estimate is not None]
        moments = [kept.mark.at for _, kept in estimated if kept.mark.at is not None]
        if not moments:
            raise DeskError(Refusal.UNKNOWN_REFERENCE, "No estimate was made for this visit yet. Make one under Coverage first.")
        lines = []
        for plan, kept in estimated:
            inputs, share = kept.body.inputs, kept.body.share
            payer = ", ".join(part for part in (plan.coverage.payer, plan.coverage.plan) if part)
            percent = f"{inputs.coinsurance * 100 / BASIS_POINTS:g} %"
            left = (inputs.deductible_left, percent, inputs.out_of_pocket_left)
            parts = (share.copay, share.deductible, share.coinsurance, share.total, share.is_capped)
            lines.append(EstimateLine(payer, inputs.allowed, *left, *parts))
        service = ", ".join(part for part in (visit.details.service, visit.details.reason) if part)
        made_at = printing.local(max(moments))
        patient = self._patient(printing, visit)
        return EstimateLetter(
            printing.imprint, visit.account_number, patient, language, made_at, service or visit.details.type, tuple(lines)
        )

    def good_faith(self, printing: Printing, visit_id: str, language: str) -> GoodFaithPaper:
        """The good-faith estimate. Raises ``unknown_reference`` when none was made."""
        visit, kept = self._visit(visit_id), self._coverage.account(visit_id).state.good_faith
        if kept is None or kept.mark.at is None:
            raise DeskError(Refusal.UNKNOWN_REFERENCE, "No good-faith estimate was made for this visit yet.")
        made = kept.body.estimate
        items = tuple(GoodFaithLine(one.service, one.code, one.diagnosis, one.quantity, one.charge) for one in made.items)
        return GoodFaithPaper(
            imprint=printing.imprint,
            number=visit.account_number,
            patient=self._patient(printing, visit),
            language=language,
            made_at=printing.local(kept.mark.at),
            service=made.service,
            service_on=made.service_on,
            provider=made.provider,
            npi=made.npi,
            tin=made.tin,
            items=items,
            total=made.total,
        )

    def disclosures(self, printing: Printing, patient_id: str) -> DisclosureAccounting:
        """The accounting of the six years before today (45 CFR 164.528). Raises ``unknown_reference``."""
        until = printing.imprint.printed_at.date()

        def asked(states: States) -> tuple[PatientState, PrivacyState]:
            stands = survivor_of(states.connection, self._journal.facility_id, patient_id)
            return states.patient(stands), states.privacy(stands)

        patient, privacy = self._journal.read(asked)
        lines = tuple(
            DisclosureLine(one.said.disclosed_on, one.said.recipient, one.said.address, one.said.what, one.said.purpose)
            for one in accounting(privacy, until)
        )
        who = patient_on_paper(patient.demographics, patient.mrn, "", until, printing.facility.policy.suffix_after)
        return DisclosureAccounting(printing.imprint, patient.mrn, who, accounting_since(until), until, lines)

    def _visit(self, visit_id: str) -> VisitRow:
        with read_transaction(self._journal.engine) as connection:
            found = visits.visit(connection, self._journal.facility_id, visit_id)
        if found is None:
            raise DeskError(Refusal.UNKNOWN_REFERENCE, "This visit is not registered here.")
        return found

    def _patient(self, printing: Printing, visit: VisitRow) -> PatientOnPaper:
        day = printing.local(visit.arrived_at).date()
        after = printing.facility.policy.suffix_after
        shown = patient_on_paper(visit.demographics, visit.mrn, visit.account_number, day, after)
        # Doses depend on it: without a birth date the age that somebody seems stands on the wristband.
        return replace(shown, age=self._estimated_age(visit)) if visit.unidentified and not shown.age else shown

    def _estimated_age(self, visit: VisitRow) -> str:
        with read_transaction(self._journal.engine) as connection:
            alias = alias_of(connection, self._journal.facility_id, visit.patient_id)
        return alias.age if alias is not None else ""

    def _signed(self, printing: Printing, done: Completed) -> FormSigned:
        body = done.body
        return FormSigned(
            body.status,
            printing.local(body.given_at),
            body.method,
            body.signer,
            body.relationship,
            body.reason,
            printing.name(body.seen_by),
            printing.name(body.witness_id),
            body.explained,
            self._forms.strokes(body.strokes) if body.strokes else None,
            body.strokes.sha256 if body.strokes else "",
        )

    def _standing(self, printing: Printing, row: FormRow) -> str:
        said = STANDINGS[row.status]
        if row.done is not None and not row.is_open:
            said += f" {printing.local(row.done.body.given_at):%m/%d/%Y %H:%M}"
        return said


def patient_on_paper(person: Demographics, mrn: str, account: str, on: date, suffix_after: str) -> PatientOnPaper:
    """A person as papers name them, with their age on a day."""
    age = age_text(person.birth_date, on) if person.birth_date else ""
    name = (person.family, person.given, person.middle, person.suffix)
    return PatientOnPaper(*name, mrn, account, person.birth_date, person.sex, age, suffix_after)


def age_text(born: date, on: date) -> str:
    """``39 y``, ``14 mo`` under two years, ``9 d`` under two months; blank for a date before the birth."""
    if on < born:
        return ""
    months = (on.year - born.year) * 12 + on.month - born.month - (on.day < born.day)
    if months >= 24:  # noqa: PLR2004 - two years
        return f"{months // 12} y"
    return f"{months} mo" if months >= 2 else f"{(on - born).days} d"  # noqa: PLR2004 - two months


def _title(row: FormRow) -> str:
    title = CATALOGUE[row.form.code].title
    return title if row.part == INITIAL else f"{title}, follow-up copy"
