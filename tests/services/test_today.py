"""The queue, expected visits, blocked accounts, drafts handed over and protected records, on real storage."""

from __future__ import annotations

from datetime import date

import pytest

from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.facility.events import RecordViewed
from access_desk.domain.privacy.events import DisclosureRecorded, GlassBroken
from access_desk.domain.schedule.events import AppointmentDetails
from access_desk.domain.visits.events import VisitDetails
from tests.desks import TestDesk


def refused(code: Refusal) -> pytest.RaisesExc[DeskError]:
    return pytest.RaisesExc(DeskError, check=lambda error: error.code is code)


def test_two_desks_that_call_one_person_see_it(desk: TestDesk) -> None:
    visit = desk.register()
    desk.open("bob", "D2")
    desk.desk.queue.move(desk.desk.by(desk.people["ann"]), visit.visit_id, "called")
    assert not desk.desk.queue.of([visit.visit_id])[visit.visit_id].is_called_twice
    desk.desk.queue.move(desk.desk.by(desk.people["bob"]), visit.visit_id, "called")
    state = desk.desk.queue.of([visit.visit_id])[visit.visit_id]
    assert state.is_called_twice
    assert [call.desk_label for call in state.calls] == ["Admitting 1", "Admitting 2"]
    desk.desk.queue.move(desk.desk.by(desk.people["bob"]), visit.visit_id, "in_progress")
    assert not desk.desk.queue.of([visit.visit_id])[visit.visit_id].is_called_twice
    desk.desk.journal.cache.forget()
    assert desk.desk.queue.of([visit.visit_id])[visit.visit_id].place == "in_progress"


def expect(desk: TestDesk, family: str, born: date, mrn: str = "") -> str:
    row = AppointmentDetails("S-1", desk.clock.now(), VisitDetails(service="MRI"), mrn, family, "Pat", born)
    assert [one.rejected for one in desk.desk.schedule.import_rows([(2, row)])] == [()]
    return desk.desk.schedule.id_of("S-1")


def test_an_expected_visit_finds_its_record_and_becomes_a_visit(desk: TestDesk) -> None:
    visit, by = desk.register(family="Boyd"), desk.desk.by
    desk.desk.registration.amend(by(desk.people["ann"]), visit.patient_id, {"birth_date": "1961-12-09"})
    one = expect(desk, "BOYD", date(1961, 12, 9))
    assert desk.desk.schedule.appointment(one).patient_id == visit.patient_id
    desk.desk.schedule.arrive(by(desk.people["ann"]), one)
    assert desk.desk.schedule.of_day(date(2026, 11, 23))[0].status == "arrived"
    desk.desk.schedule.became(by(desk.people["ann"]), one, visit.visit_id)
    desk.desk.journal.cache.forget()
    found = desk.desk.schedule.of_day(date(2026, 11, 23))[0]
    assert (found.status, found.visit_id) == ("registered", visit.visit_id)


def test_a_number_that_no_record_has_needs_a_name(desk: TestDesk) -> None:
    row = AppointmentDetails("S-9", desk.clock.now(), VisitDetails(), "99999999")
    (done,) = desk.desk.schedule.import_rows([(7, row)])
    assert (done.recorded, [number for number, _ in done.rejected]) == (0, [7])


def test_blocked_accounts_stand_with_the_time_that_is_left(desk: TestDesk) -> None:
    visit, blocked = desk.register(), desk.desk.blocked
    made = blocked.block(desk.desk.by(desk.people["ann"]), visit.visit_id, "missing_form")[-1].subject_id
    desk.clock.forward(minutes=59)
    assert [row.standing.owner for row in blocked.open(desk.clock.now())] == ["registrar"]
    blocked.escalate(desk.desk.by(desk.people["ann"]), made, "cannot wait")
    assert [row.standing.owner for row in blocked.open(desk.clock.now())] == ["lead"]
    desk.clock.forward(minutes=61)
    assert [row.standing.owner for row in blocked.open(desk.clock.now())] == ["supervisor"]
    blocked.unblock(desk.desk.by(desk.people["sue"]), made, "signed")
    assert blocked.open(desk.clock.now()) == []
    with refused(Refusal.BAD_VALUE):
        blocked.unblock(desk.desk.by(desk.people["sue"]), made, "again")


def test_a_draft_handed_over_is_whole_and_no_longer_the_givers(desk: TestDesk) -> None:
    drafts, ann, bob = desk.desk.drafts, desk.people["ann"], desk.people["bob"]
    drafts.save("d", ann, "registration", "Vega, M", '{"family": "Vega <b>"}')
    drafts.hand_over("d", ann, bob)
    assert drafts.of(ann) == []
    (given,) = drafts.of(bob)
    assert (given.content, given.parked) == ('{"family": "Vega <b>"}', True)
    with refused(Refusal.UNKNOWN_REFERENCE):
        drafts.hand_over("d", ann, desk.people["lea"])
    with refused(Refusal.BAD_VALUE):
        drafts.hand_over("d", bob, bob)


def test_a_protected_record_opens_only_through_the_glass_and_only_for_a_while(desk: TestDesk) -> None:
    one, ann = desk.desk, desk.people["ann"]
    patient = desk.register(family="Vega").patient_id
    one.privacy.flag(one.by(ann), patient, "vip", is_on=True, reason="asked for")
    assert one.privacy.hidden_from(ann) == {patient}
    assert one.privacy.of_patient(ann, patient).demographics.family == "V•••"
    with refused(Refusal.NOT_PERMITTED):
        one.registration.view(one.by(ann), patient)
    with refused(Refusal.NEEDS_REASON):
        one.privacy.break_glass(one.by(ann), patient, "registration", " ")
    one.privacy.break_glass(one.by(ann), patient, "registration", "is at the desk")
    assert one.registration.view(one.by(ann), patient).demographics.family == "Vega"
    shown = one.privacy.of_patient(ann, patient)
    assert (shown.demographics.family, shown.views[0].reason) == ("Vega", "registration: is at the desk")
    with refused(Refusal.NOT_PERMITTED):
        one.registration.amend(one.by(ann), patient, {"phone": "2165550100"})
    desk.clock.forward(minutes=30)
    with refused(Refusal.NOT_PERMITTED):
        one.registration.view(one.by(ann), patient)
    assert one.privacy.hidden_from(ann) == {patient}


def test_a_supervisor_reviews_what_others_opened_once(desk: TestDesk) -> None:
    one, ann, sue = desk.desk, desk.people["ann"], desk.people["sue"]
    patient = desk.register().patient_id
    one.privacy.flag(one.by(ann), patient, "confidential", is_on=True, reason="asked for")
    glass = one.privacy.break_glass(one.by(ann), patient, "billing", "a bill")[-1].body
    own = one.privacy.break_glass(one.by(sue), patient, "billing", "a bill")[-1].body
    assert isinstance(glass, GlassBroken)
    assert isinstance(own, GlassBroken)
    with refused(Refusal.SAME_PERSON):
        one.privacy.review(one.by(sue), patient, own.glass_id, "justified")
    with refused(Refusal.NEEDS_REASON):
        one.privacy.review(one.by(sue), patient, glass.glass_id, "not_justified")
    one.privacy.review(one.by(sue), patient, glass.glass_id, "not_justified", "no bill was open")
    assert [row.glass_id for row, _ in one.privacy.reviews()] == [own.glass_id, glass.glass_id]
    with refused(Refusal.BAD_VALUE):
        one.privacy.review(one.by(sue), patient, glass.glass_id, "justified")


def test_a_disclosure_is_in_the_accounting(desk: TestDesk) -> None:
    one, patient = desk.desk, desk.register().patient_id
    by, told = one.by(desk.people["ann"]), ("a court", "1 Main St", "the face sheet")
    with refused(Refusal.BAD_VALUE):
        one.privacy.disclose(by, DisclosureRecorded("", patient, date(2026, 11, 24), *told, "subpoena"))
    one.privacy.disclose(one.by(by.actor_id), DisclosureRecorded("", patient, date(2026, 11, 20), *told, "subpoena"))
    (kept,) = one.privacy.of_patient(by.actor_id, patient).disclosures
    assert (kept.said.recipient, kept.recorded_by) == ("a court", by.actor_id)
    assert not any(isinstance(view, RecordViewed) for view in one.privacy.of_patient(by.actor_id, patient).views)
