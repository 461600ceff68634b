"""Filing who pays: added, amended, removed, reordered, asked, checked, estimated; never for an emergency before its exam."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from access_desk.domain.coverage.authorization import Authorization
from access_desk.domain.coverage.commands import (
    CardGiven,
    CoverageFiling,
    EligibilityGiven,
    PlanFiling,
    QuestionnaireGiven,
)
from access_desk.domain.coverage.eligibility import EligibilityAnswer
from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.estimates.good_faith import GoodFaithEstimate, GoodFaithItem
from access_desk.domain.estimates.share import ShareInputs
from access_desk.domain.events import Recorded
from access_desk.domain.money import Money
from access_desk.domain.patients.commands import NewPatient
from access_desk.domain.patients.events import Demographics
from access_desk.domain.visits.events import Coverage, VisitDetails, VisitRegistered
from access_desk.services.coverage import content_of
from access_desk.services.registration import Registration
from tests.desks import SIX_IN_THE_MORNING, TestDesk

TODAY = date(2026, 11, 23)
PPO = Coverage("Northlake Health", "PPO", "NHP447199203", relationship="self", copay=Money(7_500))
MEDICARE = Coverage("Medicare", "", "1EG4TE5MK73", medicare=True)
CARD = b"\x89PNG\r\n\x1a\n" + bytes(range(200))
ACTIVE = EligibilityGiven("phone", SIX_IN_THE_MORNING, EligibilityAnswer("1", Money(7_500), 2_000, Money(0), Money(500_000)))
WORKING = {
    "black_lung": "no", "research": "no", "va": "no", "work": "no", "accident": "no", "basis": "age", "employed": "yes",
    "group_plan": "yes", "employer_20": "yes",
}  # fmt: skip
MRI = GoodFaithItem("MRI lumbar spine", "72148", Money(93_000))
GOOD_FAITH = GoodFaithEstimate("MRI", (MRI,), "Cedar Hollow", "1234567893", "12-3456789", "requested", TODAY, None)


def registered(
    desk: TestDesk, *plans: Coverage, kind: str = "outpatient", clearing: CoverageFiling | None = None
) -> VisitRegistered:
    new = NewPatient(Demographics(family=f"Family{desk.desk.journal.head.seq}", given="Pat"))
    registration = Registration(VisitDetails(kind), plans, new, None, clearing or CoverageFiling(), (CARD,))
    events = desk.desk.registration.register(desk.desk.by(desk.people["ann"]), registration)
    return next(event.body for event in events if isinstance(event.body, VisitRegistered))


def file(desk: TestDesk, visit: VisitRegistered, filing: CoverageFiling, *contents: bytes) -> list[Recorded]:
    return desk.desk.coverage.file(desk.desk.by(desk.people["ann"]), visit.visit_id, filing, contents)


def kinds(events: list[Recorded]) -> list[str]:
    return [event.kind for event in events if not event.kind.startswith("session.")]


def refusal(desk: TestDesk, visit: VisitRegistered, filing: CoverageFiling, *contents: bytes) -> Refusal:
    before = desk.desk.coverage.account(visit.visit_id).state
    with pytest.raises(DeskError) as refused:
        file(desk, visit, filing, *contents)
    assert desk.desk.coverage.account(visit.visit_id).state == before
    return refused.value.code


def payers(desk: TestDesk, visit: VisitRegistered) -> list[str]:
    row = desk.desk.view.visit(visit.visit_id)
    assert row is not None
    by_log = [plan.coverage for plan in desk.desk.coverage.account(visit.visit_id).state.in_order()]
    assert list(row.coverages) == by_log
    return [one.payer for one in row.coverages]


def test_a_plan_is_added_to_a_visit_that_is_filed(desk: TestDesk) -> None:
    visit = registered(desk, PPO)
    assert kinds(file(desk, visit, CoverageFiling((PlanFiling(coverage=replace(PPO, payer="Ohio Valley")),)))) == [
        "coverage.added"
    ]
    assert payers(desk, visit) == ["Northlake Health", "Ohio Valley"]
    desk.assert_whole()


def test_amended_field_by_field_and_only_what_changes(desk: TestDesk) -> None:
    visit = registered(desk, PPO)
    plan = PlanFiling(f"{visit.visit_id}.1", changes={"payer": "Northlake Health", "copay": "25.00"})
    events = file(desk, visit, CoverageFiling((plan,)))
    assert [event.body.changes for event in events if hasattr(event.body, "changes")] == [{"copay": "25.00"}]
    row = desk.desk.view.visit(visit.visit_id)
    assert row is not None
    assert row.copay_owed == Money(2_500)
    assert file(desk, visit, CoverageFiling((plan,))) == []


def test_removed_and_reordered(desk: TestDesk) -> None:
    visit = registered(desk, PPO, replace(PPO, payer="Ohio Valley"), replace(PPO, payer="Third"))
    ids = [f"{visit.visit_id}.{number}" for number in (1, 2, 3)]
    filing = CoverageFiling((PlanFiling(ids[2]), PlanFiling(ids[0])), {ids[1]: "ended"}, is_reordered=True)
    assert kinds(file(desk, visit, filing)) == ["coverage.removed", "coverage.reordered"]
    assert payers(desk, visit) == ["Third", "Northlake Health"]
    assert refusal(desk, visit, CoverageFiling((PlanFiling(ids[1]),))) is Refusal.UNKNOWN_REFERENCE
    desk.assert_whole()


def test_the_questionnaire_orders_and_a_contradiction_needs_a_reason(desk: TestDesk) -> None:
    visit = registered(desk, MEDICARE, PPO)
    ids = [f"{visit.visit_id}.{number}" for number in (1, 2)]
    asked = CoverageFiling((PlanFiling(ids[0]), PlanFiling(ids[1])), questionnaire=QuestionnaireGiven("patient", WORKING))
    assert kinds(file(desk, visit, asked)) == ["mspq.answered", "coverage.reordered"]
    assert payers(desk, visit) == ["Northlake Health", "Medicare"]
    back = CoverageFiling((PlanFiling(ids[0]), PlanFiling(ids[1])), is_reordered=True)
    assert refusal(desk, visit, back) is Refusal.NEEDS_REASON
    file(desk, visit, replace(back, order_reason="the payer says so in writing"))
    assert payers(desk, visit) == ["Medicare", "Northlake Health"]
    assert desk.desk.coverage.last_asked(visit.patient_id) == TODAY
    desk.assert_whole()


def test_a_plan_that_is_entered_after_the_questionnaire_stands_where_its_answers_say(desk: TestDesk) -> None:
    """42 CFR 411.172: the employer's plan that the answers named pays before Medicare, whenever its card is found."""
    visit = registered(desk, MEDICARE)
    file(desk, visit, CoverageFiling(questionnaire=QuestionnaireGiven("patient", WORKING)))
    file(desk, visit, CoverageFiling((PlanFiling(f"{visit.visit_id}.1"), PlanFiling(coverage=PPO))))
    assert payers(desk, visit) == ["Northlake Health", "Medicare"]
    retired = registered(desk, PPO)
    answers = {**WORKING, "employed": "no", "spouse_employed": "no"}
    file(desk, retired, CoverageFiling((PlanFiling(f"{retired.visit_id}.1"), PlanFiling(coverage=MEDICARE))))
    file(desk, retired, CoverageFiling(questionnaire=QuestionnaireGiven("patient", answers)))
    file(desk, retired, CoverageFiling((PlanFiling(coverage=replace(PPO, payer="Medigap")),)))
    assert payers(desk, retired) == ["Medicare", "Northlake Health", "Medigap"]
    desk.assert_whole()


def test_an_order_with_its_reason_outlives_a_new_plan(desk: TestDesk) -> None:
    visit = registered(desk, MEDICARE, PPO, clearing=CoverageFiling(questionnaire=QuestionnaireGiven("patient", WORKING)))
    ids = [f"{visit.visit_id}.{number}" for number in (1, 2)]
    kept = CoverageFiling((PlanFiling(ids[0]), PlanFiling(ids[1])), is_reordered=True, order_reason="the payer says so")
    file(desk, visit, kept)
    file(desk, visit, CoverageFiling((PlanFiling(coverage=replace(PPO, payer="Third")),)))
    assert payers(desk, visit) == ["Medicare", "Northlake Health", "Third"]


def test_a_questionnaire_needs_medicare_and_all_its_answers(desk: TestDesk) -> None:
    plain, visit = registered(desk, PPO), registered(desk, MEDICARE)
    whole = CoverageFiling(questionnaire=QuestionnaireGiven("patient", WORKING))
    assert refusal(desk, plain, whole) is Refusal.BAD_VALUE
    part = QuestionnaireGiven("patient", {key: WORKING[key] for key in list(WORKING)[:-1]})
    assert refusal(desk, visit, CoverageFiling(questionnaire=part)) is Refusal.BAD_VALUE
    assert refusal(desk, visit, CoverageFiling(questionnaire=QuestionnaireGiven("the dog", WORKING))) is Refusal.BAD_VALUE


def test_everything_comes_with_the_registration_in_one_step(desk: TestDesk) -> None:
    card = CardGiven("front", content_of(CARD), "image/png")
    plan = PlanFiling(cards=(card,), eligibility=ACTIVE, estimate=ShareInputs(Money(93_000), Money(7_500), coinsurance=2_000))
    visit = registered(desk, PPO, clearing=CoverageFiling((plan,)))
    account = desk.desk.coverage.account(visit.visit_id)
    (kept,) = account.state.in_order()
    assert kept.eligibility is not None
    assert desk.desk.coverage.image(kept.cards["front"].body.image) == CARD
    assert account.clearance.state == "pending_payment"
    row = desk.desk.view.visit(visit.visit_id)
    assert row is not None
    assert (row.copay_owed, row.billed_later) == (Money(7_500), Money(18_600))
    desk.open()
    desk.pay(visit, 7_500)
    assert desk.desk.coverage.account(visit.visit_id).clearance.state == "cleared"
    desk.assert_whole()


def test_an_estimate_that_reaches_the_maximum_lowers_the_copay_owed(desk: TestDesk) -> None:
    visit = registered(desk, PPO)
    estimate = ShareInputs(Money(93_000), Money(7_500), coinsurance=2_000, out_of_pocket_left=Money(1_000))
    file(desk, visit, CoverageFiling((PlanFiling(f"{visit.visit_id}.1", estimate=estimate),)))
    row = desk.desk.view.visit(visit.visit_id)
    assert row is not None
    assert (row.copay_owed, row.billed_later) == (Money(1_000), Money(0))


def test_a_corrected_copay_is_that_of_the_estimate_too(desk: TestDesk) -> None:
    visit = registered(desk, PPO)
    plan = f"{visit.visit_id}.1"
    estimate = ShareInputs(Money(93_000), Money(7_500), coinsurance=2_000)
    file(desk, visit, CoverageFiling((PlanFiling(plan, estimate=estimate),)))
    events = file(desk, visit, CoverageFiling((PlanFiling(plan, changes={"copay": "40.00"}),)))
    assert kinds(events) == ["coverage.amended", "estimate.made"]
    row = desk.desk.view.visit(visit.visit_id)
    assert row is not None
    assert (row.copay_owed, row.billed_later) == (Money(4_000), Money(18_600))
    # One that was made with another copay on purpose keeps it.
    file(desk, visit, CoverageFiling((PlanFiling(plan, estimate=replace(estimate, copay=Money(1_000))),)))
    assert kinds(file(desk, visit, CoverageFiling((PlanFiling(plan, changes={"copay": ""}),)))) == ["coverage.amended"]
    desk.assert_whole()


class OneReader:
    """Reads the one line that this test writes."""

    def read(self, raw: str) -> EligibilityAnswer:
        if not raw.startswith("EB*"):
            raise DeskError(Refusal.BAD_VALUE, "This is not a 271.")
        return EligibilityAnswer(raw.split("*")[1])


def test_an_imported_answer_is_kept_raw_and_read(desk: TestDesk) -> None:
    visit = registered(desk, PPO)
    by = desk.desk.by(desk.people["ann"])
    desk.desk.coverage.import_eligibility(by, visit.visit_id, f"{visit.visit_id}.1", "EB*1*IND", OneReader())
    kept = desk.desk.coverage.account(visit.visit_id).state.in_order()[0].eligibility
    assert kept is not None
    assert (kept.body.answer.status, kept.body.source, kept.mark.by) == ("1", "271", desk.people["ann"])
    assert desk.desk.coverage.image(kept.body.raw) == b"EB*1*IND"
    with pytest.raises(DeskError):
        desk.desk.coverage.import_eligibility(
            desk.desk.by(desk.people["ann"]), visit.visit_id, f"{visit.visit_id}.1", "ISA", OneReader()
        )
    desk.assert_whole()


def test_a_card_that_was_not_brought_or_is_no_image(desk: TestDesk) -> None:
    visit = registered(desk, PPO)
    key = f"{visit.visit_id}.1"

    def card(data: bytes, media_type: str = "image/png") -> CoverageFiling:
        return CoverageFiling((PlanFiling(key, cards=(CardGiven("front", content_of(data), media_type),)),))

    assert refusal(desk, visit, card(CARD)) is Refusal.BAD_VALUE
    assert refusal(desk, visit, card(b"no image"), b"no image") is Refusal.BAD_VALUE
    assert refusal(desk, visit, card(CARD, "image/jpeg"), CARD) is Refusal.BAD_VALUE


EMERGENCY = [
    CoverageFiling((PlanFiling(coverage=PPO),)),
    CoverageFiling((PlanFiling("{visit}.1", changes={"copay": "1.00"}),)),
    CoverageFiling((PlanFiling("{visit}.1", eligibility=ACTIVE),)),
    CoverageFiling((PlanFiling("{visit}.1", authorization=Authorization("requested")),)),
    CoverageFiling((PlanFiling("{visit}.1", estimate=ShareInputs(Money(100))),)),
    CoverageFiling(removed={"{visit}.1": "why"}),
    CoverageFiling(good_faith_asked=("requested", TODAY, None)),
    CoverageFiling(good_faith=GOOD_FAITH),
    CoverageFiling(questionnaire=QuestionnaireGiven("patient", WORKING)),
]


@pytest.mark.parametrize("who", ["ann", "lea", "sue"])
@pytest.mark.parametrize("number", range(len(EMERGENCY)))
def test_nothing_of_it_for_an_emergency_before_its_exam_whoever_tries(desk: TestDesk, number: int, who: str) -> None:
    """42 CFR 489.24(d)(4)."""
    visit = registered(desk, PPO, MEDICARE, kind="emergency")
    plans = tuple(replace(plan, coverage_id=plan.coverage_id.format(visit=visit.visit_id)) for plan in EMERGENCY[number].plans)
    removed = {key.format(visit=visit.visit_id): why for key, why in EMERGENCY[number].removed.items()}
    filing = replace(EMERGENCY[number], plans=plans, removed=removed)
    by = desk.people[who]
    for milestone in ("", "triaged", "admitted"):
        if milestone:
            desk.desk.registration.reach_milestone(desk.desk.by(by), visit.visit_id, milestone)
        with pytest.raises(DeskError) as refused:
            desk.desk.coverage.file(desk.desk.by(by), visit.visit_id, filing)
        assert refused.value.code is Refusal.EMTALA_HOLD
    assert desk.desk.coverage.account(visit.visit_id).clearance.state == "exempt_emtala"
    desk.desk.registration.reach_milestone(desk.desk.by(by), visit.visit_id, "mse_completed")
    assert desk.desk.coverage.file(desk.desk.by(by), visit.visit_id, filing)


def test_an_emergency_is_not_registered_with_clearing(desk: TestDesk) -> None:
    with pytest.raises(DeskError) as refused:
        registered(desk, PPO, kind="emergency", clearing=CoverageFiling((PlanFiling(eligibility=ACTIVE),)))
    assert refused.value.code is Refusal.EMTALA_HOLD


def test_payers_rules_are_the_supervisors(desk: TestDesk) -> None:
    visit = registered(desk, replace(PPO, copay=None))
    file(
        desk,
        visit,
        CoverageFiling((PlanFiling(f"{visit.visit_id}.1", eligibility=replace(ACTIVE, answer=EligibilityAnswer("1"))),)),
    )
    assert desk.desk.coverage.account(visit.visit_id).clearance.state == "cleared"
    with pytest.raises(DeskError) as refused:
        desk.desk.coverage.set_authorization_rule(desk.desk.by(desk.people["lea"]), "Northlake Health", ("outpatient",))
    assert refused.value.code is Refusal.NOT_PERMITTED
    desk.desk.coverage.set_authorization_rule(desk.desk.by(desk.people["sue"]), "northlake  health", ("outpatient",))
    assert desk.desk.coverage.account(visit.visit_id).clearance.state == "pending_authorization"
    approved = Authorization("approved", "A-1", TODAY, TODAY)
    file(desk, visit, CoverageFiling((PlanFiling(f"{visit.visit_id}.1", authorization=approved),)))
    assert desk.desk.coverage.account(visit.visit_id).clearance.state == "cleared"


def test_a_good_faith_estimate_and_its_clock(desk: TestDesk) -> None:
    visit = registered(desk)
    file(desk, visit, CoverageFiling(good_faith_asked=("requested", TODAY, None)))
    account = desk.desk.coverage.account(visit.visit_id)
    assert account.standing.good_faith_due == date(2026, 11, 27)
    assert account.clearance.state == "pending_estimate"
    (made,) = [event.body for event in file(desk, visit, CoverageFiling(good_faith=GOOD_FAITH))]
    assert made.estimate.total == Money(93_000)  # type: ignore[attr-defined]
    assert desk.desk.coverage.account(visit.visit_id).clearance.state == "cleared"
    desk.assert_whole()


def test_a_filing_is_carried_out_once(desk: TestDesk) -> None:
    visit = registered(desk, PPO)
    by = desk.desk.by(desk.people["ann"])
    filing = CoverageFiling((PlanFiling(coverage=replace(PPO, payer="Ohio Valley")),))
    first = desk.desk.coverage.file(by, visit.visit_id, filing)
    assert desk.desk.coverage.file(by, visit.visit_id, filing) == first
    assert len(payers(desk, visit)) == 2


def test_one_of_a_series_is_asked_who_pays_every_ninety_days(desk: TestDesk) -> None:
    """Medicare Secondary Payer Manual, chapter 3, section 20.1: a recurring outpatient service, after 90 days."""
    one, who = desk.desk, desk.people["ann"]
    first = registered(desk, MEDICARE)
    file(desk, first, CoverageFiling(questionnaire=QuestionnaireGiven("patient", WORKING)))

    def asked(recurring: str) -> str:
        details = {"recurring": recurring}
        said = Registration(VisitDetails("outpatient"), (MEDICARE,), patient_id=first.patient_id, visit_details=details)
        events = one.registration.register(one.by(who), said)
        made = next(event.body for event in events if isinstance(event.body, VisitRegistered))
        return one.coverage.account(made.visit_id).standing.questionnaire

    assert (asked("no"), asked("yes")) == ("due", "not_due")
    desk.clock.forward(days=91)
    assert asked("yes") == "due"
