"""A name's suffix stands where the facility wants it, on every list, banner and paper; the setting is an event."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from access_desk.cli import DONE, main
from access_desk.domain.full_name import AFTER_FAMILY, AFTER_GIVEN
from access_desk.domain.money import Money
from access_desk.domain.patients.commands import NewPatient
from access_desk.domain.patients.events import Demographics
from access_desk.domain.policy import Policy
from access_desk.domain.visits.events import Coverage, VisitDetails, VisitRegistered
from access_desk.presentation.drawer import DrawerViewModel
from access_desk.presentation.drawer_receipt import ReceiptViewModel
from access_desk.presentation.emergency import EmergencyModel
from access_desk.presentation.find_patient import FindModel
from access_desk.presentation.handoff_items import open_items
from access_desk.presentation.papers_drawing import draw_paper
from access_desk.presentation.payment import PaymentViewModel
from access_desk.presentation.payment_receipt import ReceiptHead, receipt_lines
from access_desk.presentation.payment_subject import payers_waiting
from access_desk.presentation.policy_form import policy_values, read_policy
from access_desk.presentation.privacy import PrivacyModel
from access_desk.presentation.registration import RegistrationModel
from access_desk.presentation.today_actions import TodayModel
from access_desk.services.papers import PaperKey
from access_desk.services.registration import Registration
from tests.documents.paper import read
from tests.presentation.money_desk import MoneyDesk, run_now

WRITTEN = {AFTER_GIVEN: "Vega, Rafael A Jr", AFTER_FAMILY: "Vega Jr, Rafael A"}


def registered(money: MoneyDesk, *plans: Coverage) -> VisitRegistered:
    person = Demographics("Vega", "Rafael", "A", "Jr", birth_date=date(1961, 12, 9), sex="male", phone="(216) 555-0147")
    registration = Registration(VisitDetails("outpatient", "Lab"), plans, NewPatient(person))
    events = money.desk.registration.register(money.desk.by(money.dana), registration)
    return next(event.body for event in events if isinstance(event.body, VisitRegistered))


@pytest.mark.parametrize("after", WRITTEN)
def test_it_is_written_alike_everywhere(after: str) -> None:
    money = MoneyDesk(Policy(suffix_after=after))
    desk, visit, name = money.desk, registered(money), WRITTEN[after]
    today = TodayModel(desk, run_now, lambda: money.dana)
    today.refresh()
    lists = today.state
    row = next(one for one in (*lists.waiting, *lists.done) if one.visit_id == visit.visit_id)
    assert row.family + row.rest == name
    find = FindModel(desk, run_now, lambda: money.dana, lambda _: None, lambda *_: None)
    find.type("family", "Vega")
    assert [one.name for one in find.state.live] == [name]
    find.type("given", "Rafael")
    find.type("birth_date", "12/09/1961")
    find.search()
    assert [(one.name, one.cells[0].text) for one in find.state.columns] == [(name, name)]
    find.ask_create()
    assert find.state.beside is not None
    assert [one.cells[0].text for one in find.state.beside.columns] == [name]
    register = RegistrationModel(desk, run_now, lambda: money.dana)
    register.open_visit(visit.visit_id)
    assert register.state.banner is not None
    assert register.state.banner.name == name
    privacy = PrivacyModel(desk, run_now, lambda: money.dana, lambda _: None)
    privacy.open(visit.patient_id)
    assert privacy.state.who == name
    for document in ("face-sheet", "wristband", "label"):
        assert name in read(draw_paper(desk, PaperKey(document, visit.visit_id), money.dana, record=False).pdf).text


def test_the_rules_of_the_facility_say_where() -> None:
    money = MoneyDesk()
    assert money.desk.view.suffix_after() == AFTER_GIVEN
    values = {**policy_values(Policy()), "suffix_after": AFTER_FAMILY}
    assert read_policy(values, Policy()) == replace(Policy(), suffix_after=AFTER_FAMILY)


MONEY = {AFTER_GIVEN: "Vega, Rafael A. Jr", AFTER_FAMILY: "Vega Jr, Rafael A."}


@pytest.mark.parametrize("after", MONEY)
def test_it_is_written_where_money_is_shown(after: str) -> None:
    money = MoneyDesk(Policy(suffix_after=after))
    desk, name = money.desk, MONEY[after]
    money.open_drawer()
    visit = registered(money, Coverage("Northlake Health", "PPO", copay=Money(2_500))).visit_id
    assert [one.name for one in payers_waiting(desk, money.dana)] == [name]
    assert [one.title for one in open_items(desk, money.dana)] == [name]
    page = PaymentViewModel(money.session(), lambda payment_id, language: b"", lambda pdf, name: None)
    page.load_visit(visit)
    assert page.state.subject is not None
    assert page.state.subject.name == name
    head = ReceiptHead("Cedar Hollow Regional", (), "", "Admitting 3", "Dana Whitfield", money.clock.now())
    assert "R. Vega Jr" in [line.right for line in receipt_lines(head, page.state)]
    payment = money.pay(visit, "25.00")
    drawer = DrawerViewModel(money.session())
    drawer.load()
    assert [one.patient for one in drawer.state.rows] == [name]
    receipt = ReceiptViewModel(money.session())
    receipt.load(payment)
    assert dict(receipt.state.details)["Patient"] == name
    assert "R. Vega Jr" in read(draw_paper(desk, PaperKey("receipt", payment), money.dana, record=False).pdf).text


def test_money_of_a_merged_record_has_the_suffix_of_the_one_that_stands() -> None:
    money = MoneyDesk()
    money.open_drawer()
    kept, gone = registered(money), money.register("25.00", family="Vegga")
    payment = money.pay(gone, "25.00")
    retired = money.desk.view.visit(gone)
    assert retired is not None
    money.desk.links.merge(money.desk.by(money.marcus), kept.patient_id, retired.patient_id, "same passport")
    row = money.desk.view.receipt(payment)
    assert row is not None
    assert (row.patient_family, row.patient_suffix) == ("Vega", "Jr")


@pytest.mark.parametrize("after", WRITTEN)
def test_it_is_written_in_the_emergency_log_and_in_alerts(after: str) -> None:
    money = MoneyDesk(Policy(suffix_after=after))
    visit = registered(money)
    page = EmergencyModel(money.session())
    page.opened()
    for name, text in (("family", "Vega"), ("given", "Rafael"), ("identifier", "12/09/1961"), ("complaint", "chest pain")):
        page.type(name, text)
    page.register()
    assert [one.name for one in page.state.candidates] == [WRITTEN[after]]
    page.use(visit.patient_id)
    assert [one.name for one in page.state.rows] == [WRITTEN[after]]
    alerts = money.desk.alerts.of(Demographics("Vega", "Rafael", birth_date=date(1990, 1, 1)))
    assert [one.demographics.suffix for one in alerts.namesakes] == ["Jr"]


def test_the_command_line_writes_it_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home, people = str(tmp_path / "desk"), tmp_path / "index.csv"
    people.write_text("source_id,family,given,middle,suffix,birth_date\n1,Vega,Rafael,A,Jr,1961-12-09\n", encoding="utf-8")
    assert main(["patients", "import", str(people), "--home", home]) == DONE
    capsys.readouterr()
    assert main(["patients", "find", "vega", "--home", home]) == DONE
    assert WRITTEN[AFTER_GIVEN] in capsys.readouterr().out
