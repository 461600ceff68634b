"""A thin bar that shows a share, with a mark where the goal is. The figure beside it says the same in words."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from access_desk.ui.kit.theme import current

_HEIGHT, _THICK = 14, 8


class ShareBar(QWidget):
    """From 0 to 1. It is no part of the focus order, and screen readers skip it: it repeats the figure."""

    def __init__(self, *, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._share: float | None = None
        self._goal: float | None = None

    def show_share(self, share: float | None, goal: float | None = None) -> None:
        """Another share; None is no bar at all. ``goal`` draws a mark where it is best to stay below."""
        self._share, self._goal = share, goal
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As wide as there is room."""
        return QSize(40, current().px(_HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Frame, filled part, mark of the goal."""
        del event
        theme = current()
        painter = QPainter(self)
        thick = theme.px(_THICK)
        track = QRectF(0.5, (self.height() - thick) / 2 + 0.5, self.width() - 1, thick - 1)
        painter.fillRect(track, theme.color("chart_track"))
        painter.setPen(QPen(theme.color("border_strong"), 1))
        painter.drawRect(track)
        if self._share is not None:
            over = self._goal is not None and self._share > self._goal
            filled = QRectF(track)
            filled.setWidth(track.width() * min(max(self._share, 0.0), 1.0))
            painter.fillRect(filled, theme.color("attention_fg" if over else "chart_1"))
        if self._goal is not None:
            at = track.left() + track.width() * min(max(self._goal, 0.0), 1.0)
            painter.setPen(QPen(theme.color("chart_goal"), 2))
            painter.drawLine(int(at), 0, int(at), self.height())
        painter.end()
