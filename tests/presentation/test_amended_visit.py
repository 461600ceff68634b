"""A visit on file opened in Register: everything but its kind can be said again, and every word is kept."""

from __future__ import annotations

import pytest

from access_desk.storage.engine import read_transaction
from tests.presentation.money_desk import MoneyDesk
from tests.presentation.test_desk_registration import fill, page, value

PERSON = {"phone": "2165550148", "line": "418 Birchmont Avenue", "city": "Larkin Falls", "state": "OH", "zip": "44990"}
ABOUT = {
    "preferred_name": "Mari",
    "guarantor": "spouse",
    "guarantor_name": "Trujillo, Rafael",
    "employment": "full_time",
    "employer": "Larkin Falls Schools",
}
VISIT = {
    "service": "MRI",
    "reason": "Fall at work",
    "location": "North wing",
    "attending_npi": "1234567893",
    "accident": "work",
    "accident_on": "11/20/2026",
    "arrival": "scheduled",
    "scheduled_at": "11",
}


@pytest.fixture
def desk() -> MoneyDesk:
    return MoneyDesk()


def test_patient_details_and_visit_are_amended_with_their_history(desk: MoneyDesk) -> None:
    visit = desk.register("75.00")
    model = page(desk)
    model.open_visit(visit)
    assert (value(model, "service"), value(model, "type")) == ("Imaging", "outpatient")
    fill(model, {**PERSON, **ABOUT, **VISIT})
    model.file()
    assert model.state.phase == "filed"
    kinds = desk.kinds()
    assert [kinds.count(kind) for kind in ("patient.amended", "patient.details_given", "visit.details_given")] == [1, 1, 1]
    row = desk.desk.view.visit(visit)
    assert row is not None
    assert (row.details.service, row.details.reason, row.details.location) == ("MRI", "Fall at work", "North wing")
    assert (row.details.attending_npi, row.details.type) == ("1234567893", "outpatient")
    assert row.demographics.city == "Larkin Falls"
    model.open_visit(visit)
    assert {key: value(model, key) for key in ("reason", "accident_on", "scheduled_at", "employer", "phone")} == {
        "reason": "Fall at work",
        "accident_on": "11/20/2026",
        "scheduled_at": "11:00 AM",
        "employer": "Larkin Falls Schools",
        "phone": "(216) 555-0148",
    }
    desk.later(5)
    desk.who = desk.priya
    model.open_visit(visit)
    fill(model, {"location": "", "accident": "none"})
    model.file()
    row = desk.desk.view.visit(visit)
    assert row is not None
    assert (row.details.location, row.details.service) == ("", "MRI")
    with read_transaction(desk.journal.engine) as connection:
        said = connection.exec_driver_sql(
            "SELECT value, given_by FROM visit_details WHERE visit_id = ? AND field = 'location' ORDER BY stamp", (visit,)
        ).all()
        days = connection.exec_driver_sql("SELECT value FROM visit_details WHERE field = 'accident_on' ORDER BY stamp").all()
    assert [tuple(one) for one in said] == [("North wing", desk.dana), ("", desk.priya)]
    assert [one[0] for one in days] == ["2026-11-20", ""], "a question that is no longer asked has no answer"


def test_filing_a_visit_without_a_change_records_nothing(desk: MoneyDesk) -> None:
    visit = desk.register("75.00")
    model = page(desk)
    model.open_visit(visit)
    fill(model, PERSON)
    model.file()
    model.open_visit(visit)
    fill(model, {"service": "Lab"})
    fill(model, {"service": "Imaging"})
    before = [kind for kind in desk.kinds() if kind != "record.viewed"]
    model.file()
    assert model.state.phase == "filed"
    assert [kind for kind in desk.kinds() if kind != "record.viewed"] == before


def test_an_amended_visit_is_held_against_the_rules_again(desk: MoneyDesk) -> None:
    visit = desk.register()
    filed = desk.journal.read(lambda states: states.check(visit))
    assert filed is not None
    assert {one.rule for one in filed.failed} >= {"address.missing", "outpatient.reason", "missing.phone"}
    model = page(desk)
    model.open_visit(visit)
    fill(model, {**PERSON, "reason": "Back pain"})
    model.file()
    now = desk.journal.read(lambda states: states.check(visit))
    assert now is not None
    assert not {one.rule for one in now.failed} & {"address.missing", "outpatient.reason", "missing.phone"}
    assert desk.kinds().count("registration.checked") > 1


def test_an_amended_provider_number_that_cannot_exist_stays_typed(desk: MoneyDesk) -> None:
    visit = desk.register()
    model = page(desk)
    model.open_visit(visit)
    fill(model, {**PERSON, "attending_npi": "1234567890"})
    assert "NPI" in model.state.errors["attending_npi"]
    model.file()
    assert model.state.phase == "editing"
    assert value(model, "attending_npi") == "1234567890"
