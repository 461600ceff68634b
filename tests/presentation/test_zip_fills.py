"""A ZIP code fills city and state, never over what a clerk typed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from access_desk.presentation.registration import RegistrationModel
from access_desk.presentation.registration_places import ZIP_CITY, choices_of
from access_desk.services.places import ZipPlaces
from tests.presentation.money_desk import HeldRuns, MoneyDesk
from tests.presentation.test_desk_registration import COMPLETE, fill, page, value

PLACES = {
    "44113": (("Cleveland", "OH"),),
    "44107": (("Lakewood", "OH"), ("Cleveland", "OH")),
    "10001": (("New York", "NY"),),
}


class KnownPlaces:
    def of_zip(self, zip_code: str) -> tuple[tuple[str, str], ...]:
        return PLACES.get(zip_code[:5], ())


def opened(runs: HeldRuns | None = None) -> tuple[MoneyDesk, RegistrationModel]:
    desk = MoneyDesk()
    desk.desk = replace(desk.desk, places=KnownPlaces())
    model = page(desk, runs)
    model.open_new({})
    return desk, model


def address(model: RegistrationModel) -> tuple[str, str]:
    return value(model, "city"), value(model, "state")


def test_a_zip_code_fills_blank_city_and_state_and_another_one_replaces_them() -> None:
    _, model = opened()
    fill(model, {"zip": "44113"})
    assert address(model) == ("Cleveland", "OH")
    fill(model, {"zip": "10001-1234"})
    assert address(model) == ("New York", "NY")
    fill(model, {"zip": "99999"})
    assert address(model) == ("", "")


def test_what_a_clerk_typed_stays() -> None:
    _, model = opened()
    fill(model, {"city": "Larkin Falls", "zip": "44113"})
    assert address(model) == ("Larkin Falls", "OH")
    fill(model, {"city": "Clevland", "zip": "10001"})
    assert address(model) == ("Clevland", "NY")
    fill(model, {"state": "PA", "zip": "44113"})
    assert address(model) == ("Clevland", "PA")


def test_several_cities_are_offered_and_one_can_be_chosen() -> None:
    desk, model = opened()
    assert model.state.form is not None
    assert ZIP_CITY not in model.state.form.field_keys()
    fill(model, {"zip": "44107"})
    assert address(model) == ("Lakewood", "OH")
    assert ZIP_CITY in model.state.form.field_keys()
    assert [text for _, text in choices_of(model.state.form)] == ["", "Lakewood, OH", "Cleveland, OH"]
    fill(model, {ZIP_CITY: "Cleveland, OH"})
    assert address(model) == ("Cleveland", "OH")
    fill(model, {**COMPLETE, "service": "MRI", "line": "1 Main St"})
    model.file()
    assert model.state.filed is not None
    filed = desk.desk.view.patient(model.state.filed.patient_id).demographics
    assert (filed.city, filed.state, filed.zip) == ("Cleveland", "OH", "44107")


def test_an_answer_that_comes_late_fills_nothing_of_another_code() -> None:
    runs = HeldRuns()
    _, model = opened(runs)
    runs.run_all()
    model.type("zip", "44113")
    model.leave("zip")
    model.type("zip", "10001")
    runs.run_all()
    assert address(model) == ("", "")


@pytest.mark.parametrize(
    ("typed", "first"),
    [("44113", ("Cleveland", "OH")), ("44113-0001", ("Cleveland", "OH")), ("00000", None), ("K1A 0B6", None), ("441", None)],
)
def test_the_table_that_is_brought_along(typed: str, first: tuple[str, str] | None) -> None:
    assert next(iter(ZipPlaces().of_zip(typed)), None) == first


def test_the_table_offers_several_cities() -> None:
    assert set(ZipPlaces().of_zip("00603")) == {("Aguadilla", "PR"), ("Ramey", "PR")}
