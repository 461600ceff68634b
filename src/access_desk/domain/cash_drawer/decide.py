"""The rules of the drawer. Every decision is a pure function of states, a command and the person acting.

Where several refusals apply, the first of this order is given: values, references, drawer state, holder, limits,
reason, approval, memo, witness, cash. No text tells what the drawer holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from access_desk.domain.cash_drawer.commands import (
    AuditCount,
    CountDrawer,
    DropCash,
    ExchangeChange,
    OpenDrawer,
    OpenWithoutSale,
    PayIn,
    PayOut,
    RevealExpected,
)
from access_desk.domain.cash_drawer.events import (
    CashDropped,
    CashPaidIn,
    CashPaidOut,
    ChangeExchanged,
    CustodyOpened,
    DrawerAudited,
    DrawerCounted,
    ExpectedRevealed,
    HandedOver,
    OpenedWithoutSale,
)
from access_desk.domain.cash_drawer.state import CustodyState
from access_desk.domain.denominations import CashCount, ClosingCount
from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.events import Fact
from access_desk.domain.facility.state import DrawerState, FacilityState
from access_desk.domain.ledger import Account, Posting, balanced
from access_desk.domain.money import Money
from access_desk.domain.permissions import Action, DrawerStatus, check_drawer_state, check_role
from access_desk.domain.staff import Countersign, Person, PinVerdicts, check_countersign


@dataclass(frozen=True, slots=True)
class Acting:
    """Who acts, when by the facility's wall clock, and how typed PINs are judged."""

    person: Person
    local: datetime
    pins: PinVerdicts


def drawer_in(facility: FacilityState, action: Action, drawer_id: str, acting: Acting) -> DrawerState:
    """The drawer, in a state that allows the action, held by the person acting.

    Raises:
        DeskError: ``unknown_reference``, ``drawer_not_open``, ``drawer_counting``, ``not_holder`` or ``not_permitted``.
    """
    drawer = facility.drawer(drawer_id)
    check_drawer_state(action, drawer.status)
    check_holder(drawer.holder_id, acting)
    check_role(acting.person, action)
    return drawer


def check_holder(holder_id: str | None, acting: Acting) -> None:
    """Raises ``not_holder`` unless the person acting has sole custody."""
    if holder_id != acting.person.person_id:
        raise DeskError(Refusal.NOT_HOLDER, "Somebody else holds this drawer. Only its holder may do this.")


def check_reason(reason: str) -> None:
    """Raises ``needs_reason`` for a blank one."""
    if not reason.strip():
        raise DeskError(Refusal.NEEDS_REASON, "Say why: a reason is needed, and it is kept.")


def check_approval(facility: FacilityState, approval: Countersign | None, acting: Acting, *, needed: bool) -> None:
    """A needed approval is there, and a named approver is somebody else who may approve, with their own PIN."""
    if approval is None:
        if needed:
            raise DeskError(Refusal.NEEDS_APPROVAL, "A shift lead or a supervisor has to approve this with their PIN.")
        return
    check_countersign(approval, acting.person, facility.person(approval.person_id), acting.pins, approves=True)


def check_witness(facility: FacilityState, witness: Countersign | None, acting: Acting, *, needed: bool) -> None:
    """A needed witness is there, and a named witness is somebody else, with their own PIN."""
    if witness is None:
        if needed:
            raise DeskError(Refusal.NEEDS_WITNESS, "A second person has to witness this count with their PIN.")
        return
    check_countersign(witness, acting.person, facility.person(witness.person_id), acting.pins, approves=False)


def check_bag(facility: FacilityState, bag: str) -> None:
    """Raises ``bag_in_use`` when a bag of that number was sealed before."""
    if bag and bag in facility.bags:
        raise DeskError(Refusal.BAG_IN_USE, "A bag with this number was already sealed. Take a new bag.")


def check_cash(custody: CustodyState, amount: Money) -> None:
    """Raises ``not_enough_cash`` when the drawer cannot hold that much."""
    if amount > custody.cash:
        raise DeskError(Refusal.NOT_ENOUGH_CASH, "There is not enough cash in this drawer for that.")


def signer_id(countersign: Countersign | None) -> str | None:
    """Who countersigned."""
    return countersign.person_id if countersign else None


def decide_opening(facility: FacilityState, command: OpenDrawer, custody_id: str, acting: Acting) -> list[Fact]:
    """Open a drawer: one open custody per drawer, one open drawer per person."""
    command.check()
    drawer = facility.drawer(command.drawer_id)
    if command.witness:
        facility.person(command.witness.person_id)
    check_drawer_state(Action.OPEN_DRAWER, drawer.status)
    check_role(acting.person, Action.OPEN_DRAWER)
    check_holds_none(facility, acting.person)
    check_witness(facility, command.witness, acting, needed=facility.policy.two_person_open)
    opened = opening(facility, drawer, command.count, custody_id, acting.person, acting.local, witness=command.witness)
    return [custody_fact(facility, opened, signer_id(command.witness))]


def check_holds_none(facility: FacilityState, person: Person) -> None:
    """Raises ``holds_another_drawer``."""
    if facility.held_by(person.person_id):
        raise DeskError(Refusal.HOLDS_ANOTHER_DRAWER, "This person already holds an open drawer. Close that one first.")


def custody_fact(facility: FacilityState, opened: CustodyOpened, approver_id: str | None) -> Fact:
    """The fact of an opening, in the history of the custody, the custody before it, and the facility."""
    before = (opened.previous_custody_id,) if opened.previous_custody_id else ()
    return Fact(opened.custody_id, opened, approver_id, (facility.facility_id, *before))


def opening(
    facility: FacilityState,
    drawer: DrawerState,
    count: CashCount,
    custody_id: str,
    holder: Person,
    local: datetime,
    *,
    witness: Countersign | None = None,
    handed_over: HandedOver | None = None,
) -> CustodyOpened:
    """What opening with that count means: the variance goes to the last custody, the float moves to the new one."""
    counted, should_hold = count.total(), drawer.should_hold()
    variance = counted - should_hold
    before = drawer.last_custody_id
    from_account = Account.DRAWER_CASH if before else Account.IMPREST
    return CustodyOpened(
        custody_id=custody_id,
        drawer_id=drawer.drawer_id,
        drawer_epoch=drawer.epoch,
        holder_id=holder.person_id,
        business_date=facility.policy.business_date_at(local),
        shift=facility.policy.shift_at(local),
        count=count,
        opening_count=counted,
        should_hold=should_hold,
        opening_variance=variance,
        previous_custody_id=before,
        next_receipt=drawer.next_receipt,
        witness_id=signer_id(witness),
        handed_over=handed_over,
        postings=balanced(
            Posting(Account.DRAWER_CASH, counted, custody_id),
            Posting(from_account, -should_hold, before or ""),
            Posting(Account.OVER_SHORT, -variance, before or ""),
        ),
    )


def decide_drop(facility: FacilityState, custody: CustodyState, command: DropCash, move_id: str, acting: Acting) -> list[Fact]:
    """Cash to the safe, loose or in a numbered bag."""
    command.check()
    if command.witness:
        facility.person(command.witness.person_id)
    drawer = drawer_in(facility, Action.DROP, command.drawer_id, acting)
    check_bag(facility, command.bag)
    check_witness(facility, command.witness, acting, needed=False)
    check_cash(custody, command.amount)
    postings = balanced(Posting(Account.DRAWER_CASH, -command.amount, custody.custody_id), Posting(Account.SAFE, command.amount))
    dropped = CashDropped(
        move_id, drawer.drawer_id, command.amount, command.count, command.bag, signer_id(command.witness), postings
    )
    also = (facility.facility_id,) if command.bag else ()
    return [Fact(custody.custody_id, dropped, signer_id(command.witness), also)]


def decide_paid_in(facility: FacilityState, custody: CustodyState, command: PayIn, move_id: str, acting: Acting) -> list[Fact]:
    """Cash in that no patient paid: always approved."""
    command.check()
    if command.approval:
        facility.person(command.approval.person_id)
    drawer = drawer_in(facility, Action.PAID_IN, command.drawer_id, acting)
    check_reason(command.reason)
    check_approval(facility, command.approval, acting, needed=True)
    postings = balanced(
        Posting(Account.DRAWER_CASH, command.amount, custody.custody_id), Posting(Account.IMPREST, -command.amount)
    )
    paid_in = CashPaidIn(move_id, drawer.drawer_id, command.amount, command.reason, postings)
    return [Fact(custody.custody_id, paid_in, signer_id(command.approval))]


def decide_paid_out(facility: FacilityState, custody: CustodyState, command: PayOut, move_id: str, acting: Acting) -> list[Fact]:
    """An expense from the drawer: only where the facility allows it, always approved."""
    command.check()
    if command.approval:
        facility.person(command.approval.person_id)
    drawer = facility.drawer(command.drawer_id)
    check_drawer_state(Action.PAID_OUT, drawer.status)
    if not facility.policy.paid_out:
        raise DeskError(Refusal.NOT_PERMITTED, "This facility pays no expenses from its drawers. Use petty cash.")
    drawer_in(facility, Action.PAID_OUT, command.drawer_id, acting)
    check_reason(command.reason)
    check_approval(facility, command.approval, acting, needed=True)
    check_cash(custody, command.amount)
    postings = balanced(
        Posting(Account.DRAWER_CASH, -command.amount, custody.custody_id), Posting(Account.PAID_OUT, command.amount)
    )
    paid_out = CashPaidOut(move_id, drawer.drawer_id, command.amount, command.reason, postings)
    return [Fact(custody.custody_id, paid_out, signer_id(command.approval))]


def decide_exchange(
    facility: FacilityState, custody: CustodyState, command: ExchangeChange, move_id: str, acting: Acting
) -> list[Fact]:
    """Other pieces, the same total; the drawer gives no more than it has."""
    command.check()
    drawer = drawer_in(facility, Action.EXCHANGE, command.drawer_id, acting)
    check_cash(custody, command.give.total())
    exchanged = ChangeExchanged(move_id, drawer.drawer_id, command.give, command.take, command.give.total())
    return [Fact(custody.custody_id, exchanged)]


def decide_no_sale(
    facility: FacilityState, custody: CustodyState, command: OpenWithoutSale, move_id: str, acting: Acting
) -> list[Fact]:
    """Opening the drawer without money is recorded with its reason."""
    command.check()
    drawer = drawer_in(facility, Action.NO_SALE, command.drawer_id, acting)
    check_reason(command.reason)
    return [Fact(custody.custody_id, OpenedWithoutSale(move_id, drawer.drawer_id, command.reason))]


def decide_count(facility: FacilityState, custody: CustodyState, command: CountDrawer, acting: Acting) -> list[Fact]:
    """A closing count; a recount only after a variance and within the facility's number of recounts."""
    command.check()
    drawer = drawer_in(facility, Action.COUNT_DRAWER, command.drawer_id, acting)
    # Not of a drawer that came back from another desk, where it went on. Against what is expected now: what a lost desk still
    # recorded of the custody may have come since the count.
    here = custody.counts.get(drawer.desk_id) if drawer.status is DrawerStatus.COUNTING else None
    if here and (not any(custody.differences(here.last).values()) or here.attempts > facility.policy.recounts):
        raise DeskError(Refusal.RECOUNT_LIMIT, "This drawer was counted as often as allowed. Close it with the last count.")
    return [counted_fact(facility, custody, command.count)]


def counted_fact(facility: FacilityState, custody: CustodyState, count: ClosingCount) -> Fact:
    """A closing count against what is expected, per tender, never netted; of the counts of the desk that has the drawer."""
    here = custody.counts.get(facility.drawer(custody.drawer_id).desk_id)
    attempt = here.attempts + 1 if here else 1
    body = DrawerCounted(custody.drawer_id, attempt, count, count.by_tender(), custody.expected(), custody.differences(count))
    return Fact(custody.custody_id, body, None, (facility.facility_id,))


def decide_audit(facility: FacilityState, custody: CustodyState | None, command: AuditCount, acting: Acting) -> list[Fact]:
    """A surprise count by a lead: recorded, moves nothing."""
    command.check()
    drawer = facility.drawer(command.drawer_id)
    check_drawer_state(Action.AUDIT_COUNT, drawer.status)
    check_role(acting.person, Action.AUDIT_COUNT)
    if custody is None:
        raise DeskError(Refusal.DRAWER_NOT_OPEN, "This drawer is not open.")
    counted, differences = command.count.by_tender(), custody.differences(command.count)
    audited = DrawerAudited(drawer.drawer_id, command.count, counted, custody.expected(), differences)
    return [Fact(custody.custody_id, audited)]


def decide_reveal(facility: FacilityState, custody: CustodyState, command: RevealExpected, acting: Acting) -> list[Fact]:
    """A lead shows the hidden figures; that is recorded."""
    command.check()
    drawer = facility.drawer(command.drawer_id)
    if drawer.status is DrawerStatus.CLOSED:
        raise DeskError(Refusal.DRAWER_NOT_OPEN, "This drawer is not open.")
    check_approval(facility, command.approval, acting, needed=True)
    return [Fact(custody.custody_id, ExpectedRevealed(drawer.drawer_id), command.approval.person_id)]
