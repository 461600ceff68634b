"""First start: what this desk is to be."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from access_desk.presentation.first_start import FirstStartModel, FirstStartState
from access_desk.ui.kit.buttons import KeyButton
from access_desk.ui.kit.cards import Band, Card, column, row
from access_desk.ui.kit.labels import PlainLabel
from access_desk.ui.kit.table import Cell, Column, Row, Table
from access_desk.ui.kit.theme import current


class FirstStartCover(QWidget):
    """Covers the window while the desk has nobody who could sign in."""

    def __init__(self, model: FirstStartModel) -> None:
        super().__init__()
        self.setObjectName("firstStartCover")
        self.setAccessibleName("First start")
        self._model = model
        card = Card("Welcome to Access Desk", name="firstStartCard")
        card.setFixedWidth(current().px(620))
        self._text = PlainLabel(
            "This computer has no desk yet. A practice desk has its own facility, staff and drawers, and says PRACTICE on every "
            "screen and paper. Nothing on it is real."
        )
        self._text.setWordWrap(True)
        self._problem = Band(tone="short", name="firstStartProblem")
        columns = (Column("Name"), Column("Role", 130), Column("Sign-in name", 120), Column("PIN", 90))
        self._people = Table(columns, name="firstStartPeople", label="Who can sign in")
        self._people.setMinimumHeight(current().px(176))
        self._people.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._go = KeyButton(
            "Set up a practice desk", "Enter", name="firstStartGo", kind="primary", large=True, on_press=self._act
        )
        for widget in (self._text, self._people, self._problem, self._go):
            card.body.addWidget(widget)
        across = row(1, card, 1)
        self.setLayout(column(1, across, 1))
        model.on_change.append(self.render_state)
        self.destroyed.connect(model.detach)
        self.render_state(model.state)

    def _act(self) -> None:
        if self._model.state.phase == "ready":
            self._model.finish()
        else:
            self._model.choose_practice()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Enter goes on."""
        super().showEvent(event)
        self._go.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Nothing reaches the pages below."""
        event.accept()

    def render_state(self, state: FirstStartState) -> None:
        """Paint it."""
        ready = state.phase == "ready"
        self._people.setVisible(ready)
        self._people.show_rows(
            [Row(one.key, (Cell(one.name, bold=True), Cell(one.role), Cell(one.key), Cell(one.pin))) for one in state.people]
        )
        if ready:
            self._text.say("The practice desk is ready. These people can sign in; their PINs are no secret.")
        self._problem.say(state.notice, "", "short")
        words = {"working": "Setting up…", "ready": "Go to sign-in", "failed": "Try again"}
        self._go.say(words.get(state.phase, "Set up a practice desk"))
        self._go.set_busy(state.phase == "working")

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """The cover's flat fill."""
        del event
        painter = QPainter(self)
        painter.fillRect(self.rect(), current().color("bg_rail"))
        painter.end()
