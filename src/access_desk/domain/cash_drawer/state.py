"""What the rules need to know of one custody: everything that happened in it so far, in sums."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
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
from access_desk.domain.facility.events import DrawerLeased
from access_desk.domain.ledger import Account, Posting
from access_desk.domain.money import Money, total
from access_desk.domain.payments.events import PaymentReceived, PaymentRefunded, PaymentVoided, TenderTaken
from access_desk.domain.permissions import DrawerStatus
from access_desk.domain.policy import NO_MONEY


@dataclass(frozen=True, slots=True)
class CustodyState:
    """One custody. ``cash`` is the expected cash, the sum of its drawer-cash postings; ``desk_id`` is where its drawer is."""

    custody_id: str
    drawer_id: str
    holder_id: str
    business_date: date
    shift: str
    status: DrawerStatus
    desk_id: str
    opening_count: Money
    cash: Money
    next_receipt: int
    received: Mapping[str, Money]
    attempts: int = 0
    last_count: ClosingCount | None = None
    last_variances: Mapping[str, Money] | None = None

    def expected(self) -> dict[str, Money]:
        """What should be there, per tender; refunds of checks and cards never lower what was received."""
        return {**self.received, "cash": self.cash}

    def is_balanced(self) -> bool:
        """Whether the last count found no difference in any tender."""
        return self.last_variances is not None and not any(self.last_variances.values())


def cash_moved(postings: tuple[Posting, ...], custody_id: str) -> Money:
    """What the postings do to the cash of one custody."""
    return total(
        posting.amount for posting in postings if posting.account is Account.DRAWER_CASH and posting.custody_id == custody_id
    )


def evolve(state: CustodyState | None, event: Recorded) -> CustodyState | None:
    """The custody after one more event; None before it opened."""
    if isinstance(event.body, CustodyOpened):
        # The next opening is in this custody's history too: it takes the float that was left.
        return _opened(event.body, event.desk_id) if state is None else _with_cash(state, event.body.postings)
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
        case DrawerLeased():
            return replace(state, desk_id=event.desk_id)
        case DrawerCounted() as counted if event.desk_id == state.desk_id or state.status is DrawerStatus.CLOSED:
            # What is closed stays closed, in whatever order its events came to a central that was restored, and where its
            # drawer is open all the same.
            return replace(
                state,
                status=DrawerStatus.CLOSED if state.status is DrawerStatus.CLOSED else DrawerStatus.COUNTING,
                attempts=counted.attempt,
                last_count=counted.count,
                last_variances=counted.variances,
            )
        case CustodyClosed() as closed:
            # A desk that was lost goes on counting and closing what was leased to another: there it is open all the same.
            status = DrawerStatus.CLOSED if event.desk_id == state.desk_id else state.status
            return replace(_with_cash(state, closed.postings), status=status)
    return state


def _opened(opened: CustodyOpened, desk_id: str) -> CustodyState:
    return CustodyState(
        custody_id=opened.custody_id,
        drawer_id=opened.drawer_id,
        holder_id=opened.holder_id,
        business_date=opened.business_date,
        shift=opened.shift,
        status=DrawerStatus.OPEN,
        desk_id=desk_id,
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
