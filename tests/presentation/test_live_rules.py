"""The rules while a registration is typed: said at the field that was left and on the right side, and kept with the filing."""

from __future__ import annotations

import pytest

from access_desk.domain.registration.events import RegistrationChecked
from access_desk.presentation.registration import RegistrationModel
from access_desk.storage.event_log import events_about
from tests.presentation.money_desk import MoneyDesk
from tests.presentation.test_desk_registration import COMPLETE, fill, page

WHOLE = {
    **COMPLETE,
    "ssn": "219096613",
    "photo_id": "passport",
    "line": "418 Birchmont Avenue",
    "city": "Larkin Falls",
    "state": "oh",
    "zip": "44990",
    "emergency_contact": "none",
    "emergency_phone": "none",
    "guarantor": "self",
    "service": "MRI",
    "reason": "Back pain",
}


@pytest.fixture
def desk() -> MoneyDesk:
    return MoneyDesk()


def begun(desk: MoneyDesk, values: dict[str, str]) -> RegistrationModel:
    model = page(desk)
    model.open_new({})
    fill(model, values)
    return model


def checked(desk: MoneyDesk, model: RegistrationModel) -> RegistrationChecked:
    assert model.state.filed is not None
    visit = model.state.filed.visit_id
    events = desk.journal.read(lambda states: list(events_about(states.connection, "CHR", visit)))
    return next(event.body for event in events if isinstance(event.body, RegistrationChecked))


def advice(model: RegistrationModel) -> dict[str, bool]:
    return {one.key: one.is_error for one in model.state.advice}


def test_a_whole_registration_has_nothing_to_look_at(desk: MoneyDesk) -> None:
    model = begun(desk, WHOLE)
    assert (model.state.missing, model.state.advice, dict(model.state.errors), dict(model.state.cautions)) == ((), (), {}, {})
    model.file()
    body = checked(desk, model)
    assert (body.failed, body.caught, body.is_filing) == ((), (), True)


def test_an_ended_plan_is_said_at_its_field_and_does_not_stop_filing(desk: MoneyDesk) -> None:
    plan = {"plan1.payer": "Northlake", "plan1.member_id": "N12", "plan1.relationship": "self", "plan1.ends": "12/31/2025"}
    model = begun(desk, {**WHOLE, **plan})
    assert "ended before this visit" in model.state.errors["plan1.ends"]
    assert advice(model) == {"plan1.ends": True}
    assert model.state.sections[3].status == "fix"
    model.file()
    assert [(one.rule, one.field, one.severity) for one in checked(desk, model).failed] == [
        ("coverage.ended", "plan1.ends", "error")
    ]


def test_a_warning_is_said_beside_its_field_and_folds(desk: MoneyDesk) -> None:
    model = begun(desk, {**WHOLE, "family": "Vega Jr"})
    assert model.state.cautions == {"family": "Move Jr into Suffix."}
    assert model.state.sections[0].status == "complete"
    assert advice(model) == {"family": False}
    fill(model, {"family": "Vega", "suffix": "Jr"})
    assert (model.state.cautions, model.state.advice) == ({}, ())


def test_what_is_put_right_while_typing_is_caught(desk: MoneyDesk) -> None:
    model = begun(desk, {**WHOLE, "ssn": "66609661", "phone": "216555"})
    assert set(model.state.errors) == {"ssn", "phone"}
    model.file()
    assert model.state.phase == "editing"
    fill(model, {"ssn": "219096613", "phone": "none"})
    model.file()
    body = checked(desk, model)
    assert body.failed == ()
    assert [(one.rule, one.field) for one in body.caught] == [("phone.length", "phone"), ("ssn.length", "ssn")]


def test_nothing_is_said_while_somebody_types(desk: MoneyDesk) -> None:
    model = begun(desk, WHOLE)
    model.type("phone", "21")
    assert model.state.errors.get("phone", "") == ""
    model.leave("phone")
    assert model.state.errors["phone"] == "Enter 10 digits. 2 are typed."
    model.type("phone", "2165550148")
    assert model.state.errors.get("phone", "") == ""


def test_what_an_answer_asks_for_is_said_when_its_field_is_left_blank(desk: MoneyDesk) -> None:
    model = begun(desk, {**WHOLE, "interpreter": "phone"})
    model.leave("language")
    assert model.state.errors["language"] == "Enter the language to interpret."
    assert advice(model) == {"language": True}


def test_a_minor_needs_somebody_who_answers(desk: MoneyDesk) -> None:
    model = begun(desk, {**WHOLE, "birth_date": "05/01/2015"})
    assert "never their own guarantor" in model.state.errors["guarantor"]
    model.file()
    assert [one.key for one in model.state.problems] == ["guarantor"]
