"""Variance (page 06): how the count compares, where a difference could come from, why, who approves, what goes to the bank."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QFrame, QGridLayout, QLayout, QSizePolicy, QWidget

from access_desk.domain.cash_drawer.suspects import Suspect
from access_desk.domain.money import Money, total
from access_desk.presentation.drawer_words import signed_dollars, verdict_kind, verdict_word
from access_desk.presentation.variance import LONGEST_TEXT, REASONS, TenderLine, VarianceState, VarianceViewModel
from access_desk.ui.kit.buttons import KeyButton
from access_desk.ui.kit.cards import Band, Card, Figures, PageHeader, Scroller, Steps, column, row, rule
from access_desk.ui.kit.fields import Combo, Field, LineEdit, TextArea
from access_desk.ui.kit.labels import IconLabel, PlainLabel, repolish
from access_desk.ui.kit.theme import current
from access_desk.ui.money.count_view import CLOSING_STEPS
from access_desk.ui.money.money_page import MoneyPage
from access_desk.ui.money.widgets import (
    VERDICT_ICONS,
    DollarEdit,
    FittingScroller,
    SignPanel,
    Verdict,
    figure_label,
    paint_money,
    ruled_row,
    tab_order,
    table_head,
)
from access_desk.ui.pages import KeyHint

_COUNTED_COLUMNS = 5


class VerdictBand(QFrame):
    """Short, over or balanced: icon, word and sum, and what that asks for."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("verdictBand")
        self.setFixedHeight(current().px(76))
        self._icon = IconLabel("circle-equal", token="balanced_fg", size=34)
        self._verdict = PlainLabel("", style="amount", weight=600)
        self._counted = PlainLabel("", elide=True)
        self._history = PlainLabel("", tone="secondary", elide=True)
        text = column(1, self._counted, self._history, 1, spacing=1)
        line = row(self._icon, self._verdict, spacing=16, margins=(18, 8, 18, 8))
        line.addLayout(text, 1)
        self.setLayout(line)

    def show_state(self, state: VarianceState) -> None:
        """Paint the worst tender, or that all is there."""
        difference = state.worst.difference if state.worst else Money(0)
        kind = verdict_kind(difference)
        self.setProperty("band", kind)
        self._icon.show_icon(VERDICT_ICONS[kind], f"{kind}_fg")
        self._verdict.say(f"{verdict_word(difference)} {signed_dollars(difference)}")
        self._verdict.set_tone(kind)
        worst = state.worst or next(iter(state.lines), None)
        said = f"{worst.title} counted {worst.counted.dollars()}, expected {worst.expected.dollars()}. " if worst else ""
        self._counted.say(said + state.needs_text)
        self._history.say(state.history)
        self.setAccessibleName(f"{self._verdict.whole()}. {said}{state.needs_text} {state.history}")
        repolish(self)


class VarianceView(MoneyPage):
    """Explain and approve, then close."""

    page_id, title, rail = "variance", "Count and close", "drawer"

    def __init__(self, view_model: VarianceViewModel) -> None:
        super().__init__()
        self.model = view_model
        self._shown_lines: tuple[TenderLine, ...] | None = None
        self._steps = Steps(CLOSING_STEPS)
        self._header = PageHeader(self.title, right=(self._steps,))
        self._empty = Band(tone="info", name="varianceEmpty")
        self._problem = Band(tone="short", name="varianceProblem")
        self._verdict = VerdictBand()
        self._body = QWidget()
        left = QWidget()
        left.setLayout(self._left_column())
        line = row()
        line.addWidget(Scroller(left, name="varianceLeft"), 818)
        line.addLayout(self._right_column(), 420)
        self._body.setLayout(line)
        for part in (self._header, self._empty, self._problem, self._verdict):
            self.layout_.addWidget(part)
        self.layout_.addWidget(self._body, 1)
        self._gap = QWidget()
        self.layout_.addWidget(self._gap)
        self._order_tabs()
        view_model.on_change.append(self.render_state)
        self.destroyed.connect(view_model.detach)
        self.render_state(view_model.state)

    def _left_column(self) -> QLayout:
        tenders = Card(name="tenderCompared").tight()
        head = (("Tender", 0, False), ("Expected", 120, True), ("Counted", 130, True), ("Difference", 186, True))
        tenders.body.addWidget(table_head(*head))
        self._tenders = column(spacing=0)
        tenders.body.addLayout(self._tenders)
        made = Card("How expected is made", name="howMade")
        self._made = Figures(name="madeOf")
        made.body.addWidget(self._made)
        made.body.addStretch(1)
        where = Card("Where it could be", name="whereCard")
        self._where = where
        self._suspects = column(spacing=8)
        where.body.addLayout(self._suspects)
        where.body.addStretch(1)
        self._counted_sum = figure_label(weight=600)
        counted = Card("What was counted", name="whatCounted", aside=self._counted_sum)
        self._counted_card = counted
        self._counted = QGridLayout()
        self._counted.setHorizontalSpacing(20)
        self._counted.setVerticalSpacing(4)
        counted.body.addLayout(self._counted)
        middle = row()
        middle.addWidget(made, 330)
        middle.addWidget(where, 476)
        return column(tenders, middle, counted, 1)

    def _right_column(self) -> QLayout:
        self._reason = Combo(name="varianceReason", label="Reason", choices=[("", ""), *((one, one) for one in REASONS)])
        self._happened = TextArea(name="varianceHappened", label="What happened", lines=3)
        self._happened_field = Field("What happened", self._happened, hint=f"0 of {LONGEST_TEXT}")
        self._sign = SignPanel("Lead", name="varianceApproval", heard=self.model.sign)
        approval = row(
            PlainLabel("Lead’s approval", weight=600),
            1,
            PlainLabel("Someone other than the counter", style="label", tone="muted"),
        )
        self._approval = QWidget()
        self._approval.setLayout(column(rule(), approval, self._sign, spacing=10))
        self._witness = SignPanel("Witness", name="varianceWitness", heard=self.model.sign_witness)
        self._explain = Card("Explain and approve", name="explainCard")
        self._explain.body.addWidget(Field("Reason", self._reason))
        self._explain.body.addWidget(self._happened_field)
        self._explain.body.addWidget(self._approval)
        bank = Card("To the bank", name="bankCard")
        self._to_bank = DollarEdit(name="toBank", label="Cash to the bank")
        self._bag = LineEdit(name="closingBag", label="Bag number")
        self._stays = PlainLabel("", tone="secondary")
        bank.body.addLayout(row(Field("Cash to the bank", self._to_bank), Field("Bag number", self._bag, optional=True)))
        bank.body.addWidget(self._stays)
        close = Card(name="closeCard")
        self._recount = KeyButton("Recount", "Ctrl R", name="recount", large=True, on_press=self._back_to_count)
        self._close = KeyButton("Close drawer", "F12", name="closeDrawer", kind="primary", large=True, on_press=self.primary)
        close.body.addWidget(self._witness)
        buttons = row(self._recount, spacing=8)
        buttons.addWidget(self._close, 1)
        close.body.addLayout(buttons)
        self._connect()
        said = QWidget()
        said.setLayout(column(self._explain, bank, 1))
        scroller = FittingScroller(said, name="varianceRight")
        scroller.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        return column(scroller, close, 1)

    def _connect(self) -> None:
        explain = lambda _: self.model.explain(reason=str(self._reason.value() or ""), happened=self._happened.toPlainText())  # noqa: E731
        self._reason.chosen.connect(explain)
        self._happened.typed.connect(explain)
        bank = lambda _: self.model.bank(amount=self._to_bank.text(), bag=self._bag.text())  # noqa: E731
        self._to_bank.typed.connect(bank)
        self._bag.typed.connect(bank)

    def _order_tabs(self) -> None:
        signs = [self._sign.person, self._sign.pin]
        witness = [self._witness.person, self._witness.pin]
        tab_order([self._reason, self._happened, *signs, self._to_bank, self._bag, *witness, self._recount, self._close])

    def render_state(self, state: VarianceState) -> None:
        """Paint it."""
        found = state.found
        self._header.about.say(f"Drawer {state.drawer_key}" if found else "")
        self._steps.show_step(3 if found and state.is_balanced else 2)
        self._verdict.setVisible(found)
        self._body.setVisible(found)
        self._gap.setVisible(not found)
        self._empty.say("" if found else "No count to compare", "" if found else "Count the drawer first: F9, then F12.")
        self._problem.say(state.problem, "", "short")
        if not found:
            return
        self._verdict.show_state(state)
        self._show_lines(state)
        self._explain.setVisible(not state.is_balanced)
        self._approval.setVisible("approval" in state.needs)
        self._reason.show_value(state.reason)
        self._happened.show_text(state.happened)
        self._happened_field.say_label("What happened, and what prevents it" if "memo" in state.needs else "What happened")
        self._happened_field.say_hint(f"{len(state.happened)} of {LONGEST_TEXT}")
        self._sign.show_people(state.approvers, state.approver, state.pin)
        self._witness.setVisible("witness" in state.needs)
        self._witness.show_people(state.witnesses, state.witness, state.witness_pin)
        paint_money(self._to_bank, state.to_bank)
        self._bag.show_text(state.bag)
        checks = f" With {state.checks_total.dollars()} in checks." if state.checks_total else ""
        self._stays.say(f"{state.left_in_drawer.dollars()} stays in the drawer.{checks}")
        difference = state.worst.difference if state.worst else Money(0)
        verdict = f"Close with {verdict_word(difference).lower()} {signed_dollars(difference)}"
        approve = f"Approve {verdict_word(difference).lower()} {signed_dollars(difference)}"
        self._close.say("Close drawer" if state.is_balanced else approve if "approval" in state.needs else verdict)
        self._close.set_busy(state.busy)
        self._recount.setVisible(not state.is_balanced)
        self._recount.set_blocked("" if state.may_recount else "Every recount was used. All counts are kept.")
        if state.closed:
            self.status_changed.emit()
            self.told.emit(f"Drawer {state.drawer_key} is closed.", "balanced")
            self.go.emit("preview", ("cash-sheet", state.custody_id))
        else:
            self.arrived()

    def _show_lines(self, state: VarianceState) -> None:
        if state.lines == self._shown_lines:
            return
        self._shown_lines = state.lines
        _clear(self._tenders)
        for line in state.lines:
            self._tenders.addWidget(_tender_row(line))
        sums = [total(amounts) for amounts in zip(*((one.expected, one.counted) for one in state.lines), strict=True)]
        # Over and short are shown apart, never as one net figure.
        apart = [
            f"{verdict_word(part)} {part.signed_figures()}"
            for sign in (-1, 1)
            if (part := total(one.difference for one in state.lines if one.difference.cents * sign > 0))
        ]
        self._tenders.addWidget(_total_row(sums, ", ".join(apart) or "0.00"))
        self._made.show_lines(
            [(one.title, one.amount.figures()) for one in state.made_of], ("Expected cash", state.expected_cash.dollars())
        )
        cash = next(one.difference for one in state.lines if one.tender == "cash")
        if self._where.title:
            self._where.title.say(f"Where {abs(cash).dollars()} could be" if cash else "Cash is all there")
        number = len(state.suspects)
        self._where.caption.say(f"{number} match{'' if number == 1 else 'es'}" if cash else "")
        _clear(self._suspects)
        for suspect in state.suspects:
            self._suspects.addWidget(self._suspect(suspect))
        if cash and not state.suspects:
            self._suspects.addWidget(PlainLabel("Nothing recorded matches this difference.", tone="secondary"))
        self._counted_card.caption.say(f"count {state.attempt} of {max(state.most_attempts, state.attempt)}")
        self._counted_sum.say(state.counted_cash.dollars())
        _clear(self._counted)
        for index, (label, amount, detail) in enumerate(state.counted):
            self._counted.addWidget(_counted_cell(label, amount, detail), index // _COUNTED_COLUMNS, index % _COUNTED_COLUMNS)

    def _suspect(self, suspect: Suspect) -> QWidget:
        shown = QWidget()
        head = PlainLabel(f"Receipt {suspect.receipt}" if suspect.receipt else suspect.headline, weight=600)
        first = [PlainLabel(suspect.headline, tone="secondary")] if suspect.receipt else []
        why = PlainLabel(suspect.detail)
        why.setWordWrap(True)
        warning = row(IconLabel("triangle-alert", token="attention_fg", size=15), spacing=6)
        warning.addWidget(why, 1)
        lines = column(head, *first, warning, spacing=3)
        if suspect.payment_id:
            button = KeyButton("Open receipt", name=f"open_{suspect.receipt}", small=True, icon_name="receipt-text")
            button.activated.connect(lambda: self.go.emit("receipt", suspect.payment_id))
            lines.addLayout(row(button, 1))
        shown.setLayout(lines)
        return shown

    def _back_to_count(self) -> None:
        self.go.emit("count", None)

    def entered(self, argument: object) -> None:
        """Look at the last count."""
        del argument
        self.awaits()
        self.model.load()

    def primary(self) -> None:
        """F12: approve and close."""
        self.model.close()

    def shortcut(self, keys: str) -> bool:
        """Ctrl R: recount."""
        if keys == "Ctrl+R" and self.model.state.may_recount:
            self._back_to_count()
        return keys == "Ctrl+R"

    def panes(self) -> Sequence[QWidget]:
        """Explaining, the bank."""
        return (self._reason, self._to_bank) if not self.model.state.is_balanced else (self._to_bank,)

    def first_focus(self) -> QWidget | None:
        """The reason; a balanced drawer asks for none."""
        return self._bag if self.model.state.is_balanced else self._reason

    def key_hints(self) -> Sequence[KeyHint]:
        """What the keys do."""
        recount = "Recount" if self.model.state.may_recount else "Recount used"
        hints = (KeyHint("Enter", "Next field"), KeyHint("Alt ↓", "Open list"), KeyHint("F12", "Approve"))
        return (*hints, KeyHint("Ctrl R", recount), KeyHint("Esc", "Back, nothing is closed"))

    def note(self) -> str:
        """Whose difference it is."""
        state = self.model.state
        return f"Recorded against {state.holder}, drawer {state.drawer_key}, {state.shift} shift" if state.found else ""


def _tender_row(line: TenderLine) -> QWidget:
    verdict = Verdict()
    verdict.show_difference(line.difference)
    figures = []
    for amount, width in ((line.expected.figures(), 120), (line.counted.figures(), 130)):
        label = figure_label(width=width)
        label.say(amount)
        figures.append(label)
    difference = figure_label(width=70, weight=600, tone=verdict_kind(line.difference))
    difference.say(line.difference.signed_figures())
    words = QWidget()
    words.setLayout(row(PlainLabel(line.title, weight=600), PlainLabel(line.detail, tone="secondary"), spacing=8))
    end = QWidget()
    end.setFixedWidth(current().px(186))
    end.setLayout(row(1, verdict, difference, spacing=0))
    return ruled_row(40, words, 1, *figures, end)


def _total_row(sums: Sequence[Money], difference: str) -> QWidget:
    figures = []
    for text, width in ((sums[0].figures(), 120), (sums[1].figures(), 130), (difference, 186)):
        label = figure_label(width=width, weight=600)
        label.say(text)
        figures.append(label)
    return ruled_row(40, PlainLabel("Total", weight=600), 1, *figures, last=True)


def _counted_cell(label: str, amount: str, detail: str) -> QWidget:
    cell = QWidget()
    figure = figure_label()
    figure.say(amount)
    lines = column(row(PlainLabel(label, tone="secondary"), 1, figure, spacing=4), spacing=0)
    if detail:
        lines.addWidget(PlainLabel(detail, style="label", tone="muted"))
    lines.addStretch(1)
    cell.setLayout(lines)
    return cell


def _clear(layout: QLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
