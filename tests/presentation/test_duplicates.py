"""The Duplicates page and Find's list as one types: intents in, states out."""

from __future__ import annotations

from datetime import date

import pytest

from access_desk.domain.events import Fact
from access_desk.domain.facility.events import StaffAmended
from access_desk.domain.patients.commands import NewPatient
from access_desk.domain.patients.events import Demographics, PatientRegistered
from access_desk.domain.staff import Role
from access_desk.domain.visits.events import VisitDetails
from access_desk.presentation.duplicates import NOT_FOR_YOU, DuplicatesModel
from access_desk.presentation.find_patient import FindModel
from access_desk.services.registration import Registration
from tests.presentation.money_desk import HeldRuns, MoneyDesk, run_now


@pytest.fixture
def desk() -> MoneyDesk:
    return MoneyDesk()


def made(desk: MoneyDesk, family: str, given: str, despite: str = "", phone: str = "") -> str:
    new = NewPatient(Demographics(family, given, birth_date=date(1987, 3, 14), phone=phone), despite_match=despite)
    events = desk.desk.registration.register(desk.desk.by(desk.dana), Registration(VisitDetails(), (), new))
    return next(event.body.patient_id for event in events if isinstance(event.body, PatientRegistered))


def board(desk: MoneyDesk) -> DuplicatesModel:
    desk.desk.journal.record("system", [Fact(desk.desk.journal.facility_id, StaffAmended(desk.marcus, Role.LEAD, True))])
    model = DuplicatesModel(desk.desk, run_now, lambda: desk.marcus)
    model.refresh()
    return model


def test_a_lead_merges_with_a_reason_and_takes_it_back(desk: MoneyDesk) -> None:
    first = made(desk, "Vega", "Marisol")
    desk.later(1)
    second = made(desk, "Vega", "Marisol", "cousin", phone="2165550148")
    model = board(desk)
    assert [(pair.one.patient_id, pair.other.patient_id) for pair in model.state.pairs] == [(first, second)]
    assert [line.title for line in model.state.lines if line.differs] == []
    model.keep(2)
    model.ask("merge")
    model.decide(" ")
    assert (model.state.asks, model.state.notice) == ("merge", "Say how you know that this is one person.")
    model.decide("one passport")
    assert list(model.state.pairs) == []
    (merge, *_) = model.state.merges
    assert (merge.survivor.patient_id, merge.unmerged_at) == (second, None)
    model.ask("unmerge", merge.merge_id)
    model.decide("two passports")
    assert model.state.merges[0].unmerged_at is not None
    assert len(model.state.pairs) == 1
    model.ask("not_same")
    model.decide("two passports")
    assert list(model.state.pairs) == []


def test_a_registrar_is_told_whose_page_it_is(desk: MoneyDesk) -> None:
    model = DuplicatesModel(desk.desk, run_now, lambda: desk.dana)
    model.refresh()
    assert (model.state.refusal, model.state.pairs) == (NOT_FOR_YOU, ())


def test_names_are_hidden_and_what_differs_still_is_marked(desk: MoneyDesk) -> None:
    one, other = made(desk, "Vega", "Marisol"), made(desk, "Trujillo", "Elena")
    desk.desk.links.flag(desk.desk.by(desk.dana), one, other, "one phone")
    model = board(desk)
    model.hide_names(hidden=True)
    assert "Vega" not in repr(model.state.lines)
    assert [line.title for line in model.state.lines if line.differs] == ["Name"]


def test_of_a_protected_record_a_lead_sees_what_tells_people_apart(desk: MoneyDesk) -> None:
    one, other = made(desk, "Vega", "Marisol", phone="2165550148"), made(desk, "Trujillo", "Elena", phone="2165550149")
    desk.desk.links.flag(desk.desk.by(desk.dana), one, other, "one phone")
    desk.desk.privacy.flag(desk.desk.by(desk.dana), other, "vip", is_on=True, reason="asked for it")
    lines = {line.title: line for line in board(desk).state.lines}
    phone = lines["Phone"]
    assert {phone.one, phone.other} == {"2165550148", "•••"}
    assert phone.differs
    assert {lines["Name"].one, lines["Name"].other} == {"Vega, Marisol", "Trujillo, Elena"}


def find(desk: MoneyDesk, run: object = run_now) -> FindModel:
    return FindModel(desk.desk, run, lambda: desk.dana, lambda _: None, lambda *_: None)  # type: ignore[arg-type]


def test_an_answer_to_an_older_key_never_overwrites_a_newer_one(desk: MoneyDesk) -> None:
    made(desk, "Vega", "Marisol")
    made(desk, "Vought", "Ann")
    runs = HeldRuns()
    model = find(desk, runs)
    for text in ("Ve", "Veg", "Vo", "Vou"):
        model.type("family", text)
    assert len(runs.waiting) == 1, "one is asked, and only the newest waits behind it"
    runs.waiting.pop(0)()
    assert list(model.state.live) == []
    runs.run_all()
    assert [row.name for row in model.state.live] == ["Vought, Ann"]


@pytest.mark.parametrize("line", ["Marisol Vega 3/14/1987", "vega, marisol 03141987", "1987-03-14 Vega Marisol"])
def test_the_first_field_takes_everything_in_one_line(desk: MoneyDesk, line: str) -> None:
    made(desk, "Vega", "Marisol")
    model = find(desk)
    model.type("family", line)
    assert [row.name for row in model.state.live] == ["Vega, Marisol"]
    model.search()
    assert (model.state.phase, [one.is_strong for one in model.state.columns]) == ("found", [True])


def test_searching_wider_finds_what_was_mistyped(desk: MoneyDesk) -> None:
    made(desk, "Vega-Trujillo", "Margaret")
    model = find(desk)
    for name, text in (("family", "Vega Trujilo"), ("given", "Peggy"), ("birth_date", "3/14/1987")):
        model.type(name, text)
    model.search(wide=True)
    assert [one.name for one in model.state.columns] == ["Vega-Trujillo, Margaret"]


def test_a_retired_number_shows_the_survivor_with_a_banner(desk: MoneyDesk) -> None:
    kept, gone = made(desk, "Vega", "Marisol"), made(desk, "Vegga", "Mari", "typing")
    number = desk.desk.view.patient(gone).mrn
    model = board(desk)
    desk.desk.links.merge(desk.desk.by(desk.marcus), kept, gone, "one passport")
    assert model.state.refusal == ""
    looking = find(desk)
    looking.type("number", number)
    looking.search()
    assert [(one.patient_id, one.retired_mrn) for one in looking.state.columns] == [(kept, number)]
    assert number in looking.state.merged
