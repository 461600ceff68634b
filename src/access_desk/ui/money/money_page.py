"""What all money pages share: an answer that arrives late still finds the keyboard its place."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from access_desk.ui.pages import Page


class MoneyPage(Page):
    """A page whose content is read from the desk after it is shown."""

    def __init__(self) -> None:
        super().__init__()
        self._waits_for_focus = False

    def awaits(self) -> None:
        """The page was entered; its first field gets the keyboard once there is something in it."""
        self._waits_for_focus = True

    def arrived(self) -> None:
        """What the page shows is there."""
        self.hints_changed.emit()
        if not self._waits_for_focus or not self.isVisible():
            return
        self._waits_for_focus = False
        self.focus_first()

    def focus_first(self) -> None:
        """Give the page's first field the keyboard, unless a dialog has it."""
        first, here = self.first_focus(), QApplication.focusWidget()
        if first is not None and (here is None or here.window() is self.window()):
            give_keyboard(first)


def give_keyboard(widget: QWidget) -> None:
    """Focus as by Tab: a field selects its text."""
    widget.setFocus(Qt.FocusReason.TabFocusReason)
