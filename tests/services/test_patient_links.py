"""Link, merge, un-merge and the queue of possible duplicates at the service, on real tables."""

from __future__ import annotations

from datetime import date

import pytest

from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.patients.commands import NewPatient
from access_desk.domain.patients.events import Demographics, PatientRegistered
from access_desk.domain.patients.link_events import PatientMerged
from access_desk.domain.patients.views import SearchTerms
from access_desk.domain.visits.events import VisitDetails
from access_desk.services.registration import Registration
from tests.desks import TestDesk

BORN = date(1987, 3, 14)


def made(desk: TestDesk, family: str, given: str = "Marisol", despite: str = "", **fields: str) -> str:
    new = NewPatient(Demographics(family, given, birth_date=BORN, **fields), despite_match=despite)
    desk.clock.forward(minutes=1)
    events = desk.desk.registration.register(desk.desk.by(desk.people["ann"]), Registration(VisitDetails(), (), new))
    return next(event.body.patient_id for event in events if isinstance(event.body, PatientRegistered))


def merged(desk: TestDesk, survivor: str, retired: str) -> str:
    events = desk.desk.links.merge(desk.desk.by(desk.people["lea"]), survivor, retired, "same passport")
    return next(event.body.merge_id for event in events if isinstance(event.body, PatientMerged))


def test_visits_go_under_the_survivor_and_come_back(desk: TestDesk) -> None:
    kept, gone = made(desk, "Vega"), made(desk, "Vegga", phone="2165550148")
    view, links = desk.desk.view, desk.desk.links
    merge_id = merged(desk, kept, gone)
    assert {visit.patient_id for visit in view.visits_of(kept)} == {kept}
    assert len(view.visits_of(kept)) == len(view.visits_of(gone)) == 2
    assert (view.patient(kept).demographics.phone, view.patient(gone).demographics.phone) == ("2165550148", "2165550148")
    assert [visit.mrn for visit in view.visits_today(BORN.replace(2026, 11, 23))] == [view.patient(kept).mrn] * 2
    links.unmerge(desk.desk.by(desk.people["sue"]), kept, merge_id, "two passports")
    assert [len(view.visits_of(one)) for one in (kept, gone)] == [1, 1]
    assert view.patient(kept).demographics.phone == ""
    assert links.board().merges[0].unmerged_by == desk.people["sue"]


def test_a_retired_number_finds_the_survivor_and_takes_what_is_said_of_it(desk: TestDesk) -> None:
    kept, gone = made(desk, "Vega"), made(desk, "Vegga")
    number = desk.desk.view.patient(gone).mrn
    merged(desk, kept, gone)
    found = desk.desk.links.standing(desk.desk.view.search(SearchTerms(number=number)))
    assert [(one.found.patient_id, one.retired_mrn) for one in found] == [(kept, number)]
    by = desk.desk.by(desk.people["ann"])
    assert desk.desk.registration.view(by, gone).patient_id == kept
    desk.desk.registration.amend(desk.desk.by(desk.people["ann"]), gone, {"city": "Akron"})
    assert desk.desk.view.patient(kept).demographics.city == "Akron"
    desk.desk.registration.register(desk.desk.by(desk.people["ann"]), Registration(VisitDetails(), (), None, gone))
    assert len(desk.desk.view.patient(kept).visits) == 2


def test_a_payment_of_the_retired_record_survives_both(desk: TestDesk) -> None:
    desk.open()
    kept = made(desk, "Vega")
    visit = desk.register(family="Vegga", given="Mari")
    payment = desk.pay(visit)
    merge_id = merged(desk, kept, visit.patient_id)
    shown = desk.desk.view.visit(visit.visit_id)
    assert shown is not None
    assert (shown.patient_id, shown.paid) == (kept, payment.amount)
    desk.desk.links.unmerge(desk.desk.by(desk.people["lea"]), kept, merge_id, "two people")
    shown = desk.desk.view.visit(visit.visit_id)
    assert shown is not None
    assert (shown.patient_id, shown.paid) == (visit.patient_id, payment.amount)


def test_made_despite_a_match_is_listed_until_somebody_decides(desk: TestDesk) -> None:
    first, second = made(desk, "Vega"), made(desk, "Vega", despite="cousin, passport seen")
    pair = desk.desk.links.board().pairs[0]
    assert (pair.one.patient_id, pair.other.patient_id) == (first, second)
    assert (pair.source, pair.reason, pair.raised_by) == ("despite_match", "cousin, passport seen", desk.people["ann"])
    lead = desk.people["lea"]
    desk.desk.links.not_the_same(desk.desk.by(lead), second, first, "two passports")
    assert desk.desk.links.board().pairs == ()
    desk.desk.links.flag(desk.desk.by(desk.people["bob"]), first, second, "one phone")
    assert [one.source for one in desk.desk.links.board().pairs] == ["flag"], "raised again after the answer"
    merge_id = merged(desk, first, second)
    assert desk.desk.links.board().pairs == ()
    desk.desk.links.unmerge(desk.desk.by(lead), first, merge_id, "wrong")
    assert len(desk.desk.links.board().pairs) == 1


def test_rates_say_what_they_count(desk: TestDesk) -> None:
    ids = [made(desk, letter * 5, letter * 4) for letter in "ABCDEFGH"]
    by = desk.people["lea"]
    desk.desk.links.flag(desk.desk.by(by), ids[0], ids[1], "alike")
    desk.desk.links.flag(desk.desk.by(by), ids[1], ids[2], "alike")
    wrong = merged(desk, ids[3], ids[4])
    desk.desk.links.unmerge(desk.desk.by(by), ids[3], wrong, "two people")
    merged(desk, ids[5], ids[6])
    quality, first, last = desk.desk.quality, date(2026, 10, 25), date(2026, 11, 23)
    board = quality.board(desk.desk.by(by), first, last)
    figures = [(rate.numerator, rate.denominator) for rate in board.rates]
    # Three records in two pairs of seven that stand; one confirmed duplicate of eight visits; one merge found wrong.
    assert figures == [(3, 7), (1, 8), (1, 7)]
    assert board.duplicates_made == {desk.people["ann"]: 1}
    later = quality.board(desk.desk.by(by), date(2026, 11, 24), date(2026, 12, 23))
    assert [rate.numerator for rate in later.rates] == [3, 0, 0], "another period"
    assert later.duplicates_made == {}
    with pytest.raises(DeskError) as refused:
        quality.board(desk.desk.by(desk.people["ann"]), first, last)
    assert refused.value.code is Refusal.NOT_PERMITTED


@pytest.mark.parametrize("act", ["merge", "not_the_same", "unmerge"])
def test_registrars_may_flag_and_link_only(desk: TestDesk, act: str) -> None:
    one, other = made(desk, "Vega"), made(desk, "Vegga")
    by, links = desk.desk.by(desk.people["ann"]), desk.desk.links
    doing = {
        "merge": lambda: links.merge(by, one, other, "seen"),
        "not_the_same": lambda: links.not_the_same(by, one, other, "seen"),
        "unmerge": lambda: links.unmerge(by, one, "m", "seen"),
    }
    with pytest.raises(DeskError) as refused:
        doing[act]()
    assert refused.value.code is Refusal.NOT_PERMITTED
    links.link(desk.desk.by(desk.people["ann"]), one, other, "twins")
    links.flag(desk.desk.by(desk.people["ann"]), one, other, "same address")
