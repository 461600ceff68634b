"""What the rules need to know of one custody: everything that happened in it so far, in sums."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from access_desk.domain.cash_drawer.events import (
    CashDropped,
    CashPaidIn,
    CashPaidOut,
    CustodyClosed,
    CustodyOpened,
    DrawerCounted,
)
from access_desk.domain.denominations import ClosingCount
from access_desk.domain.events import Recorded
from access_desk.domain.ledger import Account, Posting
from access_desk.domain.money import Money, total
from access_desk.domain.payments.events import PaymentReceived, PaymentRefunded, PaymentVoided, TenderTaken
from access_desk.domain.policy import NO_MONEY, TENDERS


@dataclass(frozen=True, slots=True)
class CountsAt:
    """The closing counts of a custody at one desk: how many, and the last."""

    attempts: int
    last: ClosingCount


@dataclass(frozen=True, slots=True)
class CustodyState:
    """One custody. ``cash`` is the expected cash, the sum of its drawer-cash postings; ``counts`` are by desk.

    Whether it is open is said by its drawer, which one desk has: see ``FacilityState.status_of``. A desk that was lost may go
    on counting and closing what was leased to another.
    """

    custody_id: str
    drawer_id: str
    holder_id: str
    business_date: date
    shift: str
    opening_count: Money
    cash: Money
    next_receipt: int
    received: Mapping[str, Money]
    counts: Mapping[str, CountsAt] = field(default_factory=dict)

    def expected(self) -> dict[str, Money]:
        """What should be there, per tender; refunds of checks and cards never lower what was received."""
        return {**self.received, "cash": self.cash}

    def differences(self, count: ClosingCount) -> dict[str, Money]:
        """What was counted less what is expected now, per tender, never netted."""
        counted, expected = count.by_tender(), self.expected()
        return {tender: counted[tender] - expected[tender] for tender in TENDERS}


def cash_moved(postings: tuple[Posting, ...], custody_id: str) -> Money:
    """What the postings do to the cash of one custody."""
    return total(
        posting.amount for posting in postings if posting.account is Account.DRAWER_CASH and posting.custody_id == custody_id
    )


def evolve(state: CustodyState | None, event: Recorded) -> CustodyState | None:
    """The custody after one more event; None before it opened."""
    if isinstance(event.body, CustodyOpened):
        # The next opening is in this custody's history too: it takes the float that was left.
        return _opened(event.body) if state is None else _with_cash(state, event.body.postings)
    if state is None:
        return None
    match event.body:
        case PaymentReceived() as paid:
            next_receipt = max(state.next_receipt, paid.receipt_number + 1)
            state = replace(state, next_receipt=next_receipt, received=_received(state, paid.tenders, 1))
            return _with_cash(state, paid.postings)
        case PaymentVoided() as voided:
            state = replace(state, received=_received(state, voided.returned, -1))
            return _with_cash(state, voided.postings)
        case CashDropped() | CashPaidIn() | CashPaidOut() | PaymentRefunded():
            return _with_cash(state, event.body.postings)
        case DrawerCounted(attempt=attempt, count=count):
            return replace(state, counts={**state.counts, event.desk_id: CountsAt(attempt, count)})
        case CustodyClosed() as closed:
            return _with_cash(state, closed.postings)
    return state


def _opened(opened: CustodyOpened) -> CustodyState:
    return CustodyState(
        custody_id=opened.custody_id,
        drawer_id=opened.drawer_id,
        holder_id=opened.holder_id,
        business_date=opened.business_date,
        shift=opened.shift,
        opening_count=opened.opening_count,
        cash=cash_moved(opened.postings, opened.custody_id),
        next_receipt=opened.next_receipt,
        received=NO_MONEY,
    )


def _with_cash(state: CustodyState, postings: tuple[Posting, ...]) -> CustodyState:
    return replace(state, cash=state.cash + cash_moved(postings, state.custody_id))


def _received(state: CustodyState, tenders: tuple[TenderTaken, ...], sign: int) -> dict[str, Money]:
    received = dict(state.received)
    for tender in tenders:
        received[tender.tender] += tender.taken * sign
    return received
