"""Forms of a visit: what it needs, the words in English or Spanish, what became of each; without a visit, running clocks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from access_desk.domain.forms.wording import Wording
from access_desk.presentation.form_lines import ClockLine, FormLine
from access_desk.presentation.forms import FormsPageState, FormsViewModel
from access_desk.ui.desk.forms_dialogs import FormsDialogs
from access_desk.ui.kit.buttons import KeyButton, SegmentedControl
from access_desk.ui.kit.cards import Band, Card, PageHeader, Scroller, column, row
from access_desk.ui.kit.labels import PlainLabel
from access_desk.ui.kit.table import Cell, Column, Row, Table
from access_desk.ui.kit.theme import current
from access_desk.ui.pages import KeyHint, Page

TICK_MS = 30_000
TEXT_WIDTH = 470


class FormsView(Page):
    """The Forms page."""

    page_id, title, rail = "forms", "Forms", "today"

    def __init__(self, model: FormsViewModel) -> None:
        super().__init__()
        self.model = model
        self._shown: object = None
        self._language = SegmentedControl(
            [("en", "English", "Alt 8", "languages"), ("es", "Español", "Alt 9", "languages")], name="formLanguage"
        )
        self._language.chosen.connect(lambda value: model.choose_language(str(value)))
        self._header = PageHeader("Forms", right=(self._language,))
        self._problem = Band(tone="short", name="formsProblem")
        self._said = Band(tone="balanced", name="formsSaid")
        columns = (Column("Form"), Column("Standing", 300), Column("Clock", 170))
        self.table = Table(columns, name="formsTable", label="Forms of this visit", two_line=True)
        self.table.opened.connect(lambda _key: self.primary())
        self.table.chosen.connect(lambda key: model.choose(str(key)))
        self.table.installEventFilter(self)
        clocks = (Column("Form"), Column("Account", 120), Column("Time left", 150), Column("Due", 260))
        self.clocks = Table(clocks, name="clocksTable", label="Clocks that run or ran out")
        self.clocks.opened.connect(self._open_clock)
        self._none = PlainLabel("No clock is running. Open a visit on Today, then Shift F8, to see its forms.", tone="secondary")
        self._none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._list = Card(name="formsList").tight()
        for part in (self.table, self.clocks, self._none):
            self._list.body.addWidget(part, 1)
        self.dialogs = FormsDialogs(self, model)
        self._text = self._text_card()
        body = row()
        body.addWidget(self._list, 1)
        body.addWidget(self._text)
        for above in (self._header, self._problem, self._said):
            self.layout_.addWidget(above)
        self.layout_.addLayout(body, 1)
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)
        model.on_change.append(self.render_state)
        self.destroyed.connect(model.detach)
        self.render_state(model.state)

    def _text_card(self) -> Card:
        card = Card(name="formText").tight()
        card.setFixedWidth(current().px(TEXT_WIDTH))
        self._form_title = PlainLabel("", style="section")
        self._form_title.setWordWrap(True)
        self._words = column(spacing=4)
        self._shown_words: Wording | None = None
        content = QWidget()
        content.setObjectName("pageBody")
        content.setLayout(column(self._form_title, self._words, 1, spacing=10, margins=(14, 12, 14, 12)))
        self.reader = Scroller(content, name="formReader")
        self.reader.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.reader.setAccessibleName("Words of the form")
        card.body.addWidget(self.reader, 1)
        self.sign = KeyButton("Sign here", "F12", name="formsSign", kind="primary", large=True, icon_name="pen-line")
        self.sign.activated.connect(self.dialogs.ask_signature)
        self._acts = [
            self._act("Offer", "Alt 1", "formsOffer", self.model.offer),
            self._act("Signed on paper", "Alt 2", "formsPaper", self.dialogs.ask_paper),
            self._act("Refused", "Alt 3", "formsRefused", self.dialogs.ask_refusal),
            self._act("Unable to sign", "Alt 4", "formsUnable", self.dialogs.ask_unable),
        ]
        self._print = self._act("Print form", "Ctrl P", "formsPrint", self.print_requested)
        self._stay = self._act("Moment of the stay", "Alt 5", "formsStay", self.dialogs.ask_stay)
        self._another = self._act("Another form", "Alt 6", "formsAnother", self.dialogs.ask_another)
        self._papers = self._act("Other papers", "Alt 7", "formsPapers", self._ask_paper)
        foot = QWidget()
        rows = [self._acts[:2], self._acts[2:], [self._print, self._papers], [self._stay, self._another]]
        foot.setLayout(column(self.sign, *(row(*buttons, spacing=8) for buttons in rows), spacing=8, margins=(14, 10, 14, 12)))
        card.body.addWidget(foot)
        for button in (self.sign, *self._acts, self._another):
            button.refused.connect(lambda why: self.told.emit(why, "attention"))
        return card

    def _act(self, text: str, key: str, name: str, does: Callable[[], object]) -> KeyButton:
        return KeyButton(text, key, name=name, small=True, on_press=does)

    # ------------------------------------------------------------ intents

    def _ask_paper(self) -> None:
        self.dialogs.ask_which_paper(lambda document: self.go.emit("preview", (document, self._about(document))))

    def _about(self, document: str) -> str:
        state = self.model.state
        in_language = document in ("estimate-letter", "good-faith-estimate")
        return f"{state.visit_id}/{state.language}" if in_language else state.visit_id

    def _open_clock(self, key: object) -> None:
        line = next((one for one in self.model.state.clocks if one.key == key), None)
        if line is not None:
            self.model.load(line.visit_id)

    def _tick(self) -> None:
        if self.isVisible() and not self.model.state.busy:
            self.model.refresh()

    def entered(self, argument: object) -> None:
        """Come with a visit; without one, see which clocks run."""
        self._timer.start()
        self.model.load(argument if isinstance(argument, str) else "")

    def left(self) -> None:
        """Another page is shown."""
        self._timer.stop()

    def primary(self) -> None:
        """F12: sign the chosen form."""
        if self.model.state.visit_id:
            self.sign.press()

    def escape(self) -> bool:
        """Esc: what was said, first."""
        if self.model.state.problem:
            self.model.change(problem="")
            return True
        return False

    def refresh(self) -> None:
        """F5."""
        self.model.refresh()

    def passes_to(self, page_id: str) -> object:
        """F8 takes the visit along."""
        return self.model.state.visit_id or None if page_id == "payment" else None

    def alt(self, number: int) -> bool:
        """Alt 1 to 7: the buttons; Alt 8 and 9: the language."""
        buttons = (*self._acts, self._stay, self._another, self._papers)
        if not self.model.state.visit_id or number > len(buttons) + 2:
            return False
        if number <= len(buttons):
            buttons[number - 1].press()
        else:
            self.model.choose_language("en" if number == len(buttons) + 1 else "es")
        return True

    def print_requested(self) -> None:
        """Ctrl P: look at the chosen form, then print it."""
        key = self.model.paper()
        if key is not None:
            self.go.emit("preview", (key.document, key.about))

    def hide_names(self, hidden: bool) -> None:
        """Ctrl . hides or shows the name."""
        self.model.hide_names(hidden=hidden)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """O, while the list has the keyboard, offers the form."""
        is_key = watched is self.table and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress
        if is_key and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_O and not event.modifiers():
            self._acts[0].press()
            return True
        return super().eventFilter(watched, event)

    def panes(self) -> Sequence[QWidget]:
        """The list, the words, the buttons."""
        return (self.table, self.reader, self.sign) if self.model.state.visit_id else (self.clocks,)

    def first_focus(self) -> QWidget | None:
        """The list."""
        state = self.model.state
        return self.table if state.visit_id else self.clocks if state.clocks else None

    def key_hints(self) -> Sequence[KeyHint]:
        """What the keys do."""
        if not self.model.state.visit_id:
            return (
                KeyHint("↑ ↓", "Move"),
                KeyHint("Enter", "Forms of that visit"),
                KeyHint("F2", "Today"),
                KeyHint("Esc", "Back"),
            )
        return (
            KeyHint("↑ ↓", "Move"),
            KeyHint("F12", "Sign here"),
            KeyHint("O", "Offer"),
            KeyHint("Alt 2–4", "On paper, refused, unable"),
            KeyHint("Alt 8–9", "Language"),
            KeyHint("Ctrl P", "Print"),
            KeyHint("Esc", "Back"),
        )

    # ------------------------------------------------------------ painting

    def render_state(self, state: FormsPageState) -> None:
        """Paint it."""
        has_visit = bool(state.visit_id)
        self._header.about.say(state.subject if has_visit else "Clocks of all visits")
        self._problem.say(state.problem, "", "short")
        self._said.say(state.said, "", "balanced")
        self._language.setVisible(has_visit)
        self._language.show_choice(state.language)
        self._text.setVisible(has_visit)
        self.table.setVisible(has_visit)
        self.clocks.setVisible(not has_visit and bool(state.clocks))
        self._none.setVisible(not has_visit and not state.clocks)
        self.table.show_rows([_row(line) for line in state.lines])
        if state.selected and self.table.current_key() != state.selected:
            self.table.choose(state.selected)
        self.clocks.show_rows([_clock_row(line) for line in state.clocks])
        self._show_words(state)
        for button in (self.sign, *self._acts):
            button.set_blocked(state.blocked)
            button.set_busy(state.busy)
        self._another.set_blocked("" if state.askable else "This visit can have no other form now.")
        self.dialogs.show_state(state)
        shown = (has_visit, bool(state.lines or state.clocks))
        if shown != self._shown:
            self._shown = shown
            self.hints_changed.emit()
            if self.isVisible() and shown[1]:
                QTimer.singleShot(0, self, partial(self._focus_list, has_visit))

    def _focus_list(self, has_visit: bool) -> None:
        (self.table if has_visit else self.clocks).setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_words(self, state: FormsPageState) -> None:
        words = state.text
        if words == self._shown_words:
            return
        self._shown_words = words
        self._form_title.say(words.title if words else "")
        while (item := self._words.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for heading, text in words.paragraphs if words else ():
            for shown, weight in ((heading, 600), (text, None)):
                if shown:
                    label = PlainLabel(shown, weight=weight)
                    label.setWordWrap(True)
                    self._words.addWidget(label)
            self._words.addSpacing(6)
        self.reader.verticalScrollBar().setValue(0)


def _row(line: FormLine) -> Row:
    cells = (
        Cell(line.title, line.official, bold=line.is_open),
        Cell(line.standing, line.detail, icon=line.icon, tone=line.tone),
        Cell(line.clock, line.due, tone=line.clock_tone, icon="alarm-clock" if line.clock_tone == "short" else ""),
    )
    spoken = ", ".join(part for part in (line.title, line.standing, line.detail, line.clock, line.due) if part)
    return Row(line.key, cells, muted=not line.is_open, spoken=spoken)


def _clock_row(line: ClockLine) -> Row:
    icon = {"short": "alarm-clock", "attention": "clock-alert"}.get(line.tone, "clock")
    cells = (Cell(line.title, bold=True), Cell(line.account), Cell(line.left, icon=icon, tone=line.tone), Cell(line.due))
    return Row(line.key, cells, spoken=f"{line.title}, account {line.account}, {line.left}, {line.due}")
