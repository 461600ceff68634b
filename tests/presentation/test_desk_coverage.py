"""Coverage and financial clearance on Register: intents in, states out, and what is filed."""

from __future__ import annotations

from pathlib import Path

import pytest

from access_desk.domain.coverage.state import PlanState
from access_desk.domain.money import Money
from access_desk.presentation.payment_lines import owed_lines, paying_now, still_due
from access_desk.presentation.registration import RegistrationModel
from access_desk.presentation.registration_form import content_of, form_of
from access_desk.storage.engine import read_transaction
from tests.presentation.money_desk import MoneyDesk, run_now

COMPLETE = {"family": "Vega-Trujillo", "given": "Marisol", "birth_date": "31487", "sex": "female", "phone": "2165550148"}
PPO = {"plan1.payer": "Northlake Health", "plan1.member_id": "NHP447199203", "plan1.copay": "75"}
MEDICARE = {"plan1.payer": "Medicare", "plan1.medicare": "1", "plan1.member_id": "1EG4-TE5-MK73"}
PNG = b"\x89PNG\r\n\x1a\n the front"
NO_ACCIDENT = dict.fromkeys(("msp_black_lung", "msp_research", "msp_va", "msp_work", "msp_accident"), "no")
WORKING = {**NO_ACCIDENT, "msp_basis": "age", "msp_employed": "yes", "msp_group_plan": "yes", "msp_employer_20": "yes"}


@pytest.fixture
def desk() -> MoneyDesk:
    return MoneyDesk()


def page(desk: MoneyDesk, values: dict[str, str] | None = None) -> RegistrationModel:
    model = RegistrationModel(desk.desk, run_now, lambda: desk.who)
    model.open_new({})
    fill(model, {**COMPLETE, "service": "MRI", **(values or {})})
    return model


def fill(model: RegistrationModel, values: dict[str, str]) -> None:
    for key, text in values.items():
        model.type(key, text)
        model.leave(key)


def filed(model: RegistrationModel) -> str:
    model.file()
    assert model.state.filed is not None, (model.state.problems, model.state.notice)
    return model.state.filed.visit_id


def plans(desk: MoneyDesk, visit_id: str) -> tuple[PlanState, ...]:
    return desk.desk.coverage.account(visit_id).state.in_order()


def text_of(model: RegistrationModel, key: str) -> str:
    return next(one.text for one in model.state.clearance.rows if one.key == key)


def reopened(desk: MoneyDesk, visit_id: str) -> RegistrationModel:
    model = RegistrationModel(desk.desk, run_now, lambda: desk.who)
    model.open_visit(visit_id)
    return model


def test_everything_about_a_plan_is_filed_with_the_registration(desk: MoneyDesk) -> None:
    model = page(desk, {**PPO, "plan1.eb_status": "1", "plan1.eb_coinsurance": "20 %", "plan1.eb_out_of_pocket": "500"})
    assert text_of(model, "eligibility1") == "Active, checked 9:00 AM"
    assert model.state.heads[0].chip == "Eligible 9:00 AM"
    assert model.state.clearance.clearance.state == "pending_estimate"
    model.open_panel("estimate1")
    assert model.state.panel == "estimate1"
    fill(model, {"plan1.es_allowed": "930"})
    assert (model.state.owed.due, model.state.owed.later) == (Money(7_500), Money(18_600))
    fill(model, {"plan1.au_status": "approved", "plan1.au_number": "NHP-A-229107", "plan1.au_ends": "12/31/26"})
    assert text_of(model, "authorization1") == "NHP-A-229107, good to 12/31/2026"
    model.keep_card(1, "front", PNG)
    visit_id = filed(model)
    (plan,) = plans(desk, visit_id)
    assert plan.eligibility is not None
    assert plan.eligibility.body.answer.coinsurance == 2_000
    assert plan.estimate is not None
    assert plan.estimate.body.inputs.out_of_pocket_left == Money(50_000)
    assert plan.authorization is not None
    assert desk.desk.coverage.image(plan.cards["front"].body.image) == PNG
    assert desk.desk.coverage.account(visit_id).clearance.state == "pending_payment"


def test_what_the_payer_said_of_the_copay_is_the_plans(desk: MoneyDesk) -> None:
    model = page(desk, {"plan1.payer": "Northlake", "plan1.member_id": "N1", "plan1.eb_status": "1", "plan1.eb_copay": "30"})
    assert model.state.form is not None
    assert model.state.form.value("plan1.copay") == "30.00"


def test_a_visit_on_file_gets_a_plan_and_keeps_what_did_not_change(desk: MoneyDesk) -> None:
    visit_id = filed(page(desk, PPO))
    model = reopened(desk, visit_id)
    model.add_plan()
    fill(model, {"plan2.payer": "Ohio Valley", "plan2.member_id": "OVM 5520 81", "plan1.copay": "25"})
    model.file()
    first, second = plans(desk, visit_id)
    assert (first.coverage.copay, second.coverage.payer) == (Money(2_500), "Ohio Valley")
    events = desk.desk.journal.head.seq
    again = reopened(desk, visit_id)
    again.file()
    assert desk.desk.journal.head.seq == events + 1, "opening it is recorded, filing nothing is not"


def test_plans_are_moved_and_removed(desk: MoneyDesk) -> None:
    model = page(desk, PPO)
    model.add_plan()
    fill(model, {"plan2.payer": "Ohio Valley", "plan2.member_id": "O2"})
    visit_id = filed(model)
    model = reopened(desk, visit_id)
    model.move_plan_up(2)
    model.file()
    assert [one.coverage.payer for one in plans(desk, visit_id)] == ["Ohio Valley", "Northlake Health"]
    model = reopened(desk, visit_id)
    model.remove_plan(1)
    model.file()
    assert [one.coverage.payer for one in plans(desk, visit_id)] == ["Northlake Health"]


def test_a_returning_patients_plans_need_one_confirmation(desk: MoneyDesk) -> None:
    first = page(desk, PPO)
    visit_id = filed(first)
    row = desk.desk.view.visit(visit_id)
    assert row is not None
    model = RegistrationModel(desk.desk, run_now, lambda: desk.who)
    model.open_patient(desk.desk.view.patient(row.patient_id))
    assert model.state.offered == "11/23/2026: Northlake Health NHP447199203"
    model.use_last_plans()
    assert model.state.offered == ""
    assert model.state.heads[0].can_fold
    assert model.state.open_plan == 0
    fill(model, {"service": "CT"})
    second = filed(model)
    assert second != visit_id
    (plan,) = plans(desk, second)
    assert (plan.coverage.member_id, plan.eligibility) == ("NHP447199203", None), "to be checked again"


def test_the_questionnaire_asks_only_what_applies_and_orders_the_plans(desk: MoneyDesk) -> None:
    model = page(desk, MEDICARE)
    model.add_plan()
    fill(model, {"plan2.payer": "Northlake Health", "plan2.member_id": "N1"})
    assert model.state.clearance.questions == ("msp_by", "msp_black_lung")
    assert "Medicare questionnaire" in [one.label for one in model.state.clearance.to_clear]
    fill(model, NO_ACCIDENT)
    assert list(model.state.clearance.questions)[6:] == ["msp_basis"]
    assert [one.label for one in model.state.missing] == ["Medicare questionnaire"], "begun and not finished"
    model.file()
    assert model.state.filed is None
    assert [one.text for one in model.state.problems] == ["Medicare questionnaire: finish it, or take its answers away."]
    fill(model, WORKING)
    assert model.state.form is not None
    assert [plan["payer"] for plan in model.state.form.plans] == ["Northlake Health", "Medicare"]
    assert "MSP type 12" in text_of(model, "questionnaire")
    visit_id = filed(model)
    account = desk.desk.coverage.account(visit_id)
    assert account.state.questionnaire is not None
    assert account.state.questionnaire.body.answers == {key.removeprefix("msp_"): text for key, text in WORKING.items()}
    assert [one.coverage.payer for one in account.state.in_order()] == ["Northlake Health", "Medicare"]
    model = reopened(desk, visit_id)
    model.move_plan_up(2)
    assert model.state.clearance.needs_order_reason
    model.file()
    assert "Medicare questionnaire" in model.state.notice
    fill(model, {"order_reason": "the payer says so in writing"})
    model.file()
    assert [one.coverage.payer for one in plans(desk, visit_id)] == ["Medicare", "Northlake Health"]


def test_a_good_faith_estimate_is_filed_whole_or_waits(desk: MoneyDesk) -> None:
    model = page(desk, {"gf_trigger": "requested", "gf_service": "MRI lumbar spine", "gf_provider": "Cedar Hollow"})
    assert [one.label for one in model.state.missing] == ["Good-faith estimate"]
    item = {"gf_item1": "MRI", "gf_code1": "72148", "gf_charge1": "930", "gf_npi": "1234567893", "gf_tin": "123456789"}
    fill(model, item)
    assert model.state.missing == ()
    assert text_of(model, "good_faith") == "Due 11/27/2026"
    made = desk.desk.coverage.account(filed(model)).state.good_faith
    assert made is not None
    assert (made.body.estimate.total, made.body.estimate.tin) == (Money(93_000), "12-3456789")


@pytest.mark.parametrize(
    ("values", "label"),
    [
        ({"plan1.relationship": "spouse"}, "Subscriber"),
        ({"plan1.eb_coinsurance": "20"}, "Eligibility"),
        ({"plan1.au_status": "approved"}, "Authorization"),
        ({"plan1.au_number": "A-1"}, "Authorization"),
        ({"plan1.starts": "01/01/2026", "plan1.ends": "01/01/2025"}, "Ends"),
        ({"plan1.eb_status": "1", "plan1.eb_coinsurance": "120"}, "Coinsurance %"),
        ({"plan1.eb_status": "1", "plan1.eb_copay": "much"}, "Copay"),
        ({"plan1.au_status": "requested", "plan1.au_requested": "two"}, "Units asked for"),
    ],
)
def test_what_cannot_be_filed_says_so(desk: MoneyDesk, values: dict[str, str], label: str) -> None:
    model = page(desk, {**PPO, **values})
    assert [one.label for one in model.state.missing] == [label]
    model.file()
    assert model.state.filed is None


def test_an_emergency_is_asked_nothing_of_it(desk: MoneyDesk) -> None:
    model = page(desk, {**PPO, "plan1.eb_status": "1"})
    fill(model, {"type": "emergency"})
    assert [one.status for one in model.state.sections][3:] == ["withheld", "withheld"]
    assert (model.state.clearance.rows, model.state.owed.due) == ((), None)
    visit_id = filed(model)
    assert plans(desk, visit_id) == ()
    assert desk.desk.coverage.account(visit_id).clearance.state == "exempt_emtala"


def test_a_card_survives_in_a_draft_and_is_forgotten_with_it(desk: MoneyDesk, tmp_path: Path) -> None:
    model = page(desk, PPO)
    scanned = tmp_path / "card.png"
    scanned.write_bytes(PNG)
    model.keep_card_file(1, "front", scanned)
    assert model.state.heads[0].card == "Card: front"
    model.keep_card(1, "back", b"%PDF")
    assert "PNG or JPEG" in model.state.notice
    model.keep_card_file(1, "back", tmp_path / "none.png")
    assert "cannot be read" in model.state.notice
    model.park()
    (draft,) = desk.desk.drafts.of(desk.who)
    again = RegistrationModel(desk.desk, run_now, lambda: desk.who)
    again.open_draft(draft.draft_id)
    assert again.card_image(1, "front") == PNG
    assert again.state.form is not None
    assert form_of(content_of(again.state.form, ())) == again.state.form
    kept = again.state.form.value("plan1.card_front").split()[0]
    again.discard()
    assert desk.desk.drafts.find(kept) is None


def test_payment_offers_the_estimate_unticked(desk: MoneyDesk) -> None:
    model = page(desk, {**PPO, "plan1.es_allowed": "930", "plan1.es_copay": "75", "plan1.es_coinsurance": "20"})
    row = desk.desk.view.visit(filed(model))
    assert row is not None
    lines = owed_lines(row)
    assert [(one.title, one.owed, one.ticked) for one in lines] == [
        ("Copay today", Money(7_500), True),
        ("Estimated coinsurance", Money(18_600), False),
    ]
    assert (paying_now(lines), still_due(lines)) == (Money(7_500), Money(0))


@pytest.mark.parametrize(
    ("field", "wrong"),
    [("copay", "7x"), ("deductible", "2,5,0"), ("coinsurance", "120"), ("coinsurance", "2o"), ("out_of_pocket", "-")],
)
def test_an_amount_that_cannot_be_read_gives_no_estimate(desk: MoneyDesk, field: str, wrong: str) -> None:
    model = page(desk, {**PPO, "plan1.es_allowed": "930", "plan1.es_copay": "75", "plan1.es_coinsurance": "20"})
    assert text_of(model, "estimate1") == "Patient's share"
    model.type(f"plan1.es_{field}", wrong)
    assert text_of(model, "estimate1").startswith("Not made")


def test_a_copay_that_is_corrected_is_estimated_with(desk: MoneyDesk) -> None:
    model = page(desk, {**PPO, "plan1.es_allowed": "930", "plan1.es_copay": "75", "plan1.es_coinsurance": "20"})
    for typed in ("7", "", "4", "40"):
        model.type("plan1.copay", typed)
    model.leave("plan1.copay")
    assert text_of(model, "estimate1") == "Patient's share"
    row = desk.desk.view.visit(filed(model))
    assert row is not None
    assert (row.copay_owed, row.billed_later) == (Money(4_000), Money(18_600))
    other = page(desk, {"family": "Boyd", **PPO, "plan1.es_allowed": "930", "plan1.es_copay": "10"})
    other.type("plan1.copay", "40")
    assert other.state.form is not None
    assert other.state.form.value("plan1.es_copay") == "10.00"


def test_an_image_is_nobodys_draft(desk: MoneyDesk) -> None:
    model = page(desk, PPO)
    model.keep_card(1, "front", PNG)
    assert desk.desk.drafts.of(desk.who) == []
    filed(model)
    with read_transaction(desk.desk.journal.engine) as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM local_drafts").scalar_one() == 0
