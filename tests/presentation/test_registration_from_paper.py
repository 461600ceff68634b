"""Register: what was taken on paper while the program was down, entered with when it happened."""

from __future__ import annotations

import pytest

from access_desk.presentation.registration import RegistrationModel
from access_desk.presentation.registration_drafts import RegistrationState
from tests.presentation.money_desk import MoneyDesk, run_now

COMPLETE = {
    "family": "Vega-Trujillo", "given": "Marisol", "birth_date": "31487", "sex": "female", "phone": "2165550148",
    "service": "MRI",
}  # fmt: skip


@pytest.fixture
def desk() -> MoneyDesk:
    return MoneyDesk()


def page(desk: MoneyDesk) -> RegistrationModel:
    return RegistrationModel(desk.desk, run_now, lambda: desk.who)


def fill(model: RegistrationModel, values: dict[str, str]) -> RegistrationState:
    for key, text in values.items():
        model.type(key, text)
        model.leave(key)
    return model.state


def test_the_date_and_time_are_asked_of_paper_only(desk: MoneyDesk) -> None:
    model = page(desk)
    model.open_new({})
    state = fill(model, COMPLETE)
    assert state.form is not None
    assert not {"came_on", "came_at", "paper_number"} & set(state.form.field_keys())
    state = fill(model, {"entered": "paper"})
    assert [(one.key, one.detail) for one in state.missing] == [
        ("came_on", "Visit: blank"),
        ("came_at", "Visit: blank"),
    ]
    model.file()
    assert [one.text for one in model.state.problems] == [
        "Date on the paper: enter the date on the paper.",
        "Time on the paper: enter the time on the paper.",
    ]
    assert "visit.registered" not in desk.kinds()


def test_it_is_filed_with_when_it_happened_and_shown_so(desk: MoneyDesk) -> None:
    model = page(desk)
    model.open_new({})
    fill(model, {**COMPLETE, "entered": "paper", "came_on": "11/22/26", "came_at": "210p", "paper_number": "R-0117"})
    assert model.state.banner is not None
    assert "From paper, 11/22/2026 2:10 PM" in model.state.banner.alerts
    model.file()
    assert model.state.filed is not None
    row = desk.desk.view.visit(model.state.filed.visit_id)
    assert row is not None
    assert f"{desk.desk.view.local(row.arrived_at):%m/%d %H:%M}" == "11/22 14:10"
    assert (row.entered_at, row.paper_number) == (desk.desk.journal.clock.now(), "R-0117")
    again = page(desk)
    again.open_visit(row.visit_id)
    form = again.state.form
    assert form is not None
    assert [form.value(key) for key in ("entered", "came_on", "came_at", "paper_number")] == [
        "paper", "11/22/2026", "2:10 PM", "R-0117",
    ]  # fmt: skip
    assert all(form.is_fixed(key) for key in ("entered", "came_on", "came_at", "paper_number"))
    assert form.service_on == "2026-11-22"


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"came_on": "11/23/2026", "came_at": "11:59 PM"}, "was taken before now. Check the date and the time"),
        ({"came_on": "11/22/2026", "came_at": "2:10 AM", "paper_number": "7" * 41}, "has at most 40 characters"),
    ],
)
def test_what_cannot_be_is_said_and_everything_typed_stays(desk: MoneyDesk, values: dict[str, str], text: str) -> None:
    model = page(desk)
    model.open_new({})
    fill(model, {**COMPLETE, "entered": "paper", **values})
    model.file()
    assert text in model.state.notice
    assert model.state.phase == "editing"
    assert model.state.form is not None
    assert model.state.form.value("came_at") == values["came_at"]
    assert "visit.registered" not in desk.kinds()


def test_a_date_in_the_future_or_long_ago_is_said_at_its_field(desk: MoneyDesk) -> None:
    model = page(desk)
    model.open_new({})
    state = fill(model, {**COMPLETE, "entered": "paper", "came_on": "11/24/2026"})
    assert state.errors["came_on"] == "This date lies in the future. Check the year."
    state = fill(model, {"came_on": "09/21/2026"})
    assert state.errors["came_on"] == "This is more than 62 days ago. Check the date on the paper."
    state = fill(model, {"came_on": "09/22/2026"})
    assert not state.errors.get("came_on")


def test_a_draft_from_paper_comes_back_whole(desk: MoneyDesk) -> None:
    model = page(desk)
    model.open_new({})
    fill(model, {**COMPLETE, "entered": "paper", "came_on": "11/22/2026", "came_at": "2:10 AM", "paper_number": "R-0117"})
    kept = model.state.form
    model.save_draft()
    again = page(desk)
    again.open_latest()
    assert again.state.form == kept


def test_when_a_registration_was_begun_is_kept_over_an_interruption(desk: MoneyDesk) -> None:
    model = page(desk)
    model.open_new({})
    begun = desk.desk.journal.clock.now()
    fill(model, COMPLETE)
    model.save_draft()
    desk.later(25)
    again = page(desk)
    again.open_latest()
    again.file()
    assert again.state.filed is not None
    today = desk.desk.view.now().date()
    (checked,) = desk.desk.quality.report(desk.desk.by(desk.marcus), today, today).registrations
    assert (checked.begun_at, checked.filed_at) == (begun, desk.desk.journal.clock.now())
