"""The Rates page: periods, figures, by person and by rule."""

from __future__ import annotations

from datetime import date

import pytest

from access_desk.domain.events import Fact
from access_desk.domain.facility.events import StaffAmended
from access_desk.domain.patients.commands import NewPatient
from access_desk.domain.patients.events import Demographics, PatientRegistered
from access_desk.domain.staff import Role
from access_desk.domain.visits.events import VisitDetails
from access_desk.presentation.rates import NOT_FOR_YOU, RatesModel, span_of
from access_desk.services.registration import Registration
from tests.presentation.money_desk import MoneyDesk, run_now


@pytest.fixture
def desk() -> MoneyDesk:
    made = MoneyDesk()
    made.desk.journal.record("system", [Fact(made.desk.journal.facility_id, StaffAmended(made.marcus, Role.LEAD, True))])
    return made


def register(desk: MoneyDesk, who: str, family: str, phone: str = "") -> str:
    person = Demographics(family, "Pat", birth_date=date(1980, 1, 1), sex="female", phone=phone)
    events = desk.desk.registration.register(
        desk.desk.by(who), Registration(VisitDetails("outpatient", "Lab"), (), NewPatient(person, despite_match="seen"))
    )
    return next(event.body.patient_id for event in events if isinstance(event.body, PatientRegistered))


def rates(desk: MoneyDesk, who: str = "") -> RatesModel:
    model = RatesModel(desk.desk, run_now, lambda: who or desk.marcus)
    model.open()
    return model


def test_a_registrar_is_told_whose_page_it_is(desk: MoneyDesk) -> None:
    state = rates(desk, desk.dana).state
    assert (state.refusal, state.tiles, state.people) == (NOT_FOR_YOU, (), ())


def test_figures_by_person_and_by_rule(desk: MoneyDesk) -> None:
    one = register(desk, desk.dana, "Alvarez", "(216) 555-0101")
    two = register(desk, desk.dana, "Brown")
    three = register(desk, desk.priya, "Chen", "(216) 555-0103")
    desk.desk.links.flag(desk.desk.by(desk.dana), one, two, "alike")
    desk.desk.links.merge(desk.desk.by(desk.marcus), one, three, "one passport")
    model = rates(desk)
    figures = {tile.name: tile.figure for tile in model.state.tiles}
    assert figures["Duplicate error rate"] == "100.00 %"
    assert figures["Duplicate creation rate"] == "33.33 %"
    assert figures["Overlay rate"] == "0.00 %"
    everybody, dana, priya = model.state.people
    assert (everybody.registrations, dana.registrations, priya.registrations) == (3, 2, 1)
    assert (dana.name, dana.duplicates, priya.duplicates) == ("Dana Whitfield", 0, 1)
    assert everybody.counted == dana.counted + priya.counted
    times = {line.rule_id: line.times for line in model.state.rules}
    model.select(desk.priya)
    mine = {line.rule_id: line.times for line in model.state.rules}
    assert mine
    assert all(times[rule] >= count for rule, count in mine.items())
    assert max(line.share for line in model.state.rules) == 1.0


SOMEBODY_ELSE = {"family": "Okonkwo", "given": "Ada", "birth_date": "1951-11-30", "sex": "male"}


def overlay_rate(desk: MoneyDesk) -> str:
    return next(tile.made_of for tile in rates(desk).state.tiles if tile.name == "Overlay rate")


@pytest.mark.parametrize(
    ("changes", "counted"),
    [
        (SOMEBODY_ELSE, 1),
        ({**SOMEBODY_ELSE, "sex": "female"}, 1),
        # A marriage, an adoption, exchanged names, a birth date put right: one person all the same.
        ({"family": "Okonkwo", "birth_date": "1951-11-30"}, 0),
        ({"family": "Okonkwo", "given": "Patricia", "birth_date": "1951-11-30"}, 0),
        ({"family": "Pat", "given": "Alvarez", "birth_date": "1951-11-30"}, 0),
        ({**SOMEBODY_ELSE, "birth_date": "1980-10-01"}, 0),
        ({**SOMEBODY_ELSE, "birth_date": ""}, 0),
    ],
)
def test_a_record_typed_over_with_another_person_is_a_probable_overlay(
    desk: MoneyDesk, changes: dict[str, str], counted: int
) -> None:
    patient = register(desk, desk.dana, "Alvarez")
    assert overlay_rate(desk).startswith("0 of 1: merges taken back and records overtyped")
    desk.desk.registration.amend(desk.desk.by(desk.dana), patient, changes)
    assert overlay_rate(desk).startswith(f"{counted} ")


def test_what_a_lead_changes_is_a_correction_and_a_record_counts_once(desk: MoneyDesk) -> None:
    patient = register(desk, desk.dana, "Alvarez")
    desk.desk.registration.amend(desk.desk.by(desk.marcus), patient, SOMEBODY_ELSE)
    assert overlay_rate(desk).startswith("0 ")
    for family, born in (("Brown", "1966-02-03"), ("Chen", "1999-08-19")):
        changes = {"family": family, "given": f"{family}y", "birth_date": born}
        desk.desk.registration.amend(desk.desk.by(desk.dana), patient, changes)
    assert overlay_rate(desk).startswith("1 ")


def test_who_is_identified_is_no_overlay(desk: MoneyDesk) -> None:
    new = NewPatient(Demographics(sex="female", birth_date=date(1970, 1, 1)), unidentified=True)
    visit = VisitDetails("emergency", "Emergency")
    events = desk.desk.registration.register(desk.desk.by(desk.dana), Registration(visit, (), new))
    patient = next(event.body.patient_id for event in events if isinstance(event.body, PatientRegistered))
    desk.desk.registration.identify(desk.desk.by(desk.dana), patient, SOMEBODY_ELSE, "driver licence")
    assert overlay_rate(desk).startswith("0 ")


def test_the_period_is_chosen_or_typed_and_stays(desk: MoneyDesk) -> None:
    register(desk, desk.dana, "Alvarez")
    model = rates(desk)
    assert (model.state.first, model.state.last) == ("10/25/2026", "11/23/2026")
    model.choose("before")
    assert (model.state.first, model.state.last) == ("10/01/2026", "10/31/2026")
    assert model.state.people[0].registrations == 0
    assert model.state.tiles[-1].figure == "–"
    model.type("first", "11/2/2026")
    model.type("last", "11/1/2026")
    model.look()
    assert model.state.errors == {"last": "The period ends before it begins."}
    model.type("last", "2/30/2026")
    model.look()
    assert model.state.errors["last"].startswith("February has 28 days")
    model.type("last", "112326")
    model.look()
    assert (model.state.last, model.state.period, model.state.people[0].registrations) == ("11/23/2026", "", 1)
    model.open()
    assert model.state.first == "11/02/2026"


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("30", date(2026, 2, 3), date(2026, 3, 4)),
        ("month", date(2026, 3, 1), date(2026, 3, 4)),
        ("before", date(2026, 2, 1), date(2026, 2, 28)),
    ],
)
def test_usual_periods(period: str, first: date, last: date) -> None:
    assert span_of(period, date(2026, 3, 4)) == (first, last)
