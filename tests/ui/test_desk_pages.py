"""The desk's screens in the real window, by keyboard, offscreen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from access_desk.presentation.registration_form import RegistrationForm
from access_desk.presentation.sign_in import SignInModel
from access_desk.services.desk import Desk
from access_desk.sync.loop import SyncLoop
from access_desk.ui.desk.find_view import FindView
from access_desk.ui.desk.register_view import RegisterView
from access_desk.ui.desk.sign_in_view import SignInCover
from access_desk.ui.desk.today_view import TodayView
from access_desk.ui.kit.feedback import Dialog
from access_desk.ui.kit.theme import keeper
from access_desk.ui.program import Program
from access_desk.ui.shell.window import ShellWindow
from access_desk.ui.task_runner import TaskRunner
from tests.presentation.money_desk import PINS, MoneyDesk

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
NONE, CTRL, ALT, SHIFT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ShiftModifier,
)


class Stage:
    """The whole program over an in-memory desk, and a person's hands on its keyboard."""

    def __init__(self, qtbot: QtBot, sync: SyncLoop | None = None) -> None:
        self.qtbot, self.money = qtbot, MoneyDesk()
        self.desk: Desk = self.money.desk
        self.runner = TaskRunner()
        self.window = ShellWindow(idle_lock_s=100_000)
        self.sign_in = SignInModel(self.runner.run)
        self.cover = SignInCover(self.sign_in)
        qtbot.addWidget(self.window)
        self.window.cover_with(self.cover)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(lambda: QApplication.activeWindow() is self.window)
        self.program = Program(self.window, self.desk, self.runner, self.sign_in, self.cover, sync=sync)
        self.program.start()
        self.settle()

    def settle(self) -> None:
        self.qtbot.waitUntil(lambda: self.runner.is_idle)
        QApplication.processEvents()
        self.qtbot.waitUntil(lambda: self.runner.is_idle)

    @property
    def focused(self) -> QWidget:
        here = QApplication.focusWidget()
        assert here is not None
        return here

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifier)
        self.settle()

    def type(self, text: str, *, enter: bool = True) -> None:
        if text.isascii():
            QTest.keyClicks(self.focused, text)
        else:  # what an input method would put in
            assert isinstance(self.focused, QLineEdit)
            self.focused.insert(text)
        if enter:
            self.press(Qt.Key.Key_Return)

    def enter(self, who: str = "dana") -> None:
        self.type(who)
        self.type(PINS[who])

    def dialog(self) -> Dialog:
        (shown,) = [one for one in self.window.findChildren(Dialog) if one.isVisible()]
        return shown

    def find(self) -> FindView:
        page = self.window.page("find")
        assert isinstance(page, FindView)
        return page

    def today(self) -> TodayView:
        page = self.window.page("today")
        assert isinstance(page, TodayView)
        return page

    def register(self) -> RegisterView:
        page = self.window.page("register")
        assert isinstance(page, RegisterView)
        return page

    def form(self) -> RegistrationForm:
        form = self.register().model.state.form
        assert form is not None
        return form

    def texts(self) -> str:
        return "\n".join(label.text() for label in self.window.findChildren(QLabel) if label.isVisible())


@pytest.fixture(scope="module")
def _dressed(qapp: QApplication) -> None:
    # Once: a new style sheet is looked up again by every widget that still lives.
    del qapp
    keeper().use("light")


@pytest.fixture
def stage(_dressed: None, qtbot: QtBot) -> Iterator[Stage]:
    made = Stage(qtbot)
    yield made
    made.window.close()
    made.program.stop()


def search(stage: Stage, family: str, given: str, born: str) -> None:
    stage.press(Qt.Key.Key_F3)
    stage.type(family)
    stage.type(given)
    stage.type(born)


def test_a_new_patient_is_registered_with_the_keyboard_alone(stage: Stage) -> None:
    stage.enter()
    assert stage.window.here is stage.today()
    search(stage, "Nguyễn", "Linh", "5/5/1990")
    assert stage.find().model.state.phase == "nothing"
    stage.press(Qt.Key.Key_N, CTRL)
    assert stage.focused.objectName() == "register_family"
    for _ in range(4):
        stage.press(Qt.Key.Key_Return)
    assert stage.focused.objectName() == "register_birth_date"
    stage.press(Qt.Key.Key_Return)
    stage.type("Fem", enter=True)
    stage.press(Qt.Key.Key_2, ALT)
    phone = stage.register().findChild(QLineEdit, "register_phone")
    assert phone is not None
    while stage.focused is not phone:
        stage.press(Qt.Key.Key_Return)
    stage.type("2165550148")
    assert phone.text() == "(216) 555-0148"
    stage.press(Qt.Key.Key_3, ALT)
    stage.press(Qt.Key.Key_Return)
    stage.type("Lab draw", enter=False)
    for _ in range(3):
        stage.press(Qt.Key.Key_F12)
    assert stage.money.kinds().count("patient.registered") == 1
    assert stage.money.kinds().count("visit.registered") == 1
    stage.press(Qt.Key.Key_F2)
    assert [one.family for one in stage.today().model.state.done] == ["Nguyễn"]


def test_f12_with_blanks_goes_to_the_first_problem(stage: Stage) -> None:
    stage.enter()
    stage.press(Qt.Key.Key_F3)
    stage.press(Qt.Key.Key_R, CTRL)
    stage.register().model.open_new({"family": "Vega"})
    stage.settle()
    stage.press(Qt.Key.Key_F12)
    assert stage.focused.objectName() == "error1"
    stage.press(Qt.Key.Key_Return)
    assert stage.focused.objectName() == "register_given"


def test_a_record_on_file_is_used_by_its_number(stage: Stage) -> None:
    stage.money.register("75.00")
    stage.enter()
    search(stage, "Vega Trujillo", "Marisol", "31487")
    assert stage.focused.objectName() == "findUse1"
    stage.press(Qt.Key.Key_1)
    assert stage.focused.objectName() == "register_service"
    assert "record.viewed" in stage.money.kinds()


def test_creating_despite_a_match_asks_why(stage: Stage) -> None:
    stage.money.register("75.00")
    stage.enter()
    search(stage, "Vega Trujillo", "Marisol", "31487")
    stage.press(Qt.Key.Key_N, CTRL)
    dialog = stage.dialog()
    stage.press(Qt.Key.Key_F12)
    assert dialog.isVisible()
    stage.type("Twin, both cards seen", enter=False)
    stage.press(Qt.Key.Key_F12)
    assert stage.window.here is stage.register()
    assert stage.form().despite_match == "Twin, both cards seen"


def test_drafts_are_saved_after_typing_stops_and_survive_the_lock(stage: Stage) -> None:
    stage.enter()
    search(stage, "Stavros", "Elena", "5/5/1970")
    stage.press(Qt.Key.Key_N, CTRL)
    stage.type(" <b>Ω</b>", enter=False)
    stage.qtbot.waitUntil(lambda: bool(stage.desk.drafts.of(stage.money.dana)), timeout=3000)
    stage.press(Qt.Key.Key_L, CTRL)
    assert stage.window.is_covered
    assert "Stavros" not in stage.texts()
    stage.press(Qt.Key.Key_U, ALT)
    stage.enter("priya")
    stage.press(Qt.Key.Key_F7)
    assert stage.register().model.state.form is None
    stage.press(Qt.Key.Key_L, CTRL)
    stage.press(Qt.Key.Key_U, ALT)
    stage.enter("dana")
    stage.press(Qt.Key.Key_F7)
    form = stage.register().model.state.form
    assert form is not None
    assert form.value("given") == "Elena"
    assert form.value("family").endswith("<b>Ω</b>")


def test_a_milestone_is_recorded_from_the_list(stage: Stage) -> None:
    stage.money.register("250.00", kind="emergency")
    stage.enter()
    assert stage.focused is stage.today().table
    stage.press(Qt.Key.Key_M)
    stage.dialog()
    stage.press(Qt.Key.Key_Down)
    stage.press(Qt.Key.Key_F12)
    assert stage.money.kinds()[-1] == "visit.progressed"
    assert stage.today().model.state.waiting[0].owed == "$250.00"
    assert stage.focused is stage.today().table


def test_enter_opens_the_row_and_f8_takes_its_visit_along(stage: Stage) -> None:
    visit = stage.money.register("75.00")
    stage.money.open_drawer()
    stage.enter()
    stage.press(Qt.Key.Key_Return)
    assert stage.form().visit_id == visit
    stage.press(Qt.Key.Key_F8)
    assert stage.window.here is not None
    assert stage.window.here.page_id == "payment"
    assert "Vega-Trujillo" in stage.texts()


def test_hidden_names_stay_hidden_on_today(stage: Stage) -> None:
    stage.money.register("75.00")
    stage.enter()
    stage.press(Qt.Key.Key_Period, CTRL)
    assert stage.today().model.state.waiting[0].family == "V•••, M."


def test_the_palette_goes_by_name_and_esc_gives_the_keyboard_back(stage: Stage) -> None:
    stage.enter()
    before = stage.focused
    stage.press(Qt.Key.Key_K, CTRL)
    assert stage.focused.objectName() == "paletteText"
    stage.press(Qt.Key.Key_Escape)
    assert stage.focused is before
    stage.press(Qt.Key.Key_K, CTRL)
    stage.type("unidentified")
    assert stage.window.here is stage.register()
    assert stage.form().who == "unidentified"


def test_wrong_pins_are_told_and_empty_the_box(stage: Stage) -> None:
    stage.type("dana")
    for _ in range(5):
        stage.type("999999")
    assert stage.window.is_covered
    assert "Too many wrong PINs" in stage.texts()
    assert isinstance(stage.focused, QLineEdit)
    assert stage.focused.text() == ""


def test_a_filed_visit_is_amended_with_the_keyboard_alone(stage: Stage) -> None:
    visit = stage.money.register("75.00")
    stage.enter()
    stage.press(Qt.Key.Key_F5)
    stage.press(Qt.Key.Key_Return)
    assert stage.form().visit_id == visit
    stage.press(Qt.Key.Key_2, ALT)
    assert stage.focused.objectName() == "register_line"
    stage.type("418 Birchmont Avenue")
    for text in ("Larkin Falls", "OH", "44990", "2165550148"):
        stage.type(text)
    stage.press(Qt.Key.Key_3, ALT)
    assert stage.focused.objectName() == "register_service"
    stage.type("MRI lumbar spine")
    stage.press(Qt.Key.Key_F12)
    assert stage.register().model.state.phase == "filed"
    row = stage.desk.view.visit(visit)
    assert row is not None
    assert (row.details.service, row.demographics.line) == ("MRI lumbar spine", "418 Birchmont Avenue")


def test_a_social_security_number_is_whole_only_while_it_is_typed(stage: Stage) -> None:
    stage.enter()
    stage.register().model.open_new({"family": "Vega"})
    stage.press(Qt.Key.Key_F7)
    ssn = stage.register().editor("ssn")
    assert isinstance(ssn, QLineEdit)
    ssn.setFocus(Qt.FocusReason.OtherFocusReason)
    QTest.keyClicks(ssn, "21909661")
    assert ssn.text() == "21909661"
    QTest.keyClicks(ssn, "3")
    stage.press(Qt.Key.Key_Return)
    assert ssn.text() == "••• •• 6613"
    assert stage.form().value("ssn") == "219-09-6613"
    ssn.setFocus(Qt.FocusReason.OtherFocusReason)
    stage.register().model.save_draft()
    stage.settle()
    assert ssn.text() == "••• •• 6613", "who comes back to it does not see it"
    QTest.keyClicks(ssn, "314159265")
    stage.press(Qt.Key.Key_Return)
    assert stage.form().value("ssn") == "314-15-9265"
    ssn.setFocus(Qt.FocusReason.OtherFocusReason)
    stage.press(Qt.Key.Key_End)
    QTest.keyClicks(ssn, "7")
    assert "314" not in ssn.text()
