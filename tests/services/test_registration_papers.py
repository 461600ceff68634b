"""A registration's papers from what is recorded: their content, the record of each print, and EMTALA on paper too."""

from __future__ import annotations

from datetime import date

import pytest

from access_desk.domain.coverage.commands import CoverageFiling, PlanFiling
from access_desk.domain.errors import DeskError, Refusal
from access_desk.domain.estimates.good_faith import GoodFaithEstimate, GoodFaithItem
from access_desk.domain.estimates.share import ShareInputs
from access_desk.domain.forms.decide import CompleteForm
from access_desk.domain.forms.strokes import Point, Strokes
from access_desk.domain.money import Money
from access_desk.domain.visits.events import Coverage
from access_desk.presentation.papers_drawing import draw_paper
from access_desk.presentation.papers_registration import TITLES, form_key
from access_desk.services.papers import PaperKey
from access_desk.services.registration_papers import age_text
from tests.desks import TestDesk
from tests.documents.paper import read

PEN = Strokes(400, 120, ((Point(10, 60, 0), Point(40, 20, 16), Point(70, 90, 33), Point(90, 50, 50)),))
PPO = Coverage("Northlake Health", "PPO", "NHP447199203", copay=Money(7_500))


def print_of(desk: TestDesk, key: PaperKey, *, record: bool = True) -> str:
    paper = draw_paper(desk.desk, key, desk.people["ann"], record=record)
    return " ".join(read(paper.pdf).text.split())


def test_every_paper_of_a_visit(desk: TestDesk) -> None:
    one, who = desk.desk, desk.people["ann"]
    visit = desk.register(family="O'Neill-Núñez", given="Zoë")
    item = GoodFaithItem("MRI lumbar spine", "72148", Money(93_000), 1, "M54.50")
    made = GoodFaithEstimate("MRI", (item,), "Cedar Hollow", "1234567893", "12-3456789", "requested", date(2026, 11, 23), None)
    plan = PlanFiling(coverage=PPO, estimate=ShareInputs(Money(93_000), Money(7_500), Money(0), 2_000, None))
    one.coverage.file(one.by(who), visit.visit_id, CoverageFiling((plan,), good_faith=made))
    said = {name: print_of(desk, PaperKey(name, visit.visit_id)) for name in TITLES if name not in ("form", "disclosures")}
    assert all("O'Neill-Núñez, Zoë" in text and "PRACTICE" in text for text in said.values())
    assert "Northlake Health" in said["face-sheet"]
    assert "Consent to treatment Not offered" in said["face-sheet"]
    assert "$261.00" in said["estimate-letter"]
    assert "$930.00" in said["good-faith-estimate"]
    assert "Estimación de buena fe" in print_of(desk, PaperKey("good-faith-estimate", f"{visit.visit_id}/es"))


def test_a_signed_form_is_drawn_with_its_signature_and_hash(desk: TestDesk) -> None:
    one, who = desk.desk, desk.people["ann"]
    visit = desk.register().visit_id
    key = form_key(visit, "consent", "initial", "es")
    assert "Firma del paciente o representante" in print_of(desk, key)
    one.forms.complete(one.by(who), visit, CompleteForm("consent", "signed", "es", method="drawn"), PEN)
    found = one.forms.of_visit(visit).state.last("consent")
    assert found is not None
    assert found.body.strokes is not None
    text = print_of(desk, key)
    assert f"Signature SHA-256 {found.body.strokes.sha256}, 11/23/2026 07:00:00 CST" in text
    assert "COPY 2" in text
    # In English it was not signed: that paper is to be signed.
    assert "Signature SHA-256" not in print_of(desk, form_key(visit, "consent", "initial", "en"))


def test_looking_at_a_paper_makes_no_copy(desk: TestDesk) -> None:
    key = PaperKey("label", desk.register().visit_id)
    assert "COPY" not in print_of(desk, key, record=False)
    assert "COPY" not in print_of(desk, key)
    assert "COPY 2" in print_of(desk, key)


@pytest.mark.parametrize(
    ("document", "rest", "code"),
    [
        ("form", "/financial_policy/initial/en", Refusal.EMTALA_HOLD),
        ("form", "/good_faith_estimate/initial/es", Refusal.EMTALA_HOLD),
        ("form", "/consent/follow_up/en", Refusal.BAD_VALUE),
        ("form", "/consent/initial/fr", Refusal.BAD_VALUE),
        ("form", "/poetry/initial/en", Refusal.UNKNOWN_REFERENCE),
        ("form", "", Refusal.UNKNOWN_REFERENCE),
        ("estimate-letter", "", Refusal.UNKNOWN_REFERENCE),
        ("good-faith-estimate", "", Refusal.UNKNOWN_REFERENCE),
    ],
)
def test_what_is_not_printed_for_an_emergency(desk: TestDesk, document: str, rest: str, code: Refusal) -> None:
    visit = desk.register("emergency").visit_id
    before = desk.desk.journal.head
    with pytest.raises(DeskError, check=lambda wrong: wrong.code is code):
        print_of(desk, PaperKey(document, visit + rest))
    assert desk.desk.journal.head == before
    assert "Consent to treatment" in print_of(desk, form_key(visit, "consent", "initial", "en"))


@pytest.mark.parametrize(
    ("born", "on", "text"),
    [
        (date(1987, 3, 14), date(2026, 3, 13), "38 y"),
        (date(1987, 3, 14), date(2026, 3, 14), "39 y"),
        (date(2025, 1, 15), date(2026, 11, 23), "22 mo"),
        (date(2026, 11, 1), date(2026, 11, 23), "22 d"),
        (date(2024, 2, 29), date(2026, 2, 28), "23 mo"),
        (date(2027, 1, 1), date(2026, 11, 23), ""),
    ],
)
def test_an_age_in_words(born: date, on: date, text: str) -> None:
    assert age_text(born, on) == text
