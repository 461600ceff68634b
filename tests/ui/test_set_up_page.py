"""Staff, drawers and rules on the real screen, by keyboard."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from access_desk.domain.events import Fact
from access_desk.domain.facility.events import StaffAmended
from access_desk.domain.staff import Role
from access_desk.presentation.sync_status import details_kept
from access_desk.services.journal import SYSTEM_ACTOR
from access_desk.ui.desk.set_up_view import SetUpView
from tests.presentation.money_desk import PINS
from tests.ui.test_desk_pages import ALT, NONE, Stage, _dressed, pytestmark, stage

__all__ = ["_dressed", "pytestmark", "stage"]


def page_of(stage: Stage) -> SetUpView:
    page = stage.window.page("setup")
    assert isinstance(page, SetUpView)
    return page


def supervisor(stage: Stage) -> SetUpView:
    """Priya is promoted, signs in and opens the page."""
    priya = stage.money.priya
    promoted = Fact(priya, StaffAmended(priya, Role.SUPERVISOR, active=True), None, (stage.desk.journal.facility_id,))
    stage.desk.journal.record(SYSTEM_ACTOR, [promoted])
    stage.enter("priya")
    stage.window.go("setup")
    stage.settle()
    return page_of(stage)


def fill(stage: Stage, **texts: str) -> None:
    for name, text in texts.items():
        field = stage.dialog().findChild(QLineEdit, name)
        assert field is not None
        field.setFocus()
        field.selectAll()
        stage.type(text, enter=False)


def test_somebody_new_can_sign_in(stage: Stage) -> None:
    page = supervisor(stage)
    stage.press(Qt.Key.Key_1, ALT)
    stage.type("Omar Haddad")
    stage.type("omar")
    stage.press(Qt.Key.Key_Tab)
    stage.type("640275")
    stage.type("640276", enter=False)
    stage.press(Qt.Key.Key_F12)
    assert "not the same" in page.model.state.problem
    fill(stage, setUpPinAgain="640275")
    stage.press(Qt.Key.Key_F12)
    assert page.model.state.asks == ""
    assert "Omar Haddad can sign in now." in stage.texts()
    stage.program.carry_out("shell:sign_out")
    stage.settle()
    stage.type("omar")
    stage.type("640275")
    assert not stage.window.is_covered


def test_a_role_and_a_pin_are_changed_and_somebody_leaves(stage: Stage) -> None:
    page = supervisor(stage)
    at = [one.key for one in page.model.state.people].index("dana")
    stage.press(Qt.Key.Key_Home)
    for _ in range(at):
        stage.press(Qt.Key.Key_Down)
    stage.press(Qt.Key.Key_Return)
    stage.type("Shift", enter=False)
    fill(stage, setUpPin="835206", setUpPinAgain="835206")
    stage.press(Qt.Key.Key_F12)
    dana = stage.money.dana
    assert stage.desk.view.facility().person(dana).role is Role.LEAD
    assert stage.desk.people.check_pin(dana, "835206", "sign_in").is_right
    stage.press(Qt.Key.Key_Return)
    stage.press(Qt.Key.Key_Tab)
    stage.press(Qt.Key.Key_Space, NONE)
    stage.press(Qt.Key.Key_F12)
    assert stage.desk.view.facility().person(dana).active is False
    assert [one.active for one in page.model.state.people if one.key == "dana"] == [False]


def test_a_drawer_and_rules(stage: Stage) -> None:
    page = supervisor(stage)
    stage.press(Qt.Key.Key_2, ALT)
    fill(stage, setUpDrawerKey="11", setUpDrawerLabel="Emergency 2", setUpImprest="two hundred")
    stage.press(Qt.Key.Key_F12)
    assert page.model.state.problem.startswith("Float: ")
    fill(stage, setUpImprest="200")
    stage.press(Qt.Key.Key_F12)
    assert ("11", "Emergency 2") in [(one.key, one.label) for one in page.model.state.drawers]
    recounts = page.findChild(QLineEdit, "setUp_recounts")
    assert recounts is not None
    recounts.setFocus()
    stage.type("9", enter=False)
    stage.press(Qt.Key.Key_F12)
    assert page.model.state.wrong == {"recounts": "Enter a number from 0 to 5."}
    assert stage.focused is recounts
    recounts.selectAll()
    stage.type("2", enter=False)
    stage.press(Qt.Key.Key_F12)
    assert stage.desk.view.facility().policy.recounts == 2
    assert not page.model.state.is_changed


def test_how_long_other_desks_payments_stay_is_a_rule(stage: Stage) -> None:
    page = supervisor(stage)
    days = page.findChild(QLineEdit, "setUp_details_days")
    assert days is not None
    days.setFocus()
    for typed in ("12", "month", "99999"):
        days.selectAll()
        stage.type(typed, enter=False)
        stage.press(Qt.Key.Key_F12)
        assert page.model.state.wrong == {"details_days": "Enter 30 to 3650 days, or nothing to keep everything."}
    days.selectAll()
    stage.type("90", enter=False)
    stage.press(Qt.Key.Key_F12)
    assert stage.desk.view.facility().policy.details_days == 90
    assert ("Payments of other desks", "Kept 90 days; older ones of 2 drawer sessions are at central") in details_kept(90, 2)
    assert details_kept(0, 0) == []


def test_a_registrar_changes_their_own_pin_and_sees_nothing_else(stage: Stage) -> None:
    stage.enter("dana")
    stage.window.go("setup")
    stage.settle()
    page = page_of(stage)
    assert not page.people.isVisible()
    stage.press(Qt.Key.Key_1, ALT)
    assert page.model.state.asks == ""
    stage.press(Qt.Key.Key_3, ALT)
    stage.type("000000")
    stage.type("835206")
    stage.type("835206", enter=False)
    stage.press(Qt.Key.Key_F12)
    assert "does not match" in page.model.state.problem
    fill(stage, setUpOldPin=PINS["dana"])
    stage.press(Qt.Key.Key_F12)
    assert page.model.state.asks == ""
    assert stage.desk.people.check_pin(stage.money.dana, "835206", "sign_in").is_right
