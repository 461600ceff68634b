"""Forms through the service: EMTALA, witnesses, signatures beside the log, and clocks that nobody can miss."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

import pytest

from access_desk.domain.coverage.commands import CoverageFiling, PlanFiling
from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.forms.clocks import ClockState
from access_desk.domain.forms.decide import AskForForm, CompleteForm, NoteStay, OfferForm
from access_desk.domain.forms.events import FormCompleted, FormOffered
from access_desk.domain.forms.strokes import Point, Strokes
from access_desk.domain.visits.emergency import Ending, Screening
from access_desk.domain.visits.events import Coverage, VisitDetails
from access_desk.services.journal import By
from access_desk.services.registration import Registration
from tests.desks import TestDesk

PEN = Strokes(400, 120, ((Point(10, 60, 0), Point(40, 20, 16), Point(70, 90, 33), Point(90, 50, 50)),))
MEDICARE = Coverage("Medicare", member_id="1EG4TE5MK73", medicare=True)
PPO = Coverage("Northlake Health", member_id="NHP447199203")


def by(desk: TestDesk, who: str = "ann") -> By:
    return desk.desk.by(desk.people[who])


def visit(desk: TestDesk, kind: str = "outpatient", plan: Coverage | None = None) -> str:
    made = desk.register(kind).visit_id
    if plan is not None:
        desk.desk.coverage.file(by(desk), made, CoverageFiling((PlanFiling(coverage=plan),)))
    return made


def complete(desk: TestDesk, visit_id: str, form: str, status: str = "signed", **said: object) -> FormCompleted:
    said = {"method": "paper"} | said if status == "signed" else {"reason": "does not want to"} | said
    pen = PEN if said.get("method") == "drawn" else None
    events = desk.desk.forms.complete(by(desk), visit_id, CompleteForm(form, status, **said), pen)  # type: ignore[arg-type]
    return next(event.body for event in events if isinstance(event.body, FormCompleted))


def statuses(desk: TestDesk, visit_id: str) -> dict[str, str]:
    return {f"{row.form.code}/{row.part}": row.status for row in desk.desk.forms.of_visit(visit_id).rows}


def clock(desk: TestDesk, visit_id: str, form: str, part: str = "initial") -> tuple[ClockState, timedelta] | None:
    rows = [row for row in desk.desk.forms.open_clocks(desk.clock.now()) if row.visit_id == visit_id]
    found = [row for row in rows if (row.form, row.part) == (form, part)]
    return (found[0].state, found[0].left) if found else None


def refused(code: Refusal) -> pytest.RaisesExc[DeskError]:
    return pytest.raises(DeskError, check=lambda wrong: wrong.code is code)


def test_no_form_about_money_before_an_emergency_is_released(desk: TestDesk) -> None:
    """42 CFR 489.24(d)(4), whoever tries, in whatever way."""
    emergency, one = visit(desk, "emergency"), desk.desk
    for who in ("ann", "lea", "sue"):
        for form in ("financial_policy", "assignment", "secondary_payer", "good_faith_estimate", "advance_notice"):
            with refused(Refusal.EMTALA_HOLD):
                one.forms.offer(by(desk, who), emergency, OfferForm(form))
            with refused(Refusal.EMTALA_HOLD):
                one.forms.complete(by(desk, who), emergency, CompleteForm(form, "signed", method="paper"))
        with refused(Refusal.EMTALA_HOLD):
            one.forms.ask_for(by(desk, who), emergency, AskForForm("good_faith_estimate", "asked for the price"))
    assert statuses(desk, emergency)["financial_policy/initial"] == "held"
    complete(desk, emergency, "consent")
    one.registration.reach_milestone(by(desk), emergency, "mse_completed")
    one.registration.reach_milestone(by(desk), emergency, "stabilized")
    complete(desk, emergency, "financial_policy")
    assert statuses(desk, emergency)["financial_policy/initial"] == "signed"


def test_a_drawn_signature_lies_beside_the_log_by_its_hash(desk: TestDesk) -> None:
    made = complete(desk, visit(desk), "consent", method="drawn")
    assert made.strokes is not None
    assert made.strokes.sha256 == sha256(PEN.data()).hexdigest()
    assert desk.desk.forms.strokes(made.strokes) == PEN
    assert made.wording == desk.desk.forms.wording("consent", "en").sha256


def test_completing_offers_first_and_another_language_offers_again(desk: TestDesk) -> None:
    made, one = visit(desk), desk.desk
    one.forms.offer(by(desk), made, OfferForm("consent"))
    events = one.forms.complete(by(desk), made, CompleteForm("consent", "signed", "es", method="paper"))
    assert [type(event.body) for event in events] == [FormOffered, FormCompleted]
    assert isinstance(events[0].body, FormOffered)
    assert events[0].body.language == "es"


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (CompleteForm("consent", "refused"), Refusal.NEEDS_REASON),
        (CompleteForm("consent", "refused", reason="  "), Refusal.NEEDS_REASON),
        (CompleteForm("consent", "unable", reason="sedated"), Refusal.NEEDS_WITNESS),
        (CompleteForm("consent", "signed"), Refusal.BAD_VALUE),
        (CompleteForm("consent", "signed", method="drawn"), Refusal.BAD_VALUE),
        (CompleteForm("consent", "signed", method="paper", signer="Rafael Trujillo"), Refusal.BAD_VALUE),
        (CompleteForm("consent", "ignored", reason="so"), Refusal.BAD_VALUE),
        (CompleteForm("consent", "signed", "fr", method="paper"), Refusal.BAD_VALUE),
        (CompleteForm("consent", "signed", method="paper", part="follow_up"), Refusal.BAD_VALUE),
        (CompleteForm("consent", "signed", method="paper", reason="x" * 501), Refusal.BAD_VALUE),
        (CompleteForm("consent", "signed", method="paper", given_at=datetime(2026, 11, 24, tzinfo=UTC)), Refusal.BAD_VALUE),
        (CompleteForm("consent", "signed", method="paper", seen_by="nobody"), Refusal.UNKNOWN_REFERENCE),
        (CompleteForm("poetry", "signed", method="paper"), Refusal.UNKNOWN_REFERENCE),
        (CompleteForm("important_message", "signed", method="paper"), Refusal.BAD_VALUE),
    ],
)
def test_what_a_completion_needs(desk: TestDesk, command: CompleteForm, code: Refusal) -> None:
    made = visit(desk)
    with refused(code):
        desk.desk.forms.complete(by(desk), made, command)
    assert statuses(desk, made)["consent/initial"] == "not_offered"


def test_a_witness_is_a_second_person_with_their_own_pin(desk: TestDesk) -> None:
    made = visit(desk)
    for witness, code in ((desk.sign("ann"), Refusal.SAME_PERSON), (desk.sign("bob", "0000"), Refusal.PIN_WRONG)):
        with refused(code):
            complete(desk, made, "consent", "unable", witness=witness)
    assert complete(desk, made, "consent", "unable", witness=desk.sign("bob")).witness_id == desk.people["bob"]


def test_refused_can_still_be_signed_and_signed_stays(desk: TestDesk) -> None:
    made = visit(desk)
    complete(desk, made, "consent", "refused")
    complete(desk, made, "consent")
    with refused(Refusal.BAD_VALUE):
        complete(desk, made, "consent", "refused")
    assert statuses(desk, made)["consent/initial"] == "signed"


def test_a_privacy_notice_is_given_once_in_a_version(desk: TestDesk) -> None:
    first = desk.register()
    complete(desk, first.visit_id, "privacy_notice")
    again = desk.desk.registration
    patient = desk.desk.view.patient(first.patient_id)
    events = again.register(by(desk), _again(patient.patient_id))
    second = events[-1].subject_id
    assert statuses(desk, second)["privacy_notice/initial"] == "on_file"
    assert statuses(desk, first.visit_id)["privacy_notice/initial"] == "signed"


def _again(patient_id: str) -> Registration:
    return Registration(VisitDetails(), patient_id=patient_id)


def test_the_clocks_of_a_medicare_admission(desk: TestDesk) -> None:
    """Registered Monday 7:00 AM in Chicago: the message is due by midnight after Wednesday."""
    made = visit(desk, "inpatient", MEDICARE)
    due = datetime(2026, 11, 26, 6, 0, tzinfo=UTC)
    assert clock(desk, made, "important_message") == (ClockState.RUNNING, due - desk.clock.now())
    desk.clock.forward(days=3)
    assert clock(desk, made, "important_message") == (ClockState.OVERDUE, due - desk.clock.now())
    complete(desk, made, "important_message")
    assert clock(desk, made, "important_message") is None
    row = next(row for row in desk.desk.forms.of_visit(made).rows if row.form.code == "important_message")
    assert row.was_late
    # The patient is to leave in four days: a follow-up copy from two calendar days before, four hours ahead.
    leaves = desk.clock.now() + timedelta(days=4)
    desk.desk.forms.note_stay(by(desk), made, NoteStay("discharge_planned", leaves))
    assert clock(desk, made, "important_message", "follow_up") is None
    desk.clock.forward(days=3)
    left = leaves - timedelta(hours=4) - desk.clock.now()
    assert clock(desk, made, "important_message", "follow_up") == (ClockState.RUNNING, left)
    complete(desk, made, "important_message", part="follow_up")
    assert clock(desk, made, "important_message", "follow_up") is None
    # The plan moves by a week: that copy is too old, and another is owed.
    desk.desk.forms.note_stay(by(desk), made, NoteStay("discharge_planned", leaves + timedelta(days=7)))
    desk.clock.forward(days=7)
    assert clock(desk, made, "important_message", "follow_up") is not None
    desk.desk.forms.note_stay(by(desk), made, NoteStay("discharged", desk.clock.now()))
    assert clock(desk, made, "important_message", "follow_up") == (ClockState.OVERDUE, timedelta(0))
    desk.clock.forward(days=400)
    assert clock(desk, made, "important_message", "follow_up") == (ClockState.OVERDUE, -timedelta(days=400))


def test_the_observation_clock_and_its_explanation(desk: TestDesk) -> None:
    made = visit(desk, "observation", MEDICARE)
    assert clock(desk, made, "observation_notice") == (ClockState.RUNNING, timedelta(hours=36))
    with refused(Refusal.BAD_VALUE):
        complete(desk, made, "observation_notice")
    desk.clock.forward(hours=37)
    assert clock(desk, made, "observation_notice") == (ClockState.OVERDUE, -timedelta(hours=1))
    complete(desk, made, "observation_notice", explained=True)
    assert clock(desk, made, "observation_notice") is None


def test_no_observation_clock_after_a_short_stay_or_without_medicare(desk: TestDesk) -> None:
    short, private = visit(desk, "observation", MEDICARE), visit(desk, "observation", PPO)
    desk.clock.forward(hours=20)
    desk.desk.registration.reach_milestone(by(desk), short, "departed")
    desk.clock.forward(hours=20)
    assert clock(desk, short, "observation_notice") is None
    assert clock(desk, private, "observation_notice") is None
    assert "observation_notice/initial" not in statuses(desk, short)


def test_an_emergency_that_is_admitted_owes_the_message_from_then(desk: TestDesk) -> None:
    made, one = visit(desk, "emergency"), desk.desk
    one.registration.reach_milestone(by(desk), made, "mse_completed")
    one.registration.reach_milestone(by(desk), made, "stabilized")
    one.coverage.file(by(desk), made, CoverageFiling((PlanFiling(coverage=MEDICARE),)))
    assert clock(desk, made, "important_message") is None
    desk.clock.forward(hours=30)
    one.registration.reach_milestone(by(desk), made, "admitted")
    assert clock(desk, made, "important_message") is not None
    # The order said otherwise: it was admitted yesterday, which starts the clock a day earlier.
    before = clock(desk, made, "important_message")
    one.forms.note_stay(by(desk), made, NoteStay("inpatient_admitted", desk.clock.now() - timedelta(days=1)))
    after = clock(desk, made, "important_message")
    assert before is not None
    assert after is not None
    assert before[1] - after[1] == timedelta(days=1)


def test_the_clocks_know_what_the_emergency_log_says_became_of_somebody(desk: TestDesk) -> None:
    """42 CFR 405.1205(b)(1) runs from the admission, 489.20(y)(1) ends with the release, wherever the desk entered them."""
    admitted, observed, one = visit(desk, "emergency"), visit(desk, "emergency"), desk.desk
    for made in (admitted, observed):
        exam = Screening("Ines Okafor", "physician", desk.clock.now(), "clinician", has_condition=False)
        one.emergency.complete_screening(by(desk), made, exam)
        one.coverage.file(by(desk), made, CoverageFiling((PlanFiling(coverage=MEDICARE),)))
    one.forms.note_stay(by(desk), observed, NoteStay("observation_began", desk.clock.now()))
    desk.clock.forward(hours=30)
    one.emergency.end(by(desk), admitted, Ending("admitted", desk.clock.now() - timedelta(hours=1), "tracking_board"))
    assert clock(desk, admitted, "important_message") == (
        ClockState.RUNNING,
        datetime(2026, 11, 27, 6, 0, tzinfo=UTC) - desk.clock.now(),
    )
    assert "advance_directive/initial" in statuses(desk, admitted)
    one.emergency.end(by(desk), observed, Ending("discharged", desk.clock.now(), "tracking_board"))
    assert clock(desk, observed, "observation_notice") == (ClockState.OVERDUE, timedelta(0))


def test_the_clock_of_a_good_faith_estimate(desk: TestDesk) -> None:
    """Asked for on Monday, November 23: three business days, Thanksgiving left out, end on Friday; 45 CFR 149.610."""
    made = visit(desk)
    filing = CoverageFiling(good_faith_asked=("requested", date(2026, 11, 23), None))
    desk.desk.coverage.file(by(desk), made, filing)
    due = datetime(2026, 11, 28, 6, 0, tzinfo=UTC)
    assert clock(desk, made, "good_faith_estimate") == (ClockState.RUNNING, due - desk.clock.now())
    complete(desk, made, "good_faith_estimate")
    assert clock(desk, made, "good_faith_estimate") is None


def test_an_estimate_that_is_asked_for_again_is_owed_again(desk: TestDesk) -> None:
    """45 CFR 149.610(b)(1)(vi)(C): every request has its three business days."""
    made, one = visit(desk), desk.desk

    def asked(day: date) -> None:
        one.coverage.file(by(desk), made, CoverageFiling(good_faith_asked=("requested", day, None)))

    asked(date(2026, 11, 23))
    complete(desk, made, "good_faith_estimate")
    asked(date(2026, 11, 23))
    assert clock(desk, made, "good_faith_estimate") is None
    desk.clock.forward(days=8)
    asked(date(2026, 12, 1))
    assert statuses(desk, made)["good_faith_estimate/initial"] == "offered"
    due = datetime(2026, 12, 5, 6, 0, tzinfo=UTC)
    assert clock(desk, made, "good_faith_estimate") == (ClockState.RUNNING, due - desk.clock.now())
    complete(desk, made, "good_faith_estimate")
    assert clock(desk, made, "good_faith_estimate") is None


def test_a_first_copy_that_is_given_again_near_the_discharge_is_the_last_one(desk: TestDesk) -> None:
    """42 CFR 405.1205(c)(2): no follow-up copy when the message was delivered within 2 calendar days of the discharge."""
    made = visit(desk, "inpatient", MEDICARE)
    complete(desk, made, "important_message")
    desk.clock.forward(days=6)
    desk.desk.forms.note_stay(by(desk), made, NoteStay("discharge_planned", desk.clock.now() + timedelta(days=1)))
    assert clock(desk, made, "important_message", "follow_up") is not None
    complete(desk, made, "important_message")
    assert clock(desk, made, "important_message", "follow_up") is None
    assert clock(desk, made, "important_message") is None


def test_clocks_are_listed_by_urgency(desk: TestDesk) -> None:
    inpatient, observed = visit(desk, "inpatient", MEDICARE), visit(desk, "observation", MEDICARE)
    listed = desk.desk.forms.open_clocks(desk.clock.now())
    assert [(row.visit_id, row.form) for row in listed] == [
        (observed, "observation_notice"),
        (inpatient, "important_message"),
    ]


@pytest.mark.parametrize(
    "moment",
    [datetime(2026, 11, 23, 14, 0, tzinfo=UTC), datetime(2020, 1, 1, tzinfo=UTC), datetime(2026, 11, 23)],  # noqa: DTZ001
)
def test_a_moment_of_the_stay_is_not_in_the_future(desk: TestDesk, moment: datetime) -> None:
    made = visit(desk, "inpatient")
    with refused(Refusal.BAD_VALUE):
        desk.desk.forms.note_stay(by(desk), made, NoteStay("discharged", moment))
    with refused(Refusal.BAD_VALUE):
        desk.desk.forms.note_stay(by(desk), made, NoteStay("lunch", desk.clock.now()))
