"""Register says which forms a visit still needs, and leads to them by keyboard."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from access_desk.domain.forms.decide import CompleteForm
from access_desk.ui.kit.buttons import KeyButton
from tests.ui.test_desk_pages import ALT, SHIFT, Stage, _dressed, pytestmark, search, stage

__all__ = ["_dressed", "pytestmark", "stage"]


def side_texts(stage: Stage) -> str:
    side = stage.register().side
    return "\n".join(label.text() for label in side.findChildren(QLabel) if label.isVisible())


def test_a_filed_visit_names_its_forms_and_shift_f8_opens_them(stage: Stage) -> None:
    visit = stage.money.register("25.00")
    stage.enter()
    search(stage, "Vega Trujillo", "Marisol", "3/14/1987")
    stage.press(Qt.Key.Key_1)
    for key, text in {"phone": "2165550148", "service": "Lab draw"}.items():
        stage.register().model.type(key, text)
    stage.press(Qt.Key.Key_F12)
    filed = stage.register().model.state.filed
    assert filed is not None
    assert filed.visit_id != visit
    assert "Consent to treatment" in filed.forms
    shown = side_texts(stage)
    assert f"{len(filed.forms)} to do" in shown
    assert all(title in shown for title in filed.forms)
    stage.press(Qt.Key.Key_F8, SHIFT)
    assert stage.window.here is not None
    assert stage.window.here.page_id == "forms"


def test_a_visit_on_file_lists_them_among_what_filing_does_not_wait_for(stage: Stage) -> None:
    visit = stage.money.register("25.00")
    stage.enter()
    stage.window.resize(1366, 900)
    stage.window.go("register", ("visit", visit))
    stage.settle()
    due = stage.register().model.state.forms
    assert due[0] == "Consent to treatment"
    link = stage.register().side.findChild(KeyButton, "clear_forms")
    assert link is not None
    assert link.accessibleDescription() == f"{len(due)} to do: {', '.join(due)}"
    link.press()
    stage.settle()
    assert stage.window.here is not None
    assert stage.window.here.page_id == "forms"


def test_forms_that_are_done_are_not_listed(stage: Stage) -> None:
    visit = stage.money.register()
    forms, by = stage.desk.forms, stage.desk.by(stage.money.dana)
    before = [row.form.code for row in forms.of_visit(visit).rows if row.is_open]
    forms.complete(by, visit, CompleteForm("consent", "signed", method="paper"))
    stage.enter()
    stage.window.go("register", ("visit", visit))
    stage.settle()
    assert len(stage.register().model.state.forms) == len(before) - 1
    assert "Consent to treatment" not in stage.register().model.state.forms


def test_an_emergency_is_not_asked_for_forms_about_money(stage: Stage) -> None:
    """42 CFR 489.24(d)(4)."""
    visit = stage.money.register(kind="emergency")
    stage.enter()
    stage.window.go("register", ("visit", visit))
    stage.settle()
    due = stage.register().model.state.forms
    assert "Consent to treatment" in due
    assert not {"Financial policy", "Assignment of benefits"} & set(due)


def test_alt_and_a_number_open_that_section_also_when_everything_else_is_complete(stage: Stage) -> None:
    """Without a plan the coverage section never folds: the keyboard must not fall into it."""
    stage.enter()
    values = {"family": "Villanueva", "given": "Beatriz", "birth_date": "02/29/1996", "sex": "female"}
    stage.window.go("register", ("new", {**values, "phone": "2165550148", "service": "MRI", "entered": "paper"}, ""))
    stage.settle()
    for number, first in ((3, "register_type"), (2, "register_line"), (1, "register_family"), (4, "register_plan1.payer")):
        stage.press(getattr(Qt.Key, f"Key_{number}"), ALT)
        assert stage.focused.objectName() == first
        assert stage.register().model.state.section == number
        assert not stage.register().sections[number - 1].folded
