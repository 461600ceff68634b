"""Details beyond demographics and visit: typed into the form, kept apart, back in the next visit's form."""

from __future__ import annotations

from datetime import date

import pytest

from access_desk.domain.registration.readings import read_race, read_state, read_time
from access_desk.presentation.registration_dates import TypedTextError
from access_desk.presentation.registration_details import shown_details, stored
from access_desk.storage.engine import read_transaction
from tests.presentation.money_desk import MoneyDesk
from tests.presentation.test_desk_registration import COMPLETE, fill, page, value

TODAY = date(2026, 11, 23)
ABOUT = {
    "preferred_name": "Mari <b>",
    "race_ethnicity": "as, wh",
    "photo_id": "driver_license",
    "guarantor": "spouse",
    "guarantor_name": "Trujillo, Rafael",
    "guarantor_birth_date": "9/2/85",
    "employer": "Larkin Falls Schools",
}
OF_VISIT = {"admission_type": "C", "arrival": "scheduled", "scheduled_at": "11", "accident": "auto", "accident_on": "11/20/2026"}


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("as, wh", "Asian, White"),
        ("hisp", "Hispanic or Latino"),
        ("Declined to answer", "Declined to answer"),
        ("mena", "Middle Eastern or North African"),
    ],
)
def test_race_and_ethnicity_is_read_from_beginnings(typed: str, shown: str) -> None:
    assert read_race(typed) == shown
    kept = stored({"race_ethnicity": typed}, ("race_ethnicity",), TODAY)
    assert shown_details(kept) == {"race_ethnicity": shown}


@pytest.mark.parametrize("typed", ["a", "martian", "declined, white"])
def test_race_and_ethnicity_that_is_not_clear_says_what_is_offered(typed: str) -> None:
    with pytest.raises(TypedTextError):
        read_race(typed)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("11", "11:00 AM"),
        ("1115", "11:15 AM"),
        ("2:15p", "2:15 PM"),
        ("14:15", "2:15 PM"),
        ("12a", "12:00 AM"),
        ("12 pm", "12:00 PM"),
    ],
)
def test_times_of_day(typed: str, shown: str) -> None:
    assert read_time(typed) == shown
    assert read_time(shown) == shown


@pytest.mark.parametrize("typed", ["25", "11:75", "13p", "soon"])
def test_a_time_that_cannot_be_is_told(typed: str) -> None:
    with pytest.raises(TypedTextError):
        read_time(typed)


def test_states_are_two_letters() -> None:
    assert read_state(" oh ") == "OH"
    with pytest.raises(TypedTextError):
        read_state("Ohio")


def test_details_are_filed_with_the_visit_and_stand_in_the_next_form() -> None:
    desk = MoneyDesk()
    model = page(desk)
    model.open_new({})
    fill(model, {**COMPLETE, **ABOUT, "service": "MRI", **OF_VISIT})
    model.file()
    filed = model.state.filed
    assert filed is not None
    assert [kind for kind in desk.kinds() if "details" in kind] == ["patient.details_given", "visit.details_given"]
    patient = desk.desk.view.patient(filed.patient_id)
    assert patient.details.values["race_ethnicity"] == "asian,white"
    assert patient.details.values["guarantor_birth_date"] == "1985-09-02"
    with read_transaction(desk.journal.engine) as connection:
        kept: dict[str, str] = dict(connection.exec_driver_sql("SELECT field, value FROM visit_details").all())
    assert kept == {
        "admission_type": "C",
        "arrival": "scheduled",
        "scheduled_at": "11:00",
        "accident": "auto",
        "accident_on": "2026-11-20",
    }
    model.open_patient(patient)
    assert value(model, "preferred_name") == "Mari <b>"
    assert value(model, "race_ethnicity") == "Asian, White"
    assert value(model, "guarantor_birth_date") == "09/02/1985"
    fill(model, {"service": "Lab", "employer": ""})
    model.file()
    assert "employer" not in desk.desk.view.patient(filed.patient_id).details.values
    assert desk.desk.view.patient(filed.patient_id).details.values["photo_id"] == "driver_license"
    assert desk.kinds().count("patient.details_given") == 2


def test_a_minor_is_never_their_own_guarantor() -> None:
    desk = MoneyDesk()
    model = page(desk)
    model.open_new({})
    fill(model, {**COMPLETE, "birth_date": "05/01/2012", "service": "MRI", "guarantor": "self"})
    assert "never their own guarantor" in model.state.errors["guarantor"]
    model.file()
    assert model.state.phase == "editing"
    assert any(problem.key == "guarantor" for problem in model.state.problems)
    fill(model, {"guarantor": "parent", "guarantor_name": "Rosa Vega", "guarantor_birth_date": "01/01/2010"})
    assert "under 18" in model.state.errors["guarantor_birth_date"]
    fill(model, {"guarantor_birth_date": "02/01/1985"})
    model.file()
    assert model.state.phase == "filed"


def test_questions_come_with_the_answers_that_raise_them() -> None:
    model = page(MoneyDesk())
    model.open_new({})
    form = model.state.form
    assert form is not None
    assert not {"guarantor_name", "accident_on", "scheduled_at"} & set(form.field_keys())
    fill(model, {"guarantor": "parent", "accident": "auto", "arrival": "scheduled"})
    assert model.state.form is not None
    assert {"guarantor_name", "accident_on", "scheduled_at"} <= set(model.state.form.field_keys())


def test_nobody_is_asked_who_pays_in_an_emergency_and_what_is_on_file_stays() -> None:
    desk = MoneyDesk()
    model = page(desk)
    model.open_new({})
    fill(model, {**COMPLETE, **ABOUT, "service": "MRI"})
    model.file()
    assert model.state.filed is not None
    patient_id = model.state.filed.patient_id
    model.open_patient(desk.desk.view.patient(patient_id))
    fill(model, {"type": "emergency", "reason": "Chest pain"})
    assert model.state.form is not None
    assert not {"guarantor", "employer", "employment"} & set(model.state.form.field_keys())
    model.file()
    assert model.state.phase == "filed"
    assert desk.desk.view.patient(patient_id).details.values["employer"] == "Larkin Falls Schools"
