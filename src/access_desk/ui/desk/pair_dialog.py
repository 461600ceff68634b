"""Find's question about two records: perhaps one person, or two who belong together; with a note."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from access_desk.presentation.record_pair import FLAG, LINK, PairModel, PairState
from access_desk.ui.kit.buttons import SegmentedControl
from access_desk.ui.kit.cards import row
from access_desk.ui.kit.feedback import Dialog
from access_desk.ui.kit.fields import Combo, Field, LineEdit
from access_desk.ui.kit.labels import PlainLabel

_KINDS = ((FLAG, "Perhaps one person", "Alt 1", "users"), (LINK, "Belong together, stay two", "Alt 2", "user-round"))
_ACTS = {FLAG: "Send to a lead", LINK: "Note it on both"}
_ASKS = {FLAG: "Why may they be one person?", LINK: "How do they belong together?"}
_SAYS = {
    FLAG: "A shift lead looks at both, and merges them or keeps them apart. Until then nothing changes.",
    LINK: "Twins, or parent and child of one name: each record warns of the other.",
}


class PairDialog:
    """Open at most once."""

    def __init__(self, page: QWidget, model: PairModel) -> None:
        self._page, self._model = page, model
        self._open: _Question | None = None
        model.on_change.append(self.show_state)

    def show_state(self, state: PairState) -> None:
        """Ask as long as the state does."""
        if not state.is_open:
            if self._open is not None:
                self._open.close_dialog()
            return
        if self._open is None:
            self._open = _Question(self._page.window(), self._model, state)
            self._open.closed.connect(self._closed)
            self._open.open_dialog(self._open.note)
        self._open.show_state(state)

    def _closed(self) -> None:
        self._open = None
        self._model.leave_it()


class _Question(Dialog):
    def __init__(self, over: QWidget, model: PairModel, state: PairState) -> None:
        super().__init__(over, "Two records", name="pair", act=_ACTS[FLAG], keep="Leave it", width=640)
        self._kinds = SegmentedControl(_KINDS, name="pairKind")
        self._kinds.chosen.connect(lambda value: model.choose(kind=str(value)))
        self._one = Combo(name="pairOne", label="One record", choices=state.records)
        self._one.chosen.connect(lambda value: model.choose(one=str(value)))
        self._other = Combo(name="pairOther", label="Other record", choices=state.records)
        self._other.chosen.connect(lambda value: model.choose(other=str(value)))
        self.note = LineEdit(name="pairNote", label=_ASKS[FLAG])
        self._note = Field(_ASKS[FLAG], self.note)
        self._say = PlainLabel("", tone="secondary")
        self._say.setWordWrap(True)
        self.body.addWidget(self._kinds)
        self.body.addLayout(row(Field("One record", self._one), Field("Other record", self._other), spacing=12))
        self.body.addWidget(self._note)
        self.body.addWidget(self._say)
        self.act.activated.connect(lambda: model.record(self.note.text()))
        self.keys = {f"Alt+{number}": partial(self._kinds.choose, kind[0]) for number, kind in enumerate(_KINDS, 1)}

    def show_state(self, state: PairState) -> None:
        """Paint it."""
        self._kinds.show_choice(state.kind)
        self._one.show_value(state.one)
        self._other.show_value(state.other)
        self._note.say_label(_ASKS[state.kind])
        self.note.setAccessibleName(_ASKS[state.kind])
        self._say.say(_SAYS[state.kind])
        self.act.say(_ACTS[state.kind])
        self.act.set_busy(state.busy)
        self.show_problem(state.problem)
