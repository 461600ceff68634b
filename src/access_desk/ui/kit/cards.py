"""Cards, bands, rules, page headers, steps: what pages are laid out with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from PySide6.QtCore import QPoint, QRectF, Qt, QTimer
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from access_desk.ui.kit.icons import pixmap
from access_desk.ui.kit.labels import IconLabel, PlainLabel, plain, repolish
from access_desk.ui.kit.theme import current

MARGIN_X, MARGIN_Y, GAP, PADDING = 16, 12, 12, 14


def rule() -> QFrame:
    """A hairline."""
    line = QFrame()
    line.setProperty("rule", True)
    line.setFixedHeight(1)
    return line


def row(*items: QWidget | QLayout | int, spacing: int = GAP, margins: tuple[int, int, int, int] = (0, 0, 0, 0)) -> QHBoxLayout:
    """Widgets side by side; a number is a stretch."""
    layout = QHBoxLayout()
    _fill(layout, items, spacing, margins)
    return layout


def column(*items: QWidget | QLayout | int, spacing: int = GAP, margins: tuple[int, int, int, int] = (0, 0, 0, 0)) -> QVBoxLayout:
    """Widgets under each other; a number is a stretch."""
    layout = QVBoxLayout()
    _fill(layout, items, spacing, margins)
    return layout


def _fill(
    layout: QHBoxLayout | QVBoxLayout, items: Sequence[QWidget | QLayout | int], spacing: int, margins: tuple[int, int, int, int]
) -> None:
    layout.setSpacing(spacing)
    layout.setContentsMargins(*margins)
    for item in items:
        if isinstance(item, int):
            layout.addStretch(item)
        elif isinstance(item, QWidget):
            layout.addWidget(item)
        else:
            layout.addLayout(item)


class Card(QFrame):
    """A flat panel with an optional title; content goes into ``body``."""

    def __init__(
        self, title: str = "", *, name: str = "", aside: QWidget | None = None, number: str = "", sunken: bool = False
    ) -> None:
        super().__init__()
        self.setProperty("card", "sunken" if sunken else "true")
        if name:
            self.setObjectName(name)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self.title: PlainLabel | None = None
        self.caption = PlainLabel("", tone="muted")
        if title:
            header = QWidget()
            header.setFixedHeight(current().px(40))
            line = QHBoxLayout(header)
            line.setContentsMargins(PADDING, 0, PADDING, 0)
            line.setSpacing(8)
            if number:
                line.addWidget(PlainLabel(number, tone="muted"))
            self.title = PlainLabel(title, style="section")
            line.addWidget(self.title)
            line.addWidget(self.caption)
            line.addStretch(1)
            if aside is not None:
                line.addWidget(aside)
            outer.addWidget(header)
            outer.addWidget(rule())
            self.header = header
        self.body = QVBoxLayout()
        self.body.setContentsMargins(PADDING, GAP, PADDING, GAP)
        self.body.setSpacing(10)
        outer.addLayout(self.body)

    def fit_zoom(self) -> None:
        """The title's line grows with its words."""
        if self.title is not None:
            self.header.setFixedHeight(current().px(40))

    def tight(self) -> Card:
        """No padding around the content, for tables."""
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(0)
        return self


class Band(QFrame):
    """A coloured strip with an icon that says one thing; hidden while it has nothing to say."""

    _ICONS: ClassVar[dict[str, str]] = {
        "info": "info", "attention": "triangle-alert", "short": "circle-alert", "balanced": "circle-check",
        "offline": "eye-off", "over": "circle-plus",
    }  # fmt: skip

    def __init__(self, headline: str = "", detail: str = "", *, tone: str = "info", name: str = "", icon: str = "") -> None:
        super().__init__()
        if name:
            self.setObjectName(name)
        self._icon_name = icon
        self._icon = IconLabel(icon or self._ICONS[tone], token=f"{tone}_fg", size=20 if tone == "offline" else 16)
        self._headline = PlainLabel("", weight=600)
        self._detail = PlainLabel("", tone="secondary")
        for label in (self._headline, self._detail):
            label.setWordWrap(True)
        text = column(self._headline, self._detail, spacing=1)
        line = row(self._icon, spacing=10, margins=(PADDING, 10, PADDING, 10))
        line.setAlignment(self._icon, Qt.AlignmentFlag.AlignTop)
        line.addLayout(text, 1)
        self.setLayout(line)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.say(headline, detail, tone)

    def say(self, headline: str, detail: str = "", tone: str = "info") -> None:
        """Say something else; nothing hides it."""
        self.setProperty("band", tone)
        self._icon.show_icon(self._icon_name or self._ICONS[tone], f"{tone}_fg")
        self._headline.say(headline)
        self._headline.setVisible(bool(headline))
        self._detail.say(detail)
        self._detail.setVisible(bool(detail))
        self.setAccessibleName(plain(f"{headline} {detail}".strip()))
        says_something = bool(headline or detail)
        if self.parentWidget() is not None or not says_something:
            # Shown without a parent it would be a window of its own, and take the keyboard from the real one.
            self.setVisible(says_something)
        repolish(self)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """What is hidden or kept here has a dashed edge; style sheets draw dashes as dots."""
        super().paintEvent(event)
        if self.property("band") == "offline":
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            pen = QPen(current().color("offline_bd"), 1)
            pen.setDashPattern([4, 3])
            painter.setPen(pen)
            painter.drawRoundedRect(QRectF(0.5, 0.5, self.width() - 1, self.height() - 1), 6, 6)
            painter.end()


class Steps(QWidget):
    """The steps of a task, numbered; those behind are ticked, the current one is filled."""

    def __init__(self, steps: Sequence[str], *, name: str = "steps") -> None:
        super().__init__()
        self.setObjectName(name)
        self._steps, self._current = list(steps), 0
        self.setFixedHeight(28)
        self._fit()

    def show_step(self, current_step: int) -> None:
        """Which step it is now, from 0."""
        if current_step != self._current:
            self._current = current_step
            self._fit()
            self.update()

    def fit_zoom(self) -> None:
        """Another zoom is another width of words."""
        self._fit()
        self.update()

    def _fit(self) -> None:
        self.setAccessibleName(f"Step {self._current + 1} of {len(self._steps)}: {self._steps[self._current]}")
        theme, width = current(), 0
        for index, step in enumerate(self._steps):
            words = QFontMetrics(theme.font("body", 600 if index == self._current else 400)).horizontalAdvance(step)
            width += words + (64 if index + 1 < len(self._steps) else 34)
        self.setFixedWidth(width)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Circles, words, arrows."""
        del event
        theme = current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x = 1.0
        for index, step in enumerate(self._steps):
            behind, here = index < self._current, index == self._current
            circle = QRectF(x, 3, 22, 22)
            fill = "balanced_bg" if behind else "accent" if here else "bg_surface"
            edge = "balanced_bd" if behind else "accent" if here else "border_control"
            painter.setPen(QPen(theme.color(edge), 1))
            painter.setBrush(theme.color(fill))
            painter.drawEllipse(circle)
            if behind:
                painter.drawPixmap(int(x) + 4, 7, pixmap("check", theme.colors["balanced_fg"], 14, "2.6"))
            else:
                painter.setFont(theme.font("label", 600))
                painter.setPen(theme.color("on_accent" if here else "text_secondary"))
                painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, str(index + 1))
            painter.setFont(theme.font("body", 600 if here else 400))
            painter.setPen(theme.color("text_primary" if here else "text_secondary"))
            width = painter.fontMetrics().horizontalAdvance(step)
            painter.drawText(QRectF(x + 30, 0, width + 4, 28), Qt.AlignmentFlag.AlignVCenter, step)
            x += 30 + width + 10
            if index + 1 < len(self._steps):
                painter.drawPixmap(int(x), 7, pixmap("chevron-right", theme.colors["text_secondary"], 14))
                x += 24
        painter.end()


class PageHeader(QWidget):
    """The title of a page, what it is about, and what can be done at its right."""

    def __init__(self, title: str, *, about: str = "", right: Sequence[QWidget] = ()) -> None:
        super().__init__()
        self.setMinimumHeight(36)
        self.title = PlainLabel(title, style="title")
        self.about = PlainLabel(about, tone="secondary", elide=True)
        line = row(self.title, spacing=12)
        line.addWidget(self.about, 1)
        for widget in right:
            line.addWidget(widget)
        self.setLayout(line)


class Scroller(QScrollArea):
    """The middle that scrolls when the window is low; what has the focus is always brought into view."""

    # How much of what stands below or above a focused field, such as its message, comes into view with it.
    BESIDE_FOCUS: ClassVar[int] = 60

    def __init__(self, content: QWidget, *, name: str = "scroller") -> None:
        super().__init__()
        self.setObjectName(name)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(content)
        self._content = content
        # Qt itself scrolls for Tab only: Enter, Alt with a digit and links set the focus without it.
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._follow)

    def _follow(self, before: QWidget | None, now: QWidget | None) -> None:
        del before
        # What the mouse is on must not move away under it before it is let go.
        if now is None or QApplication.mouseButtons() or not self._content.isAncestorOf(now):
            return
        # What was just unfolded has its place only when the layout was done.
        QTimer.singleShot(0, now, lambda: self._show(now))

    def _show(self, now: QWidget) -> None:
        height = self.viewport().height()
        if not now.hasFocus() or now.height() > height:
            return
        # Not ensureWidgetVisible: of a field it shows the cursor, and half of the frame is cut off.
        beside = min(current().px(self.BESIDE_FOCUS), (height - now.height()) // 2)
        top, bar = now.mapTo(self._content, QPoint(0, 0)).y(), self.verticalScrollBar()
        bar.setValue(min(max(bar.value(), top + now.height() + beside - height), top - beside))


class Figures(QWidget):
    """Lines of a label and a figure at the right; a last total line under a rule when it is asked for."""

    def __init__(self, *, name: str = "figures") -> None:
        super().__init__()
        self.setObjectName(name)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(5)
        self._shown: tuple[tuple[str, str], ...] | None = None

    def show_lines(self, lines: Sequence[tuple[str, str]], total: tuple[str, str] | None = None) -> None:
        """Show (label, figure) lines and perhaps a total."""
        wanted = (*lines, total or ("", ""))
        if wanted == self._shown:
            return
        self._shown = wanted
        while (item := self._layout.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for label, figure in lines:
            self._layout.addWidget(self._line(label, figure, strong=False))
        if total is not None:
            self._layout.addWidget(rule())
            self._layout.addWidget(self._line(*total, strong=True))

    @staticmethod
    def _line(label: str, figure: str, *, strong: bool) -> QWidget:
        line = QWidget()
        weight = 600 if strong else 400
        text = PlainLabel(label, weight=weight, tone="" if strong else "secondary", elide=True)
        amount = PlainLabel(figure, weight=weight)
        amount.setAlignment(Qt.AlignmentFlag.AlignRight)
        layout = row(spacing=8)
        layout.addWidget(text, 1)
        layout.addWidget(amount)
        line.setLayout(layout)
        return line
