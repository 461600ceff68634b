"""The Forms page without Qt: what it lists and words, and what its intents record."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from access_desk.domain.coverage.commands import CoverageFiling, PlanFiling
from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.forms.strokes import Point, Strokes
from access_desk.domain.visits.events import Coverage
from access_desk.presentation.form_lines import due_text, left_text, read_moment
from access_desk.presentation.forms import FormsViewModel
from tests.presentation.money_desk import PINS, HeldRuns, MoneyDesk

PEN = Strokes(400, 120, ((Point(10, 60, 0), Point(40, 20, 16), Point(70, 90, 33), Point(90, 50, 50)),))
CHICAGO = ZoneInfo("America/Chicago")
MEDICARE = Coverage("Medicare", member_id="1EG4TE5MK73", medicare=True)


@pytest.fixture
def money() -> MoneyDesk:
    return MoneyDesk()


def page(money: MoneyDesk, kind: str = "outpatient", plan: Coverage | None = None) -> FormsViewModel:
    visit = money.register(kind=kind)
    if plan is not None:
        money.desk.coverage.file(money.desk.by(money.dana), visit, CoverageFiling((PlanFiling(coverage=plan),)))
    model = FormsViewModel(money.session())
    model.load(visit)
    return model


def standing(model: FormsViewModel, form: str) -> str:
    return next(line.standing for line in model.state.lines if line.key == f"{form}/initial")


def test_it_opens_on_the_first_open_form_in_the_language_of_the_patient(money: MoneyDesk) -> None:
    model = page(money)
    assert model.state.name == "Vega-Trujillo, Marisol Ana"
    assert model.state.selected == "consent/initial"
    assert model.state.language == "es"
    assert model.state.text is not None
    assert model.state.text.title == "Consentimiento para el tratamiento"
    model.choose_language("en")
    model.choose("privacy_notice/initial")
    assert model.state.text.title == "Receipt of the notice of privacy practices"


def test_signing_offers_signs_and_goes_on(money: MoneyDesk) -> None:
    model = page(money)
    model.sign(PEN, explained=False)
    assert (model.state.problem, model.state.done) == ("", 1)
    assert standing(model, "consent") == "Signed"
    assert money.kinds()[-2:] == ["form.offered", "form.completed"]
    assert model.state.blocked == "This form is done."
    model.sign(PEN, explained=False)
    assert (model.state.problem, model.state.done) == ("This form is done.", 1)


def test_on_paper_refused_and_unable(money: MoneyDesk) -> None:
    model = page(money)
    model.sign(None, seen_by=money.priya, signer="Rafael Trujillo", relationship="husband", explained=False)
    assert standing(model, "consent") == "Signed"
    model.choose("privacy_notice/initial")
    model.refuse("", explained=False)
    assert model.state.problem == "Say why it is not signed. The reason stands on the form."
    model.refuse("wants to read it at home", explained=False)
    assert standing(model, "privacy_notice") == "Refused"
    model.choose("patient_rights/initial")
    model.unable("sedated", "", "")
    assert "second person" in model.state.problem
    model.unable("sedated", money.priya, "0000")
    assert "PIN" in model.state.problem
    model.unable("sedated", money.priya, PINS["priya"])
    assert standing(model, "patient_rights") == "Unable to sign"
    assert model.state.done == 3


def test_forms_about_money_wait_in_an_emergency(money: MoneyDesk) -> None:
    model = page(money, "emergency")
    model.choose("financial_policy/initial")
    assert standing(model, "financial_policy") == "Wait for the release"
    assert model.state.blocked.startswith("Emergency visit")
    model.offer()
    model.sign(PEN, explained=False)
    assert "form.offered" not in money.kinds()


def test_a_clock_is_told_with_its_time_left(money: MoneyDesk) -> None:
    model = page(money, "observation", MEDICARE)
    line = next(one for one in model.state.lines if one.key == "observation_notice/initial")
    assert (line.clock, line.clock_tone) == ("1 d 12 h left", "")
    money.later(33 * 60)
    model.refresh()
    line = next(one for one in model.state.lines if one.key == "observation_notice/initial")
    assert (line.clock, line.clock_tone) == ("3 h 0 min left", "attention")
    model.choose("observation_notice/initial")
    model.sign(PEN, explained=False)
    assert "aloud" in model.state.problem
    money.later(4 * 60)
    model.sign(PEN, explained=True)
    line = next(one for one in model.state.lines if one.key == "observation_notice/initial")
    assert (line.clock, line.clock_tone) == ("Late", "short")


def test_without_a_visit_all_clocks_are_listed_without_names(money: MoneyDesk) -> None:
    page(money, "inpatient", MEDICARE)
    model = FormsViewModel(money.session())
    model.load("")
    (clock,) = model.state.clocks
    assert (clock.title, clock.left) == ("Important Message from Medicare", "2 d 15 h left")
    assert clock.due == "by the end of 11/25/2026"
    model.load(clock.visit_id)
    assert (model.state.clocks, len(model.state.lines)) == ((), 8)


def test_a_planned_discharge_starts_the_follow_up_copy(money: MoneyDesk) -> None:
    model = page(money, "inpatient", MEDICARE)
    model.choose("important_message/initial")
    model.sign(PEN, explained=False)
    model.note_stay("discharge_planned", "11/30/2026", "2:30 pm")
    assert model.state.said == "Noted. The clocks follow it."
    line = next(one for one in model.state.lines if one.key == "important_message/follow_up")
    assert (line.clock, line.due) == ("From 11/28/2026 12:00 AM", "by 11/30/2026 10:30 AM")
    model.note_stay("discharge_planned", "", "quarter past")
    assert model.state.problem == "Enter a time of day, like 2:30 PM or 1430."


def test_another_form_is_asked_for_with_a_reason(money: MoneyDesk) -> None:
    model = page(money, "outpatient", MEDICARE)
    assert [code for code, _ in model.state.askable] == ["good_faith_estimate", "advance_notice"]
    model.ask_for("advance_notice", " ")
    assert model.state.problem
    model.ask_for("advance_notice", "physical therapy above the limit")
    line = next(one for one in model.state.lines if one.key == "advance_notice/initial")
    assert line.official == "CMS-R-131, for physical therapy above the limit"


def test_a_double_press_records_once(money: MoneyDesk) -> None:
    runs = HeldRuns()
    model = FormsViewModel(money.session(runs))
    model.load(money.register())
    runs.run_all()
    model.sign(PEN, explained=False)
    model.sign(PEN, explained=False)
    runs.run_all()
    assert money.kinds().count("form.completed") == 1


def test_late_answers_about_another_visit_change_nothing(money: MoneyDesk) -> None:
    runs = HeldRuns()
    model = FormsViewModel(money.session(runs))
    model.load(money.register())
    model.load("")
    runs.run_all()
    assert (model.state.lines, model.state.name) == ((), "")


@pytest.mark.parametrize(
    ("left", "text"),
    [
        (timedelta(hours=5, minutes=20, seconds=59), "5 h 20 min left"),
        (timedelta(days=2, hours=3), "2 d 3 h left"),
        (timedelta(0), "0 min left"),
        (timedelta(minutes=-12), "12 min late"),
        (timedelta(days=-1, minutes=-1), "1 d 0 h late"),
    ],
)
def test_time_left_in_words(left: timedelta, text: str) -> None:
    assert left_text(left) == text


def test_midnight_is_the_end_of_the_day_before() -> None:
    assert due_text(datetime(2026, 11, 26, 6, 0, tzinfo=UTC), CHICAGO) == "by the end of 11/25/2026"
    assert due_text(datetime(2026, 11, 26, 6, 30, tzinfo=UTC), CHICAGO) == "by 11/26/2026 12:30 AM"


@pytest.mark.parametrize(
    ("day", "time", "expected"),
    [
        ("11/25/2026", "2:30 PM", datetime(2026, 11, 25, 20, 30, tzinfo=UTC)),
        ("112526", "1430", datetime(2026, 11, 25, 20, 30, tzinfo=UTC)),
        ("", "7", datetime(2026, 11, 23, 13, 0, tzinfo=UTC)),
        ("", "12 a.m.", datetime(2026, 11, 23, 6, 0, tzinfo=UTC)),
        ("", "12:05pm", datetime(2026, 11, 23, 18, 5, tzinfo=UTC)),
    ],
)
def test_a_moment_as_typed(day: str, time: str, expected: datetime) -> None:
    assert read_moment(day, time, date(2026, 11, 23), CHICAGO) == expected


@pytest.mark.parametrize(
    ("day", "time"),
    [("", ""), ("", "25"), ("", "13pm"), ("", "0am"), ("", "1260"), ("", "²3"), ("13/1/2026", "1"), ("3/8/2026", "2:30 am")],
)
def test_a_moment_that_does_not_exist(day: str, time: str) -> None:
    with pytest.raises(DeskError, check=lambda wrong: wrong.code is Refusal.BAD_VALUE):
        read_moment(day, time, date(2026, 11, 23), CHICAGO)
