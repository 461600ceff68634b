"""The drawer a person holds: what went in and out, by line and by tender, with the cash hidden until it is counted."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from access_desk.domain.cash_drawer.commands import RevealExpected
from access_desk.domain.errors import DeskError
from access_desk.domain.facility.state import DrawerState, FacilityState
from access_desk.domain.money import total
from access_desk.domain.permissions import Action, DrawerStatus, may
from access_desk.presentation.drawer_rows import DrawerRow, drawer_rows, moved
from access_desk.presentation.drawer_session import (
    MoneySession,
    MoneyState,
    MoneyViewModel,
    SecondPerson,
    signed_by,
    who_may_approve,
)
from access_desk.presentation.drawer_words import clock_text, counted_word, shift_end, span_text, taken_away
from access_desk.services.desk import Desk
from access_desk.services.desk_view import DrawerBook

SAY_SHIFT_ENDS = timedelta(minutes=90)
COUNT_TAKES = timedelta(minutes=40)


@dataclass(frozen=True, slots=True)
class PanelLine:
    """A line of a side panel; ``amount`` None is hidden; ``tender`` names its icon."""

    title: str
    amount: str | None
    tender: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to do soon."""

    headline: str
    text: str


@dataclass(frozen=True, slots=True)
class MoreAction:
    """A verb of the More list: where it leads, what it is called, and why it cannot be done now, if so."""

    key: str
    title: str
    why_not: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawerPageState(MoneyState):
    """The Drawer page. ``status`` is blank while the person holds none. ``revealed`` once a lead showed the cash."""

    status: str = ""
    drawer_id: str = ""
    drawer_key: str = ""
    custody_id: str = ""
    headline: str = ""
    rows: tuple[DrawerRow, ...] = ()
    by_tender: tuple[PanelLine, ...] = ()
    cash_moves: tuple[PanelLine, ...] = ()
    summary: str = ""
    notices: tuple[Notice, ...] = ()
    more: tuple[MoreAction, ...] = ()
    may_pay_out: bool = True
    approvers: tuple[SecondPerson, ...] = ()
    pin: str = field(default="", repr=False)
    revealed: bool = False
    is_loaded: bool = False


class DrawerViewModel(MoneyViewModel[DrawerPageState]):
    """The Drawer page."""

    def __init__(self, session: MoneySession) -> None:
        super().__init__(session, DrawerPageState())

    def load(self) -> None:
        """Read the drawer again; old rows stay until the new ones are there."""
        person, revealed, custody = self.who, self.state.revealed, self.state.custody_id
        self.ask(lambda: _page(self.session.desk, person, custody if revealed else ""), self._loaded)

    def leave(self) -> None:
        """The page is left: what a lead showed is hidden again."""
        if self.state.revealed:
            self.change(revealed=False, by_tender=(), cash_moves=())

    def reveal(self, approver: str, pin: str) -> None:
        """Show the hidden figures on a lead's PIN; that is recorded."""
        if self.state.revealed:
            return
        approval = signed_by(approver, pin)
        if approval is None:
            self.change(problem="Choose the lead who shows the figures.")
            return
        command, drawers = RevealExpected(self.state.drawer_id, approval), self.session.desk.drawers
        self.write(lambda by: drawers.reveal(by, command), lambda _: self._show_cash())

    def _show_cash(self) -> None:
        self.change(revealed=True, pin="")
        self.load()

    def refused(self, error: DeskError) -> None:
        """Show why; a PIN is typed again."""
        self.change(busy=False, problem=error.text, pin="")

    def _loaded(self, loaded: DrawerPageState) -> None:
        self.change(**{name: getattr(loaded, name) for name in loaded.__dataclass_fields__})


def _page(desk: Desk, person_id: str, revealed_custody: str) -> DrawerPageState:
    status = desk.view.status(person_id)
    facility, drawer = status.facility, status.drawer
    more = _more(facility, person_id, drawer)
    if drawer is None or drawer.custody_id is None:
        return DrawerPageState(more=more, is_loaded=True)
    book = desk.view.book(drawer.custody_id)
    if book is None:
        return DrawerPageState(more=more, is_loaded=True)
    figures = book.figures
    rows = drawer_rows(book, desk.view.local, lambda one: facility.person(one).name, facility.policy.suffix_after)
    revealed = revealed_custody == drawer.custody_id
    opened = clock_text(desk.view.local(figures.opened_at))
    notices = []
    if status.drawer_asks_for_drop:
        notices.append(Notice("Time for a safe drop.", "The drawer holds more cash than it should. Alt 1 starts a drop."))
    end = shift_end(facility.policy, figures.shift, status.now) if status.shift == figures.shift else None
    if end and end - status.now <= SAY_SHIFT_ENDS and drawer.status is DrawerStatus.OPEN:
        latest = end - COUNT_TAKES
        start = f"Start the count {f'by {clock_text(latest)}' if latest > status.now else 'now'} to hand off on time."
        notices.append(Notice(f"Shift ends in {span_text(end - status.now)}.", start))
    elif status.shift != figures.shift:
        notices.append(Notice(f"The {figures.shift} shift is over.", "Count and close this drawer, then hand it off."))
    return DrawerPageState(
        status=drawer.status.value,
        drawer_id=drawer.drawer_id,
        drawer_key=drawer.key,
        custody_id=drawer.custody_id,
        headline=f"{drawer.key}, {status.person.name}, opened {opened} with {figures.opening_count.dollars()}",
        rows=rows,
        by_tender=_by_tender(book, shows_cash=revealed),
        cash_moves=_cash_moves(book, shows_expected=revealed),
        summary=_summary(book, rows),
        notices=tuple(notices),
        more=more,
        may_pay_out=facility.policy.paid_out,
        approvers=who_may_approve(desk, person_id),
        revealed=revealed,
        is_loaded=True,
    )


def _by_tender(book: DrawerBook, *, shows_cash: bool) -> tuple[PanelLine, ...]:
    figures = book.figures
    names = {"cash": "Cash", "check": "Checks", "card": "Cards", "money_order": "Money orders"}
    lines = []
    for tender, name in names.items():
        number = figures.received_counts[tender]
        if number or tender != "money_order":
            hidden = tender == "cash" and not shows_cash
            amount = None if hidden else figures.received[tender].dollars()
            lines.append(PanelLine(f"{name}, {number}", amount, tender))
    lines.append(PanelLine(f"Voided, {figures.receipts.voided}", total(figures.voided.values()).dollars(), "void"))
    return tuple(lines)


def _cash_moves(book: DrawerBook, *, shows_expected: bool) -> tuple[PanelLine, ...]:
    figures = book.figures
    lines = [PanelLine("Opening float", figures.opening_count.dollars())]
    for kind, name in (("drop", "Safe drops"), ("paid_out", "Paid out")):
        number, amount = moved(book.moves, kind)
        lines.append(PanelLine(f"{name}, {number}", taken_away(amount)))
    number, amount = moved(book.moves, "paid_in")
    if number:
        lines.append(PanelLine(f"Paid in, {number}", amount.dollars()))
    if refunded := figures.refunded["cash"]:
        lines.append(PanelLine("Refunded", taken_away(refunded)))
    if shows_expected:
        lines.append(PanelLine("Expected cash", figures.expected["cash"].dollars()))
    return tuple(lines)


def _summary(book: DrawerBook, rows: tuple[DrawerRow, ...]) -> str:
    receipts, voided = book.figures.receipts.issued, book.figures.receipts.voided
    voids = f", {counted_word(voided, 'void')}" if voided else ""
    return f"{counted_word(len(rows), 'line')}, {receipts - voided} counted{voids}"


def _more(facility: FacilityState, person_id: str, drawer: DrawerState | None) -> tuple[MoreAction, ...]:
    role = facility.person(person_id).role
    is_open = drawer is not None and drawer.status is DrawerStatus.OPEN
    closed_one = "" if is_open else "Open a drawer first." if drawer is None else "The drawer is being counted."
    leads = "" if may(role, Action.TAKE_OVER) else "Only a shift lead or a supervisor may do this."
    own = [MoreAction("paid_in", "Paid in…", closed_one)] if drawer else []
    own += [MoreAction("exchange", "Change exchange with the safe…", closed_one)] if drawer else []
    own += (
        [MoreAction("no_sale", "Open without a sale…", closed_one), MoreAction("mid_shift", "Mid-shift sheet")] if drawer else []
    )
    return (
        *own,
        MoreAction("deposit", "Bank deposit: bags and carrier"),
        MoreAction("audit", "Surprise count…", leads),
        MoreAction("take_over", "Take over an absent holder’s drawer…", leads),
        MoreAction("shift_report", "End-of-shift report", leads),
        MoreAction("sheets", "Cash sheets of closed drawers"),
    )
