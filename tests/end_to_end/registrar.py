"""A registrar at the real window: ``python -m tests.end_to_end.registrar HOME type`` types a whole registration, ``look`` opens
what was being typed. Either says on one line what stands on screen, then waits to be killed.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

from PySide6.QtCore import QEventLoop, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from access_desk.app import open_for_window
from access_desk.presentation.first_start import PRACTICE_STAFF, FirstStartModel, set_up_practice
from access_desk.presentation.registration_form import spec_of
from access_desk.presentation.sign_in import SignInModel
from access_desk.services.desk import Desk
from access_desk.ui.desk.register_section import FormCombo
from access_desk.ui.desk.register_view import RegisterView
from access_desk.ui.desk.sign_in_view import SignInCover
from access_desk.ui.program import Program
from access_desk.ui.shell.window import ShellWindow
from access_desk.ui.start import application
from access_desk.ui.task_runner import TaskRunner

WHO = "dana"
HOSTILE = '<b>Ana</b> &amp; "\u202eanA\u202c" \U0001f469\u200d\U0001f37c #{key}'
BY_KIND = {
    "birth_date": "03/14/1987", "past": "01/15/2020", "date": "01/01/2020", "ssn": "219-09-6613", "zip": "44990",
    "email": "m@example.com", "phone": "(216) 555-0148", "npi": "1234567893", "money": "75.00", "time": "11:00 AM", "state": "OH",
    "race": "Asian, White", "percent": "20", "units": "2", "tin": "12-3456789",
}  # fmt: skip
CHOSEN = {
    "who": "known", "type": "inpatient", "guarantor": "parent", "accident": "auto", "arrival": "scheduled", "medicare": "",
    "relationship": "spouse", "emergency_relationship": "spouse", "entered": "",
}  # fmt: skip
LAST = "plan1.eb_reference"


def text_for(key: str) -> str:
    """Something to type into a field, its own in each."""
    spec = spec_of(key)
    if spec.kind == "choice":
        return CHOSEN.get(spec.name, spec.choices[1][0] if len(spec.choices) > 1 else "")
    return BY_KIND.get(spec.kind, HOSTILE.replace("{key}", key))


class Registrar:
    """Hands on the keyboard of one desk."""

    def __init__(self, app: QApplication, desk: Desk) -> None:
        self.app, self.runner = app, TaskRunner()
        self.window = ShellWindow(idle_lock_s=100_000)
        sign_in = SignInModel(self.runner.run)
        cover = SignInCover(sign_in)
        self.window.resize(1366, 768)
        self.window.cover_with(cover)
        self.window.show()
        self.window.activateWindow()
        self.program = Program(self.window, desk, self.runner, sign_in, cover)
        self.program.start()
        self.settle()
        self.keys(WHO)
        self.keys(next(pin for key, _, _, pin in PRACTICE_STAFF if key == WHO))

    @property
    def page(self) -> RegisterView:
        """The Register page."""
        page = self.window.page("register")
        if not isinstance(page, RegisterView):
            raise TypeError(page)
        return page

    def settle(self) -> None:
        """Until the worker has nothing left to do."""
        while True:
            self.app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
            if self.runner.is_idle:
                self.app.processEvents()
                return

    def keys(self, text: str) -> None:
        """Type a text and press Enter."""
        here = QApplication.focusWidget() or self.window
        QTest.keyClicks(here, text)
        QTest.keyClick(here, Qt.Key.Key_Return)
        self.settle()

    def fill(self, key: str, text: str) -> None:
        """Type a text into a field, as a person would, or choose it from its list."""
        model = self.page.model
        editor = self.page.editor(key)
        if editor is None or isinstance(editor, FormCombo) or not isinstance(editor, QLineEdit):
            model.type(key, text)
            model.leave(key)
            return
        model.go_to(key)
        self.settle()
        editor.setFocus(Qt.FocusReason.OtherFocusReason)
        editor.selectAll()
        if text.isascii():
            QTest.keyClicks(editor, text)
        else:  # what an input method would put in
            editor.insert(text)

    def type_everything(self) -> None:
        """Every field that the form asks for, and a second plan; until the draft is saved."""
        model = self.page.model
        self.window.go("register", ("new", {"family": "Vega"}, ""))
        self.settle()
        model.type("type", CHOSEN["type"])
        typed: set[str] = set()
        for _ in ("what is asked first", "what those answers raise"):
            for key in self.asked():
                if key not in typed and key != LAST:
                    typed.add(key)
                    self.fill(key, text_for(key))
            if len(model.state.form.plans if model.state.form else ()) == 1:
                model.add_plan()
        model.open_panel("eligibility1")
        self.settle()
        self.fill(LAST, text_for(LAST))
        while model.needs_saving or not self.runner.is_idle:
            self.app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)

    def asked(self) -> tuple[str, ...]:
        """The fields that the form asks for; the questionnaire is for Medicare only."""
        form = self.page.model.state.form
        keys = form.field_keys() if form else ()
        return tuple(key for key in keys if not key.startswith(("msp_", "zip_city")))

    def on_screen(self) -> dict[str, object]:
        """What stands in the form and on the screen."""
        state = self.page.model.state
        here = QApplication.focusWidget()
        return {
            "form": asdict(state.form) if state.form else None,
            "folded": [card.folded for card in self.page.sections],
            "section": state.section,
            "plan": state.open_plan,
            "panel": state.panel,
            "focus": here.objectName() if here else "",
            "missing": [one.key for one in state.missing],
            "owed": str(state.owed.due),
        }


def main() -> None:
    """Do it, say it, and wait."""
    home, what = Path(sys.argv[1]), sys.argv[2]
    app = application()
    with open_for_window(home) as opened:
        if FirstStartModel.is_needed(opened.desk):
            set_up_practice(opened.desk)
        registrar = Registrar(app, opened.desk)
        if what == "type":
            registrar.type_everything()
        else:
            registrar.window.go("register", None)
            registrar.settle()
        sys.stdout.write(json.dumps(registrar.on_screen()) + "\n")
        sys.stdout.flush()
        app.exec()


if __name__ == "__main__":
    main()
