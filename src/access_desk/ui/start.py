"""Starting the program on screen: the sign-in form is painted first, everything else is loaded after it."""

from __future__ import annotations

import gc
import importlib
import sys
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from access_desk.domain.errors import HomeInUseError, UnavailableError
from access_desk.ui.first_paint import FirstWindow

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from access_desk.presentation.facilities import Facilities
    from access_desk.presentation.joining import Door
    from access_desk.services.desk import Desk
    from access_desk.sync.loop import SyncLoop
    from access_desk.ui.program import Program
    from access_desk.ui.shell.loaded import Loaded
    from access_desk.ui.shell.window import ShellWindow

    # Opens the desk, and is told what to do when the program makes a mistake.
    OpenDesk = Callable[[Callable[[], object]], AbstractContextManager[Desk]]
    # Asked once the desk is open: what synchronizes it, None for a desk that works by itself.
    FindSync = Callable[[], SyncLoop | None]
    # Asked before that: what stands between the window and a desk; None when it can be opened at once.
    FindDoor = Callable[[], Door | None]
    FindFacilities = Callable[[], Facilities | None]


def application() -> QApplication:
    """The one application of this process, in Fusion: asked for as an argument, no other style is loaded before it."""
    found = QApplication.instance()
    if isinstance(found, QApplication):
        return found
    app = QApplication([*sys.argv[:1], "-style", "fusion"])
    app.setApplicationName("Access Desk")
    app.setApplicationDisplayName("Access Desk")
    return app


class Start:
    """The window from its first paint until it closes."""

    def __init__(
        self,
        home: Path,
        open_desk: OpenDesk,
        theme: str = "light",
        find_sync: FindSync = lambda: None,
        find_door: FindDoor = lambda: None,
        find_facilities: FindFacilities = lambda: None,
    ) -> None:
        self._home, self._open_desk, self._theme, self._find_sync = home, open_desk, theme, find_sync
        self._find_door, self._find_facilities = find_door, find_facilities
        self.frame = FirstWindow(theme, self.load)
        self._loaded: Loaded | None = None
        self.failure: UnavailableError | None = None

    @property
    def window(self) -> ShellWindow:
        """The shell, once it is loaded."""
        if self._loaded is None:
            raise RuntimeError("the window is not loaded yet")
        return self._loaded.window

    @property
    def program(self) -> Program | None:
        """What the window shows; None until the desk is open."""
        return self._loaded.program if self._loaded is not None else None

    def show(self) -> None:
        """Paint the sign-in form; the program is loaded when it stands on screen."""
        self.frame.show()
        self.frame.activateWindow()

    def load(self) -> None:
        """Load the program, put its shell into the window and open the desk, once."""
        if self._loaded is not None:
            return
        # What is loaded stays: looking for garbage among it would take a fifth of the time.
        gc.disable()
        try:
            # Loaded now, not at the top: the kit, SQL, encryption and reports wait until the form is painted.
            loaded = importlib.import_module("access_desk.ui.shell.loaded")
            self._loaded = loaded.Loaded(self.frame, self._theme)
            opening = loaded.Opening(self._home, self._open_desk, self._find_sync, self._find_facilities)
            self._loaded.open(opening, self._find_door())
        except UnavailableError as wrong:
            self.failure = wrong
            self._say(wrong)
        finally:
            gc.enable()

    def _say(self, wrong: UnavailableError) -> None:
        if self._loaded is not None:
            self._loaded.show_failure(wrong.text)

    def close(self) -> None:
        """Close the window; what was begun is finished, and the desk is let go of."""
        self.frame.close()


def run_window(
    home: Path,
    open_desk: OpenDesk,
    theme: str = "light",
    find_sync: FindSync = lambda: None,
    find_door: FindDoor = lambda: None,
    find_facilities: FindFacilities = lambda: None,
) -> int:
    """Show the window until it is closed; a second start brings the first one to the front."""
    app = application()
    # Loaded here, so that only what a first start needs is loaded before its form is painted.
    if importlib.import_module("access_desk.ui.shell.calling").is_answered(home) and importlib.import_module(
        "access_desk.ui.shell.single"
    ).call_first(home):
        return 0
    start = Start(home, open_desk, theme, find_sync, find_door, find_facilities)
    start.show()
    status = app.exec()
    if isinstance(start.failure, HomeInUseError):
        return 1
    return status
