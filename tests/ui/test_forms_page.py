"""The Forms page in the real window: by keyboard, with a pen on the box, and back from a paper."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from access_desk.ui.desk.forms_view import FormsView
from access_desk.ui.desk.signature_pad import SignaturePad
from access_desk.ui.kit.feedback import Dialog
from access_desk.ui.kit.fields import LineEdit
from access_desk.ui.kit.theme import keeper
from tests.presentation.money_desk import PINS
from tests.ui.test_desk_pages import ALT, SHIFT, Stage

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def stage(qapp: QApplication, qtbot: QtBot) -> Iterator[Stage]:
    del qapp
    keeper().use("light")
    made = Stage(qtbot)
    made.money.register()
    made.enter()
    yield made
    made.program.stop()


def forms(stage: Stage) -> FormsView:
    page = stage.window.here
    assert isinstance(page, FormsView)
    return page


def open_forms(stage: Stage) -> FormsView:
    stage.press(Qt.Key.Key_F8, SHIFT)
    stage.settle()
    return forms(stage)


def standings(page: FormsView) -> dict[str, str]:
    return {line.key.split("/")[0]: line.standing for line in page.model.state.lines}


def test_a_signature_in_the_box(stage: Stage) -> None:
    page = open_forms(stage)
    assert stage.focused is page.table
    stage.press(Qt.Key.Key_F12)
    dialog = stage.dialog()
    stage.press(Qt.Key.Key_F12)
    assert "Nothing is signed yet" in stage.texts()
    (pad,) = dialog.findChildren(SignaturePad)
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(40, 60))
    for step in range(1, 30):
        QTest.mouseMove(pad, QPoint(40 + 8 * step, 60 + (step % 7) * 6))
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(300, 60))
    assert pad.is_signed
    drawn = pad.strokes()
    stage.press(Qt.Key.Key_F12)
    assert standings(page)["consent"] == "Signed"
    last = stage.desk.forms.of_visit(page.model.state.visit_id).state.last("consent")
    assert last is not None
    assert last.body.strokes is not None
    assert stage.desk.forms.strokes(last.body.strokes) == drawn
    assert [one for one in stage.window.findChildren(Dialog) if one.isVisible()] == []


def test_everything_but_the_pen_by_keyboard(stage: Stage) -> None:
    page = open_forms(stage)
    stage.press(Qt.Key.Key_O)
    assert standings(page)["consent"] == "Offered"
    stage.press(Qt.Key.Key_2, ALT)
    stage.press(Qt.Key.Key_F12)
    assert standings(page)["consent"] == "Signed"
    stage.press(Qt.Key.Key_Down)
    stage.press(Qt.Key.Key_3, ALT)
    stage.type("reads it at home")
    stage.press(Qt.Key.Key_F12)
    assert standings(page)["privacy_notice"] == "Refused"
    stage.press(Qt.Key.Key_Down)
    stage.press(Qt.Key.Key_4, ALT)
    stage.type("sedated")
    assert stage.focused.objectName() == "formWitnessPerson"
    stage.type("priya")
    assert stage.focused.objectName() == "formWitnessPin"
    stage.type(PINS["priya"], enter=False)
    stage.press(Qt.Key.Key_F12)
    assert standings(page)["patient_rights"] == "Unable to sign"
    stage.press(Qt.Key.Key_8, ALT)
    assert page.model.state.language == "en"
    stage.press(Qt.Key.Key_9, ALT)
    assert "Derechos" in stage.texts()


def test_a_refused_dialog_keeps_what_was_typed(stage: Stage) -> None:
    page = open_forms(stage)
    stage.press(Qt.Key.Key_4, ALT)
    stage.type("sedated", enter=False)
    stage.press(Qt.Key.Key_F12)
    assert "second person" in stage.texts()
    (reason,) = [one for one in stage.dialog().findChildren(LineEdit) if one.objectName() == "formReason"]
    assert reason.text() == "sedated"
    stage.press(Qt.Key.Key_Escape)
    assert standings(page)["consent"] == "Not offered"


def test_a_form_as_paper_and_back(stage: Stage) -> None:
    page = open_forms(stage)
    visit = page.model.state.visit_id
    stage.press(Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    here = stage.window.here
    assert here is not None
    assert here.page_id == "preview"
    assert "Form" in stage.texts()
    stage.press(Qt.Key.Key_Escape)
    assert forms(stage).model.state.visit_id == visit
    stage.press(Qt.Key.Key_7, ALT)
    stage.press(Qt.Key.Key_F12)
    assert stage.window.here is here
    assert "Face sheet" in stage.texts()


def test_hidden_names_and_no_visit(stage: Stage) -> None:
    open_forms(stage)
    assert "Vega-Trujillo" in stage.texts()
    stage.press(Qt.Key.Key_Period, Qt.KeyboardModifier.ControlModifier)
    assert "Vega-Trujillo" not in stage.texts()
    stage.press(Qt.Key.Key_F3)
    stage.press(Qt.Key.Key_F8, SHIFT)
    assert "No clock is running" in stage.texts()
