"""The rules of ending a custody: closing, take-over of an absent holder's drawer, hand-over to the next person."""

from __future__ import annotations

from access_desk.domain.cash_drawer.commands import CloseDrawer, HandOver, TakeOver
from access_desk.domain.cash_drawer.decide import (
    Acting,
    check_approval,
    check_bag,
    check_holder,
    check_holds_none,
    check_reason,
    check_witness,
    counted_fact,
    custody_fact,
    drawer_in,
    opening,
    signer_id,
)
from access_desk.domain.cash_drawer.events import CustodyClosed, DrawerCounted, HandedOver
from access_desk.domain.cash_drawer.state import CustodyState
from access_desk.domain.denominations import CashCount
from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.events import Fact
from access_desk.domain.facility.state import FacilityState
from access_desk.domain.ledger import Account, Posting, balanced
from access_desk.domain.money import Money
from access_desk.domain.permissions import Action, check_drawer_state, check_role
from access_desk.domain.staff import check_countersign


def decide_closing(facility: FacilityState, custody: CustodyState, command: CloseDrawer, acting: Acting) -> list[Fact]:
    """End a counted custody. A variance never blocks it; a missing explanation, approval or signature does."""
    command.check()
    for countersign in (command.approval, command.witness):
        if countersign:
            facility.person(countersign.person_id)
    drawer_in(facility, Action.CLOSE_DRAWER, command.drawer_id, acting)
    check_bag(facility, command.bag)
    counted = last_count(facility, custody)
    if counted is None:
        raise DeskError(Refusal.DRAWER_NOT_OPEN, "Count the drawer before you close it.")
    if command.seen is not None and command.seen != counted.variances:
        text = "What is expected has changed since the count. Look at the difference again, then close. Nothing was recorded."
        raise DeskError(Refusal.BAD_VALUE, text)
    _check_explained(facility, counted, command, acting)
    check_witness(facility, command.witness, acting, needed=facility.policy.two_person_close)
    to_bank = command.to_bank_count.total() if command.to_bank_count else command.to_bank
    return [_closed(facility, custody, counted, command, to_bank, acting)]


def decide_take_over(facility: FacilityState, custody: CustodyState | None, command: TakeOver, acting: Acting) -> list[Fact]:
    """A lead counts and closes for a holder who is absent; the variance stays with the holder."""
    command.check()
    drawer = facility.drawer(command.drawer_id)
    if command.approval:
        facility.person(command.approval.person_id)
    check_drawer_state(Action.TAKE_OVER, drawer.status)
    check_role(acting.person, Action.TAKE_OVER)
    if custody is None:
        raise DeskError(Refusal.DRAWER_NOT_OPEN, "This drawer is not open.")
    if drawer.holder_id == acting.person.person_id:
        raise DeskError(Refusal.SAME_PERSON, "You hold this drawer: count and close it yourself.")
    check_bag(facility, command.bag)
    count_fact = counted_fact(facility, custody, command.count)
    counted = count_fact.body
    assert isinstance(counted, DrawerCounted)  # noqa: S101 - counted_fact makes nothing else
    _check_explained(facility, counted, command, acting)
    return [count_fact, _closed(facility, custody, counted, command, None, acting)]


def decide_hand_over(facility: FacilityState, command: HandOver, custody_id: str, acting: Acting) -> list[Fact]:
    """The last holder gives the closed drawer on; the receiver's own count must be what was left in it."""
    command.check()
    drawer = facility.drawer(command.drawer_id)
    receiver = facility.person(command.receiver.person_id)
    check_drawer_state(Action.HAND_OVER, drawer.status)
    if drawer.last_custody_id is None or drawer.last_holder_id is None:
        raise DeskError(Refusal.DRAWER_NOT_OPEN, "Nobody has held this drawer yet. Open it with a count instead.")
    check_holder(drawer.last_holder_id, acting)
    check_holds_none(facility, receiver)
    check_countersign(command.receiver, acting.person, receiver, acting.pins, approves=False)
    if command.count.total() != drawer.should_hold():
        raise DeskError(
            Refusal.RECEIVER_COUNT_DIFFERS,
            "The receiver's count is not what was left in the drawer. Count together; nothing has moved.",
        )
    handed = HandedOver(drawer.last_custody_id, drawer.last_holder_id, command.open_items, command.note)
    opened = opening(facility, drawer, command.count, custody_id, receiver, acting.local, handed_over=handed)
    return [custody_fact(facility, opened, receiver.person_id)]


def last_count(facility: FacilityState, custody: CustodyState) -> DrawerCounted | None:
    """The last closing count at the desk that has the drawer, against what is expected now; None before the first.

    What a lost desk still recorded of the custody may have come since the count.
    """
    here = custody.counts.get(facility.drawer(custody.drawer_id).desk_id)
    if here is None:
        return None
    return DrawerCounted(
        custody.drawer_id,
        here.attempts,
        here.last,
        here.last.by_tender(),
        custody.expected(),
        custody.differences(here.last),
    )


def _check_explained(facility: FacilityState, counted: DrawerCounted, command: CloseDrawer | TakeOver, acting: Acting) -> None:
    """Reason, approval and memo, as the facility's tier for the worst tender asks."""
    needs = facility.policy.needs_for(counted.variances)
    if "reason" in needs:
        check_reason(command.reason)
    check_approval(facility, command.approval, acting, needed="approval" in needs)
    if "memo" in needs and not command.memo.strip():
        raise DeskError(Refusal.NEEDS_MEMO, "A difference this large needs a memo: what happened, and what prevents it.")


def _closed(
    facility: FacilityState,
    custody: CustodyState,
    counted: DrawerCounted,
    command: CloseDrawer | TakeOver,
    to_bank: Money | None,
    acting: Acting,
) -> Fact:
    cash = counted.counted["cash"]
    imprest = facility.drawer(custody.drawer_id).imprest
    to_bank = max(cash - imprest, Money(0)) if to_bank is None else to_bank
    if to_bank > cash:
        raise DeskError(Refusal.NOT_ENOUGH_CASH, "More goes to the bank than was counted. Correct what goes to the bank.")
    bagged = to_bank + counted.counted["check"] + counted.counted["money_order"]
    witness = command.witness if isinstance(command, CloseDrawer) else None
    body = CustodyClosed(
        custody_id=custody.custody_id,
        drawer_id=custody.drawer_id,
        expected=counted.expected,
        counted=counted.counted,
        variances=counted.variances,
        card_batch=counted.count.card_batch,
        reason=command.reason,
        memo=command.memo,
        witness_id=signer_id(witness),
        taken_over=isinstance(command, TakeOver),
        to_bank=to_bank,
        to_bank_count=_bank_pieces(command),
        left_in_drawer=cash - to_bank,
        bag=command.bag,
        bag_amount=bagged if command.bag else Money(0),
        next_receipt=custody.next_receipt,
        postings=_closing_postings(custody.custody_id, counted, to_bank, bagged),
    )
    return Fact(custody.custody_id, body, signer_id(command.approval), (facility.facility_id,))


def _bank_pieces(command: CloseDrawer | TakeOver) -> CashCount | None:
    return command.to_bank_count if isinstance(command, CloseDrawer) else None


def _closing_postings(custody_id: str, counted: DrawerCounted, to_bank: Money, bagged: Money) -> tuple[Posting, ...]:
    """Books become what was counted; checks, money orders and the bank's cash go to the safe; the float stays."""
    difference = counted.variances
    checks, orders = counted.counted["check"], counted.counted["money_order"]
    over = difference["cash"] + difference["check"] + difference["money_order"] + difference["card"]
    return balanced(
        Posting(Account.DRAWER_CASH, difference["cash"] - to_bank, custody_id),
        Posting(Account.DRAWER_CHECKS, difference["check"] - checks, custody_id),
        Posting(Account.DRAWER_MONEY_ORDERS, difference["money_order"] - orders, custody_id),
        Posting(Account.CARD_CLEARING, difference["card"], custody_id),
        Posting(Account.SAFE, bagged, custody_id),
        Posting(Account.OVER_SHORT, -over, custody_id),
    )
