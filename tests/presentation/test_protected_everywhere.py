"""A protected record shows on no screen and no paper before a reason is given; it joins with the records merged into it."""

from __future__ import annotations

from datetime import date

import pytest

from access_desk.domain.coverage.commands import CoverageFiling, PlanFiling
from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.patients.commands import NewPatient
from access_desk.domain.patients.events import Demographics
from access_desk.domain.privacy.events import DisclosureRecorded
from access_desk.domain.privacy.rules import ProtectedRecordError
from access_desk.domain.visits.events import Coverage, VisitDetails, VisitRegistered
from access_desk.presentation.emergency import EmergencyModel
from access_desk.presentation.forms import FormsViewModel
from access_desk.presentation.handoff_items import open_items
from access_desk.presentation.papers_drawing import draw_paper
from access_desk.presentation.papers_registration import DISCLOSURES, FACE_SHEET, LABEL, TITLES, WRISTBAND, form_key
from access_desk.presentation.payment import PaymentViewModel
from access_desk.services.papers import PaperKey
from access_desk.services.registration import Registration
from tests.documents.paper import read
from tests.presentation.money_desk import MoneyDesk


class Office:
    """A desk with a protected person who is here and owes a copay."""

    def __init__(self, kind: str = "outpatient") -> None:
        self.desk = MoneyDesk()
        self.visit = self.desk.register("25.00", kind=kind)
        self.patient_id = self.of(self.visit)
        self.asked: list[str] = []
        self.flag(self.patient_id)

    def of(self, visit_id: str) -> str:
        row = self.desk.desk.view.visit(visit_id)
        assert row is not None
        return row.patient_id

    def flag(self, patient_id: str, flag: str = "vip", *, is_on: bool = True) -> None:
        by = self.desk.desk.by(self.desk.marcus)
        self.desk.desk.privacy.flag(by, patient_id, flag, is_on=is_on, reason="asked for it")

    def open_it(self, patient_id: str = "") -> None:
        by = self.desk.desk.by(self.desk.who)
        self.desk.desk.privacy.break_glass(by, patient_id or self.patient_id, "registration", "at my window")


@pytest.fixture
def office() -> Office:
    return Office()


def test_payment_lists_no_name_and_asks_for_the_reason(office: Office) -> None:
    desk = office.desk
    page = PaymentViewModel(desk.session(), lambda payment_id, language: b"", lambda pdf, name: None)
    page.on_protected = office.asked.append
    page.load()
    assert [one.name for one in page.state.payers] == ["V•••, protected"]
    page.load_visit(office.visit)
    assert (office.asked, page.state.subject) == ([office.patient_id], None)
    assert "protected" in page.state.problem
    office.open_it()
    page.load_visit(office.visit)
    assert page.state.subject is not None
    assert "Vega-Trujillo" in page.state.subject.name


def test_forms_and_handoff_ask_and_mask(office: Office) -> None:
    desk = office.desk
    page = FormsViewModel(desk.session())
    page.on_protected = office.asked.append
    page.load(office.visit)
    assert (office.asked, page.state.name, page.state.lines) == ([office.patient_id], "", ())
    assert [item.title for item in open_items(desk.desk, desk.who)] == ["V•••, protected"]
    office.open_it()
    page.load(office.visit)
    assert page.state.name == "Vega-Trujillo, Marisol Ana"


@pytest.mark.parametrize("document", sorted(TITLES))
def test_no_paper_of_it_is_drawn_without_a_reason(office: Office, document: str) -> None:
    about = {"form": form_key(office.visit, "consent", "initial", "en").about, DISCLOSURES: office.patient_id}
    key = PaperKey(document, about.get(document, office.visit))
    with pytest.raises(ProtectedRecordError):
        draw_paper(office.desk.desk, key, office.desk.who, record=True)
    assert "document.printed" not in office.desk.kinds()


def test_an_emergency_gets_its_wristband_all_the_same() -> None:
    """42 CFR 489.24(d)(4): care is not delayed; the record itself, and the central log, stay closed."""
    office = Office("emergency")
    desk = office.desk
    for document in (WRISTBAND, LABEL):
        assert "Vega-Trujillo" in read(draw_paper(desk.desk, PaperKey(document, office.visit), desk.who, record=True).pdf).text
    with pytest.raises(ProtectedRecordError):
        draw_paper(desk.desk, PaperKey(FACE_SHEET, office.visit), desk.who, record=True)
    log = EmergencyModel(desk.session())
    log.opened()
    assert [one.name for one in log.state.rows] == ["V•••, protected"]
    again = Registration(VisitDetails("emergency"), patient_id=office.patient_id)
    desk.desk.registration.register(desk.desk.by(desk.who), again)


def test_a_visit_is_registered_for_a_reason_and_details_are_only_read(office: Office) -> None:
    service, desk = office.desk.desk.registration, office.desk
    visit = Registration(VisitDetails("outpatient", "Lab"), patient_id=office.patient_id)
    details = Registration(VisitDetails("outpatient", "Lab"), patient_id=office.patient_id, patient_details={"pronouns": "she"})
    with pytest.raises(DeskError) as wrong:
        service.register(desk.desk.by(desk.who), visit)
    assert wrong.value.code is Refusal.NOT_PERMITTED
    office.open_it()
    service.register(desk.desk.by(desk.who), visit)
    with pytest.raises(DeskError, match="you may read it"):
        service.register(desk.desk.by(desk.who), details)
    desk.who = desk.marcus
    office.open_it()
    service.register(desk.desk.by(desk.who), details)


def test_the_plans_of_a_protected_visit_are_only_read(office: Office) -> None:
    """Neither before the glass is broken, nor through it, nor when its time is over."""
    one, ann = office.desk.desk, office.desk.who
    filing = CoverageFiling((PlanFiling(coverage=Coverage("Ohio Valley", member_id="OV-1")),))

    def refused() -> bool:
        with pytest.raises(DeskError) as wrong:
            one.coverage.file(one.by(ann), office.visit, filing)
        return wrong.value.code is Refusal.NOT_PERMITTED

    assert refused()
    office.open_it()
    assert refused()
    office.desk.later(24 * 60)
    assert refused()
    lead = one.by(office.desk.marcus)
    one.privacy.break_glass(lead, office.patient_id, "billing", "the card was shown")
    one.coverage.file(one.by(office.desk.marcus), office.visit, filing)


def test_a_likely_match_that_is_protected_shows_no_name(office: Office) -> None:
    desk = office.desk
    emergency = EmergencyModel(desk.session())
    emergency.opened()
    for key, text in {"family": "Vega-Trujillo", "given": "Marisol", "complaint": "pain"}.items():
        emergency.type(key, text)
    emergency.register()
    assert [(one.name, one.born) for one in emergency.state.candidates] == [("V•••, protected", "Not known")]


def test_what_protects_one_of_two_merged_records_protects_both(office: Office) -> None:
    desk, service = office.desk, office.desk.desk
    new = NewPatient(Demographics("Vega", "M"))
    events = service.registration.register(service.by(desk.who), Registration(VisitDetails(), (), new))
    other = next(event.body.patient_id for event in events if isinstance(event.body, VisitRegistered))
    told = DisclosureRecorded("", other, date(2026, 11, 20), "County health", "", "immunizations", "outbreak")
    service.privacy.disclose(service.by(desk.who), told)
    assert other not in service.privacy.hidden_from(desk.who)
    merged = service.links.merge(service.by(desk.marcus), other, office.patient_id, "one passport")
    assert {other, office.patient_id} <= service.privacy.hidden_from(desk.who)
    assert service.privacy.flags_of([other]) == {other: frozenset({"vip"})}
    with pytest.raises(ProtectedRecordError):
        service.registration.view(service.by(desk.who), other)
    office.open_it(other)
    assert service.registration.view(service.by(desk.who), office.patient_id).patient_id == other
    paper = read(draw_paper(service, PaperKey(DISCLOSURES, office.patient_id), desk.who, record=True).pdf).text
    assert "County health" in paper
    assert [glass.patient_id for glass, _ in service.privacy.reviews()] == [other]
    merge_id = next(event.body.merge_id for event in merged if hasattr(event.body, "merge_id"))
    service.links.unmerge(service.by(desk.marcus), other, merge_id, "two after all")
    assert other not in service.privacy.hidden_from(desk.priya)
    assert office.patient_id in service.privacy.hidden_from(desk.priya)


def test_the_last_word_on_a_flag_counts_for_merged_records(office: Office) -> None:
    desk, service = office.desk, office.desk.desk
    other = office.of(desk.register(family="Vega"))
    service.links.merge(service.by(desk.marcus), other, office.patient_id, "one passport")
    desk.who = desk.marcus
    office.open_it(other)
    office.flag(other, is_on=False)
    assert not {other, office.patient_id} & service.privacy.hidden_from(desk.dana)


def test_an_accounting_is_of_six_years(office: Office) -> None:
    desk, service = office.desk, office.desk.desk
    office.open_it()
    for day, to in ((date(2020, 11, 24), "Six years"), (date(2026, 11, 23), "Today")):
        told = DisclosureRecorded("", office.patient_id, day, to, "1 Main Street", "a summary", "public health")
        service.privacy.disclose(service.by(desk.who), told)
    paper = draw_paper(service, PaperKey(DISCLOSURES, office.patient_id), desk.who, record=True)
    text = " ".join(read(paper.pdf).text.split())
    assert "Disclosures from 11/24/2020 to 11/23/2026" in text
    assert text.index("Today, 1 Main Street") < text.index("Six years, 1 Main Street")
    assert paper.copy_number == 1
    desk.later(60 * 24)
    office.open_it()
    later = draw_paper(service, PaperKey(DISCLOSURES, office.patient_id), desk.who, record=True)
    assert "Six years" not in read(later.pdf).text
    assert later.copy_number == 2
