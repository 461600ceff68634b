"""Financial clearance on Register: a line for each subject, whose panel unfolds below it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from access_desk.presentation.coverage_clearance import GOOD_FAITH, QUESTIONNAIRE, ClearanceRow, panel_fields
from access_desk.presentation.coverage_fields import CLEARANCE, GOOD_FAITH_ROWS, MOST_ITEMS, PLAN_PANELS, QUESTION_SPECS
from access_desk.presentation.registration import RegistrationModel
from access_desk.presentation.registration_drafts import RegistrationState
from access_desk.presentation.registration_fields import FieldSpec
from access_desk.presentation.registration_form import RegistrationForm
from access_desk.ui.desk.register_section import FormCombo, FormEdit, FormRows
from access_desk.ui.kit.buttons import KeyButton
from access_desk.ui.kit.cards import row, rule
from access_desk.ui.kit.labels import IconLabel, PlainLabel
from access_desk.ui.kit.theme import current

_ICONS = {
    "done": ("circle-check", "balanced_fg"),
    "attention": ("triangle-alert", "attention_fg"),
    "plain": ("circle-minus", "text_muted"),
}
ANSWER_WIDTH = 210


class QuestionnaireRows(QWidget):
    """The questions of the Medicare questionnaire that apply, each with its answer at the right."""

    def __init__(self, typed: Callable[[str, str], object], model: RegistrationModel) -> None:
        super().__init__()
        self._typed, self._model = typed, model
        self.editors: dict[str, FormEdit | FormCombo] = {}
        self._lines: dict[str, QWidget] = {}
        self._shown: tuple[str, ...] = ()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(6)
        for key, spec in QUESTION_SPECS.items():
            self._layout.addWidget(self._line(key, spec))
        self._outcome = PlainLabel("", weight=600)
        self._outcome.setWordWrap(True)
        self._layout.addWidget(self._outcome)

    def _line(self, key: str, spec: FieldSpec) -> QWidget:
        line = QWidget()
        text = PlainLabel(spec.label)
        text.setWordWrap(True)
        editor = FormRows.editor_for(key, spec, self._typed, self._model.leave, self._model.enter_section)
        editor.setFixedWidth(current().px(ANSWER_WIDTH))
        text.setBuddy(editor)
        layout = row(spacing=12)
        layout.addWidget(text, 1)
        layout.addWidget(editor)
        line.setLayout(layout)
        self.editors[key], self._lines[key] = editor, line
        return line

    def show_state(self, form: RegistrationForm, state: RegistrationState) -> None:
        """Only the questions that apply, in their order."""
        shown = state.clearance.questions
        for place, key in enumerate(shown):
            if self._layout.indexOf(self._lines[key]) != place:
                self._layout.insertWidget(place, self._lines[key])
        self._shown = tuple(shown)
        for key, editor in self.editors.items():
            self._lines[key].setVisible(key in shown)
            if isinstance(editor, FormCombo):
                editor.show_kept(form.value(key))
            else:
                editor.show_value(form.value(key))
                editor.set_invalid(bool(state.errors.get(key)))
        self._outcome.say(state.clearance.outcome)
        self._outcome.setVisible(bool(state.clearance.outcome))

    def stops(self) -> list[QWidget]:
        """The answers in the order of their questions."""
        return [self.editors[key] for key in self._shown]

    def first(self) -> QWidget:
        """The first question that is not answered, else who answers."""
        shown = [editor for key, editor in self.editors.items() if not self._lines[key].isHidden()]
        for editor in shown:
            if isinstance(editor, FormCombo) and editor.value() in (None, ""):
                return editor
        return shown[0]


class _Line(QWidget):
    """One row of the section."""

    def __init__(self, key: str, model: RegistrationModel) -> None:
        super().__init__()
        self.key = key
        self._label = PlainLabel("")
        self._label.setFixedWidth(current().px(180))
        self._icon = IconLabel("circle-dashed", token="text_muted")
        self._text = PlainLabel("", tone="secondary", elide=True)
        self._figure = PlainLabel("", weight=600)
        self.open = KeyButton("", name=f"clear_{key}", kind="quiet", small=True, on_press=lambda: model.open_panel(key))
        line = row(self._label, self._icon, spacing=8)
        line.addWidget(self._text, 1)
        line.addWidget(self._figure)
        line.addWidget(self.open)
        self.panel = QVBoxLayout()
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(6)
        lines.addLayout(line)
        lines.addLayout(self.panel)
        lines.addWidget(rule())

    def show_row(self, shown: ClearanceRow, *, is_open: bool) -> None:
        """Paint it."""
        self._label.say(shown.label)
        icon, token = _ICONS[shown.tone]
        self._icon.show_icon(icon, token)
        self._text.say(shown.text)
        self._figure.say(shown.figure.dollars() if shown.figure is not None else "")
        self.open.say("Close" if is_open else shown.action or "Open")
        self.open.setAccessibleName(f"{self.open.text()}: {shown.label}, {shown.text}")
        self.open.setVisible(bool(shown.action))


class ClearanceSection(QWidget):
    """All rows; the panel that is open stands under its own."""

    number = CLEARANCE

    def __init__(self, model: RegistrationModel, typed: Callable[[str, str], object]) -> None:
        super().__init__()
        self._model, self._typed = model, typed
        self._rows: dict[str, _Line] = {}
        self._panels: dict[str, FormRows | QuestionnaireRows] = {}
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(6)
        self._open = ""
        self._shown: tuple[ClearanceRow, ...] = ()

    def editor(self, key: str) -> QWidget | None:
        """The editor of a field, or the first of a panel (``panel:estimate1``)."""
        kind, colon, panel = key.partition(":")
        if colon and kind == "panel":
            return self._first_in(panel)
        return next((panel.editors[key] for panel in self._panels.values() if key in panel.editors), None)

    def _first_in(self, panel: str) -> QWidget | None:
        found = self._panels.get(panel)
        if isinstance(found, QuestionnaireRows):
            return found.first()
        return next(iter(found.editors.values())) if found is not None else None

    def first(self) -> QWidget | None:
        """Where the keyboard arrives: in the open panel, or on the first thing to do."""
        if self._open:
            return self._first_in(self._open)
        can_open = [one for one in self._shown if one.action]
        waiting = [one for one in can_open if one.tone == "attention"]
        return self._rows[(waiting or can_open)[0].key].open if can_open else None

    def stops(self) -> list[QWidget]:
        """Where the keyboard stops, in order: a row's button, then what is unfolded below it."""
        found: list[QWidget] = []
        for one in self._shown:
            panel = self._panels.get(one.key)
            fields = panel.stops() if isinstance(panel, QuestionnaireRows) else list(panel.editors.values()) if panel else []
            found += [self._rows[one.key].open, *fields]
        return found

    def show_state(self, state: RegistrationState) -> None:
        """Paint it; rows come and go with the plans."""
        form = state.form
        if form is None:
            return
        self._shown = state.clearance.rows
        shown = {one.key: one for one in self._shown}
        for place, (key, one) in enumerate(shown.items()):
            line = self._rows.get(key)
            if line is None:
                line = self._rows[key] = _Line(key, self._model)
            if self._lines.indexOf(line) != place:
                self._lines.insertWidget(place, line)
            line.show_row(one, is_open=state.panel == key)
            line.show()
        for key, line in self._rows.items():
            if key not in shown:
                line.hide()
        self._show_panel(state.panel if state.panel in shown else "", form, state)
        self.setEnabled(state.phase == "editing")

    def _show_panel(self, panel: str, form: RegistrationForm, state: RegistrationState) -> None:
        if panel != self._open and self._open in self._panels:
            self._panels[self._open].hide()
        self._open = panel
        if not panel:
            return
        found = self._panels.get(panel)
        if found is None:
            found = self._panels[panel] = self._made(panel)
            self._rows[panel].panel.addWidget(found)
        if isinstance(found, QuestionnaireRows):
            found.show_state(form, state)
        else:
            # Not shown first and put away then: the page would stay as high as with all of them.
            found.put_away = _later_items(form) if panel == GOOD_FAITH else frozenset()
            found.show_form(form, state.errors)
        found.show()

    def _made(self, panel: str) -> FormRows | QuestionnaireRows:
        if panel == QUESTIONNAIRE:
            return QuestionnaireRows(self._typed, self._model)
        kind, number = panel_fields(panel)
        rows = GOOD_FAITH_ROWS if panel == GOOD_FAITH else PLAN_PANELS[kind]
        prefix = f"plan{number}." if number else ""
        return FormRows(rows, prefix, self._typed, self._model.leave, self._model.enter_section)


def _later_items(form: RegistrationForm) -> frozenset[str]:
    """The fields of the items of a good-faith estimate after those that are typed and one more."""
    numbers = range(1, MOST_ITEMS + 1)
    typed = [one for one in numbers if form.value(f"gf_item{one}").strip() or form.value(f"gf_charge{one}").strip()]
    later = range(max(typed, default=0) + 2, MOST_ITEMS + 1)
    return frozenset(f"gf_{name}{number}" for number in later for name in ("item", "code", "diagnosis", "quantity", "charge"))
