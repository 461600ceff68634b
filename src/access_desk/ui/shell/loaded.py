"""What stands in the window once the program is loaded: the shell, the cover over it, the worker, the desk."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

from PySide6.QtCore import Qt

from access_desk.presentation.joining import Door, JoinModel
from access_desk.presentation.sign_in import SignInModel
from access_desk.services.desk import Desk
from access_desk.sync.loop import SyncLoop
from access_desk.ui.desk.joining_view import JoinCover
from access_desk.ui.desk.sign_in_view import SignInCover
from access_desk.ui.first_paint import FirstWindow
from access_desk.ui.kit.theme import keeper
from access_desk.ui.program import Program
from access_desk.ui.shell.single import FrontDoor
from access_desk.ui.shell.window import ShellWindow
from access_desk.ui.task_runner import TaskRunner


class Loaded:
    """The window's content after its first paint, until it closes."""

    def __init__(self, frame: FirstWindow, theme: str) -> None:
        self._frame = frame
        self._stack = ExitStack()
        keeper().use(theme)
        keeper().follow_contrast()
        self.runner = TaskRunner()
        self.window = ShellWindow()
        self.window.setWindowFlags(Qt.WindowType.Widget)
        self.sign_in = SignInModel(self.runner.run)
        self.cover = SignInCover(self.sign_in)
        self.program: Program | None = None
        self._door: FrontDoor | None = None
        self.window.closing.connect(self.close)
        self.window.cover_with(self.cover)
        self._take_over()

    def _take_over(self) -> None:
        """The shell takes the form's place, with what was typed there meanwhile."""
        first = self._frame.form
        typed = (first.name.text(), first.pin.text(), first.wants_in) if first is not None else ("", "", False)
        self._frame.put_in(self.window)
        self.cover.take_over(*typed)

    def open(
        self,
        home: Path,
        open_desk: Callable[[Callable[[], object]], AbstractContextManager[Desk]],
        find_sync: Callable[[], SyncLoop | None],
        door: Door | None = None,
    ) -> None:
        """Open the desk and build the pages, once what has to be said before it is said. Raises UnavailableError."""
        if door is None or not JoinModel.is_needed(door):
            self._open(home, open_desk, find_sync)
            return
        model = JoinModel(door, self.runner.run, lambda: self._open(home, open_desk, find_sync))
        self.window.cover_with(JoinCover(model))

    def _open(
        self,
        home: Path,
        open_desk: Callable[[Callable[[], object]], AbstractContextManager[Desk]],
        find_sync: Callable[[], SyncLoop | None],
    ) -> None:
        desk = self._stack.enter_context(open_desk(self.window.faulted.emit))
        self._door = FrontDoor(home, self._to_front)
        self.program = Program(self.window, desk, self.runner, self.sign_in, self.cover, builds_meanwhile=True, sync=find_sync())
        self.program.start()

    def show_failure(self, text: str) -> None:
        """The desk could not be opened."""
        self.cover.show_failure(text)

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
        if self._frame.isMinimized():
            self._frame.showNormal()
        self._frame.raise_()
        self._frame.activateWindow()
