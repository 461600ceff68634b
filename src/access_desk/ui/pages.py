"""What every page is to the window around it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from access_desk.ui.kit.cards import GAP, MARGIN_X, MARGIN_Y
from access_desk.ui.kit.side_panel import SidePanel


@dataclass(frozen=True, slots=True)
class KeyHint:
    """A key and what it does here, for the bar at the bottom."""

    keys: str
    does: str


class Page(QWidget):
    """A page of the window.

    Attributes:
        page_id: its name in shortcuts, rail and palette.
        hints_changed: the keys or the note at the bottom changed.
        go: emitted with (page_id, argument) to go to another page.
        told: emitted with (text, tone) for a short message; tone ``short`` stays until it is read.
        status_changed: something was recorded; the strip looks again.
        follows_others: it is looked at again when other desks' records came; nothing is being typed there.
        side_panel: the right side, when the page has one; one of its panes.
    """

    page_id = ""
    title = ""
    rail = ""
    side_panel: SidePanel | None = None
    follows_others = False
    hints_changed = Signal()
    go = Signal(object, object)
    told = Signal(object, object)
    status_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("page")
        self.layout_ = QVBoxLayout(self)
        self.layout_.setContentsMargins(MARGIN_X, MARGIN_Y, MARGIN_X, MARGIN_Y)
        self.layout_.setSpacing(GAP)

    def key_hints(self) -> Sequence[KeyHint]:
        """The keys that do something here."""
        return ()

    def note(self) -> str:
        """The text at the right of the key bar."""
        return ""

    def entered(self, argument: object) -> None:
        """The page is shown; ``argument`` is what the page before gave it, or None."""

    def left(self) -> None:
        """Another page is shown; what was typed stays."""

    def passes_to(self, page_id: str) -> object:
        """What this page gives the page that a key goes to, such as the visit that F8 takes money for; None: nothing."""
        del page_id
        return None

    def primary(self) -> None:
        """F12."""

    def escape(self) -> bool:
        """Esc: close the topmost thing here; False when there is nothing to close and the window goes back a page."""
        return False

    def refresh(self) -> None:
        """F5: look again."""

    def panes(self) -> Sequence[QWidget]:
        """The widgets that F6 and Shift F6 go round, each with something to focus."""
        return ()

    def alt(self, number: int) -> bool:
        """Alt 1 to 9: the numbered part of the page; False when there is none."""
        del number
        return False

    def shortcut(self, keys: str) -> bool:
        """Another key of the page, such as ``Ctrl+N`` or ``Del``; False when it does nothing here."""
        del keys
        return False

    def print_requested(self) -> None:
        """Ctrl P."""

    def fit(self, width: str) -> None:
        """The window is now ``compact``, ``narrow``, ``standard`` or ``wide``: arrange what depends on it."""
        if self.side_panel is not None:
            self.side_panel.lie_over(self if width == "compact" else None)

    def first_focus(self) -> QWidget | None:
        """What has the keyboard when the page is shown."""
        return None

    def hide_names(self, hidden: bool) -> None:
        """Ctrl . hides or shows names."""


def next_field(backwards: bool = False) -> None:
    """What Enter does in a field: the focus goes on."""
    here = QApplication.focusWidget()
    if here is not None:
        window = here.window()
        window.focusNextPrevChild(not backwards)


Go = Callable[[str, object], None]
