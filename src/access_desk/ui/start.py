"""Starting the program on screen: the sign-in form is painted first, everything else is loaded after it."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from access_desk.domain.errors import HomeInUseError, UnavailableError
from access_desk.presentation.sign_in import SignInModel
from access_desk.ui.desk.sign_in_view import SignInCover
from access_desk.ui.kit.theme import keeper
from access_desk.ui.shell.calling import is_answered
from access_desk.ui.shell.window import ShellWindow
from access_desk.ui.task_runner import TaskRunner

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from access_desk.services.desk import Desk
    from access_desk.ui.program import Program
    from access_desk.ui.shell.single import FrontDoor

# Opens the desk, and is told what to do when the program makes a mistake.
OpenDesk = Callable[[Callable[[], object]], "AbstractContextManager[Desk]"]


def application(theme: str = "light", zoom: int = 100) -> QApplication:
    """The one application of this process, dressed."""
    found = QApplication.instance()
    app = found if isinstance(found, QApplication) else QApplication(sys.argv[:1])
    app.setApplicationName("Access Desk")
    app.setApplicationDisplayName("Access Desk")
    keeper().use(theme, zoom)
    return app


class Start:
    """The window from its first paint until it closes."""

    def __init__(self, home: Path, open_desk: OpenDesk) -> None:
        self._home, self._open_desk = home, open_desk
        self._stack = ExitStack()
        self.runner = TaskRunner()
        self.window = ShellWindow()
        self.sign_in = SignInModel(self.runner.run)
        self.cover = SignInCover(self.sign_in)
        self.program: Program | None = None
        self.failure: UnavailableError | None = None
        self._door: FrontDoor | None = None
        self.window.closing.connect(self.close)

    def show(self) -> None:
        """Paint the sign-in form; the desk is opened when it stands on screen."""
        self.window.cover_with(self.cover)
        self.window.show()
        self.window.activateWindow()
        QTimer.singleShot(0, self.window, self.load)

    def load(self) -> None:
        """Open the desk and build the pages, once."""
        if self.program is not None:
            return
        try:
            # Loaded now, not at the top: SQL, encryption and reports wait until the form is painted.
            program = importlib.import_module("access_desk.ui.program")
            desk = self._stack.enter_context(self._open_desk(self.window.faulted.emit))
        except UnavailableError as wrong:
            self.failure = wrong
            self.cover.show_failure(wrong.text)
            return
        self._door = importlib.import_module("access_desk.ui.shell.single").FrontDoor(self._home, self._to_front)
        self.program = program.Program(self.window, desk, self.runner, self.sign_in, self.cover)
        self.program.start()

    def close(self) -> None:
        """Finish what was begun, then let go of the desk."""
        if self._door is not None:
            self._door.close()
        if self.program is not None:
            self.program.stop()
        else:
            self.runner.stop()
        self._stack.close()

    def _to_front(self) -> None:
        if self.window.isMinimized():
            self.window.showNormal()
        self.window.raise_()
        self.window.activateWindow()


def run_window(home: Path, open_desk: OpenDesk, theme: str = "light") -> int:
    """Show the window until it is closed; a second start brings the first one to the front."""
    app = application(theme)
    # The network part of Qt is loaded only where a window of this home may be open.
    if is_answered(home) and importlib.import_module("access_desk.ui.shell.single").call_first(home):
        return 0
    start = Start(home, open_desk)
    keeper().follow_contrast()
    start.show()
    status = app.exec()
    if isinstance(start.failure, HomeInUseError):
        return 1
    return status
