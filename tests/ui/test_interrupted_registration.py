"""A registration that is interrupted: the desk is locked, or it is handed to somebody else. Hostile text stays text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from access_desk.presentation.registration_drafts import DRAFT_KIND
from access_desk.presentation.registration_form import spec_of
from tests.end_to_end.registrar import CHOSEN, HOSTILE, text_for
from tests.presentation.money_desk import PINS
from tests.ui.test_desk_pages import CTRL, Stage

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
LONG = "<b>\u202e😀\u200d&amp;</b>" * 700


@pytest.fixture
def stage(qtbot: QtBot) -> Iterator[Stage]:
    made = Stage(qtbot)
    yield made
    made.program.stop()


def begun(stage: Stage, free_text: str = HOSTILE) -> dict[str, str]:
    """A whole registration under way; what was typed by field. Every free text is the given one with its field's name."""
    stage.enter()
    stage.register().model.open_new({})
    stage.window.go("register", None)
    stage.settle()
    model = stage.register().model
    model.type("type", CHOSEN["type"])
    typed: dict[str, str] = {}
    for _ in ("what is asked first", "what those answers raise"):
        for key in stage.form().field_keys():
            if key not in typed and not key.startswith(("msp_", "zip_city", "eb_", "gf_")) and "." not in key:
                typed[key] = text_for(key) if spec_of(key).kind != "text" else free_text.replace("{key}", key)
                model.type(key, typed[key])
                model.leave(key)
    for name in ("payer", "plan", "member_id", "group", "subscriber", "relationship"):
        key = f"plan1.{name}"
        typed[key] = CHOSEN["relationship"] if name == "relationship" else free_text.replace("{key}", key)
        model.type(key, typed[key])
    stage.settle()
    return typed


def test_a_locked_registration_is_there_when_its_writer_comes_back(stage: Stage) -> None:
    begun(stage)
    form, folded = stage.form(), [card.folded for card in stage.register().sections]
    stage.press(Qt.Key.Key_L, CTRL)
    assert "Ana" not in stage.texts()
    assert [one.owner_id for one in stage.desk.drafts.of(stage.money.dana, DRAFT_KIND)] == [stage.money.dana]
    stage.type(PINS["dana"])
    assert not stage.window.is_covered
    assert stage.form() == form
    assert [card.folded for card in stage.register().sections] == folded


def test_a_registration_that_is_handed_over_is_whole_for_whoever_takes_it(stage: Stage) -> None:
    begun(stage)
    form = stage.form()
    stage.register().model.park()
    stage.settle()
    stage.desk.drafts.hand_over(form.draft_id, stage.money.dana, stage.money.priya)
    assert stage.desk.drafts.of(stage.money.dana, DRAFT_KIND) == []
    stage.sign_in.sign_out()
    stage.settle()
    stage.enter("priya")
    stage.register().model.open_draft(form.draft_id)
    stage.settle()
    assert asdict(stage.form()) == asdict(form)
    stage.press(Qt.Key.Key_F7)
    stage.press(Qt.Key.Key_F12)
    state = stage.register().model.state
    assert [one.key for one in state.problems] == []
    assert state.phase == "filed"
    assert state.filed is not None
    visit = stage.desk.view.visit(state.filed.visit_id)
    assert visit is not None
    assert visit.registered_by == stage.money.priya


def test_hostile_text_in_every_field_is_kept_exactly_and_shown_as_text(stage: Stage) -> None:
    typed = begun(stage, LONG + "{key}")
    assert max(map(len, typed.values())) > 10_000
    page = stage.register()
    for key, text in typed.items():
        editor = page.editor(key)
        if spec_of(key).kind == "text" and isinstance(editor, QLineEdit):
            assert editor.text() == text
    rich = [one for one in stage.window.findChildren(QLabel) if one.textFormat() is not Qt.TextFormat.PlainText]
    assert [one.objectName() for one in rich if one.text()] == []
    stage.press(Qt.Key.Key_F12)
    filed = page.model.state.filed
    assert filed is not None, page.model.state.notice or page.model.state.problems
    patient, visit = stage.desk.view.patient(filed.patient_id), stage.desk.view.visit(filed.visit_id)
    assert visit is not None
    kept = {**asdict(patient.demographics), **patient.details.values, **asdict(visit.details)}
    kept |= {f"plan1.{name}": text for name, text in asdict(visit.coverages[0]).items()}
    free = {key: text for key, text in typed.items() if spec_of(key).kind == "text" and key not in ("mother_mrn", "order_reason")}
    assert len(free) > 20
    assert {key: kept[key] for key in free} == free
    stage.register().model.open_visit(filed.visit_id)
    stage.settle()
    assert {key: stage.form().value(key) for key in free} == free
    assert page.width() <= stage.window.width(), "a long text makes nothing wider than the window"
