"""A protected record on the real screens, by keyboard: it opens for a reason, and nothing of it shows before."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from access_desk.domain.events import Fact
from access_desk.domain.facility.events import StaffAmended
from access_desk.domain.privacy.events import DisclosureRecorded
from access_desk.domain.staff import Role
from access_desk.services.journal import SYSTEM_ACTOR
from access_desk.services.papers import PaperKey
from access_desk.ui.desk.privacy_view import PrivacyView
from access_desk.ui.money.preview_view import PreviewView
from tests.documents.paper import read
from tests.ui.test_desk_pages import ALT, CTRL, NONE, SHIFT, Stage, _dressed, pytestmark, search, stage

__all__ = ["_dressed", "pytestmark", "stage"]


def page_of(stage: Stage) -> PrivacyView:
    page = stage.window.page("privacy")
    assert isinstance(page, PrivacyView)
    return page


def test_a_protected_record_opens_for_a_reason_by_keyboard(stage: Stage) -> None:
    visit = stage.money.register("25.00")
    row = stage.desk.view.visit(visit)
    assert row is not None
    by = stage.desk.by(stage.money.marcus)
    stage.desk.privacy.flag(by, row.patient_id, "confidential", is_on=True, reason="asked for it")
    stage.enter()
    search(stage, "Vega Trujillo", "Marisol", "3/14/1987")
    assert "555-0101" not in stage.texts()
    stage.press(Qt.Key.Key_1)
    page = page_of(stage)
    assert stage.window.here is page
    assert page.model.state.is_closed
    assert "Marisol" not in stage.texts()
    assert stage.focused.objectName() == "privacyReason"
    stage.press(Qt.Key.Key_F12)
    assert "Choose why" in page.model.state.notice
    stage.type("Reg")
    assert stage.focused.objectName() == "privacyWords"
    stage.type("she is at my window", enter=False)
    stage.press(Qt.Key.Key_F12)
    assert page.model.state.standing.startswith("Open for you")
    stage.press(Qt.Key.Key_F12)
    assert stage.form().patient_id == row.patient_id
    stage.press(Qt.Key.Key_F2, SHIFT)
    assert [why for _, _, why in page.model.state.views][:1] == ["registration: she is at my window"]


def test_flags_disclosures_and_the_review_by_keyboard(stage: Stage) -> None:
    visit = stage.money.register("25.00")
    row = stage.desk.view.visit(visit)
    assert row is not None
    priya, marcus = stage.money.priya, stage.money.marcus
    promoted = Fact(priya, StaffAmended(priya, Role.SUPERVISOR, active=True), None, (stage.desk.journal.facility_id,))
    stage.desk.journal.record(SYSTEM_ACTOR, [promoted])
    stage.desk.privacy.flag(stage.desk.by(marcus), row.patient_id, "vip", is_on=True, reason="asked for it")
    stage.desk.privacy.break_glass(stage.desk.by(marcus), row.patient_id, "billing", "a statement came back")
    stage.desk.privacy.flag(stage.desk.by(marcus), row.patient_id, "vip", is_on=False, reason="no longer asked for")
    stage.enter("priya")
    stage.press(Qt.Key.Key_F2, SHIFT)
    page = page_of(stage)
    stage.type(row.mrn)
    assert page.model.state.patient is not None
    stage.press(Qt.Key.Key_4, ALT)
    assert page.model.state.flags == {"directory_opt_out"}
    stage.press(Qt.Key.Key_6, ALT)
    for name, text in (("disclosureTo", "County health"), ("disclosureWhat", "immunizations"), ("disclosurePurpose", "outbreak")):
        field = stage.dialog().findChild(QLineEdit, name)
        assert field is not None
        field.setFocus()
        stage.type(text, enter=False)
    stage.press(Qt.Key.Key_F12)
    assert [line[1:] for line in page.model.state.disclosures] == [("County health", "immunizations", "outbreak")]
    page.reviews.setFocus()
    page.reviews.choose_first()
    stage.press(Qt.Key.Key_Return)
    stage.press(Qt.Key.Key_Down, NONE)
    stage.press(Qt.Key.Key_F12)
    assert [one.verdict for one in page.model.state.reviews] == ["justified"]


def test_the_accounting_is_looked_at_with_ctrl_p_and_printed_with_f12(stage: Stage) -> None:
    visit = stage.money.register("25.00")
    row = stage.desk.view.visit(visit)
    assert row is not None
    by = stage.desk.by(stage.money.dana)
    today = stage.desk.journal.today()
    told = DisclosureRecorded("", row.patient_id, today, "County health", "1 Main Street", "immunizations", "outbreak")
    stage.enter()
    stage.press(Qt.Key.Key_F2, SHIFT)
    page = page_of(stage)
    stage.press(Qt.Key.Key_P, CTRL)
    assert page.isVisible()
    stage.type(row.mrn)
    assert "Nothing was disclosed in six years" in stage.texts()
    stage.desk.privacy.disclose(by, told)
    stage.press(Qt.Key.Key_F5)
    assert "Nothing was disclosed in six years" not in stage.texts()
    stage.press(Qt.Key.Key_P, CTRL)
    preview = stage.window.page("preview")
    assert isinstance(preview, PreviewView)
    assert preview.isVisible()
    paper = preview.model.state.paper
    assert paper is not None
    assert paper.key == PaperKey("disclosures", row.patient_id)
    assert "County health, 1 Main Street" in " ".join(read(paper.pdf).text.split())
    assert [hint.keys for hint in preview.key_hints() if hint.does == "Print"] == ["F12"]
    preview.model.print(lambda made: None)
    stage.settle()
    assert stage.money.kinds().count("document.printed") == 1


def test_payment_and_forms_of_a_protected_record_lead_to_the_reason(stage: Stage) -> None:
    visit = stage.money.register("25.00")
    row = stage.desk.view.visit(visit)
    assert row is not None
    stage.desk.privacy.flag(stage.desk.by(stage.money.marcus), row.patient_id, "vip", is_on=True, reason="asked for it")
    stage.enter()
    page = page_of(stage)
    for page_id, argument in (("payment", visit), ("forms", visit), ("preview", ("face-sheet", visit))):
        stage.window.go("today", None)
        stage.settle()
        stage.window.go(page_id, argument)
        stage.settle()
        assert stage.window.here is page, page_id
        assert page.model.state.is_closed
        assert "Marisol" not in stage.texts()
