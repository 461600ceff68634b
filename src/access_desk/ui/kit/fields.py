"""Fields to type into. What is typed always stays, even when it cannot be read; messages come on leaving, not while typing."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from access_desk.domain.errors import DeskError
from access_desk.domain.money import Money
from access_desk.ui.kit.labels import IconLabel, PlainLabel, plain, repolish
from access_desk.ui.kit.theme import current

_MOST_LETTERS = 100_000


class LineEdit(QLineEdit):
    """One line of text.

    Attributes:
        typed: emitted with the whole text whenever a person changes it.
        left: emitted with the whole text when the focus leaves.
    """

    typed = Signal(object)
    left = Signal(object)

    def __init__(self, *, name: str, label: str = "", kind: str = "", align_right: bool = False) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(plain(label or name))
        self.setMaxLength(_MOST_LETTERS)
        if kind:
            self.setProperty("kind", kind)
        if align_right:
            self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.textEdited.connect(self.typed.emit)

    def show_text(self, text: str) -> None:
        """Paint a text; nobody is told, and the cursor stays in the middle or at the end, where it was."""
        if text != self.text():
            position, was_at_end = self.cursorPosition(), self.cursorPosition() == len(self.text())
            blocked = self.blockSignals(True)
            self.setText(text)
            self.blockSignals(blocked)
            # A field that nobody is in shows the beginning of a long text.
            here = len(text) if was_at_end else min(position, len(text))
            self.setCursorPosition(here if self.hasFocus() else 0)

    def set_invalid(self, invalid: bool) -> None:
        """Outline it as wrong."""
        if bool(self.property("invalid")) != invalid:
            self.setProperty("invalid", invalid)
            repolish(self)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Arriving by keyboard selects all, so that typing replaces it."""
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.OtherFocusReason):
            self.selectAll()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Leaving tells."""
        super().focusOutEvent(event)
        self.left.emit(self.text())


class MoneyEdit(LineEdit):
    """An amount of money: 120 is $120.00. Blank is not zero."""

    def __init__(self, *, name: str, label: str = "", kind: str = "") -> None:
        super().__init__(name=name, label=label, kind=kind, align_right=True)
        self.left.connect(lambda _text: self._tidy())

    def money(self) -> Money | None:
        """The amount; None when blank or unreadable."""
        try:
            return Money.typed(self.text()) if self.text().strip() else None
        except DeskError:
            return None

    def problem(self) -> str:
        """What is wrong with the text; blank when nothing is."""
        try:
            if self.text().strip():
                Money.typed(self.text())
        except DeskError as wrong:
            return wrong.text
        return ""

    def show_money(self, amount: Money | None) -> None:
        """Paint an amount; while a person types in it, nothing is painted over."""
        if not self.hasFocus() or not self.isModified():
            self.show_text(amount.figures() if amount is not None else "")

    def _tidy(self) -> None:
        amount = self.money()
        if amount is not None:
            self.show_text(amount.figures())
        self.set_invalid(bool(self.problem()))


class CountBox(LineEdit):
    """How many pieces: whole numbers or sums such as 12+8. Blank is not counted; 0 is none."""

    def __init__(self, *, name: str, label: str) -> None:
        super().__init__(name=name, label=label, kind="count", align_right=True)
        self.fit_zoom()

    def fit_zoom(self) -> None:
        """Room for a sum at another zoom."""
        self.setFixedWidth(current().px(76))

    def pieces(self) -> int | None:
        """The number; None when blank or unreadable."""
        parts = self.text().replace(" ", "").split("+")
        return sum(int(part) for part in parts) if all(part.isascii() and part.isdecimal() for part in parts) else None


class PinEdit(LineEdit):
    """A PIN: digits behind dots; never kept in a draft, never logged."""

    entered = Signal(object)

    def __init__(self, *, name: str, label: str = "PIN") -> None:
        super().__init__(name=name, label=label)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setMaxLength(12)
        self.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly | Qt.InputMethodHint.ImhSensitiveData)
        self.returnPressed.connect(lambda: self.entered.emit(self.text()))


class Combo(QComboBox):
    """A list to choose from; typing jumps, Alt Down opens.

    Attributes:
        chosen: emitted with the value when a person chose another.
    """

    chosen = Signal(object)

    def __init__(self, *, name: str, label: str = "", choices: Sequence[tuple[object, str]] = ()) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(plain(label or name))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(6)
        self._values: list[object] = []
        self.set_choices(choices)
        self.activated.connect(lambda index: self.chosen.emit(self._values[index]))

    def set_choices(self, choices: Sequence[tuple[object, str]]) -> None:
        """Offer other (value, text) pairs; the value that was shown stays when it is still offered."""
        if [(value, plain(text)) for value, text in choices] == list(zip(self._values, self._texts(), strict=True)):
            return
        kept = self.value()
        blocked = self.blockSignals(True)
        self.clear()
        self._values = [value for value, _ in choices]
        self.addItems([plain(text) for _, text in choices])
        self.show_value(kept)
        self.blockSignals(blocked)

    def value(self) -> object:
        """What is chosen; None when nothing is."""
        index = self.currentIndex()
        return self._values[index] if 0 <= index < len(self._values) else None

    def show_value(self, value: object) -> None:
        """Show what is chosen without telling anybody."""
        index = self._values.index(value) if value in self._values else -1
        if index != self.currentIndex():
            blocked = self.blockSignals(True)
            self.setCurrentIndex(index)
            self.blockSignals(blocked)

    def set_invalid(self, invalid: bool) -> None:
        """Outline it as wrong."""
        if bool(self.property("invalid")) != invalid:
            self.setProperty("invalid", invalid)
            repolish(self)

    def _texts(self) -> list[str]:
        return [self.itemText(index) for index in range(self.count())]


class TextArea(QPlainTextEdit):
    """Several lines of text. Tab leaves it; Enter makes a new line. With ``most`` its field counts the letters; nothing
    that was typed is cut off.
    """

    typed = Signal(object)
    left = Signal(object)
    painted = Signal()

    def __init__(self, *, name: str, label: str = "", lines: int = 3, most: int = 0) -> None:
        super().__init__()
        self.most = most
        self.setObjectName(name)
        self.setAccessibleName(plain(label or name))
        self.setTabChangesFocus(True)
        self._lines = lines
        self.fit_zoom()
        self.textChanged.connect(lambda: self.typed.emit(self.toPlainText()))

    def fit_zoom(self) -> None:
        """As many lines as it was made for, at another zoom."""
        self.setFixedHeight(QFontMetrics(current().font()).lineSpacing() * self._lines + 18)

    def show_text(self, text: str) -> None:
        """Paint a text without telling anybody."""
        if text != self.toPlainText():
            blocked = self.blockSignals(True)
            self.setPlainText(text)
            self.blockSignals(blocked)
            self.painted.emit()

    def set_invalid(self, invalid: bool) -> None:
        """Outline it as wrong."""
        if bool(self.property("invalid")) != invalid:
            self.setProperty("invalid", invalid)
            repolish(self)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Leaving tells."""
        super().focusOutEvent(event)
        self.left.emit(self.toPlainText())


class CheckRow(QCheckBox):
    """A box to tick, with its text; Space ticks.

    Attributes:
        ticked: emitted with True or False when a person ticks.
    """

    ticked = Signal(object)

    def __init__(self, text: str, *, name: str) -> None:
        super().__init__(plain(text).replace("&", "&&"))
        self.setObjectName(name)
        self.setAccessibleName(plain(text))
        self.clicked.connect(lambda checked=False: self.ticked.emit(checked))

    def show_ticked(self, ticked: bool) -> None:
        """Show whether it is ticked without telling anybody."""
        if ticked != self.isChecked():
            blocked = self.blockSignals(True)
            self.setChecked(ticked)
            self.blockSignals(blocked)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Enter goes on, as in every field."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
            return
        super().keyPressEvent(event)


Editor = LineEdit | Combo | TextArea


class Field(QWidget):
    """A label above, the field, and a message below when something is wrong."""

    def __init__(self, label: str, editor: QWidget, *, optional: bool = False, hint: str = "") -> None:
        super().__init__()
        self.editor = editor
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        top = QHBoxLayout()
        top.setSpacing(6)
        self._label = PlainLabel("", style="label", tone="secondary")
        self._label.setBuddy(editor)
        self._label.say(label)
        self._hint = PlainLabel(hint or ("optional" if optional else ""), style="label", tone="muted")
        top.addWidget(self._label)
        top.addStretch(1)
        top.addWidget(self._hint)
        layout.addLayout(top)
        layout.addWidget(editor)
        self._message_row = QWidget()
        row = QHBoxLayout(self._message_row)
        row.setContentsMargins(0, 2, 0, 0)
        row.setSpacing(6)
        self._message_icon = IconLabel("circle-alert", token="short_fg", size=14)
        row.addWidget(self._message_icon)
        self._message = PlainLabel("", style="label", tone="short")
        self._message.setWordWrap(True)
        row.addWidget(self._message, 1)
        self._message_row.hide()
        layout.addWidget(self._message_row)
        layout.addStretch(1)
        if isinstance(editor, TextArea) and editor.most:
            editor.textChanged.connect(self._count)
            editor.painted.connect(self._count)
            self._count()

    def _count(self) -> None:
        if isinstance(self.editor, TextArea):
            letters = len(self.editor.toPlainText())
            self._hint.say(f"{letters} of {self.editor.most}")
            self._hint.set_tone("short" if letters > self.editor.most else "muted")

    def say_label(self, label: str) -> None:
        """Another label."""
        self._label.say(label)

    def say_hint(self, hint: str) -> None:
        """Another hint at the right of the label."""
        self._hint.say(hint)

    def show_problem(self, text: str, *, caution: str = "") -> None:
        """Say what to do about the field, else what to look at again; blank: all is well."""
        icon, tone = ("circle-alert", "short") if text else ("triangle-alert", "attention")
        self._message_icon.show_icon(icon, f"{tone}_fg")
        self._message.set_tone(tone)
        self._say_below(text or caution)
        mark: Callable[[bool], None] | None = getattr(self.editor, "set_invalid", None)
        if mark is not None:
            mark(bool(text))

    def _say_below(self, text: str) -> None:
        self._message.say(text)
        self._message_row.setVisible(bool(text))
        self.editor.setAccessibleDescription(plain(text))
