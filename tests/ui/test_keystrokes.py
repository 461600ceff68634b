"""How many keys a registrar who knows the program needs, beyond the data they type; counted on the real screens."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from access_desk.domain.money import Money
from access_desk.domain.patients.commands import NewPatient
from access_desk.domain.patients.events import Demographics
from access_desk.domain.visits.events import Coverage, VisitDetails
from access_desk.services.registration import Registration
from access_desk.ui.kit.theme import keeper
from tests.ui.test_desk_pages import ALT, CTRL, NONE, Stage

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
MOST = 45


class Counted(Stage):
    """Counts every key that is no data: what is typed into a field does not count, Enter after it does."""

    def __init__(self, qtbot: QtBot) -> None:
        self.keys = 0
        super().__init__(qtbot)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
        self.keys += 1
        super().press(key, modifier)


@pytest.fixture
def stage(qapp: QApplication, qtbot: QtBot) -> Iterator[Counted]:
    del qapp
    keeper().use("light")
    made = Counted(qtbot)
    yield made
    made.window.close()
    made.program.stop()


def on_file(stage: Stage) -> None:
    """A patient of earlier, with everything that a registration needs."""
    born = date(1987, 3, 14)
    person = Demographics("Vega-Trujillo", "Marisol", birth_date=born, sex="female", phone="(216) 555-0148")
    plan = Coverage("Northlake Health", "PPO", "NHP447199203", "80-2217", "self", "Vega-Trujillo, Marisol", Money(7_500))
    registration = Registration(VisitDetails("outpatient", "Imaging"), (plan,), NewPatient(person))
    stage.desk.registration.register(stage.desk.by(stage.money.dana), registration)


def test_a_returning_insured_outpatient_pays_the_copay_within_the_keystrokes(stage: Counted) -> None:
    stage.money.open_drawer()
    on_file(stage)
    stage.enter()
    stage.keys = 0
    stage.press(Qt.Key.Key_F3)
    stage.type("Vega Trujillo")
    stage.type("Marisol")
    stage.type("31487")
    stage.press(Qt.Key.Key_1)
    assert stage.focused.objectName() == "register_service"
    stage.type("Physical therapy", enter=False)
    stage.press(Qt.Key.Key_4, ALT)
    assert stage.focused.objectName() == "useLastPlans"
    stage.press(Qt.Key.Key_Return)
    stage.press(Qt.Key.Key_F12)
    assert stage.money.kinds().count("visit.registered") == 2
    stage.press(Qt.Key.Key_F8)
    assert stage.window.here is not None
    assert stage.window.here.page_id == "payment"
    stage.type("75", enter=False)
    stage.press(Qt.Key.Key_F12)
    assert stage.money.kinds().count("payment.received") == 1
    receipts = [one for one in stage.desk.view.receipts_like("03-000001") if one.amount == Money(7_500)]
    assert len(receipts) == 1
    assert stage.keys <= MOST


def test_a_new_patient_is_registered_and_pays_without_the_mouse(stage: Counted) -> None:
    stage.money.open_drawer()
    stage.enter()
    stage.keys = 0
    stage.press(Qt.Key.Key_F3)
    stage.type("Nguyen")
    stage.type("Linh")
    stage.type("5/5/1990")
    stage.press(Qt.Key.Key_N, CTRL)
    while stage.focused.objectName() != "register_sex":
        stage.press(Qt.Key.Key_Return)
    stage.type("Fem", enter=False)
    stage.press(Qt.Key.Key_2, ALT)
    while stage.focused.objectName() != "register_phone":
        stage.press(Qt.Key.Key_Return)
    stage.type("2165550148", enter=False)
    stage.press(Qt.Key.Key_3, ALT)
    stage.press(Qt.Key.Key_Return)
    stage.type("Lab draw", enter=False)
    stage.press(Qt.Key.Key_4, ALT)
    stage.type("Northlake Health")
    while stage.focused.objectName() != "register_plan1.copay":
        stage.press(Qt.Key.Key_Return)
    stage.type("40")
    stage.type("NHP447199203", enter=False)
    stage.press(Qt.Key.Key_F12)
    assert stage.money.kinds().count("patient.registered") == 1, stage.register().model.state.problems
    stage.press(Qt.Key.Key_F8)
    stage.type("40", enter=False)
    stage.press(Qt.Key.Key_F12)
    assert stage.money.kinds().count("payment.received") == 1
