"""The emergency department at the service: holds, the central log, the report, and random orders of everything."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.facility.events import ActionRefused
from access_desk.domain.money import Money
from access_desk.domain.patients.commands import NewPatient
from access_desk.domain.patients.events import Demographics
from access_desk.domain.payments.commands import TakePayment, TenderOffered
from access_desk.domain.payments.events import PaymentLine, PaymentReceived
from access_desk.domain.payments.on_paper import PaperReceipt, PaymentTakenOnPaper
from access_desk.domain.visits.emergency import Arrival, Ending, Screening, Stabilization
from access_desk.domain.visits.emergency_events import DISPOSITIONS, ScreeningCompleted, StabilizationRecorded
from access_desk.domain.visits.emergency_views import EmtalaReport, LoggedArrival
from access_desk.domain.visits.events import VisitDetails, VisitProgressed, VisitRegistered
from access_desk.domain.visits.on_paper import PaperRegistration
from access_desk.protocol.encoding import decode
from access_desk.services.registration import Registration
from access_desk.storage.engine import read_transaction, write_transaction
from access_desk.storage.event_log import every_row
from access_desk.storage.projections.rows import utc_text
from tests.desks import TestDesk, a_desk

TODAY = date(2026, 11, 23)


def arrive(desk: TestDesk, *, minutes_ago: float = 0, new: NewPatient | None = None) -> VisitRegistered:
    """Somebody comes to the emergency department."""
    new = new or NewPatient(Demographics(family=f"Family{desk.desk.journal.head.seq}", given="Pat"))
    arrival = Arrival(desk.clock.now() - timedelta(minutes=minutes_ago), "chest pain", "born 1961")
    registration = Registration(VisitDetails("emergency", reason="chest pain"), (), new, arrival=arrival)
    events = desk.desk.registration.register(desk.desk.by(desk.people["ann"]), registration)
    return next(event.body for event in events if isinstance(event.body, VisitRegistered))


def examine(desk: TestDesk, visit_id: str, *, condition: bool = True, minutes_ago: float = 0) -> None:
    at = desk.clock.now() - timedelta(minutes=minutes_ago)
    given = Screening("Dr. Okafor", "physician", at, "clinician", condition)
    desk.desk.emergency.complete_screening(desk.desk.by(desk.people["ann"]), visit_id, given)


def stabilize(desk: TestDesk, visit_id: str) -> None:
    given = Stabilization("Dr. Okafor", desk.clock.now(), "chart")
    desk.desk.emergency.record_stabilization(desk.desk.by(desk.people["ann"]), visit_id, given)


def end(desk: TestDesk, visit_id: str, disposition: str = "discharged") -> None:
    desk.desk.emergency.end(desk.desk.by(desk.people["ann"]), visit_id, Ending(disposition, desk.clock.now(), "chart"))


def report(desk: TestDesk) -> EmtalaReport:
    return desk.desk.emergency.report(desk.desk.by(desk.people["sue"]), TODAY, TODAY + timedelta(days=1))


def line_of(desk: TestDesk, visit_id: str) -> LoggedArrival:
    found = desk.desk.emergency.arrival(visit_id)
    assert found is not None
    return found


@pytest.mark.parametrize("release", ["mse", "stabilized"])
def test_a_payment_that_is_offered_waits_and_the_attempt_is_kept(desk: TestDesk, release: str) -> None:
    desk.set_policy(emtala_release=release)
    desk.open()
    visit = arrive(desk)
    for who in ("ann", "ann"):
        with pytest.raises(DeskError) as refused:
            desk.pay(visit, who=who)
        assert refused.value.code is Refusal.EMTALA_HOLD
        assert "Thank you, but you will be seen first" in refused.value.text
    with read_transaction(desk.desk.journal.engine) as connection:
        kept = [decode(row.data)[0].body for row in every_row(connection)]
    assert [body.code for body in kept if isinstance(body, ActionRefused)] == ["emtala_hold", "emtala_hold"]
    examine(desk, visit.visit_id)
    if release == "stabilized":
        with pytest.raises(DeskError):
            desk.pay(visit)
        stabilize(desk, visit.visit_id)
    desk.clock.forward(minutes=1)
    desk.pay(visit)
    assert report(desk).early == ()


def test_an_exam_that_finds_nothing_releases_under_the_strict_setting_too(desk: TestDesk) -> None:
    desk.set_policy(emtala_release="stabilized")
    desk.open()
    visit = arrive(desk)
    examine(desk, visit.visit_id, condition=False)
    row = desk.desk.view.visit(visit.visit_id)
    assert row is not None
    assert desk.desk.view.may_be_asked_for_money(row)
    desk.pay(visit)
    assert report(desk).early == ()


@pytest.mark.parametrize("disposition", DISPOSITIONS)
def test_everybody_who_came_stays_on_the_log(desk: TestDesk, disposition: str) -> None:
    visit = arrive(desk)
    end(desk, visit.visit_id, disposition)
    (line,) = report(desk).arrivals
    assert (line.visit_id, line.disposition, line.became) == (visit.visit_id, disposition, DISPOSITIONS[disposition])
    assert report(desk).without_end == ()


def test_a_visit_that_was_registered_as_any_other_is_on_the_log(desk: TestDesk) -> None:
    visit = desk.register("emergency")
    desk.register("outpatient")
    by = desk.desk.by(desk.people["ann"])
    desk.desk.registration.reach_milestone(by, visit.visit_id, "left_without_being_seen")
    (line,) = desk.desk.emergency.central_log(TODAY, TODAY)
    assert (line.visit_id, line.disposition) == (visit.visit_id, "left_without_being_seen")


def test_a_merged_arrival_keeps_its_line_and_the_number_it_came_under(desk: TestDesk) -> None:
    first, second = arrive(desk), arrive(desk)
    before = line_of(desk, second.visit_id)
    examine(desk, first.visit_id)
    examine(desk, second.visit_id)
    desk.desk.links.merge(desk.desk.by(desk.people["lea"]), first.patient_id, second.patient_id, "one passport")
    after = line_of(desk, second.visit_id)
    assert len(report(desk).arrivals) == 2
    assert (after.logged_mrn, after.mrn) == (before.mrn, line_of(desk, first.visit_id).mrn)


def test_an_arrival_entered_late_keeps_both_moments(desk: TestDesk) -> None:
    visit = arrive(desk, minutes_ago=130)
    line = line_of(desk, visit.visit_id)
    assert line.was_entered_late
    assert line.entered_at - line.arrived_at == timedelta(minutes=130)
    assert report(desk).entered_late == (line,)


def test_a_payment_before_its_exam_would_be_found(desk: TestDesk) -> None:
    """The decider lets none through, so one is put into the table behind its back."""
    desk.open()
    visit, outpatient = arrive(desk), desk.register()
    paid = desk.pay(outpatient)
    with write_transaction(desk.desk.journal.engine) as connection:
        connection.exec_driver_sql("UPDATE payments SET visit_id = ? WHERE payment_id = ?", (visit.visit_id, paid.payment_id))
    desk.clock.forward(minutes=1)
    examine(desk, visit.visit_id)
    (early,) = report(desk).early
    assert (early.receipt, early.visit_id, early.amount) == (paid.receipt, visit.visit_id, paid.amount)
    assert early.released_at is not None
    assert early.released_at > early.paid_at
    with write_transaction(desk.desk.journal.engine) as connection:
        values = (outpatient.visit_id, paid.payment_id)
        connection.exec_driver_sql("UPDATE payments SET visit_id = ? WHERE payment_id = ?", values)


def on_paper(desk: TestDesk, visit: VisitRegistered, minutes_ago: float, *, by_patient: bool = False) -> TakePayment:
    amount = Money(2_500)
    return TakePayment(
        desk.drawer(),
        (PaymentLine("copay", amount),),
        (TenderOffered("cash", amount),),
        None if by_patient else visit.visit_id,
        visit.patient_id if by_patient else None,
        on_paper=PaperReceipt(desk.clock.now() - timedelta(minutes=minutes_ago)),
    )


@pytest.mark.parametrize("by_patient", [False, True])
def test_a_payment_on_paper_is_held_against_when_it_was_taken(desk: TestDesk, by_patient: bool) -> None:
    """42 CFR 489.24(d)(4): that the exam was done before somebody sat down to enter it changes nothing."""
    desk.open()
    visit, by = arrive(desk, minutes_ago=120), desk.people["ann"]
    examine(desk, visit.visit_id, minutes_ago=60)
    with pytest.raises(DeskError) as refused:
        desk.desk.payments.take(desk.desk.by(by), on_paper(desk, visit, 61, by_patient=by_patient))
    assert refused.value.code is Refusal.EMTALA_HOLD
    assert "Give the money back and tell compliance" in refused.value.text
    desk.desk.payments.take(desk.desk.by(by), on_paper(desk, visit, 60, by_patient=by_patient))
    assert report(desk).early == ()
    # Before they came they were no emergency: a deposit of theirs is theirs.
    before = on_paper(desk, visit, 121, by_patient=True)
    desk.desk.payments.take(desk.desk.by(by), before)
    assert report(desk).early == ()


def test_a_paper_that_came_before_the_exam_would_be_found(desk: TestDesk) -> None:
    """The decider lets none through, so its moment is changed behind its back."""
    desk.open()
    visit = arrive(desk, minutes_ago=120)
    examine(desk, visit.visit_id, minutes_ago=60)
    events = desk.desk.payments.take(desk.desk.by(desk.people["ann"]), on_paper(desk, visit, 30))
    paid = next(event.body for event in events if isinstance(event.body, PaymentReceived))
    true, false = (utc_text(desk.clock.now() - timedelta(minutes=ago)) for ago in (30, 90))
    change = "UPDATE payment_papers SET taken_at = ? WHERE payment_id = ?"
    with write_transaction(desk.desk.journal.engine) as connection:
        connection.exec_driver_sql(change, (false, paid.payment_id))
    (early,) = report(desk).early
    assert (early.receipt, early.paid_at) == (paid.receipt, desk.clock.now() - timedelta(minutes=90))
    with write_transaction(desk.desk.journal.engine) as connection:
        connection.exec_driver_sql(change, (true, paid.payment_id))


def test_the_report_is_for_leads(desk: TestDesk) -> None:
    with pytest.raises(DeskError) as refused:
        desk.desk.emergency.report(desk.desk.by(desk.people["ann"]), TODAY, TODAY)
    assert refused.value.code is Refusal.NOT_PERMITTED


@contextmanager
def may_be_refused(*codes: Refusal) -> Iterator[None]:
    """What is tried either works or is refused for one of these reasons."""
    try:
        yield
    except DeskError as refused:
        if refused.code not in codes:
            raise


class EmergencyDepartment(RuleBasedStateMachine):
    """Anything in any order at a real desk: afterwards every payment has its exam before it, and nobody is off the log."""

    def __init__(self) -> None:
        super().__init__()
        self._open = a_desk()
        self.desk = self._open.__enter__()
        self.visits: list[VisitRegistered] = []

    @initialize(release=st.sampled_from(["mse", "stabilized"]))
    def begin(self, release: str) -> None:
        self.desk.set_policy(emtala_release=release)
        self.release = release
        self.desk.open()

    @rule(minutes=st.integers(0, 300))
    def comes(self, minutes: int) -> None:
        self.visits.append(arrive(self.desk, minutes_ago=minutes))

    @rule(minutes=st.integers(0, 3000), kind=st.sampled_from(["emergency", "outpatient"]))
    def is_entered_from_paper(self, minutes: int, kind: str) -> None:
        new = NewPatient(Demographics(f"Family{self.desk.desk.journal.head.seq}", "Pat"))
        paper = PaperRegistration(self.desk.clock.now() - timedelta(minutes=minutes))
        said = Registration(VisitDetails(kind, reason="pain"), (), new, on_paper=paper)
        events = self.desk.desk.registration.register(self.desk.desk.by(self.desk.people["ann"]), said)
        self.visits.append(next(event.body for event in events if isinstance(event.body, VisitRegistered)))

    @rule()
    def comes_for_an_appointment(self) -> None:
        self.visits.append(self.desk.register("outpatient"))

    @rule(minutes=st.integers(1, 40))
    def waits(self, minutes: int) -> None:
        self.desk.clock.forward(minutes=minutes)

    @precondition(lambda self: self.visits)
    @rule(
        pick=st.integers(0, 99),
        what=st.sampled_from(["exam", "none", "stable", "triaged", "mse_completed", "stabilized"]),
        ago=st.integers(0, 200),
    )
    def is_seen(self, pick: int, what: str, ago: int) -> None:
        visit = self.visits[pick % len(self.visits)]
        with may_be_refused(Refusal.BAD_VALUE):
            if what in ("exam", "none"):
                examine(self.desk, visit.visit_id, condition=what == "exam", minutes_ago=ago)
            elif what == "stable":
                stabilize(self.desk, visit.visit_id)
            else:
                by = self.desk.desk.by(self.desk.people["bob"])
                self.desk.desk.registration.reach_milestone(by, visit.visit_id, what)

    @precondition(lambda self: self.visits)
    @rule(pick=st.integers(0, 99), disposition=st.sampled_from(sorted(DISPOSITIONS)))
    def ends(self, pick: int, disposition: str) -> None:
        with may_be_refused(Refusal.BAD_VALUE):
            end(self.desk, self.visits[pick % len(self.visits)].visit_id, disposition)

    @precondition(lambda self: self.visits)
    @rule(pick=st.integers(0, 99), by_patient=st.booleans())
    def pays(self, pick: int, by_patient: bool) -> None:
        visit = self.visits[pick % len(self.visits)]
        amount = Money(2_500)
        command = TakePayment(
            self.desk.drawer(),
            (PaymentLine("copay", amount),),
            (TenderOffered("cash", amount),),
            None if by_patient else visit.visit_id,
            visit.patient_id if by_patient else None,
        )
        with may_be_refused(Refusal.EMTALA_HOLD):
            self.desk.desk.payments.take(self.desk.desk.by(self.desk.people["ann"]), command)

    @precondition(lambda self: self.visits)
    @rule(pick=st.integers(0, 99), by_patient=st.booleans(), minutes=st.integers(0, 3000))
    def paid_on_paper(self, pick: int, by_patient: bool, minutes: int) -> None:
        command = on_paper(self.desk, self.visits[pick % len(self.visits)], minutes, by_patient=by_patient)
        with may_be_refused(Refusal.EMTALA_HOLD):
            self.desk.desk.payments.take(self.desk.desk.by(self.desk.people["ann"]), command)

    @precondition(lambda self: len(self.visits) > 1)
    @rule(one=st.integers(0, 99), other=st.integers(0, 99))
    def is_merged(self, one: int, other: int) -> None:
        first, second = self.visits[one % len(self.visits)], self.visits[other % len(self.visits)]
        by = self.desk.desk.by(self.desk.people["lea"])
        with may_be_refused(Refusal.BAD_VALUE, Refusal.EMTALA_HOLD, Refusal.NOT_PERMITTED):
            self.desk.desk.links.merge(by, first.patient_id, second.patient_id, "one passport")

    @invariant()
    def no_payment_precedes_its_exam(self) -> None:
        """Read from the log alone, in its own order."""
        released: set[str] = {one.visit_id for one in self.visits if one.details.type != "emergency"}
        with read_transaction(self.desk.desk.journal.engine) as connection:
            bodies = [decode(row.data)[0].body for row in every_row(connection)]
        for body in bodies:
            visit_id = getattr(body, "visit_id", None)
            name = type(body).__name__
            milestone = body.milestone if isinstance(body, VisitProgressed) else ""
            exam = name == "ScreeningCompleted" and (self.release == "mse" or not getattr(body, "has_condition", True))
            plain = milestone == "stabilized" or (milestone == "mse_completed" and self.release == "mse")
            if exam or plain or name == "StabilizationRecorded":
                released.add(str(visit_id))
            if isinstance(body, PaymentReceived) and body.visit_id:
                assert body.visit_id in released

    @invariant()
    def no_payment_was_taken_before_the_moment_of_its_release(self) -> None:
        """Read from the log alone, by when things happened."""
        with read_transaction(self.desk.desk.journal.engine) as connection:
            events = [decode(row.data)[0] for row in every_row(connection)]
        released: dict[str, list[datetime]] = {}
        taken = {event.body.payment_id: event.body.taken_at for event in events if isinstance(event.body, PaymentTakenOnPaper)}
        paid: list[tuple[str, datetime]] = []
        for event in events:
            match event.body:
                case ScreeningCompleted(visit_id=visit_id, completed_at=at, has_condition=found):
                    if self.release == "mse" or not found:
                        released.setdefault(visit_id, []).append(at)
                case StabilizationRecorded(visit_id=visit_id, stabilized_at=at):
                    released.setdefault(visit_id, []).append(at)
                case VisitProgressed(visit_id=visit_id, milestone=name):
                    if name == "stabilized" or (name == "mse_completed" and self.release == "mse"):
                        released.setdefault(visit_id, []).append(event.recorded_at)
                case PaymentReceived(visit_id=str() as visit_id, payment_id=payment_id):
                    paid.append((visit_id, taken.get(payment_id, event.recorded_at)))
        emergencies = {one.visit_id for one in self.visits if one.details.type == "emergency"}
        assert all(min(released[visit_id]) <= at for visit_id, at in paid if visit_id in emergencies)

    def teardown(self) -> None:
        came = {one.visit_id for one in self.visits if one.details.type == "emergency"}
        first = TODAY - timedelta(days=9)
        made = self.desk.desk.emergency.report(self.desk.desk.by(self.desk.people["sue"]), first, TODAY + timedelta(days=9))
        assert {one.visit_id for one in made.arrivals} == came
        # One by patient may lie between an arrival and its late entry: that is for the report to show.
        assert [one for one in made.early if self._names_its_visit(one.payment_id)] == []
        self._open.__exit__(None, None, None)

    def _names_its_visit(self, payment_id: str) -> bool:
        with read_transaction(self.desk.desk.journal.engine) as connection:
            asked = "SELECT visit_id FROM payments WHERE payment_id = ?"
            return connection.exec_driver_sql(asked, (payment_id,)).scalar_one() is not None


EmergencyDepartment.TestCase.settings = settings(
    max_examples=12,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
TestEmergencyDepartment = EmergencyDepartment.TestCase
