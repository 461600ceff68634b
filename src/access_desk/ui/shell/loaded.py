"""What stands in the window once the program is loaded: the shell, the cover over it, the worker, the desk."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt, QTimer

from access_desk.domain.errors import UnavailableError
from access_desk.presentation.facilities import Facilities
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

Opens = Callable[[Callable[[], object]], AbstractContextManager[Desk]]


@dataclass(frozen=True, slots=True)
class Opening:
    """How a desk is opened: its home, and what is found of it once it is open."""

    home: Path
    open_desk: Opens
    find_sync: Callable[[], SyncLoop | None]
    find_facilities: Callable[[], Facilities | None]


class Loaded:
    """The window's content after its first paint, until it closes."""

    def __init__(self, frame: FirstWindow, theme: str) -> None:
        self._frame = frame
        keeper().use(theme)
        keeper().follow_contrast()
        self._opening: Opening | None = None
        self._make()
        self._take_over()

    def _make(self) -> None:
        """A shell without a desk, covered."""
        self._stack = ExitStack()
        self.runner = TaskRunner()
        self.window = ShellWindow()
        self.window.setWindowFlags(Qt.WindowType.Widget)
        self.sign_in = SignInModel(self.runner.run)
        self.cover = SignInCover(self.sign_in)
        self.program: Program | None = None
        self._door: FrontDoor | None = None
        self.window.closing.connect(self.close)
        self.window.cover_with(self.cover)

    def _take_over(self) -> None:
        """The shell takes the form's place, with what was typed there meanwhile."""
        first = self._frame.form
        typed = (first.name.text(), first.pin.text(), first.wants_in) if first is not None else ("", "", False)
        self._frame.put_in(self.window)
        self.cover.take_over(*typed)

    def open(self, opening: Opening, door: Door | None = None) -> None:
        """Open the desk and build the pages, once what has to be said before it is said. Raises UnavailableError."""
        self._opening = opening
        if door is None or not JoinModel.is_needed(door):
            self._open(opening)
            return
        model = JoinModel(door, self.runner.run, lambda: self._open(opening), self.runner.here)
        self.window.cover_with(JoinCover(model))

    def _open(self, opening: Opening) -> None:
        desk = self._stack.enter_context(opening.open_desk(self.window.faulted.emit))
        self._door = FrontDoor(opening.home, self._to_front)
        facilities = opening.find_facilities()
        self.program = Program(
            self.window,
            desk,
            self.runner,
            self.sign_in,
            self.cover,
            builds_meanwhile=True,
            sync=opening.find_sync(),
            facilities=facilities,
        )
        if facilities is not None:
            # Whoever asked for it is a part of what is taken down: it returns first.
            go_to = partial(self._go_to, opening, facilities)
            self.program.facility_wanted.connect(lambda wanted: QTimer.singleShot(0, partial(go_to, str(wanted))))
        self.program.start()

    def _go_to(self, opening: Opening, facilities: Facilities, facility_id: str) -> None:
        """Close the desk, and open it for another facility: its people, its drawers, its rules."""
        if self.program is None:
            return
        self.program.leave()
        self._finish()
        try:
            facilities.choose(facility_id)
        finally:
            self._stack.close()
        QCoreApplication.removePostedEvents(self.runner)
        self._make()
        self._frame.put_in(self.window)
        try:
            self._open(opening)
        except UnavailableError as wrong:
            self.show_failure(wrong.text)

    def _finish(self) -> None:
        if self._door is not None:
            self._door.close()
        if self.program is not None:
            self.program.stop()
        else:
            self.runner.stop()

    def show_failure(self, text: str) -> None:
        """The desk could not be opened."""
        self.cover.show_failure(text)

    def close(self) -> None:
        """Finish what was begun, then let go of the desk."""
        self._finish()
        self._stack.close()

    def _to_front(self) -> None:
        if self._frame.isMinimized():
            self._frame.showNormal()
        self._frame.raise_()
        self._frame.activateWindow()
