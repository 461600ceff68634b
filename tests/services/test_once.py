"""The same command is carried out once; a refused one stays refused; wrong PINs are counted through restarts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from access_desk.domain.cash_drawer.commands import CloseDrawer, HandOver, PayOut
from access_desk.domain.denominations import CashCount
from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.money import Money
from access_desk.domain.payments.commands import VoidPayment
from access_desk.services.desk import Desk
from access_desk.services.journal import Journal
from access_desk.storage import engine as engine_module
from access_desk.storage.engine import CommitFailed
from access_desk.storage.handles import Connection
from tests.desks import TestDesk, received


def test_a_payment_activated_a_thousand_times_is_one_payment(desk: TestDesk) -> None:
    custody = desk.open()
    command, by = desk.payment(desk.register()), desk.desk.by(desk.people["ann"])
    ids = {received(desk.desk.payments.take(by, command)).payment_id for _ in range(1000)}
    assert len(ids) == 1
    assert desk.expected_cash(custody) == Money(22_500)
    assert len(desk.desk.journal.read(lambda states: [states.custody(custody).next_receipt])) == 1


def test_a_void_activated_a_thousand_times_is_one_void(desk: TestDesk) -> None:
    custody = desk.open()
    payment = desk.pay(desk.register())
    by = desk.desk.by(desk.people["ann"])
    command = VoidPayment(payment.payment_id, "wrong account", desk.sign("lea"))
    events = {tuple(one.event_id for one in desk.desk.payments.void(by, command)) for _ in range(1000)}
    assert len(events) == 1
    assert desk.expected_cash(custody) == Money(20_000)


def test_a_close_activated_a_thousand_times_is_one_close(desk: TestDesk) -> None:
    desk.open()
    desk.count(20_000)
    by, command = desk.desk.by(desk.people["ann"]), CloseDrawer(desk.drawer())
    events = {tuple(one.event_id for one in desk.desk.drawers.close(by, command)) for _ in range(1000)}
    assert len(events) == 1


def test_a_refused_command_stays_refused(desk: TestDesk) -> None:
    desk.open()
    visit = desk.register("emergency")
    by = desk.desk.by(desk.people["ann"])
    with pytest.raises(DeskError) as first:
        desk.desk.payments.take(by, desk.payment(visit))
    desk.desk.registration.reach_milestone(desk.desk.by(desk.people["ann"]), visit.visit_id, "mse_completed")
    with pytest.raises(DeskError) as again:
        desk.desk.payments.take(by, desk.payment(visit))
    assert first.value.code is again.value.code is Refusal.EMTALA_HOLD
    desk.pay(visit)


def test_no_refusal_tells_what_the_drawer_holds(desk: TestDesk) -> None:
    desk.open()
    visit = desk.register()
    payment = desk.pay(visit, 12_345)
    desk.count(100)
    for attempt in (
        desk.close,
        lambda: desk.pay(visit),
        lambda: desk.desk.payments.void(desk.desk.by(desk.people["ann"]), VoidPayment(payment.payment_id)),
    ):
        with pytest.raises(DeskError) as refused:
            attempt()
        assert not any(figure in refused.value.text for figure in ("323.45", "322.45", "123.45"))


class TestPins:
    def _try(self, desk: TestDesk, pin: str) -> Refusal | None:
        command = PayOut(desk.drawer(), Money(1), "stamps", desk.sign("lea", pin))
        try:
            desk.desk.drawers.pay_out(desk.desk.by(desk.people["ann"]), command)
        except DeskError as refused:
            return refused.code
        return None

    def test_five_wrong_ones_make_the_right_one_wait(self, desk: TestDesk) -> None:
        desk.open()
        assert [self._try(desk, "no") for _ in range(5)] == [Refusal.PIN_WRONG] * 5
        desk.clock.forward(minutes=4, seconds=59)
        assert self._try(desk, "lea-pin") is Refusal.PIN_WRONG
        desk.clock.forward(seconds=1)
        assert self._try(desk, "lea-pin") is None

    def test_a_right_one_starts_afresh(self, desk: TestDesk) -> None:
        desk.open()
        for _ in range(3):
            assert [self._try(desk, "no") for _ in range(4)] == [Refusal.PIN_WRONG] * 4
            assert self._try(desk, "lea-pin") is None

    def test_the_counter_survives_a_restart_and_a_clock_that_jumps(self, desk: TestDesk) -> None:
        desk.open()
        for _ in range(5):
            self._try(desk, "no")
        old = desk.desk.journal
        journal = Journal(old.engine, old.stream, desk.clock, old.ids, old._signer, old.pins)
        desk.desk = Desk.over(journal, label="Admitting 1", practice=True)
        assert self._try(desk, "lea-pin") is Refusal.PIN_WRONG
        desk.clock.moment -= timedelta(days=400)
        assert self._try(desk, "lea-pin") is Refusal.PIN_WRONG

    def test_a_pin_is_not_counted_when_something_before_it_refuses(self, desk: TestDesk) -> None:
        desk.open()
        for _ in range(9):
            command = PayOut(desk.drawer(), Money(1), "", desk.sign("lea", "no"))
            with pytest.raises(DeskError) as refused:
                desk.desk.drawers.pay_out(desk.desk.by(desk.people["ann"]), command)
            assert refused.value.code is Refusal.NEEDS_REASON
        assert self._try(desk, "lea-pin") is None


def test_a_hand_over_that_is_refused_moves_nothing(desk: TestDesk) -> None:
    desk.open()
    desk.count(20_000)
    desk.close()
    by = desk.desk.by(desk.people["ann"])
    with pytest.raises(DeskError) as refused:
        desk.desk.drawers.hand_over(by, HandOver(desk.drawer(), desk.sign("bob"), CashCount({"20": 9})))
    assert refused.value.code is Refusal.RECEIVER_COUNT_DIFFERS
    assert desk.desk.view.facility().drawer(desk.drawer()).holder_id is None
    again = desk.desk.by(desk.people["ann"])
    desk.desk.drawers.hand_over(again, HandOver(desk.drawer(), desk.sign("bob"), CashCount({"20": 10})))
    assert desk.desk.view.facility().drawer(desk.drawer()).holder_id == desk.people["bob"]


def test_an_opening_variance_belongs_to_the_last_holder(desk: TestDesk) -> None:
    desk.open()
    desk.count(20_000)
    desk.close()
    custody = desk.open("bob", count=CashCount({"20": 9}))
    book = desk.desk.view.book(custody)
    assert book is not None
    assert book.figures.opening_variance == Money(-2_000)
    assert book.figures.expected["cash"] == Money(18_000)
    desk.count(18_000, who="bob")
    desk.close("bob")
    closed = desk.desk.view.book(custody)
    assert closed is not None
    assert closed.figures.over_short == {"cash": Money(0), "check": Money(0), "card": Money(0), "money_order": Money(0)}


def test_a_commit_that_fails_while_nothing_is_written_does_not_deny_what_was_recorded(
    desk: TestDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.open()
    command, by = desk.payment(desk.register()), desk.desk.by(desk.people["ann"])
    paid = desk.desk.payments.take(by, command)

    def fails(writer: engine_module._Writer, connection: Connection) -> None:
        writer.roll_back(connection)
        raise CommitFailed("disk I/O error")

    with monkeypatch.context() as patched:
        patched.setattr(engine_module._Writer, "commit", fails)
        again = desk.desk.payments.take(by, command)
    assert [one.event_id for one in again] == [one.event_id for one in paid]
