"""A window with one page of the kit, for the kit's own tests."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from access_desk.ui.kit.buttons import KeyButton
from access_desk.ui.kit.fields import LineEdit
from access_desk.ui.kit.theme import keeper
from access_desk.ui.pages import KeyHint, Page
from access_desk.ui.shell.frame import RailItem
from access_desk.ui.shell.window import ShellWindow

# qtbot holds its widgets weakly; what a test made stays until the process ends.
_KEPT: list[QWidget] = []


class Plain(Page):
    """A page with two fields and a button that remembers what the window asked of it."""

    def __init__(self, page_id: str, press: Callable[[], object] | None = None) -> None:
        super().__init__()
        self.page_id, self.heard = page_id, list[object]()
        self.first = LineEdit(name=f"{page_id}First", label="First")
        self.second = LineEdit(name=f"{page_id}Second", label="Second")
        self.act = KeyButton("Record", "F12", name=f"{page_id}Act", kind="primary", on_press=press)
        for widget in (self.first, self.second, self.act):
            self.layout_.addWidget(widget)
        self.closes = False

    def key_hints(self) -> Sequence[KeyHint]:
        return [KeyHint("F12", "Record")]

    def note(self) -> str:
        return "Saved"

    def entered(self, argument: object) -> None:
        self.heard.append(("entered", argument))

    def left(self) -> None:
        self.heard.append("left")

    def primary(self) -> None:
        self.act.press()

    def escape(self) -> bool:
        self.heard.append("escape")
        return self.closes

    def refresh(self) -> None:
        self.heard.append("refresh")

    def panes(self) -> Sequence[QWidget]:
        return (self.first, self.act)

    def alt(self, number: int) -> bool:
        self.heard.append(number)
        return True

    def shortcut(self, keys: str) -> bool:
        self.heard.append(keys)
        return True

    def print_requested(self) -> None:
        self.heard.append("print")

    def fit(self, width: str) -> None:
        super().fit(width)
        self.heard.append(width)

    def first_focus(self) -> QWidget:
        return self.first

    def hide_names(self, hidden: bool) -> None:
        self.heard.append(("names hidden", hidden))


def show_window(qtbot: QtBot, *pages: Page, idle_lock_s: int = 120) -> ShellWindow:
    """The window on the offscreen display, dressed light, with its first page shown."""
    keeper().use("light")
    window = ShellWindow(idle_lock_s=idle_lock_s)
    qtbot.addWidget(window)
    window.add_pages(pages, [RailItem(page.page_id, page.page_id.title(), "", "list-checks") for page in pages])
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.go(pages[0].page_id)
    return window


def show(qtbot: QtBot, widget: QWidget) -> None:
    """One widget on the offscreen display, with the keyboard."""
    keeper().use("light")
    qtbot.addWidget(widget)
    _KEPT.append(widget)
    widget.show()
    widget.activateWindow()
    qtbot.waitUntil(widget.isActiveWindow)
