"""Take payment (page 04)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QWidget

from access_desk.domain.papers.receipt import Language
from access_desk.presentation.hidden_names import hidden_title
from access_desk.presentation.payment import PaymentDone, PaymentState, PaymentViewModel
from access_desk.presentation.payment_receipt import ReceiptHead, receipt_lines
from access_desk.presentation.payment_subject import hidden_subject
from access_desk.presentation.registration_state import MOST_ON_CHIP, shortened
from access_desk.ui.kit.buttons import KeyButton, SegmentedControl
from access_desk.ui.kit.cards import Band, Card, Scroller, column, row
from access_desk.ui.kit.fields import Combo, Field, LineEdit
from access_desk.ui.kit.labels import Chip, PlainLabel
from access_desk.ui.kit.table import Cell, Column, Row, Table
from access_desk.ui.kit.theme import current
from access_desk.ui.money.money_page import MoneyPage
from access_desk.ui.money.owed_card import OwedCard
from access_desk.ui.money.printing import default_printer_name
from access_desk.ui.money.receipt_paper import ReceiptPaper
from access_desk.ui.money.tender_card import TenderCard
from access_desk.ui.money.widgets import add_to
from access_desk.ui.pages import KeyHint

LANGUAGES = ((Language.ENGLISH_AND_SPANISH, "Spanish and English"), (Language.ENGLISH, "English"))
KINDS = ("cash", "check", "card", "split")


class PaymentView(MoneyPage):
    """The payment page. ``head`` gives what stands on every receipt now."""

    page_id, title, rail = "payment", "Take payment", "payment"

    def __init__(self, view_model: PaymentViewModel, head: Callable[[], ReceiptHead]) -> None:
        super().__init__()
        self.model, self._head = view_model, head
        self._known_head: ReceiptHead | None = None
        self._hides_names = False
        self._facts: dict[str, PlainLabel] = {}
        self._shown_done: PaymentDone | None = None
        self.layout_.addWidget(self._header_card())
        self._hold = Band(tone="attention", name="emtalaHold", icon="siren")
        self._done = Band(tone="balanced", name="paymentDone")
        self._again = KeyButton(
            "Print again", name="printAgain", small=True, icon_name="printer", on_press=view_model.print_again
        )
        self._problem = Band(tone="short", name="paymentProblem")
        self._drawer = Band(tone="attention", name="paymentDrawer")
        add_to(self._done, self._again)
        for band in (self._hold, self._done, self._problem, self._drawer):
            self.layout_.addWidget(band)
        self.owed = OwedCard(view_model)
        self.tender = TenderCard(view_model, self.primary, self._cancel)
        self._payers = self._payer_card()
        self._form = QWidget()
        self._form.setLayout(self._columns())
        self.layout_.addWidget(self._payers, 1)
        self._scroller = Scroller(self._form)
        self.layout_.addWidget(self._scroller, 1)
        view_model.on_change.append(self.render_state)
        self.destroyed.connect(view_model.detach)
        self.render_state(view_model.state)

    def _header_card(self) -> Card:
        card = Card(name="paymentHeader")
        card.body.setContentsMargins(14, 8, 14, 8)
        card.setFixedHeight(current().px(56))
        self._name = PlainLabel("", weight=600, elide=True)
        self._facts_row = QWidget()
        facts = row(spacing=20)
        for key in ("Born", "MRN", "Visit"):
            self._facts[key] = PlainLabel("", weight=600)
            facts.addLayout(row(PlainLabel(key, tone="secondary"), self._facts[key], spacing=6))
        self._facts_row.setLayout(facts)
        line = row(PlainLabel("Take payment", style="title"), spacing=20)
        line.addWidget(self._name, 1000)
        line.addWidget(self._facts_row)
        line.addStretch(1)
        self._interpreter = Chip("", "info", "languages")
        line.addWidget(self._interpreter)
        card.body.addLayout(line)
        return card

    def _payer_card(self) -> Card:
        card = Card("Who pays?", name="payerCard", aside=PlainLabel("Enter chooses", style="label", tone="muted")).tight()
        columns = (Column("Patient", 320), Column("Here for"), Column("Owes", 120, right=True))
        self._payer_table = Table(columns, name="payerTable", label="Patients who are here and owe")
        self._payer_table.opened.connect(self._chosen)
        card.body.addWidget(self._payer_table, 1)
        self._nobody = Band(
            "Nobody who is here owes anything", "Find the patient with F3, or open a visit on Today.", name="nobodyOwes"
        )
        card.body.addWidget(self._nobody, 0, Qt.AlignmentFlag.AlignTop)
        return card

    def _columns(self) -> QLayout:
        note = Band(
            "", "After recording, a mistake is voided, never edited. Both lines stay on the cash sheet.", name="paymentNote"
        )
        paper = Card("Receipt preview", name="receiptCard", sunken=True, aside=PlainLabel("80 mm", style="label", tone="muted"))
        self.preview = ReceiptPaper()
        paper.body.setContentsMargins(20, 4, 20, 16)
        paper.body.addWidget(self.preview)
        self._paper_card = QWidget()
        self._paper_card.setLayout(column(paper, 1))
        self._paper_card.setFixedWidth(current().px(292))
        line = row()
        line.addLayout(column(self.owed, self._receipt_card(), note, 1), 432)
        line.addLayout(column(self.tender, 1), 502)
        line.addWidget(self._paper_card)
        return line

    def _receipt_card(self) -> Card:
        card = Card("", name="receiptOptions")
        self.prints = SegmentedControl(((True, "Print", "", "printer"), (False, "No receipt", "", "")), name="receiptKind")
        self.language = Combo(name="receiptLanguage", label="Language", choices=LANGUAGES)
        self.prints.chosen.connect(
            lambda value: self.model.choose_receipt(prints=bool(value), language=self.model.state.language)
        )
        self.language.chosen.connect(
            lambda value: self.model.choose_receipt(prints=self.model.state.prints, language=Language(str(value)))
        )
        line = row(Field("Language", self.language))
        line.setStretch(0, 1)
        card.body.addWidget(PlainLabel("Receipt", weight=600))
        card.body.addWidget(self.prints)
        card.body.addLayout(line)
        card.body.addWidget(self._paper_part())
        return card

    def _paper_part(self) -> QWidget:
        """For payments that were taken on paper while the program was down."""
        self.taken = SegmentedControl(
            (("now", "Taken now", "", ""), ("paper", "Taken on paper before", "", "")), name="takenWhen"
        )
        self.taken.chosen.connect(lambda value: self.model.say_paper(is_paper=value == "paper"))
        self.paper_day = LineEdit(name="paperDay", label="Date on the paper receipt")
        self.paper_at = LineEdit(name="paperTime", label="Time on the paper receipt")
        self.paper_number = LineEdit(name="paperNumber", label="Number of the paper receipt")
        self.paper_day.typed.connect(lambda text: self.model.say_paper(day=text))
        self.paper_at.typed.connect(lambda text: self.model.say_paper(at=text))
        self.paper_number.typed.connect(lambda text: self.model.say_paper(number=text))
        self._paper_fields = QWidget()
        fields = row(
            Field("Date", self.paper_day), Field("Time", self.paper_at), Field("Number", self.paper_number, optional=True)
        )
        self._paper_fields.setLayout(fields)
        part = QWidget()
        part.setLayout(column(self.taken, self._paper_fields, spacing=8))
        return part

    def render_state(self, state: PaymentState) -> None:
        """Paint it."""
        if self._hides_names and state.subject is not None:
            state = replace(state, subject=hidden_subject(state.subject))
        subject = state.subject
        self._name.say(subject.name if subject else "")
        # As wide as the name, so that what is known of them follows it; only an endless name gives way.
        self._name.setMaximumWidth(self._name.fontMetrics().horizontalAdvance(self._name.whole()) + 4)
        facts = {"Born": subject.born, "MRN": subject.mrn, "Visit": subject.visit_number or "None"} if subject else {}
        for key, label in self._facts.items():
            label.say(facts.get(key, "–"))
        self._interpreter.setVisible(bool(subject and subject.interpreter))
        if subject and subject.interpreter:
            self._interpreter.show_state(f"{shortened(subject.interpreter, MOST_ON_CHIP)} interpreter", "info", "languages")
        hold = state.hold
        self._hold.say(hold.headline if hold else "", hold.text if hold else "", "attention")
        self._drawer.say(state.drawer_problem, "Drawer is F9." if state.drawer_problem else "", "attention")
        self._problem.say(state.problem, "", "short")
        self._show_done(state)
        self._scroller.setVisible(subject is not None)
        self._facts_row.setVisible(subject is not None)
        self._payers.setVisible(subject is None)
        if subject is None:
            self._show_payers(state)
            if state.payers:
                self.arrived()
            return
        self.owed.show_lines(state)
        self.tender.show_tender(state)
        self.prints.show_choice(state.prints)
        self.language.show_value(state.language)
        self.taken.show_choice("paper" if state.paper.is_paper else "now")
        self._paper_fields.setVisible(state.paper.is_paper)
        self.paper_day.show_text(state.paper.day)
        self.paper_at.show_text(state.paper.at)
        self.paper_number.show_text(state.paper.number)
        if self._known_head:
            self.preview.show_lines(receipt_lines(self._known_head, state))
        if subject.visit_id or subject.patient_id:
            self.arrived()

    def _shown(self, name: str) -> str:
        return hidden_title(name) if self._hides_names else name

    def _show_payers(self, state: PaymentState) -> None:
        rows = [
            Row(one.visit_id, (Cell(self._shown(one.name), bold=True), Cell(one.detail), Cell(one.owed.dollars(), bold=True)))
            for one in state.payers
        ]
        self._payer_table.show_rows(rows)
        self._payer_table.setVisible(bool(rows))
        self._nobody.setVisible(not rows)

    def _show_done(self, state: PaymentState) -> None:
        done = state.last
        if done is None:
            self._done.say("")
            return
        printed = "Printing the receipt." if state.printing else "Receipt printed." if done.is_printed else ""
        change = f"Give {done.change.dollars()} change. " if done.change else ""
        failed = bool(done.print_fault)
        said = f"Payment is recorded. {done.print_fault}" if failed else f"{change}{printed}"
        head = f"Receipt {done.receipt} recorded, {done.amount.dollars()}"
        self._done.say(f"{head}. The receipt did not print" if failed else head, said, "attention" if failed else "balanced")
        self._again.setVisible(failed or done.is_printed)
        if done != self._shown_done:
            if self._shown_done is None or done.payment_id != self._shown_done.payment_id:
                self.status_changed.emit()
            self._shown_done = done

    def entered(self, argument: object) -> None:
        """Come with a visit, with ("patient", id), or to choose."""
        self.awaits()
        self._look_at_head()
        if isinstance(argument, str) and argument:
            self.model.load_visit(argument)
        elif isinstance(argument, tuple):
            self.model.load_patient(str(argument[1]))
        else:
            self.model.resume()

    def _look_at_head(self) -> None:
        def known(head: ReceiptHead) -> None:
            self._known_head = head
            self.render_state(self.model.state)

        self.model.ask(self._head, known)

    def fit(self, width: str) -> None:
        """A narrow window has no room for the receipt preview."""
        super().fit(width)
        self._paper_card.setVisible(width in ("standard", "wide"))

    def hide_names(self, hidden: bool) -> None:
        """Ctrl . hides patient names."""
        self._hides_names = hidden
        self.render_state(self.model.state)

    def primary(self) -> None:
        """F12: record and print."""
        self.model.record()

    def _chosen(self, visit_id: object) -> None:
        self.awaits()
        self.model.load_visit(str(visit_id))

    def _cancel(self) -> None:
        if self.model.state.subject is not None:
            self.model.load()
            self._payer_table.setFocus(Qt.FocusReason.OtherFocusReason)

    def escape(self) -> bool:
        """Nothing was recorded: choose again who pays."""
        if self.model.state.subject is None:
            return False
        self._cancel()
        return True

    def alt(self, number: int) -> bool:
        """Alt 1 to 4: the tender."""
        if not 1 <= number <= len(KINDS):
            return False
        kind = KINDS[number - 1]
        self.tender.kinds.choose(kind)
        first = {"cash": self.tender.received, "check": self.tender.check_number, "card": self.tender.last4}
        first.get(kind, self.tender.parts["cash"]).setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def shortcut(self, keys: str) -> bool:
        """Ctrl E: the exact amount."""
        if keys == "Ctrl+E":
            self.model.receive_exact()
        return keys == "Ctrl+E"

    def refresh(self) -> None:
        """F5: who owes now."""
        if self.model.state.subject is None:
            self.model.load()

    def print_requested(self) -> None:
        """Ctrl P: the last receipt again."""
        self.model.print_again()

    def panes(self) -> Sequence[QWidget]:
        """What is owed, tender."""
        return (self.owed, self.tender) if self.model.state.subject else (self._payer_table,)

    def first_focus(self) -> QWidget | None:
        """The cash received, or the list of payers."""
        if self.model.state.subject is None:
            return self._payer_table
        return self.tender.received if self.model.state.paying else self.owed.add

    def key_hints(self) -> Sequence[KeyHint]:
        """What the keys do."""
        if self.model.state.subject is None:
            return (KeyHint("↑ ↓", "Patient"), KeyHint("Enter", "Take a payment"), KeyHint("F3", "Find"))
        return (
            KeyHint("Enter", "Next field"),
            KeyHint("Alt 1–4", "Tender"),
            KeyHint("Ctrl E", "Exact amount"),
            KeyHint("F12", "Record and print"),
            KeyHint("Esc", "Cancel, nothing recorded"),
        )

    def note(self) -> str:
        """The printer."""
        name = default_printer_name()
        return f"Printer: {name}" if name else "No printer is set up"
