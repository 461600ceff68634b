"""The palette (page 17): go to or do, by name."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QFrame, QVBoxLayout, QWidget

from access_desk.presentation.palette import PaletteEntry, PaletteModel, PaletteState
from access_desk.ui.kit.cards import column, row
from access_desk.ui.kit.fields import LineEdit
from access_desk.ui.kit.icons import icon
from access_desk.ui.kit.labels import IconLabel, KeyCap, PlainLabel
from access_desk.ui.kit.theme import current

WIDTH, TOP, LINE_HEIGHT = 620, 112, 40


class _Line(QWidget):
    """One entry; the chosen one is filled."""

    pressed = Signal(object)

    def __init__(self, number: int, entry: PaletteEntry, *, is_chosen: bool) -> None:
        super().__init__()
        self._number, self._is_chosen = number, is_chosen
        self.setObjectName(f"paletteLine{number}")
        self.setAccessibleName(f"{entry.title}, {entry.detail}")
        self.setFixedHeight(current().px(LINE_HEIGHT))
        line = row(IconLabel(entry.icon, token="text_secondary", size=16), PlainLabel(entry.title, weight=600), spacing=12)
        line.setContentsMargins(10, 0, 10, 0)
        line.addWidget(PlainLabel(entry.detail, tone="secondary", elide=True), 1)
        key = "Enter" if is_chosen else entry.key
        if key:
            line.addWidget(KeyCap(key))
        self.setLayout(line)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        super().mousePressEvent(event)
        self.pressed.emit(self._number)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        del event
        if self._is_chosen:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(current().color("bg_selected"))
            painter.drawRoundedRect(QRectF(self.rect()), 4, 4)
            painter.end()


class PaletteView(QWidget):
    """Over the window, with a flat scrim; Esc closes it and the keyboard goes back to where it was."""

    def __init__(self, model: PaletteModel, *, over: QWidget) -> None:
        super().__init__(over)
        self.setObjectName("palette")
        self.setAccessibleName("Go to or do")
        self.model = model
        self._before: QWidget | None = None
        self._over = over
        self._panel = QFrame(self)
        self._panel.setObjectName("dialog")
        self._panel.setFixedWidth(current().px(WIDTH))
        self.text = LineEdit(name="paletteText", label="Go to or do")
        self.text.setProperty("kind", "search")
        self.text.setMinimumHeight(current().px(42))
        self.text.typed.connect(lambda text: model.type(str(text)))
        self._glass = self.text.addAction(QIcon(), LineEdit.ActionPosition.LeadingPosition)
        self.text.installEventFilter(self)
        self._lines = QVBoxLayout()
        self._lines.setContentsMargins(6, 4, 6, 6)
        self._lines.setSpacing(0)
        say = PlainLabel("Patients are found with F3, not here", style="label", tone="secondary")
        foot = row(KeyCap("↑ ↓"), PlainLabel("Choose", style="label", tone="secondary"), KeyCap("Enter"), spacing=6)
        for widget in (PlainLabel("Do it", style="label", tone="secondary"), KeyCap("Esc")):
            foot.addWidget(widget)
        foot.addWidget(PlainLabel("Close", style="label", tone="secondary"))
        foot.addStretch(1)
        foot.addWidget(say)
        foot.setContentsMargins(14, 8, 14, 8)
        top = row(self.text, margins=(10, 10, 10, 4))
        self._content = column(top, self._lines, foot, spacing=0)
        self._panel.setLayout(self._content)
        over.installEventFilter(self)
        self.hide()
        model.on_change.append(self.render_state)
        self.destroyed.connect(model.detach)

    def render_state(self, state: PaletteState) -> None:
        """Paint it; it opens and closes with its state."""
        if not state.is_open:
            if self.isVisible():
                self._close()
            return
        self.text.show_text(state.text)
        while (item := self._lines.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        group = ""
        for number, entry in enumerate(state.entries):
            if entry.group != group:
                group = entry.group
                heading = PlainLabel(group, style="caption", tone="secondary")
                heading.setContentsMargins(10, 6, 10, 4)
                self._lines.addWidget(heading)
                heading.show()
            line = _Line(number, entry, is_chosen=number == state.selected)
            line.pressed.connect(lambda chosen: self.model.choose(int(str(chosen))))
            self._lines.addWidget(line)
            line.show()
        if not state.entries:
            nothing = PlainLabel("Nothing is called that. Patients are found with F3.", tone="secondary")
            nothing.setContentsMargins(10, 12, 10, 12)
            self._lines.addWidget(nothing)
            nothing.show()
        self._open()

    def _open(self) -> None:
        if not self.isVisible():
            self._before = QApplication.focusWidget()
            self._glass.setIcon(icon("search", current().colors["on_focus"]))
            self.show()
            self.raise_()
            self.text.setFocus(Qt.FocusReason.OtherFocusReason)
        self._place()

    def _close(self) -> None:
        self.hide()
        before = self._before
        if before is not None and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)

    def _place(self) -> None:
        self.setGeometry(self._over.rect())
        self._content.activate()
        self._panel.adjustSize()
        self._panel.move((self.width() - self._panel.width()) // 2, min(TOP, max(self.height() - self._panel.height(), 8)))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Arrows choose, Enter does, Esc closes; the palette covers the window whatever its size."""
        if watched is not self.text and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        if watched is self.text and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
            if event.key() in steps:
                self.model.move(steps[Qt.Key(event.key())])
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.model.choose()
                return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Esc closes; the page below hears nothing."""
        if event.key() == Qt.Key.Key_Escape:
            self.model.close()
        event.accept()

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: N802, A002 - Qt's own form
        """Tab stays in the box."""
        del next
        return True

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """A click beside it closes it."""
        super().mousePressEvent(event)
        if not self._panel.geometry().contains(event.position().toPoint()):
            self.model.close()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """The scrim: flat, no blur."""
        del event
        painter = QPainter(self)
        scrim = QColor(current().color("scrim"))
        scrim.setAlphaF(0.45)
        painter.fillRect(self.rect(), scrim)
        painter.end()
