"""Find patient (page 02): search before you create."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QProgressBar, QWidget

from access_desk.presentation.find_patient import FIND_FIELDS, FindModel, FindState
from access_desk.presentation.find_patient_line import ListedRecord
from access_desk.presentation.hidden_names import hidden_title
from access_desk.presentation.record_pair import PairModel
from access_desk.ui.desk.find_columns import FindColumns
from access_desk.ui.desk.likely_dialog import LikelyDialog
from access_desk.ui.desk.pair_dialog import PairDialog
from access_desk.ui.kit.buttons import KeyButton
from access_desk.ui.kit.cards import Band, Card, PageHeader, Scroller, column, row, rule
from access_desk.ui.kit.fields import Combo, Field, LineEdit
from access_desk.ui.kit.labels import PlainLabel
from access_desk.ui.kit.table import Cell, Column, Row, Table
from access_desk.ui.pages import KeyHint, Page, next_field

PROGRESS_AFTER_MS = 400
_LIST = (
    Column("Name"),
    Column("Birth date", 110),
    Column("Sex", 80),
    Column("Phone", 140),
    Column("MRN", 110),
    Column("Agrees", 190),
    Column("Differs", 190),
)
REVIEW_NOTE = "Strong match: a new record asks why and is reviewed."


class FindView(Page):
    """One person, one record."""

    page_id, title, rail = "find", "Find patient", "find"

    def __init__(self, model: FindModel, pair: PairModel) -> None:
        super().__init__()
        self.model, self.pair = model, pair
        self._editors: dict[str, LineEdit | Combo] = {}
        self._fields: dict[str, Field] = {}
        self.layout_.addWidget(PageHeader("Find patient", about="Search before you create. Any three details are enough."))
        self.layout_.addWidget(self._search_card())
        self._notice = Band(tone="attention", name="findNotice")
        self.layout_.addWidget(self._notice)
        self._merged = Band(name="findMerged")
        self.layout_.addWidget(self._merged)
        self._progress = QProgressBar()
        self._progress.setObjectName("findProgress")
        self._progress.setRange(0, 0)
        self._progress.setTextVisible(False)
        self._progress.hide()
        self.layout_.addWidget(self._progress)
        self.columns = FindColumns(model.use_shown)
        self._scroller = Scroller(self.columns)
        self._results = Card(name="findResults").tight()
        self._results.body.addWidget(self._scroller, 1)
        self.list = Table(_LIST, name="findList", label="Records that fit what is typed")
        self.list.opened.connect(lambda key: model.use_listed(str(key)))
        self._results.body.addWidget(self.list, 1)
        self._results.body.addWidget(self._blank(), 1)
        self._rule = rule()
        self._results.body.addWidget(self._rule)
        self._results.body.addWidget(self._foot())
        self.layout_.addWidget(self._results, 1)
        self._pair = PairDialog(self, pair)
        pair.on_said = self.told.emit
        self._likely = LikelyDialog(self, model.use_beside, model.move_beside, model.create_despite, self._keep_looking)
        self._phase = ""
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(PROGRESS_AFTER_MS)
        self._late.timeout.connect(lambda: self._progress.setVisible(model.state.phase == "searching"))
        model.on_change.append(self.render_state)
        for one in (model, pair):
            self.destroyed.connect(one.detach)
        self.render_state(model.state)

    def _search_card(self) -> Card:
        card = Card(name="findSearch")
        line = row()
        for spec in FIND_FIELDS:
            editor: LineEdit | Combo
            if spec.choices:
                editor = Combo(name=f"find_{spec.name}", label=spec.label, choices=spec.choices)
                editor.chosen.connect(lambda value, name=spec.name: self.model.type(name, str(value)))
            else:
                editor = LineEdit(name=f"find_{spec.name}", label=spec.label)
                editor.typed.connect(lambda text, name=spec.name: self.model.type(name, str(text)))
                editor.left.connect(lambda _text, name=spec.name: self.model.leave(name))
            self._editors[spec.name] = editor
            self._fields[spec.name] = Field(spec.label, editor)
            line.addWidget(self._fields[spec.name], spec.weight)
        self._search = KeyButton("Search", "Enter", name="findSearchButton", icon_name="search", on_press=self.primary)
        clear = KeyButton("Clear", name="findClear", kind="quiet", on_press=self._clear)
        for button in (self._search, clear):
            line.addLayout(column(18, button, 1, spacing=0))
        card.body.addLayout(line)
        return card

    def _blank(self) -> QWidget:
        self._nothing = QWidget()
        self._nothing_title = PlainLabel("", style="section")
        self._nothing_text = PlainLabel("", tone="secondary")
        for label in (self._nothing_title, self._nothing_text):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing_create = KeyButton("Create new patient…", "Ctrl N", name="findNothingCreate", icon_name="user-plus")
        self._nothing_create.activated.connect(self.model.ask_create)
        create = row(1, self._nothing_create, 1)
        self._nothing.setLayout(column(2, self._nothing_title, self._nothing_text, create, 3, spacing=10))
        return self._nothing

    def _foot(self) -> QWidget:
        self._foot_bar = QWidget()
        self._create = KeyButton("Create new patient…", "Ctrl N", name="findCreate", icon_name="user-plus")
        self._create.activated.connect(self.model.ask_create)
        self._wider = KeyButton(
            "Search wider", "Ctrl Enter", name="findWider", icon_name="text-search", on_press=self._search_wider
        )
        unknown = KeyButton("Unidentified patient…", "Ctrl R", name="findUnidentified", icon_name="user-round")
        unknown.activated.connect(self.model.create_unidentified)
        self._both = KeyButton("Same person?…", "Ctrl E", name="findPair", icon_name="users", on_press=self._ask_pair)
        self._none = PlainLabel("None of these?", weight=600)
        line = row(self._none, self._wider, self._create, unknown, 1, self._both, margins=(14, 10, 14, 10))
        self._foot_bar.setLayout(line)
        return self._foot_bar

    # ------------------------------------------------------------ intents

    def _clear(self) -> None:
        self.model.clear()
        self._editors["family"].setFocus(Qt.FocusReason.OtherFocusReason)

    def _search_wider(self) -> None:
        self.model.search(wide=True)

    def primary(self) -> None:
        """F12 and Search: look, or use the record the keyboard is on."""
        if any(button.hasFocus() for button in self.columns.buttons):
            self.model.use_selected()
            return
        self.model.search()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Enter searches once enough is typed; on a record, digits choose and arrows go on."""
        focused = QApplication.focusWidget()
        in_results = focused in self.columns.buttons
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if focused in self._editors.values() and self.model.can_search():
                self.model.search()
            else:
                next_field()
            return
        if in_results and Qt.Key.Key_1 <= event.key() <= Qt.Key.Key_3 and not event.modifiers():
            self.model.use_shown(event.key() - Qt.Key.Key_0)
            return
        if event.key() == Qt.Key.Key_Down and isinstance(focused, LineEdit) and self.list.isVisible():
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
            self.list.choose_first()
            return
        if in_results and event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.model.move(1 if event.key() == Qt.Key.Key_Right else -1)
            self.columns.focus_selected()
            return
        super().keyPressEvent(event)

    def entered(self, argument: object) -> None:
        """A search starts where the last one stopped."""
        if argument == "unidentified":
            self.model.create_unidentified()

    def escape(self) -> bool:
        """Back to the fields; from there, back a page."""
        if self.list.hasFocus() or any(button.hasFocus() for button in self.columns.buttons):
            self._editors["family"].setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        return False

    def shortcut(self, keys: str) -> bool:
        """Ctrl N creates, Ctrl R registers somebody nobody can name, Ctrl E says that two records may be one person."""
        if keys == "Ctrl+N":
            self.model.ask_create()
        elif keys == "Ctrl+R":
            self.model.create_unidentified()
        elif keys == "Ctrl+E":
            self._ask_pair()
        elif keys == "Ctrl+Return":
            self._search_wider()
        return keys in ("Ctrl+N", "Ctrl+R", "Ctrl+E", "Ctrl+Return")

    def _ask_pair(self) -> None:
        self.pair.ask(self.model.state.columns, self.model.state.selected)

    def hide_names(self, hidden: bool) -> None:
        """Ctrl . hides or shows who was found."""
        self.model.hide_names(hidden=hidden)

    def refresh(self) -> None:
        """F5: search again."""
        if self.model.state.phase in ("found", "nothing"):
            self.model.search()

    def alt(self, number: int) -> bool:
        """Alt 1 to 3: use that record, wherever the keyboard is."""
        if 1 <= number <= len(self.model.state.shown):
            self.model.use_shown(number)
            return True
        return False

    def passes_to(self, page_id: str) -> object:
        """Shift F2 takes the record along that the keyboard is on."""
        state = self.model.state
        return state.columns[state.selected].patient_id if page_id == "privacy" and state.columns else None

    def panes(self) -> Sequence[QWidget]:
        """The fields, the records, what to do when nobody fits."""
        listed = [self.list] if self.list.isVisible() else []
        return [self._editors["family"], *listed, *self.columns.buttons[:1], self._wider]

    def first_focus(self) -> QWidget | None:
        """The last name, or the record that fits best."""
        if self.model.state.phase == "found" and self.columns.buttons:
            return self.columns.buttons[self.model.state.selected - self.model.state.first]
        return self._editors["family"]

    def key_hints(self) -> Sequence[KeyHint]:
        """What the keys do."""
        if self.model.state.phase == "found":
            return (
                KeyHint("1 2 3", "Use that patient"),
                KeyHint("← →", "Next record"),
                KeyHint("Ctrl Enter", "Search wider"),
                KeyHint("Ctrl N", "Create new"),
                KeyHint("Ctrl E", "Two are one person"),
                KeyHint("Esc", "Back to the fields"),
            )
        return (
            KeyHint("Enter", "Next field, then search"),
            KeyHint("↓", "Into the list"),
            KeyHint("Ctrl Enter", "Search wider"),
            KeyHint("Ctrl N", "Create new, after a search"),
            KeyHint("Ctrl R", "Unidentified patient"),
        )

    def _keep_looking(self) -> None:
        if self.model.state.asks_why:
            self.model.keep_looking()

    def note(self) -> str:
        """That a new record would not go unseen."""
        return REVIEW_NOTE if self.model.state.phase == "found" and self.model.state.has_strong else ""

    # ------------------------------------------------------------ painting

    def render_state(self, state: FindState) -> None:
        """Paint it."""
        for name, editor in self._editors.items():
            value = state.values.get(name, "")
            if isinstance(editor, Combo):
                editor.show_value(value)
            else:
                editor.show_text(value)
            self._fields[name].show_problem(state.errors.get(name, ""))
        self._notice.say("" if state.asks_why else state.notice, "", "attention")
        self._merged.say(state.merged, "", "info")
        found = bool(state.columns) and state.phase in ("found", "searching")
        self.columns.show_state(state)
        self._scroller.setVisible(found)
        is_list = state.phase == "live" and bool(state.live)
        self.list.show_rows([_listed(one) for one in state.live] if is_list else [])
        self.list.setVisible(is_list)
        self._nothing.setVisible(not found and not is_list)
        self._nothing_create.setVisible(state.phase == "nothing")
        name = ", ".join(part for part in (state.values.get("family", ""), state.values.get("given", "")) if part.strip())
        name = hidden_title(name) if state.names_hidden else name
        titles = {
            "nothing": (
                f"No record for “{name}”" if name else "No record",
                "Ask how the name is spelled, or create a new record.",
            ),
            "searching": ("Searching…", "You can keep typing."),
            "live": (
                "Nobody fits so far",
                "Type on, or search wider with Ctrl Enter: other spellings, short forms, exchanged names.",
            ),
        }
        title, text = titles.get(state.phase, ("Who is it?", "Type a name and a birth date, a phone number, or scan an MRN."))
        self._nothing_title.say(title if len(title) < 90 else title[:88] + "…”")  # noqa: PLR2004 - one line
        self._nothing_text.say(text)
        self._create.setVisible(found)
        self._none.setVisible(found)
        self._both.setVisible(found and len(state.columns) > 1)
        if state.phase == "searching":
            self._late.start()
        else:
            self._late.stop()
            self._progress.hide()
        self._follow(state)
        self._likely.show_state(state.beside, state.notice, act="Create new record", keep="Keep looking")

    def _follow(self, state: FindState) -> None:
        """The keyboard goes to the best record when an answer arrives."""
        if state.phase != self._phase:
            self._phase = state.phase
            self.hints_changed.emit()
            if state.phase == "found" and self.isVisible():
                self.columns.focus_selected()


def _listed(one: ListedRecord) -> Row:
    differs = Cell(one.differs, tone="attention") if one.differs else Cell("")
    shown = (one.name, one.birth_date, one.sex, one.phone, one.mrn, one.agrees)
    spoken = ", ".join(part for part in (*shown, f"differs: {one.differs}" if one.differs else "") if part)
    return Row(one.patient_id, [Cell(one.name, bold=True), *(Cell(text) for text in shown[1:]), differs], spoken=spoken)
