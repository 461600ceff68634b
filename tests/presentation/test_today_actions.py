"""What is done from Today: the queue, arrivals, blocked accounts, drafts handed over; and what the public never sees."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from access_desk.domain.patients.state import PatientState
from access_desk.domain.schedule.events import AppointmentDetails
from access_desk.domain.visits.events import VisitDetails
from access_desk.presentation.handoff_items import open_items
from access_desk.presentation.payment_subject import payers_waiting
from access_desk.presentation.registration import RegistrationModel
from access_desk.presentation.today_actions import TodayModel
from access_desk.presentation.today_lines import left_text
from tests.presentation.money_desk import HeldRuns, MoneyDesk, run_now


@pytest.fixture
def desk() -> MoneyDesk:
    return MoneyDesk()


def today(desk: MoneyDesk) -> TodayModel:
    model = TodayModel(desk.desk, run_now, lambda: desk.who)
    model.refresh()
    return model


def expect(desk: MoneyDesk, family: str = "Boyd", mrn: str = "") -> str:
    visit = VisitDetails("outpatient", "Physical therapy", location="Rehabilitation")
    at = desk.clock.now() + timedelta(minutes=33)
    row = AppointmentDetails("S-1", at, visit, mrn, family, "Carl", date(1961, 12, 9), pre_registered=True)
    assert [one.rejected for one in desk.desk.schedule.import_rows([(2, row)])] == [()]
    return desk.desk.schedule.id_of("S-1")


def test_a_person_is_called_begun_with_and_done(desk: MoneyDesk) -> None:
    visit = desk.register("40.00")
    model = today(desk)
    for place, status in (("called", "Called"), ("in_progress", "In progress")):
        model.move(place)
        (shown,) = model.state.waiting
        assert (shown.visit_id, shown.status, shown.status_detail) == (visit, status, "Admitting 3, Dana Whitfield")
    desk.later(9)
    model.move("done")
    assert [row.visit_id for row in model.state.waiting] == []
    assert [(row.status, row.wait) for row in model.state.done] == [("Done", "9:09 AM")]
    model.move("called")
    assert "Put them back" in model.state.notice
    model.move("waiting")
    assert [row.wait for row in model.state.waiting] == ["9 min"]


def test_who_waits_does_not_go_away_when_a_new_day_begins(desk: MoneyDesk) -> None:
    """The business date changes at 07:00, the calendar at midnight; people do not."""
    desk.later(14 * 60 + 20)
    expect(desk)
    model = today(desk)
    model.select(desk.desk.schedule.id_of("S-1"))
    model.arrive()
    desk.later(50)
    model.refresh()
    assert [row.status for row in model.state.waiting] == ["To register"]
    desk.later(6 * 60 + 40)
    unpaid, paid = desk.register("40.00"), desk.register("0.00")
    model.refresh()
    model.select(paid)
    model.move("done")
    assert [row.visit_id for row in model.state.waiting] == [desk.desk.schedule.id_of("S-1"), unpaid]
    assert [row.visit_id for row in model.state.done] == [paid]
    desk.later(15)
    model.refresh()
    assert unpaid in [row.visit_id for row in model.state.waiting]
    assert model.state.done == ()
    assert [one.visit_id for one in payers_waiting(desk.desk, desk.who)] == [unpaid]
    assert [one.state for one in open_items(desk.desk, desk.who)] == ["Waiting"]
    desk.desk.registration.reach_milestone(desk.desk.by(desk.dana), unpaid, "departed")
    model.refresh()
    assert unpaid not in [row.visit_id for row in model.state.waiting]
    desk.later(13 * 60)
    model.refresh()
    assert model.state.waiting == ()


def test_two_people_who_call_one_person_are_told(desk: MoneyDesk) -> None:
    visit = desk.register("40.00")
    model = today(desk)
    model.move("called")
    desk.who = desk.priya
    model.refresh()
    model.move("called")
    row = model.state.row(visit)
    assert row is not None
    assert (row.status, row.status_detail) == ("Called twice", "Dana Whitfield and Priya Raman")


def test_where_names_are_hidden_no_wait_is_shown(desk: MoneyDesk) -> None:
    desk.register("40.00")
    expect(desk)
    blocked = today(desk)
    blocked.ask_block()
    blocked.answer("missing_form", "")
    desk.later(17)
    model = today(desk)
    assert (model.state.waiting[0].wait, model.state.waiting_text) == ("17 min", "1 person, longest 17 min, target 15 min")
    model.hide_names(hidden=True)
    row = model.state.waiting[0]
    assert (row.wait, row.wait_tone, row.arrived.strip(), model.state.waiting_text) == ("Waiting", "plain", "", "1 person")
    assert "17 min" not in row.spoken
    assert not any(name in repr(model.state) for name in ("Vega", "Boyd", "Marisol", "Carl"))


def test_an_expected_visit_becomes_a_registration_that_was_filled_in(desk: MoneyDesk) -> None:
    one = expect(desk)
    model = today(desk)
    (row,) = model.state.expected
    assert (row.wait, row.arrived, row.status, row.status_detail) == (
        "9:33 AM",
        "in 33 min",
        "Pre-registered",
        "No record on file",
    )
    form = RegistrationModel(desk.desk, run_now, lambda: desk.who)
    model.open_expected(one, form.open_expected)
    typed = form.state.form
    assert typed is not None
    assert (typed.value("family"), typed.value("birth_date"), typed.value("service")) == (
        "Boyd",
        "12/09/1961",
        "Physical therapy",
    )
    model.refresh()
    assert [(row.status, row.kind) for row in model.state.waiting] == [("To register", "expected")]
    for key, text in (("sex", "male"), ("phone", "2165550148")):
        form.type(key, text)
    form.park()
    again = RegistrationModel(desk.desk, run_now, lambda: desk.who)
    again.open_draft(typed.draft_id)
    again.file()
    assert again.state.phase == "filed", again.state.problems
    assert desk.desk.schedule.appointment(one).status == "registered"
    model.refresh()
    assert [row.kind for row in model.state.rows] == ["visit"]


def test_an_expected_visit_of_somebody_on_file_opens_the_record(desk: MoneyDesk) -> None:
    visit = desk.desk.view.visit(desk.register())
    assert visit is not None
    one = expect(desk, mrn=visit.mrn)
    opened: list[tuple[PatientState | None, dict[str, str]]] = []
    today(desk).open_expected(one, lambda patient, values: opened.append((patient, values)))
    ((patient, values),) = opened
    assert patient is not None
    assert (patient.patient_id, values["location"]) == (visit.patient_id, "Rehabilitation")
    assert "record.viewed" in desk.kinds()


def test_who_does_not_come_leaves_the_list_and_a_cancellation_needs_its_reason(desk: MoneyDesk) -> None:
    one = expect(desk)
    model = today(desk)
    model.ask_end()
    model.answer("cancelled", " ")
    assert "why" in model.state.notice
    model.ask_end()
    model.answer("no_show", "")
    assert model.state.expected == ()
    assert desk.desk.schedule.appointment(one).status == "no_show"


def test_a_blocked_account_stands_with_its_owner_until_it_is_lifted(desk: MoneyDesk) -> None:
    visit = desk.register()
    model = today(desk)
    model.ask_block()
    assert model.state.question is not None
    model.answer("identity_unclear", "two dates of birth")
    row = model.state.row(visit)
    assert row is not None
    assert (row.status, row.status_kind, row.status_detail) == ("Blocked", "short", "Identity unclear")
    (line,) = model.state.blocked
    assert (line.reason, line.left, line.due) == (
        "Identity unclear: two dates of birth",
        "30 min left",
        "Due 9:30 AM, Registrar",
    )
    desk.later(45)
    model.tick()
    assert [(one.left, one.due) for one in model.state.blocked] == [("15 min left", "Due 10:00 AM, Shift lead")]
    desk.later(80)
    model.tick()
    assert [(one.left, one.tone) for one in model.state.blocked] == [("Overdue 5 min", "short")]
    assert model.state.overdue == 1
    model.ask_unblock(line.key)
    model.answer("", "")
    assert "what was done" in model.state.notice
    model.ask_unblock(line.key)
    model.answer("", "asked the patient")
    assert model.state.blocked == ()


def test_a_question_answered_twice_is_carried_out_once(desk: MoneyDesk) -> None:
    desk.register()
    runs = HeldRuns()
    model = TodayModel(desk.desk, runs, lambda: desk.who)
    model.refresh()
    runs.run_all()
    model.ask_block()
    model.answer("missing_form", "")
    model.answer("missing_form", "")
    runs.run_all()
    assert desk.kinds().count("account.blocked") == 1


def test_a_registration_handed_to_another_person_comes_back_whole(desk: MoneyDesk) -> None:
    form = RegistrationModel(desk.desk, run_now, lambda: desk.who)
    form.open_new({"family": "Stavros <b>", "given": "Eléna \u202e", "birth_date": "3/14/19"})
    form.type("phone", "216 55")
    form.add_plan()
    form.type("plan1.payer", "Northlake Health")
    typed = form.state.form
    form.park()
    model = today(desk)
    model.ask_hand_over(model.state.parked[0].draft_id)
    asked = model.state.question
    assert asked is not None
    assert desk.dana not in dict(asked.choices)
    model.answer(desk.priya, "")
    assert model.state.parked == ()
    assert "Priya Raman finds the draft" in model.state.notice
    desk.who = desk.priya
    (line,) = today(desk).state.parked
    theirs = RegistrationModel(desk.desk, run_now, lambda: desk.who)
    theirs.open_draft(line.draft_id)
    assert theirs.state.form == typed


def test_a_draft_for_somebody_at_another_desk_says_where_it_stays(desk: MoneyDesk) -> None:
    desk.open_drawer_at("drawer-02", desk.priya)
    form = RegistrationModel(desk.desk, run_now, lambda: desk.who)
    form.open_new({"family": "Stavros"})
    form.park()
    model = today(desk)
    model.ask_hand_over(model.state.parked[0].draft_id)
    asked = model.state.question
    assert asked is not None
    assert dict(asked.choices)[desk.priya] == "Priya Raman, now at Admitting 2"
    model.answer(desk.priya, "")
    assert "Priya Raman is at Admitting 2. The draft stays at Admitting 3" in model.state.notice


def test_a_protected_record_is_only_known_to_exist(desk: MoneyDesk) -> None:
    visit = desk.desk.view.visit(desk.register())
    assert visit is not None
    desk.desk.privacy.flag(desk.desk.by(desk.dana), visit.patient_id, "vip", is_on=True, reason="asked for")
    row = today(desk).state.rows[0]
    assert (row.family, row.rest) == ("V•••", ", protected")
    assert "1987" not in row.identity
    desk.desk.privacy.break_glass(desk.desk.by(desk.dana), visit.patient_id, "registration", "is here")
    assert today(desk).state.rows[0].family == "Vega-Trujillo"


@pytest.mark.parametrize(
    ("minutes", "text"),
    [(33, "33 min left"), (70, "1 h 10 min left"), (0, "Overdue 0 min"), (-4, "Overdue 4 min"), (1500, "1 d 1 h left")],
)
def test_time_left_in_words(minutes: int, text: str) -> None:
    assert left_text(timedelta(minutes=minutes)) == text
