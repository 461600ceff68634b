"""Random people do random things at three drawers: money is neither made nor lost, and nothing closed ever changes."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from access_desk.domain.cash_drawer import commands as drawer
from access_desk.domain.cash_drawer.figures import CustodyFigures
from access_desk.domain.denominations import CashCount, ClosingCount
from access_desk.domain.errors import DeskError
from access_desk.domain.events import Recorded
from access_desk.domain.facility.deposit import ConfirmDeposit, SendDeposit
from access_desk.domain.ledger import Account
from access_desk.domain.money import Money, total
from access_desk.domain.payments.commands import RefundPayment, TakePayment, TenderOffered, VoidPayment
from access_desk.domain.payments.events import PaymentLine
from access_desk.domain.policy import TENDERS
from access_desk.services.journal import By
from access_desk.storage.engine import read_transaction
from access_desk.storage.queries import custodies
from tests.desks import a_desk, received

people = st.sampled_from(["ann", "bob", "lea", "leo", "sue"])
drawers = st.sampled_from(["drawer1", "drawer2", "drawer3"])
cents = st.integers(1, 30_000)
tenders = st.sampled_from(TENDERS)


def pieces(amount: int) -> CashCount:
    return CashCount({"20": amount // 2_000, "0.01": amount % 2_000})


class Desk(RuleBasedStateMachine):
    """Every rule acts as somebody at some drawer; most of what it tries is allowed sometimes and refused sometimes."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.made = self.stack.enter_context(a_desk())
        self.desk = self.made.desk
        self.visits = [self.made.register(kind) for kind in ("outpatient", "emergency", "inpatient")]
        self.payments: list[str] = []
        self.bags: list[str] = []
        self.closed: dict[str, CustodyFigures] = {}

    def teardown(self) -> None:
        self.stack.close()

    def attempt(self, who: str, doing: Callable[[By], list[Recorded]], *, twice: bool = False) -> list[Recorded]:
        """What was recorded; nothing when it was refused. Twice: the same command again changes nothing more."""
        by = self.desk.by(self.made.people[who])
        self.made.clock.forward(minutes=1)
        try:
            events = doing(by)
        except DeskError:
            events = []
        if twice:
            head = self.desk.journal.head
            try:
                assert [one.event_id for one in doing(by)] == [one.event_id for one in events]
            except DeskError:
                assert events == []
            assert self.desk.journal.head == head
        return events

    def balances(self) -> dict[Account, Money]:
        with read_transaction(self.desk.journal.engine) as connection:
            return custodies.balances(connection, "F")

    def expected(self, drawer_id: str) -> int:
        custody_id = self.desk.view.facility().drawer(drawer_id).custody_id
        return max(self.made.expected_cash(custody_id).cents, 0) if custody_id else 20_000

    @rule(who=people, at=drawers, off=st.sampled_from([0, 0, 0, -500, 1]))
    def open(self, who: str, at: str, off: int) -> None:
        should = self.desk.view.facility().drawer(at).should_hold().cents
        self.attempt(who, lambda by: self.desk.drawers.open_drawer(by, drawer.OpenDrawer(at, pieces(max(should + off, 0)))))

    @rule(who=people, at=drawers, amount=cents, tender=tenders, visit=st.integers(0, 2), twice=st.booleans())
    def pay(self, who: str, at: str, amount: int, tender: str, visit: int, twice: bool) -> None:
        offered = (TenderOffered(tender, Money(amount)), TenderOffered("cash", Money(100)))
        lines = (PaymentLine("copay", Money(amount + 100)),)
        command = TakePayment(at, lines, offered, self.visits[visit].visit_id)
        events = self.attempt(who, lambda by: self.desk.payments.take(by, command), twice=twice)
        if events:
            self.payments.append(received(events).payment_id)

    @rule(who=people, which=st.integers(0, 50), approver=people, twice=st.booleans())
    def void(self, who: str, which: int, approver: str, twice: bool) -> None:
        if self.payments:
            command = VoidPayment(self.payments[which % len(self.payments)], "wrong", self.made.sign(approver))
            self.attempt(who, lambda by: self.desk.payments.void(by, command), twice=twice)

    @rule(who=people, at=drawers, which=st.integers(0, 50), amount=cents, tender=tenders)
    def refund(self, who: str, at: str, which: int, amount: int, tender: str) -> None:
        if self.payments:
            payment, lead = self.payments[which % len(self.payments)], self.made.sign("sue")
            command = RefundPayment(payment, Money(amount), "too much", lead, at, tender)
            self.attempt(who, lambda by: self.desk.payments.refund(by, command))

    @rule(who=people, at=drawers, amount=cents, bagged=st.booleans())
    def drop(self, who: str, at: str, amount: int, bagged: bool) -> None:
        bag = f"B-{len(self.bags)}" if bagged else ""
        command = drawer.DropCash(at, Money(amount), None, bag)
        if self.attempt(who, lambda by: self.desk.drawers.drop(by, command)) and bag:
            self.bags.append(bag)

    @rule(who=people, at=drawers, amount=cents, comes_in=st.booleans())
    def move(self, who: str, at: str, amount: int, comes_in: bool) -> None:
        lead = self.made.sign("leo")
        if comes_in:
            self.attempt(who, lambda by: self.desk.drawers.pay_in(by, drawer.PayIn(at, Money(amount), "why", lead)))
        else:
            self.attempt(who, lambda by: self.desk.drawers.pay_out(by, drawer.PayOut(at, Money(amount), "why", lead)))

    @rule(who=people, at=drawers, off=st.sampled_from([0, 0, -500, 3, 2_600]), check=cents)
    def count(self, who: str, at: str, off: int, check: int) -> None:
        count = ClosingCount(pieces(max(self.expected(at) + off, 0)), (), Money(check))
        self.attempt(who, lambda by: self.desk.drawers.count(by, drawer.CountDrawer(at, count)))

    @rule(who=people, at=drawers, bagged=st.booleans(), twice=st.booleans())
    def close(self, who: str, at: str, bagged: bool, twice: bool) -> None:
        bag = f"C-{len(self.bags)}" if bagged else ""
        command = drawer.CloseDrawer(at, "miscounted", "a memo", self.made.sign("sue"), None, bag)
        if self.attempt(who, lambda by: self.desk.drawers.close(by, command), twice=twice) and bag:
            self.bags.append(bag)

    @rule(who=people, at=drawers)
    def take_over(self, who: str, at: str) -> None:
        command = drawer.TakeOver(at, ClosingCount(pieces(self.expected(at))), "absent", "memo", self.made.sign("sue"))
        self.attempt(who, lambda by: self.desk.drawers.take_over(by, command))

    @rule(who=people, to=people, at=drawers, off=st.sampled_from([0, 0, 1]))
    def hand_over(self, who: str, to: str, at: str, off: int) -> None:
        left = self.desk.view.facility().drawer(at).left_in_drawer
        if left is None:
            return
        before = self.balances()
        command = drawer.HandOver(at, self.made.sign(to), pieces(left.cents + off))
        events = self.attempt(who, lambda by: self.desk.drawers.hand_over(by, command))
        assert self.balances() == before
        assert not (events and off)

    @rule(who=people, amount=cents)
    def bank(self, who: str, amount: int) -> None:
        if self.bags:
            bag = self.bags.pop()
            self.attempt(who, lambda by: self.desk.drawers.send_deposit(by, SendDeposit((bag,))))
            self.attempt(who, lambda by: self.desk.drawers.confirm_deposit(by, ConfirmDeposit(bag, Money(amount))))

    @invariant()
    def the_ledger_sums_to_zero(self) -> None:
        assert total(self.balances().values()) == Money(0)

    @invariant()
    def figures_agree_with_the_rule_and_receipts_have_no_gap(self) -> None:
        with read_transaction(self.desk.journal.engine) as connection:
            every = custodies.every_custody(connection, "F")
            numbers = connection.exec_driver_sql("SELECT drawer_id, receipt_number FROM payments ORDER BY 1, 2").all()
        for one in every:
            cash = one.opening_count + one.received["cash"] - one.refunded["cash"] + one.paid_in - one.paid_out - one.dropped
            assert one.expected["cash"] == cash
            assert cash >= Money(0)
        for name in {row[0] for row in numbers}:
            mine = [row[1] for row in numbers if row[0] == name]
            assert mine == list(range(1, len(mine) + 1))
        self.nothing_closed_changes(every)

    def nothing_closed_changes(self, every: list[CustodyFigures]) -> None:
        for one in every:
            if one.status == "closed":
                assert self.closed.setdefault(one.custody_id, one) == one
        holders = [one.holder_id for one in every if one.status != "closed"]
        assert len(holders) == len(set(holders)), "one open drawer per person"


TestMoney = Desk.TestCase
TestMoney.settings = settings(
    max_examples=25, stateful_step_count=40, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
