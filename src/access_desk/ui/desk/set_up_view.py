"""Set up: who works here, the drawers of this desk, the rules of the facility."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtWidgets import QVBoxLayout, QWidget

from access_desk.domain.papers.words import ROLE_WORDS
from access_desk.presentation.policy_form import CHOICES, SWITCHES
from access_desk.presentation.set_up import SetUpModel, SetUpState
from access_desk.ui.desk.set_up_dialogs import DIALOGS
from access_desk.ui.kit.buttons import KeyButton
from access_desk.ui.kit.cards import Band, Card, PageHeader, Scroller, column, row
from access_desk.ui.kit.feedback import Dialog
from access_desk.ui.kit.fields import CheckRow, Combo, Field, LineEdit, MoneyEdit
from access_desk.ui.kit.labels import PlainLabel
from access_desk.ui.kit.table import Cell, Column, Row, Table
from access_desk.ui.kit.theme import current
from access_desk.ui.pages import KeyHint, Page

_PEOPLE = (Column("Name"), Column("Sign-in name", 130), Column("Role", 110), Column("PIN here", 90), Column("", 120))
_DRAWERS = (Column("Drawer", 80), Column("Where"), Column("Float", 100, right=True), Column("", 120))
_AMOUNTS = (
    ("reason_from", "Over or short: a reason from", "optional"),
    ("approval_from", "A second person's PIN from", "optional"),
    ("memo_from", "A written account from", "optional"),
    ("drop_at", "Ask for a safe drop at", ""),
)
_LISTS = {
    "cash_rounding": "Cash is asked for",
    "emtala_release": "An emergency visit may be asked for money",
    "suffix_after": "A name's suffix stands",
}
_ASKED = ("add", "drawer", "own_pin")
_RULES_WIDTH = 400


class SetUpView(Page):
    """The desk and its people."""

    page_id, title, rail = "setup", "Set up", "setup"

    def __init__(self, model: SetUpModel) -> None:
        super().__init__()
        self.model = model
        self._dialog: Dialog | None = None
        self._waits = False
        self._own = KeyButton(
            "Change your PIN…", "Alt 3", name="setUpOwn", icon_name="key-round", on_press=partial(model.ask, "own_pin")
        )
        self._header = PageHeader(self.title, right=[self._own])
        self._notice = Band(tone="info", name="setUpNotice")
        self._none = Band("Staff, drawers and rules are a supervisor's.", "Your own PIN is yours: Alt 3.", name="setUpNotYours")
        for part in (self._header, self._notice, self._none):
            self.layout_.addWidget(part)
        self._body = QWidget()
        body = row()
        body.addLayout(column(self._people_card(), self._drawer_card()), 1)
        body.addWidget(self._rules_card())
        self._body.setLayout(body)
        self.layout_.addWidget(self._body, 1)
        self.layout_.addStretch(0)
        model.on_change.append(self.render_state)
        self.destroyed.connect(model.detach)
        self.render_state(model.state)

    def _people_card(self) -> Card:
        add = KeyButton("Add…", "Alt 1", name="setUpAddPerson", small=True, on_press=partial(self.model.ask, "add"))
        card = Card("Who works here: Enter changes somebody", name="setUpPeople", aside=add).tight()
        self.people = Table(_PEOPLE, name="setUpPeopleTable", label="Who works here")
        self.people.opened.connect(lambda key: self.model.ask("person", str(key)))
        card.body.addWidget(self.people)
        return card

    def _drawer_card(self) -> Card:
        add = KeyButton("Install…", "Alt 2", name="setUpAddDrawer", small=True, on_press=partial(self.model.ask, "drawer"))
        card = Card("Drawers", name="setUpDrawers", aside=add).tight()
        self.drawers = Table(_DRAWERS, name="setUpDrawerTable", label="Drawers of the facility")
        card.body.addWidget(self.drawers)
        return card

    def _rules_card(self) -> Card:
        card = Card("Rules of the facility", name="setUpRules")
        card.setFixedWidth(current().px(_RULES_WIDTH))
        # Room for the bar at the right, which would lie on the fields.
        lines = column(spacing=10, margins=(0, 0, 12, 0))
        self._fields: dict[str, Field] = {}
        self._edits: dict[str, LineEdit] = {}
        for name, label, hint in _AMOUNTS:
            self._add_line(lines, name, Field(label, MoneyEdit(name=f"setUp_{name}", label=label), hint=hint))
        counts, shifts = LineEdit(name="setUp_recounts", label="Recounts"), LineEdit(name="setUp_shifts", label="Shifts")
        self._add_line(lines, "recounts", Field("Recounts before a close", counts, hint="0 to 5"))
        self._add_line(lines, "shifts", Field("Shifts and their starts", shifts, hint="24-hour clock"))
        days = LineEdit(name="setUp_details_days", label="Days that other desks' payments are kept here")
        self._add_line(lines, "details_days", Field("Keep other desks' payments here", days, hint="days; empty: for ever"))
        self._combos: dict[str, Combo] = {}
        for name, label in _LISTS.items():
            self._combos[name] = Combo(name=f"setUp_{name}", label=label, choices=CHOICES[name])
            self._combos[name].chosen.connect(lambda value, name=name: self.model.type(name, str(value)))
            lines.addWidget(Field(label, self._combos[name]))
        self._ticks: dict[str, CheckRow] = {}
        for name, label in SWITCHES:
            self._ticks[name] = CheckRow(label, name=f"setUp_{name}")
            self._ticks[name].ticked.connect(lambda on, name=name: self.model.type(name, "yes" if on else ""))
            lines.addWidget(self._ticks[name])
        lines.addStretch(1)
        inside = QWidget()
        inside.setLayout(lines)
        self._save = KeyButton("Save the rules", "F12", name="setUpSave", kind="primary", on_press=self.primary)
        self._said = PlainLabel("", tone="muted")
        card.body.addWidget(Scroller(inside, name="setUpScroller"), 1)
        card.body.addWidget(self._said)
        card.body.addWidget(self._save)
        return card

    def _add_line(self, lines: QVBoxLayout, name: str, part: Field) -> None:
        edit = part.editor
        if isinstance(edit, LineEdit):
            edit.typed.connect(lambda text: self.model.type(name, str(text)))
            self._fields[name], self._edits[name] = part, edit
            lines.addWidget(part)

    def entered(self, argument: object) -> None:
        """Look again each time."""
        del argument
        self._waits = True
        self.model.refresh()

    def refresh(self) -> None:
        """F5."""
        self.model.refresh()

    def primary(self) -> None:
        """F12: the rules as typed."""
        self.model.save()

    def alt(self, number: int) -> bool:
        """Alt 1 somebody new, Alt 2 a drawer, Alt 3 one's own PIN."""
        if not 1 <= number <= len(_ASKED):
            return False
        self.model.ask(_ASKED[number - 1])
        return True

    def escape(self) -> bool:
        """Esc takes back rules that were typed and not saved."""
        if self.model.state.is_changed:
            self.model.take_back()
            return True
        return False

    def panes(self) -> Sequence[QWidget]:
        """People, drawers, rules."""
        return [pane for pane in (self.people, self.drawers, self._edits["reason_from"]) if pane.isVisible()]

    def first_focus(self) -> QWidget | None:
        """The staff, or one's own PIN."""
        return self.people if self.model.state.may_manage else self._own

    def key_hints(self) -> Sequence[KeyHint]:
        """What the keys do."""
        own = KeyHint("Alt 3", "Your PIN")
        if not self.model.state.may_manage:
            return (own,)
        hints = (KeyHint("Alt 1", "Add somebody"), KeyHint("Alt 2", "Install a drawer"), own, KeyHint("Enter", "Change somebody"))
        return (*hints, KeyHint("F12", "Save the rules"), KeyHint("F6", "Next pane"))

    def render_state(self, state: SetUpState) -> None:
        """Paint it."""
        self._header.about.say(state.facility)
        self._notice.say(state.notice, "", "info")
        self._none.setVisible(not state.may_manage and bool(state.facility))
        self._body.setVisible(state.may_manage)
        self.people.show_rows(
            [
                Row(
                    one.person_id,
                    (
                        Cell(one.name, bold=True),
                        Cell(one.key),
                        Cell(ROLE_WORDS[one.role.value].capitalize()),
                        Cell("Yes" if one.has_pin else "Not yet"),
                        Cell("" if one.active else "Works no more"),
                    ),
                    muted=not one.active,
                )
                for one in state.people
            ]
        )
        self.drawers.show_rows(
            [
                Row(
                    one.drawer_id,
                    (
                        Cell(one.key, bold=True),
                        Cell(one.label),
                        Cell(one.imprest.figures()),
                        Cell("This desk" if one.is_here else "Another desk"),
                    ),
                    muted=not one.is_here,
                )
                for one in state.drawers
            ]
        )
        self._render_rules(state)
        if self._waits and state.facility and not state.busy and self.isVisible():
            # Who may see the staff is known only now.
            self._waits = False
            if self._own.hasFocus() and state.may_manage:
                self.people.setFocus()
                self.people.choose_first()
        self._show_question(state)
        self.hints_changed.emit()

    def _render_rules(self, state: SetUpState) -> None:
        for name, edit in self._edits.items():
            if not (edit.hasFocus() and state.is_changed):
                edit.show_text(state.values.get(name, ""))
            self._fields[name].show_problem(state.wrong.get(name, ""))
        for name, combo in self._combos.items():
            combo.show_value(state.values.get(name))
        for name, tick in self._ticks.items():
            tick.show_ticked(bool(state.values.get(name)))
        self._save.set_blocked("" if state.is_changed else "Nothing was changed.")
        self._save.set_busy(state.busy)
        self._said.say("Not saved yet. Esc takes it back." if state.is_changed else "")
        for name in state.wrong:
            self._edits[name].setFocus()

    def _show_question(self, state: SetUpState) -> None:
        if state.asks and self._dialog is None:
            self._dialog = DIALOGS[state.asks](self.window(), self.model)
            self._dialog.closed.connect(self._closed_question)
        if self._dialog is not None:
            self._dialog.show_problem(state.problem)
            if not state.asks:
                self._dialog.close_dialog()

    def _closed_question(self) -> None:
        self._dialog = None
        if self.model.state.asks:
            self.model.leave_it()
