"""Drawer (page 15): what went in and out, newest first; drops, paid-outs and everything else a drawer can do."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Protocol

from PySide6.QtWidgets import QLayout, QMenu, QWidget

from access_desk.presentation.drawer import DrawerPageState, DrawerViewModel, MoreAction, Notice, PanelLine
from access_desk.presentation.drawer_rows import DrawerRow
from access_desk.presentation.hidden_names import hidden_title
from access_desk.ui.kit.buttons import KeyButton
from access_desk.ui.kit.cards import Band, Card, PageHeader, column, row
from access_desk.ui.kit.labels import IconLabel, PlainLabel
from access_desk.ui.kit.side_panel import SidePanel
from access_desk.ui.kit.table import Cell, Column, Row, Table
from access_desk.ui.money.money_page import MoneyPage
from access_desk.ui.money.widgets import figure_label
from access_desk.ui.pages import KeyHint, Page

TENDER_ICONS = {
    "cash": "banknote",
    "check": "file-check",
    "card": "credit-card",
    "money_order": "receipt",
    "split": "arrow-up-down",
    "void": "ban",
}
_MOVE_ICONS = {
    "drop": "inbox",
    "paid_in": "hand-helping",
    "paid_out": "coins",
    "exchange": "arrow-left-right",
    "no_sale": "lock-open",
    "refund": "undo-2",
}
_COLUMNS = (
    Column("Receipt", 104),
    Column("Time ↓", 84),
    Column("Patient", 186),
    Column("For"),
    Column("Tender", 116),
    Column("Amount", 96, right=True),
)


class DrawerActions(Protocol):
    """The dialogs a drawer leads to; the page asks for them by name."""

    def open_move(self, page: Page, kind: str, /) -> object:
        """A cash move."""
        ...

    def reveal(self, page: Page, /) -> object:
        """The hidden figures, on a lead's PIN."""
        ...


class DrawerView(MoneyPage):
    """The running drawer; without one, the way to open it."""

    page_id, title, rail = "drawer", "Drawer", "drawer"
    side_panel: SidePanel

    def __init__(self, view_model: DrawerViewModel, actions: DrawerActions) -> None:
        super().__init__()
        self.model, self._actions = view_model, actions
        self._hidden_names, self._then = False, ""
        self._drop = KeyButton("Safe drop", "Alt 1", name="safeDrop", icon_name="inbox", on_press=partial(self._move, "drop"))
        self._out = KeyButton("Paid out", "Alt 2", name="paidOut", icon_name="coins", on_press=partial(self._move, "paid_out"))
        self._more = KeyButton("More", "Alt 3", name="moreActions", icon_name="ellipsis", on_press=self._show_more)
        self._main = KeyButton(
            "Count and close", "F12", name="countAndClose", kind="primary", icon_name="scale", on_press=self.primary
        )
        for button in (self._drop, self._out, self._more, self._main):
            button.refused.connect(lambda why: self.told.emit(why, "attention"))
        self._header = PageHeader("Drawer", right=(self._drop, self._out, self._more, self._main))
        self._problem = Band(tone="short", name="drawerProblem")
        self._empty = Band(
            "You hold no drawer",
            "Open one with a count of what is in it: F12. Alt 3 lists what else can be done here.",
            name="noDrawer",
        )
        self._table = Table(_COLUMNS, name="drawerTable", label="Receipts and cash moves, newest first")
        self._table.opened.connect(self._open)
        table_card = Card(name="drawerTableCard").tight()
        table_card.body.addWidget(self._table)
        self._table_card = table_card
        self.side_panel = self._side_panels()
        middle = row()
        middle.addWidget(table_card, 1)
        self.side_panel.stand_in(middle)
        for part in (self._header, self._problem, self._empty):
            self.layout_.addWidget(part)
        self.layout_.addLayout(middle, 1)
        self._gap = QWidget()
        self.layout_.addWidget(self._gap, 1)
        self._shown: DrawerPageState | None = None
        view_model.on_change.append(self.render_state)
        self.destroyed.connect(view_model.detach)
        self.render_state(view_model.state)

    def _side_panels(self) -> SidePanel:
        side = SidePanel(340, name="drawerSide")
        self._tender_card, self._moves_card = Card("Receipts by tender", name="byTender"), Card("Cash moves", name="cashMoves")
        self._tender_lines, self._move_lines = column(spacing=5), column(spacing=5)
        self._tender_card.body.addLayout(self._tender_lines)
        self._moves_card.body.addLayout(self._move_lines)
        self._hidden = Band(
            "Cash total and expected cash are hidden.",
            "This desk counts blind. They appear after the count is submitted. "
            "A lead can show them with a PIN, and that is recorded.",
            tone="offline",
            name="cashHidden",
        )
        self._reveal = KeyButton("Show with a lead’s PIN", "Alt 4", name="revealCash", icon_name="eye", on_press=self._ask_reveal)
        self._notices = column(spacing=12)
        side.setLayout(column(self._tender_card, self._moves_card, self._hidden, self._reveal, self._notices, 1))
        return side

    def render_state(self, state: DrawerPageState) -> None:
        """Paint it."""
        if self._shown != state:
            self._shown = state
            self._paint(state)
        if state.is_loaded:
            self.arrived()
            then, self._then = self._then, ""
            if then:
                self.do(then)

    def _paint(self, state: DrawerPageState) -> None:
        holds = bool(state.status)
        self._header.about.say(state.headline)
        self._problem.say(state.problem, "", "short")
        self._empty.setVisible(state.is_loaded and not holds)
        self._gap.setVisible(not holds)
        self._table_card.setVisible(holds)
        self.side_panel.offer(holds)
        self._show_buttons(state)
        self._table.show_rows([self._row(one) for one in state.rows])
        _fill(self._tender_lines, [_panel_line(one) for one in state.by_tender])
        _fill(self._move_lines, [_panel_line(one) for one in state.cash_moves])
        shows_hidden = holds and not state.revealed
        self._hidden.setVisible(shows_hidden)
        self._reveal.setVisible(shows_hidden)
        _fill(self._notices, [_notice(one) for one in state.notices])

    def _show_buttons(self, state: DrawerPageState) -> None:
        holds, counting = bool(state.status), state.status == "counting"
        self._drop.setVisible(holds)
        self._out.setVisible(holds)
        why = "The drawer is being counted and takes no moves." if counting else ""
        self._drop.set_blocked(why)
        self._out.set_blocked(
            why or ("" if state.may_pay_out else "This facility pays no expenses from its drawers. Use petty cash.")
        )
        self._main.say("Compare and close" if counting else "Count and close" if holds else "Open drawer")

    def _row(self, one: DrawerRow) -> Row:
        void = one.kind == "void"
        patient = hidden_title(one.patient) if self._hidden_names else one.patient
        if not one.is_receipt:
            cells = (
                Cell(one.title, icon=_MOVE_ICONS[one.kind]),
                Cell(one.time),
                Cell(""),
                Cell(one.text),
                Cell(one.tender_text, icon=TENDER_ICONS.get(one.tender, "")),
                Cell(one.amount),
            )
            return Row(one.key, cells, muted=True, spoken=f"{one.title}, {one.time}, {one.text}, {one.amount}")
        cells = (
            Cell(one.title, bold=not void),
            Cell(one.time),
            Cell(patient),
            Cell(one.text, icon="ban" if void else "", tone="short" if void else "", bold=void),
            Cell(one.tender_text, icon=TENDER_ICONS[one.tender]),
            Cell(one.amount, bold=not void, struck=void),
        )
        spoken = f"{one.title}, {one.time}, {patient}, {one.text}, {one.tender_text}, {one.amount}"
        return Row(one.payment_id, cells, muted=void, spoken=f"Voided {spoken}" if void else spoken)

    def hide_names(self, hidden: bool) -> None:
        """Ctrl . hides patient names."""
        self._hidden_names = hidden
        self._table.show_rows([self._row(one) for one in self.model.state.rows])

    def entered(self, argument: object) -> None:
        """Look again; an argument names what to do at once, such as ``drop``."""
        self._then = argument if isinstance(argument, str) else ""
        self.awaits()
        self.model.load()

    def left(self) -> None:
        """What a lead showed is hidden again."""
        self.model.leave()

    def refresh(self) -> None:
        """F5."""
        self.model.load()

    def primary(self) -> None:
        """F12: opens the count; nothing closes before the count is submitted."""
        goes = {"": "open_drawer", "open": "count", "counting": "variance"}
        self.go.emit(goes[self.model.state.status], None)

    def alt(self, number: int) -> bool:
        """Alt 1 drop, Alt 2 paid out, Alt 3 more, Alt 4 the hidden figures."""
        buttons = {1: self._drop, 2: self._out, 3: self._more, 4: self._reveal}
        button = buttons.get(number)
        if button is None or not button.isVisible():
            return False
        button.press()
        return True

    def shortcut(self, keys: str) -> bool:
        """Del: void the receipt of the current line."""
        if keys == "Del":
            self._void()
        return keys == "Del"

    def do(self, action: str) -> None:
        """A verb of the More list."""
        why = next((one.why_not for one in self.model.state.more if one.key == action), "")
        if why:
            self.told.emit(why, "attention")
        elif action in ("drop", "paid_out", "paid_in", "exchange", "no_sale"):
            self._move(action)
        elif action == "mid_shift":
            self.go.emit("preview", ("mid-shift-sheet", self.model.state.custody_id))
        elif action == "sheets":
            self.go.emit("preview", ("cash-sheet", ""))
        else:
            self.go.emit(action, None)

    def print_requested(self) -> None:
        """Ctrl P: the receipt of the current line again."""
        key = self._payment_id()
        if key:
            self.go.emit("receipt", (key, "print"))

    def panes(self) -> Sequence[QWidget]:
        """The table, the side."""
        return (self._table, self.side_panel)

    def first_focus(self) -> QWidget | None:
        """The last receipt."""
        return self._table if self.model.state.rows else self._main

    def key_hints(self) -> Sequence[KeyHint]:
        """What the keys do."""
        if not self.model.state.status:
            return (KeyHint("F12", "Open drawer"), KeyHint("Alt 3", "More"))
        main = "Compare and close" if self.model.state.status == "counting" else "Count and close"
        return (
            KeyHint("↑ ↓", "Receipt"),
            KeyHint("Enter", "Open"),
            KeyHint("Ctrl P", "Reprint"),
            KeyHint("Del", "Void…"),
            KeyHint("Alt 1", "Safe drop"),
            KeyHint("Alt 2", "Paid out"),
            KeyHint("Alt 3", "More"),
            KeyHint("F12", main),
        )

    def note(self) -> str:
        """How many lines."""
        return self.model.state.summary

    def _payment_id(self) -> str:
        key = self._table.current_key()
        row_here = next((one for one in self.model.state.rows if key in (one.payment_id, one.key)), None)
        return row_here.payment_id if row_here else ""

    def _open(self, key: object) -> None:
        payment_id = self._payment_id()
        if payment_id and key:
            self.go.emit("receipt", payment_id)

    def _void(self) -> None:
        payment_id = self._payment_id()
        if payment_id:
            self.go.emit("receipt", (payment_id, "void"))

    def _move(self, kind: str) -> None:
        self._actions.open_move(self, kind)

    def _ask_reveal(self) -> None:
        self._actions.reveal(self)

    def _show_more(self) -> None:
        menu = QMenu(self)
        menu.setObjectName("moreMenu")
        menu.setAccessibleName("More")
        for one in self.model.state.more:
            self._add_action(menu, one)
        menu.popup(self._more.mapToGlobal(self._more.rect().bottomLeft()))
        if menu.actions():
            menu.setActiveAction(menu.actions()[0])

    def _add_action(self, menu: QMenu, one: MoreAction) -> None:
        action = menu.addAction(one.title.replace("&", "&&"))
        action.setObjectName(f"more_{one.key}")
        action.triggered.connect(lambda: self.do(one.key))


def _panel_line(line: PanelLine) -> QWidget:
    shown = QWidget()
    parts: list[QWidget | int] = []
    if line.tender:
        parts.append(IconLabel(TENDER_ICONS[line.tender], token="text_secondary", size=15))
    parts += [PlainLabel(line.title, tone="secondary"), 1]
    if line.amount is None:
        parts += [IconLabel("eye-off", token="text_muted", size=15), PlainLabel("hidden", tone="muted")]
    else:
        figure = figure_label()
        figure.say(line.amount)
        parts.append(figure)
    shown.setLayout(row(*parts, spacing=8))
    shown.setAccessibleName(f"{line.title}: {line.amount or 'hidden'}")
    return shown


def _notice(notice: Notice) -> QWidget:
    return Band(notice.headline, notice.text, tone="attention")


def _fill(layout: QLayout, widgets: Sequence[QWidget]) -> None:
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
    for widget in widgets:
        layout.addWidget(widget)
