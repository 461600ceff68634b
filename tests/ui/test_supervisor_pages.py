"""Drawers and Flagged on the real screens, by keyboard."""

from __future__ import annotations

from PySide6.QtCore import Qt

from access_desk.domain.staff import Role
from access_desk.ui.desk.all_drawers_view import AllDrawersView
from access_desk.ui.desk.flagged_view import FlaggedView
from tests.presentation.money_desk import PINS
from tests.presentation.test_flagged import flagged
from tests.ui.test_desk_pages import Stage, _dressed, pytestmark, stage

__all__ = ["_dressed", "pytestmark", "stage"]


def enter_as_supervisor(stage: Stage) -> None:
    stage.desk.provisioning.add_person("ines", "Inés Salcedo", Role.SUPERVISOR, PINS["dana"])
    stage.sign_in.start()
    stage.settle()
    stage.type("ines")
    stage.type(PINS["dana"])


def test_a_supervisor_reviews_what_central_flagged(stage: Stage) -> None:
    flagged(stage.money)
    enter_as_supervisor(stage)
    stage.qtbot.waitUntil(lambda: stage.window.rail._buttons["flagged"].badge == 3)
    stage.window.go("flagged")
    stage.settle()
    page = stage.window.here
    assert isinstance(page, FlaggedView)
    assert stage.focused.objectName() == "flaggedGroups"
    page.groups.choose(next(one.key for one in page.model.state.groups if one.count == 2))
    stage.press(Qt.Key.Key_Return)
    assert stage.focused.objectName() == "flaggedNote"
    stage.type("She covered the outage", enter=False)
    stage.press(Qt.Key.Key_F12)
    assert "No longer worked here: 2 reviewed." in stage.texts()
    assert stage.desk.flags.open_count() == 1
    assert page.said.text() == ""
    stage.press(Qt.Key.Key_F6)
    assert stage.focused in (page.groups, page.events, page.said)


def test_a_supervisor_looks_at_every_drawer(stage: Stage) -> None:
    stage.money.open_drawer()
    enter_as_supervisor(stage)
    stage.window.go("drawers")
    stage.settle()
    page = stage.window.here
    assert isinstance(page, AllDrawersView)
    assert stage.focused is page.drawers
    assert [one.key for one in page.model.state.lines] == ["02", "03"]
    stage.press(Qt.Key.Key_Down)
    assert page.model.state.chosen == "drawer-03"
    assert not page.place.isVisible(), "a drawer of this desk is not leased"
    stage.press(Qt.Key.Key_F12)
    assert page.model.state.problem == ""


def test_the_palette_goes_there(stage: Stage) -> None:
    enter_as_supervisor(stage)
    for typed, page_id in (("drawers", "drawers"), ("flagged", "flagged")):
        stage.program.palette_model.open()
        stage.program.palette_model.type(typed)
        stage.settle()
        chosen = [one.command for one in stage.program.palette_model.state.entries].index(f"page:{page_id}")
        stage.program.palette_model.choose(chosen)
        stage.settle()
        assert stage.window.here is not None
        assert stage.window.here.page_id == page_id
