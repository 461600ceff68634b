"""The receipt preview: a strip of paper, painted line by line while the payment is typed."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from access_desk.presentation.payment_receipt import ReceiptLine
from access_desk.ui.kit.labels import plain
from access_desk.ui.kit.theme import current

_PAPER, _INK, _MARGIN = "#FFFFFF", "#13202A", 14
_HEIGHTS = {"title": 19, "center": 16, "heading": 20, "small": 16, "total": 26, "rule": 17}
_STYLES = {"title": ("body", 600), "heading": ("body", 600), "total": ("section", 600)}


class ReceiptPaper(QWidget):
    """White paper in every theme, as it will come out of the printer."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("receiptPaper")
        self.setAccessibleName("Receipt preview")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._lines: tuple[ReceiptLine, ...] = ()

    def show_lines(self, lines: tuple[ReceiptLine, ...]) -> None:
        """Show the receipt as it is now."""
        if lines != self._lines:
            self._lines = lines
            self.setAccessibleDescription(plain("; ".join(f"{line.left} {line.right}".strip() for line in lines if line.left)))
            self.setFixedHeight(self.sizeHint().height())
            self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As long as its lines."""
        return QSize(250, current().px(2 * _MARGIN + sum(_HEIGHTS[line.kind] for line in self._lines)))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """The strip."""
        del event
        theme = current()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(_PAPER))
        painter.setPen(theme.color("border_subtle"))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.setPen(QColor(_INK))
        y = float(theme.px(_MARGIN))
        for line in self._lines:
            height = theme.px(_HEIGHTS[line.kind])
            self._paint_line(painter, line, QRectF(_MARGIN, y, self.width() - 2 * _MARGIN, height))
            y += height
        painter.end()

    @staticmethod
    def _paint_line(painter: QPainter, line: ReceiptLine, room: QRectF) -> None:
        theme = current()
        if line.kind == "rule":
            painter.setPen(QPen(QColor(_INK), 1, Qt.PenStyle.DashLine))
            painter.drawLine(
                room.topLeft() + (room.bottomLeft() - room.topLeft()) / 2,
                room.topRight() + (room.bottomRight() - room.topRight()) / 2,
            )
            painter.setPen(QColor(_INK))
            return
        style, weight = _STYLES.get(line.kind, ("caption", 400))
        painter.setFont(theme.font(style, weight))
        if line.kind == "total":
            painter.drawLine(room.topLeft(), room.topRight())
        middle = Qt.AlignmentFlag.AlignVCenter
        if line.kind in ("title", "center", "heading"):
            text = painter.fontMetrics().elidedText(plain(line.left), Qt.TextElideMode.ElideRight, int(room.width()))
            painter.drawText(room, Qt.AlignmentFlag.AlignHCenter | middle, text)
            return
        # An endless name leaves its caption half of the line, as it does on the paper.
        left = min(painter.fontMetrics().horizontalAdvance(plain(line.left)), int(room.width()) // 2)
        right = painter.fontMetrics().elidedText(plain(line.right), Qt.TextElideMode.ElideRight, int(room.width()) - left - 8)
        width = painter.fontMetrics().horizontalAdvance(right)
        text = painter.fontMetrics().elidedText(plain(line.left), Qt.TextElideMode.ElideRight, int(room.width()) - width - 8)
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | middle, text)
        painter.drawText(room, Qt.AlignmentFlag.AlignRight | middle, right)
