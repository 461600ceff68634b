"""The box that a patient signs in, with a pen, a finger or the mouse."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QTabletEvent
from PySide6.QtWidgets import QWidget

from access_desk.domain.forms.strokes import FEWEST_POINTS, LONGEST_MS, MOST_POINTS, Point, Strokes
from access_desk.ui.kit.theme import current

WIDTH, HEIGHT = 480, 150
LINE_FROM_BOTTOM, MARGIN = 34, 16
PEN_WIDTH = 2.4


class SignaturePad(QWidget):
    """Strokes as they are drawn. It takes no keyboard: who signs on paper is recorded by another button.

    Attributes:
        changed: emitted after every stroke, and when it is cleared.
    """

    changed = Signal()

    def __init__(self, *, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName("Signature box. Sign with a pen or the mouse; the keyboard records a signature on paper.")
        self.setMinimumWidth(current().px(WIDTH))
        self.setFixedHeight(current().px(HEIGHT))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_StaticContents)
        self._lines: list[list[Point]] = []
        self._is_down = False
        self._time = QElapsedTimer()

    @property
    def is_signed(self) -> bool:
        """Whether there is something to keep."""
        return sum(len(line) for line in self._lines) >= FEWEST_POINTS

    def strokes(self) -> Strokes:
        """What was drawn, in units of the box."""
        return Strokes(self.width(), self.height(), tuple(tuple(line) for line in self._lines))

    def clear(self) -> None:
        """Begin again."""
        self._lines.clear()
        self._is_down = False
        self.update()
        self.changed.emit()

    def _put(self, at: QPointF, *, begins: bool) -> None:
        if not self._lines and begins:
            self._time.start()
        if sum(len(line) for line in self._lines) >= MOST_POINTS:
            return
        x = min(max(round(at.x()), 0), self.width())
        y = min(max(round(at.y()), 0), self.height())
        point = Point(x, y, min(int(self._time.elapsed()), LONGEST_MS))
        if begins:
            self._lines.append([point])
        elif self._lines[-1][-1][:2] != (x, y):
            self._lines[-1].append(point)
        self.update()

    def _begin(self, at: QPointF) -> None:
        self._is_down = True
        self._put(at, begins=True)

    def _end(self, at: QPointF) -> None:
        if self._is_down:
            self._put(at, begins=False)
            self._is_down = False
            self.changed.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """The pen goes down."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._begin(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """The pen moves."""
        if self._is_down:
            self._put(event.position(), begins=False)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """The pen is lifted."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._end(event.position())

    def tabletEvent(self, event: QTabletEvent) -> None:  # noqa: N802 - Qt's name
        """A real pen says the same; accepted, so that no mouse events are made of it."""
        kind = event.type()
        if kind == QTabletEvent.Type.TabletPress:
            self._begin(event.position())
        elif kind == QTabletEvent.Type.TabletMove and self._is_down:
            self._put(event.position(), begins=False)
        elif kind == QTabletEvent.Type.TabletRelease:
            self._end(event.position())
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """White paper with a line to sign on, in every theme: the ink is what is kept."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor("white"))
        painter.setPen(QPen(QColor(current().color("border_strong")), 1))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        level = self.height() - current().px(LINE_FROM_BOTTOM)
        painter.drawLine(MARGIN, level, self.width() - MARGIN, level)
        ink = QPen(QColor("black"), PEN_WIDTH, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
        painter.setPen(ink)
        for line in self._lines:
            painter.drawPolyline([QPointF(point.x, point.y) for point in line])
        painter.end()
