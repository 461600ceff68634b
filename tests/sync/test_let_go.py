"""How long other desks' details stay on a desk: what goes, what never does, and how it comes back."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from access_desk.domain.cash_drawer.commands import CountDrawer, DropCash
from access_desk.domain.coverage.commands import CoverageFiling, PlanFiling
from access_desk.domain.denominations import ClosingCount, CountedCheck
from access_desk.domain.errors import DeskError
from access_desk.domain.flags.rules import Flag, FlagKind
from access_desk.domain.money import Money
from access_desk.domain.payments.commands import RefundPayment, TakePayment, TenderOffered, VoidPayment
from access_desk.domain.payments.events import PaymentLine, PaymentReceived
from access_desk.domain.visits.events import Coverage
from access_desk.protocol.encoding import decode
from access_desk.services.papers import SHIFT_REPORT, PaperKey
from access_desk.services.result import verify
from access_desk.storage.engine import read_transaction, write_transaction
from access_desk.storage.event_log import StoredRow, every_row
from access_desk.storage.flag_rows import keep_flags
from access_desk.storage.queries import custodies
from access_desk.storage.queries.let_go import GoneOfShift, gone_of_shift
from access_desk.storage.queries.visits import visit
from access_desk.storage.replay import differing_tables, project_again
from access_desk.storage.sanity import sanity_line
from access_desk.storage.schema import LOCAL, PROJECTIONS, events
from access_desk.storage.verify import verify_log
from access_desk.sync.core import RoundResult
from access_desk.sync.desk_store import DeskStore
from tests.central.centrals import drive, round_of
from tests.central.test_snapshots import landing, with_snapshots
from tests.desks import FLOAT, TestDesk
from tests.sync.test_pins import Apart, apart

__all__ = ["apart"]


def store_of(desk: TestDesk) -> DeskStore:
    journal = desk.desk.journal
    return DeskStore(journal.engine, journal.stream, journal.take_in_others)


def a_closed_drawer(desk: TestDesk, who: str = "ann", key: str = "D1") -> str:
    """A custody with two payments, one of them voided, that closed as it should; its id."""
    custody_id = desk.open(who, key)
    desk.pay(desk.register(who=who), 2500, who=who, key=key)
    wrong = desk.pay(desk.register(who=who), 4000, who=who, key=key)
    void = VoidPayment(wrong.payment_id, "wrong patient", desk.sign("lea"))
    desk.desk.payments.void(desk.desk.by(desk.people[who]), void)
    desk.count(22_500, who, key)
    desk.close(who, key)
    return custody_id


def rows_of(desk: TestDesk) -> list[StoredRow]:
    with read_transaction(desk.desk.journal.engine) as connection:
        return list(every_row(connection))


def emptied(desk: TestDesk) -> Counter[str]:
    return Counter(row.kind for row in rows_of(desk) if row.is_let_go)


def meet(apart: Apart, *desks: TestDesk) -> list[RoundResult]:
    apart.central.clock.moment = max(desk.clock.now() for desk in (apart.north, apart.south))
    return [drive(round_of(desk).run(), apart.central.ask) for desk in desks]


def wait(apart: Apart, days: int) -> None:
    for desk in (apart.north, apart.south):
        desk.clock.forward(days=days)


def let_go(desk: TestDesk) -> int:
    """Slices until nothing more goes."""
    store = store_of(desk)
    return sum(store.let_go(desk.clock.now()) for _ in range(4))


def months_later(apart: Apart, days: int = 30) -> str:
    """A custody of the north desk with another after it, known at both, as long ago as rules of so many days do not keep."""
    apart.north.set_policy(details_days=days)
    first = a_closed_drawer(apart.north)
    apart.north.clock.forward(hours=1)
    a_closed_drawer(apart.north)
    meet(apart, apart.north, apart.south)
    wait(apart, 40)
    return first


def figures_of(desk: TestDesk) -> tuple[object, ...]:
    """What a file adds up to: the sanity line, and the ledger."""
    with read_transaction(desk.desk.journal.engine) as connection:
        return sanity_line(connection, "F"), custodies.balances(connection, "F")


def tables_of(desk: TestDesk) -> dict[str, list[tuple[object, ...]]]:
    with read_transaction(desk.desk.journal.engine) as connection:
        names = [table.name for table in (*PROJECTIONS, events)]
        return {name: sorted(map(tuple, connection.exec_driver_sql(f"SELECT * FROM {name}").all())) for name in names}  # noqa: S608


def paid_for(desk: TestDesk, visit_id: str) -> dict[str, Money]:
    with read_transaction(desk.desk.journal.engine) as connection:
        found = visit(connection, "F", visit_id)
    assert found is not None
    return dict(found.paid_for)


def sums_of(desk: TestDesk) -> list[tuple[object, ...]]:
    names = [table.name for table in LOCAL if table.name.startswith("local_let_go")]
    with read_transaction(desk.desk.journal.engine) as connection:
        return [tuple(row) for name in names for row in connection.exec_driver_sql(f"SELECT * FROM {name}").all()]  # noqa: S608


def test_what_is_over_is_let_go_at_the_other_desk_and_the_figures_stay(apart: Apart) -> None:
    months_later(apart)
    before = figures_of(apart.south)
    assert let_go(apart.south) == 6
    assert emptied(apart.south) == {
        "custody.opened": 1,
        "payment.received": 2,
        "payment.voided": 1,
        "drawer.counted": 1,
        "custody.closed": 1,
    }
    assert figures_of(apart.south) == before == figures_of(apart.north)
    verdict = verify(apart.south.desk.journal, {"south": apart.south.public_key, "north": apart.north.public_key})
    assert verdict.is_intact
    assert verdict.let_go == 6
    assert [one.sane for one in meet(apart, apart.north, apart.south)] == [True, True]


def test_what_the_desk_itself_recorded_stays(apart: Apart) -> None:
    months_later(apart)
    assert let_go(apart.north) == 0
    assert emptied(apart.north) == {}


def test_without_a_rule_everything_stays(apart: Apart) -> None:
    months_later(apart, days=0)
    assert let_go(apart.south) == 0


def test_what_is_younger_stays(apart: Apart) -> None:
    months_later(apart, days=41)
    assert let_go(apart.south) == 0
    wait(apart, 2)
    assert let_go(apart.south) == 6


def test_what_a_visit_paid_is_known_and_a_void_does_not_count(apart: Apart) -> None:
    apart.north.set_policy(details_days=30)
    apart.north.open()
    registered = apart.north.register()
    apart.north.pay(registered, 2500)
    apart.north.count(22_500)
    apart.north.close()
    apart.north.open()
    meet(apart, apart.north, apart.south)
    wait(apart, 40)
    before = paid_for(apart.south, registered.visit_id)
    assert let_go(apart.south) > 0
    assert emptied(apart.south)["payment.received"] == 1
    assert paid_for(apart.south, registered.visit_id) == before == {"copay": Money(2500)}


def test_the_last_custody_of_a_drawer_stays_and_the_next_one_can_be_opened(apart: Apart) -> None:
    months_later(apart)
    drawer = apart.north.drawer()
    let_go(apart.south)
    there = apart.south.desk.view.facility().drawers[drawer]
    assert there == apart.north.desk.view.facility().drawers[drawer]
    assert there.next_receipt == 5


def test_a_custody_whose_bag_is_not_at_the_bank_stays(apart: Apart) -> None:
    apart.north.set_policy(details_days=30)
    apart.north.open()
    apart.north.desk.drawers.drop(
        apart.north.desk.by(apart.north.people["ann"]), DropCash(apart.north.drawer(), Money(5_000), None, "B1")
    )
    apart.north.count(15_000)
    apart.north.close()
    apart.north.open()
    meet(apart, apart.north, apart.south)
    wait(apart, 40)
    assert let_go(apart.south) == 0


def test_a_payment_that_this_desk_gave_back_stays(apart: Apart) -> None:
    apart.north.set_policy(details_days=30)
    apart.north.open()
    paid = apart.north.pay(apart.north.register(), 2500, "check")
    apart.north.desk.drawers.count(
        apart.north.desk.by(apart.north.people["ann"]),
        CountDrawer(apart.north.drawer(), ClosingCount(FLOAT, (CountedCheck("1", Money(2500), "check"),))),
    )
    apart.north.close()
    apart.north.open()
    meet(apart, apart.north, apart.south)
    refund = RefundPayment(paid.payment_id, Money(500), "overpaid", apart.south.sign("lea"), None, "check")
    apart.south.desk.payments.refund(apart.south.desk.by(apart.south.people["ann"]), refund)
    meet(apart, apart.south, apart.north)
    wait(apart, 40)
    assert let_go(apart.south) > 0
    assert "payment.received" not in emptied(apart.south)
    assert [one.sane for one in meet(apart, apart.north, apart.south)] == [True, True]


def test_a_flagged_payment_stays(apart: Apart) -> None:
    months_later(apart)
    (paid, _) = [row for row in rows_of(apart.south) if row.kind == "payment.received" and row.desk_id == "north"][:2]
    event = decode(paid.data)[0]
    told = (event.event_id, event.kind, event.actor_id, event.recorded_at, event.recorded_at)
    flag = Flag("f", FlagKind.CLOCK_AHEAD.value, "north", 1, event.desk_seq, *told, 0, "300")
    with write_transaction(apart.south.desk.journal.engine) as connection:
        keep_flags(connection, "F", [flag])
    let_go(apart.south)
    assert emptied(apart.south)["payment.received"] == 1


def test_what_was_let_go_comes_back_when_it_is_fetched_again(apart: Apart) -> None:
    months_later(apart)
    before = tables_of(apart.south)
    assert let_go(apart.south) == 6
    assert tables_of(apart.south) != before
    store_of(apart.south).fetch_again(apart.south.clock.now() + timedelta(days=7))
    assert [one.sane for one in meet(apart, apart.south)] == [True]
    assert tables_of(apart.south) == before
    assert sums_of(apart.south) == []
    assert let_go(apart.south) == 0, "for a week it stays"
    wait(apart, 8)
    assert let_go(apart.south) == 6


def test_a_central_that_was_put_back_brings_nothing_into_disorder(apart: Apart) -> None:
    backup = apart.central.copy()
    months_later(apart)
    let_go(apart.south)
    apart.central.put_back(backup)
    meet(apart, apart.south, apart.north, apart.south)
    assert [one.sane for one in meet(apart, apart.north, apart.south)] == [True, True]


def test_half_of_a_custody_does_not_come_back(apart: Apart) -> None:
    """From a central that was put back, while the desk has not offered again what it lacks."""
    apart.north.set_policy(details_days=30)
    apart.north.open()
    apart.north.pay(apart.north.register(), 2500)
    meet(apart, apart.north, apart.south)
    backup = apart.central.copy()
    apart.north.count(22_500)
    apart.north.close()
    apart.north.open()
    meet(apart, apart.north, apart.south)
    wait(apart, 40)
    assert let_go(apart.south) == 4
    before = tables_of(apart.south)
    apart.central.put_back(backup)
    meet(apart, apart.south)
    assert tables_of(apart.south) == before
    meet(apart, apart.north, apart.south)
    assert emptied(apart.south) == {}
    assert sums_of(apart.south) == []


def test_the_log_can_be_projected_again(apart: Apart) -> None:
    months_later(apart)
    let_go(apart.south)
    before = tables_of(apart.south)
    with write_transaction(apart.south.desk.journal.engine) as connection:
        project_again(connection)
    assert tables_of(apart.south) == before


def faults_of(apart: Apart, *emptying: str) -> list[str]:
    """What verification says of the south desk's file after somebody emptied rows in it by hand."""
    with write_transaction(apart.south.desk.journal.engine) as connection:
        for condition in emptying:
            connection.exec_driver_sql(f"UPDATE events SET data = X'' WHERE {condition}")  # noqa: S608
    keys = {"south": apart.south.public_key, "north": apart.north.public_key}
    found = verify(apart.south.desk.journal, keys)
    with write_transaction(apart.south.desk.journal.engine) as connection:
        connection.exec_driver_sql("DELETE FROM events")
        for table in (*PROJECTIONS, *LOCAL):
            connection.exec_driver_sql(f"DELETE FROM {table.name}")  # noqa: S608
    return [one.what for one in found.faults] + list(found.differing)


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("desk_id = 'south' AND desk_seq = 7", "it is this desk's own"),
        ("desk_id = 'north' AND desk_seq = 1", "such an event keeps them"),
        ("desk_id = 'north' AND kind = 'patient.registered'", "such an event keeps them"),
        ("desk_id = 'north' AND kind = 'custody.closed'", "it is the last"),
        ("desk_id = 'north' AND kind = 'payment.received'", "payments"),
    ],
)
def test_an_emptied_row_that_was_not_let_go_is_found(apart: Apart, condition: str, said: str) -> None:
    months_later(apart)
    assert any(said in one for one in faults_of(apart, condition))


def test_a_row_that_was_emptied_without_a_rule_is_found(apart: Apart) -> None:
    months_later(apart, days=0)
    assert any("the rules keep them" in one for one in faults_of(apart, "desk_id = 'north' AND kind = 'drawer.counted'"))


def test_the_hash_of_an_emptied_row_is_proven_by_its_desk(apart: Apart) -> None:
    months_later(apart)
    let_go(apart.south)
    with write_transaction(apart.south.desk.journal.engine) as connection:
        connection.exec_driver_sql("UPDATE events SET hash = zeroblob(32) WHERE length(data) = 0 AND kind = 'custody.opened'")
    assert any("it is not signed by its desk" in one for one in faults_of(apart))


def test_sums_that_do_not_add_up_are_found_and_fetched_again(apart: Apart) -> None:
    months_later(apart)
    let_go(apart.south)
    with write_transaction(apart.south.desk.journal.engine) as connection:
        connection.exec_driver_sql("UPDATE local_let_go SET amount_cents = amount_cents + 1 WHERE account = 'drawer_cash'")
    journal = apart.south.desk.journal
    assert verify(journal, {"south": apart.south.public_key}).differing == ("local_let_go",)
    assert [one.sane for one in meet(apart, apart.south, apart.south)] == [False, True]
    assert emptied(apart.south) == {}


@pytest.mark.parametrize("spoil", ["DELETE FROM local_let_go", "UPDATE local_let_go SET postings = postings + 1"])
def test_sums_that_are_lost_are_fetched_again(apart: Apart, spoil: str) -> None:
    months_later(apart)
    let_go(apart.south)
    with write_transaction(apart.south.desk.journal.engine) as connection:
        connection.exec_driver_sql(spoil)
    assert [one.sane for one in meet(apart, apart.south, apart.south)] == [False, True]


def test_central_has_everything(apart: Apart) -> None:
    """A row at central that was emptied is damage, whatever the rules say."""
    months_later(apart)
    with write_transaction(apart.central.database) as connection:
        connection.exec_driver_sql("UPDATE events SET data = ? WHERE desk_id = 'north' AND kind = 'drawer.counted'", (b"",))
    with read_transaction(apart.central.database) as connection:
        faults = verify_log(connection, {"north": apart.north.public_key, "south": apart.south.public_key}).faults
    assert [one.what for one in faults] == ["its details are not there, and nobody lets go of any here"]


def test_a_row_that_was_emptied_by_hand_is_made_whole_when_it_is_fetched_again(apart: Apart) -> None:
    months_later(apart)
    before = tables_of(apart.south)
    with write_transaction(apart.south.desk.journal.engine) as connection:
        connection.exec_driver_sql("UPDATE events SET data = X'' WHERE desk_id = 'north' AND desk_seq > 1")
    store_of(apart.south).fetch_again(apart.south.clock.now())
    meet(apart, apart.south)
    assert tables_of(apart.south) == before


def an_unpaid_visit(apart: Apart) -> PaymentReceived:
    """A payment of a visit that owes more, in a custody that is over."""
    apart.north.set_policy(details_days=30)
    apart.north.open()
    registered = apart.north.register()
    plan = PlanFiling(coverage=Coverage("Northlake Health", copay=Money(4_000)))
    by = apart.north.desk.by(apart.north.people["ann"])
    apart.north.desk.coverage.file(by, registered.visit_id, CoverageFiling((plan,)), ())
    paid = apart.north.pay(registered, 2500)
    apart.north.count(22_500)
    apart.north.close()
    apart.north.open()
    return paid


def test_a_payment_of_a_visit_that_owes_more_stays_until_it_is_paid(apart: Apart) -> None:
    paid = an_unpaid_visit(apart)
    meet(apart, apart.north, apart.south)
    wait(apart, 40)
    assert let_go(apart.south) == 3
    assert emptied(apart.south) == {"custody.opened": 1, "drawer.counted": 1, "custody.closed": 1}
    assert [one.sane for one in meet(apart, apart.north, apart.south)] == [True, True]
    void = VoidPayment(paid.payment_id, "wrong", apart.south.sign("lea"))
    with pytest.raises(DeskError, match="at central only"):
        apart.south.desk.payments.void(apart.south.desk.by(apart.south.people["ann"]), void)
    rest = TakePayment(
        apart.north.drawer(), (PaymentLine("copay", Money(1500)),), (TenderOffered("cash", Money(1500)),), paid.visit_id
    )
    apart.north.desk.payments.take(apart.north.desk.by(apart.north.people["ann"]), rest)
    meet(apart, apart.north, apart.south)
    wait(apart, 1)
    assert let_go(apart.south) == 1
    assert emptied(apart.south)["payment.received"] == 1
    assert paid_for(apart.south, paid.visit_id or "") == {"copay": Money(4000)}
    receipt = apart.south.desk.view.receipt
    assert receipt(paid.payment_id) is None
    with pytest.raises(DeskError, match="at central only"):
        apart.south.desk.payments.void(apart.south.desk.by(apart.south.people["ann"]), void)


def test_a_report_of_that_day_says_what_is_not_in_it(apart: Apart) -> None:
    custody_id = months_later(apart)
    day = date(2026, 11, 23)
    let_go(apart.south)
    with read_transaction(apart.south.desk.journal.engine) as connection:
        assert gone_of_shift(connection, "F", day, "day") == GoneOfShift(1, Money(2500), Money(0))
        assert gone_of_shift(connection, "F", day, "night").custodies == 0
    papers = apart.south.desk.papers
    printing = papers.printing(PaperKey(SHIFT_REPORT, day.isoformat()), apart.south.people["sue"])
    said = papers.shift_report(printing, day, None).also_recorded
    assert [one.text for one in said] == [
        "Not in this report: 1 drawer of other desks, received 25.00, over/short 0.00; the details are at central"
    ]
    with pytest.raises(DeskError, match="at central only"):
        apart.south.desk.papers.custody(custody_id)
    assert apart.south.desk.outbox.look().let_go == 1


def test_a_desk_that_had_let_go_has_everything_again_after_a_snapshot(apart: Apart, tmp_path: Path) -> None:
    months_later(apart)
    assert let_go(apart.south) > 0
    assert emptied(apart.south)
    apart.north.open("ann", "D1")
    for cents in range(500, 1_100, 100):
        apart.north.pay(apart.north.register(), cents)
    meet(apart, apart.north)
    snapshots = with_snapshots(apart.central, tmp_path)
    snapshots.make(apart.central.database, apart.north.desk.journal.facility_id)
    came = drive(round_of(apart.south, landing(tmp_path, snapshots, "south")).run(), apart.central.ask)
    assert came.began.position > 0
    assert came.sane is True
    assert not emptied(apart.south)
    assert [row.hash for row in rows_of(apart.south)] == [row.hash for row in rows_of(apart.north)]
    with read_transaction(apart.south.desk.journal.engine) as here, read_transaction(apart.north.desk.journal.engine) as there:
        assert differing_tables(here, there) == []
    apart.south.clock.forward(hours=2)
    assert let_go(apart.south) > 0, "and lets go of it again in time"
    assert meet(apart, apart.south)[0].sane is True
