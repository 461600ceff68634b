"""What a receipt says is still due: the copays at the moment of the payment, whenever the receipt is printed."""

from __future__ import annotations

import pytest

from access_desk.domain.coverage.commands import CoverageFiling, PlanFiling
from access_desk.domain.estimates.share import ShareInputs
from access_desk.domain.money import Money
from access_desk.domain.patients.commands import NewPatient
from access_desk.domain.patients.events import Demographics
from access_desk.domain.payments.commands import RefundPayment, TakePayment, TenderOffered, VoidPayment
from access_desk.domain.payments.events import PaymentLine
from access_desk.domain.visits.events import Coverage, VisitDetails, VisitRegistered
from access_desk.services.papers import PaperKey
from access_desk.services.registration import Registration
from tests.desks import TestDesk, received

PPO = Coverage("Northlake Health", "PPO", "NHP447199203", relationship="self", copay=Money(7_500))
DENTAL = Coverage("Summit", "Dental", "SD100200", relationship="self", copay=Money(2_000))


def registered(desk: TestDesk, *plans: Coverage) -> VisitRegistered:
    new = NewPatient(Demographics(family="Vega", given="Marisol"))
    events = desk.desk.registration.register(
        desk.desk.by(desk.people["ann"]), Registration(VisitDetails("outpatient"), plans, new)
    )
    return next(event.body for event in events if isinstance(event.body, VisitRegistered))


def paid(desk: TestDesk, visit: VisitRegistered, cents: int, purpose: str = "copay") -> str:
    amount = Money(cents)
    command = TakePayment(desk.drawer(), (PaymentLine(purpose, amount),), (TenderOffered("cash", amount),), visit.visit_id)
    return received(desk.desk.payments.take(desk.desk.by(desk.people["ann"]), command)).payment_id


def due(desk: TestDesk, payment_id: str) -> Money | None:
    printing = desk.desk.papers.printing(PaperKey("receipt", payment_id), desk.people["ann"])
    return desk.desk.papers.receipt(printing, payment_id).still_due


def test_each_receipt_says_what_was_left_after_it(desk: TestDesk) -> None:
    desk.open()
    visit = registered(desk, PPO, DENTAL)
    first, second, third = paid(desk, visit, 5_000), paid(desk, visit, 4_500), paid(desk, visit, 500)
    assert [due(desk, one) for one in (first, second, third)] == [Money(4_500), Money(0), Money(0)]


def test_another_purpose_pays_no_copay(desk: TestDesk) -> None:
    desk.open()
    assert due(desk, paid(desk, registered(desk, PPO), 9_000, "prior_balance")) == Money(7_500)


def test_nothing_recorded_later_changes_a_copy(desk: TestDesk) -> None:
    desk.open()
    visit = registered(desk, PPO)
    first = paid(desk, visit, 2_500)
    second = paid(desk, visit, 1_000)
    one, ann = desk.desk, desk.people["ann"]
    one.coverage.file(one.by(ann), visit.visit_id, CoverageFiling((PlanFiling(coverage=DENTAL),)))
    one.payments.void(one.by(ann), VoidPayment(first, "wrong account", desk.sign("lea")))
    assert due(desk, second) == Money(4_000)
    assert due(desk, paid(desk, visit, 1_000)) == Money(7_500)


def test_what_was_refunded_is_due_again(desk: TestDesk) -> None:
    desk.open()
    visit, one, ann = registered(desk, PPO), desk.desk, desk.people["ann"]
    lines = (PaymentLine("copay", Money(7_500)), PaymentLine("prior_balance", Money(2_000)))
    tender = (TenderOffered("cash", Money(9_500)),)
    first = received(one.payments.take(one.by(ann), TakePayment(desk.drawer(), lines, tender, visit.visit_id))).payment_id
    for refunded, owed in ((2_000, 0), (500, 500), (7_000, 7_500)):
        refund = RefundPayment(first, Money(refunded), "not owed here", desk.sign("lea"), desk.drawer())
        one.payments.refund(one.by(ann), refund)
        row = one.view.visit(visit.visit_id)
        assert row is not None
        assert (row.copay_owed, row.paid) == (Money(owed), Money(7_500 - owed))
    assert due(desk, first) == Money(0)
    assert due(desk, paid(desk, visit, 2_500)) == Money(5_000)


def test_an_estimate_goes_before_what_the_plan_says(desk: TestDesk) -> None:
    desk.open()
    visit = registered(desk, PPO)
    worked_out = ShareInputs(Money(3_000), copay=Money(3_000))
    filing = PlanFiling(f"{visit.visit_id}.1", estimate=worked_out)
    desk.desk.coverage.file(desk.desk.by(desk.people["ann"]), visit.visit_id, CoverageFiling((filing,)))
    assert due(desk, paid(desk, visit, 1_000)) == Money(2_000)


@pytest.mark.parametrize("plans", [(), (Coverage("Self pay plan"),)])
def test_without_a_copay_nothing_is_due(desk: TestDesk, plans: tuple[Coverage, ...]) -> None:
    desk.open()
    assert due(desk, paid(desk, registered(desk, *plans), 1_000)) == Money(0)


def test_a_void_slip_says_nothing_of_it(desk: TestDesk) -> None:
    desk.open()
    payment = paid(desk, registered(desk, PPO), 1_000)
    by = desk.desk.by(desk.people["ann"])
    desk.desk.payments.void(by, VoidPayment(payment, "wrong account", desk.sign("lea")))
    assert due(desk, payment) is None


def test_a_paper_says_who_printed_it_also_when_nobody_was_signed_in(desk: TestDesk) -> None:
    desk.open()
    key = PaperKey("receipt", paid(desk, registered(desk, PPO), 7_500))
    name = desk.desk.view.facility().people[desk.people["ann"]].name
    assert desk.desk.papers.printing(key, desk.people["ann"]).imprint.printed_by == name
    assert desk.desk.papers.printing(key, None).imprint.printed_by == "the command line"
