"""Records a sample of every event kind in its current version from a real desk: ``python -m tests.protocol.record_samples``.

A sample that exists is never written again: it is what a released version wrote.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from access_desk.domain.blocked.events import ServiceLevel, ServiceLevels
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
from access_desk.domain.denominations import CashCount, ClosingCount, CountedCheck
from access_desk.domain.errors import DeskError
from access_desk.domain.estimates.good_faith import GoodFaithEstimate, GoodFaithItem
from access_desk.domain.estimates.share import ShareInputs
from access_desk.domain.events import Fact
from access_desk.domain.facility.deposit import ConfirmDeposit, SendDeposit
from access_desk.domain.facility.events import DocumentPrinted, Locked, RecordViewed, SignedOut, Unlocked
from access_desk.domain.forms.decide import AskForForm, CompleteForm, NoteStay
from access_desk.domain.forms.strokes import Point, Strokes
from access_desk.domain.money import Money
from access_desk.domain.numbering import MRN, block_of
from access_desk.domain.patients.commands import NewPatient
from access_desk.domain.patients.events import Demographics
from access_desk.domain.patients.index_events import ImportedRow
from access_desk.domain.patients.link_events import PatientMerged
from access_desk.domain.payments.commands import RefundPayment, VoidPayment
from access_desk.domain.payments.on_paper import PaperReceipt
from access_desk.domain.privacy.events import DisclosureRecorded, GlassBroken
from access_desk.domain.schedule.events import AppointmentDetails
from access_desk.domain.staff import Role
from access_desk.domain.visits.emergency import Arrival, Ending, Screening, Stabilization
from access_desk.domain.visits.events import Coverage, VisitDetails, VisitRegistered
from access_desk.domain.visits.on_paper import PaperRegistration
from access_desk.protocol.encoding import decode
from access_desk.services.coverage import content_of
from access_desk.services.journal import By
from access_desk.services.registration import Registration
from access_desk.storage.engine import read_transaction, write_transaction
from access_desk.storage.event_log import every_row
from access_desk.storage.local_tables import begin_series
from access_desk.storage.number_blocks import lend_next
from tests.desks import TestDesk, a_desk, a_far_drawer, a_flag

SAMPLES = Path(__file__).resolve().parents[1] / "samples"


def name_of(kind: str, version: int) -> str:
    """The file of a sample."""
    return f"{kind}.v{version}.json"


def a_day_of_everything(desk: TestDesk) -> None:
    """Every kind of event, most of them through the services."""
    one = desk.desk

    def by(who: str = "ann", note: str = "") -> By:
        made = one.by(desk.people[who])
        return By(made.actor_id, made.command_id, note)

    one.provisioning.number(1, {"mrn": 480_001})
    key, lead = desk.drawer(), desk.sign("lea")
    desk.set_policy(recounts=2)
    desk.open()
    one.registration.register(by(), taken_on_paper(desk))
    everything_about_coverage(desk)
    everything_about_forms(desk)
    an_imported_index(desk)
    everything_about_today(desk)
    everything_about_an_emergency(desk)
    visit = desk.register("emergency", family="O'Neill-Núñez", given="Zoë")
    one.registration.reach_milestone(by(), visit.visit_id, "mse_completed")
    one.registration.amend(by(), visit.patient_id, {"phone": "216-555-0100", "birth_date": "1987-03-14"})
    for name in ("Zoe", "Zoé"):  # the second clerk had the form open since before
        one.registration.amend(by(), visit.patient_id, {"given": name}, {"given": "Zoë"})
    (dispute,) = one.disputes.open()
    one.disputes.settle(by("lea"), visit.patient_id, "given", dispute.stamps, "Zoë", "birth certificate")
    one.registration.give_details(by(), visit.patient_id, {"preferred_name": "Zo", "race_ethnicity": "hispanic,white"})
    one.registration.give_visit_details(by(), visit.visit_id, {"admission_type": "E", "arrival": "walk_in"})
    on_paper = PaperReceipt(desk.clock.now() - timedelta(hours=30), "A-1123")
    one.payments.take(by(), replace(desk.payment(desk.register(), 1_500), on_paper=on_paper))
    paid, other, refunded = desk.pay(visit), desk.pay(visit, 35_000, "check"), desk.pay(visit, 4_360)
    one.payments.void(by(), VoidPayment(paid.payment_id, "wrong account", lead))
    one.payments.refund(by(), RefundPayment(refunded.payment_id, Money(360), "paid too much", lead, key))
    one.drawers.drop(by(), drawer.DropCash(key, Money(4_000), CashCount({"20": 2}), "B-1", desk.sign("bob")))
    one.drawers.pay_in(by(), drawer.PayIn(key, Money(500), "found under the mat", lead))
    one.drawers.pay_out(by(), drawer.PayOut(key, Money(1_175), "stamps", lead))
    one.drawers.exchange(by(), drawer.ExchangeChange(key, CashCount({"20": 1}), CashCount({"roll:0.25": 2})))
    one.drawers.open_without_sale(by(note="asked for twice"), drawer.OpenWithoutSale(key, "change for the telephone"))
    pieces = CashCount({"20": 9, "1": 6, "0.25": 1}, Money(25))
    count = ClosingCount(pieces, (CountedCheck("2214", other.amount),), Money(0), "0716-3")
    one.drawers.audit(by("lea"), drawer.AuditCount(key, count))
    one.drawers.count(by(), drawer.CountDrawer(key, count))
    one.drawers.reveal(by(), drawer.RevealExpected(key, lead))
    one.drawers.close(by(), drawer.CloseDrawer(key, "miscounted", "a memo", lead, desk.sign("bob"), "B-2"))
    left = one.view.facility().drawer(key).left_in_drawer or Money(0)
    carried = CashCount({"1": left.cents // 100, "0.01": left.cents % 100})
    one.drawers.hand_over(by(), drawer.HandOver(key, desk.sign("bob"), carried, ("call back about MRN 12",)))
    one.drawers.send_deposit(by("lea"), SendDeposit(("B-1", "B-2"), desk.sign("leo")))
    one.drawers.confirm_deposit(by("lea"), ConfirmDeposit("B-1", Money(3_900)))
    one.people.amend(by("sue"), desk.people["bob"], Role.LEAD, active=True)
    _about_records_and_drawers(desk, visit.patient_id)
    head = one.journal.head
    for fact in (
        RecordViewed(visit.patient_id, "asked by phone"),
        DocumentPrinted("cash_sheet", "custody", 2, head.seq, head.hash),
        Locked(desk.people["ann"], idle=True),
        Unlocked(desk.people["ann"]),
        SignedOut(desk.people["ann"]),
    ):
        one.journal.record(desk.people["ann"], [Fact(desk.people["ann"], fact)])
    # Refused, since bob holds it now: that is the sample.
    with suppress(DeskError):
        one.drawers.open_drawer(by("lea"), drawer.OpenDrawer(key, CashCount({})))


def _about_records_and_drawers(desk: TestDesk, patient_id: str) -> None:
    _link_and_merge(desk, patient_id)
    _number_again(desk)
    _lease_and_flag(desk)


def _lease_and_flag(desk: TestDesk) -> None:
    """A lost desk's drawer is leased to this one, whose clock is off; a supervisor looks at what was flagged."""
    one, boss = desk.desk, desk.people["sue"]
    one.all_drawers.lease(one.by(boss), a_far_drawer(desk), "Admitting 9", "the computer was stolen")
    one.clock.compared(600)
    one.flags.review(one.by(boss), [a_flag(desk)], "the clock was set")


def _number_again(desk: TestDesk) -> None:
    """A record is given a temporary number, and then its own."""
    with write_transaction(desk.desk.journal.engine) as connection:
        begin_series(connection, "F", MRN, block_of(MRN, 1, 0).last + 1)
    desk.register(family="Boyd", given="Carl")
    with write_transaction(desk.desk.journal.engine) as connection:
        lend_next(connection, "F", MRN, 1, 1)
    assert len(desk.desk.numbers.replace_temporary()) == 1


def everything_about_today(desk: TestDesk) -> None:
    """Every kind of event about the queue, expected visits, blocked accounts and privacy."""
    one, who, boss = desk.desk, desk.people["ann"], desk.people["sue"]
    visit = desk.register(family="Vega-Trujillo", given="Marisol")
    at = desk.clock.now()
    rows = [
        AppointmentDetails(f"S-{number}", at, VisitDetails("outpatient", "MRI"), "", "Boyd", "Carl", date(1961, 12, 9), True)
        for number in (1, 2)
    ]
    assert [done.recorded for done in one.schedule.import_rows(enumerate(rows, 2))] == [2]
    one.schedule.became(one.by(who), one.schedule.id_of("S-1"), visit.visit_id)
    one.schedule.end(one.by(who), one.schedule.id_of("S-2"), "cancelled", "asked by phone")
    one.queue.move(one.by(who), visit.visit_id, "called")
    one.blocked.set_levels(one.by(boss), ServiceLevels((ServiceLevel("missing_form", (30, 30, 60)),), 15, 20))
    made = one.blocked.block(one.by(who), visit.visit_id, "missing_form", "consent")[-1].subject_id
    one.blocked.escalate(one.by(who), made, "the scanner is free for ten minutes")
    one.blocked.unblock(one.by(boss), made, "signed")
    one.privacy.flag(one.by(who), visit.patient_id, "vip", is_on=True, reason="asked by the patient")
    glass = one.privacy.break_glass(one.by(who), visit.patient_id, "registration", "is at the desk")[-1].body
    assert isinstance(glass, GlassBroken)
    one.privacy.review(one.by(boss), visit.patient_id, glass.glass_id, "justified")
    told = ("Ohio Department of Health", "246 N High St, Columbus", "Date of birth, zip", "public health, 164.512(b)")
    one.privacy.disclose(one.by(who), DisclosureRecorded("", visit.patient_id, date(2026, 11, 20), *told))


def everything_about_coverage(desk: TestDesk) -> None:
    """Every kind of event about who pays for a visit."""
    one, image = desk.desk, b"\x89PNG\r\n\x1a\n the front of a card"
    today, answer = date(2026, 11, 23), EligibilityAnswer("1", Money(7_500), 2_000, Money(0), Money(500_000), reference="T-1")
    visit = desk.register(family="Villanueva", given="Beatriz").visit_id
    ppo = Coverage("Northlake Health", "PPO", "NHP447199203", "80-2217", "spouse", "Trujillo, Rafael", Money(7_500))
    card = CardGiven("front", content_of(image), "image/png")
    plan = PlanFiling(
        "", ppo, {}, (card,), EligibilityGiven("phone", desk.clock.now(), answer),
        Authorization("approved", "NHP-A-229107", today, date(2026, 12, 31), 3, 2, "Kim at the payer"),
        ShareInputs(Money(93_000), Money(7_500), Money(0), 2_000, Money(500_000)),
    )  # fmt: skip
    medicare = PlanFiling(coverage=Coverage("Medicare", member_id="1EG4TE5MK73", medicare=True))
    asked = QuestionnaireGiven("patient", {"black_lung": "yes"})
    item = GoodFaithItem("MRI lumbar spine", "72148", Money(93_000), 1, "M54.50")
    made = GoodFaithEstimate("MRI", (item,), "Cedar Hollow", "1234567893", "12-3456789", "requested", today, None)

    def file(filing: CoverageFiling) -> None:
        one.coverage.file(one.by(desk.people["ann"]), visit, filing, (image,))

    file(CoverageFiling((plan, medicare), questionnaire=asked, good_faith_asked=("requested", today, None), good_faith=made))
    first, second = (kept.coverage_id for kept in one.coverage.account(visit).state.in_order())
    changed = (PlanFiling(second), PlanFiling(first, changes={"copay": "25.00"}))
    file(CoverageFiling(changed, is_reordered=True, order_reason="says the payer"))
    file(CoverageFiling(removed={second: "ended"}))
    one.coverage.set_authorization_rule(one.by(desk.people["sue"]), "Northlake Health", ("outpatient", "inpatient"))


def everything_about_an_emergency(desk: TestDesk) -> None:
    """Every kind of event of an emergency visit."""
    one, who, now = desk.desk, desk.people["ann"], desk.clock.now()
    new = NewPatient(Demographics(family="Okonkwo", given="Ada"))
    nobody = NewPatient(Demographics(sex="male"), unidentified=True)
    seems = Registration(VisitDetails("emergency"), (), nobody, estimated_age=(30, 40))
    made = one.registration.register(one.by(who), seems)[0].subject_id
    one.registration.identify(one.by(who), made, {"family": "Ferreira", "given": "Tomás"}, "driver license")
    one.registration.set_naming(one.by(desk.people["sue"]), "numbered", "aap")
    arrival = Arrival(now - timedelta(minutes=40), "chest pain", "born 1961")
    events = one.registration.register(one.by(who), Registration(VisitDetails("emergency"), (), new, arrival=arrival))
    visit = next(event.body.visit_id for event in events if isinstance(event.body, VisitRegistered))
    exam = Screening("Dr. Okafor", "physician", now - timedelta(minutes=20), "clinician", has_condition=True)
    one.emergency.complete_screening(one.by(who), visit, exam)
    one.emergency.record_stabilization(one.by(who), visit, Stabilization("Dr. Okafor", now, "chart"))
    one.emergency.end(one.by(who), visit, Ending("admitted", now, "tracking_board"))


def taken_on_paper(desk: TestDesk) -> Registration:
    """A registration that is entered after the fact."""
    now, new = desk.clock.now(), NewPatient(Demographics("Abara", "Ife"))
    paper = PaperRegistration(now - timedelta(hours=9), "R-0117")
    begun_at = now - timedelta(minutes=3)
    return Registration(VisitDetails("outpatient", "Lab"), new_patient=new, on_paper=paper, begun_at=begun_at)


def everything_about_forms(desk: TestDesk) -> None:
    """Every kind of event about the forms of a visit."""
    one, who = desk.desk, desk.people["ann"]
    plans = (PlanFiling(coverage=Coverage("Medicare", member_id="1EG4TE5MK73", medicare=True)),)
    visit = desk.register("observation", family="Okonkwo", given="Ada").visit_id
    one.coverage.file(one.by(who), visit, CoverageFiling(plans))
    pen = Strokes(400, 120, ((Point(10, 60, 0), Point(40, 20, 16), Point(70, 90, 33)), (Point(90, 50, 400), Point(160, 55, 470))))
    one.forms.complete(one.by(who), visit, CompleteForm("consent", "signed", method="drawn"), pen)
    unable = CompleteForm("privacy_notice", "unable", reason="sedated", witness=desk.sign("bob"))
    one.forms.complete(one.by(who), visit, unable)
    one.forms.ask_for(one.by(who), visit, AskForForm("advance_notice", "therapy above the limit"))
    one.forms.note_stay(one.by(who), visit, NoteStay("observation_began", desk.clock.now()))


def an_imported_index(desk: TestDesk) -> None:
    """Records of another system."""
    row = ImportedRow(
        "legacy-1", "M77", "Okafor", "Chidi", "", "Jr", "1990-02-28", "male", "219-09-12", "216-555-0177",
        "", "", "", "", "44990",
        {"ssn": "219-09-12"},
    )  # fmt: skip
    desk.desk.index_import.load([row], "ab" * 32, lambda _: None)


def _link_and_merge(desk: TestDesk, patient_id: str) -> None:
    """Two records flagged, found to be two, linked, merged all the same, and taken apart."""
    links, lead = desk.desk.links, desk.people["lea"]
    other = desk.register(family="O’Neill-Nunez", given="Zoe").patient_id
    links.flag(desk.desk.by(desk.people["ann"]), patient_id, other, "the same phone")
    links.not_the_same(desk.desk.by(lead), patient_id, other, "two passports")
    links.link(desk.desk.by(desk.people["ann"]), patient_id, other, "sisters")
    merged = links.merge(desk.desk.by(lead), other, patient_id, "one passport after all")
    merge_id = next(event.body.merge_id for event in merged if isinstance(event.body, PatientMerged))
    links.unmerge(desk.desk.by(lead), other, merge_id, "two after all")


def main() -> None:
    """Write the samples that are missing."""
    SAMPLES.mkdir(exist_ok=True)
    with a_desk() as desk:
        a_day_of_everything(desk)
        with read_transaction(desk.desk.journal.engine) as connection:
            rows = list(every_row(connection))
    for row in rows:
        event, _ = decode(row.data)
        path = SAMPLES / name_of(event.kind, event.version)
        if not path.exists():
            path.write_bytes(row.data)


if __name__ == "__main__":
    main()
