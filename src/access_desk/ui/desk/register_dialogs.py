"""What Register asks before it goes on: a second record for one person, throwing a draft away."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from access_desk.presentation.registration import RegistrationModel
from access_desk.presentation.registration_drafts import RegistrationState
from access_desk.ui.kit.buttons import KeyButton
from access_desk.ui.kit.cards import column, row
from access_desk.ui.kit.feedback import Dialog
from access_desk.ui.kit.fields import Field, LineEdit
from access_desk.ui.kit.labels import PlainLabel


class RegisterDialogs:
    """The two questions, each open at most once."""

    def __init__(self, page: QWidget, model: RegistrationModel) -> None:
        self._page, self._model = page, model
        self._open: Dialog | None = None

    def show_state(self, state: RegistrationState) -> None:
        """Ask about a similar record as long as the state holds one."""
        if state.matches and self._open is None:
            self._ask_match(state)
        elif state.matches and self._open is not None and state.notice:
            self._open.show_problem(state.notice)

    def _ask_match(self, state: RegistrationState) -> None:
        dialog = Dialog(
            self._page.window(), "This person very probably has a record", name="duplicate", act="Create second record",
            kind="danger", keep="Keep typing", width=560,
        )  # fmt: skip
        first: QWidget | None = None
        for number, match in enumerate(state.matches, 1):
            use = KeyButton("Use this record", name=f"useMatch{number}", kind="primary" if number == 1 else "plain")
            use.activated.connect(lambda patient_id=match.patient_id: self._use(dialog, patient_id))
            name = PlainLabel(match.name, weight=600, elide=True)
            line = row()
            line.addLayout(column(name, PlainLabel(match.detail, tone="secondary"), spacing=0), 1)
            line.addWidget(use)
            dialog.body.addLayout(line)
            first = first or use
        reason = LineEdit(name="duplicateReason", label="Why a second record?")
        dialog.body.addWidget(Field("Why a second record? Both go to review.", reason))
        dialog.act.activated.connect(lambda: self._create(dialog, reason.text()))
        dialog.closed.connect(self._closed)
        self._open = dialog
        dialog.open_dialog(first)

    def _use(self, dialog: Dialog, patient_id: str) -> None:
        self._model.use_match(patient_id)
        dialog.close_dialog()

    def _create(self, dialog: Dialog, reason: str) -> None:
        if not reason.strip():
            dialog.show_problem("Say why a second record is made.")
            return
        self._open = None
        dialog.close_dialog()
        self._model.create_despite(reason)

    def _closed(self) -> None:
        if self._open is not None:
            self._open = None
            if self._model.state.matches:
                self._model.keep_typing()

    def ask_discard(self) -> None:
        """Before a draft is thrown away."""
        form = self._model.state.form
        if form is None or self._model.state.phase != "editing":
            return
        dialog = Dialog(
            self._page.window(),
            "Discard this registration?",
            name="discard",
            act="Discard draft",
            kind="danger",
            keep="Keep draft",
        )
        say = PlainLabel("What was typed here is forgotten. Nothing that was recorded changes.")
        say.setWordWrap(True)
        dialog.body.addWidget(say)

        def discard() -> None:
            dialog.close_dialog()
            self._model.discard()

        dialog.act.activated.connect(discard)
        dialog.open_dialog(dialog.keep)
