"""What the Forms page asks: a signature, who saw one on paper, why there is none, a moment of the stay, another form."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from access_desk.presentation.form_lines import MOMENT_WORDS
from access_desk.presentation.forms import FormsPageState, FormsViewModel
from access_desk.presentation.papers_registration import TITLES
from access_desk.ui.desk.signature_pad import SignaturePad
from access_desk.ui.kit.buttons import KeyButton
from access_desk.ui.kit.cards import row
from access_desk.ui.kit.feedback import Dialog
from access_desk.ui.kit.fields import CheckRow, Combo, Field, LineEdit
from access_desk.ui.kit.labels import PlainLabel
from access_desk.ui.money.widgets import SignPanel

ALOUD = "The notice was explained aloud"


class FormsDialogs:
    """One dialog at a time; it closes when what it asked for is recorded, and says why when it was refused."""

    def __init__(self, page: QWidget, model: FormsViewModel) -> None:
        self._page, self._model = page, model
        self._open: Dialog | None = None
        self._done = 0

    def show_state(self, state: FormsPageState) -> None:
        """Close after a success, show a refusal."""
        if self._open is None:
            return
        if state.done != self._done:
            self._open.close_dialog()
        else:
            self._open.act.set_busy(state.busy)
            if state.problem:
                self._open.show_problem(state.problem)

    def _make(self, title: str, *, name: str, act: str, width: int = 536) -> Dialog:
        dialog = Dialog(self._page.window(), title, name=name, act=act, keep="Back", width=width)
        dialog.closed.connect(self._closed)
        self._open, self._done = dialog, self._model.state.done
        return dialog

    def _closed(self) -> None:
        self._open = None

    def _blocked(self) -> bool:
        return self._open is not None or bool(self._model.state.blocked)

    def _aloud(self, dialog: Dialog) -> Callable[[], bool]:
        line = self._model.state.line
        if line is None or not line.aloud:
            return lambda: False
        tick = CheckRow(ALOUD, name="formExplained")
        dialog.body.addWidget(tick)
        return tick.isChecked

    def _signer(self, dialog: Dialog) -> tuple[LineEdit, LineEdit]:
        signer = LineEdit(name="formSigner", label="Name, when not the patient")
        relationship = LineEdit(name="formRelationship", label="Relationship")
        line = row()
        line.addWidget(Field("Signed by, when not the patient", signer, optional=True), 3)
        line.addWidget(Field("Relationship", relationship, optional=True), 2)
        dialog.body.addLayout(line)
        return signer, relationship

    def ask_signature(self) -> None:
        """Sign in the box."""
        line = self._model.state.line
        if self._blocked() or line is None:
            return
        dialog = self._make(f"Sign: {line.title}", name="formSign", act="Record signature")
        pad = SignaturePad(name="signaturePad")
        clear = KeyButton("Clear", name="formClear", small=True, on_press=pad.clear)
        say = PlainLabel("Read the form first. Sign in the box with the pen or the mouse.", tone="secondary")
        say.setWordWrap(True)
        dialog.body.addWidget(say)
        dialog.body.addWidget(pad)
        dialog.body.addLayout(row(1, clear))
        signer, relationship = self._signer(dialog)
        explained = self._aloud(dialog)

        def record() -> None:
            if not pad.is_signed:
                dialog.show_problem("Nothing is signed yet. Sign in the box, or go back and record a signature on paper.")
                return
            self._model.sign(pad.strokes(), signer=signer.text(), relationship=relationship.text(), explained=explained())

        dialog.act.activated.connect(record)
        dialog.open_dialog(signer)

    def ask_paper(self) -> None:
        """Signed on paper, and who saw it."""
        line, state = self._model.state.line, self._model.state
        if self._blocked() or line is None:
            return
        dialog = self._make(f"Signed on paper: {line.title}", name="formPaper", act="Record as signed")
        seen = Combo(name="formSeenBy", label="Who saw it signed", choices=[(one.person_id, one.label) for one in state.staff])
        seen.show_value(self._model.who)
        dialog.body.addWidget(Field("Who saw it signed", seen))
        signer, relationship = self._signer(dialog)
        explained = self._aloud(dialog)

        def record() -> None:
            self._model.sign(
                None,
                seen_by=str(seen.value() or ""),
                signer=signer.text(),
                relationship=relationship.text(),
                explained=explained(),
            )

        dialog.act.activated.connect(record)
        dialog.open_dialog(seen)

    def ask_refusal(self) -> None:
        """Why the patient does not want to sign."""
        line = self._model.state.line
        if self._blocked() or line is None:
            return
        dialog = self._make(f"Refused: {line.title}", name="formRefuse", act="Record refusal")
        reason = LineEdit(name="formReason", label="Why it is not signed")
        dialog.body.addWidget(Field("Why it is not signed", reason))
        explained = self._aloud(dialog)
        dialog.act.activated.connect(lambda: self._model.refuse(reason.text(), explained=explained()))
        dialog.open_dialog(reason)

    def ask_unable(self) -> None:
        """Why the patient cannot sign, and who else saw that."""
        line, state = self._model.state.line, self._model.state
        if self._blocked() or line is None:
            return
        dialog = self._make(f"Unable to sign: {line.title}", name="formUnable", act="Record as unable")
        reason = LineEdit(name="formReason", label="Why the patient cannot sign")
        dialog.body.addWidget(Field("Why the patient cannot sign", reason))
        witness = SignPanel("Witness", name="formWitness", heard=lambda _person, _pin: None)
        witness.show_people(state.witnesses, "", "")
        dialog.body.addWidget(witness)

        def record() -> None:
            self._model.unable(reason.text(), str(witness.person.value() or ""), witness.pin.text())
            witness.pin.show_text("")

        dialog.act.activated.connect(record)
        dialog.open_dialog(reason)

    def ask_stay(self) -> None:
        """A moment of the stay that clocks run from."""
        if self._open is not None or not self._model.state.visit_id:
            return
        dialog = self._make("Moment of the stay", name="stayMoment", act="Note it")
        moment = Combo(name="stayWhich", label="Moment", choices=list(MOMENT_WORDS.items()))
        moment.show_value("discharge_planned")
        day = LineEdit(name="stayDay", label="Date")
        time = LineEdit(name="stayTime", label="Time")
        dialog.body.addWidget(Field("What the order or plan says", moment))
        line = row()
        line.addWidget(Field("Date", day, optional=True, hint="today when blank"), 1)
        line.addWidget(Field("Time", time, hint="like 2:30 PM or 1430"), 1)
        dialog.body.addLayout(line)
        dialog.act.activated.connect(lambda: self._model.note_stay(str(moment.value()), day.text(), time.text()))
        dialog.open_dialog(moment)

    def ask_another(self) -> None:
        """A form that not every visit needs."""
        state = self._model.state
        if self._open is not None or not state.askable:
            return
        dialog = self._make("Another form is needed", name="formAsk", act="Add the form")
        form = Combo(name="formWhich", label="Form", choices=list(state.askable))
        form.show_value(state.askable[0][0])
        reason = LineEdit(name="formAskReason", label="For which service, and why")
        dialog.body.addWidget(Field("Form", form))
        dialog.body.addWidget(Field("For which service, and why", reason))
        dialog.act.activated.connect(lambda: self._model.ask_for(str(form.value()), reason.text()))
        dialog.open_dialog(form)

    def ask_which_paper(self, chosen: Callable[[str], object]) -> None:
        """Which other paper of the visit to look at."""
        if self._open is not None or not self._model.state.visit_id:
            return
        dialog = self._make("Papers of this visit", name="visitPapers", act="Show it")
        papers = [(name, title) for name, title in TITLES.items() if name != "form"]
        paper = Combo(name="visitPaper", label="Paper", choices=papers)
        paper.show_value(papers[0][0])
        dialog.body.addWidget(Field("Paper", paper))

        def show() -> None:
            dialog.close_dialog()
            chosen(str(paper.value()))

        dialog.act.activated.connect(show)
        dialog.open_dialog(paper)
