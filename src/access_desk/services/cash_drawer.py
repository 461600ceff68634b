"""Use cases of the drawer: open, move cash, count, close, hand over, deposit."""

from __future__ import annotations

from access_desk.domain.cash_drawer import close, decide
from access_desk.domain.cash_drawer.commands import (
    AuditCount,
    CloseDrawer,
    CountDrawer,
    DropCash,
    ExchangeChange,
    HandOver,
    OpenDrawer,
    OpenWithoutSale,
    PayIn,
    PayOut,
    RevealExpected,
    TakeOver,
)
from access_desk.domain.cash_drawer.state import CustodyState
from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.events import Fact, Recorded
from access_desk.domain.facility.deposit import ConfirmDeposit, SendDeposit, decide_confirmation, decide_deposit
from access_desk.domain.permissions import Action, check_drawer_state
from access_desk.services.journal import By, Journal, Unit


class CashDrawerService:
    """What people do with drawers. Every method raises DeskError when refused and answers with what was recorded."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def open_drawer(self, by: By, command: OpenDrawer) -> list[Recorded]:
        """Take custody of a closed drawer with an opening count."""

        def decided(unit: Unit) -> list[Fact]:
            command.check()
            return decide.decide_opening(unit.states.facility(), command, unit.derived_id("custody"), unit.acting)

        return self._journal.perform(by, Action.OPEN_DRAWER, decided)

    def drop(self, by: By, command: DropCash) -> list[Recorded]:
        """Move cash to the safe."""

        def decided(unit: Unit) -> list[Fact]:
            command.check()
            custody = _custody(unit, command.drawer_id, Action.DROP)
            return decide.decide_drop(unit.states.facility(), custody, command, unit.derived_id("move"), unit.acting)

        return self._journal.perform(by, Action.DROP, decided)

    def pay_in(self, by: By, command: PayIn) -> list[Recorded]:
        """Put cash into the drawer that no patient paid."""

        def decided(unit: Unit) -> list[Fact]:
            command.check()
            custody = _custody(unit, command.drawer_id, Action.PAID_IN)
            return decide.decide_paid_in(unit.states.facility(), custody, command, unit.derived_id("move"), unit.acting)

        return self._journal.perform(by, Action.PAID_IN, decided)

    def pay_out(self, by: By, command: PayOut) -> list[Recorded]:
        """Pay an expense from the drawer."""

        def decided(unit: Unit) -> list[Fact]:
            command.check()
            custody = _custody(unit, command.drawer_id, Action.PAID_OUT)
            return decide.decide_paid_out(unit.states.facility(), custody, command, unit.derived_id("move"), unit.acting)

        return self._journal.perform(by, Action.PAID_OUT, decided)

    def exchange(self, by: By, command: ExchangeChange) -> list[Recorded]:
        """Change bills for coin with the safe, or the other way."""

        def decided(unit: Unit) -> list[Fact]:
            command.check()
            custody = _custody(unit, command.drawer_id, Action.EXCHANGE)
            return decide.decide_exchange(unit.states.facility(), custody, command, unit.derived_id("move"), unit.acting)

        return self._journal.perform(by, Action.EXCHANGE, decided)

    def open_without_sale(self, by: By, command: OpenWithoutSale) -> list[Recorded]:
        """Open the drawer without recording money."""

        def decided(unit: Unit) -> list[Fact]:
            command.check()
            custody = _custody(unit, command.drawer_id, Action.NO_SALE)
            return decide.decide_no_sale(unit.states.facility(), custody, command, unit.derived_id("move"), unit.acting)

        return self._journal.perform(by, Action.NO_SALE, decided)

    def count(self, by: By, command: CountDrawer) -> list[Recorded]:
        """Submit a blind closing count; the drawer takes no more money after it."""

        def decided(unit: Unit) -> list[Fact]:
            command.check()
            custody = _custody(unit, command.drawer_id, Action.COUNT_DRAWER)
            return decide.decide_count(unit.states.facility(), custody, command, unit.acting)

        return self._journal.perform(by, Action.COUNT_DRAWER, decided)

    def close(self, by: By, command: CloseDrawer) -> list[Recorded]:
        """End a counted custody."""

        def decided(unit: Unit) -> list[Fact]:
            command.check()
            custody = _custody(unit, command.drawer_id, Action.CLOSE_DRAWER)
            return close.decide_closing(unit.states.facility(), custody, command, unit.acting)

        return self._journal.perform(by, Action.CLOSE_DRAWER, decided)

    def hand_over(self, by: By, command: HandOver) -> list[Recorded]:
        """Give a closed drawer to the next person, who counted it and signs with their PIN."""

        def decided(unit: Unit) -> list[Fact]:
            command.check()
            return close.decide_hand_over(unit.states.facility(), command, unit.derived_id("custody"), unit.acting)

        return self._journal.perform(by, Action.HAND_OVER, decided)

    def take_over(self, by: By, command: TakeOver) -> list[Recorded]:
        """Count and close the custody of an absent holder."""

        def decided(unit: Unit) -> list[Fact]:
            command.check()
            custody = unit.states.open_custody(command.drawer_id)
            return close.decide_take_over(unit.states.facility(), custody, command, unit.acting)

        return self._journal.perform(by, Action.TAKE_OVER, decided)

    def audit(self, by: By, command: AuditCount) -> list[Recorded]:
        """A surprise count."""

        def decided(unit: Unit) -> list[Fact]:
            command.check()
            custody = unit.states.open_custody(command.drawer_id)
            return decide.decide_audit(unit.states.facility(), custody, command, unit.acting)

        return self._journal.perform(by, Action.AUDIT_COUNT, decided)

    def reveal(self, by: By, command: RevealExpected) -> list[Recorded]:
        """Show the hidden figures of a blind drawer on a lead's PIN."""

        def decided(unit: Unit) -> list[Fact]:
            custody = _custody(unit, command.drawer_id, Action.REVEAL_EXPECTED)
            return decide.decide_reveal(unit.states.facility(), custody, command, unit.acting)

        return self._journal.perform(by, Action.REVEAL_EXPECTED, decided)

    def send_deposit(self, by: By, command: SendDeposit) -> list[Recorded]:
        """Give sealed bags to the carrier."""

        def decided(unit: Unit) -> list[Fact]:
            command.check()
            return decide_deposit(unit.states.facility(), command, unit.acting)

        return self._journal.perform(by, Action.DEPOSIT, decided)

    def confirm_deposit(self, by: By, command: ConfirmDeposit) -> list[Recorded]:
        """Record what the bank counted in a bag."""

        def decided(unit: Unit) -> list[Fact]:
            command.check()
            return decide_confirmation(unit.states.facility(), command, unit.acting)

        return self._journal.perform(by, Action.CONFIRM_DEPOSIT, decided)


def _custody(unit: Unit, drawer_id: str, action: Action) -> CustodyState:
    """The drawer's open custody; a closed drawer has none, and the drawer's state is why the action is refused."""
    custody = unit.states.open_custody(drawer_id)
    if custody is None:
        check_drawer_state(action, unit.states.drawer(drawer_id).status)
        raise DeskError(Refusal.DRAWER_NOT_OPEN, "This drawer is not open. Open it with a count first.")
    return custody
