"""Register: intents in, states out, on an in-memory desk."""

from __future__ import annotations

from datetime import date

import pytest

from access_desk.domain.errors import UnavailableError
from access_desk.presentation.registration import RegistrationModel
from access_desk.presentation.registration_dates import TypedTextError, read_date, shown_age, shown_date
from access_desk.presentation.registration_fields import FORM_SPECS, settle
from tests.presentation.money_desk import HeldRuns, MoneyDesk, run_now

TODAY = date(2026, 11, 23)
COMPLETE = {"family": "Vega-Trujillo", "given": "Marisol", "birth_date": "31487", "sex": "female", "phone": "2165550148"}


@pytest.fixture
def desk() -> MoneyDesk:
    return MoneyDesk()


def page(desk: MoneyDesk, runs: HeldRuns | None = None) -> RegistrationModel:
    return RegistrationModel(desk.desk, runs or run_now, lambda: desk.who)


def fill(model: RegistrationModel, values: dict[str, str]) -> None:
    for key, text in values.items():
        model.type(key, text)
        model.leave(key)


def value(model: RegistrationModel, key: str) -> str:
    assert model.state.form is not None
    return model.state.form.value(key)


@pytest.mark.parametrize("typed", ["31487", "3/14/87", "03141987", "03/14/1987", "1987-03-14", " 3-14-1987 "])
def test_birth_dates_are_read_as_typed(typed: str) -> None:
    assert shown_date(read_date(typed, TODAY, birth=True)) == "03/14/1987"


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("02/30/1987", "February has 28 days in 1987."),
        ("3/14/14", "1914 or 2014? Enter the year with four digits."),
        ("13/01/1987", "Months run from 1 to 12. Enter month, day, year, like 03/14/1987."),
        ("11/24/2026", "This birth date lies in the future. Check the year."),
        ("tomorrow", "Enter month, day and year, like 03/14/1987."),
    ],
)
def test_a_date_that_cannot_be_says_what_to_do(typed: str, text: str) -> None:
    with pytest.raises(TypedTextError) as wrong:
        read_date(typed, TODAY, birth=True)
    assert wrong.value.text == text


def test_ages_of_the_young_are_exact() -> None:
    assert [shown_age(born, TODAY) for born in (date(2026, 11, 20), date(2026, 3, 1), date(1987, 3, 14))] == [
        "3 d",
        "8 mo",
        "39 y",
    ]


@pytest.mark.parametrize(
    ("name", "typed", "shown"),
    [
        ("phone", "216.555.0148", "(216) 555-0148"),
        ("phone", "+49 30 1234", "+49 30 1234"),
        ("phone", "none", "none"),
        ("ssn", "219096613", "219-09-6613"),
        ("zip", "449901234", "44990-1234"),
        ("zip", "K1A 0B6", "K1A 0B6"),
        ("family", "  <b>O'Néill</b>\u202e ", "  <b>O'Néill</b>\u202e "),
    ],
)
def test_fields_are_formatted_or_left_alone(name: str, typed: str, shown: str) -> None:
    assert settle(FORM_SPECS[name], typed, TODAY) == shown


def test_a_short_phone_is_told_on_leaving_and_cleared_while_typing(desk: MoneyDesk) -> None:
    model = page(desk)
    model.open_new({})
    model.type("phone", "(216) 555-019")
    assert model.state.errors == {}
    model.leave("phone")
    assert model.state.errors == {"phone": "Enter 10 digits. 9 are typed."}
    assert [(one.label, one.detail) for one in model.state.missing if one.key == "phone"] == [
        ("Mobile phone", "Contact: 9 of 10 digits")
    ]
    model.type("phone", "(216) 555-0199")
    assert model.state.errors == {}


def test_f12_with_blanks_lists_them_and_records_nothing(desk: MoneyDesk) -> None:
    model = page(desk)
    model.open_new({"family": "Vega"})
    model.file()
    assert [one.key for one in model.state.problems] == ["given", "birth_date", "sex", "phone", "service"]
    assert model.state.problems[0].text == "Legal first name: enter the legal first name."
    assert model.state.phase == "editing"
    assert "patient.registered" not in desk.kinds()


def test_a_complete_registration_is_filed_once(desk: MoneyDesk) -> None:
    model = page(desk)
    model.open_new({})
    fill(
        model,
        {**COMPLETE, "service": "MRI lumbar spine", "plan1.payer": "Northlake", "plan1.member_id": "N1", "plan1.copay": "75"},
    )
    assert [one.label for one in model.state.owed.lines] == ["Copay, Northlake"]
    assert [one.status for one in model.state.sections] == ["complete", "look", "complete", "complete", "missing"]
    for _ in range(3):
        model.file()
    filed = model.state.filed
    assert filed is not None
    assert filed.mrn == "00480001"
    assert desk.kinds().count("patient.registered") == desk.kinds().count("visit.registered") == 1
    visit = desk.desk.view.visit(filed.visit_id)
    assert visit is not None
    assert (visit.demographics.birth_date, visit.demographics.phone) == (date(1987, 3, 14), "(216) 555-0148")
    assert visit.coverages[0].copay is not None
    assert str(visit.coverages[0].copay) == "75.00"
    assert desk.desk.drafts.of(desk.dana) == []


def test_pressing_f12_twice_before_the_answer_files_once(desk: MoneyDesk) -> None:
    runs = HeldRuns()
    model = page(desk, runs)
    model.open_new({})
    fill(model, {**COMPLETE, "service": "Lab"})
    model.file()
    model.file()
    runs.run_all()
    assert desk.kinds().count("visit.registered") == 1


def test_fields_that_were_never_left_are_filed_in_their_usual_form(desk: MoneyDesk) -> None:
    model = page(desk)
    model.open_new({**COMPLETE, "service": "Lab"})
    model.file()
    assert model.state.filed is not None
    assert desk.desk.view.patient(model.state.filed.patient_id).demographics.phone == "(216) 555-0148"


def test_hostile_text_is_kept_exactly(desk: MoneyDesk) -> None:
    name = '<img src="file:///etc/passwd">=1+1' + "\u202e" + "x" * 10_000
    model = page(desk)
    model.open_new({})
    fill(model, {**COMPLETE, "family": name, "service": "Lab"})
    model.file()
    assert model.state.filed is not None
    assert desk.desk.view.patient(model.state.filed.patient_id).demographics.family == name


def test_a_probable_duplicate_shows_the_match_and_asks_why(desk: MoneyDesk) -> None:
    desk.register(family="Vega-Trujillo")
    model = page(desk)
    model.open_new({})
    fill(model, {**COMPLETE, "service": "Lab"})
    model.file()
    assert model.state.beside is not None
    assert [one.name for one in model.state.beside.columns] == ["Vega-Trujillo, Marisol Ana"]
    assert model.state.phase == "editing"
    model.create_despite("  ")
    assert model.state.notice == "Say why a second record is made."
    model.create_despite("Twin sister, both cards seen")
    assert model.state.filed is not None


def test_the_match_can_be_used_instead(desk: MoneyDesk) -> None:
    desk.register(family="Vega-Trujillo")
    model = page(desk)
    model.open_new({})
    fill(model, {**COMPLETE, "service": "Lab"})
    model.file()
    model.use_beside(1)
    assert value(model, "service") == "Lab"
    assert value(model, "middle") == "Ana"
    fill(model, {"phone": "2165550148"})
    model.file()
    assert model.state.filed is not None
    assert desk.kinds().count("patient.registered") == 1
    assert desk.kinds().count("patient.amended") == 1
    assert "record.viewed" in desk.kinds()


def test_drafts_come_back_after_a_crash_and_stay_with_their_owner(desk: MoneyDesk) -> None:
    model = page(desk)
    model.open_new({})
    model.type("family", "Ngu")
    assert model.needs_saving
    model.save_draft()
    assert model.state.draft_text.startswith("Draft saved ")
    after = page(desk)
    after.open_latest()
    assert value(after, "family") == "Ngu"
    desk.who = desk.priya
    other = page(desk)
    other.open_latest()
    assert other.state.form is None
    assert other.state.drafts == ()


def test_a_filing_that_was_cut_off_is_not_doubled(desk: MoneyDesk) -> None:
    model = page(desk)
    model.open_new({})
    fill(model, {**COMPLETE, "service": "Lab"})
    model.save_draft()
    kept = desk.desk.drafts.of(desk.dana)[0]
    model.file()
    desk.desk.drafts.save(kept.draft_id, kept.owner_id, kept.kind, kept.title, kept.content)
    after = page(desk)
    after.open_latest()
    after.file()
    assert after.state.filed is not None
    assert desk.kinds().count("visit.registered") == 1


def test_parking_can_be_undone(desk: MoneyDesk) -> None:
    model = page(desk)
    model.open_new({"family": "Stavros", "given": "Elena"})
    model.park()
    assert model.state.notice == "Parked: Stavros, Elena"
    assert [(one.title, one.parked) for one in model.state.drafts] == [("Stavros, Elena", True)]
    model.undo_park()
    assert value(model, "family") == "Stavros"


def test_opening_another_form_parks_the_one_being_typed(desk: MoneyDesk) -> None:
    model = page(desk)
    model.open_new({"family": "One"})
    model.open_new({"family": "Two"})
    assert [(one.title, one.parked) for one in desk.desk.drafts.of(desk.dana)] == [("One", True)]


def test_emergency_visits_withhold_coverage_and_money(desk: MoneyDesk) -> None:
    model = page(desk)
    model.open_new({})
    fill(model, {"plan1.payer": "Northlake", "plan1.member_id": "1", "plan1.copay": "250"})
    fill(model, {"family": "Delacroix", "given": "Remy", "type": "emergency"})
    assert model.state.sections[3].status == "withheld"
    assert model.state.owed.due is None
    model.file()
    assert model.state.filed is not None
    visit = desk.desk.view.visit(model.state.filed.visit_id)
    assert visit is not None
    assert visit.coverages == ()


def test_an_unidentified_patient_needs_nothing_else(desk: MoneyDesk) -> None:
    model = page(desk)
    model.open_new({"who": "unidentified", "type": "emergency"})
    model.file()
    assert model.state.filed is not None
    assert desk.desk.view.patient(model.state.filed.patient_id).unidentified


def test_a_newborn_is_registered_by_its_mother(desk: MoneyDesk) -> None:
    desk.register()
    model = page(desk)
    model.open_new({"who": "newborn"})
    fill(model, {"birth_date": "11/23/2026", "sex": "female", "type": "newborn", "service": "Nursery"})
    fill(model, {"mother_mrn": "999"})
    assert model.state.errors == {"mother_mrn": "No record has this MRN. Register the mother first."}
    fill(model, {"mother_mrn": "480001"})
    assert model.state.errors == {}
    model.file()
    assert model.state.filed is not None
    assert model.state.filed.name == "Vega-Trujillo, Marisol Girl"
    assert model.state.banner is not None
    assert model.state.banner.name == "Vega-Trujillo, Marisol Girl"
    assert "Newborn of Vega-Trujillo, Marisol Ana" in model.state.banner.alerts


def test_a_newborn_that_was_searched_for_gets_a_safe_name_and_a_newborn_visit(desk: MoneyDesk) -> None:
    desk.register()
    model = page(desk)
    model.open_new({"family": "Vega-Trujillo", "given": "Baby", "birth_date": "11/23/2026"})
    fill(model, {"who": "newborn", "sex": "male", "mother_mrn": "480001", "birth_order": "1", "service": "Nursery"})
    assert model.state.form is not None
    assert model.state.form.values["type"] == "newborn"
    model.file()
    assert model.state.filed is not None
    assert model.state.filed.name == "Vega-Trujillo, Marisol Boy A"
    for chosen, then in (("outpatient", "outpatient"), ("emergency", "emergency")):
        model.open_new({"type": chosen})
        fill(model, {"who": "newborn"})
        fill(model, {"who": "known"})
        assert model.state.form.values["type"] == then


def test_somebody_unidentified_is_called_by_the_name_that_was_given(desk: MoneyDesk) -> None:
    model = page(desk)
    model.open_new({"who": "unidentified", "type": "emergency", "reason": "Fall"})
    model.file()
    assert model.state.filed is not None
    assert model.state.banner is not None
    assert model.state.filed.name.startswith("XX")
    assert model.state.banner.name == model.state.filed.name


def test_a_fault_keeps_everything_and_the_command_id(desk: MoneyDesk) -> None:
    failing = [True]

    def run(call, done, failed):  # type: ignore[no-untyped-def]
        if failing[0]:
            failed(UnavailableError("The disk is full."))
        else:
            run_now(call, done, failed)

    model = RegistrationModel(desk.desk, run, lambda: desk.who)
    model.open_new({})
    fill(model, {**COMPLETE, "service": "Lab"})
    form = model.state.form
    assert form is not None
    model.file()
    assert model.state.notice == "The disk is full."
    assert model.state.form is not None
    assert model.state.form.command_id == form.command_id
    failing[0] = False
    model.file()
    assert model.state.filed is not None


def test_a_visit_on_file_does_not_change_its_type(desk: MoneyDesk) -> None:
    visit = desk.register("75.00")
    model = page(desk)
    model.open_visit(visit)
    model.type("type", "inpatient")
    assert value(model, "type") == "outpatient"
    assert [one.label for one in model.state.owed.lines] == ["Copay, Northlake Health PPO 1"]
    fill(model, {"phone": "2165550148"})
    model.file()
    assert model.state.filed is not None
    assert desk.kinds().count("patient.amended") == 1
    assert desk.kinds().count("visit.registered") == 1
