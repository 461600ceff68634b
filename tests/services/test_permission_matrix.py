"""Role x action x state of the drawer, cell by cell, at the service: a cell ends as the matrix says, and only so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from access_desk.domain.blocked.events import ServiceLevels
from access_desk.domain.cash_drawer import commands as drawer
from access_desk.domain.coverage.authorization import Authorization
from access_desk.domain.coverage.commands import (
    CardGiven,
    CoverageFiling,
    EligibilityGiven,
    PlanFiling,
    QuestionnaireGiven,
)
from access_desk.domain.coverage.eligibility import EligibilityAnswer
from access_desk.domain.denominations import CashCount, ClosingCount
from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.estimates.share import ShareInputs
from access_desk.domain.facility.deposit import ConfirmDeposit, SendDeposit
from access_desk.domain.forms.decide import AskForForm, CompleteForm, NoteStay, OfferForm
from access_desk.domain.money import Money
from access_desk.domain.patients.commands import NewPatient
from access_desk.domain.patients.events import Demographics, PatientRegistered
from access_desk.domain.patients.link_events import PatientMerged
from access_desk.domain.payments.commands import RefundPayment, VoidPayment
from access_desk.domain.permissions import MATRIX, Action, DrawerStatus
from access_desk.domain.privacy.events import DisclosureRecorded
from access_desk.domain.schedule.events import AppointmentDetails
from access_desk.domain.staff import Role
from access_desk.domain.visits.emergency import Ending, Screening, Stabilization
from access_desk.domain.visits.events import Coverage, VisitDetails
from access_desk.services.coverage import content_of
from access_desk.services.journal import By
from access_desk.services.papers import SHIFT_REPORT, PaperKey
from access_desk.services.registration import Registration
from tests.desks import SIX_IN_THE_MORNING, TestDesk, a_far_drawer, a_flag

ACTORS = {Role.REGISTRAR: "ann", Role.LEAD: "lea", Role.SUPERVISOR: "sue"}
_EXAM = Screening("Dr. Okafor", "physician", SIX_IN_THE_MORNING, "clinician", has_condition=True)
_NAMED = {"family": "Okafor", "given": "Chidi"}
_STABLE, _END = Stabilization("Dr. Okafor", SIX_IN_THE_MORNING, "chart"), Ending("discharged", SIX_IN_THE_MORNING, "chart")
# What somebody who is not the holder does to the holder's drawer.
BY_ANOTHER = {Action.TAKE_OVER, Action.AUDIT_COUNT, Action.REVEAL_EXPECTED}


def _coverage_actions(desk: TestDesk, by: By) -> dict[Action, Callable[[], object]]:
    """Filing who pays, by what is filed."""
    coverage, ppo = desk.desk.coverage, Coverage("Northlake Health", member_id="NHP447199203")
    medicare = Coverage("Medicare", member_id="1EG4TE5MK73", medicare=True)
    image = b"\x89PNG\r\n\x1a\n a card"
    card = CardGiven("front", content_of(image), "image/png")
    answer = EligibilityGiven("phone", SIX_IN_THE_MORNING, EligibilityAnswer("1"))
    asked = QuestionnaireGiven("patient", {"black_lung": "yes"})

    def file(plan: PlanFiling) -> object:
        return coverage.file(by, _visit(desk), CoverageFiling((plan,)), (image,))

    return {
        Action.COVERAGE: lambda: file(PlanFiling(coverage=ppo)),
        Action.CARD_IMAGE: lambda: file(PlanFiling(coverage=ppo, cards=(card,))),
        Action.MSPQ: lambda: coverage.file(
            by, _visit(desk), CoverageFiling((PlanFiling(coverage=medicare),), questionnaire=asked)
        ),
        Action.ELIGIBILITY: lambda: file(PlanFiling(coverage=ppo, eligibility=answer)),
        Action.AUTHORIZATION: lambda: file(PlanFiling(coverage=ppo, authorization=Authorization("requested"))),
        Action.ESTIMATE: lambda: file(PlanFiling(coverage=ppo, estimate=ShareInputs(Money(100)))),
        Action.GOOD_FAITH_ESTIMATE: lambda: coverage.file(
            by, _visit(desk), CoverageFiling(good_faith_asked=("requested", date(2026, 11, 23), None))
        ),
        Action.AUTHORIZATION_RULE: lambda: coverage.set_authorization_rule(by, "Northlake Health", ("outpatient",)),
    }


def _today_actions(desk: TestDesk, by: By) -> dict[Action, Callable[[], object]]:
    """The queue, expected visits, blocked accounts and privacy."""
    one = desk.desk

    def protected(who: str = "") -> str:
        patient_id = _patient(desk)
        one.privacy.flag(one.by(desk.people["bob"]), patient_id, "vip", is_on=True, reason="asked for")
        if who:
            one.privacy.break_glass(one.by(who), patient_id, "registration", "is here")
        return patient_id

    def expected() -> str:
        row = AppointmentDetails("S-1", SIX_IN_THE_MORNING, VisitDetails(), "", "Boyd", "Carl", date(1961, 12, 9))
        assert [done.recorded for done in one.schedule.import_rows([(2, row)])] == [1]
        return one.schedule.id_of("S-1")

    def blocked() -> str:
        return one.blocked.block(one.by(desk.people["bob"]), _visit(desk), "missing_form")[-1].subject_id

    def review() -> object:
        patient_id = protected(desk.people["bob"])
        return one.privacy.review(by, patient_id, one.privacy.reviews()[0][0].glass_id, "justified")

    told = ("a court", "1 Main St", "the face sheet", "subpoena")
    return {
        Action.MOVE_QUEUE: lambda: one.queue.move(by, _visit(desk), "called"),
        Action.SCHEDULE: lambda: one.schedule.arrive(by, expected()),
        Action.BLOCK_ACCOUNT: lambda: one.blocked.block(by, _visit(desk), "missing_form"),
        Action.ESCALATE_ACCOUNT: lambda: one.blocked.escalate(by, blocked(), "it is urgent"),
        Action.UNBLOCK_ACCOUNT: lambda: one.blocked.unblock(by, blocked(), "signed"),
        Action.SET_SERVICE_LEVELS: lambda: one.blocked.set_levels(by, ServiceLevels()),
        Action.FLAG_PATIENT: lambda: one.privacy.flag(by, _patient(desk), "no_information", is_on=True),
        Action.LIFT_PROTECTION: lambda: one.privacy.flag(by, protected(by.actor_id), "vip", is_on=False, reason="it is over"),
        Action.BREAK_GLASS: lambda: one.privacy.break_glass(by, protected(), "registration", "is here"),
        Action.CHANGE_PROTECTED: lambda: one.registration.amend(by, protected(by.actor_id), {"phone": "2165550100"}),
        Action.REVIEW_GLASS: review,
        Action.RECORD_DISCLOSURE: lambda: one.privacy.disclose(
            by, DisclosureRecorded("", _patient(desk), date(2026, 11, 20), *told)
        ),
    }


def _perform(desk: TestDesk, action: Action, by: By) -> None:
    """Do the action at D1, with everything it needs besides role and state."""
    one, sign = desk.desk, desk.sign("leo")
    key = desk.drawer()
    count = ClosingCount(CashCount({"20": 10}))
    doing: dict[Action, Callable[[], object]] = {
        Action.REGISTER: lambda: one.registration.register(
            by, Registration(VisitDetails(), (), NewPatient(Demographics(family="New", given="Person")))
        ),
        Action.AMEND_PATIENT: lambda: one.registration.amend(by, _patient(desk), {"phone": "2165550100"}),
        Action.VISIT_EVENT: lambda: one.registration.reach_milestone(by, _visit(desk), "triaged"),
        Action.AMEND_VISIT: lambda: one.registration.give_visit_details(by, _visit(desk), {"arrival": "walk_in"}),
        **_coverage_actions(desk, by),
        **_today_actions(desk, by),
        Action.SCREENING: lambda: one.emergency.complete_screening(by, _emergency(desk), _EXAM),
        Action.STABILIZATION: lambda: one.emergency.record_stabilization(by, _examined(desk), _STABLE),
        Action.EMERGENCY_END: lambda: one.emergency.end(by, _emergency(desk), _END),
        Action.QUALITY_REPORT: lambda: one.quality.report(by, date(2026, 11, 23), date(2026, 11, 23)),
        Action.EMTALA_REPORT: lambda: one.emergency.report(by, date(2026, 11, 23), date(2026, 11, 23)),
        Action.IDENTIFY_PATIENT: lambda: one.registration.identify(by, _nobody(desk), _NAMED, "driver license"),
        Action.NAMING: lambda: one.registration.set_naming(by, "numbered", "aap"),
        Action.VIEW_RECORD: lambda: one.registration.view(by, _patient(desk)),
        Action.OPEN_DRAWER: lambda: one.drawers.open_drawer(by, drawer.OpenDrawer(key, CashCount({"20": 10}))),
        Action.PAYMENT: lambda: one.payments.take(by, desk.payment(desk.register())),
        Action.VOID: lambda: one.payments.void(by, VoidPayment(_payment(desk), "wrong", sign)),
        Action.REFUND: lambda: one.payments.refund(by, RefundPayment(_payment(desk), Money(100), "why", sign, key)),
        Action.DROP: lambda: one.drawers.drop(by, drawer.DropCash(key, Money(100))),
        Action.PAID_IN: lambda: one.drawers.pay_in(by, drawer.PayIn(key, Money(100), "why", sign)),
        Action.PAID_OUT: lambda: one.drawers.pay_out(by, drawer.PayOut(key, Money(100), "why", sign)),
        Action.EXCHANGE: lambda: one.drawers.exchange(by, drawer.ExchangeChange(key, CashCount({"20": 1}), CashCount({"10": 2}))),
        Action.NO_SALE: lambda: one.drawers.open_without_sale(by, drawer.OpenWithoutSale(key, "change")),
        Action.COUNT_DRAWER: lambda: one.drawers.count(by, drawer.CountDrawer(key, count)),
        Action.CLOSE_DRAWER: lambda: one.drawers.close(by, drawer.CloseDrawer(key, "why", "memo", sign)),
        Action.HAND_OVER: lambda: one.drawers.hand_over(by, drawer.HandOver(key, desk.sign("bob"), CashCount({"20": 10}))),
        Action.TAKE_OVER: lambda: one.drawers.take_over(by, drawer.TakeOver(key, count, "absent", "memo", sign)),
        Action.AUDIT_COUNT: lambda: one.drawers.audit(by, drawer.AuditCount(key, count)),
        Action.REVEAL_EXPECTED: lambda: one.drawers.reveal(by, drawer.RevealExpected(key, desk.sign("leo"))),
        Action.DEPOSIT: lambda: one.drawers.send_deposit(by, SendDeposit((_bag(desk, "send"),))),
        Action.CONFIRM_DEPOSIT: lambda: one.drawers.confirm_deposit(by, ConfirmDeposit(_sent_bag(desk), Money(100))),
        Action.PRINT_DOCUMENT: lambda: one.papers.printing(PaperKey("receipt", _payment(desk)), by.actor_id),
        Action.END_OF_SHIFT_REPORT: lambda: one.papers.printing(PaperKey(SHIFT_REPORT, "2026-11-23/day"), by.actor_id),
        Action.FLAG_DUPLICATE: lambda: one.links.flag(by, _patient(desk), _patient(desk), "alike"),
        Action.LINK_PATIENTS: lambda: one.links.link(by, _patient(desk), _patient(desk), "twins"),
        Action.MERGE_PATIENTS: lambda: one.links.merge(by, _patient(desk), _patient(desk), "same passport"),
        Action.UNMERGE_PATIENTS: lambda: one.links.unmerge(by, *_merge(desk), "two passports"),
        Action.RESOLVE_DUPLICATE: lambda: one.links.not_the_same(by, _patient(desk), _patient(desk), "two passports"),
        Action.SETTLE_DISPUTE: lambda: _settle(desk, by),
        Action.MANAGE_STAFF: lambda: one.people.amend(by, desk.people["bob"], Role.LEAD, active=True),
        Action.REVIEW_FLAG: lambda: one.flags.review(by, [a_flag(desk)], "looked into"),
        Action.LEASE_DRAWER: lambda: one.all_drawers.lease(by, a_far_drawer(desk), "Admitting 9", "stolen"),
        Action.MANAGE_FACILITY: lambda: one.set_up.install_drawer(by, "D9", "Admitting 9", Money(20_000)),
        Action.ASK_FOR_FORM: lambda: one.forms.ask_for(by, _medicare_visit(desk), AskForForm("advance_notice", "therapy")),
        Action.OFFER_FORM: lambda: one.forms.offer(by, _visit(desk), OfferForm("consent")),
        Action.COMPLETE_FORM: lambda: one.forms.complete(by, _visit(desk), CompleteForm("consent", "refused", reason="no")),
        Action.NOTE_STAY: lambda: one.forms.note_stay(by, _visit(desk), NoteStay("discharged", desk.clock.now())),
    }
    doing[action]()


def _medicare_visit(desk: TestDesk) -> str:
    visit = desk.register(who="bob").visit_id
    medicare = Coverage("Medicare", member_id="1EG4TE5MK73", medicare=True)
    desk.desk.coverage.file(desk.desk.by(desk.people["bob"]), visit, CoverageFiling((PlanFiling(coverage=medicare),)))
    return visit


def _settle(desk: TestDesk, by: By) -> object:
    """Somebody changes a name without having seen that it was changed meanwhile."""
    patient_id, bob = _patient(desk), desk.desk.by
    desk.desk.registration.amend(bob(desk.people["bob"]), patient_id, {"given": "Ana"})
    desk.desk.registration.amend(bob(desk.people["bob"]), patient_id, {"given": "Anna"}, {"given": "Pat"})
    (dispute,) = desk.desk.disputes.of_patient(patient_id)
    return desk.desk.disputes.settle(by, patient_id, "given", dispute.stamps, "Anna", "passport")


def _patient(desk: TestDesk) -> str:
    return desk.register(who="bob").patient_id


def _emergency(desk: TestDesk) -> str:
    return desk.register("emergency", who="bob").visit_id


def _nobody(desk: TestDesk) -> str:
    new = NewPatient(Demographics(), unidentified=True)
    events = desk.desk.registration.register(desk.desk.by(desk.people["bob"]), Registration(VisitDetails(), (), new))
    return next(event.body.patient_id for event in events if isinstance(event.body, PatientRegistered))


def _examined(desk: TestDesk) -> str:
    visit = _emergency(desk)
    desk.desk.emergency.complete_screening(desk.desk.by(desk.people["bob"]), visit, _EXAM)
    return visit


def _merge(desk: TestDesk) -> tuple[str, str]:
    """A survivor and its merge."""
    survivor = _patient(desk)
    events = desk.desk.links.merge(desk.desk.by(desk.people["leo"]), survivor, _patient(desk), "same passport")
    return survivor, next(event.body.merge_id for event in events if isinstance(event.body, PatientMerged))


def _visit(desk: TestDesk) -> str:
    return desk.register(who="bob").visit_id


def _bag(desk: TestDesk, number: str) -> str:
    """A bag in the safe, from another drawer."""
    if not desk.desk.view.facility().held_by(desk.people["bob"]):
        desk.open("bob", "D2")
    by = desk.desk.by(desk.people["bob"])
    desk.desk.drawers.drop(by, drawer.DropCash(desk.drawer("D2"), Money(100), None, number))
    return number


def _sent_bag(desk: TestDesk) -> str:
    number = _bag(desk, "sent")
    desk.desk.drawers.send_deposit(desk.desk.by(desk.people["bob"]), SendDeposit((number,)))
    return number


_PAYMENTS: dict[int, str] = {}


def _payment(desk: TestDesk) -> str:
    return _PAYMENTS[id(desk)]


def _prepare(desk: TestDesk, action: Action, holder: str, state: DrawerStatus) -> None:
    """D1 in that state, held (or last held) by the person, with a payment in it."""
    desk.open(holder)
    _PAYMENTS[id(desk)] = desk.pay(desk.register(who=holder), who=holder).payment_id
    if state is not DrawerStatus.OPEN:
        desk.count(22_500 + (100 if action is Action.COUNT_DRAWER and state is DrawerStatus.COUNTING else 0), who=holder)
    if state is DrawerStatus.CLOSED:
        desk.close(holder)


def _allowed(role: Role, action: Action, state: DrawerStatus) -> bool:
    roles, states = MATRIX[action]
    return role in roles and state in states


def _refusal(action: Action, state: DrawerStatus) -> Refusal:
    """Why a forbidden cell is refused: what is wrong with the drawer is told before what is wrong with the person."""
    if state in MATRIX[action][1]:
        return Refusal.NOT_PERMITTED
    if action in (Action.OPEN_DRAWER, Action.HAND_OVER):
        return Refusal.DRAWER_IN_USE
    if state is DrawerStatus.COUNTING:
        return Refusal.DRAWER_COUNTING
    # A void is judged by its payment's custody: once that is closed, only a refund is left.
    return Refusal.VOID_WINDOW_CLOSED if action is Action.VOID else Refusal.DRAWER_NOT_OPEN


@pytest.mark.parametrize("state", list(DrawerStatus))
@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("action", list(Action))
def test_a_cell_ends_as_the_matrix_says(desk: TestDesk, action: Action, role: Role, state: DrawerStatus) -> None:
    actor = ACTORS[role]
    _prepare(desk, action, "bob" if action in BY_ANOTHER else actor, state)
    by = desk.desk.by(desk.people[actor])
    # A lead shows the figures to the holder on the lead's own PIN: the role that counts is the approver's.
    allowed = _allowed(Role.LEAD if action is Action.REVEAL_EXPECTED else role, action, state)
    if allowed:
        _perform(desk, action, by)
        return
    before = desk.desk.journal.head.seq
    with pytest.raises(DeskError) as refused:
        _perform(desk, action, by)
    assert refused.value.code is _refusal(action, state)
    assert desk.desk.journal.head.seq > before, "a refusal is kept in the audit trail"


def test_every_action_has_its_cell() -> None:
    assert set(MATRIX) == set(Action)
