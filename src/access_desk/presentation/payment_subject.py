"""Who pays, for which visit, what is owed, and whether they may be asked at all."""

from __future__ import annotations

from dataclasses import dataclass, replace

from access_desk.domain.money import Money
from access_desk.domain.patients.events import Demographics
from access_desk.domain.policy import Policy
from access_desk.domain.visits.emtala import is_released
from access_desk.domain.visits.views import VisitRow
from access_desk.presentation.drawer_words import clock_text, date_text, patient_name
from access_desk.presentation.hidden_names import hidden_number, hidden_title, hidden_year
from access_desk.presentation.payment_lines import OwedLine, owed_lines
from access_desk.presentation.veil import veiled
from access_desk.services.desk import Desk

MOST_PAYERS = 12


@dataclass(frozen=True, slots=True)
class Hold:
    """Why nobody may be asked for money now, and what releases the visit."""

    headline: str
    text: str


@dataclass(frozen=True, slots=True)
class Payer:
    """Somebody who is here today and owes."""

    visit_id: str
    name: str
    detail: str
    owed: Money


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose payment it is. Texts are as shown; blank ones are not known. ``visit_id`` is blank without a visit."""

    patient_id: str
    visit_id: str
    name: str
    given: str
    family: str
    suffix: str
    born: str
    mrn: str
    visit_number: str
    interpreter: str
    lines: tuple[OwedLine, ...]
    hold: Hold | None


def hidden_subject(subject: Subject) -> Subject:
    """Whose payment it is, on a screen that the public can see."""
    return replace(
        subject,
        name=hidden_title(subject.name),
        given=subject.given[:1],
        family=hidden_title(subject.family),
        suffix="",
        born=hidden_year(subject.born),
        mrn=hidden_number(subject.mrn),
    )


def hold_of(policy: Policy) -> Hold:
    """The text of an EMTALA hold under the facility's setting."""
    awaited = "the screening exam is completed" if policy.emtala_release == "mse" else "the patient is stabilized"
    return Hold(
        "No payment may be asked for yet",
        f"Emergency visit: wait until {awaited}. Care comes first. The visit is released as soon as that is recorded.",
    )


def load_subject(desk: Desk, person_id: str, visit_id: str, patient_id: str) -> Subject | None:
    """The payer of a visit, or of a patient without one; None when there is no such visit.

    Raises:
        ProtectedRecordError: whoever is at the desk may not see now whose visit it is.
    """
    policy = desk.view.facility().policy
    if visit_id:
        row = desk.view.visit(visit_id)
        if row is None:
            return None
        desk.privacy.check_seen(person_id, row.patient_id)
        hold = None if desk.view.may_be_asked_for_money(row) else hold_of(policy)
        return _subject(row.patient_id, row.mrn, row.demographics, hold, row, policy.suffix_after)
    desk.privacy.check_seen(person_id, patient_id)
    patient = desk.view.patient(desk.links.survivor_of(patient_id))
    every = [desk.view.patient(one) for one in desk.links.records_of(patient_id)]
    released = all(is_released(visit, policy) for one in every for visit in one.visits.values())
    hold = None if released else hold_of(policy)
    return _subject(patient.patient_id, patient.mrn, patient.demographics, hold, None, policy.suffix_after)


def _subject(
    patient_id: str, mrn: str, who: Demographics, hold: Hold | None, visit: VisitRow | None, suffix_after: str
) -> Subject:
    return Subject(
        patient_id=patient_id,
        visit_id=visit.visit_id if visit else "",
        name=patient_name(who, suffix_after),
        given=who.given,
        family=who.family,
        suffix=who.suffix,
        born=date_text(who.birth_date) if who.birth_date else "Not known",
        mrn=mrn,
        visit_number=visit.account_number if visit else "",
        interpreter=who.interpreter or (who.language if who.language.lower() not in ("", "english", "en") else ""),
        lines=owed_lines(visit) if visit else (),
        hold=hold,
    )


def payers_waiting(desk: Desk, person_id: str) -> tuple[Payer, ...]:
    """Who is here, owes something and may be asked, the longest waiting first; protected people without their name."""
    now, after = desk.view.now(), desk.view.suffix_after()
    unseen = desk.privacy.hidden_from(person_id)
    rows = [veiled(one, unseen) for one in desk.view.visits_here(now)]
    found = [
        Payer(
            row.visit_id,
            patient_name(row.demographics, after),
            f"{row.details.service or row.details.type}, arrived {clock_text(desk.view.local(row.arrived_at))}",
            row.copay_owed,
        )
        for row in rows
        if row.copay_owed and desk.view.may_be_asked_for_money(row)
    ]
    return tuple(found[:MOST_PAYERS])
