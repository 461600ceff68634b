"""What stands where content is missing: nothing there, still coming, could not be had."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from access_desk.ui.kit.buttons import KeyButton
from access_desk.ui.kit.cards import column, row
from access_desk.ui.kit.labels import IconLabel, PlainLabel
from access_desk.ui.kit.theme import current

STRIP_HEIGHT = 3
PROGRESS_AFTER_MS = 400
SWEEP_MS = 40
_SWEEP_STEPS = 60


class EmptyState(QWidget):
    """Says what the emptiness means and what to do next, with the button that does it."""

    def __init__(self, headline: str, detail: str = "", *, name: str = "empty", action: KeyButton | None = None) -> None:
        super().__init__()
        self.setObjectName(name)
        self._headline = PlainLabel(headline, style="section")
        self._detail = PlainLabel(detail, tone="secondary")
        self.action = action
        for label in (self._headline, self._detail):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setWordWrap(True)
        whole = column(1, self._headline, self._detail, spacing=6, margins=(14, 14, 14, 14))
        if action is not None:
            whole.addSpacing(4)
            whole.addLayout(row(1, action, 1))
        whole.addStretch(1)
        self.setLayout(whole)
        self.say(headline, detail)

    def say(self, headline: str, detail: str = "") -> None:
        """Say something else."""
        self._headline.say(headline)
        self._detail.say(detail)
        self._detail.setVisible(bool(detail))
        self.setAccessibleName(f"{headline} {detail}".strip())


class Failure(QWidget):
    """Says what happened, what is safe and what to do; the first action has the keyboard when it appears."""

    def __init__(self, headline: str = "", detail: str = "", *, name: str = "failure", actions: Sequence[KeyButton] = ()) -> None:
        super().__init__()
        self.setObjectName(name)
        self._headline = PlainLabel("", style="section")
        self._detail = PlainLabel("", tone="secondary")
        for label in (self._headline, self._detail):
            label.setWordWrap(True)
        head = row(IconLabel("triangle-alert", token="attention_fg", size=18), spacing=8)
        head.addWidget(self._headline, 1)
        self.setLayout(column(head, self._detail, row(*actions, 1, spacing=8), spacing=8))
        self.say(headline, detail)

    def say(self, headline: str, detail: str = "") -> None:
        """Say something else; nothing hides it."""
        self._headline.say(headline)
        self._detail.say(detail)
        self.setAccessibleName(f"{headline} {detail}".strip())
        self.setVisible(bool(headline))


class ProgressStrip(QFrame):
    """A thin bar that appears when something takes longer than 0.4 seconds; it never takes the keyboard."""

    def __init__(self, *, name: str = "progress") -> None:
        super().__init__()
        self.setObjectName(name)
        self.setFixedHeight(STRIP_HEIGHT)
        self.setAccessibleName("Nothing is under way")
        self._step, self._shown = 0, False
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(PROGRESS_AFTER_MS)
        self._wait.timeout.connect(self._appear)
        self._sweep = QTimer(self)
        self._sweep.setInterval(SWEEP_MS)
        self._sweep.timeout.connect(self._go_on)

    def show_working(self, working: object, what: str = "Working") -> None:
        """Something began (a true value) or ended; ``what`` names what is waited for."""
        self.setAccessibleName(what if working else "Nothing is under way")
        if working:
            if not self._shown and not self._wait.isActive():
                self._wait.start()
            return
        self._wait.stop()
        self._sweep.stop()
        self._shown = False
        self.update()

    @property
    def is_shown(self) -> bool:
        """Whether the bar is on screen."""
        return self._shown

    def _appear(self) -> None:
        self._shown = True
        self._sweep.start()
        self.update()

    def _go_on(self) -> None:
        self._step = (self._step + 1) % _SWEEP_STEPS
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """A track, and a part of it that moves."""
        del event
        if not self._shown:
            return
        painter = QPainter(self)
        painter.fillRect(self.rect(), current().color("chart_track"))
        part = self.width() * 0.42
        left = (self.width() + part) * self._step / _SWEEP_STEPS - part
        painter.fillRect(QRectF(left, 0, part, self.height()), current().color("accent"))
        painter.end()


class LoadingState(QWidget):
    """Grey bars where rows will be, and what is waited for. Shown only where there are no old rows to keep."""

    def __init__(self, text: str, *, name: str = "loading", rows: int = 2) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setMinimumHeight(STRIP_HEIGHT + 12)
        self._text = PlainLabel(text, tone="secondary")
        self.strip = ProgressStrip(name=f"{name}Strip")
        line = row(IconLabel("refresh-cw", token="text_secondary", size=15), self._text, 1, spacing=8, margins=(14, 8, 14, 10))
        self.setLayout(column(self.strip, *(_Bones(number) for number in range(rows)), line, 1, spacing=0))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.say(text)

    def say(self, text: str) -> None:
        """Name what is waited for."""
        self._text.say(text)
        self.setAccessibleName(text)


class _Bones(QWidget):
    """One row that is still to come."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self._width = 150 + 40 * (number % 2)
        self.setFixedHeight(46)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        del event
        theme = current()
        painter = QPainter(self)
        painter.setPen(theme.color("border_subtle"))
        painter.drawLine(self.rect().bottomLeft(), self.rect().bottomRight())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("chart_track"))
        painter.drawRoundedRect(QRectF(14, 9, self._width, 10), 3, 3)
        painter.setBrush(theme.color("bg_sunken"))
        painter.drawRoundedRect(QRectF(14, 28, self._width * 0.64, 8), 3, 3)
        painter.end()
