"""Coverage and clearance in the real window, by keyboard, offscreen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from access_desk.ui.kit.buttons import KeyButton
from access_desk.ui.kit.theme import keeper
from tests.ui.test_desk_pages import ALT, Stage

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
PERSON = {"family": "Nguyen", "given": "Linh", "birth_date": "05/05/1990", "sex": "female", "phone": "(216) 555-0148"}


@pytest.fixture(scope="module")
def _dressed(qapp: QApplication) -> None:
    del qapp
    keeper().use("light")


@pytest.fixture
def stage(_dressed: None, qtbot: QtBot) -> Iterator[Stage]:
    made = Stage(qtbot)
    yield made
    made.window.close()
    made.program.stop()


def test_coverage_and_clearance_with_the_keyboard_alone(stage: Stage) -> None:
    stage.enter()
    stage.register().model.open_new({**PERSON, "service": "MRI"})
    stage.press(Qt.Key.Key_F7)
    stage.press(Qt.Key.Key_4, ALT)
    assert stage.focused.objectName() == "register_plan1.payer"
    stage.type("Northlake Health")
    stage.press(Qt.Key.Key_Return)
    stage.press(Qt.Key.Key_Return)
    stage.type("75")
    stage.type("NHP447199203")
    stage.press(Qt.Key.Key_5, ALT)
    assert stage.focused.objectName() == "clear_eligibility1"
    stage.press(Qt.Key.Key_Return)
    assert stage.focused.objectName() == "register_plan1.eb_status"
    stage.type("Active", enter=True)
    stage.press(Qt.Key.Key_F12)
    assert stage.money.kinds()[-3:] == ["visit.registered", "eligibility.checked", "registration.checked"]
    assert "$75.00" in stage.texts()


def test_a_returning_patients_plan_is_one_key(stage: Stage) -> None:
    visit = stage.money.register("75.00")
    row = stage.desk.view.visit(visit)
    assert row is not None
    stage.enter()
    stage.register().model.open_patient(stage.desk.view.patient(row.patient_id))
    stage.press(Qt.Key.Key_F7)
    stage.settle()
    stage.press(Qt.Key.Key_4, ALT)
    assert stage.focused.objectName() == "useLastPlans"
    stage.press(Qt.Key.Key_Return)
    assert stage.form().value("plan1.payer") == row.coverages[0].payer
    assert "Northlake Health PPO" in stage.texts()


def test_the_questionnaire_with_the_keyboard_alone(stage: Stage) -> None:
    stage.enter()
    medicare = {"payer": "Medicare", "medicare": "1", "member_id": "1EG4TE5MK73"}
    stage.register().model.open_new({**PERSON, "service": "MRI"})
    for name, text in medicare.items():
        stage.register().model.type(f"plan1.{name}", text)
    stage.press(Qt.Key.Key_F7)
    stage.press(Qt.Key.Key_5, ALT)
    assert stage.focused.objectName() == "clear_questionnaire"
    stage.press(Qt.Key.Key_Return)
    for letter in ("n", "n", "n", "n", "n", "A", "n", "n"):
        stage.type(letter)
    assert stage.form().value("msp_spouse_employed") == "no"
    assert "Medicare pays first" in stage.texts()
    stage.press(Qt.Key.Key_F12)
    assert "mspq.answered" in stage.money.kinds()


def test_a_card_is_chosen_and_shown(stage: Stage, tmp_path: Path) -> None:
    picture = QImage(300, 190, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.darkBlue)
    scanned = tmp_path / "card.png"
    assert picture.save(str(scanned))
    stage.enter()
    stage.register().model.open_new({**PERSON, "service": "MRI"})
    stage.register().model.type("plan1.payer", "Northlake Health")
    stage.press(Qt.Key.Key_F7)
    stage.press(Qt.Key.Key_4, ALT)
    scan = stage.register().findChild(KeyButton, "scanCard1")
    assert scan is not None
    scan.press()
    stage.settle()
    stage.register().model.keep_card_file(1, "front", scanned)
    stage.settle()
    shown = stage.dialog().findChild(QLabel, "card_front")
    assert shown is not None
    assert not shown.pixmap().isNull()
    stage.press(Qt.Key.Key_Escape)
    assert "Card: front" in [button.text() for button in stage.register().findChildren(KeyButton) if button.isVisible()]
