"""The Emergency page in the real window, by keyboard: an arrival, its exam, and nothing about money anywhere on it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from access_desk.ui.desk.emergency_view import EmergencyView
from access_desk.ui.kit.theme import keeper
from tests.ui.test_desk_pages import ALT, SHIFT, Stage

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def stage(qapp: QApplication, qtbot: QtBot) -> Iterator[Stage]:
    del qapp
    keeper().use("light")
    made = Stage(qtbot)
    made.enter()
    yield made
    made.window.close()
    made.program.stop()


def emergency(stage: Stage) -> EmergencyView:
    stage.press(Qt.Key.Key_F3, SHIFT)
    page = stage.window.here
    assert isinstance(page, EmergencyView)
    return page


def test_an_arrival_and_its_exam_without_the_mouse(stage: Stage) -> None:
    page = emergency(stage)
    assert stage.focused.objectName() == "emergency_family"
    stage.type("Okonkwo")
    stage.type("Ada", enter=True)
    complaint = page.findChild(QLineEdit, "emergency_complaint")
    while stage.focused is not complaint:
        stage.press(Qt.Key.Key_Return)
    stage.type("Chest pain", enter=False)
    for _ in range(3):
        stage.press(Qt.Key.Key_F12)
    assert stage.money.kinds().count("emergency.arrived") == 1
    assert [one.name for one in page.model.state.rows] == ["Okonkwo, Ada"]
    stage.press(Qt.Key.Key_3, ALT)
    stage.type("Dr. Okafor", enter=False)
    for _ in range(3):
        stage.press(Qt.Key.Key_F12)
    assert stage.money.kinds().count("screening.completed") == 1
    assert page.model.state.rows[0].state.startswith("Exam")


def test_an_unidentified_person_by_keyboard(stage: Stage) -> None:
    page = emergency(stage)
    stage.press(Qt.Key.Key_2, ALT)
    complaint = page.findChild(QLineEdit, "emergency_complaint")
    while stage.focused is not complaint:
        stage.press(Qt.Key.Key_Tab)
    stage.type("Found on the road", enter=False)
    stage.press(Qt.Key.Key_F12)
    assert page.model.state.rows[0].unidentified
    assert stage.focused.objectName() == "emergency_family"


def test_what_became_of_somebody_is_chosen_and_not_taken_for_granted(stage: Stage) -> None:
    page = emergency(stage)
    page.model.type("family", "Okonkwo")
    page.model.type("complaint", "Chest pain")
    stage.press(Qt.Key.Key_F12)
    stage.press(Qt.Key.Key_5, ALT)
    stage.press(Qt.Key.Key_F12)
    assert page.model.state.problem == "Choose what became of the person."
    assert "emergency.ended" not in stage.money.kinds()
    stage.type("Adm", enter=False)
    stage.press(Qt.Key.Key_F12)
    assert page.model.state.rows[0].became == "Admitted and treated"


def test_escape_records_nothing(stage: Stage) -> None:
    page = emergency(stage)
    page.model.type("family", "Okonkwo")
    page.model.type("complaint", "Chest pain")
    stage.press(Qt.Key.Key_F12)
    before = stage.money.kinds()
    stage.press(Qt.Key.Key_5, ALT)
    stage.press(Qt.Key.Key_Escape)
    assert page.model.state.asks == ""
    assert stage.money.kinds() == before


def test_nothing_about_money_is_on_the_page(stage: Stage) -> None:
    """Absent, not greyed: no such widget exists, before the exam or after."""
    page = emergency(stage)
    words = ("coverage", "payer", "copay", "member", "estimate", "insurance", "guarantor", "amount")
    names = [widget.objectName().lower() for widget in page.findChildren(QWidget)]
    assert [name for name in names if any(word in name for word in words)] == []
    labels = [label.text() for label in page.findChildren(QLabel) if "$" in label.text() or "opay" in label.text()]
    assert labels == []


def test_every_field_has_a_name_that_is_spoken(stage: Stage) -> None:
    page = emergency(stage)
    silent = [edit.objectName() for edit in page.findChildren(QLineEdit) if not edit.accessibleName()]
    assert silent == []
