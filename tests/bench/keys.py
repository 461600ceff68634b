"""From a key that is typed to the painted result, on Payment and Count, against a bare repaint of the same page."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from access_desk import app
from access_desk.commands.demo import demo_day
from access_desk.commands.show import already_open
from access_desk.services.play import DayPlayer
from access_desk.system.clock import ManualClock
from access_desk.ui.rehearsal import Rehearsal
from access_desk.ui.start import Start, application
from tests.bench.figures import Figure

KEYS = 400
TYPED = (Qt.Key.Key_4, Qt.Key.Key_0, Qt.Key.Key_Backspace, Qt.Key.Key_Backspace)


class Paints(QObject):
    """Counts how often a widget was painted."""

    seen = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        self.seen += event.type() == QEvent.Type.Paint
        return super().eventFilter(watched, event)


def measure(folder: Path) -> list[Figure]:
    """The p99 of both, in turns, with the demo day behind the pages."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    day, clock = demo_day(), ManualClock(app.BEFORE_ANY_STEP)
    application()
    home = Path(tempfile.mkdtemp(dir=folder))
    with app.open_practice_desk(home, clock, facility_id=day.facility.code) as opened:
        player = DayPlayer(day, opened.desk.journal, clock, opened.desk.for_day())
        player.learn(opened.desk.provisioning.day(day))
        start = Start(home, lambda _: already_open(opened.desk))
        start.frame.resize(1366, 768)
        start.show()
        start.load()
        assert start.program is not None
        rehearsal = Rehearsal(start.program, player)
        rehearsal.settle()
        count = next(n for n, step in enumerate(day.steps) if step.do == "count_drawer" and not step.expect_refused)
        for step in day.steps[:count]:
            player.play_step(step)
        rehearsal.sign_in(day.steps[count])
        status = opened.desk.view.status(start.program.sign_in.person_id)
        owing = next(visit for visit in opened.desk.view.visits_today(status.business_date) if visit.copay_owed)
        figures = []
        for page_id, field, argument in (("payment", "cashReceived", owing.visit_id), ("count", "", None)):
            rehearsal.go(page_id, argument)
            page = start.window.page(page_id)
            assert page is not None
            figures.append(_typed_on(page, field, rehearsal.settle))
        start.close()
        QApplication.processEvents()
    return figures


def _typed_on(page: QWidget, field: str, settle: Callable[[], None]) -> Figure:
    typed_into = page.findChild(QLineEdit, field) if field else page.first_focus()  # type: ignore[attr-defined]
    assert isinstance(typed_into, QLineEdit)
    typed_into.setFocus()
    typed_into.clear()
    settle()
    paints = Paints()
    typed_into.installEventFilter(paints)
    painted, bare = [], []
    for number in range(KEYS):
        key = TYPED[number % len(TYPED)]
        before = paints.seen
        painted.append(_timed(lambda: QTest.keyClick(typed_into, key)))  # noqa: B023 - called at once
        assert paints.seen > before, "the key's result was painted inside the time that was taken"
        settle()
        bare.append(_timed(page.repaint))
        settle()
    ours, floor = _p99(painted), _p99(bare)
    detail = f"{ours * 1000:.1f} ms against {floor * 1000:.1f} ms, {KEYS} keys"
    return Figure(f"key to painted result on {type(page).__name__}, p99", ours / floor, 5.0, "a bare repaint of the page", detail)


def _timed(call: Callable[[], object]) -> float:
    begun = time.perf_counter()
    call()
    QApplication.processEvents()
    return time.perf_counter() - begun


def _p99(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.99) - 1]
