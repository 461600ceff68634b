"""Small parts that several money screens are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from access_desk.domain.errors import DeskError
from access_desk.domain.money import Money
from access_desk.presentation.drawer_session import SecondPerson
from access_desk.presentation.drawer_words import verdict_kind, verdict_word
from access_desk.ui.kit.cards import PADDING, Scroller, column, row, rule
from access_desk.ui.kit.fields import Combo, Field, MoneyEdit, PinEdit
from access_desk.ui.kit.labels import IconLabel, PlainLabel
from access_desk.ui.kit.theme import current

ENTER_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
VERDICT_ICONS = {"short": "circle-minus", "over": "circle-plus", "balanced": "circle-equal"}


class KeyCatcher(QObject):
    """Gives keys of some widgets a meaning of their own, before anybody else hears them."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._caught: dict[int, Mapping[Qt.Key, Callable[[], object]]] = {}

    def catch(self, widget: QWidget, keys: Mapping[Qt.Key, Callable[[], object]]) -> None:
        """Call instead of what the key does there."""
        self._caught[id(widget)] = keys
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """A key press on a widget that was asked for."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            call = self._caught.get(id(watched), {}).get(Qt.Key(event.key()))
            if call is not None and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                call()
                return True
        return False


class DollarEdit(MoneyEdit):
    """A single amount with its dollar sign inside, at the left."""

    def __init__(self, *, name: str, label: str = "", kind: str = "") -> None:
        super().__init__(name=name, label=label, kind=kind)
        self._sign = PlainLabel("$", style="amount" if kind == "amount" else "body", weight=400, tone="secondary")
        self._sign.setParent(self)
        self._sign.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        if kind == "amount":
            self.setFont(current().font("amount", 600))

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """On yellow the sign is dark in every theme."""
        super().focusInEvent(event)
        self._sign.setStyleSheet(f"color: {current().colors['on_focus']}")

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """And back."""
        super().focusOutEvent(event)
        self._sign.setStyleSheet("")

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """The sign stays at the left."""
        super().resizeEvent(event)
        self._sign.adjustSize()
        self._sign.move(9 if self._sign.height() < self.height() else 7, (self.height() - self._sign.height()) // 2)


def paint_money(edit: MoneyEdit, text: str) -> None:
    """Show an amount as typed; once the field is left, with two decimals."""
    if edit.hasFocus():
        edit.show_text(text)
        return
    try:
        edit.show_text(Money.typed(text).figures() if text.strip() else "")
    except DeskError:
        edit.show_text(text)


class SignPanel(QWidget):
    """A second person: who, and their own PIN."""

    def __init__(self, who: str, *, name: str, heard: Callable[[str, str], object]) -> None:
        super().__init__()
        self.setObjectName(name)
        self.person = Combo(name=f"{name}Person", label=who)
        self.pin = PinEdit(name=f"{name}Pin", label=f"PIN of the {who.lower()}")
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(12)
        line.addWidget(Field(who, self.person), 5)
        line.addWidget(Field("PIN", self.pin, hint="4 to 12 digits"), 3)

        def tell(_: object) -> None:
            heard(str(self.person.value() or ""), self.pin.text())

        self.person.chosen.connect(tell)
        self.pin.typed.connect(tell)

    def show_people(self, people: Sequence[SecondPerson], chosen: str, pin: str) -> None:
        """Who can sign; a refused PIN is blank again."""
        self.person.set_choices([("", ""), *((one.person_id, one.label) for one in people)])
        self.person.show_value(chosen)
        if self.pin.text() != pin:
            self.pin.show_text(pin)


class StateWord(QWidget):
    """An icon and a word at the head of a card, such as ``All counted``."""

    def __init__(self) -> None:
        super().__init__()
        self._icon = IconLabel("circle-dashed", token="text_secondary", size=15)
        self._text = PlainLabel("", weight=500, tone="secondary")
        self.setLayout(row(self._icon, self._text, spacing=4))

    def say(self, text: str, *, done: bool) -> None:
        """What is left, or that nothing is."""
        self._text.say(text)
        self._text.set_tone("balanced" if done else "secondary")
        self._icon.show_icon("circle-check" if done else "circle-dashed", "balanced_fg" if done else "text_secondary")
        self.setAccessibleName(text)


class Verdict(QWidget):
    """Balanced, short or over, with icon, word and sign."""

    def __init__(self, *, style: str = "body", icon_size: int = 15) -> None:
        super().__init__()
        self._icon = IconLabel("circle-equal", token="balanced_fg", size=icon_size)
        self._text = PlainLabel("", style=style, weight=600, tone="balanced")
        self.setLayout(row(self._icon, self._text, spacing=6))

    def show_difference(self, difference: Money, *, text: str = "") -> None:
        """Say how it came out."""
        kind = verdict_kind(difference)
        self._icon.show_icon(VERDICT_ICONS[kind], f"{kind}_fg")
        self._text.say(text or verdict_word(difference))
        self._text.set_tone(kind)
        self.setAccessibleName(self._text.whole())


class FittingScroller(Scroller):
    """As high as its content, as long as there is room; scrolls below that."""

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """The content's own height."""
        content = self.widget()
        return content.sizeHint() if content is not None else super().sizeHint()


def table_head(*titles: tuple[str, int, bool]) -> QFrame:
    """A table's head: (title, width or 0 for the rest, at the right)."""
    head = QFrame()
    head.setObjectName("tableHeader")
    head.setFixedHeight(current().px(28))
    line = QHBoxLayout(head)
    line.setContentsMargins(PADDING, 0, PADDING, 0)
    line.setSpacing(0)
    for title, width, right in titles:
        label = PlainLabel(title, style="label", weight=500, tone="secondary")
        label.setAlignment((Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignVCenter)
        if width:
            label.setFixedWidth(current().px(width))
        line.addWidget(label, 0 if width else 1)
    return head


def ruled_row(height: int, *items: QWidget | int, last: bool = False, spacing: int = 0, wide: QWidget | None = None) -> QWidget:
    """A line of a hand-made table, with a hairline under it; a number is a stretch; ``wide`` takes what is left."""
    line, content = QWidget(), QWidget()
    line.setFixedHeight(current().px(height))
    inside = row(*items, spacing=spacing, margins=(PADDING, 0, PADDING, 0))
    if wide is not None:
        inside.setStretchFactor(wide, 1)
    content.setLayout(inside)
    line.setLayout(column(content, *(() if last else (rule(),)), spacing=0))
    return line


def add_to(widget: QWidget, extra: QWidget) -> None:
    """Put one more thing at the end of a widget's layout, such as a button into a band."""
    layout = widget.layout()
    if layout is not None:
        layout.addWidget(extra)


def figure_label(*, width: int = 0, weight: int = 400, style: str = "body", tone: str = "") -> PlainLabel:
    """A right-aligned figure."""
    label = PlainLabel("", style=style, weight=weight, tone=tone)
    label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    if width:
        label.setFixedWidth(current().px(width))
    return label


def tab_order(widgets: Iterable[QWidget]) -> None:
    """Reading order for Tab and Enter."""
    for first, second in pairwise(widgets):
        QWidget.setTabOrder(first, second)
