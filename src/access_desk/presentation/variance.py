"""After the count: how it compares, where a difference could come from, why, who approves, and what goes to the bank."""

from __future__ import annotations

from dataclasses import dataclass, field

from access_desk.domain.cash_drawer.commands import CloseDrawer
from access_desk.domain.cash_drawer.events import DrawerCounted
from access_desk.domain.cash_drawer.figures import CountTaken, CustodyFigures
from access_desk.domain.cash_drawer.suspects import Suspect
from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.facility.state import FacilityState
from access_desk.domain.money import ZERO, Money
from access_desk.domain.permissions import DrawerStatus
from access_desk.domain.policy import TENDERS
from access_desk.presentation.cash_count_boxes import counted_lines
from access_desk.presentation.drawer_session import (
    MoneySession,
    MoneyState,
    MoneyViewModel,
    SecondPerson,
    signed_by,
    who_may_approve,
    who_may_witness,
)
from access_desk.presentation.drawer_words import clock_text, counted_word, verdict_word
from access_desk.services.desk import Desk
from access_desk.services.desk_view import DrawerBook

REASONS = (
    "Change given twice",
    "Too little change given",
    "Miscounted at the start",
    "Payment entered with the wrong tender",
    "Payment not entered",
    "Counterfeit bill surrendered",
    "Not found",
    "Other",
)
LONGEST_TEXT = 300
# What follows from the count and from what is expected, of all that the page shows.
_COMPARED = ("lines", "worst", "made_of", "expected_cash", "suspects", "may_recount", "needs", "limit", "approvers", "witnesses")
_TWO = 2


@dataclass(frozen=True, slots=True)
class TenderLine:
    """One tender compared; ``detail`` is a second word such as ``3 checks``."""

    tender: str
    title: str
    detail: str
    expected: Money
    counted: Money
    difference: Money


@dataclass(frozen=True, slots=True)
class PartOfExpected:
    """A line of how expected cash is made: ``+ Cash receipts, 8`` and its amount."""

    title: str
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class VarianceState(MoneyState):
    """A counted drawer before closing. ``needs`` is what closing still asks for: reason, approval, memo, witness."""

    found: bool = False
    drawer_id: str = ""
    drawer_key: str = ""
    custody_id: str = ""
    holder: str = ""
    shift: str = ""
    lines: tuple[TenderLine, ...] = ()
    worst: TenderLine | None = None
    limit: Money | None = None
    history: str = ""
    made_of: tuple[PartOfExpected, ...] = ()
    expected_cash: Money = ZERO
    suspects: tuple[Suspect, ...] = ()
    counted: tuple[tuple[str, str, str], ...] = ()
    counted_cash: Money = ZERO
    attempt: int = 1
    most_attempts: int = 1
    may_recount: bool = False
    needs: frozenset[str] = frozenset()
    imprest: Money = ZERO
    checks_total: Money = ZERO
    reason: str = ""
    happened: str = ""
    approvers: tuple[SecondPerson, ...] = ()
    approver: str = ""
    pin: str = field(default="", repr=False)
    witnesses: tuple[SecondPerson, ...] = ()
    witness: str = ""
    witness_pin: str = field(default="", repr=False)
    to_bank: str = ""
    bag: str = ""
    closed: bool = False

    @property
    def is_balanced(self) -> bool:
        """Whether every tender is there to the cent."""
        return self.worst is None

    @property
    def needs_text(self) -> str:
        """Why the explanation is asked for."""
        wanted = [
            word
            for need, word in (("reason", "a reason"), ("memo", "a memo of what happened"), ("approval", "a lead"))
            if need in self.needs
        ]
        if not wanted:
            return "Nothing has to be explained."
        asked = wanted[0] if len(wanted) == 1 else f"{', '.join(wanted[:-1])} and {wanted[-1]}"
        limit = f"The limit is {self.limit.dollars()}, so this" if self.limit and "approval" in self.needs else "This"
        return f"{limit} needs {asked}."

    @property
    def to_bank_amount(self) -> Money:
        """What goes to the bank as typed; unreadable text is nothing."""
        try:
            return Money.typed(self.to_bank)
        except DeskError:
            return Money(0)

    @property
    def left_in_drawer(self) -> Money:
        """What stays in the drawer as the float."""
        return self.counted_cash - self.to_bank_amount


class VarianceViewModel(MoneyViewModel[VarianceState]):
    """Compare, explain, approve, close."""

    def __init__(self, session: MoneySession) -> None:
        super().__init__(session, VarianceState())

    def load(self) -> None:
        """Read the last count of the drawer that the person holds."""
        person = self.who
        self.ask(lambda: _compared(self.session.desk, person), self._loaded)

    def explain(self, *, reason: str, happened: str) -> None:
        """Why there is a difference, and what happened in the clerk's own words."""
        self.change(reason=reason, happened=happened[:LONGEST_TEXT], problem="")

    def sign(self, approver: str, pin: str) -> None:
        """The lead's approval."""
        self.change(approver=approver, pin=pin, problem="")

    def sign_witness(self, witness: str, pin: str) -> None:
        """The witness of the closing."""
        self.change(witness=witness, witness_pin=pin, problem="")

    def bank(self, *, amount: str, bag: str) -> None:
        """What goes to the bank, and in which bag."""
        self.change(to_bank=amount, bag=bag, problem="")

    def close(self) -> None:
        """Close the custody. Never blocked by the difference itself, only by what has to be said and signed."""
        state = self.state
        if not state.found or state.closed:
            return
        try:
            command = CloseDrawer(
                drawer_id=state.drawer_id,
                reason=state.reason.strip(),
                memo=state.happened.strip(),
                approval=signed_by(state.approver, state.pin) if not state.is_balanced else None,
                witness=signed_by(state.witness, state.witness_pin),
                bag=state.bag.strip(),
                to_bank=Money.typed(state.to_bank),
                seen=dict.fromkeys(TENDERS, ZERO) | {line.tender: line.difference for line in state.lines},
            )
            if state.reason == "Other" and not state.happened.strip():
                raise DeskError(Refusal.NEEDS_REASON, "Write what happened: the reason is “Other”.")
        except DeskError as wrong:
            self.change(problem=wrong.text)
            return
        drawers = self.session.desk.drawers
        self.write(lambda by: drawers.close(by, command), lambda _: self.change(closed=True, pin="", witness_pin=""))

    def refused(self, error: DeskError) -> None:
        """Show why; PINs are typed again."""
        self.change(busy=False, problem=error.text, pin="", witness_pin="")
        person = self.who

        def looked() -> VarianceState | None:
            try:
                return _compared(self.session.desk, person)
            except DeskError:
                return None

        def shown(loaded: VarianceState | None) -> None:
            if loaded is not None:
                self._loaded(loaded, error.text)

        self.ask(looked, shown)

    def _loaded(self, loaded: VarianceState, problem: str = "") -> None:
        self.new_form()
        if loaded.custody_id == self.state.custody_id and loaded.attempt == self.state.attempt and not self.state.closed:
            # What was typed stays. What is expected may be another by now: what a lost desk recorded of the custody came.
            self.change(**{name: getattr(loaded, name) for name in _COMPARED})
            return
        self.change(**{name: getattr(loaded, name) for name in loaded.__dataclass_fields__} | {"problem": problem})


def _compared(desk: Desk, person_id: str) -> VarianceState:
    facility = desk.view.facility()
    drawer = facility.held_by(person_id)
    if drawer is None or drawer.custody_id is None or drawer.status is not DrawerStatus.COUNTING:
        return VarianceState()
    book, last = desk.view.book(drawer.custody_id), desk.view.last_count(drawer.drawer_id)
    if book is None or last is None:
        return VarianceState()
    figures = book.figures
    lines = _tender_lines(figures, last)
    worst = max((line for line in lines if line.difference), key=lambda line: abs(line.difference), default=None)
    policy = facility.policy
    needs = policy.needs_for(last.variances)
    limit = policy.approval_from()
    to_bank = max(last.counted["cash"] - figures.imprest, Money(0))
    return VarianceState(
        found=True,
        drawer_id=drawer.drawer_id,
        drawer_key=drawer.key,
        custody_id=figures.custody_id,
        holder=facility.person(figures.holder_id).name,
        shift=figures.shift,
        lines=lines,
        worst=worst,
        limit=limit - Money(1) if limit else None,
        history=_history(desk, figures.closing_counts),
        made_of=_made_of(desk, facility, book),
        expected_cash=last.expected["cash"],
        suspects=tuple(desk.view.suspects(book, last.variances)),
        counted=counted_lines(last.count.cash),
        counted_cash=last.counted["cash"],
        attempt=last.attempt,
        most_attempts=policy.recounts + 1,
        may_recount=worst is not None and last.attempt <= policy.recounts,
        needs=needs | ({"witness"} if policy.two_person_close else frozenset()),
        imprest=figures.imprest,
        checks_total=last.counted["check"] + last.counted["money_order"],
        approvers=who_may_approve(desk, person_id),
        witnesses=who_may_witness(desk, person_id),
        to_bank=str(to_bank),
    )


def _tender_lines(figures: CustodyFigures, last: DrawerCounted) -> tuple[TenderLine, ...]:
    orders = [check for check in last.count.checks if check.tender == "money_order"]
    checks = len(last.count.checks) - len(orders)
    batch = f", batch {last.count.card_batch}" if last.count.card_batch else ""
    details = {
        "cash": ("Cash", "bills and coin"),
        "check": ("Checks", counted_word(checks, "check")),
        "card": ("Card batch", counted_word(figures.received_counts["card"], "sale") + batch),
        "money_order": ("Money orders", counted_word(len(orders), "money order")),
    }
    lines = [
        TenderLine(tender, *details[tender], last.expected[tender], last.counted[tender], last.variances[tender])
        for tender in ("cash", "check", "card", "money_order")
    ]
    return tuple(line for line in lines if line.tender != "money_order" or line.expected or line.counted)


def _history(desk: Desk, counts: tuple[CountTaken, ...]) -> str:
    times = [clock_text(desk.view.local(count.counted_at)) for count in counts]
    if len(counts) == 1:
        return f"Counted {times[0]}."
    same = all(count.counted == counts[0].counted for count in counts)
    kept = "Both are kept." if len(counts) == _TWO else "All are kept."
    if same:
        return f"First count {times[0]} and recount {times[-1]} agree. {kept}"
    cash = counts[0].over_short["cash"]
    first = f"{verdict_word(cash).lower()} {cash.signed_figures()}"
    return f"First count {times[0]} was {first} in cash, recount {times[-1]} differs. {kept}"


def _made_of(desk: Desk, facility: FacilityState, book: DrawerBook) -> tuple[PartOfExpected, ...]:
    figures = book.figures
    cash_receipts = figures.received_counts["cash"]
    parts = [
        PartOfExpected("Opening float", figures.opening_count),
        PartOfExpected(f"+ Cash receipts, {cash_receipts}", figures.received["cash"]),
    ]
    names = {"drop": "Safe drop", "paid_out": "Paid out", "paid_in": "Paid in"}
    for move in book.moves:
        if move.kind in names:
            sign = "+" if move.kind == "paid_in" else "−"
            why = f", {move.reason}" if move.reason else f", bag {move.bag}" if move.bag else ""
            at = clock_text(desk.view.local(move.moved_at))
            parts.append(PartOfExpected(f"{sign} {names[move.kind]} {at}{why}", move.amount))
    refunds = [refund for refund in book.refunds if refund.tender == "cash"]
    parts += [PartOfExpected(f"− Refund of {refund.receipt}", refund.amount) for refund in refunds]
    return tuple(parts)
