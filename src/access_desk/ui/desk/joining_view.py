"""Covers of a window whose desk is not there yet: practise or join, the passphrase, and the beginning of a facility."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from access_desk.presentation.beginning import FORM, ZONES, BeginModel, BeginState
from access_desk.presentation.joining import CHOOSE, JOIN, PASSPHRASE, JoinModel, JoinState
from access_desk.ui.kit.buttons import KeyButton
from access_desk.ui.kit.cards import Band, Card, column, row
from access_desk.ui.kit.fields import Combo, Field, LineEdit, PinEdit
from access_desk.ui.kit.labels import PlainLabel
from access_desk.ui.kit.theme import current

_WIDTH = 640


class _Cover(QWidget):
    """A flat fill with one card; Enter goes on in it, F12 acts, nothing reaches the pages below."""

    def __init__(self, title: str, *, name: str, says: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(says)
        self.card = Card(title, name=f"{name}Card")
        self.card.setFixedWidth(current().px(_WIDTH))
        across = row(1, self.card, 1)
        self.setLayout(column(1, across, 1))

    def act(self) -> None:
        """F12."""

    def back(self) -> None:
        """Esc."""

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Enter goes on, F12 acts, Esc goes back."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.focusNextPrevChild(True)
        elif event.key() == Qt.Key.Key_F12:
            self.act()
        elif event.key() == Qt.Key.Key_Escape:
            self.back()
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """The cover's flat fill."""
        del event
        painter = QPainter(self)
        painter.fillRect(self.rect(), current().color("bg_rail"))
        painter.end()


def _said(text: str) -> PlainLabel:
    label = PlainLabel(text, tone="secondary")
    label.setWordWrap(True)
    return label


def _secret(name: str, label: str) -> LineEdit:
    edit = LineEdit(name=name, label=label)
    edit.setEchoMode(QLineEdit.EchoMode.Password)
    return edit


def _group(*parts: QWidget) -> QWidget:
    group = QWidget()
    group.setLayout(column(*parts, spacing=10))
    return group


class JoinCover(_Cover):
    """Practise, join a central, or say the passphrase."""

    def __init__(self, model: JoinModel) -> None:
        super().__init__("Welcome to Access Desk", name="joinCover", says="First start")
        self._model = model
        self._serial = 0
        self._problem = Band(tone="short", name="joinProblem")
        self.card.body.addWidget(self._problem)
        self._fetched = Band(tone="info", name="joinFetched", icon="hourglass")
        self.card.body.addWidget(self._fetched)
        self._faces = {CHOOSE: self._choices(), JOIN: self._form(), PASSPHRASE: self._unsealing()}
        for face in self._faces.values():
            self.card.body.addWidget(face)
        self._shown = ""
        model.on_change.append(self.render_state)
        self.destroyed.connect(model.detach)
        self.render_state(model.state)

    def _choices(self) -> QWidget:
        model = self._model
        self._practise = KeyButton(
            "Set up a practice desk", "Enter", name="joinPractise", kind="primary", large=True, on_press=model.practise
        )
        self._join = KeyButton("Join your hospital's central…", "Alt 2", name="joinCentral", large=True, on_press=model.join)
        return _group(
            _said(
                "This computer has no desk yet. A practice desk has its own facility, staff and drawers, and says PRACTICE on "
                "every screen and paper. Nothing on it is real."
            ),
            self._practise,
            _said(
                "A real desk joins the central of your hospital. Whoever runs it gives you an address and a code for one desk."
            ),
            self._join,
        )

    def _form(self) -> QWidget:
        self._edits = {
            "url": LineEdit(name="joinUrl", label="Central's address"),
            "code": LineEdit(name="joinCode", label="Enrollment code"),
            "label": LineEdit(name="joinLabel", label="What people call this desk"),
        }
        for name, edit in self._edits.items():
            edit.typed.connect(lambda text, name=name: self._model.type(name, str(text)))
        self._new, self._again = _secret("joinPassphrase", "New passphrase"), _secret("joinAgain", "The same again")
        self._sealed = _group(
            _said(
                "This computer has no keyring, so the desk's keys are sealed under a passphrase of at least 12 letters. It is "
                "asked for at every start; without it nobody can open this desk."
            )
        )
        pair = row(Field("New passphrase", self._new), Field("The same again", self._again))
        layout = self._sealed.layout()
        if layout is not None:
            holder = QWidget()
            holder.setLayout(pair)
            layout.addWidget(holder)
        self._go = KeyButton("Join", "F12", name="joinGo", kind="primary", large=True, on_press=self.act)
        self._leave = KeyButton("Back", "Esc", name="joinBack", large=True, on_press=self.back)
        buttons = QWidget()
        buttons.setLayout(row(self._leave, self._go))
        return _group(
            Field("Central's address", self._edits["url"], hint="https://…"),
            Field("Enrollment code", self._edits["code"], hint="Good for one desk; dashes may be left out"),
            Field("What people call this desk", self._edits["label"], hint="Such as Admitting 3"),
            self._sealed,
            buttons,
        )

    def _unsealing(self) -> QWidget:
        self._phrase = _secret("joinUnseal", "Passphrase of this desk")
        self._phrase.returnPressed.connect(self.act)
        self._open = KeyButton("Open the desk", "Enter", name="joinOpen", kind="primary", large=True, on_press=self.act)
        return _group(Field("Passphrase of this desk", self._phrase), self._open)

    def act(self) -> None:
        """F12, or the button of what is shown."""
        phase = self._model.state.phase
        if phase == CHOOSE:
            self._model.practise()
        elif phase == JOIN:
            self._model.enroll(self._new.text(), self._again.text())
        else:
            self._model.unseal(self._phrase.text())

    def back(self) -> None:
        """Esc: choose again."""
        self._model.back()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Alt 2 joins."""
        if event.key() == Qt.Key.Key_2 and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self._model.join()
            event.accept()
            return
        super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """The first field, or the first button."""
        super().showEvent(event)
        self._focus()

    def _focus(self) -> None:
        firsts: dict[str, QWidget] = {CHOOSE: self._practise, JOIN: self._edits["url"], PASSPHRASE: self._phrase}
        firsts[self._model.state.phase].setFocus(Qt.FocusReason.OtherFocusReason)

    def render_state(self, state: JoinState) -> None:
        """Paint it."""
        for phase, face in self._faces.items():
            face.setVisible(phase == state.phase)
        self._sealed.setVisible(state.seals)
        for name, edit in self._edits.items():
            edit.show_text(state.values.get(name, ""))
        self._problem.say(state.problem, "", "short")
        self._fetched.say(*_fetched(state))
        self._go.say("Joining…" if state.busy else "Join")
        is_fetching = state.busy and bool(state.fetched)
        self._leave.say("Open now" if is_fetching else "Back")
        self._leave.setVisible(is_fetching or not state.is_begun)
        self._leave.set_busy(state.leaving)
        for button in (self._go, self._practise, self._join, self._open):
            button.set_busy(state.busy)
        if state.phase != self._shown:
            self._shown = state.phase
            if self.isVisible():
                self._focus()
        if state.serial != self._serial:
            self._serial = state.serial
            self._phrase.clear()


def _fetched(state: JoinState) -> tuple[str, str]:
    if not state.fetched:
        return "", ""
    if state.leaving:
        return "Opening the desk…", "The rest of this facility's records comes while you work."
    return f"Fetching this facility's records: {state.fetched}", "With Open now the rest comes while you work."


class BeginCover(_Cover):
    """Covers an enrolled desk where nobody can sign in yet."""

    def __init__(self, model: BeginModel, practise: Callable[[], object]) -> None:
        super().__init__("Begin this facility", name="beginCover", says="Begin this facility")
        self._model = model
        self._waits = Band(tone="info", name="beginWaits", icon="hourglass")
        self._problem = Band(tone="short", name="beginProblem")
        self.card.body.addWidget(self._waits)
        self.card.body.addWidget(self._problem)
        self._zone = Combo(name="beginZone", label="Time zone", choices=ZONES)
        self._zone.show_value(ZONES[0][0])
        self._zone.chosen.connect(lambda value: model.type("zone", str(value)))
        self._pin, self._again = PinEdit(name="beginPin", label="PIN"), PinEdit(name="beginPinAgain", label="The same again")
        self._edits: dict[str, LineEdit] = {}
        self._form = _group(*self._lines(practise))
        self.card.body.addWidget(self._form)
        model.on_change.append(self.render_state)
        self.destroyed.connect(model.detach)
        self.render_state(model.state)

    def _lines(self, practise: Callable[[], object]) -> list[QWidget]:
        def edit(name: str, label: str, hint: str = "", *, optional: bool = False) -> Field:
            made = LineEdit(name=f"begin_{name}", label=label)
            made.typed.connect(lambda text: self._model.type(name, str(text)))
            self._edits[name] = made
            return Field(label, made, hint=hint, optional=optional)

        def side(*parts: QWidget) -> QWidget:
            holder = QWidget()
            holder.setLayout(row(*parts))
            return holder

        self._intro = _said("")
        self._go = KeyButton("Begin", "F12", name="beginGo", kind="primary", large=True, on_press=self.act)
        self._practise = KeyButton("Use the practice facility", name="beginPractise", large=True, on_press=practise)
        return [
            self._intro,
            edit("name", "Name of the facility", "As papers say it"),
            side(edit("line1", "Address", optional=True), edit("line2", "City, state, ZIP", optional=True)),
            side(edit("phone", "Telephone", optional=True), Field("Time zone", self._zone)),
            side(edit("person", "First supervisor", "You, perhaps"), edit("key", "Sign-in name", "Such as ines")),
            side(Field("PIN", self._pin, hint="4 to 12 digits"), Field("The same again", self._again)),
            side(self._practise, self._go),
        ]

    def act(self) -> None:
        """F12."""
        self._model.begin(self._pin.text(), self._again.text())

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """The first field."""
        super().showEvent(event)
        self._edits["name"].setFocus(Qt.FocusReason.OtherFocusReason)

    def render_state(self, state: BeginState) -> None:
        """Paint it."""
        was_waiting = not self._form.isVisible()
        self._form.setVisible(state.phase == FORM)
        self._waits.say(state.said, "", "info")
        self._problem.say(state.problem, "", "short")
        self._intro.say(
            f"Nobody works at {state.facility_id} yet. You begin it: its staff and drawers are added on the Set up page, and "
            "reach every desk that joins after this one."
        )
        self._practise.setVisible(state.is_practice)
        for name, edit in self._edits.items():
            edit.show_text(state.values.get(name, ""))
        self._go.set_busy(state.busy)
        if was_waiting and state.phase == FORM and self.isVisible():
            self._edits["name"].setFocus(Qt.FocusReason.OtherFocusReason)
