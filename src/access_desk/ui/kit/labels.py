"""Text on screen: plain labels, key caps, chips. A name is shown as typed, never as markup."""

from __future__ import annotations

from unicodedata import bidirectional

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QWidget

from access_desk.ui.kit.icons import pixmap
from access_desk.ui.kit.theme import current, keeper
from access_desk.ui.kit.tokens import tokens

INK_ON_MARK = "#06233B"
SEMANTIC_ICONS = {
    "balanced": "circle-equal",
    "done": "circle-check",
    "short": "circle-minus",
    "over": "circle-plus",
    "attention": "triangle-alert",
    "overdue": "alarm-clock",
    "offline": "cloud-off",
    "info": "info",
}
# Line breaks, and what joins or parts letters within a Persian or Indic name or a picture of several people.
_KEPT = frozenset("\n\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}")
_MARK = "\N{LEFT-TO-RIGHT MARK}"
# Tones that share another tone's colours.
_COLORS_OF = {"done": "balanced"}


def plain(text: str) -> str:
    """Text without the control characters that would break a line or reverse a screen."""
    return "".join(letter if letter.isprintable() or letter in _KEPT else "\N{REPLACEMENT CHARACTER}" for letter in text)


def from_the_left(text: str) -> str:
    """Text whose parts keep their order, whichever way the letters of a name run.

    Qt lets the first letter say which way a whole line runs: a Hebrew street would put the house number and the telephone
    on the wrong sides of it, and a record number before its name.
    """
    runs_left = any(bidirectional(letter) in ("R", "AL") for letter in text)
    return "\n".join(f"{_MARK}{line}" for line in text.split("\n")) if runs_left else text


def broken(text: str, metrics: QFontMetrics, width: int) -> str:
    """Text on as many lines as it needs to be no wider, for what cannot break its text itself."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if lines[-1] and metrics.horizontalAdvance(longer) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return "\n".join(metrics.elidedText(line, Qt.TextElideMode.ElideRight, width) for line in lines)


class PlainLabel(QLabel):
    """A label that shows text as text. With ``elide`` a long one ends in an ellipsis and keeps its whole text as tooltip."""

    def __init__(
        self, text: str = "", *, style: str = "body", weight: int | None = None, tone: str = "", elide: bool = False
    ) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._style, self._weight, self._elide, self._whole = style, weight, elide, ""
        self.setFont(current().font(style, weight))
        if tone:
            self.setProperty("tone", tone)
        if elide:
            self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.say(text)

    def say(self, text: str) -> None:
        """Show another text."""
        text = plain(text)
        if text == self._whole and self.text():
            return
        self._whole = text
        self.setAccessibleName(text)
        self._paint_text()

    def whole(self) -> str:
        """The text before it was shortened."""
        return self._whole

    def set_tone(self, tone: str) -> None:
        """Another colour, by its token family; blank for the usual one."""
        if self.property("tone") != tone:
            self.setProperty("tone", tone)
            repolish(self)

    def fit_zoom(self) -> None:
        """Another zoom is another size of type."""
        self.setFont(current().font(self._style, self._weight))
        self._paint_text()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """A narrower label shortens its text."""
        super().resizeEvent(event)
        if self._elide:
            self._paint_text()

    def _paint_text(self) -> None:
        text = self._whole
        if self._elide and self.width() > 0:
            text = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, self.width())
            self.setToolTip(_as_tooltip(self._whole) if text != self._whole else "")
        if self.buddy() is not None:
            # A label that stands for a field: Qt would take a lone & for the mark of a shortcut letter.
            text = text.replace("&", "&&")
        text = from_the_left(text)
        if text != self.text():
            self.setText(text)


def _as_tooltip(text: str) -> str:
    """A tooltip that Qt takes for plain text, whatever it holds."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"<qt>{escaped[:500]}</qt>"


def repolish(widget: QWidget) -> None:
    """Let the style sheet look at a widget's properties again."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


class IconLabel(QLabel):
    """An icon in the colour of a token; decoration beside words, so it has no name of its own."""

    def __init__(self, name: str, *, token: str = "text_primary", size: int = 15) -> None:
        super().__init__()
        self._name, self._token, self._size = name, token, size
        self.setFixedSize(size, size)
        self._render()
        keeper().changed.connect(self._render)

    def show_icon(self, name: str, token: str) -> None:
        """Another icon or colour."""
        if (name, token) != (self._name, self._token):
            self._name, self._token = name, token
            self._render()

    def _render(self) -> None:
        self.setPixmap(pixmap(self._name, current().colors[self._token], self._size))


class KeyCap(QLabel):
    """The key that does a thing, drawn as a key."""

    def __init__(self, key: str, *, token: str = "text_secondary") -> None:
        super().__init__(key)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAccessibleName(key)
        self._token = token
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.fit_zoom()

    def fit_zoom(self) -> None:
        """Another zoom is another size of type."""
        self.setFont(current().font("caption", 500))
        width = self.fontMetrics().horizontalAdvance(self.text()) + 10
        self.setFixedSize(max(width, current().px(18)), current().px(18))

    def set_token(self, token: str) -> None:
        """Draw it in another colour."""
        self._token = token
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """A small outlined cap."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        color = current().color(self._token)
        # On a filled or yellow button the edge has the ink's colour; elsewhere it stays behind the words.
        painter.setPen(QPen(color if self._token.startswith("on_") else current().color("border_strong"), 1))
        painter.drawRoundedRect(QRectF(0.5, 0.5, self.width() - 1, self.height() - 1), 3, 3)
        painter.setPen(color)
        painter.setFont(self.font())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
        painter.end()


def rail_mark() -> QColor:
    """What marks logo, badges and the current place: the rail is dark in every theme, so it is the dark theme's accent."""
    theme = current()
    if theme.name == "high-contrast":
        return theme.color("chart_goal")
    return QColor(tokens()["color"]["dark"]["accent"])


class Logo(QWidget):
    """The program's mark: a door on a tile."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(28, 28)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """The tile and the door."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(rail_mark())
        painter.drawRoundedRect(QRectF(0, 0, 28, 28), 6, 6)
        painter.drawPixmap(5, 5, pixmap("door-closed", INK_ON_MARK, 18, "2.4"))
        painter.end()


class Chip(QFrame):
    """A state in an outlined pill: icon and word, and only then colour."""

    def __init__(self, text: str = "", tone: str = "info", icon: str = "") -> None:
        super().__init__()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 1, 10, 1)
        layout.setSpacing(5)
        self._icon = IconLabel(icon or SEMANTIC_ICONS.get(tone, "info"), size=14)
        self._label = PlainLabel(text, style="label", weight=600)
        layout.addWidget(self._icon)
        layout.addWidget(self._label)
        self.fit_zoom()
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._tone, self._icon_name = "", ""
        self.show_state(text, tone, icon)
        keeper().changed.connect(self._render)

    def fit_zoom(self) -> None:
        """The pill grows with its words."""
        self.setFixedHeight(current().px(22))

    def show_state(self, text: str, tone: str, icon: str = "") -> None:
        """Another state. Tones: balanced, done, short, over, attention, overdue, offline, info, plain."""
        self._tone, self._icon_name = tone, icon
        self._label.say(text)
        self.setAccessibleName(plain(text))
        self._render()

    def _render(self) -> None:
        tone, icon = self._tone, self._icon_name
        family = _COLORS_OF.get(tone, tone)
        foreground = "text_secondary" if tone == "plain" else f"{family}_fg"
        self._icon.setVisible(bool(icon) or tone in SEMANTIC_ICONS)
        if icon or tone in SEMANTIC_ICONS:
            self._icon.show_icon(icon or SEMANTIC_ICONS[tone], foreground)
        self._label.setStyleSheet(f"color: {current().colors[foreground]}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """The pill."""
        del event
        family = _COLORS_OF.get(self._tone, self._tone)
        theme = current()
        fill = "bg_surface" if self._tone == "plain" else f"{family}_bg"
        edge = "border_strong" if self._tone == "plain" else f"{family}_bd"
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(theme.color(edge), 1)
        if self._tone == "offline":
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(theme.color(fill))
        round_ = (self.height() - 1) / 2
        painter.drawRoundedRect(QRectF(0.5, 0.5, self.width() - 1, self.height() - 1), round_, round_)
        painter.end()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As wide as its words."""
        hint = super().sizeHint()
        return QSize(hint.width(), self.height())
