"""The papers of a registration as bytes, by kind."""

from __future__ import annotations

from collections.abc import Callable

from access_desk.documents.band import render_label, render_wristband
from access_desk.documents.disclosures import render_disclosures
from access_desk.documents.estimates import render_estimate_letter, render_good_faith
from access_desk.documents.face_sheet import render_face_sheet
from access_desk.documents.form import render_form
from access_desk.domain.errors import DeskError, Refusal
from access_desk.services.desk import Desk
from access_desk.services.journal import SYSTEM_ACTOR
from access_desk.services.paper_parts import Printing
from access_desk.services.papers import PaperKey

FORM = "form"
FACE_SHEET = "face-sheet"
WRISTBAND = "wristband"
LABEL = "label"
ESTIMATE_LETTER = "estimate-letter"
GOOD_FAITH = "good-faith-estimate"
DISCLOSURES = "disclosures"
# Put on whoever comes to the emergency department, also before anybody may look into the record.
ON_THE_PATIENT = (WRISTBAND, LABEL)
TITLES = {
    FORM: "Form",
    FACE_SHEET: "Face sheet",
    WRISTBAND: "Wristband",
    LABEL: "Label",
    ESTIMATE_LETTER: "Estimate letter",
    GOOD_FAITH: "Good faith estimate",
    DISCLOSURES: "Accounting of disclosures",
}


def form_key(visit_id: str, form: str, part: str, language: str) -> PaperKey:
    """A form of a visit in a language."""
    return PaperKey(FORM, f"{visit_id}/{form}/{part}/{language}")


def check_reader(desk: Desk, key: PaperKey, person_id: str) -> None:
    """Raises ProtectedRecordError: the paper is of a record that this person may not see now."""
    if person_id == SYSTEM_ACTOR:
        return
    if key.document == DISCLOSURES:
        desk.privacy.check_seen(person_id, key.about)
        return
    visit = desk.view.visit(key.about.partition("/")[0])
    is_urgent = visit is not None and visit.details.type == "emergency" and key.document in ON_THE_PATIENT
    if visit is not None and not is_urgent:
        desk.privacy.check_seen(person_id, visit.patient_id)


def registration_paper(desk: Desk, key: PaperKey, printing: Printing) -> tuple[str, Callable[[], bytes]]:
    """The number of a paper and how it is drawn.

    Raises:
        DeskError: there is no such paper, or it may not be made yet.
    """
    papers = desk.registration_papers
    visit_id, _, rest = key.about.partition("/")
    match key.document:
        case "form":
            parts = rest.split("/")
            if len(parts) != 3:  # noqa: PLR2004 - form, part, language
                raise DeskError(Refusal.UNKNOWN_REFERENCE, "There is no such form.")
            form = papers.form(printing, visit_id, *parts)
            return form.number, lambda: render_form(form)
        case "face-sheet":
            sheet = papers.face_sheet(printing, visit_id)
            return f"face-sheet-{sheet.number}", lambda: render_face_sheet(sheet)
        case "wristband":
            band = papers.band(printing, visit_id)
            return f"wristband-{band.patient.account}", lambda: render_wristband(band)
        case "label":
            label = papers.band(printing, visit_id)
            return f"label-{label.patient.account}", lambda: render_label(label)
        case "disclosures":
            told = papers.disclosures(printing, key.about)
            return f"disclosures-{told.number}", lambda: render_disclosures(told)
        case "estimate-letter":
            letter = papers.estimate_letter(printing, visit_id, rest or "en")
            return f"estimate-{letter.number}", lambda: render_estimate_letter(letter)
        case _:
            estimate = papers.good_faith(printing, visit_id, rest or "en")
            return f"good-faith-estimate-{estimate.number}", lambda: render_good_faith(estimate)
