"""Synchronization in the window: strip, bar and page follow it, and what is recorded wakes it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from access_desk.storage.engine import write_transaction
from access_desk.sync.core import RetryLaterError, RoundResult
from access_desk.ui.desk.sync_view import SyncView
from tests.sync.loops import HeardLoop
from tests.ui.test_desk_pages import Stage, _dressed, pytestmark

__all__ = ["_dressed", "pytestmark"]


@pytest.mark.usefixtures("_dressed")
def test_older_payments_are_fetched_with_a_key(qtbot: QtBot) -> None:
    one = HeardLoop([RoundResult(waiting=0, sane=True)])
    stage = Stage(qtbot, one.loop)
    try:
        stage.enter()
        stage.window.go("sync")
        page = stage.window.here
        assert isinstance(page, SyncView)
        qtbot.waitUntil(lambda: page.model.state.is_enrolled)
        stage.press(Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
        assert not page.model.state.notice, "nothing was let go"
        engine = stage.money.desk.journal.engine
        with write_transaction(engine) as connection:
            row = (stage.money.desk.journal.facility_id, "c1", "D9", "1", "2026-01-02", "day", 0, "2026-02-02T00:00:00.000000Z")
            connection.exec_driver_sql("INSERT INTO local_let_go_custodies VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        stage.press(Qt.Key.Key_F5)
        qtbot.waitUntil(lambda: page.model.state.may_fetch)
        stage.press(Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
        qtbot.waitUntil(lambda: bool(one.rounds.fetched))
        assert "Asked." in page.model.state.notice
    finally:
        stage.window.close()
        stage.program.stop()
    QApplication.processEvents()


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
