"""Two answers for one person on the real screens, by keyboard."""

from __future__ import annotations

from PySide6.QtCore import Qt

from access_desk.ui.desk.disputes_view import DisputesView
from tests.ui.test_desk_pages import ALT, Stage, _dressed, pytestmark, stage

__all__ = ["_dressed", "pytestmark", "stage"]


def disputed(stage: Stage, field: str, before: str, first: str, second: str) -> str:
    """A patient whose field was changed from a form that had not seen the other change."""
    row = stage.desk.view.visit(stage.money.register("25.00"))
    assert row is not None
    amend = stage.desk.registration.amend
    amend(stage.desk.by(stage.money.dana), row.patient_id, {field: first})
    amend(stage.desk.by(stage.money.priya), row.patient_id, {field: second}, {field: before})
    return row.patient_id


def page_of(stage: Stage) -> DisputesView:
    stage.window.go("disputed")
    stage.settle()
    page = stage.window.page("disputed")
    assert isinstance(page, DisputesView)
    return page


def given(stage: Stage, patient_id: str) -> str:
    return stage.desk.journal.read(lambda states: states.patient(patient_id)).demographics.given


def test_a_lead_settles_it_with_a_reason(stage: Stage) -> None:
    patient_id = disputed(stage, "given", "Marisol", "Maria", "Marisa")
    stage.enter("marcus")
    page = page_of(stage)
    assert {"Maria", "Marisa"} <= {one.shown for line in page.model.state.lines for one in line.answers}
    stage.press(Qt.Key.Key_F12)
    assert "Pick the answer" in page.model.state.problem
    stage.press(Qt.Key.Key_1, ALT)
    stage.press(Qt.Key.Key_F12)
    assert "how it is known" in page.model.state.problem
    stage.type("driver license shown", enter=False)
    stage.press(Qt.Key.Key_F12)
    assert page.model.state.lines == ()
    assert given(stage, patient_id) == "Maria"
    assert "Nothing is disputed." in stage.texts()


def test_neither_may_be_right(stage: Stage) -> None:
    patient_id = disputed(stage, "given", "Marisol", "Maria", "Marisa")
    stage.enter("marcus")
    page = page_of(stage)
    stage.press(Qt.Key.Key_7, ALT)
    assert stage.focused is page.other
    stage.type("Marta")
    stage.type("birth certificate", enter=False)
    stage.press(Qt.Key.Key_F12)
    assert page.model.state.problem == ""
    assert given(stage, patient_id) == "Marta"


def test_a_registrar_sees_it_and_does_not_settle_it(stage: Stage) -> None:
    patient_id = disputed(stage, "given", "Marisol", "Maria", "Marisa")
    stage.enter("dana")
    page = page_of(stage)
    stage.press(Qt.Key.Key_1, ALT)
    stage.press(Qt.Key.Key_F12)
    assert len(page.model.state.lines) == 1
    stage.window.go("register", ("patient", stage.desk.journal.read(lambda states: states.patient(patient_id))))
    stage.settle()
    assert "Given name: Maria or Marisa" in stage.texts()
