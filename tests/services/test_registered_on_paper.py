"""Registrations that were taken on paper first: both moments kept, clocks from the one, the log's order from the other."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from access_desk.domain.coverage.commands import CoverageFiling, PlanFiling
from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.forms.clocks import ClockState
from access_desk.domain.patients.commands import NewPatient
from access_desk.domain.patients.events import Demographics
from access_desk.domain.payments.on_paper import LONGEST_AGO
from access_desk.domain.visits.emergency import Arrival
from access_desk.domain.visits.events import Coverage, VisitDetails, VisitRegistered
from access_desk.domain.visits.on_paper import PaperRegistration
from access_desk.domain.visits.views import VisitRow
from access_desk.services.papers import PaperKey
from access_desk.services.registration import Registration
from tests.desks import TestDesk, a_desk

MEDICARE = Coverage("Medicare", member_id="1EG4TE5MK73", medicare=True)


def taken(desk: TestDesk, ago: timedelta, number: str = "", kind: str = "outpatient", *plans: Coverage) -> VisitRegistered:
    """A registration entered now that was taken a while ago."""
    family = f"Family{desk.desk.journal.head.seq}"
    paper = PaperRegistration(desk.clock.now() - ago, number)
    said = Registration(VisitDetails(kind, "Lab"), plans, NewPatient(Demographics(family, "Pat")), on_paper=paper)
    events = desk.desk.registration.register(desk.desk.by(desk.people["ann"]), said)
    return next(event.body for event in events if isinstance(event.body, VisitRegistered))


def row_of(desk: TestDesk, visit: VisitRegistered) -> VisitRow:
    row = desk.desk.view.visit(visit.visit_id)
    assert row is not None
    return row


def test_both_moments_and_the_number_are_kept(desk: TestDesk) -> None:
    before = desk.register()
    visit = taken(desk, timedelta(hours=31), "R-0117")
    row = row_of(desk, visit)
    assert (row.arrived_at, row.entered_at) == (desk.clock.now() - timedelta(hours=31), desk.clock.now())
    assert (row.paper_number, row.was_entered_late) == ("R-0117", True)
    assert not row_of(desk, before).was_entered_late
    # It is listed on the day of its entry, whenever it happened; the log's order is that of entering.
    today = desk.desk.view.visits_today(date(2026, 11, 23))
    assert [one.visit_id for one in today] == [visit.visit_id, before.visit_id]


@pytest.mark.parametrize(
    ("ago", "text"),
    [(timedelta(minutes=-1), "before now"), (LONGEST_AGO + timedelta(minutes=1), "More than 62 days ago")],
)
def test_a_moment_that_cannot_be_is_refused_and_records_nothing(desk: TestDesk, ago: timedelta, text: str) -> None:
    with pytest.raises(DeskError, match=text) as wrong:
        taken(desk, ago)
    assert wrong.value.code is Refusal.BAD_VALUE
    assert desk.desk.view.visits_today(date(2026, 11, 23)) == []


def test_a_paper_is_entered_once(desk: TestDesk) -> None:
    first = taken(desk, timedelta(hours=2), "r 0117")
    with pytest.raises(DeskError, match=f"entered already, as account {first.account_number}"):
        taken(desk, timedelta(hours=3), "R0117")
    with pytest.raises(DeskError, match="at most 40 characters"):
        taken(desk, timedelta(hours=3), "7" * 41)
    taken(desk, timedelta(hours=3))
    taken(desk, timedelta(hours=3))


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(DeskError, match="date and the time"):
        PaperRegistration(datetime(2026, 11, 23, 2, 10)).check(datetime(2026, 11, 23, 13, tzinfo=UTC))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("kind", "form", "due"),
    [
        # Monday 2026-11-23, 7:00 AM in Chicago; taken on paper 30 hours before, on Sunday at 1:00 AM.
        ("inpatient", "important_message", datetime(2026, 11, 25, 6, 0, tzinfo=UTC)),  # 42 CFR 405.1205(b): two days
        ("observation", "observation_notice", datetime(2026, 11, 23, 19, 0, tzinfo=UTC)),  # 42 CFR 489.20(y)(1): 36 hours
    ],
)
def test_clocks_run_from_when_it_happened(desk: TestDesk, kind: str, form: str, due: datetime) -> None:
    visit = taken(desk, timedelta(hours=30), "", kind, MEDICARE)
    (clock,) = [one for one in desk.desk.forms.open_clocks(desk.clock.now()) if one.form == form]
    assert (clock.visit_id, clock.due_at) == (visit.visit_id, due)
    late = taken(desk, timedelta(days=4), "", kind, MEDICARE)
    overdue = [one for one in desk.desk.forms.open_clocks(desk.clock.now()) if one.visit_id == late.visit_id]
    assert [one.state for one in overdue] == [ClockState.OVERDUE]


def test_plans_are_judged_on_the_day_of_the_visit(desk: TestDesk) -> None:
    visit = taken(desk, timedelta(days=4))
    ended = Coverage("Northlake Health", member_id="NHP447199203", starts=date(2026, 1, 1), ends=date(2026, 11, 20))
    desk.desk.coverage.file(desk.desk.by(desk.people["ann"]), visit.visit_id, CoverageFiling((PlanFiling(coverage=ended),)))
    assert desk.desk.coverage.account(visit.visit_id).standing.service_on == date(2026, 11, 19)


def test_papers_say_both_moments(desk: TestDesk) -> None:
    visit = taken(desk, timedelta(hours=31), "R-0117")
    papers, key = desk.desk.registration_papers, PaperKey("face-sheet", visit.visit_id)
    printing = desk.desk.papers.printing(key, desk.people["ann"])
    sheet = papers.face_sheet(printing, visit.visit_id)
    assert (sheet.entered_at, sheet.paper_number) == (printing.local(desk.clock.now()), "R-0117")
    assert sheet.arrived_at == printing.local(desk.clock.now() - timedelta(hours=31))
    usual = papers.face_sheet(printing, desk.register().visit_id)
    assert (usual.entered_at, usual.paper_number) == (None, "")


def test_an_arrival_that_is_entered_late_is_so_for_the_visit_too(desk: TestDesk) -> None:
    came = desk.clock.now() - timedelta(hours=5)
    said = Registration(VisitDetails("emergency"), (), NewPatient(Demographics("Okonkwo", "Ada")), arrival=Arrival(came, "pain"))
    events = desk.desk.registration.register(desk.desk.by(desk.people["ann"]), said)
    visit = next(event.body for event in events if isinstance(event.body, VisitRegistered))
    row, logged = row_of(desk, visit), desk.desk.emergency.arrival(visit.visit_id)
    assert logged is not None
    assert (row.arrived_at, row.entered_at) == (logged.arrived_at, logged.entered_at) == (came, desk.clock.now())
    assert row.was_entered_late
    assert logged.was_entered_late


def test_no_money_for_an_emergency_from_paper_before_its_exam(desk: TestDesk) -> None:
    """42 CFR 489.24(d)(4): that it happened long ago releases nothing."""
    desk.open()
    visit = taken(desk, timedelta(days=2), "R-0117", "emergency")
    with pytest.raises(DeskError) as wrong:
        desk.pay(visit)
    assert wrong.value.code is Refusal.EMTALA_HOLD
    report = desk.desk.emergency.report(desk.desk.by("system"), date(2026, 11, 20), date(2026, 11, 23))
    assert [(one.visit_id, one.was_entered_late) for one in report.arrivals] == [(visit.visit_id, True)]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(min_value=0, max_value=62 * 24 * 60), min_size=1, max_size=6))
def test_whatever_happened_when_the_log_keeps_the_order_of_entering(minutes: list[int]) -> None:
    with a_desk() as desk:
        made = [taken(desk, timedelta(minutes=one)) for one in minutes]
        rows = [row_of(desk, one) for one in made]
        assert [one.account_number for one in rows] == sorted(one.account_number for one in rows)
        assert [desk.clock.now() - one.arrived_at for one in rows] == [timedelta(minutes=one) for one in minutes]
        assert {one.entered_at for one in rows} == {desk.clock.now()}
