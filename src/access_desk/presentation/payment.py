"""Taking a payment: what is owed, how it is paid, the change, and the receipt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from access_desk.domain.errors import DeskError, Refusal, UnavailableError
from access_desk.domain.events import Recorded
from access_desk.domain.money import Money, total
from access_desk.domain.papers.receipt import Language
from access_desk.domain.payments.commands import TakePayment
from access_desk.domain.payments.events import PaymentReceived
from access_desk.domain.policy import Policy
from access_desk.presentation.drawer_session import MoneySession, MoneyState, MoneyViewModel
from access_desk.presentation.payment_change import change_pieces, quick_amounts
from access_desk.presentation.payment_lines import OwedLine, added_line, paying_now, payment_lines, ticked
from access_desk.presentation.payment_paper import PaperForm
from access_desk.presentation.payment_subject import Hold, Payer, Subject, load_subject, payers_waiting
from access_desk.presentation.payment_tender import KINDS, TenderForm
from access_desk.services.desk import Desk

PrintReceipt = Callable[[bytes, str], None]
DrawReceipt = Callable[[str, Language], bytes]


@dataclass(frozen=True, slots=True)
class PaymentDone:
    """A payment that was recorded. ``print_fault`` is why its receipt did not print, or blank."""

    payment_id: str
    receipt: str
    amount: Money
    change: Money
    is_printed: bool
    print_fault: str = ""
    payer: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentState(MoneyState):
    """The payment form. ``last`` is the payment recorded before this form; ``subject`` None while nobody was chosen."""

    owner: str = ""
    subject: Subject | None = None
    payers: tuple[Payer, ...] = ()
    drawer_id: str = ""
    drawer_key: str = ""
    drawer_problem: str = ""
    policy: Policy = field(default_factory=Policy)
    lines: tuple[OwedLine, ...] = ()
    tender: TenderForm = field(default_factory=TenderForm)
    paper: PaperForm = field(default_factory=PaperForm)
    prints: bool = True
    language: Language = Language.ENGLISH_AND_SPANISH
    last: PaymentDone | None = None
    printing: bool = False

    @property
    def hold(self) -> Hold | None:
        """Why nobody may be asked for money, if so."""
        return self.subject.hold if self.subject else None

    @property
    def paying(self) -> Money:
        """The sum of what is ticked."""
        return paying_now(self.lines)

    @property
    def cash_asked(self) -> Money:
        """The cash to ask for: rounded where the facility rounds."""
        return self.policy.cash_asked(self.tender.cash_part(self.paying))

    @property
    def rounding(self) -> Money:
        """What rounding adds to the cash part (negative: takes off)."""
        return self.cash_asked - self.tender.cash_part(self.paying)

    @property
    def change_due(self) -> Money | None:
        """Change, None while it cannot be told."""
        return self.tender.change(self.paying, self.policy)

    @property
    def change_in_pieces(self) -> tuple[tuple[int, str], ...]:
        """The bills and coins of the change."""
        return change_pieces(self.change_due) if self.change_due else ()

    @property
    def quick(self) -> tuple[Money, ...]:
        """Sums people hand over."""
        return quick_amounts(self.cash_asked)

    @property
    def collected(self) -> Money:
        """What goes in: the payment, with its cash part rounded."""
        return self.paying + self.rounding


class PaymentViewModel(MoneyViewModel[PaymentState]):
    """Payment. ``draw_receipt`` makes a receipt's paper (recorded as printed first); ``print_receipt`` puts it out."""

    def __init__(self, session: MoneySession, draw_receipt: DrawReceipt, print_receipt: PrintReceipt) -> None:
        super().__init__(session, PaymentState())
        self._draw_receipt = draw_receipt
        self._print_receipt = print_receipt

    def load(self) -> None:
        """Nobody chosen yet: offer who is here and owes."""
        self._load("", "")

    def load_visit(self, visit_id: str) -> None:
        """Take a payment for a visit."""
        self._load(visit_id, "")

    def load_patient(self, patient_id: str) -> None:
        """Take a payment for a patient without a visit."""
        self._load("", patient_id)

    def resume(self) -> None:
        """Come back to the form as it was left; somebody else starts afresh."""
        if self.state.subject is None or self.state.owner != self.who:
            self.load()
            return
        person, desk = self.who, self.session.desk

        def refreshed(now: PaymentState) -> None:
            self.change(drawer_id=now.drawer_id, drawer_key=now.drawer_key, drawer_problem=now.drawer_problem, policy=now.policy)

        self.ask(lambda: _with_drawer(desk, person), refreshed)

    def tick(self, index: int, *, on: bool) -> None:
        """Space on a line."""
        self._line(index, ticked(self.state.lines[index], on=on))

    def type_amount(self, index: int, text: str) -> None:
        """What is paid of a line; typing an amount ticks it."""
        self._line(index, replace(self.state.lines[index], text=text, ticked=True))

    def add_line(self, purpose: str) -> None:
        """Something else is paid for."""
        self.change(lines=(*self.state.lines, added_line(purpose)), problem="")

    def remove_line(self, index: int) -> None:
        """Take an added line away again; what is owed stays listed."""
        if self.state.lines[index].owed is None:
            self.change(lines=(*self.state.lines[:index], *self.state.lines[index + 1 :]), problem="")

    def choose_tender(self, kind: str) -> None:
        """Alt 1 to 4."""
        if kind in KINDS:
            self.change(tender=replace(self.state.tender, kind=kind), problem="")

    def type_tender(self, **fields: str) -> None:
        """A field of the tender changed: ``received``, ``check_number``, ``card_last4``, …"""
        self.change(tender=replace(self.state.tender, **fields), problem="")  # type: ignore[arg-type]

    def type_part(self, tender: str, text: str) -> None:
        """The amount of a part of a split."""
        parts = {**self.state.tender.parts, tender: text}
        self.change(tender=replace(self.state.tender, parts=parts), problem="")

    def receive(self, amount: Money) -> None:
        """A quick amount was pressed."""
        self.type_tender(received=str(amount))

    def receive_exact(self) -> None:
        """Ctrl E: exactly what is asked for."""
        if self.state.cash_asked:
            self.receive(self.state.cash_asked)

    def say_paper(self, **fields: object) -> None:
        """Whether it was taken on paper before (``is_paper``), and what the paper says: ``day``, ``at``, ``number``."""
        self.change(paper=replace(self.state.paper, **fields), problem="")  # type: ignore[arg-type]

    def choose_receipt(self, *, prints: bool, language: Language) -> None:
        """Whether a receipt is printed, and in which words."""
        self.change(prints=prints, language=language)

    def record(self) -> None:
        """Record the payment, then print its receipt. Nothing is recorded twice, whatever is pressed how often."""
        state, subject = self.state, self.state.subject
        if state.busy or subject is None:
            return
        try:
            if subject.hold:
                raise DeskError(Refusal.EMTALA_HOLD, subject.hold.text)
            if state.drawer_problem:
                raise DeskError(Refusal.DRAWER_NOT_OPEN, state.drawer_problem)
            lines = payment_lines(state.lines)
            tenders = state.tender.offered(state.paying)
            if short := state.tender.received_error(state.paying, state.policy) if state.tender.cash_part(state.paying) else "":
                raise DeskError(Refusal.BAD_AMOUNT, f"Cash received: {short}")
            patient_id = None if subject.visit_id else subject.patient_id
            paper = state.paper.read(self.session.desk.view.now())
            command = TakePayment(state.drawer_id, lines, tenders, subject.visit_id or None, patient_id, paper)
            command.check()
        except DeskError as wrong:
            self.change(problem=wrong.text)
            return
        payments = self.session.desk.payments
        self.write(lambda by: payments.take(by, command), self._recorded)

    def print_again(self) -> None:
        """Print the receipt of the last payment; the payment itself is never touched."""
        if self.state.last and not self.state.printing:
            self._print(self.state.last)

    def _line(self, index: int, line: OwedLine) -> None:
        lines = (*self.state.lines[:index], line, *self.state.lines[index + 1 :])
        self.change(lines=lines, problem="")

    def _load(self, visit_id: str, patient_id: str) -> None:
        person, desk = self.who, self.session.desk

        def load() -> PaymentState:
            subject = load_subject(desk, person, visit_id, patient_id) if visit_id or patient_id else None
            payers = () if subject else payers_waiting(desk, person)
            return replace(_with_drawer(desk, person), subject=subject, payers=payers, lines=subject.lines if subject else ())

        self.ask(load, self._loaded)

    def _loaded(self, loaded: PaymentState) -> None:
        self.new_form()
        before = self.state
        last = before.last
        if last and not last.print_fault and loaded.subject and _payer(loaded.subject) != last.payer:
            # What the payer before took with them is no business of the next one.
            last = None
        # Papers are entered one after another: the next one is most likely of the same day.
        paper = replace(before.paper, at="", number="") if before.paper.is_paper else PaperForm()
        kept = replace(loaded, prints=before.prints, language=before.language, last=last, printing=before.printing, paper=paper)
        self.change(**{name: getattr(kept, name) for name in kept.__dataclass_fields__})

    def _recorded(self, events: list[Recorded]) -> None:
        body = next(event.body for event in reversed(events) if isinstance(event.body, PaymentReceived))
        change = total(part.change for part in body.tenders)
        subject = self.state.subject
        payer = _payer(subject) if subject else ("", "")
        done = PaymentDone(body.payment_id, body.receipt, body.amount, change, is_printed=False, payer=payer)
        # Nothing of the form stays behind: what is pressed from here on finds nothing to record.
        self.change(last=done, lines=(), tender=TenderForm(), paper=replace(self.state.paper, at="", number=""))
        if self.state.prints:
            self._print(done)
        if subject:
            self._load(subject.visit_id, "" if subject.visit_id else subject.patient_id)

    def _print(self, done: PaymentDone) -> None:
        language = self.state.language
        self.change(printing=True)

        def drawn(paper: bytes) -> None:
            try:
                self._print_receipt(paper, f"Receipt {done.receipt}")
            except UnavailableError as fault:
                failed(fault)
            else:
                self._after_print(done, fault="")

        def failed(error: Exception) -> None:
            if not isinstance(error, UnavailableError | DeskError):
                self.change(printing=False)
                raise error
            self._after_print(done, fault=error.text)

        self.session.run(lambda: self._draw_receipt(done.payment_id, language), drawn, failed)

    def _after_print(self, done: PaymentDone, *, fault: str) -> None:
        last = self.state.last
        if last and last.payment_id == done.payment_id:
            self.change(printing=False, last=replace(last, is_printed=not fault, print_fault=fault))
        else:
            self.change(printing=False)


def _payer(subject: Subject) -> tuple[str, str]:
    return subject.patient_id, subject.visit_id


def _with_drawer(desk: Desk, person_id: str) -> PaymentState:
    """An empty form over the drawer that the person holds."""
    facility = desk.view.facility()
    drawer = facility.held_by(person_id)
    trouble = ""
    if drawer is None:
        trouble = "Open a drawer first: a payment goes into the drawer you hold."
    elif drawer.status != "open":
        trouble = "Your drawer is being counted and takes no payments. Close it, then open it again."
    return PaymentState(
        owner=person_id,
        drawer_id=drawer.drawer_id if drawer else "",
        drawer_key=drawer.key if drawer else "",
        drawer_problem=trouble,
        policy=facility.policy,
    )
