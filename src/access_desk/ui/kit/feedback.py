"""What the program says: toasts, the error summary, dialogs over the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QFrame, QVBoxLayout, QWidget

from access_desk.ui.kit.buttons import KeyButton
from access_desk.ui.kit.cards import GAP, Band, column, row, rule
from access_desk.ui.kit.labels import IconLabel, PlainLabel
from access_desk.ui.kit.theme import current

TOAST_MS = 6_000


class Toasts(QWidget):
    """Short messages at the bottom right: six seconds, failures until they are read. Never the only record."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self.setObjectName("toasts")
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(8)
        over.installEventFilter(self)
        self.hide()

    def say(self, text: str, tone: str = "balanced") -> None:
        """Show a message. Tone ``short`` (a failure) stays until its button is pressed."""
        icons = {"balanced": "circle-check", "short": "circle-alert", "info": "info", "attention": "triangle-alert"}
        toast = QFrame()
        toast.setObjectName("toast")
        toast.setAccessibleName(text)
        label = PlainLabel(text)
        label.setWordWrap(True)
        label.setFixedWidth(320)
        line = row(IconLabel(icons.get(tone, "info"), token=f"{tone}_fg", size=16), label, spacing=10, margins=(14, 10, 14, 10))
        toast.setLayout(line)
        if tone == "short":
            read = KeyButton("Read", name="toastRead", small=True, on_press=lambda: self._remove(toast))
            line.addWidget(read)
        else:
            QTimer.singleShot(TOAST_MS, toast, lambda: self._remove(toast))
        self._layout.addWidget(toast)
        self._place()

    def texts(self) -> list[str]:
        """The messages that are shown now."""
        return [self._layout.itemAt(index).widget().accessibleName() for index in range(self._layout.count())]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Stay at the corner when the window changes."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _remove(self, toast: QFrame) -> None:
        self._layout.removeWidget(toast)
        toast.deleteLater()
        self._place()

    def _place(self) -> None:
        over = self.parentWidget()
        if self._layout.count() == 0:
            self.hide()
            return
        self.show()
        self.adjustSize()
        self.move(over.width() - self.width() - 16, over.height() - self.height() - 44)
        self.raise_()


class ErrorSummary(Band):
    """ "There is a problem": every error in the field's own words; a line leads to its field."""

    def __init__(self, *, name: str = "errorSummary") -> None:
        super().__init__(tone="short", name=name)
        self._links = column(spacing=2)
        layout = self.layout()
        assert layout is not None  # noqa: S101 - Band made it
        layout.itemAt(1).layout().addLayout(self._links)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_errors(self, errors: Sequence[tuple[str, Callable[[], object]]]) -> None:
        """Show (text, go there) lines; none hides it."""
        while (item := self._links.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for number, (text, go_there) in enumerate(errors, 1):
            self._links.addWidget(KeyButton(text, name=f"error{number}", kind="link", on_press=go_there))
        self.say("There is a problem" if errors else "", "", "short")


class Dialog(QWidget):
    """A dialog over the window: a flat scrim and a panel. Its button says the act and the sum; Esc keeps everything.

    Attributes:
        closed: emitted when it is gone, however it went.
    """

    closed = Signal()

    def __init__(
        self, over: QWidget, title: str, *, name: str, act: str, kind: str = "primary", keep: str = "Keep", width: int = 460
    ) -> None:
        super().__init__(over)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self._before = QApplication.focusWidget()
        self.panel = QFrame(self)
        self.panel.setObjectName("dialog")
        self.panel.setFixedWidth(current().px(width))
        self.problem = Band(tone="short", name=f"{name}Problem")
        self.body = column(spacing=10)
        self.act = KeyButton(act, "F12", name=f"{name}Act", kind=kind, large=True)
        self.keep = KeyButton(keep, "Esc", name=f"{name}Keep", large=True, on_press=self.close_dialog)
        content = column(
            PlainLabel(title, style="section"), rule(), self.problem, self.body, row(self.keep, self.act), spacing=GAP,
            margins=(20, 16, 20, 18),
        )  # fmt: skip
        self.panel.setLayout(content)
        over.installEventFilter(self)

    def open_dialog(self, first: QWidget | None = None) -> None:
        """Show it; ``first`` has the keyboard."""
        self._place()
        self.show()
        self.raise_()
        (first or self.act).setFocus(Qt.FocusReason.OtherFocusReason)

    def close_dialog(self) -> None:
        """Take it away; the focus goes back to where it was."""
        self.hide()
        before = self._before
        self.closed.emit()
        self.deleteLater()
        if before is not None and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_problem(self, text: str) -> None:
        """Say why it was refused; nothing typed is lost."""
        self.problem.say(text, "", "short")
        self._place()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Esc keeps, F12 acts; the page below hears nothing."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_dialog()
        elif event.key() == Qt.Key.Key_F12:
            self.act.press()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.focusNextPrevChild(True)  # noqa: FBT003 - Qt's own form
        event.accept()

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: N802, A002, FBT001 - Qt's own form
        """Tab stays inside."""
        stops = [
            widget
            for widget in self.panel.findChildren(QWidget)
            if widget.isVisibleTo(self) and widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        ]
        here = QApplication.focusWidget()
        if not stops:
            return False
        at = stops.index(here) if here in stops else -1
        stops[(at + (1 if next else -1)) % len(stops)].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Cover the whole window when it changes."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """The scrim: flat, no blur."""
        del event
        painter = QPainter(self)
        scrim = QColor(current().color("scrim"))
        scrim.setAlphaF(0.45)
        painter.fillRect(self.rect(), scrim)
        painter.end()

    def _place(self) -> None:
        self.setGeometry(self.parentWidget().rect())
        self.panel.adjustSize()
        self.panel.move((self.width() - self.panel.width()) // 2, max((self.height() - self.panel.height()) // 3, 12))
