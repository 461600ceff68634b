"""From a key typed on the real Find page to the list painted with its answer, against a bare repaint of the same list."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QEventLoop, QObject
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLayout, QLineEdit, QMainWindow

from access_desk.presentation.find_patient import FindModel
from access_desk.presentation.record_pair import PairModel
from access_desk.services.desk import Desk
from access_desk.ui.desk.find_view import FindView
from access_desk.ui.start import application
from access_desk.ui.task_runner import TaskRunner
from tests.bench.figures import Figure

WIDTH, HEIGHT = 1366, 768


class _Paints(QObject):
    """Counts how often a widget was painted."""

    seen = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        self.seen += event.type() == QEvent.Type.Paint
        return super().eventFilter(watched, event)


def typed_to_painted(desk: Desk, chosen: list[dict[str, str]]) -> Figure:
    """Family and given name of each, letter by letter: the key, the worker's answer, the list painted; the repaint in turns."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application()
    runner = TaskRunner()
    find = FindModel(desk, runner.run, lambda: "", lambda _: None, lambda *_: None)
    page = FindView(find, PairModel(desk, runner.run, lambda: ""))
    window = QMainWindow()
    window.setCentralWidget(page)
    layout = window.layout()
    assert layout is not None
    layout.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
    window.resize(WIDTH, HEIGHT)
    window.show()
    fields = [page.findChild(QLineEdit, f"find_{name}") for name in ("family", "given")]
    paints = _Paints()
    page.list.viewport().installEventFilter(paints)

    def answered(field: QLineEdit, letter: str) -> None:
        shown, before = page.model.state.live, paints.seen
        QTest.keyClicks(field, letter)
        while not runner.is_idle:
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        QApplication.processEvents()
        if page.model.state.live not in (shown, ()):
            assert paints.seen > before, "the answer was painted inside the time that was taken"

    painted: list[float] = []
    bare: list[float] = []
    rows = 0
    for row in chosen:
        page.model.clear()
        QApplication.processEvents()
        for field, text in zip(fields, (row["family"], row["given"]), strict=True):
            assert field is not None
            field.setFocus()
            for letter in text:
                QApplication.processEvents()
                painted.append(_timed(lambda: answered(field, letter)))  # noqa: B023 - called at once
                if page.list.isVisible():
                    QApplication.processEvents()
                    rows += len(page.model.state.live)
                    bare.append(_timed(page.list.viewport().repaint))
    window.close()
    runner.stop()
    ours, floor = _p99(painted), _p99(bare)
    half, bare_half = _p50(painted), _p50(bare)
    detail = (
        f"p99 {ours * 1000:.1f} ms against {floor * 1000:.1f} ms, p50 {half * 1000:.1f} against {bare_half * 1000:.1f} ms; "
        f"{len(painted)} keys, {rows / max(len(bare), 1):.0f} rows in the list on average"
    )
    return Figure("key to painted list on FindView, p99", ours / floor, 5.0, "a bare repaint of the list", detail)


def _timed(call: Callable[[], object]) -> float:
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun


def _p50(times: list[float]) -> float:
    return sorted(times)[len(times) // 2]


def _p99(times: list[float]) -> float:
    return sorted(times)[max(int(len(times) * 0.99) - 1, 0)]
