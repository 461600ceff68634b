"""What has the keyboard is on screen, however it got there, on the window that most desks have."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from access_desk.ui.desk.register_section import FormRows
from access_desk.ui.kit.theme import keeper
from tests.ui.test_desk_pages import ALT, CTRL, Stage, search

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def stage(qapp: QApplication, qtbot: QtBot) -> Iterator[Stage]:
    del qapp
    keeper().use("light")
    made = Stage(qtbot)
    made.window.resize(1366, 768)
    made.enter()
    search(made, "Abara", "Grace", "6/1/1950")
    made.press(Qt.Key.Key_N, CTRL)
    yield made
    made.window.close()
    made.program.stop()


def is_in_view(stage: Stage) -> bool:
    """Whether the whole of the focused field is within what the form shows of itself."""
    stage.settle()
    QApplication.processEvents()
    here, view = stage.focused, stage.register()._scroller.viewport()
    top = here.mapTo(view, QPoint(0, 0))
    return top.y() >= 0 and top.y() + here.height() <= view.height() and top.x() + here.width() <= view.width()


def test_enter_leads_down_the_whole_form_in_view(stage: Stage) -> None:
    stage.press(Qt.Key.Key_F12)
    stage.press(Qt.Key.Key_Return)
    met: list[str] = []
    while stage.focused.objectName() != "addPlan":
        met.append(stage.focused.objectName())
        assert is_in_view(stage), met[-1]
        stage.press(Qt.Key.Key_Return)
    assert {"register_ssn", "register_employer_phone", "register_accident", "register_plan1.ends"} <= set(met)


def test_a_section_is_in_view_when_its_key_is_pressed(stage: Stage) -> None:
    stage.press(Qt.Key.Key_F12)
    for key in (Qt.Key.Key_4, Qt.Key.Key_1, Qt.Key.Key_3, Qt.Key.Key_2, Qt.Key.Key_5):
        stage.press(key, ALT)
        assert is_in_view(stage), stage.focused.objectName()


def test_a_long_message_in_the_summary_pushes_nothing_out_of_the_window(stage: Stage) -> None:
    while stage.focused.objectName() != "register_race_ethnicity":
        stage.press(Qt.Key.Key_Return)
    stage.type("martian")
    stage.press(Qt.Key.Key_F12)
    page = stage.register()
    assert "Native Hawaiian, White" in page.errors.accessibleName()
    content = page._scroller.widget()
    assert content is not None
    assert content.width() <= page._scroller.viewport().width()


def test_a_message_that_begins_with_a_month_keeps_its_capital(stage: Stage) -> None:
    register = stage.register().model
    register.type("accident", "auto")
    register.type("accident_on", "2/30/2026")
    stage.press(Qt.Key.Key_F12)
    assert [one.text for one in register.state.problems if "30" not in one.text and "days" in one.text] == [
        "Accident date: February has 28 days in 2026."
    ]


def test_what_unfolds_takes_its_place_in_the_order_of_the_page(stage: Stage) -> None:
    """A questionnaire that was opened late leads on to the next line, and not out of the page."""
    register = stage.register().model
    for key, text in (("plan1.payer", "Medicare"), ("plan1.medicare", "1"), ("plan1.relationship", "self")):
        register.type(key, text)
        register.leave(key)
    stage.press(Qt.Key.Key_5, ALT)
    assert stage.focused.objectName() == "clear_questionnaire"
    stage.press(Qt.Key.Key_Return)
    met = [stage.focused.objectName()]
    while met[-1] != "registerFile":
        stage.press(Qt.Key.Key_Tab)
        met.append(stage.focused.objectName())
        assert not met[-1].startswith("rail_"), met
    places = [met.index(name) for name in ("register_msp_black_lung", "clear_eligibility1", "missing_sex", "registerFile")]
    assert places == sorted(places)


def test_the_lines_of_the_summary_lead_on_into_the_form(stage: Stage) -> None:
    stage.press(Qt.Key.Key_F12)
    met = [stage.focused.objectName()]
    while not met[-1].startswith("register_"):
        stage.press(Qt.Key.Key_Tab)
        met.append(stage.focused.objectName())
    assert met == ["error1", "error2", "error3", "register_family"]


def test_an_estimate_is_no_higher_than_what_it_shows(stage: Stage) -> None:
    stage.press(Qt.Key.Key_5, ALT)
    stage.press(Qt.Key.Key_Return)
    for text in ("The", "11/20/2026", "12/10/2026", "MRI of knee", "Dr. Hale"):
        stage.type(text)
        QApplication.processEvents()
    fields = stage.register().clearance._panels["good_faith"]
    assert isinstance(fields, FormRows)
    assert [name for name in ("gf_item1", "gf_item2") if fields.fields[name].isVisible()] == ["gf_item1"]
    assert fields.height() <= fields.sizeHint().height() + 2
