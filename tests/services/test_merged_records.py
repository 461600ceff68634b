"""While a merge stands, what hangs on the retired record is the survivor's: visits, money, forms, who saw it, its protection."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from access_desk.domain.errors import DeskError
from access_desk.domain.patients.commands import NewPatient
from access_desk.domain.patients.events import Demographics, PatientRegistered
from access_desk.domain.patients.link_events import PatientMerged
from access_desk.domain.patients.naming import are_too_alike
from access_desk.domain.patients.views import SearchTerms
from access_desk.domain.payments.events import PaymentReceived
from access_desk.domain.privacy.rules import ProtectedRecordError
from access_desk.domain.schedule.events import AppointmentDetails
from access_desk.domain.visits.events import VisitDetails
from access_desk.presentation.payment_subject import load_subject
from access_desk.services.papers import PaperKey
from access_desk.services.registration import Registration
from tests.desks import TestDesk

BORN = date(1987, 3, 14)


def made(desk: TestDesk, family: str, given: str = "Marisol", **fields: str) -> str:
    new = NewPatient(Demographics(family, given, birth_date=BORN, **fields), despite_match="seen")
    desk.clock.forward(minutes=1)
    events = desk.desk.registration.register(desk.desk.by(desk.people["ann"]), Registration(VisitDetails(), (), new))
    return next(event.body.patient_id for event in events if isinstance(event.body, PatientRegistered))


def merged(desk: TestDesk, survivor: str, retired: str) -> str:
    desk.clock.forward(minutes=1)
    events = desk.desk.links.merge(desk.desk.by(desk.people["lea"]), survivor, retired, "same passport")
    return next(event.body.merge_id for event in events if isinstance(event.body, PatientMerged))


def test_find_shows_the_last_visit_under_any_of_the_records(desk: TestDesk) -> None:
    kept, gone = made(desk, "Vega"), made(desk, "Vegga")
    last = desk.desk.view.visits_of(gone)[0].arrived_at
    merge_id = merged(desk, kept, gone)
    (found,) = desk.desk.links.standing(desk.desk.view.search(SearchTerms(family="Vega", given="Marisol")))
    assert (found.found.patient_id, found.found.last_visit_at) == (kept, last)
    (likely,) = desk.desk.likely.of(Demographics("Vega", "Marisol", birth_date=BORN))
    assert likely.found.last_visit_at == last
    side = desk.desk.links.side(kept)
    assert side is not None
    assert (side.visits, side.last_visit_at) == (2, last)
    desk.desk.links.unmerge(desk.desk.by(desk.people["lea"]), kept, merge_id, "two people")
    side = desk.desk.links.side(kept)
    assert side is not None
    assert side.visits == 1


def test_receipts_stand_under_the_survivor_and_go_back(desk: TestDesk) -> None:
    desk.open()
    kept = made(desk, "Vega")
    visit = desk.register(family="Vegga", given="Mari")
    payment = desk.pay(visit)
    view = desk.desk.view
    merge_id = merged(desk, kept, visit.patient_id)
    custody = view.facility().drawers[desk.drawer()].custody_id
    assert custody is not None
    book = view.book(custody)
    assert book is not None
    for row in (book.receipts[0], view.receipt(payment.payment_id), view.receipts_like(payment.receipt)[0]):
        assert row is not None
        assert (row.patient_id, row.patient_family, row.mrn) == (kept, "Vega", view.patient(kept).mrn)
    desk.desk.links.unmerge(desk.desk.by(desk.people["lea"]), kept, merge_id, "two people")
    back = view.receipt(payment.payment_id)
    assert back is not None
    assert (back.patient_id, back.patient_family) == (visit.patient_id, "Vegga")


def test_money_without_a_visit_goes_to_the_record_that_stands(desk: TestDesk) -> None:
    desk.open()
    kept = made(desk, "Vega")
    visit = desk.register(family="Vegga", given="Mari")
    merged(desk, kept, visit.patient_id)
    subject = load_subject(desk.desk, desk.people["ann"], "", visit.patient_id)
    assert subject is not None
    assert (subject.patient_id, subject.family) == (kept, "Vega")
    command = replace(desk.payment(visit), visit_id=None, patient_id=visit.patient_id)
    events = desk.desk.payments.take(desk.desk.by(desk.people["ann"]), command)
    assert [event.body.patient_id for event in events if isinstance(event.body, PaymentReceived)] == [kept]


def test_a_merge_does_not_open_a_protected_record(desk: TestDesk) -> None:
    kept, gone = made(desk, "Vega"), made(desk, "Vegga")
    privacy, ann, lea = desk.desk.privacy, desk.people["ann"], desk.people["lea"]
    desk.desk.registration.view(desk.desk.by(ann), gone)
    privacy.flag(desk.desk.by(ann), gone, "vip", is_on=True, reason="asked for it")
    merge_id = merged(desk, kept, gone)
    assert privacy.flags_of([kept, gone]) == {kept: frozenset({"vip"}), gone: frozenset({"vip"})}
    assert privacy.hidden_from(ann) == {kept, gone}
    with pytest.raises(ProtectedRecordError):
        desk.desk.registration.view(desk.desk.by(ann), kept)
    assert privacy.of_patient(ann, kept).views == ()
    privacy.break_glass(desk.desk.by(lea), kept, "billing", "a statement came back")
    shown = privacy.of_patient(lea, gone)
    assert (shown.patient_id, shown.may_see, len(shown.views)) == (kept, True, 1)
    assert [glass.opened_by for glass, _ in privacy.reviews()] == [lea]
    privacy.flag(desk.desk.by(lea), kept, "vip", is_on=False, reason="no longer asked for")
    assert privacy.flags_of([kept, gone]) == {}
    desk.desk.links.unmerge(desk.desk.by(lea), kept, merge_id, "two people")
    assert privacy.of_patient(ann, kept).views == ()
    assert len(privacy.of_patient(ann, gone).views) == 1


def test_a_new_record_beside_a_retired_one_is_reviewed_with_the_survivor(desk: TestDesk) -> None:
    kept, gone = made(desk, "Vega", "Marisol"), made(desk, "Vegga", "Mari", phone="2165550148")
    merged(desk, kept, gone)
    (likely,) = desk.desk.likely.of(Demographics("Vegga", "Mari", birth_date=BORN))
    assert (likely.found.patient_id, likely.retired_mrn) == (kept, desk.desk.view.patient(gone).mrn)
    third = made(desk, "Vegga", "Mari")
    assert {frozenset((pair.one.patient_id, pair.other.patient_id)) for pair in desk.desk.links.board().pairs} == {
        frozenset((kept, third))
    }


def test_linked_records_warn_of_each_other_until_they_are_one(desk: TestDesk) -> None:
    one, other = made(desk, "Vega", "Marisol"), made(desk, "Vega", "Maricela")
    desk.desk.links.link(desk.desk.by(desk.people["ann"]), one, other, "twins")
    linked = desk.desk.alerts.linked([one, other])
    assert [(known.patient_id, known.reason) for known in linked[one]] == [(other, "twins")]
    assert [known.patient_id for known in linked[other]] == [one]
    desk.desk.privacy.flag(desk.desk.by(desk.people["ann"]), other, "vip", is_on=True, reason="asked for it")
    assert desk.desk.alerts.linked([one])[one][0].demographics.family == "V•••"
    merged(desk, one, other)
    assert desk.desk.alerts.linked([one]) == {}


def test_who_is_here_under_a_similar_name(desk: TestDesk) -> None:
    one, other = made(desk, "Vega", "Marisol"), made(desk, "Vegga", "Marisol")
    made(desk, "Stavros", "Elena")
    alerts = desk.desk.alerts
    here = alerts.of(desk.desk.view.patient(one).demographics, one)
    assert [known.patient_id for known in here.namesakes] == [other]
    assert [known.patient_id for known in alerts.of(Demographics("Vega", "Marisol")).namesakes] == [one, other]
    (visit,) = desk.desk.view.visits_of(other)
    desk.desk.registration.reach_milestone(desk.desk.by(desk.people["ann"]), visit.visit_id, "departed")
    assert alerts.of(desk.desk.view.patient(one).demographics, one).namesakes == ()


def test_a_merge_refuses_a_record_that_is_retired(desk: TestDesk) -> None:
    kept, gone, third = made(desk, "Vega"), made(desk, "Vegga"), made(desk, "Vegas")
    merged(desk, kept, gone)
    with pytest.raises(DeskError, match="merged already"):
        merged(desk, third, gone)


def test_a_wristband_says_the_number_of_a_retired_record_until_it_is_printed_again(desk: TestDesk) -> None:
    kept, gone = made(desk, "Vega"), made(desk, "Vegga")
    (visit,) = desk.desk.view.visits_of(gone)
    number = visit.mrn

    def says() -> str:
        row = desk.desk.view.visit(visit.visit_id)
        assert row is not None
        return row.band_says if row.needs_new_band else ""

    def print_band() -> None:
        desk.clock.forward(minutes=1)
        key = PaperKey("wristband", visit.visit_id)
        desk.desk.papers.record_print(key, desk.desk.papers.printing(key, None), None)

    assert says() == ""
    merge_id = merged(desk, kept, gone)
    assert says() == number
    desk.clock.forward(minutes=1)
    desk.desk.links.unmerge(desk.desk.by(desk.people["lea"]), kept, merge_id, "two people")
    assert says() == "", "no other band was printed meanwhile"
    again = merged(desk, kept, gone)
    print_band()
    assert says() == ""
    desk.clock.forward(minutes=1)
    desk.desk.links.unmerge(desk.desk.by(desk.people["lea"]), kept, again, "two people")
    assert says() == desk.desk.view.patient(kept).mrn
    print_band()
    assert says() == ""
    desk.desk.registration.reach_milestone(desk.desk.by(desk.people["ann"]), visit.visit_id, "departed")
    assert says() == ""


def test_somebody_whose_records_were_merged_is_expected_as_one(desk: TestDesk) -> None:
    """By name and birth date, and by the number of the record that was retired."""
    kept, gone = made(desk, "Vega"), made(desk, "Vega")
    number, schedule = desk.desk.view.patient(gone).mrn, desk.desk.schedule

    def expected(source: str, mrn: str = "") -> str:
        said = AppointmentDetails(source, desk.clock.now(), VisitDetails(), mrn, "Vega", "Marisol", BORN)
        assert [one.rejected for one in schedule.import_rows([(2, said)])] == [()]
        return schedule.appointment(schedule.id_of(source)).patient_id

    assert expected("S-1") == ""
    assert expected("S-2", number) == gone
    merged(desk, kept, gone)
    assert [expected("S-3"), expected("S-4", number)] == [kept, kept]


def test_a_newborn_is_named_by_the_record_that_stands_for_the_mother(desk: TestDesk) -> None:
    """Her wristband still says the number that was retired, and the retired record her name as it was mistyped."""
    kept, gone = made(desk, "Vega"), made(desk, "Vegga", "Marsol")
    merged(desk, kept, gone)
    new = NewPatient(Demographics(sex="female"), newborn_of=gone)
    by = desk.desk.by(desk.people["ann"])
    events = desk.desk.registration.register(by, Registration(VisitDetails("newborn"), (), new))
    child = next(event.body for event in events if isinstance(event.body, PatientRegistered))
    assert (child.newborn_of, child.demographics.family, child.demographics.given) == (kept, "Vega", "Marisol Girl")
    for mother in (kept, gone):
        assert not are_too_alike(child.mrn, desk.desk.view.patient(mother).mrn)
