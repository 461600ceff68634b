"""One person, one record, on the real screens and with the keyboard alone."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from access_desk.domain.events import Fact
from access_desk.domain.patients.commands import NewPatient
from access_desk.domain.patients.events import Demographics
from access_desk.domain.patients.number_events import PatientNumbered
from access_desk.domain.visits.events import VisitDetails
from access_desk.services.papers import PaperKey
from access_desk.services.registration import Registration
from access_desk.ui.desk.duplicates_view import DuplicatesView
from access_desk.ui.desk.rates_view import RatesView
from tests.services.test_duplicate_queue import imported_into
from tests.ui.test_desk_pages import ALT, CTRL, NONE, Stage, _dressed, pytestmark, search, stage

__all__ = ["_dressed", "pytestmark", "stage"]
TYPED = {"family": "Vega-Trujilo", "given": "Marisol", "birth_date": "03/14/1987", "sex": "female", "service": "Lab"}


def register(stage: Stage, given: str, phone: str = "(216) 555-0148") -> str:
    person = Demographics("Vega-Trujillo", given, birth_date=date(1987, 3, 14), sex="female", phone=phone)
    new = NewPatient(person, despite_match="seen")
    stage.desk.registration.register(stage.desk.by(stage.money.dana), Registration(VisitDetails("outpatient", "Lab"), (), new))
    visits = stage.desk.view.visits_today(stage.desk.view.status(stage.money.dana).business_date)
    return visits[-1].patient_id


def duplicates(stage: Stage) -> DuplicatesView:
    page = stage.window.page("duplicates")
    assert isinstance(page, DuplicatesView)
    return page


def go(stage: Stage, name: str) -> None:
    stage.press(Qt.Key.Key_K, CTRL)
    stage.type(name)


def test_the_record_on_file_is_used_at_filing_and_what_was_typed_changes_it(stage: Stage) -> None:
    known = register(stage, "Marisol")
    stage.enter()
    stage.register().model.open_new({**TYPED, "phone": "(216) 555-0177"})
    stage.press(Qt.Key.Key_F7)
    stage.press(Qt.Key.Key_F12)
    assert stage.focused.objectName() == "likelyReason"
    assert "differs" in stage.texts()
    stage.press(Qt.Key.Key_F12)
    assert "Say why a second record is made." in stage.texts()
    stage.press(Qt.Key.Key_1, ALT)
    assert stage.focused.objectName() == "register_family"
    assert "On file: Vega-Trujillo. Filing changes it." in stage.texts()
    assert isinstance(stage.focused, QLineEdit)
    stage.focused.selectAll()
    stage.type("Vega-Trujillo")
    stage.press(Qt.Key.Key_F12)
    assert stage.register().model.state.phase == "filed"
    now = stage.desk.view.patient(known)
    assert (now.demographics.family, now.demographics.phone) == ("Vega-Trujillo", "(216) 555-0177")
    assert stage.money.kinds().count("patient.registered") == 1


def test_esc_keeps_typing_and_nothing_was_made(stage: Stage) -> None:
    register(stage, "Marisol")
    stage.enter()
    stage.register().model.open_new({**TYPED, "phone": "(216) 555-0177"})
    stage.press(Qt.Key.Key_F7)
    stage.press(Qt.Key.Key_F12)
    stage.press(Qt.Key.Key_Escape)
    assert stage.register().model.state.beside is None
    assert stage.form().value("family") == "Vega-Trujilo"
    assert stage.money.kinds().count("patient.registered") == 1


def test_a_second_record_is_made_for_a_reason_then_merged_and_taken_back(stage: Stage) -> None:
    known = register(stage, "Marisol")
    stage.enter()
    search(stage, "Vega Trujillo", "Marisol", "31487")
    stage.press(Qt.Key.Key_N, CTRL)
    stage.type("Cousin, passport seen", enter=False)
    stage.press(Qt.Key.Key_F12)
    model = stage.register().model
    for name, text in (("sex", "female"), ("phone", "2165550190"), ("service", "Lab")):
        model.type(name, text)
    stage.press(Qt.Key.Key_F12)
    assert model.state.phase == "filed", "the record that was looked at is not asked about again"
    assert model.state.filed is not None
    number = model.state.filed.mrn
    stage.press(Qt.Key.Key_L, CTRL)
    stage.press(Qt.Key.Key_U, ALT)
    stage.enter("marcus")
    go(stage, "Duplicates")
    page = duplicates(stage)
    assert stage.focused is page.pairs
    assert page.model.state.why.endswith("Cousin, passport seen")
    stage.press(Qt.Key.Key_F12)
    stage.type("One passport", enter=False)
    stage.press(Qt.Key.Key_F12)
    assert list(page.model.state.pairs) == []
    stage.press(Qt.Key.Key_F3)
    stage.find().model.type("number", number)
    stage.press(Qt.Key.Key_F12)
    assert [one.patient_id for one in stage.find().model.state.columns] == [known]
    assert "was merged" in stage.texts()
    go(stage, "Duplicates")
    page.merges.setFocus()
    page.merges.choose_first()
    stage.press(Qt.Key.Key_Return)
    stage.type("Two passports", enter=False)
    stage.press(Qt.Key.Key_F12)
    assert len(page.model.state.pairs) == 1
    stage.press(Qt.Key.Key_4, ALT)
    stage.type("Cousins of one name", enter=False)
    stage.press(Qt.Key.Key_F12)
    assert list(page.model.state.pairs) == []
    assert stage.money.kinds()[-2:] == ["patient.linked", "patient.review_resolved"]


def test_two_found_records_go_to_a_lead_and_the_rates_say_so(stage: Stage) -> None:
    register(stage, "Marisol")
    register(stage, "Maricela")
    stage.enter()
    search(stage, "Vega Trujillo", "Mari", "31487")
    stage.press(Qt.Key.Key_E, CTRL)
    stage.press(Qt.Key.Key_2, ALT)
    stage.press(Qt.Key.Key_1, ALT)
    assert stage.focused.objectName() == "pairNote"
    stage.type("One telephone, one day", enter=False)
    stage.press(Qt.Key.Key_F12)
    assert stage.money.kinds()[-1] == "patient.flagged"
    stage.press(Qt.Key.Key_L, CTRL)
    stage.press(Qt.Key.Key_U, ALT)
    stage.enter("marcus")
    go(stage, "Duplicates")
    stage.press(Qt.Key.Key_6, ALT)
    page = stage.window.here
    assert isinstance(page, RatesView)
    assert [tile.figure for tile in page.model.state.tiles][:1] == ["100.00 %"]
    assert stage.focused is page.people
    stage.press(Qt.Key.Key_Down, NONE)
    assert page.model.state.person == stage.money.dana
    stage.press(Qt.Key.Key_4, ALT)
    assert page.model.state.first == "10/01/2026"


def test_an_old_wristband_is_said_until_it_was_printed_again(stage: Stage) -> None:
    known = register(stage, "Marisol")
    (visit,) = stage.desk.view.visits_of(known)
    stage.money.later(5)
    stage.desk.journal.record("system", [Fact(known, PatientNumbered(known, visit.mrn, "00490001"))])
    stage.enter()
    assert stage.today().model.state.waiting[0].status == "Print wristband again"
    stage.press(Qt.Key.Key_Return)
    assert "Print the wristband again" in stage.texts()
    stage.money.later(1)
    band = PaperKey("wristband", visit.visit_id)
    stage.desk.papers.record_print(band, stage.desk.papers.printing(band, stage.money.dana), stage.money.dana)
    stage.press(Qt.Key.Key_F2)
    assert stage.today().model.state.waiting == ()


def test_a_lead_compares_an_imported_index_with_a_key_and_goes_on_working(stage: Stage) -> None:
    imported_into(stage.desk, 12)
    stage.enter("marcus")
    go(stage, "Duplicates")
    page = duplicates(stage)
    assert "never compared" in stage.texts()
    stage.press(Qt.Key.Key_8, ALT)
    stage.press(Qt.Key.Key_F2)
    assert stage.window.here is stage.today()
    stage.qtbot.waitUntil(lambda: not page.sweep.state.is_running)
    stage.settle()
    go(stage, "Duplicates")
    assert len(page.model.state.pairs) == stage.desk.links.count_open() > 1
    assert page.sweep.state.part is None
    assert "The whole index was compared" in stage.texts()
