"""One receipt: its details, void, refund, and printing it again."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from access_desk.domain.errors import DeskError, UnavailableError
from access_desk.presentation.drawer_receipt import REFUND_REASONS, VOID_REASONS, ReceiptState, ReceiptViewModel, hidden_details
from access_desk.presentation.drawer_words import tender_word
from access_desk.presentation.hidden_names import COVERED
from access_desk.ui.kit.buttons import KeyButton
from access_desk.ui.kit.cards import Band, Card, Figures, PageHeader, Scroller, column, row
from access_desk.ui.kit.feedback import Dialog
from access_desk.ui.kit.fields import Combo, Field, LineEdit
from access_desk.ui.kit.labels import PlainLabel
from access_desk.ui.kit.pdf_view import PdfView
from access_desk.ui.money.money_page import MoneyPage
from access_desk.ui.money.widgets import DollarEdit, SignPanel, paint_money
from access_desk.ui.pages import KeyHint

DrawCopy = Callable[[str], bytes]
PrintCopy = Callable[[bytes, str], None]


class TakeBackDialog(Dialog):
    """Void or refund: a reason, a lead's PIN, and the sum on the button."""

    def __init__(self, over: QWidget, model: ReceiptViewModel, *, refunds: bool) -> None:
        state = model.state
        title = f"Refund receipt {state.receipt}?" if refunds else f"Void receipt {state.receipt}?"
        name = "refundDialog" if refunds else "voidDialog"
        super().__init__(over, title, name=name, act="Refund" if refunds else "Void", kind="danger", keep="Keep receipt")
        self.model, self._refunds = model, refunds
        self.reason = Combo(
            name=f"{name}Reason",
            label="Reason",
            choices=[(one, one) for one in ("", *(REFUND_REASONS if refunds else VOID_REASONS))],
        )
        self._detail = LineEdit(name=f"{name}Detail", label="Details")
        self._amount = DollarEdit(name=f"{name}Amount", label="Amount to give back")
        self._tender = Combo(name=f"{name}Tender", label="Given back as")
        self._tender.set_choices([(one.tender, tender_word(one.tender)) for one in state.tenders])
        self._sign = SignPanel("Lead", name=f"{name}Sign", heard=lambda person, pin: model.enter(approver=person, pin=pin))
        words = PlainLabel(_words(state, refunds=refunds), tone="secondary")
        words.setWordWrap(True)
        self.body.addWidget(words)
        if refunds:
            self.body.addLayout(row(Field("Amount", self._amount), Field("Given back as", self._tender)))
        self.body.addLayout(row(Field("Reason", self.reason), Field("Details", self._detail, optional=True)))
        self.body.addWidget(self._sign)
        needs = state.needs_refund_approval if refunds else state.needs_void_approval
        self._sign.setVisible(needs)
        self.reason.chosen.connect(lambda value: model.enter(reason=str(value)))
        self._detail.typed.connect(lambda text: model.enter(detail=text))
        self._amount.typed.connect(lambda text: model.enter(refund_amount=text))
        self._tender.chosen.connect(lambda value: model.enter(refund_tender=str(value)))
        self.act.activated.connect(model.refund if refunds else model.void)
        model.on_change.append(self._paint)
        self.closed.connect(self._forget)
        self._paint(state)

    def _forget(self) -> None:
        if self._paint in self.model.on_change:
            self.model.on_change.remove(self._paint)

    def _paint(self, state: ReceiptState) -> None:
        self.reason.show_value(state.reason)
        self._detail.show_text(state.detail)
        paint_money(self._amount, state.refund_amount)
        self._tender.show_value(state.refund_tender)
        self._sign.show_people(state.approvers, state.approver, state.pin)
        amount = self._amount.money() if self._refunds else state.amount
        self.act.say(f"{'Refund' if self._refunds else 'Void'} {amount.dollars() if amount else ''}".strip())
        self.act.set_busy(state.busy)
        self.show_problem(state.problem)
        if state.done:
            self.close_dialog()


def _words(state: ReceiptState, *, refunds: bool) -> str:
    if refunds:
        return "Cash goes out of the drawer you hold; checks and cards go back through the business office and the terminal."
    where = f"Cash {state.cash.dollars()} goes back to the payer and out of drawer {state.drawer_key}. " if state.cash else ""
    return f"{where}The line stays on the sheet, struck through."


class ReceiptView(MoneyPage):
    """A receipt of the drawer, opened with Enter."""

    page_id, title, rail = "receipt", "Receipt", "drawer"

    def __init__(self, view_model: ReceiptViewModel, draw_copy: DrawCopy, print_copy: PrintCopy) -> None:
        super().__init__()
        self.model, self._draw_copy, self._print_copy = view_model, draw_copy, print_copy
        self._then, self._payment_id, self._again = "", "", False
        self._hides_names = False
        self._void = KeyButton("Void…", "Del", name="voidReceipt", icon_name="ban", on_press=self._ask_void)
        self._refund = KeyButton("Refund…", "Alt 2", name="refundReceipt", icon_name="undo-2", on_press=self._ask_refund)
        self._print = KeyButton(
            "Print copy", "Ctrl P", name="reprintReceipt", kind="primary", icon_name="printer", on_press=self.print_requested
        )
        for button in (self._void, self._refund):
            button.refused.connect(lambda why: self.told.emit(why, "attention"))
        self._header = PageHeader("Receipt", right=(self._void, self._refund, self._print))
        self._problem = Band(tone="short", name="receiptProblem")
        self._voided = Band(tone="short", name="receiptVoided", icon="ban")
        self._details, self._lines, self._tenders = (
            Figures(name="receiptDetails"),
            Figures(name="receiptLines"),
            Figures(name="receiptTenders"),
        )
        cards = []
        for title, figures in (("Receipt", self._details), ("Paid for", self._lines), ("Paid by", self._tenders)):
            card = Card(title)
            card.body.addWidget(figures)
            cards.append(card)
        self._pages = PdfView(name="receiptPages", width=300)
        self._pages.scroller.setAccessibleName("The receipt on paper")
        left = QWidget()
        left.setLayout(column(*cards, 1))
        for part in (self._header, self._problem, self._voided):
            self.layout_.addWidget(part)
        middle = row()
        middle.addWidget(Scroller(left), 1)
        middle.addWidget(self._pages, 1)
        self.layout_.addLayout(middle, 1)
        view_model.on_change.append(self.render_state)
        self.destroyed.connect(view_model.detach)

    def hide_names(self, hidden: bool) -> None:
        """Ctrl . hides or shows the name and the paper that says it."""
        self._hides_names = hidden
        self._pages.cover(COVERED if hidden else "")
        self.render_state(self.model.state)

    def render_state(self, state: ReceiptState) -> None:
        """Paint it."""
        self._header.about.say(f"{state.receipt}, {state.amount.dollars()}" if state.receipt else "")
        self._problem.say("" if state.receipt else state.problem, "", "short")
        kept = "It keeps its number and its line, struck through."
        self._voided.say("Voided" if state.is_voided else "", kept if state.is_voided else "", "short")
        self._details.show_lines(hidden_details(state.details) if self._hides_names else state.details)
        self._lines.show_lines(state.lines, ("Total", state.amount.dollars()))
        self._tenders.show_lines([(one.text, "") for one in state.tenders])
        self._void.set_blocked(state.void_problem)
        self._refund.set_blocked(state.refund_problem)
        if state.receipt and state.payment_id == self._payment_id:
            self.arrived()
            self._do_then()

    def _do_then(self) -> None:
        then, self._then = self._then, ""
        if then == "void":
            self._void.press()
        elif then == "print":
            self.print_requested()

    def entered(self, argument: object) -> None:
        """Come with a payment's id, or with (id, "void" or "print")."""
        key, then = argument if isinstance(argument, tuple) else (argument, "")
        self._payment_id, self._then = str(key or ""), str(then)
        self._pages.show_pdf(b"")
        self.awaits()
        self.model.load(self._payment_id)

    def primary(self) -> None:
        """F12: print a copy."""
        self.print_requested()

    def print_requested(self) -> None:
        """Print it again: recorded first, marked as a copy."""
        session, payment_id = self.model.session, self.model.state.payment_id
        if payment_id and not self._print.busy:
            self._print.set_busy(True)
            session.run(lambda: self._draw_copy(payment_id), self._drawn, self._failed)

    def _drawn(self, pdf: bytes) -> None:
        self._print.set_busy(False)
        self._pages.show_pdf(pdf)
        try:
            self._print_copy(pdf, f"Receipt {self.model.state.receipt}")
        except UnavailableError as fault:
            self.told.emit(f"The copy did not print. {fault.text}", "short")
        else:
            self.told.emit(f"Copy of receipt {self.model.state.receipt} sent to the printer.", "balanced")

    def _failed(self, error: Exception) -> None:
        self._print.set_busy(False)
        if not isinstance(error, UnavailableError | DeskError):
            raise error
        self.told.emit(error.text, "short")

    def _ask_void(self) -> None:
        self._ask(refunds=False)

    def _ask_refund(self) -> None:
        self._ask(refunds=True)

    def _ask(self, *, refunds: bool) -> None:
        dialog = TakeBackDialog(self.window(), self.model, refunds=refunds)
        dialog.closed.connect(self._taken_back)
        dialog.open_dialog(dialog.reason)

    def _taken_back(self) -> None:
        if self.model.state.done:
            self.told.emit(f"{self.model.state.done}.", "balanced")
            self.status_changed.emit()
            self.model.load(self._payment_id)

    def alt(self, number: int) -> bool:
        """Alt 1 void, Alt 2 refund."""
        button = {1: self._void, 2: self._refund}.get(number)
        if button is not None:
            button.press()
        return button is not None

    def shortcut(self, keys: str) -> bool:
        """Del: void."""
        if keys == "Del":
            self._void.press()
        return keys == "Del"

    def panes(self) -> Sequence[QWidget]:
        """The buttons."""
        return (self._print,)

    def first_focus(self) -> QWidget | None:
        """Printing is what people come for."""
        return self._print

    def key_hints(self) -> Sequence[KeyHint]:
        """What the keys do."""
        return (
            KeyHint("Del", "Void…"),
            KeyHint("Alt 2", "Refund…"),
            KeyHint("Ctrl P", "Print copy"),
            KeyHint("Esc", "Back to the drawer"),
        )
