"""A drawer whose desk is lost goes on at another: no number is given twice, whatever the lost desk still gave."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from access_desk.domain.cash_drawer.commands import CloseDrawer, CountDrawer, OpenDrawer, TakeOver
from access_desk.domain.cash_drawer.events import CustodyClosed
from access_desk.domain.denominations import CashCount, ClosingCount
from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.flags.rules import FlagKind
from access_desk.domain.money import Money
from access_desk.domain.payments.commands import TakePayment, TenderOffered, VoidPayment
from access_desk.domain.payments.events import PaymentLine, PaymentReceived
from access_desk.domain.visits.events import VisitRegistered
from access_desk.presentation.drawer_session import MoneySession
from access_desk.presentation.variance import VarianceViewModel
from access_desk.storage import flag_rows
from access_desk.storage.engine import read_transaction
from tests.central.centrals import TestCentral, a_central, drive, round_of
from tests.desks import FLOAT, TestDesk, a_desk, received
from tests.presentation.money_desk import run_now


class Stage:
    def __init__(self, central: TestCentral, north: TestDesk, south: TestDesk) -> None:
        self.central, self.north, self.south = central, north, south
        self.drawer_id = north.drawer("D1")

    def sync(self, *desks: TestDesk) -> None:
        for desk in desks:
            assert drive(round_of(desk).run(), self.central.ask).sane is not False

    def lease(self, to: TestDesk, who: str = "sue", reason: str = "The computer was stolen") -> None:
        to.clock.forward(minutes=1)
        to.desk.all_drawers.lease(to.desk.by(to.people[who]), self.drawer_id, "Admitting 9", reason)

    def pay(self, desk: TestDesk, visit: VisitRegistered, who: str = "ann") -> PaymentReceived:
        desk.clock.forward(minutes=1)
        command = TakePayment(
            self.drawer_id, (PaymentLine("copay", Money(2_500)),), (TenderOffered("cash", Money(2_500)),), visit.visit_id
        )
        return received(desk.desk.payments.take(desk.desk.by(desk.people[who]), command))


@pytest.fixture
def stage() -> Iterator[Stage]:
    with ExitStack() as stack:
        north, south = stack.enter_context(a_desk("north", 1)), stack.enter_context(a_desk("south", 2))
        central = a_central(practice=False)
        central.enroll(north)
        central.enroll(south)
        central.clock.forward(days=1)
        made = Stage(central, north, south)
        made.sync(north, south, north)
        yield made
        central.clusters.close()


def test_two_desks_cannot_open_one_drawer(stage: Stage) -> None:
    with pytest.raises(DeskError) as refused:
        stage.south.desk.drawers.open_drawer(stage.south.desk.by(stage.south.people["ann"]), OpenDrawer(stage.drawer_id, FLOAT))
    assert refused.value.code is Refusal.NOT_PERMITTED
    stage.lease(stage.south)
    stage.sync(stage.south, stage.north)
    with pytest.raises(DeskError) as refused:
        stage.north.desk.drawers.open_drawer(stage.north.desk.by(stage.north.people["ann"]), OpenDrawer(stage.drawer_id, FLOAT))
    assert refused.value.code is Refusal.NOT_PERMITTED
    stage.south.desk.drawers.open_drawer(stage.south.desk.by(stage.south.people["ann"]), OpenDrawer(stage.drawer_id, FLOAT))


@pytest.mark.parametrize(("who", "reason", "code"), [("lea", "lost", Refusal.NOT_PERMITTED), ("sue", " ", Refusal.NEEDS_REASON)])
def test_a_supervisor_says_why(stage: Stage, who: str, reason: str, code: Refusal) -> None:
    with pytest.raises(DeskError) as refused:
        stage.lease(stage.south, who, reason)
    assert refused.value.code is code
    with pytest.raises(DeskError) as refused:
        stage.lease(stage.north)
    assert refused.value.code is Refusal.BAD_VALUE


def test_an_open_custody_goes_on_and_what_the_lost_desk_still_gave_is_kept_and_flagged(stage: Stage) -> None:
    stage.north.open()
    visit = stage.north.register()
    before = stage.pay(stage.north, visit)
    stage.sync(stage.north, stage.south)
    stage.lease(stage.south)
    after = [stage.pay(stage.south, visit) for _ in range(3)]
    # The lost desk had not heard of it.
    stage.north.clock.forward(minutes=30)
    lost = [stage.pay(stage.north, visit) for _ in range(4)]
    numbers = [(one.drawer_epoch, one.receipt_number) for one in (before, *after, *lost)]
    assert len(set(numbers)) == len(numbers)
    assert len({one.receipt for one in (before, *after, *lost)}) == len(numbers)
    stage.sync(stage.south, stage.north, stage.south)
    with read_transaction(stage.central.database) as connection:
        flags = flag_rows.flags_after(connection, "F", "", 100)
    assert [(one.kind, one.desk_id) for one in flags] == [(FlagKind.ANOTHER_DESKS_DRAWER.value, "north")] * 4
    facility, drawers = stage.south.desk.all_drawers.all()
    seen = next(one for one in drawers if one.drawer.drawer_id == stage.drawer_id)
    assert (seen.is_here, seen.drawer.desk_label, facility.drawers[stage.drawer_id].status.value) == (True, "Admitting 9", "open")


def test_a_lost_desk_that_closed_what_was_taken_over_does_not_close_it_there(stage: Stage) -> None:
    stage.north.open()
    stage.sync(stage.north, stage.south)
    stage.lease(stage.south)
    stage.north.clock.forward(minutes=30)
    stage.north.count(20_000)
    stage.north.close()
    stage.sync(stage.south, stage.north, stage.south)
    assert stage.south.desk.view.facility().drawers[stage.drawer_id].status.value == "open"
    with read_transaction(stage.central.database) as connection:
        assert {one.kind for one in flag_rows.flags_after(connection, "F", "", 100)} == {"another_desks_drawer"}


@pytest.mark.parametrize("lost_cents", [20_000, 19_000])
@pytest.mark.parametrize("counts_before", [True, False])
def test_what_a_lost_desk_counted_is_not_what_the_drawer_is_closed_with(
    stage: Stage, lost_cents: int, *, counts_before: bool
) -> None:
    stage.north.open()
    stage.sync(stage.north, stage.south)
    stage.lease(stage.south)
    south = stage.south
    count = CountDrawer(stage.drawer_id, ClosingCount(CashCount({"1": 200})))
    if counts_before:
        south.desk.drawers.count(south.desk.by(south.people["ann"]), count)
    stage.north.clock.forward(minutes=30)
    stage.north.count(lost_cents)
    stage.north.close(reason="short", memo="long enough memo", approval=stage.north.sign("lea"))
    stage.sync(south, stage.north, south)
    south.clock.forward(hours=1)
    if not counts_before:
        south.desk.drawers.count(south.desk.by(south.people["ann"]), count)
    command = CloseDrawer(stage.drawer_id, reason="over", memo="long enough memo", approval=south.sign("lea"))
    events = south.desk.drawers.close(south.desk.by(south.people["ann"]), command)
    closed = next(event.body for event in events if isinstance(event.body, CustodyClosed))
    assert closed.counted["cash"] == closed.left_in_drawer == Money(20_000)
    assert south.desk.view.facility().drawers[stage.drawer_id].status.value == "closed"
    stage.sync(south, stage.north, south)
    for one in (south, stage.north):
        with read_transaction(one.desk.journal.engine) as connection:
            row = connection.exec_driver_sql(
                "SELECT c.status, c.closed_at, c.left_cents, t.counted_cents FROM custodies c "
                "JOIN custody_tenders t ON t.custody_id = c.custody_id AND t.tender = 'cash'"
            ).one()
        assert (row[0], row[2], row[3]) == ("closed", 20_000, 20_000), "the sheet adds up"


def count_and_close(stage: Stage, cents: int) -> CustodyClosed:
    """At the south desk, an hour later."""
    south = stage.south
    south.clock.forward(hours=1)
    count = ClosingCount(CashCount({"1": cents // 100}))
    south.desk.drawers.count(south.desk.by(south.people["ann"]), CountDrawer(stage.drawer_id, count))
    with pytest.raises(DeskError) as again:
        south.desk.drawers.count(south.desk.by(south.people["ann"]), CountDrawer(stage.drawer_id, count))
    assert again.value.code is Refusal.RECOUNT_LIMIT
    events = south.desk.drawers.close(south.desk.by(south.people["ann"]), CloseDrawer(stage.drawer_id))
    assert south.desk.view.facility().drawers[stage.drawer_id].status.value == "closed"
    return next(event.body for event in events if isinstance(event.body, CustodyClosed))


def test_a_custody_that_the_leasing_desk_had_not_heard_of_is_counted_and_closed_there(stage: Stage) -> None:
    stage.north.open()
    stage.lease(stage.south)
    stage.sync(stage.north, stage.south)
    assert count_and_close(stage, 20_000).left_in_drawer == Money(20_000)


def test_a_custody_after_the_one_that_the_leasing_desk_had_heard_of_is_counted_and_closed_there(stage: Stage) -> None:
    stage.north.open()
    stage.sync(stage.north, stage.south)
    stage.north.clock.forward(minutes=1)
    stage.north.count(20_000)
    stage.north.close()
    last = stage.north.open()
    stage.south.clock.forward(minutes=5)
    stage.lease(stage.south)
    stage.sync(stage.north, stage.south)
    assert count_and_close(stage, 20_000).custody_id == last


def test_a_drawer_that_was_counted_before_it_was_leased_is_counted_where_it_is_now(stage: Stage) -> None:
    stage.north.open()
    visit = stage.north.register()
    stage.sync(stage.north, stage.south)
    stage.north.clock.forward(minutes=1)
    stage.north.count(20_000)
    stage.south.clock.forward(minutes=5)
    stage.lease(stage.south)
    for _ in range(3):
        stage.pay(stage.south, visit)
    stage.sync(stage.north, stage.south)
    closed = count_and_close(stage, 27_500)
    assert (closed.counted["cash"], closed.variances["cash"]) == (Money(27_500), Money(0))


@pytest.mark.parametrize("counts", [[20_000], [19_000, 19_000]], ids=["balanced", "recounted"])
def test_a_drawer_that_was_counted_and_comes_back_is_counted_anew(stage: Stage, counts: list[int]) -> None:
    north, south = stage.north, stage.south
    north.open()
    for cents in counts:
        north.count(cents)
    stage.sync(north, south)
    stage.lease(south)
    stage.sync(south, north)
    north.clock.forward(minutes=5)
    stage.lease(north)
    north.count(20_000)
    events = north.close()
    closed = next(event.body for event in events if isinstance(event.body, CustodyClosed))
    assert closed.counted["cash"] == Money(20_000)


def test_nothing_is_voided_in_a_custody_that_was_taken_over_after_an_unknowing_lease(stage: Stage) -> None:
    stage.north.open()
    paid = stage.pay(stage.north, stage.north.register())
    stage.south.clock.forward(minutes=5)
    stage.lease(stage.south)
    stage.sync(stage.north, stage.south)
    south = stage.south
    take = TakeOver(stage.drawer_id, ClosingCount(CashCount({"1": 225})), reason="absent", memo="")
    south.desk.drawers.take_over(south.desk.by(south.people["lea"]), take)
    with pytest.raises(DeskError) as refused:
        south.desk.payments.void(south.desk.by(south.people["ann"]), VoidPayment(paid.payment_id, "wrong", south.sign("lea")))
    assert refused.value.code is Refusal.VOID_WINDOW_CLOSED


def variance_page(desk: TestDesk) -> VarianceViewModel:
    page = VarianceViewModel(MoneySession(desk.desk, lambda: desk.people["ann"], run_now))
    page.load()
    return page


@pytest.mark.parametrize("shown_cents", [20_000, 19_500])
def test_the_variance_page_closes_with_no_other_difference_than_it_shows(stage: Stage, shown_cents: int) -> None:
    """After a count a payment of the lost desk comes, and the drawer is short of it."""
    north, south = stage.north, stage.south
    north.open()
    visit = north.register()
    stage.sync(north, south)
    stage.lease(south)
    stage.pay(north, visit)
    south.clock.forward(minutes=5)
    count = ClosingCount(CashCount({"1": shown_cents // 100}))
    south.desk.drawers.count(south.desk.by(south.people["ann"]), CountDrawer(stage.drawer_id, count))
    page = variance_page(south)
    before = page.state
    assert before.is_balanced == (shown_cents == 20_000)
    page.explain(reason="Not found", happened="A payment of the stolen computer, its cash is gone")
    page.sign(south.people["lea"], "lea-pin")
    page.bank(amount="1.00", bag="")
    north.clock.forward(minutes=30)
    north.count(19_000)
    stage.sync(north, south)
    page.close()
    now = page.state
    assert (now.closed, now.is_balanced, now.may_recount, now.pin) == (False, False, True, "")
    assert "expected has changed" in now.problem
    assert (now.expected_cash, now.counted_cash, now.to_bank) == (Money(22_500), Money(shown_cents), "1.00")
    page.sign(south.people["lea"], "lea-pin")
    page.close()
    assert page.state.closed


def test_the_variance_page_says_why_when_the_drawer_is_gone(stage: Stage) -> None:
    north, south = stage.north, stage.south
    north.open()
    north.count(19_000)
    stage.sync(north, south)
    page = variance_page(north)
    page.explain(reason="Not found", happened="")
    south.clock.forward(minutes=5)
    stage.lease(south)
    stage.sync(south, north)
    page.sign(north.people["lea"], "lea-pin")
    page.close()
    assert not page.state.found
    assert page.state.problem


def test_a_drawer_that_comes_back_is_in_a_series_of_its_own_again(stage: Stage) -> None:
    epochs = [stage.north.desk.view.facility().drawers[stage.drawer_id].epoch]
    for to, other in ((stage.south, stage.north), (stage.north, stage.south), (stage.south, stage.north)):
        stage.lease(to)
        stage.sync(to, other)
        epochs.append(to.desk.view.facility().drawers[stage.drawer_id].epoch)
    assert len(set(epochs)) == 4
