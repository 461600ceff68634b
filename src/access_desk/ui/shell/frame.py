"""The window's frame: the rail at the left, the status strip above, the key bar below."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFocusEvent, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout

from access_desk.ui.kit.icons import pixmap
from access_desk.ui.kit.labels import INK_ON_MARK, Chip, KeyCap, Logo, PlainLabel, plain, rail_mark
from access_desk.ui.kit.theme import current
from access_desk.ui.pages import KeyHint

RAIL_WIDTH, RAIL_NARROW, STRIP_HEIGHT, KEY_BAR_HEIGHT = 84, 56, 48, 28


@dataclass(frozen=True, slots=True)
class RailItem:
    """A place in the rail: its page, word, key and icon."""

    page_id: str
    text: str
    key: str
    icon: str


@dataclass(frozen=True, slots=True)
class StripItem:
    """One field of the strip: a caption over a value, an icon before the value."""

    name: str
    caption: str
    value: str
    icon: str = ""
    tone: str = ""


class _RailButton(QPushButton):
    def __init__(self, item: RailItem) -> None:
        super().__init__()
        self.item, self.badge, self.here, self.narrow = item, 0, False, False
        self.setProperty("railItem", True)
        self.setObjectName(f"rail_{item.page_id}")
        self.setAccessibleName(f"{item.text}, {item.key}")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.fit_zoom()

    def fit_zoom(self) -> None:
        """Words need their height; an icon and its key need less."""
        px = current().px
        height = px(48 if self.narrow else 62)
        self.setFixedSize(px(RAIL_NARROW if self.narrow else RAIL_WIDTH) - 12, height)
        # Said to the style sheet as well: its own height for buttons would win when the button is polished.
        self.setStyleSheet(f"min-height: {height}px; max-height: {height}px;")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        del event
        theme = current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = "text_rail_active" if self.here else "text_rail"
        if self.hasFocus():
            painter.setBrush(theme.color("focus_fill"))
            painter.setPen(QPen(theme.color("focus_ring"), 2))
            ink = "on_focus"
            painter.drawRoundedRect(QRectF(1, 1, self.width() - 2, self.height() - 2), 5, 5)
        elif self.here:
            painter.setBrush(theme.color("bg_rail_active"))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawRoundedRect(QRectF(0, 0, self.width(), self.height()), 6, 6)
        middle = self.width() // 2
        icon = theme.px(20)
        painter.drawPixmap(middle - icon // 2, theme.px(8), pixmap(self.item.icon, theme.colors[ink], icon))
        if self.badge:
            painter.setBrush(rail_mark())
            painter.setPen(Qt.PenStyle.NoPen)
            spot = QRectF(middle + theme.px(6), 2, theme.px(17), theme.px(15))
            painter.drawRoundedRect(spot, spot.height() / 2, spot.height() / 2)
            painter.setPen(QColor(INK_ON_MARK))
            painter.setFont(theme.font("caption", 600))
            painter.drawText(spot, Qt.AlignmentFlag.AlignCenter, str(self.badge))
        if not self.narrow:
            painter.setPen(theme.color(ink))
            painter.setFont(theme.font("label", 600 if self.here else 400))
            painter.drawText(QRectF(0, theme.px(28), self.width(), theme.px(17)), Qt.AlignmentFlag.AlignCenter, self.item.text)
        painter.setPen(theme.color(ink))
        painter.setFont(theme.font("caption"))
        painter.drawText(
            QRectF(0, theme.px(30 if self.narrow else 44), self.width(), theme.px(15)),
            Qt.AlignmentFlag.AlignCenter,
            self.item.key,
        )
        painter.end()

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        super().focusInEvent(event)
        self.update()


class Rail(QFrame):
    """The places of the program. There is no "new patient" here: a record is only made from a search."""

    def __init__(self, go: Callable[[str], object], help_: Callable[[], object]) -> None:
        super().__init__()
        self.setObjectName("rail")
        self._narrow = False
        self.fit_zoom()
        self._go, self._buttons = go, dict[str, _RailButton]()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(6, 10, 6, 6)
        self._layout.setSpacing(2)
        logo = Logo()
        self._layout.addWidget(logo, 0, Qt.AlignmentFlag.AlignHCenter)
        self._layout.addSpacing(9)
        self._places = QVBoxLayout()
        self._places.setSpacing(2)
        self._layout.addLayout(self._places)
        self._layout.addStretch(1)
        self._help = _RailButton(RailItem("help", "Help", "F1", "circle-question-mark"))
        self._help.clicked.connect(help_)
        self._layout.addWidget(self._help)

    def show_places(self, items: Sequence[RailItem]) -> None:
        """Offer other places."""
        while (item := self._places.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._buttons = {}
        for place in items:
            button = _RailButton(place)
            button.narrow = self._narrow
            button.fit_zoom()
            button.clicked.connect(lambda _checked=False, page_id=place.page_id: self._go(page_id))
            self._buttons[place.page_id] = button
            self._places.addWidget(button)

    def show_here(self, page_id: str) -> None:
        """Mark where the person is."""
        for name, button in self._buttons.items():
            button.here = name == page_id
            button.update()

    def show_badge(self, page_id: str, number: int) -> None:
        """Show how many things wait at a place."""
        if page_id in self._buttons:
            self._buttons[page_id].badge = number
            self._buttons[page_id].update()

    def show_narrow(self, narrow: bool) -> None:
        """Icons only, in a small window."""
        self._narrow = narrow
        self.fit_zoom()
        for button in (*self._buttons.values(), self._help):
            button.narrow = narrow
            button.fit_zoom()

    def fit_zoom(self) -> None:
        """As wide as its words at this zoom."""
        self.setFixedWidth(current().px(RAIL_NARROW if self._narrow else RAIL_WIDTH))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """The bar, and the marker of where the person is."""
        super().paintEvent(event)
        for button in self._buttons.values():
            if button.here:
                painter = QPainter(self)
                painter.fillRect(0, button.y() + 8, 3, button.height() - 16, rail_mark())
                painter.end()


class StripField(QPushButton):
    """A caption over a value; one tab stop with one spoken name."""

    def __init__(self, item: StripItem) -> None:
        super().__init__()
        self.setProperty("strip", True)
        self.setObjectName(f"strip_{item.name}")
        self.fit_zoom()
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._item = item
        self.show_item(item)

    def fit_zoom(self) -> None:
        """As high as caption and value at this zoom."""
        self.setFixedHeight(current().px(STRIP_HEIGHT) - 1)
        self.updateGeometry()

    def show_item(self, item: StripItem) -> None:
        """Show another value."""
        self._item = item
        self.setAccessibleName(f"{item.caption} {plain(item.value)}")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As wide as its text."""
        theme = current()
        value = QFontMetrics(theme.font("body", 500)).horizontalAdvance(plain(self._item.value)) + (20 if self._item.icon else 0)
        return QSize(max(value, 40) + 26, theme.px(STRIP_HEIGHT) - 1)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """The value gives way before the window does."""
        return QSize(60, self.height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Caption, icon, value, and a hairline at the right."""
        del event
        theme = current()
        painter = QPainter(self)
        ink = "on_focus" if self.hasFocus() else "text_primary"
        if self.hasFocus():
            painter.fillRect(self.rect(), theme.color("focus_fill"))
            painter.setPen(QPen(theme.color("focus_ring"), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        painter.setPen(QPen(theme.color("border_subtle"), 1))
        painter.drawLine(self.width() - 1, 0, self.width() - 1, self.height())
        painter.setFont(theme.font("caption"))
        painter.setPen(theme.color("on_focus" if self.hasFocus() else "text_muted"))
        painter.drawText(
            QRectF(13, theme.px(7), self.width() - 18, theme.px(15)), Qt.AlignmentFlag.AlignVCenter, self._item.caption
        )
        x = 13
        if self._item.icon:
            tone = f"{self._item.tone}_fg" if self._item.tone and not self.hasFocus() else ink
            painter.drawPixmap(x, theme.px(30) - 7, pixmap(self._item.icon, theme.colors[tone], 15))
            x += 20
        painter.setFont(theme.font("body", 500))
        painter.setPen(theme.color(ink))
        room = self.width() - x - 8
        value = painter.fontMetrics().elidedText(plain(self._item.value), Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(x, theme.px(21), room, theme.px(19)), Qt.AlignmentFlag.AlignVCenter, value)
        painter.end()


class _LockField(StripField):
    """The lock: its icon over its key."""

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(current().px(56), self.height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        del event
        theme, painter = current(), QPainter(self)
        ink = "on_focus" if self.hasFocus() else "text_secondary"
        if self.hasFocus():
            painter.fillRect(self.rect(), theme.color("focus_fill"))
            painter.setPen(QPen(theme.color("focus_ring"), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        painter.drawPixmap(self.width() // 2 - 8, theme.px(7), pixmap("lock", theme.colors[ink], 16))
        painter.setPen(theme.color(ink))
        painter.setFont(theme.font("caption"))
        painter.drawText(QRectF(0, theme.px(24), self.width(), theme.px(16)), Qt.AlignmentFlag.AlignCenter, self._item.value)
        painter.end()


class Strip(QFrame):
    """Facility, desk, drawer, shift; then the palette, saving, the person and the lock."""

    def __init__(self, palette: Callable[[], object], lock: Callable[[], object], go: Callable[[str], object]) -> None:
        super().__init__()
        self.setObjectName("strip")
        self.fit_zoom()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2, 0, 0, 0)
        layout.setSpacing(0)
        self._fields: dict[str, StripField] = {}
        self._practice = Chip("PRACTICE", "attention")
        self._practice.setObjectName("practiceMark")
        self._practice.hide()
        for name, caption in (("facility", "Facility"), ("desk", "Desk"), ("drawer", "Drawer"), ("shift", "Shift")):
            self._add(layout, StripItem(name, caption, ""))
        layout.addSpacing(12)
        layout.addWidget(self._practice)
        layout.addSpacing(12)
        layout.addStretch(1)
        self.palette_button = _PaletteButton()
        self.palette_button.clicked.connect(palette)
        layout.addWidget(self.palette_button)
        layout.addSpacing(12)
        self._add(layout, StripItem("sync", "Saved", ""))
        self._add(layout, StripItem("user", "", ""))
        lock_field = _LockField(StripItem("lock", "Lock", "Ctrl L", "lock"))
        lock_field.clicked.connect(lock)
        layout.addWidget(lock_field)
        self._fields["drawer"].clicked.connect(lambda: go("drawer"))

    def fit_zoom(self) -> None:
        """As high as its fields."""
        self.setFixedHeight(current().px(STRIP_HEIGHT))

    def show_items(self, items: Sequence[StripItem], *, practice: bool) -> None:
        """Show other values."""
        for item in items:
            self._fields[item.name].show_item(item)
        self._practice.setVisible(practice)

    def show_narrow(self, narrow: bool) -> None:
        """In a small window the palette keeps its icon and key, so that the values keep their room."""
        self.palette_button.show_narrow(narrow)

    def value(self, name: str) -> str:
        """What a field says."""
        return self._fields[name].accessibleName()

    def _add(self, layout: QHBoxLayout, item: StripItem) -> None:
        field = StripField(item)
        self._fields[item.name] = field
        layout.addWidget(field)


class _PaletteButton(QPushButton):
    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("paletteButton")
        self.setAccessibleName("Go to or do, Ctrl K")
        self.setStyleSheet("text-align: left; padding-left: 34px; font-weight: 400; min-height: 0;")
        self._narrow = False
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 8, 0)
        layout.addStretch(1)
        layout.addWidget(KeyCap("Ctrl K"))
        self.fit_zoom()

    def fit_zoom(self) -> None:
        """Room for words and key at this zoom."""
        self.setText("" if self._narrow else "Go to or do…")
        self.setFixedSize(current().px(76 if self._narrow else 164) + 14, current().px(32))

    def show_narrow(self, narrow: bool) -> None:
        """Icon and key only."""
        self._narrow = narrow
        self.fit_zoom()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        super().paintEvent(event)
        painter = QPainter(self)
        painter.drawPixmap(11, self.height() // 2 - 8, pixmap("search", current().colors["text_secondary"], 16))
        painter.end()


class KeyBar(QFrame):
    """The keys of this page, and a note at the right."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("keyBar")
        self.fit_zoom()
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(16, 0, 16, 0)
        self._layout.setSpacing(6)
        self._shown: tuple[Sequence[KeyHint], str] | None = None

    def fit_zoom(self) -> None:
        """As high as its words."""
        self.setFixedHeight(current().px(KEY_BAR_HEIGHT))

    def show_hints(self, hints: Sequence[KeyHint], note: str) -> None:
        """Show other keys."""
        if self._shown == (tuple(hints), note):
            return
        self._shown = (tuple(hints), note)
        while (item := self._layout.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for hint in hints:
            self._layout.addWidget(KeyCap(hint.keys))
            self._layout.addWidget(PlainLabel(hint.does, style="label", tone="secondary"))
            self._layout.addSpacing(8)
        self._layout.addStretch(1)
        self._layout.addWidget(PlainLabel(note, style="label", tone="secondary"))
