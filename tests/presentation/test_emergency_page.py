"""The Emergency page: what is typed becomes an arrival, once; the log and its dialogs; times as clerks type them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from access_desk.domain.money import Money
from access_desk.domain.visits.emergency_views import EarlyPayment, EmtalaReport
from access_desk.presentation.emergency import FIELDS, EmergencyModel
from access_desk.presentation.emergency_log import read_age, read_identifier, read_moment, read_time, report_text
from access_desk.presentation.registration_dates import TypedTextError
from tests.presentation.money_desk import HeldRuns, MoneyDesk

NINE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def page(desk: MoneyDesk, runs: HeldRuns | None = None) -> EmergencyModel:
    model = EmergencyModel(desk.session(runs))
    model.opened()
    return model


def arrive(model: EmergencyModel, **typed: str) -> None:
    for name, text in {"family": "Okonkwo", "given": "Ada", "complaint": "chest pain", **typed}.items():
        model.type(name, text)
    model.register()


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("1424", time(14, 24)),
        ("2:24 PM", time(14, 24)),
        ("2:24p", time(14, 24)),
        ("12:05 am", time(0, 5)),
        ("0:07", time(0, 7)),
        ("142", time(1, 42)),
    ],
)
def test_times_as_clerks_type_them(typed: str, read: time) -> None:
    assert read_time(typed) == read


@pytest.mark.parametrize("typed", ["", "noon", "25:00", "12:60", "13:00 PM", "0:10 AM"])
def test_times_that_cannot_be(typed: str) -> None:
    with pytest.raises(TypedTextError):
        read_time(typed)


def test_the_running_minute_is_now() -> None:
    now = NINE + timedelta(seconds=31)
    assert read_moment("11/23/2026", "9:00 AM", now) == now
    assert read_moment("", "8:59", now) == NINE - timedelta(minutes=1)


def test_one_identifier_is_a_birth_date_or_anything_else() -> None:
    assert read_identifier("3/14/1987", date(2026, 11, 23)) == (date(1987, 3, 14), "")
    assert read_identifier("scar on the chin", date(2026, 11, 23)) == (None, "scar on the chin")
    assert read_identifier("D1234567", date(2026, 11, 23)) == (None, "D1234567")
    with pytest.raises(TypedTextError):
        read_identifier("13/45/1987", date(2026, 11, 23))


def test_an_estimated_age_is_a_number_or_two() -> None:
    assert (read_age("35"), read_age("30-40"), read_age(" ")) == ((35, 35), (30, 40), None)
    with pytest.raises(TypedTextError):
        read_age("thirty")


def test_nothing_about_money_is_asked() -> None:
    asked = " ".join(FIELDS)
    assert not any(word in asked for word in ("payer", "plan", "copay", "member", "guarantor", "ssn", "employer"))


def test_an_arrival_is_registered_once_and_stands_on_the_log() -> None:
    desk, runs = MoneyDesk(), HeldRuns()
    model = EmergencyModel(desk.session(runs))
    model.opened()
    runs.run_all()
    arrive(model, identifier="3/14/1987")
    for _ in range(3):
        model.register()
    runs.run_all()
    assert desk.kinds().count("emergency.arrived") == 1
    assert desk.kinds().count("visit.registered") == 1
    (line,) = model.state.rows
    assert (line.name, line.complaint, line.became, line.late) == ("Okonkwo, Ada", "chest pain", "Still here", "")
    assert model.state.values.get("family", "") == ""


def test_an_arrival_needs_a_name_or_nobody_and_a_complaint() -> None:
    model = page(MoneyDesk())
    arrive(model, family="", given="", complaint=" ", at="25:99", identifier="13/45/1987")
    assert set(model.state.errors) == {"family", "complaint", "at", "identifier"}
    model.type("at", "8:00 AM")
    assert "at" not in model.state.errors


def test_what_happened_earlier_is_entered_as_late() -> None:
    model = page(MoneyDesk())
    arrive(model, at="7:10 AM")
    (line,) = model.state.rows
    assert (line.arrived, line.late) == ("7:10 AM", "Entered 1 h 50 later")


def test_a_page_left_open_registers_at_the_moment_of_f12() -> None:
    desk = MoneyDesk()
    model = page(desk)
    desk.later(45)
    arrive(model)
    assert (model.state.rows[0].arrived, model.state.rows[0].late) == ("9:45 AM", "")


def test_the_future_is_refused_with_everything_typed_kept() -> None:
    model = page(MoneyDesk())
    arrive(model, at="11:00 PM")
    assert "future" in model.state.problem
    assert model.state.values["complaint"] == "chest pain"


class TestOnFile:
    def test_somebody_alike_is_shown_and_used(self) -> None:
        desk = MoneyDesk()
        visit = desk.desk.view.visit(desk.register())
        assert visit is not None
        model = page(desk)
        arrive(model, family="Vega-Trujillo", given="Marisol", identifier="3/14/1987")
        assert [one.mrn for one in model.state.candidates] == [visit.mrn]
        model.use(model.state.candidates[0].patient_id)
        assert desk.kinds().count("patient.registered") == 1
        assert model.state.rows[0].patient_id == visit.patient_id

    def test_a_second_record_needs_a_reason(self) -> None:
        desk = MoneyDesk()
        desk.register()
        model = page(desk)
        arrive(model, family="Vega-Trujillo", given="Marisol", identifier="3/14/1987")
        model.register()
        assert model.state.asks == "despite"
        model.create_despite("  ")
        assert desk.kinds().count("patient.registered") == 1
        model.create_despite("A cousin of the same name and day")
        assert desk.kinds().count("patient.registered") == 2
        assert model.state.asks == ""


class TestUnidentified:
    def test_somebody_without_a_name_gets_one_and_is_identified_later(self) -> None:
        desk = MoneyDesk()
        model = page(desk)
        model.choose("unidentified")
        for name, text in (("complaint", "found on the road"), ("age", "30-40"), ("sex", "male")):
            model.type(name, text)
        model.register()
        (line,) = model.state.rows
        assert line.unidentified
        assert line.name.startswith("XX")
        alias = desk.desk.registration.alias_of(line.patient_id)
        assert alias is not None
        assert (alias.age_low, alias.age_high) == (30, 40)
        model.ask_for("identify")
        model.record({"family": "Ferreira", "given": "Tomás", "how": ""})
        assert "how the person was identified" in model.state.problem
        model.record({"family": "Ferreira", "given": "Tomás", "how": "driver license", "birth_date": "2/3/1961"})
        assert (model.state.asks, model.state.rows[0].name) == ("", "Ferreira, Tomás")
        model.ask_for("identify")
        assert model.state.asks == ""


def test_exam_stabilization_and_end_from_the_log() -> None:
    desk = MoneyDesk()
    model = page(desk)
    arrive(model)
    assert (model.state.rows[0].state, model.state.rows[0].detail) == ("Not triaged yet", "No payment may be asked for")
    desk.later(20)
    told = {"by": "Dr. Okafor", "role": "physician", "source": "clinician", "on": "", "at": ""}
    model.ask_for("exam")
    model.record({**told, "condition": "yes", "by": ""})
    assert "name of the person" in model.state.problem
    model.record({**told, "condition": "yes"})
    model.ask_for("stabilized")
    model.record({**told, "at": "nonsense"})
    assert model.state.asks == "stabilized"
    model.record(told)
    model.ask_for("end")
    model.record({**told, "disposition": "admitted"})
    (line,) = model.state.rows
    assert line.state == "Exam 9:20 AM"
    assert line.detail == "Dr. Okafor, Physician; Condition found; Stabilized 9:20 AM; Told by the clinician"
    assert (line.became, line.is_open) == ("Admitted and treated", False)
    assert [kind for kind in desk.kinds() if kind in ("screening.completed", "stabilization.recorded", "emergency.ended")] == [
        "screening.completed",
        "stabilization.recorded",
        "emergency.ended",
    ]


def test_leads_see_whether_a_payment_came_too_early() -> None:
    desk = MoneyDesk()
    model = page(desk)
    arrive(model)
    assert model.state.report == ""
    desk.who = desk.marcus
    model.refresh()
    assert model.state.report == "Payments before the exam: none. 1 arrivals, 1 still open, 0 entered late."
    early = EarlyPayment("02-000001", "P", "V", "1", Money(100), NINE, NINE, None, "dana", False)
    assert report_text(EmtalaReport((), (early,))) == ("1 payments before the exam: 02-000001. Tell compliance today.", "short")


def test_other_days_and_hidden_names() -> None:
    model = page(MoneyDesk())
    arrive(model)
    model.hide_names(hidden=True)
    assert model.state.rows[0].name == "O•••, A."
    assert "••••" in model.state.rows[0].number
    model.move_day(-1)
    assert (model.state.rows, model.state.day_text) == ((), "11/22/2026")
    model.move_day(5)
    assert model.state.day_text == "11/23/2026"
