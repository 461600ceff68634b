"""Sign-in and lock (page 10): a flat cover over the whole window, with no patient and no cash on it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from access_desk.presentation.sign_in import SignInModel, SignInState
from access_desk.ui.kit.buttons import KeyButton
from access_desk.ui.kit.cards import Band, Card, column, row, rule
from access_desk.ui.kit.fields import Combo, Field, LineEdit, PinEdit
from access_desk.ui.kit.icons import pixmap
from access_desk.ui.kit.labels import IconLabel, Logo, PlainLabel
from access_desk.ui.kit.theme import HIGH_CONTRAST, current, keeper

CARD_WIDTH, LEFT_WIDTH, APART = 412, 380, 96


class _Dark(PlainLabel):
    """A label on the cover's dark fill."""

    def __init__(self, text: str = "", *, style: str = "body", weight: int | None = None, token: str = "text_rail") -> None:
        super().__init__(text, style=style, weight=weight)
        self._token = token
        self._ink()
        keeper().changed.connect(self._ink)

    def _ink(self) -> None:
        # In high contrast the active ink is for a white fill; on the cover it would be black on black.
        token = "text_rail" if current().name == HIGH_CONTRAST else self._token
        self.setStyleSheet(f"color: {current().colors[token]}")


class _Avatar(QWidget):
    """Two letters in a circle."""

    def __init__(self) -> None:
        super().__init__()
        self._letters = ""
        self.setFixedSize(44, 44)

    def show_letters(self, letters: str) -> None:
        self._letters = letters
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        del event
        theme = current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("info_bg"))
        painter.drawEllipse(QRectF(0, 0, 44, 44))
        if not self._letters:
            painter.drawPixmap(12, 12, pixmap("user", theme.colors["info_fg"], 20))
        painter.setPen(theme.color("info_fg"))
        painter.setFont(theme.font("body", 600))
        painter.drawText(QRectF(0, 0, 44, 44), Qt.AlignmentFlag.AlignCenter, self._letters)
        painter.end()


class SignInCover(QWidget):
    """Covers the window until the right PIN was typed."""

    def __init__(self, model: SignInModel) -> None:
        super().__init__()
        self.setObjectName("signInCover")
        self.setAccessibleName("Sign in")
        self._model = model
        self._serial = -1
        self._early: tuple[str, bool] | None = None
        self._facility, self._saved = _Dark(), _Dark()
        self._clock = _Dark(style="clock", token="text_rail_active")
        self._date = _Dark(style="lock", weight=400)
        self._desk = _Dark(style="lock", token="text_rail_active")
        self._practice = _Dark("PRACTICE: nothing here is real", weight=600, token="text_rail_active")
        self._card = self._make_card()
        self._lay_out()
        # A shortcut, because a box would take Alt U for a letter.
        other = QShortcut(QKeySequence("Alt+U"), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        other.activated.connect(self._other_user)
        asked = QShortcut(QKeySequence("F1"), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        asked.activated.connect(model.help)
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(model.tick)
        model.on_change.append(self.render_state)
        self.destroyed.connect(model.detach)
        self.render_state(model.state)

    def _make_card(self) -> Card:
        card = Card(name="signInCard")
        card.setFixedWidth(current().px(CARD_WIDTH))
        card.body.setContentsMargins(24, 22, 24, 20)
        self._avatar = _Avatar()
        self._name = PlainLabel("", style="lock")
        self._subtitle = PlainLabel("", tone="secondary")
        head = row(self._avatar, column(self._name, self._subtitle, spacing=1), 1, IconLabel("lock", size=22), spacing=12)
        self._key = LineEdit(name="signInName", label="Sign-in name")
        self._key.returnPressed.connect(self._name_entered)
        self._people: Combo | None = None
        self._facilities: Combo | None = None
        self._where = QWidget()
        self._where.setLayout(row(spacing=0))
        self._where.hide()
        self._who, self._who_line = QWidget(), row(Field("Sign-in name", self._key), spacing=12)
        self._who.setLayout(self._who_line)
        self._pin = PinEdit(name="signInPin")
        self._pin.setProperty("kind", "search")
        self._pin.entered.connect(lambda _pin: self._submit())
        self._pin_field = Field("PIN", self._pin, hint="4 to 12 digits")
        self._waits = Band(tone="attention", name="signInWaits", icon="hourglass")
        self._go = KeyButton("Unlock", "Enter", name="signInGo", kind="primary", large=True, on_press=self._submit)
        self._other = KeyButton("Other user", "Alt U", name="signInOther", on_press=self._other_user)
        self._notes = QWidget()
        self._note_lines = QVBoxLayout(self._notes)
        self._note_lines.setContentsMargins(0, 0, 0, 0)
        self._note_lines.setSpacing(6)
        self._rule = rule()
        self._failure = Band(tone="short", name="signInFailure")
        card.body.addLayout(head)
        asked = (self._failure, self._where, self._who, self._pin_field, self._waits)
        for widget in (*asked, self._go, self._other, self._rule, self._notes):
            card.body.addWidget(widget)
        return card

    def _lay_out(self) -> None:
        mark = Logo()
        top = row(mark, _Dark("Access Desk", weight=600, token="text_rail_active"), self._facility, 1, self._saved, spacing=14)
        line = rule()
        wait = _Dark("Please wait. We will call you in a moment.", style="section", weight=400)
        wait_spanish = _Dark("Por favor espere. Le llamaremos en un momento.", style="section", weight=400)
        left = QWidget()
        left.setFixedWidth(current().px(LEFT_WIDTH))
        lines = column(self._clock, self._date, spacing=2)
        lines.addSpacing(22)
        lines.addWidget(line)
        lines.addSpacing(22)
        for label in (self._desk, wait, wait_spanish, self._practice):
            lines.addWidget(label)
            lines.addSpacing(4)
        left.setLayout(lines)
        middle = row(1, left, self._card, 1, spacing=APART)
        middle.setAlignment(left, Qt.AlignmentFlag.AlignVCenter)
        middle.setAlignment(self._card, Qt.AlignmentFlag.AlignVCenter)
        foot = row(1, _Dark("Authorized use only. Activity is recorded.", style="label"))
        whole = column(spacing=0, margins=(24, 12, 24, 10))
        whole.addLayout(top)
        whole.addLayout(middle, 1)
        whole.addLayout(foot)
        self.setLayout(whole)

    # ------------------------------------------------------------ intents

    def _name_entered(self) -> None:
        self._model.type_name(self._key.text())
        if self._model.state.chosen is not None:
            self._pin.setFocus(Qt.FocusReason.OtherFocusReason)

    def _person_chosen(self, person_id: object) -> None:
        self._model.choose(str(person_id))
        if self._model.state.chosen is not None:
            self._pin.setFocus(Qt.FocusReason.OtherFocusReason)

    def _submit(self) -> None:
        if self._model.state.chosen is None and self._key.text().strip():
            self._model.type_name(self._key.text())
        self._model.submit(self._pin.text())

    def _other_user(self) -> None:
        self._model.other_user()
        self._key.clear()
        self._key.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Nothing reaches the pages below."""
        event.accept()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """The keyboard goes to what is needed first."""
        super().showEvent(event)
        self._timer.start()
        self.focus_first()

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """The cover itself takes no typing: the keyboard goes on to the box that does."""
        super().focusInEvent(event)
        self.focus_first()

    def take_over(self, name: str, pin: str, wants_in: bool) -> None:
        """What was typed before this form stood here. The name is looked up, and Enter obeyed, when the desk is open."""
        if name or pin:
            self._key.setText(name)
            self._pin.setText(pin)
            self._early = (pin, wants_in)
            (self._pin if pin else self._key).setFocus(Qt.FocusReason.OtherFocusReason)

    def _look_up_early(self) -> None:
        """The people are known now."""
        if self._early is None:
            return
        (pin, wants_in), self._early = self._early, None
        pin = self._pin.text() or pin
        self._model.type_name(self._key.text())
        if self._model.state.chosen is not None and pin:
            self._pin.setText(pin)
            if wants_in:
                self._submit()

    def show_failure(self, text: str) -> None:
        """The desk could not be opened: say why, and what is safe; there is nothing to sign in to."""
        self._name.say("The desk cannot be opened")
        self._subtitle.say("Close the window when you have read this.")
        self._failure.say(text, "", "short")
        for widget in (self._who, self._pin_field, self._go, self._other):
            widget.hide()

    def focus_first(self) -> None:
        """The PIN when it is known who is there, else the sign-in name."""
        first = self._pin if self._model.state.chosen is not None else self._key
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    # ------------------------------------------------------------ painting

    def render_state(self, state: SignInState) -> None:
        """Paint it."""
        self._facility.say(state.facility)
        self._saved.say(state.saved)
        self._clock.say(state.clock)
        self._date.say(state.date)
        self._desk.say(state.desk_label)
        self._practice.setVisible(state.is_practice)
        chosen = state.chosen
        self._avatar.show_letters(chosen.initials if chosen else "")
        self._name.say(chosen.short_name if chosen else "Sign in")
        self._subtitle.say(state.subtitle)
        if state.staff:
            self._show_people(state)
        self._show_facilities(state)
        self._who.setVisible(state.mode != "locked")
        self._pin_field.show_problem(state.error)
        self._waits.say(state.waits, "", "attention")
        self._go.say("Checking…" if state.is_checking else state.action)
        self._go.set_busy(state.is_checking)
        self._other.setVisible(state.mode == "locked" or chosen is not None)
        self._show_notes(state.notes)
        if state.pin_serial != self._serial:
            self._serial = state.pin_serial
            self._pin.clear()
            if self.isVisible() and chosen is not None:
                self._pin.setFocus(Qt.FocusReason.OtherFocusReason)
        if state.mode == "hidden":
            self._timer.stop()
            self._key.clear()
        elif state.staff:
            self._look_up_early()

    def _show_people(self, state: SignInState) -> None:
        """The list comes with the people: a combo box costs more than the rest of the form, which is painted first."""
        if self._people is None:
            self._people = Combo(name="signInPeople", label="Or choose")
            self._people.chosen.connect(self._person_chosen)
            self._who_line.addWidget(Field("Or choose", self._people))
        self._people.set_choices([("", ""), *((one.person_id, f"{one.short_name}, {one.role.lower()}") for one in state.staff)])
        self._people.show_value(state.chosen.person_id if state.chosen else "")

    def _show_facilities(self, state: SignInState) -> None:
        """Which facility's people sign in, at a desk that serves several."""
        if state.facilities and self._facilities is None:
            self._facilities = Combo(name="signInFacilities", label="Facility")
            self._facilities.chosen.connect(lambda chosen: self._model.choose_facility(str(chosen)))
            layout = self._where.layout()
            if layout is not None:
                layout.addWidget(Field("Facility", self._facilities))
        if self._facilities is not None:
            self._facilities.set_choices(list(state.facilities))
            self._facilities.show_value(state.facility_id)
        self._where.setVisible(bool(state.facilities) and state.mode == "sign_in")

    def _show_notes(self, notes: tuple[tuple[str, str], ...]) -> None:
        if self._notes.property("shown") == str(notes):
            return
        self._notes.setProperty("shown", str(notes))
        while (item := self._note_lines.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for icon_name, text in notes:
            line = QWidget()
            line.setLayout(
                row(IconLabel(icon_name, token="text_secondary", size=16), PlainLabel(text, tone="secondary"), 1, spacing=8)
            )
            self._note_lines.addWidget(line)
        self._rule.setVisible(bool(notes))
        self._notes.setVisible(bool(notes))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """One flat fill over everything: no blur, no names, no cash."""
        del event
        painter = QPainter(self)
        painter.fillRect(self.rect(), current().color("bg_rail"))
        painter.end()
