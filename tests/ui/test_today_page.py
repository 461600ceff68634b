"""Today in the real window, by keyboard: the queue, a blocked account, a draft that changes hands."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from access_desk.ui.kit.theme import keeper
from tests.ui.test_desk_pages import Stage

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def stage(qtbot: QtBot) -> Iterator[Stage]:
    keeper().use("light", 100)
    made = Stage(qtbot)
    yield made
    made.window.close()
    made.program.stop()


def test_the_queue_is_worked_by_single_keys(stage: Stage) -> None:
    visit = stage.money.register("40.00")
    stage.enter()
    stage.settle()
    assert stage.focused is stage.today().table
    for key, place in ((Qt.Key.Key_C, "called"), (Qt.Key.Key_S, "in_progress"), (Qt.Key.Key_D, "done")):
        stage.press(key)
        assert stage.desk.queue.of([visit])[visit].place == place
    assert [hint.keys for hint in stage.today().key_hints()][:5] == ["↑ ↓", "Enter", "C", "S", "D"]


def test_an_account_is_blocked_and_unblocked_without_a_mouse(stage: Stage) -> None:
    stage.money.register("40.00")
    stage.enter()
    stage.settle()
    stage.press(Qt.Key.Key_B)
    assert stage.dialog().isVisible()
    stage.press(Qt.Key.Key_Return)
    stage.type("consent", enter=False)
    stage.press(Qt.Key.Key_F12)
    assert len(stage.today().model.state.blocked) == 1
    assert stage.focused is stage.today().table
    stage.press(Qt.Key.Key_F6)
    assert stage.focused is stage.today().blocks
    assert "U" in [hint.keys for hint in stage.today().key_hints()]
    stage.press(Qt.Key.Key_U)
    stage.type("signed", enter=False)
    stage.press(Qt.Key.Key_F12)
    assert stage.today().model.state.blocked == ()


def test_a_draft_is_handed_over_without_a_mouse(stage: Stage) -> None:
    stage.desk.drafts.save("d", stage.money.dana, "registration", "Stavros, E", '{"missing": ["Phone"]}', parked=True)
    stage.enter()
    stage.settle()
    stage.today().drafts.setFocus()
    stage.press(Qt.Key.Key_H)
    stage.press(Qt.Key.Key_Down)
    stage.press(Qt.Key.Key_F12)
    assert stage.desk.drafts.of(stage.money.dana) == []
    assert [draft.draft_id for draft in stage.desk.drafts.of(stage.money.priya)] == ["d"]
    assert "Priya Raman finds the draft" in stage.texts()
