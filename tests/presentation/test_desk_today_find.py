"""Today, Find, the palette and the first start: intents in, states out."""

from __future__ import annotations

from datetime import date

import pytest

from access_desk.domain.patients.commands import NewPatient
from access_desk.domain.patients.events import Demographics
from access_desk.domain.patients.state import PatientState
from access_desk.domain.visits.events import VisitDetails, VisitRegistered
from access_desk.presentation.find_patient import TOO_FEW, FindModel
from access_desk.presentation.first_start import PRACTICE_STAFF, FirstStartModel, set_up_practice
from access_desk.presentation.palette import DO, GO_TO, HELP, PaletteModel
from access_desk.presentation.registration import RegistrationModel
from access_desk.presentation.today_actions import TodayModel
from access_desk.services.registration import Registration
from tests.presentation.money_desk import HeldRuns, MoneyDesk, run_now

PAGES = ("today", "find", "register", "payment", "drawer", "handoff")


@pytest.fixture
def desk() -> MoneyDesk:
    return MoneyDesk()


def today(desk: MoneyDesk) -> TodayModel:
    model = TodayModel(desk.desk, run_now, lambda: desk.who)
    model.refresh()
    return model


def register(desk: MoneyDesk, family: str, given: str, born: date, kind: str = "outpatient", phone: str = "2165550148") -> str:
    person = NewPatient(Demographics(family, given, birth_date=born, sex="female", phone=phone), despite_match="seen")
    events = desk.desk.registration.register(desk.desk.by(desk.dana), Registration(VisitDetails(kind, "Lab"), (), person))
    return next(event.body.visit_id for event in events if isinstance(event.body, VisitRegistered))


# ---------------------------------------------------------------- Today


def test_the_longest_wait_comes_first(desk: MoneyDesk) -> None:
    register(desk, "Early", "Ann", date(1980, 1, 1), phone="")
    desk.later(12)
    register(desk, "Late", "Bea", date(1981, 1, 1), phone="")
    register(desk, "Ready", "Cleo", date(1982, 1, 1))
    desk.later(4)
    state = today(desk).state
    assert [(row.family, row.wait, row.wait_tone) for row in state.waiting] == [
        ("Early", "16 min", "late"),
        ("Late", "4 min", "plain"),
    ]
    assert state.waiting_text == "2 people, longest 16 min, target 15 min"
    assert state.selected == state.waiting[0].visit_id
    assert [(row.family, row.status, row.wait_tone) for row in state.done] == [("Ready", "Registered", "done")]


def test_waits_grow_without_asking_again(desk: MoneyDesk) -> None:
    register(desk, "Vega", "Ann", date(1980, 1, 1), phone="")
    model = today(desk)
    desk.later(3)
    model.tick()
    assert model.state.waiting[0].wait == "3 min"


def test_an_emergency_shows_no_sum_before_its_exam(desk: MoneyDesk) -> None:
    visit = desk.register("250.00", kind="emergency")
    model = today(desk)
    row = model.state.waiting[0]
    assert (row.status, row.owed, row.may_pay) == ("Screening exam to come", "–", False)
    model.ask_milestone()
    assert model.state.milestone is not None
    assert [name for name, _ in model.state.milestone.choices][:2] == ["triaged", "mse_completed"]
    model.record_milestone("mse_completed")
    assert model.state.row(visit) is not None
    assert model.state.waiting[0].owed == "$250.00"


def test_who_left_is_done(desk: MoneyDesk) -> None:
    register(desk, "Vega", "Ann", date(1980, 1, 1))
    model = today(desk)
    model.ask_milestone()
    model.record_milestone("departed")
    assert model.state.waiting == ()
    assert [row.status for row in model.state.done] == ["Departed"]
    model.ask_milestone()
    assert model.state.milestone is None
    assert "no milestone left" in model.state.notice


def test_recording_a_milestone_twice_records_it_once(desk: MoneyDesk) -> None:
    register(desk, "Vega", "Ann", date(1980, 1, 1))
    runs = HeldRuns()
    model = TodayModel(desk.desk, runs, lambda: desk.who)
    model.refresh()
    runs.run_all()
    model.ask_milestone()
    model.record_milestone("admitted")
    model.record_milestone("admitted")
    runs.run_all()
    assert desk.kinds().count("visit.progressed") == 1


def test_names_are_hidden_everywhere_on_the_page(desk: MoneyDesk) -> None:
    register(desk, "Vega-Trujillo", "Marisol", date(1987, 3, 14))
    form = RegistrationModel(desk.desk, run_now, lambda: desk.who)
    form.open_new({"family": "Stavros", "given": "Elena"})
    form.park()
    model = today(desk)
    model.hide_names(hidden=True)
    assert (model.state.rows[0].family, model.state.rows[0].identity) == ("V•••, M.", "Born 1987  MRN ••••0001")
    assert model.state.parked[0].title == "S•••, E."
    assert "Vega" not in repr([row.spoken for row in model.state.rows])


def test_drafts_of_others_are_not_listed(desk: MoneyDesk) -> None:
    form = RegistrationModel(desk.desk, run_now, lambda: desk.who)
    form.open_new({"family": "Stavros"})
    form.park()
    desk.who = desk.priya
    assert today(desk).state.parked == ()


# ---------------------------------------------------------------- Find


class Chosen:
    def __init__(self, desk: MoneyDesk) -> None:
        self.used: list[PatientState] = []
        self.created: list[tuple[dict[str, str], str, tuple[str, ...]]] = []
        self.model = FindModel(desk.desk, run_now, lambda: desk.who, self.used.append, self._create)

    def _create(self, values: dict[str, str], reason: str, seen: tuple[str, ...]) -> None:
        self.created.append((values, reason, seen))

    def search(self, **values: str) -> None:
        for name, text in values.items():
            self.model.type(name, text)
        self.model.search()


@pytest.fixture
def twins(desk: MoneyDesk) -> Chosen:
    register(desk, "Vega-Trujillo", "Marisol", date(1987, 3, 14))
    register(desk, "Vega-Trujillo", "Maricela", date(1987, 3, 14))
    return Chosen(desk)


def test_three_details_or_a_number_are_enough(twins: Chosen) -> None:
    twins.search(family="Vega", given="M")
    assert twins.model.state.notice == TOO_FEW
    assert twins.model.state.phase == "live"
    twins.search(birth_date="31487")
    assert twins.model.state.phase == "found"
    twins.model.clear()
    twins.search(number="480001")
    assert [column.name for column in twins.model.state.columns] == ["Vega-Trujillo, Marisol"]


def test_records_stand_beside_what_was_typed(twins: Chosen) -> None:
    twins.search(family="Vega Trujillo", given="Marisol", birth_date="3/14/1987", phone="2165550148")
    best, twin = twins.model.state.columns
    assert (best.chip, best.is_strong) == ("Strong match: 3 of 3", True)
    assert (twin.chip, twin.is_strong) == ("Perhaps a twin: 2 of 3", False)
    assert twin.cells[0].mark == "differs"
    assert twin.cells[0].pieces == (("Vega-Trujillo", False), (", ", False), ("Maricela", True))
    assert [cell.mark for cell in best.cells[:4]] == ["agrees", "agrees", "plain", "agrees"]
    assert twins.model.state.typed[3] == "(216) 555-0148"


def test_using_a_record_records_that_it_was_opened(desk: MoneyDesk, twins: Chosen) -> None:
    twins.search(family="Vega", given="Mari", birth_date="31487")
    twins.model.move(1)
    twins.model.use_selected()
    assert [one.demographics.family for one in twins.used] == ["Vega-Trujillo"]
    assert desk.kinds().count("record.viewed") == 1
    assert twins.model.state.phase == "empty"


def test_creating_needs_a_search_and_with_a_strong_match_a_reason(twins: Chosen) -> None:
    twins.model.ask_create()
    assert twins.created == []
    twins.search(family="Vega-Trujillo", given="Marisol", birth_date="31487")
    twins.model.ask_create()
    assert twins.model.state.asks_why
    twins.model.create_despite(" ")
    assert twins.created == []
    twins.model.create_despite("Cousin with the same name, passport seen")
    values, reason, seen = twins.created[0]
    assert values == {"family": "Vega-Trujillo", "given": "Marisol", "birth_date": "03/14/1987"}
    assert reason.startswith("Cousin")
    assert len(seen) == len(set(seen)) > 0


def test_nobody_found_creates_without_a_question(twins: Chosen) -> None:
    twins.search(family="Nguyễn", given="Linh", birth_date="5/5/1990")
    assert twins.model.state.phase == "nothing"
    twins.model.ask_create()
    assert twins.created == [({"family": "Nguyễn", "given": "Linh", "birth_date": "05/05/1990"}, "", ())]


def test_a_birth_date_that_cannot_be_stops_the_search(twins: Chosen) -> None:
    twins.search(family="Vega", given="M", birth_date="2/30/1987")
    assert twins.model.state.errors == {"birth_date": "February has 28 days in 1987."}
    assert twins.model.state.phase == "empty"


# ---------------------------------------------------------------- palette, first start


def palette(desk: MoneyDesk, done: list[str]) -> PaletteModel:
    model = PaletteModel(desk.desk, run_now, done.append, lambda: PAGES)
    model.open()
    return model


def test_verbs_come_first_then_places_then_help(desk: MoneyDesk) -> None:
    done: list[str] = []
    model = palette(desk, done)
    model.type("void")
    groups = [one.group for one in model.state.entries]
    assert groups == sorted(groups, key=(DO, GO_TO, HELP).index)
    assert model.state.entries[0].title == "Void a receipt…"
    model.choose()
    assert done == ["page:drawer"]
    assert not model.state.is_open


def test_receipts_are_found_by_number_and_patients_never(desk: MoneyDesk) -> None:
    desk.open_drawer()
    payment = desk.pay(desk.register("45.00"), "45.00")
    receipt = desk.desk.view.receipt(payment)
    assert receipt is not None
    model = palette(desk, [])
    model.type(receipt.receipt)
    found = [one for one in model.state.entries if one.command == f"receipt:{payment}"]
    assert [one.detail for one in found] == ["Cash $45.00, 9:00 AM"]
    model.type("Vega")
    assert model.state.entries == ()


def test_pages_that_are_not_there_are_not_offered(desk: MoneyDesk) -> None:
    done: list[str] = []
    model = PaletteModel(desk.desk, run_now, done.append, lambda: ("today",))
    model.open()
    assert {one.command for one in model.state.entries if one.command.startswith("page:")} == {"page:today"}


def test_a_practice_desk_is_set_up_once(desk: MoneyDesk) -> None:
    finished: list[bool] = []
    model = FirstStartModel(desk.desk, run_now, lambda: finished.append(True))
    model.choose_practice()
    assert model.state.phase == "ready"
    assert len(model.state.people) == len(PRACTICE_STAFF)
    drawers = len(desk.desk.view.facility().drawers)
    set_up_practice(desk.desk)
    assert len(desk.desk.view.facility().drawers) == drawers
    model.finish()
    assert finished == [True]
