"""What the program says: toasts, the error summary, dialogs over the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QFrame, QSizePolicy, QVBoxLayout, QWidget

from access_desk.ui.kit.accessibility import announce, tab_order
from access_desk.ui.kit.buttons import KeyButton
from access_desk.ui.kit.cards import GAP, Band, column, row, rule
from access_desk.ui.kit.labels import IconLabel, KeyCap, PlainLabel, broken, plain
from access_desk.ui.kit.theme import current

TOAST_MS = 6_000
UNDO_MS = 10_000
WIDTH, LEAST_WORDS = 436, 250
# How wide a line of the error summary is at most.
LINE = 560
MOST_TOASTS = 5
MOST_DIGITS = 9


class Toast(QFrame):
    """One short message: icon, what happened, a second line, and perhaps a button.

    Attributes:
        gone: emitted when it should go: its time is up, or its button was pressed.
    """

    gone = Signal()
    _ICONS: ClassVar[dict[str, str]] = {
        "balanced": "circle-check",
        "short": "circle-alert",
        "info": "info",
        "attention": "triangle-alert",
    }

    def __init__(
        self, text: str, *, detail: str = "", tone: str = "balanced", icon: str = "", action: str = "", key: str = "",
        do: Callable[[], object] | None = None, stays: bool = False,
    ) -> None:  # fmt: skip
        super().__init__()
        self.setObjectName("toast")
        self.setProperty("tone", tone)
        self.setAccessibleName(plain(f"{text} {detail}".strip()))
        self.text = text
        # A failure is never taken away by the clock: it waits until somebody has read it.
        self.stays = stays or tone == "short"
        self._do = do
        words = column(spacing=1)
        for label in (PlainLabel(text, weight=600 if detail else 400), PlainLabel(detail, style="label", tone="muted")):
            if label.whole():
                label.setWordWrap(True)
                label.setMinimumWidth(current().px(LEAST_WORDS))
                words.addWidget(label)
        mark = IconLabel(icon or self._ICONS.get(tone, "info"), token=f"{tone}_fg", size=18)
        line = row(mark, spacing=12, margins=(14, 10, 12, 10))
        line.addLayout(words, 1)
        if action or self.stays:
            self.button = KeyButton(
                action or "Read", key, name="toastAction" if action else "toastRead", small=True, on_press=self._press
            )
            line.addWidget(self.button)
        self.setLayout(line)

    def start_clock(self, milliseconds: int) -> None:
        """Let it go after a while, unless it is a failure."""
        if not self.stays:
            QTimer.singleShot(milliseconds, self, self.gone.emit)

    def _press(self) -> None:
        if self._do is not None:
            self._do()
        self.gone.emit()


class Toasts(QWidget):
    """Short messages at the bottom right: six seconds, failures until they are read. Never the only record."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self.setObjectName("toasts")
        self._quiet = False
        self.setAccessibleName("Messages")
        self._over, self._toasts = over, list[Toast]()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(8)
        over.installEventFilter(self)
        self.hide()

    def say(self, text: str, tone: str = "balanced") -> None:
        """Show a message. Tone ``short`` (a failure) stays until its button is pressed."""
        self.show_toast(Toast(text, tone=str(tone)))

    def offer(
        self, text: str, action: str, do: Callable[[], object], *, detail: str = "", key: str = "", tone: str = "info"
    ) -> None:
        """Show a message with a button, for ten seconds: long enough to take something back."""
        self.show_toast(Toast(text, detail=detail, tone=tone, action=action, key=key, do=do), UNDO_MS)

    def show_toast(self, toast: Toast, milliseconds: int = TOAST_MS) -> None:
        """Show a message made elsewhere."""
        toast.gone.connect(lambda: self._remove(toast))
        toast.start_clock(milliseconds)
        toast.setFixedWidth(current().px(WIDTH))
        self._layout.addWidget(toast)
        self._toasts.append(toast)
        while len(self._toasts) > MOST_TOASTS:
            self._remove(next((one for one in self._toasts if not one.stays), self._toasts[0]))
        self._place()
        announce(toast, toast.accessibleName())

    def keep_quiet(self) -> None:
        """Say nothing more, while pictures are taken."""
        self._quiet = True

    def texts(self) -> list[str]:
        """The messages that are shown now."""
        return [toast.accessibleName() for toast in self._toasts]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Stay at the corner when the window changes."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _remove(self, toast: Toast) -> None:
        if toast not in self._toasts:
            return
        self._toasts.remove(toast)
        self._layout.removeWidget(toast)
        toast.hide()
        toast.deleteLater()
        self._place()

    def _place(self) -> None:
        over = self._over
        if not self._toasts:
            self.hide()
            return
        self.show()
        self.adjustSize()
        self.move(over.width() - self.width() - 16, over.height() - self.height() - 44)
        self.raise_()


class ErrorSummary(QFrame):
    """Says "There is a problem": every error in the field's own words; a line, or its number, leads to its field."""

    def __init__(self, *, name: str = "errorSummary") -> None:
        super().__init__()
        self.setObjectName(name)
        self.setProperty("summary", True)
        self._go_there: tuple[Callable[[], object], ...] = ()
        head = row(
            IconLabel("circle-alert", token="short_fg", size=18), PlainLabel("There is a problem", style="section"), 1, spacing=8
        )
        self._links = column(spacing=0)
        self.setLayout(column(head, self._links, spacing=6, margins=(14, 12, 14, 10)))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.hide()

    def show_errors(self, errors: Sequence[tuple[str, Callable[[], object]]]) -> None:
        """Show (text, go there) lines; none hides it."""
        while (item := self._links.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._go_there = tuple(go_there for _, go_there in errors)
        links: list[QWidget] = [self]
        for number, (text, go_there) in enumerate(errors, 1):
            line = self._line(number, text, go_there)
            self._links.addWidget(line)
            links += line.findChildren(KeyButton)
        # Their place is before the form, not behind everything that was made earlier.
        tab_order(links)
        self.setAccessibleName(f"There is a problem. {' '.join(text for text, _ in errors)}" if errors else "")
        self.setVisible(bool(errors))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """A digit goes to that error's field."""
        number = event.key() - Qt.Key.Key_0
        if 1 <= number <= len(self._go_there) and not event.modifiers():
            self._go_there[number - 1]()
            return
        super().keyPressEvent(event)

    @staticmethod
    def _line(number: int, text: str, go_there: Callable[[], object]) -> QWidget:
        line = QWidget()
        link = KeyButton("", name=f"error{number}", kind="problem", on_press=go_there)
        # A button does not break its text, and one long line would make the page wider than the window.
        link.say(broken(text, link.fontMetrics(), current().px(LINE)))
        link.setAccessibleName(plain(text))
        line.setLayout(row(link, 1, KeyCap(str(number)), spacing=8) if number <= MOST_DIGITS else row(link, 1))
        return line


class Dialog(QWidget):
    """A dialog over the window: a flat scrim and a panel. Its button says the act and the sum; Esc keeps everything.

    Attributes:
        closed: emitted when it is gone, however it went.
        keys: what other keys of the window do while it is open, such as ``Alt+1``.
    """

    closed = Signal()

    def __init__(
        self, over: QWidget, title: str, *, name: str, act: str, kind: str = "primary", keep: str = "Keep", width: int = 460
    ) -> None:
        super().__init__(over)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self._over, self._before = over, QApplication.focusWidget()
        self.keys: dict[str, Callable[[], object]] = {}
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
            self.focusNextPrevChild(True)
        event.accept()

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: N802, A002 - Qt's own form
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
        self.setGeometry(self._over.rect())
        self.panel.adjustSize()
        self.panel.move((self.width() - self.panel.width()) // 2, max((self.height() - self.panel.height()) // 3, 12))
