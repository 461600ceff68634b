"""What a subject begins with may count as later than what followed from it, when central received it again after a restore."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from access_desk.domain.cash_drawer.events import DrawerCounted
from access_desk.domain.errors import DeskError
from access_desk.domain.patients.events import PatientAmended
from access_desk.domain.payments.commands import VoidPayment
from access_desk.domain.payments.events import PaymentReceived, PaymentVoided
from access_desk.domain.permissions import DrawerStatus
from access_desk.storage.caps import keep_caps, restamp
from access_desk.storage.engine import read_transaction, write_transaction
from access_desk.storage.event_log import events_about
from tests.desks import TestDesk, a_desk

LATER = "9999999999999-00001-desk"


@pytest.fixture
def desk() -> Iterator[TestDesk]:
    with a_desk() as made:
        yield made


def count_later(desk: TestDesk, subject_id: str, kind: type | None = None) -> None:
    """The first event of a history, or of a kind in it, counts as later than all others, on every side."""
    journal = desk.desk.journal
    with write_transaction(journal.engine) as connection:
        history = events_about(connection, journal.facility_id, subject_id)
        first = next(one for one in history if kind is None or isinstance(one.body, kind))
        keep_caps(connection, [(first, LATER)])
        now = next(one for one in events_about(connection, journal.facility_id, subject_id) if one.event_id == first.event_id)
        assert now.stamp == LATER
        restamp(connection, [(first, now)])
    journal.take_in_others("")


def city_of(desk: TestDesk, patient_id: str) -> str:
    with read_transaction(desk.desk.journal.engine) as connection:
        found = connection.exec_driver_sql("SELECT city FROM patients WHERE patient_id = ?", (patient_id,))
        return str(found.scalar_one())


def test_what_was_corrected_stays_corrected_and_can_be_put_back(desk: TestDesk) -> None:
    patient_id = desk.register().patient_id
    by = desk.desk.by(desk.people["ann"])
    desk.clock.forward(minutes=1)
    desk.desk.registration.amend(by, patient_id, {"city": "Lima"})
    desk.clock.forward(minutes=1)
    count_later(desk, patient_id)
    assert city_of(desk, patient_id) == "Lima"
    events = desk.desk.registration.amend(desk.desk.by(desk.people["ann"]), patient_id, {"city": ""})
    assert [event.body.changes for event in events if isinstance(event.body, PatientAmended)] == [{"city": ""}]
    assert city_of(desk, patient_id) == ""
    desk.assert_whole()


def test_a_payment_that_was_voided_is_not_voided_again(desk: TestDesk) -> None:
    custody_id = desk.open()
    paid = desk.pay(desk.register())
    desk.clock.forward(minutes=1)
    command = VoidPayment(paid.payment_id, "wrong account", desk.sign("lea"))
    events = desk.desk.payments.void(desk.desk.by(desk.people["ann"]), command)
    assert any(isinstance(event.body, PaymentVoided) for event in events)
    cash = desk.expected_cash(custody_id)
    desk.clock.forward(minutes=1)
    count_later(desk, paid.payment_id)
    with pytest.raises(DeskError):
        desk.desk.payments.void(desk.desk.by(desk.people["ann"]), command)
    assert desk.expected_cash(custody_id) == cash
    desk.assert_whole()


def test_a_custody_that_was_closed_stays_closed_when_its_count_comes_again(desk: TestDesk) -> None:
    custody_id = desk.open()
    desk.count(20_000)
    desk.clock.forward(minutes=1)
    desk.close()
    desk.clock.forward(minutes=1)
    count_later(desk, custody_id, DrawerCounted)
    facility = desk.desk.view.facility()
    assert facility.status_of(desk.drawer(), custody_id) is facility.drawers[desk.drawer()].status is DrawerStatus.CLOSED
    with pytest.raises(DeskError):
        desk.close()
    with read_transaction(desk.desk.journal.engine) as connection:
        row = connection.exec_driver_sql("SELECT status, closed_at IS NULL FROM custodies").one()
    assert tuple(row) == ("closed", 0)
    desk.assert_whole()


def test_no_receipt_number_is_given_twice_when_a_payment_comes_again(desk: TestDesk) -> None:
    custody_id = desk.open()
    numbers = [desk.pay(desk.register()).receipt_number for _ in range(2)]
    desk.clock.forward(minutes=1)
    count_later(desk, custody_id, PaymentReceived)
    numbers.append(desk.pay(desk.register()).receipt_number)
    assert numbers == [1, 2, 3]
    desk.assert_whole()
