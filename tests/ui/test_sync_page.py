"""Synchronization in the window: strip, bar and page follow it, and what is recorded wakes it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from access_desk.sync.core import RetryLaterError, RoundResult
from access_desk.ui.desk.sync_view import SyncView
from tests.sync.loops import HeardLoop
from tests.ui.test_desk_pages import Stage, _dressed, pytestmark

__all__ = ["_dressed", "pytestmark"]


@pytest.mark.usefixtures("_dressed")
def test_offline_and_back_again(qtbot: QtBot) -> None:
    one = HeardLoop([RetryLaterError("no route")], left=3)
    stage = Stage(qtbot, one.loop)
    try:
        stage.enter()
        qtbot.waitUntil(lambda: "Offline, 3 kept here" in stage.window.strip.value("sync"))
        assert "Offline since" in stage.texts()
        ran = one.rounds.ran
        one.rounds.ends[:] = [RoundResult(pushed=3, waiting=0, sane=True)]
        stage.window.go("sync")
        page = stage.window.here
        assert isinstance(page, SyncView)
        qtbot.waitUntil(lambda: page.model.state.is_enrolled)
        stage.press(Qt.Key.Key_F12)
        qtbot.waitUntil(lambda: one.rounds.ran > ran)
        qtbot.waitUntil(lambda: "All at central" in stage.window.strip.value("sync"))
        assert not stage.window.offline.isVisible()
        qtbot.waitUntil(lambda: page.model.state.headline == "Connected with central.")
        ran = one.rounds.ran
        stage.money.register("25.00")
        qtbot.waitUntil(lambda: one.rounds.ran > ran)
    finally:
        stage.window.close()
        stage.program.stop()
    assert one.rounds.is_closed
    QApplication.processEvents()
