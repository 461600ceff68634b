"""One section of the registration form: a header that folds, rows of fields below."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from access_desk.domain.registration.sheet import KNOWN
from access_desk.presentation.registration_fields import ADDRESS, HIDDEN, Choices, FieldSpec, hidden_ssn
from access_desk.presentation.registration_findings import Advice
from access_desk.presentation.registration_form import RegistrationForm
from access_desk.presentation.registration_places import ZIP_CITY, choices_of
from access_desk.presentation.registration_state import SectionState
from access_desk.ui.kit.cards import PADDING, row, rule
from access_desk.ui.kit.fields import Combo, Field, LineEdit
from access_desk.ui.kit.labels import IconLabel, KeyCap, PlainLabel
from access_desk.ui.kit.theme import current

_NOTHING: Mapping[str, str] = {}
_ICONS = {
    "look": ("triangle-alert", "attention"),
    "complete": ("circle-check", "balanced"),
    "missing": ("triangle-alert", "attention"),
    "fix": ("circle-alert", "short"),
    "withheld": ("siren", "attention"),
}


class FormEdit(LineEdit):
    """A field of the form that says when the keyboard arrives.

    An SSN is whole only while it is being typed: who comes back to it sees its last four, and types it anew.
    """

    def __init__(self, key: str, spec: FieldSpec, arrived: Callable[[int], object]) -> None:
        super().__init__(name=f"register_{key}", label=spec.label)
        self._spec, self._arrived, self._value = spec, arrived, ""
        self._is_typing = False
        self.textEdited.connect(self._begin)

    def show_value(self, value: str) -> None:
        """Paint what stands in the form."""
        self._value = value
        is_hidden = self._spec.kind == "ssn" and not self._is_typing
        self.show_text(hidden_ssn(value) if is_hidden else value)

    def _begin(self) -> None:
        self._is_typing = True

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Tell the page."""
        super().focusInEvent(event)
        if self._spec.kind == "ssn":
            self.selectAll()
        self._arrived(self._spec.section)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """What was typed is hidden when it is left."""
        self._is_typing = False
        super().focusOutEvent(event)
        self.show_value(self._value)


class FormCombo(Combo):
    """A list of the form that says when the keyboard arrives."""

    def __init__(self, key: str, spec: FieldSpec, arrived: Callable[[int], object]) -> None:
        super().__init__(name=f"register_{key}", label=spec.label, choices=spec.choices)
        self._spec, self._arrived, self._choices = spec, arrived, spec.choices

    def offer(self, choices: Choices) -> None:
        """Offer these instead."""
        if choices != self._choices:
            self._choices = choices
            self.set_choices(list(choices))

    def show_kept(self, value: str) -> None:
        """Paint what stands in the form; a value of an earlier release is offered as it is."""
        if value not in dict(self._choices):
            self.set_choices([*self._choices, (value, value)])
        self.show_value(value)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Tell the page."""
        super().focusInEvent(event)
        self._arrived(self._spec.section)


class FormRows(QWidget):
    """Rows of fields; ``prefix`` goes before the field names (``plan2.``)."""

    def __init__(
        self,
        rows: Sequence[Sequence[FieldSpec]],
        prefix: str,
        typed: Callable[[str, str], object],
        left: Callable[[str], object],
        arrived: Callable[[int], object],
    ) -> None:
        super().__init__()
        self.editors: dict[str, FormEdit | FormCombo] = {}
        self.fields: dict[str, Field] = {}
        # Fields that are not shown although they can be typed into, such as those of items that nobody needs yet.
        self.put_away: frozenset[str] = frozenset()
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(8)
        for specs in rows:
            line = row()
            for spec in specs:
                key = f"{prefix}{spec.name}"
                editor = self.editor_for(key, spec, typed, left, arrived)
                self.editors[key] = editor
                self.fields[key] = Field(spec.label, editor, optional=spec.optional)
                line.addWidget(self.fields[key], spec.weight)
            missing = 100 - sum(spec.weight for spec in specs)
            if missing > 0:
                line.addStretch(missing)
            lines.addLayout(line)

    @staticmethod
    def editor_for(
        key: str,
        spec: FieldSpec,
        typed: Callable[[str, str], object],
        left: Callable[[str], object],
        arrived: Callable[[int], object],
    ) -> FormEdit | FormCombo:
        """The editor of a field, wired to the form."""
        if spec.choices:
            combo = FormCombo(key, spec, arrived)
            combo.chosen.connect(lambda value: (typed(key, str(value)), left(key)))
            return combo
        edit = FormEdit(key, spec, arrived)
        # What is added to a number that is hidden is all that is typed.
        edit.typed.connect(lambda text: typed(key, str(text).replace(HIDDEN, "") if spec.kind == "ssn" else str(text)))
        edit.left.connect(lambda _text: left(key))
        return edit

    def show_form(
        self,
        form: RegistrationForm,
        errors: Mapping[str, str],
        cautions: Mapping[str, str] = _NOTHING,
        advice: Sequence[Advice] = (),
    ) -> None:
        """Paint what stands in the form, what is wrong with it, and what is to be looked at again.

        A field whose blank is an error by ``advice`` is not called optional.
        """
        wanted = {one.key for one in advice if one.is_error}
        offered = set(form.field_keys())
        for key, editor in self.editors.items():
            value = form.value(key)
            if key == ZIP_CITY and isinstance(editor, FormCombo):
                editor.offer(choices_of(form))
            if isinstance(editor, FormCombo):
                editor.show_kept(value)
            else:
                editor.show_value(value)
            field = self.fields[key]
            field.show_problem(errors.get(key, ""), caution=cautions.get(key, ""))
            is_needed = key in wanted or form.requires(key) or (key in ADDRESS and form.who == KNOWN)
            field.say_hint("" if is_needed or isinstance(editor, FormCombo) else "optional")
            field.setVisible(key in offered and key not in self.put_away)


class SectionCard(QFrame):
    """A section's card. Folded, it is one line that says what stands in it."""

    def __init__(self, number: int, title: str, unfold: Callable[[int], object]) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self.setObjectName(f"section{number}")
        self.number, self._unfold = number, unfold
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        head = QWidget()
        head.setFixedHeight(current().px(40))
        self._icon = IconLabel("circle-check", token="balanced_fg")
        self._text = PlainLabel("", elide=True)
        self._cap = KeyCap(f"Alt {number}")
        line = row(
            PlainLabel(str(number), tone="muted"),
            PlainLabel(title, style="section"),
            spacing=10,
            margins=(PADDING, 0, PADDING, 0),
        )
        line.addSpacing(6)
        line.addWidget(self._icon)
        line.addWidget(self._text, 1)
        line.addWidget(self._cap)
        head.setLayout(line)
        outer.addWidget(head)
        self._rule = rule()
        outer.addWidget(self._rule)
        self._content = QWidget()
        self.body = QVBoxLayout(self._content)
        self.body.setContentsMargins(PADDING, 10, PADDING, 12)
        self.body.setSpacing(8)
        outer.addWidget(self._content)
        self.folded = False

    def show_section(self, state: SectionState, *, folded: bool) -> None:
        """Paint the header; fold or unfold."""
        icon, tone = _ICONS[state.status]
        self._icon.show_icon(icon, f"{tone}_fg")
        self._text.set_tone("secondary" if folded else tone)
        self._text.say(state.summary if folded else state.status_text)
        self.folded = folded
        self._content.setVisible(not folded)
        self._rule.setVisible(not folded)
        self.setAccessibleName(f"{state.number} {state.title}, {state.status_text}")

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """A click on a folded section opens it."""
        super().mousePressEvent(event)
        if self.folded and event.button() == Qt.MouseButton.LeftButton:
            self._unfold(self.number)
