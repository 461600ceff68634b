"""The rules of asking for, offering and completing forms, and of noting the moments of a stay."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from access_desk.domain.content import Content
from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.events import Fact
from access_desk.domain.forms.catalogue import CATALOGUE, INITIAL, Form, Occasion, is_for, is_held
from access_desk.domain.forms.events import (
    METHODS,
    STATUSES,
    STAY_MOMENTS,
    FormAskedFor,
    FormCompleted,
    FormOffered,
    StayNoted,
)
from access_desk.domain.forms.state import FormsState
from access_desk.domain.staff import Countersign, Person, PinVerdicts, check_countersign
from access_desk.domain.visits.state import VisitState

LONGEST = 500
# A clock at this desk and one on the ward may differ a little; a discharge can be planned this far ahead.
TOLERANCE, FURTHEST = timedelta(minutes=5), timedelta(days=366)


@dataclass(frozen=True, slots=True)
class AskForForm:
    """This visit needs a form that not every visit needs."""

    form: str
    reason: str


@dataclass(frozen=True, slots=True)
class OfferForm:
    """Put a form before the patient."""

    form: str
    language: str = "en"
    part: str = INITIAL


@dataclass(frozen=True, slots=True)
class CompleteForm:
    """Say what became of a form.

    ``strokes`` names a drawn signature. ``seen_by`` is who saw it signed on paper, the person at the desk when blank.
    ``given_at`` is when it was, for what is entered late.
    """

    form: str
    status: str
    language: str = "en"
    part: str = INITIAL
    method: str = ""
    signer: str = ""
    relationship: str = ""
    reason: str = ""
    seen_by: str = ""
    witness: Countersign | None = None
    explained: bool = False
    strokes: Content | None = None
    given_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NoteStay:
    """Note a moment of the stay."""

    moment: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Desking:
    """Where a decision about forms is made: the visit, what is known of it, who acts, when, with which staff."""

    visit: VisitState
    forms: FormsState
    occasion: Occasion
    person: Person
    now: datetime
    pins: PinVerdicts
    staff: Callable[[str], Person]

    def fact(self, body: object, approver_id: str | None = None) -> Fact:
        """A fact in the history of the visit and of the patient."""
        return Fact(self.visit.visit_id, body, approver_id, (self.visit.patient_id,))


def form_of(code: str) -> Form:
    """A form of the catalogue. Raises ``unknown_reference``."""
    if code not in CATALOGUE:
        raise DeskError(Refusal.UNKNOWN_REFERENCE, "There is no such form.")
    return CATALOGUE[code]


def check_held(form: Form, occasion: Occasion) -> None:
    """Raises ``emtala_hold`` for a form about money while the emergency visit is not released, printed ones too."""
    if is_held(form, occasion):
        raise DeskError(
            Refusal.EMTALA_HOLD,
            "Emergency visit: no form about money may be offered before the visit is released. Care comes first; "
            "nothing was recorded.",
        )


def check_may_offer(form: Form, occasion: Occasion) -> None:
    """Raises ``emtala_hold`` while an emergency visit may not be asked about money, ``bad_value`` for another kind of visit.

    42 CFR 489.24(d)(4): no inquiry about payment may delay the screening exam; 42 CFR 411.408 and 45 CFR 149.610 forms wait
    with it, because a patient who has not been examined cannot choose freely.
    """
    check_held(form, occasion)
    if not is_for(form, occasion):
        raise DeskError(Refusal.BAD_VALUE, "This form is not for this kind of visit or payer.")


def decide_ask(at: Desking, command: AskForForm) -> list[Fact]:
    """Somebody needs a form that not every visit needs."""
    form = form_of(command.form)
    if not form.only_asked:
        raise DeskError(Refusal.BAD_VALUE, "This form is given anyway where the rules want it.")
    check_held(form, at.occasion)
    reason = _text(command.reason)
    if not reason:
        raise DeskError(Refusal.NEEDS_REASON, "Say what the form is for: the service, and why it is needed.")
    return [at.fact(FormAskedFor(at.visit.visit_id, at.visit.patient_id, form.code, reason))]


def decide_offer(at: Desking, command: OfferForm) -> list[Fact]:
    """A form is put before the patient."""
    form = _checked(at, command.form, command.language, command.part)
    visit = at.visit
    return [at.fact(FormOffered(visit.visit_id, visit.patient_id, form.code, command.part, form.version, command.language))]


def decide_complete(at: Desking, command: CompleteForm, wording: str) -> list[Fact]:
    """What became of a form; one that was not offered before is offered by this."""
    form = _checked(at, command.form, command.language, command.part)
    if command.status not in STATUSES:
        raise DeskError(Refusal.BAD_VALUE, "A form is signed, refused, or the patient is unable to sign.")
    last = at.forms.last(form.code, command.part)
    # What is asked for, an estimate or a notice, is asked for again; the message is given again when the stay is long.
    if last is not None and last.body.status == "signed" and len(form.parts) == 1 and not form.only_asked:
        raise DeskError(Refusal.BAD_VALUE, "This form is signed already.")
    if form.aloud and not command.explained and command.status != "unable":
        raise DeskError(Refusal.BAD_VALUE, "This notice has to be explained aloud too. Explain it, tick that, then record it.")
    given_at = _given_at(at, command.given_at)
    _check_status(at, command)
    witness_id = _witness(at, command)
    facts: list[Fact] = []
    visit = at.visit
    offered = at.forms.offered.get((form.code, command.part))
    if offered is None or offered.language != command.language:
        body = FormOffered(visit.visit_id, visit.patient_id, form.code, command.part, form.version, command.language)
        facts.append(at.fact(body))
    seen_by = at.staff(command.seen_by).person_id if command.seen_by else at.person.person_id
    done = FormCompleted(
        visit.visit_id,
        visit.patient_id,
        form.code,
        command.part,
        form.version,
        command.language,
        command.status,
        given_at,
        wording,
        command.method if command.status == "signed" else "",
        _text(command.signer),
        _text(command.relationship),
        _text(command.reason),
        seen_by,
        witness_id,
        command.explained,
        command.strokes if command.status == "signed" else None,
    )
    return [*facts, at.fact(done, witness_id or None)]


def decide_stay(at: Desking, command: NoteStay) -> list[Fact]:
    """A moment of the stay, in the past, or the plan of a discharge."""
    if command.moment not in STAY_MOMENTS:
        raise DeskError(Refusal.BAD_VALUE, "This is not a moment of a stay.")
    if command.at.tzinfo is None:
        raise DeskError(Refusal.BAD_VALUE, "A moment needs a date and a time of day.")
    latest = at.now + (FURTHEST if command.moment == "discharge_planned" else TOLERANCE)
    if not at.now - FURTHEST <= command.at <= latest:
        raise DeskError(Refusal.BAD_VALUE, "Check the date and time: this is in the future, or more than a year ago.")
    return [at.fact(StayNoted(at.visit.visit_id, at.visit.patient_id, command.moment, command.at))]


def _checked(at: Desking, code: str, language: str, part: str) -> Form:
    form = form_of(code)
    check_may_offer(form, at.occasion)
    if language not in form.languages:
        raise DeskError(Refusal.BAD_VALUE, "This form is in English and in Spanish. For others use an interpreter.")
    if part not in form.parts:
        raise DeskError(Refusal.BAD_VALUE, "This form has no second copy.")
    if part != INITIAL and at.forms.last(code) is None:
        raise DeskError(Refusal.BAD_VALUE, "The first copy has to be given before its follow-up copy.")
    return form


def _check_status(at: Desking, command: CompleteForm) -> None:
    if command.status == "signed":
        if command.method not in METHODS or (command.method == "drawn") != (command.strokes is not None):
            raise DeskError(Refusal.BAD_VALUE, "Sign in the box, or say that it is signed on paper and who saw it.")
        if _text(command.signer) and not _text(command.relationship):
            raise DeskError(Refusal.BAD_VALUE, "Say who signs for the patient: name and relationship.")
        return
    if not _text(command.reason):
        raise DeskError(Refusal.NEEDS_REASON, "Say why it is not signed. The reason stands on the form.")
    if command.status == "unable" and command.witness is None:
        raise DeskError(Refusal.NEEDS_WITNESS, "A second person confirms with their PIN that the patient cannot sign.")


def _witness(at: Desking, command: CompleteForm) -> str:
    if command.witness is None:
        return ""
    witness = at.staff(command.witness.person_id)
    check_countersign(command.witness, at.person, witness, at.pins, approves=False)
    return witness.person_id


def _given_at(at: Desking, given_at: datetime | None) -> datetime:
    if given_at is None:
        return at.now
    if given_at.tzinfo is None or not at.now - FURTHEST <= given_at <= at.now + TOLERANCE:
        raise DeskError(Refusal.BAD_VALUE, "Check when the form was given: not in the future, not more than a year ago.")
    return given_at


def _text(text: str) -> str:
    if len(text) > LONGEST:
        raise DeskError(Refusal.BAD_VALUE, f"This text is too long; {LONGEST} letters are kept.")
    return text.strip()
