"""The money pages in a window over an in-memory desk, and hands to use them with."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from access_desk.domain.errors import UnavailableError
from access_desk.ui.kit.feedback import Dialog
from access_desk.ui.money.pages import MoneyContext, money_pages
from access_desk.ui.pages import Page
from access_desk.ui.shell.window import ShellWindow
from access_desk.ui.task_runner import TaskRunner
from tests.presentation.money_desk import MoneyDesk


class Stage:
    """A desk in the window, and a person's hands on its keyboard."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot, self.desk = qtbot, MoneyDesk()
        self.papers: list[str] = []
        self.is_broken = False
        self.runner = TaskRunner()
        self.window = ShellWindow(idle_lock_s=100_000)
        context = MoneyContext(self.desk.desk, lambda: self.desk.who, self.runner.run, self._put_out)
        self.pages = {page.page_id: page for page in money_pages(context)}
        self.window.add_pages(list(self.pages.values()), [])
        qtbot.addWidget(self.window)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(lambda: QApplication.activeWindow() is self.window)

    def _put_out(self, pdf: bytes, title: str) -> None:
        if self.is_broken:
            raise UnavailableError("Paper is out.")
        assert pdf.startswith(b"%PDF")
        self.papers.append(title)

    def settle(self) -> None:
        self.qtbot.waitUntil(lambda: self.runner.is_idle)
        QApplication.processEvents()

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifier)
        self.settle()

    def type(self, text: str) -> None:
        here = QApplication.focusWidget()
        assert here is not None
        QTest.keyClicks(here, text)

    def field(self, name: str) -> QWidget:
        found = [one for one in self.window.findChildren(QWidget, name) if one.isVisible()]
        assert found, name
        return found[0]

    def focus(self, name: str) -> None:
        self.field(name).setFocus(Qt.FocusReason.TabFocusReason)

    @property
    def here(self) -> Page:
        assert self.window.here is not None
        return self.window.here

    @property
    def focused(self) -> str:
        here = QApplication.focusWidget()
        return here.objectName() if here else ""

    def count(self, prefix: str, cash: dict[str, int]) -> None:
        for key, pieces in cash.items():
            self.focus(f"{prefix}_{key}")
            self.type(str(pieces))
        self.press(Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)

    def dialog(self) -> Dialog:
        return next(one for one in self.window.findChildren(Dialog) if one.isVisible())
