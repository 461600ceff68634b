"""What Register asks before it goes on: a second record for one person, throwing a draft away."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from access_desk.presentation.registration import RegistrationModel
from access_desk.presentation.registration_drafts import RegistrationState
from access_desk.ui.desk.likely_dialog import LikelyDialog
from access_desk.ui.kit.feedback import Dialog
from access_desk.ui.kit.labels import PlainLabel


class RegisterDialogs:
    """The two questions, each open at most once."""

    def __init__(self, page: QWidget, model: RegistrationModel) -> None:
        self._page, self._model = page, model
        self._likely = LikelyDialog(page, model.use_beside, model.move_beside, model.create_despite, self._keep_typing)

    def show_state(self, state: RegistrationState) -> None:
        """Ask about likely records as long as the state holds some."""
        reason = state.form.despite_match if state.form else ""
        act = "File as a new record" if state.beside is None or state.beside.is_filing else "It is another person"
        self._likely.show_state(state.beside, state.notice, act=act, keep="Keep typing", reason=reason)

    def _keep_typing(self) -> None:
        if self._model.state.beside is not None:
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
