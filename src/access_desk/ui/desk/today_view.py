"""Today (page 01): who is waiting, what was put aside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QWidget

from access_desk.domain.patients.state import PatientState
from access_desk.presentation.today import MilestoneChoice, Question, TodayState
from access_desk.presentation.today_actions import TodayModel
from access_desk.presentation.today_lines import BlockLine
from access_desk.presentation.today_rows import TodayRow
from access_desk.ui.kit.buttons import KeyButton
from access_desk.ui.kit.cards import Band, Card, PageHeader, column, row
from access_desk.ui.kit.feedback import Dialog
from access_desk.ui.kit.fields import Combo, Field, LineEdit
from access_desk.ui.kit.labels import Chip, KeyCap, PlainLabel
from access_desk.ui.kit.table import Cell, Column, Row, Table
from access_desk.ui.kit.theme import current
from access_desk.ui.pages import KeyHint, Page

TICK_MS = 20_000
_BLOCK_ICONS = {"short": "alarm-clock", "attention": "clock-alert", "plain": "clock"}
_WAIT_ICONS = {
    "expected": ("", ""),
    "late": ("alarm-clock", "short"),
    "soon": ("clock-alert", "attention"),
    "plain": ("clock", ""),
    "done": ("", ""),
}
_STATUS_ICONS = {"attention": "triangle-alert", "balanced": "circle-check", "short": "octagon-minus", "info": "info"}
_MOVES = {Qt.Key.Key_C: "called", Qt.Key.Key_S: "in_progress", Qt.Key.Key_D: "done", Qt.Key.Key_W: "waiting"}


_MOVING = (KeyHint("↑ ↓", "Move"), KeyHint("Enter", "Open"))


class TodayView(Page):
    """The first page of a registrar."""

    page_id, title, rail = "today", "Today", "today"
    follows_others = True

    def __init__(self, model: TodayModel) -> None:
        super().__init__()
        self.model = model
        self._names = KeyButton("Names shown", "Ctrl .", name="todayNames", icon_name="eye", on_press=self._toggle_names)
        find = KeyButton("Find patient", "F3", name="todayFind", kind="primary", icon_name="search", on_press=self.primary)
        self._header = PageHeader("Today", right=(self._names, find))
        columns = (
            Column("Waiting or due", 122),
            Column("Patient", 240),
            Column("Visit"),
            Column("Status", 212),
            Column("Owed today", 114, right=True),
        )
        self.table = Table(columns, name="todayTable", label="Visits of today", two_line=True)
        self.table.opened.connect(self._open)
        self.table.chosen.connect(lambda key: model.select(str(key)))
        self.table.installEventFilter(self)
        self._empty = self._empty_card()
        self._list = Card(name="todayList").tight()
        self._list.body.addWidget(self.table, 1)
        self._list.body.addWidget(self._empty, 1)
        self._notice = Band(tone="short", name="todayNotice")
        self.layout_.addWidget(self._header)
        self.layout_.addWidget(self._notice)
        body = row()
        body.addWidget(self._list, 1)
        side = column(self._blocked_card(), self._parked_card())
        side.setStretch(0, 2)
        side.setStretch(1, 1)
        body.addLayout(side)
        self.layout_.addLayout(body, 1)
        self._dialog: Dialog | None = None
        self._had_rows = False
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)
        model.on_change.append(self.render_state)
        self.destroyed.connect(model.detach)
        self.render_state(model.state)

    def _empty_card(self) -> QWidget:
        empty = QWidget()
        self._empty_title = PlainLabel("No one is waiting", style="section")
        say = PlainLabel("Everybody who is registered today appears here until they leave.", tone="secondary")
        find = KeyButton("Find patient", "F3", name="todayEmptyFind", icon_name="search", on_press=self.primary)
        lines = column(1, self._empty_title, say, row(1, find, 1), 2, spacing=10)
        for label in (self._empty_title, say):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        empty.setLayout(lines)
        return empty

    def _blocked_card(self) -> QWidget:
        self._overdue = Chip("", "short", "alarm-clock")
        self._blocked = Card("Blocked and due", name="todayBlocked", aside=self._overdue).tight()
        self._blocked.setFixedWidth(current().px(348))
        columns = (Column("Account"), Column("Time left", 154, right=True))
        self.blocks = Table(columns, name="todayBlocks", label="Blocked accounts and clocks of forms", two_line=True)
        self.blocks.horizontalHeader().hide()
        self.blocks.opened.connect(self._open_block)
        self.blocks.installEventFilter(self)
        self._no_blocks = PlainLabel("No account is blocked, and no clock runs.", tone="secondary")
        self._no_blocks.setContentsMargins(14, 14, 14, 14)
        self._blocked.body.addWidget(self.blocks, 1)
        self._blocked.body.addWidget(self._no_blocks, 0, Qt.AlignmentFlag.AlignTop)
        return self._blocked

    def _parked_card(self) -> QWidget:
        self._parked = Card("Parked by you", name="todayParked", aside=KeyCap("F7")).tight()
        self._parked.setFixedWidth(current().px(348))
        columns = (Column("Registration"), Column("Saved", 124, right=True))
        self.drafts = Table(columns, name="todayDrafts", label="Registrations you put aside", two_line=True)
        self.drafts.horizontalHeader().hide()
        self.drafts.installEventFilter(self)
        self.drafts.opened.connect(lambda key: self.go.emit("register", ("draft", str(key))))
        self._no_drafts = PlainLabel("Nothing is put aside.", tone="secondary")
        self._no_drafts.setContentsMargins(14, 14, 14, 14)
        self._parked.body.addWidget(self.drafts, 1)
        self._parked.body.addWidget(self._no_drafts, 0, Qt.AlignmentFlag.AlignTop)
        return self._parked

    # ------------------------------------------------------------ intents

    def _open(self, key: object) -> None:
        row_ = self.model.state.row(str(key))
        if row_ is not None and row_.kind == "expected":
            self.model.open_expected(str(key), self._register)
        else:
            self.go.emit("register", ("visit", str(key)))

    def _register(self, patient: PatientState | None, values: dict[str, str]) -> None:
        self.go.emit("register", ("expected", patient, values))

    def _open_block(self, key: object) -> None:
        line = next((one for one in self.model.state.blocked if one.key == str(key)), None)
        if line is None:
            return
        if line.is_clock:
            self.go.emit("forms", line.visit_id)
        elif self.model.state.row(line.visit_id) is not None:
            self._open(line.visit_id)
        else:
            self.go.emit("register", ("visit", line.visit_id))

    def _toggle_names(self) -> None:
        # Names are hidden on every page at once, so the button does what its key does.
        for shortcut in self.window().findChildren(QShortcut):
            if shortcut.key() == QKeySequence("Ctrl+."):
                shortcut.activated.emit()

    def _tick(self) -> None:
        if self.isVisible():
            self.model.tick()

    def entered(self, argument: object) -> None:
        """Look again."""
        del argument
        self._timer.start()
        self.model.refresh()

    def left(self) -> None:
        """The clock of waiting stops with the page."""
        self._timer.stop()

    def primary(self) -> None:
        """F12, like F3: find a patient."""
        self.go.emit("find", None)

    def refresh(self) -> None:
        """F5: look again."""
        self.model.refresh()

    def hide_names(self, hidden: bool) -> None:
        """Ctrl . hides or shows names."""
        self.model.hide_names(hidden=hidden)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Single letters act on the list that has the keyboard."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and not event.modifiers():
            does = self._letters(watched).get(Qt.Key(event.key()))
            if does is not None:
                does()
                return True
        return super().eventFilter(watched, event)

    def _letters(self, watched: QObject) -> dict[Qt.Key, Callable[[], None]]:
        model = self.model
        if watched is self.table:
            letters: dict[Qt.Key, Callable[[], None]] = {key: partial(model.move, place) for key, place in _MOVES.items()}
            other = {Qt.Key.Key_M: model.ask_milestone, Qt.Key.Key_B: model.ask_block}
            return {**letters, **other, Qt.Key.Key_A: model.arrive, Qt.Key.Key_N: model.ask_end}
        if watched is self.blocks:
            key = str(self.blocks.current_key())
            return {Qt.Key.Key_U: partial(model.ask_unblock, key), Qt.Key.Key_E: partial(model.ask_escalate, key)}
        if watched is self.drafts:
            return {Qt.Key.Key_H: partial(model.ask_hand_over, str(self.drafts.current_key()))}
        return {}

    def passes_to(self, page_id: str) -> object:
        """F8 and Shift F8 take the visit along that the keyboard is on."""
        row_ = self.model.state.row(self.model.state.selected)
        if page_id == "forms":
            return row_.visit_id if row_ is not None else None
        return row_.visit_id if page_id == "payment" and row_ is not None and row_.may_pay else None

    def panes(self) -> Sequence[QWidget]:
        """The list, what is blocked, what was put aside."""
        return [pane for pane in (self.table, self.blocks, self.drafts) if pane.isVisible()]

    def first_focus(self) -> QWidget | None:
        """The longest wait."""
        return self.table if self.model.state.rows else None

    def key_hints(self) -> Sequence[KeyHint]:
        """What the keys do, where the keyboard is."""
        if self.blocks.hasFocus():
            return (*_MOVING, KeyHint("U", "Unblock"), KeyHint("E", "Escalate"), KeyHint("F6", "Next pane"))
        if self.drafts.hasFocus():
            return (*_MOVING, KeyHint("H", "Hand over"), KeyHint("F6", "Next pane"))
        return (
            *_MOVING,
            KeyHint("C", "Call"),
            KeyHint("S", "Start"),
            KeyHint("D", "Done"),
            KeyHint("W", "Back to waiting"),
            KeyHint("A", "Arrived"),
            KeyHint("N", "Not coming"),
            KeyHint("B", "Block"),
            KeyHint("M", "Milestone"),
            KeyHint("Shift F8", "Forms"),
            KeyHint("F6", "Next pane"),
        )

    def note(self) -> str:
        """When the list was asked for."""
        return self.model.state.updated

    # ------------------------------------------------------------ painting

    def render_state(self, state: TodayState) -> None:
        """Paint it."""
        self._header.about.say(state.date)
        self._names.say("Names hidden" if state.names_hidden else "Names shown")
        self._notice.say(state.notice, "", "short")
        self.table.show_rows(_rows(state))
        self.table.setVisible(bool(state.rows))
        self._empty.setVisible(not state.rows)
        self._empty_title.say("Looking up who is here…" if state.is_loading and not state.updated else "No one is waiting")
        if state.selected and self.table.current_key() != state.selected:
            self.table.choose(state.selected)
        if state.rows and self.isVisible() and (self._is_lost() or not self._had_rows):
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self._had_rows = bool(state.rows)
        self._paint_blocked(state)
        self._parked.caption.say(str(len(state.parked)) if state.parked else "")
        self.drafts.show_rows(
            [
                Row(one.draft_id, (Cell(one.title, one.missing, bold=True), Cell(one.saved)), spoken=one.title)
                for one in state.parked
            ]
        )
        self.drafts.setVisible(bool(state.parked))
        self._no_drafts.setVisible(not state.parked)
        self.hints_changed.emit()
        if state.milestone is not None and self._dialog is None:
            self._ask(state.milestone)
        if state.question is not None and self._dialog is None:
            self._put(state.question)

    def _paint_blocked(self, state: TodayState) -> None:
        self._blocked.caption.say(str(len(state.blocked)) if state.blocked else "")
        self._overdue.setVisible(bool(state.overdue))
        if state.overdue:
            self._overdue.show_state(f"{state.overdue} overdue", "short", "alarm-clock")
        self.blocks.show_rows([_block(one) for one in state.blocked])
        self.blocks.setVisible(bool(state.blocked))
        self._no_blocks.setVisible(not state.blocked)

    def _is_lost(self) -> bool:
        """Whether nothing of the page has the keyboard."""
        focused = QApplication.focusWidget()
        return focused is None or focused is self or not focused.isVisible()

    def _ask(self, choice: MilestoneChoice) -> None:
        dialog = Dialog(self.window(), f"Record milestone: {choice.name}", name="milestone", act="Record", keep="Back")
        combo = Combo(name="milestoneChoice", label="Milestone", choices=choice.choices)
        combo.show_value(choice.choices[0][0])
        dialog.body.addWidget(Field("What happened", combo))
        say = PlainLabel("It is recorded with the time and your name, and cannot be taken back.", tone="secondary")
        dialog.body.addWidget(say)

        def record() -> None:
            self.model.record_milestone(str(combo.value()))
            dialog.close_dialog()

        dialog.act.activated.connect(record)
        dialog.closed.connect(self._closed)
        self._dialog = dialog
        dialog.open_dialog(combo)

    def _put(self, question: Question) -> None:
        dialog = Dialog(self.window(), question.title, name="todayQuestion", act=question.act, keep="Back")
        combo = Combo(name="todayChoice", label=question.choice_label or "Choice", choices=question.choices)
        words = LineEdit(name="todayWords", label=question.words or "Words")
        if question.choices:
            combo.show_value(question.choices[0][0])
            dialog.body.addWidget(Field(question.choice_label, combo))
        if question.words:
            dialog.body.addWidget(Field(question.words, words))

        def act() -> None:
            self.model.answer(str(combo.value() or ""), words.text())
            dialog.close_dialog()

        dialog.act.activated.connect(act)
        dialog.closed.connect(self._closed)
        self._dialog = dialog
        dialog.open_dialog(combo if question.choices else words)

    def _closed(self) -> None:
        self._dialog = None
        if self.model.state.question is not None:
            self.model.close_question()
        if self.model.state.milestone is not None:
            self.model.close_milestone()


def _rows(state: TodayState) -> list[Row]:
    rows: list[Row] = []
    if state.waiting:
        rows.append(Row("waiting", (Cell("Waiting now"), Cell(state.waiting_text)), group=True))
        rows += [_row(one) for one in state.waiting]
    if state.expected:
        rows.append(Row("expected", (Cell("Expected next"), Cell(f"{len(state.expected)}")), group=True))
        rows += [_row(one) for one in state.expected]
    if state.done:
        rows.append(Row("done", (Cell("Done today"), Cell(f"{len(state.done)}")), group=True))
        rows += [_row(one) for one in state.done]
    return rows


def _row(one: TodayRow) -> Row:
    icon, tone = _WAIT_ICONS[one.wait_tone]
    is_done = one.wait_tone == "done"
    cells = (
        Cell(one.wait, one.arrived, icon=icon, tone=tone, bold=not is_done),
        Cell(f"{one.family}{one.rest}", one.identity, bold=not (is_done or one.rest), strong=0 if is_done else len(one.family)),
        Cell(one.visit, one.place or " "),
        Cell(one.status, one.status_detail or " ", icon=_STATUS_ICONS[one.status_kind], tone=one.status_kind, bold=not is_done),
        Cell(one.owed, one.owed_detail, bold=one.owed not in ("$0.00", "–")),
    )
    return Row(one.visit_id, cells, muted=is_done, spoken=one.spoken)


def _block(one: BlockLine) -> Row:
    tone = "" if one.tone == "plain" else one.tone
    first = Cell(one.name, one.reason, bold=True)
    left = Cell(one.left, one.due, icon=_BLOCK_ICONS[one.tone], tone=tone, bold=True, used=one.used)
    return Row(one.key, (first, left), spoken=one.spoken)
