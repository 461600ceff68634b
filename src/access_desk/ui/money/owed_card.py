"""What is owed (page 04, left): a line per plan and per purpose, each with a tick and what is paid now."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from access_desk.domain.payments.events import PURPOSES
from access_desk.presentation.drawer_words import purpose_word
from access_desk.presentation.payment import PaymentState, PaymentViewModel
from access_desk.presentation.payment_lines import OwedLine
from access_desk.ui.kit.buttons import KeyButton
from access_desk.ui.kit.cards import Card, column, row
from access_desk.ui.kit.fields import CheckRow, Combo
from access_desk.ui.kit.labels import PlainLabel, repolish
from access_desk.ui.money.widgets import DollarEdit, figure_label, paint_money, ruled_row, tab_order, table_head


class OwedRow(QWidget):
    """One line of what is owed."""

    def __init__(self, index: int, model: PaymentViewModel, heard: Callable[[], object]) -> None:
        super().__init__()
        self.tick = CheckRow("", name=f"owed{index}Tick")
        self.tick.setFixedWidth(26)
        self._title = PlainLabel("", weight=600, elide=True)
        self._detail = PlainLabel("", style="label", tone="muted", elide=True)
        self._owed = figure_label(width=84)
        self.amount = DollarEdit(name=f"owed{index}Amount", label="Pay now")
        self.amount.setFixedWidth(92)
        self.remove = KeyButton("", name=f"owed{index}Remove", kind="quiet", small=True, icon_name="x")
        self.remove.setAccessibleName("Take this line away")
        self.remove.setFixedWidth(30)
        text = QWidget()
        text.setLayout(column(1, self._title, self._detail, 1, spacing=0))
        shown = ruled_row(52, self.tick, text, self._owed, self.remove, self.amount, spacing=8, wide=text)
        self.setLayout(row(shown, spacing=0))
        self.tick.ticked.connect(lambda on: model.tick(index, on=bool(on)))
        self.amount.typed.connect(lambda text: model.type_amount(index, text))

        def removed() -> None:
            model.remove_line(index)
            heard()

        self.remove.activated.connect(removed)

    def show_line(self, line: OwedLine) -> None:
        """Paint it."""
        self._title.say(line.title)
        self._detail.say(line.detail)
        self._owed.say(line.owed.dollars() if line.owed is not None else "")
        self._owed.setVisible(line.owed is not None)
        self.remove.setVisible(line.owed is None)
        self.remove.setAccessibleName(f"Take {line.title} away")
        self.tick.show_ticked(line.ticked)
        self.tick.setAccessibleName(f"Pay {line.title}, {line.detail}")
        self.amount.setAccessibleName(f"Pay now: {line.title}")
        paint_money(self.amount, line.text if line.ticked or line.text else "0")
        wrong = bool(line.error) and bool(line.text.strip()) and not self.amount.hasFocus()
        self.amount.set_invalid(wrong)
        if self.amount.property("blocked") != (not line.ticked):
            self.amount.setProperty("blocked", not line.ticked)
            repolish(self.amount)


class OwedCard(Card):
    """The card with all lines, another purpose to add, and the sum."""

    def __init__(self, model: PaymentViewModel) -> None:
        super().__init__("What is owed", name="owedCard", aside=PlainLabel("Space ticks a line", style="label", tone="muted"))
        self.tight()
        self._model = model
        self.rows: list[OwedRow] = []
        self.body.addWidget(table_head(("For", 0, False), ("Owed", 84, True), ("Pay now", 112, True)))
        self._list = column(spacing=0)
        self.body.addLayout(self._list)
        self.add = Combo(name="addLine", label="Add something else that is paid for")
        self.add.setMinimumWidth(240)
        self.add.set_choices([("", "Add something else…"), *((one, purpose_word(one)) for one in PURPOSES)])
        self.add.show_value("")
        self.add.chosen.connect(self._added)
        self.body.addWidget(ruled_row(48, self.add, 1))
        self._sum = figure_label(style="amount", weight=600)
        self.body.addWidget(ruled_row(58, PlainLabel("Paying now", weight=600), 1, self._sum, last=True))

    def stops(self) -> Sequence[QWidget]:
        """What Enter passes through."""
        return [widget for shown in self.rows if shown.isVisibleTo(self) for widget in (shown.tick, shown.amount)]

    def show_lines(self, state: PaymentState) -> None:
        """Paint the lines and the sum."""
        while len(self.rows) < len(state.lines):
            made = OwedRow(len(self.rows), self._model, lambda: self.add.setFocus(Qt.FocusReason.OtherFocusReason))
            self.rows.append(made)
            self._list.addWidget(made)
            tab_order([widget for shown in self.rows for widget in (shown.tick, shown.remove, shown.amount)] + [self.add])
        for index, shown in enumerate(self.rows):
            shown.setVisible(index < len(state.lines))
            if index < len(state.lines):
                shown.show_line(state.lines[index])
        self._sum.say(state.paying.dollars())

    def _added(self, purpose: object) -> None:
        if purpose:
            self._model.add_line(str(purpose))
            self.add.show_value("")
            self.rows[len(self._model.state.lines) - 1].amount.setFocus(Qt.FocusReason.OtherFocusReason)
