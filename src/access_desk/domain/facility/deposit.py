"""The rules of bank deposits: sealed bags go from the safe to the bank, and the bank's count is final."""

from __future__ import annotations

from dataclasses import dataclass

from access_desk.domain.cash_drawer.commands import check_amount
from access_desk.domain.cash_drawer.decide import Acting, check_witness, signer_id
from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.events import Fact
from access_desk.domain.facility.events import DepositConfirmed, DepositSent
from access_desk.domain.facility.state import FacilityState
from access_desk.domain.ledger import Account, Posting, balanced
from access_desk.domain.money import Money, total
from access_desk.domain.permissions import Action, check_role
from access_desk.domain.staff import Countersign


@dataclass(frozen=True, slots=True)
class SendDeposit:
    """Give bags to the carrier."""

    bags: tuple[str, ...]
    witness: Countersign | None = None

    def check(self) -> None:
        """Raises ``bad_value`` for no bags."""
        if not self.bags:
            raise DeskError(Refusal.BAD_VALUE, "Name the bags that leave the safe.")


@dataclass(frozen=True, slots=True)
class ConfirmDeposit:
    """What the bank counted in a bag."""

    bag: str
    amount: Money

    def check(self) -> None:
        """Raises ``bad_amount``."""
        check_amount(self.amount)


def decide_deposit(facility: FacilityState, command: SendDeposit, acting: Acting) -> list[Fact]:
    """Bags leave the safe, each once."""
    command.check()
    bags = [facility.bag(number) for number in command.bags]
    if command.witness:
        facility.person(command.witness.person_id)
    check_role(acting.person, Action.DEPOSIT)
    if any(bag.place != "safe" for bag in bags) or len(set(command.bags)) < len(bags):
        raise DeskError(Refusal.BAG_IN_USE, "A bag leaves the safe once. One of these is no longer there.")
    check_witness(facility, command.witness, acting, needed=False)
    amount = total(bag.amount for bag in bags)
    postings = balanced(Posting(Account.SAFE, -amount), Posting(Account.IN_TRANSIT, amount))
    sent = DepositSent(command.bags, amount, signer_id(command.witness), postings)
    return [Fact(facility.facility_id, sent, signer_id(command.witness))]


def decide_confirmation(facility: FacilityState, command: ConfirmDeposit, acting: Acting) -> list[Fact]:
    """The bank confirms a bag; a difference is over/short, never lost and never netted."""
    command.check()
    bag = facility.bag(command.bag)
    check_role(acting.person, Action.CONFIRM_DEPOSIT)
    if bag.place != "in_transit":
        raise DeskError(Refusal.BAG_IN_USE, "This bag is not on its way to the bank.")
    difference = command.amount - bag.amount
    postings = balanced(
        Posting(Account.IN_TRANSIT, -bag.amount),
        Posting(Account.BANK, command.amount),
        Posting(Account.OVER_SHORT, -difference),
    )
    return [Fact(facility.facility_id, DepositConfirmed(command.bag, command.amount, difference, postings))]
