"""Payments that were taken on paper first: kept with when and under which number, counted where they are entered, once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from access_desk.domain.cash_drawer.commands import CloseDrawer
from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.money import Money
from access_desk.domain.payments.commands import TakePayment, TenderOffered, VoidPayment
from access_desk.domain.payments.events import PaymentLine, PaymentReceived
from access_desk.domain.payments.on_paper import LONGEST_AGO, PaperReceipt
from access_desk.services.papers import PaperKey
from tests.desks import TestDesk


def taken(desk: TestDesk, ago: timedelta, number: str = "", cents: int = 2_500) -> PaymentReceived:
    visit, amount = desk.register(), Money(cents)
    command = TakePayment(
        desk.drawer(),
        (PaymentLine("copay", amount),),
        (TenderOffered("cash", amount),),
        visit.visit_id,
        on_paper=PaperReceipt(desk.clock.now() - ago, number),
    )
    body = desk.desk.payments.take(desk.desk.by(desk.people["ann"]), command)[-1].body
    assert isinstance(body, PaymentReceived)
    return body


def test_the_money_is_of_the_custody_that_enters_it(desk: TestDesk) -> None:
    custody_id = desk.open()
    paid = taken(desk, timedelta(days=2, hours=3), "1123")
    assert desk.expected_cash(custody_id) == Money(22_500)
    row = desk.desk.view.receipt(paid.payment_id)
    assert row is not None
    assert (row.custody_id, row.receipt, row.paper_number) == (custody_id, "D1-000001", "1123")
    assert row.taken_on_paper_at == desk.clock.now() - timedelta(days=2, hours=3)
    assert row.received_at == desk.clock.now()


def test_papers_say_both_moments(desk: TestDesk) -> None:
    custody_id = desk.open()
    paid = taken(desk, timedelta(days=2, hours=3), "1123")
    printing = desk.desk.papers.printing(PaperKey("receipt", paid.payment_id), desk.people["ann"])
    receipt = desk.desk.papers.receipt(printing, paid.payment_id)
    assert (receipt.at - (receipt.taken_on_paper_at or receipt.at), receipt.paper_number) == (timedelta(days=2, hours=3), "1123")
    desk.count(22_500)
    desk.desk.drawers.close(desk.desk.by(desk.people["ann"]), CloseDrawer(desk.drawer()))
    sheet = desk.desk.papers.cash_sheet(
        desk.desk.papers.printing(PaperKey("cash-sheet", custody_id), desk.people["lea"]), custody_id
    )
    assert [remark.text for remark in sheet.also_recorded] == [
        "D1-000001 entered after the fact, taken 11/21/2026 04:00, paper receipt 1123"
    ]


def test_a_paper_receipt_is_entered_once_unless_its_entry_was_voided(desk: TestDesk) -> None:
    custody_id = desk.open()
    paid = taken(desk, timedelta(hours=30), "A 1123")
    with pytest.raises(DeskError, match="D1-000001") as refused:
        taken(desk, timedelta(hours=30), "a1123")
    assert refused.value.code is Refusal.BAD_VALUE
    assert desk.expected_cash(custody_id) == Money(22_500)
    desk.desk.payments.void(desk.desk.by(desk.people["ann"]), VoidPayment(paid.payment_id, "wrong amount", desk.sign("lea")))
    assert taken(desk, timedelta(hours=30), "A1123", 3_000).receipt == "D1-000002"


def test_papers_without_a_number_are_not_compared(desk: TestDesk) -> None:
    desk.open()
    assert [taken(desk, timedelta(hours=30)).receipt for _ in range(2)] == ["D1-000001", "D1-000002"]


@pytest.mark.parametrize(
    ("ago", "number", "says"),
    [
        (timedelta(minutes=-1), "", "before now"),
        (LONGEST_AGO + timedelta(minutes=1), "", "days ago"),
        (timedelta(days=1), "9" * 41, "40 characters"),
    ],
)
def test_what_cannot_be(desk: TestDesk, ago: timedelta, number: str, says: str) -> None:
    custody_id = desk.open()
    with pytest.raises(DeskError, match=says):
        taken(desk, ago, number)
    assert desk.expected_cash(custody_id) == Money(20_000)
