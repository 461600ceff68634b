"""Buttons: with the key that presses them, and able to say why they cannot act."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QShowEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from access_desk.ui.kit.icons import icon
from access_desk.ui.kit.labels import KeyCap, plain, repolish
from access_desk.ui.kit.theme import current

ICON, GAP_AFTER_ICON = 16, 5
_INKS = {
    "primary": "on_accent", "danger": "on_danger", "quiet": "accent_text", "link": "accent_text", "problem": "short_fg",
}  # fmt: skip


def _letters(text: str) -> str:
    """A button's text as Qt wants it: a lone & would underline the next letter and make it a shortcut."""
    return plain(text).replace("&", "&&")


class KeyButton(QPushButton):
    """A button with its key cap inside. A blocked one still takes the focus and says why when pressed.

    Attributes:
        refused: emitted with the reason when a blocked button is pressed.
        activated: emitted once per activation; while ``busy`` nothing more is emitted.
    """

    refused = Signal(object)
    activated = Signal()

    def __init__(
        self, text: str, key: str = "", *, name: str, kind: str = "plain", icon_name: str = "", large: bool = False,
        small: bool = False, on_press: Callable[[], object] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(_letters(text))
        self.setObjectName(name)
        self.setAccessibleName(plain(text))
        self.setAutoDefault(False)
        self._kind, self._icon_name, self._reason, self._busy = kind, icon_name, "", False
        self.setProperty("kind", kind)
        self.setProperty("large", large)
        self.setProperty("small", small)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 10, 0)
        layout.addStretch(1)
        self._cap = KeyCap(key, token=self._ink()) if key else None
        if self._cap:
            layout.addWidget(self._cap)
            self.setStyleSheet("text-align: left;")
        self.clicked.connect(self._pressed)
        if on_press is not None:
            self.activated.connect(on_press)
        self._draw()

    @property
    def busy(self) -> bool:
        """Whether what it started is still going on."""
        return self._busy

    def set_busy(self, busy: bool) -> None:
        """While busy, further activations do nothing."""
        self._busy = busy

    def set_blocked(self, reason: str) -> None:
        """Cannot act for this reason; blank: can."""
        self._reason = reason
        self.setProperty("blocked", bool(reason))
        self.setAccessibleDescription(plain(reason))
        repolish(self)
        self._draw()

    def say(self, text: str) -> None:
        """Another text."""
        if _letters(text) != self.text():
            self.setText(_letters(text))
            self.setAccessibleName(plain(text))
            self.updateGeometry()

    def set_kind(self, kind: str) -> None:
        """Another kind: plain, primary, danger, quiet, link."""
        self._kind = kind
        self.setProperty("kind", kind)
        repolish(self)
        self._draw()

    def press(self) -> None:
        """What a click does, from a shortcut."""
        self._pressed()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Wide enough for text, icon and key."""
        hint = super().sizeHint()
        return QSize(hint.width() + (self._cap.width() + 8 if self._cap else 0), hint.height())

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Never cut."""
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Enter presses a focused button, as Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():
                self.click()
            event.accept()
            return
        super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """A double click is one activation: its second press does nothing, here or on what came in the button's place."""
        event.accept()

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Yellow: the ink turns dark."""
        super().focusInEvent(event)
        self._draw()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """And back."""
        super().focusOutEvent(event)
        self._draw()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """A new theme changes the ink."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._draw()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """The icon is rendered for the theme in use when the button appears."""
        super().showEvent(event)
        self._draw()

    def _pressed(self) -> None:
        if self._reason:
            self.refused.emit(self._reason)
        elif not self._busy:
            self.activated.emit()

    def _ink(self) -> str:
        if self.hasFocus():
            return "on_focus"
        if self._reason:
            return "text_disabled"
        if self.isChecked():
            return "on_accent"
        return _INKS.get(self._kind, "text_primary")

    def _draw(self) -> None:
        ink = self._ink()
        if self._cap:
            self._cap.set_token(ink if ink.startswith("on_") or ink == "text_disabled" else "text_secondary")
        if self._icon_name:
            self.setIcon(icon(self._icon_name, current().colors[ink], ICON, GAP_AFTER_ICON if self.text() else 0))
            self.setIconSize(QSize(ICON + (GAP_AFTER_ICON if self.text() else 0), ICON))


class SegmentedControl(QWidget):
    """One of a few choices side by side, each with its key.

    Attributes:
        chosen: emitted with the value of the segment a person chose.
    """

    chosen = Signal(object)

    def __init__(self, choices: Sequence[tuple[object, str, str, str]], *, name: str) -> None:
        """``choices`` are (value, text, key or blank, icon or blank)."""
        super().__init__()
        self.setObjectName(name)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._buttons: dict[object, KeyButton] = {}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        last = len(choices) - 1
        for index, (value, text, key, icon_name) in enumerate(choices):
            button = KeyButton(text, key, name=f"{name}_{value}", icon_name=icon_name)
            button.setCheckable(True)
            button.setProperty("segment", "first" if index == 0 else "last" if index == last else "true")
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            button.clicked.connect(lambda _checked=False, value=value: self.chosen.emit(value))
            button.toggled.connect(lambda _checked, button=button: button._draw())  # noqa: SLF001 - its own kind
            self._group.addButton(button)
            self._buttons[value] = button
            layout.addWidget(button)

    def show_choice(self, value: object) -> None:
        """Show which one is chosen, without telling anybody."""
        button = self._buttons.get(value)
        if button is not None and not button.isChecked():
            button.setChecked(True)

    def show_none(self) -> None:
        """Show that none of them holds."""
        self._group.setExclusive(False)
        for button in self._buttons.values():
            button.setChecked(False)
        self._group.setExclusive(True)

    def choose(self, value: object) -> None:
        """What a click on a segment does, from a shortcut."""
        self.show_choice(value)
        self.chosen.emit(value)
