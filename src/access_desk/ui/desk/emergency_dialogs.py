"""What the Emergency page asks: the exam, stabilization, what became of somebody, who somebody is, why a second record."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from access_desk.domain.visits.emergency_events import DISPOSITIONS, EXAMINER_ROLES, SOURCES
from access_desk.presentation.emergency import EmergencyModel, EmergencyState
from access_desk.presentation.emergency_log import now_texts
from access_desk.ui.kit.cards import row
from access_desk.ui.kit.feedback import Dialog
from access_desk.ui.kit.fields import Combo, Field, LineEdit

_TITLES = {
    "exam": ("Screening exam", "Record exam"),
    "stabilized": ("Stabilized", "Record stabilization"),
    "end": ("What became of the person?", "Record end"),
    "identify": ("Who is this person?", "Identify"),
    "despite": ("Create despite a match", "Register arrival"),
}
_CONDITION = (("yes", "Emergency condition found"), ("no", "No emergency condition"))


class EmergencyDialogs:
    """One dialog at a time; it closes when what it asked for is recorded, and says why when it was refused."""

    def __init__(self, page: QWidget, model: EmergencyModel) -> None:
        self._page, self._model = page, model
        self._open: Dialog | None = None
        self._read: dict[str, Callable[[], str]] = {}

    def show_state(self, state: EmergencyState) -> None:
        """Open what is asked, close what was answered, show a refusal."""
        if self._open is None and state.asks:
            self._make(state)
        if self._open is None:
            return
        self._open.act.set_busy(state.busy)
        self._open.show_problem(state.problem)
        if not state.asks:
            self._open.close_dialog()

    def _make(self, state: EmergencyState) -> None:
        title, act = _TITLES[state.asks]
        line = state.line
        if line is not None and state.asks not in ("despite",):
            title = f"{title}: {line.name}"
        dialog = Dialog(self._page.window(), title, name="emergencyQuestion", act=act, keep="Leave it")
        self._open, self._read = dialog, {}
        firsts = {
            "exam": self._exam,
            "stabilized": self._stabilized,
            "end": self._end,
            "identify": self._identify,
            "despite": self._despite,
        }
        first = firsts[state.asks](dialog)
        dialog.act.activated.connect(self._act)
        dialog.closed.connect(self._closed)
        dialog.open_dialog(first)

    def _act(self) -> None:
        given = {name: read() for name, read in self._read.items()}
        if self._model.state.asks == "despite":
            self._model.create_despite(given["reason"])
        else:
            self._model.record(given)

    def _closed(self) -> None:
        self._open = None
        if self._model.state.asks:
            self._model.leave_it()

    def _text(self, name: str, label: str, text: str = "", *, optional: bool = False) -> Field:
        edit = LineEdit(name=f"emergencyAsk_{name}", label=label)
        edit.show_text(text)
        self._read[name] = edit.text
        return Field(label, edit, optional=optional)

    def _list(self, name: str, label: str, choices: tuple[tuple[object, str], ...], shown: str = "") -> Field:
        combo = Combo(name=f"emergencyAsk_{name}", label=label, choices=choices)
        combo.show_value(shown)
        self._read[name] = lambda: str(combo.value() or "")
        return Field(label, combo)

    def _when(self, dialog: Dialog) -> None:
        texts = now_texts(self._model.session.desk.view.now())
        dialog.body.addLayout(row(self._text("on", "On", texts["on"]), self._text("at", "At", texts["at"])))
        dialog.body.addWidget(self._list("source", "How does the desk know?", tuple(SOURCES.items()), "clinician"))

    def _exam(self, dialog: Dialog) -> QWidget:
        by = self._text("by", "Done by")
        dialog.body.addWidget(by)
        dialog.body.addWidget(self._list("role", "Role", tuple(EXAMINER_ROLES.items()), "physician"))
        dialog.body.addWidget(self._list("condition", "Outcome", _CONDITION, "yes"))
        self._when(dialog)
        return _editor(by)

    def _stabilized(self, dialog: Dialog) -> QWidget:
        by = self._text("by", "Said by")
        dialog.body.addWidget(by)
        self._when(dialog)
        return _editor(by)

    def _end(self, dialog: Dialog) -> QWidget:
        # Nothing stands there before somebody chose: one key too many must not discharge anybody.
        became = self._list("disposition", "The person was, or has", (("", ""), *DISPOSITIONS.items()))
        dialog.body.addWidget(became)
        self._when(dialog)
        return _editor(became)

    def _identify(self, dialog: Dialog) -> QWidget:
        family = self._text("family", "Last name")
        dialog.body.addLayout(row(family, self._text("given", "First name")))
        dialog.body.addWidget(self._text("birth_date", "Birth date", optional=True))
        dialog.body.addWidget(self._text("how", "How do you know? A license, a relative…"))
        return _editor(family)

    def _despite(self, dialog: Dialog) -> QWidget:
        reason = self._text("reason", "Why is this another person? It goes to review.")
        dialog.body.addWidget(reason)
        return _editor(reason)


def _editor(field: Field) -> QWidget:
    return field.editor
