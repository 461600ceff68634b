"""Papers as bytes: the record that a paper is made comes first, then its pages are drawn with that copy's number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from access_desk.documents.cash_sheet import render_cash_sheet
from access_desk.documents.handoff import render_handoff
from access_desk.documents.mid_shift import render_mid_shift
from access_desk.documents.receipt import render_receipt
from access_desk.documents.shift_report import render_shift_report
from access_desk.domain.papers.receipt import Language
from access_desk.presentation.papers_registration import TITLES, check_reader, registration_paper
from access_desk.services.desk import Desk
from access_desk.services.paper_parts import Printing
from access_desk.services.papers import SHIFT_REPORT, PaperKey

CASH_SHEET = "cash-sheet"
HANDOFF_SHEET = "handoff-sheet"
MID_SHIFT_SHEET = "mid-shift-sheet"
RECEIPT = "receipt"


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that was drawn: its number, its pages, and which copy it is (1 is the original)."""

    key: PaperKey
    number: str
    pdf: bytes
    copy_number: int

    @property
    def copy_text(self) -> str:
        """``original`` or ``copy 2``."""
        return "original" if self.copy_number == 1 else f"copy {self.copy_number}"


def shift_key(day: date, shift: str | None) -> PaperKey:
    """The end-of-shift report of a business date and shift, or of the whole date."""
    return PaperKey(SHIFT_REPORT, f"{day.isoformat()}/{shift or ''}")


def draw_paper(desk: Desk, key: PaperKey, person_id: str, *, record: bool, language: Language | None = None) -> Paper:
    """Draw a paper; with ``record`` it is one more print, recorded before it is drawn, else a look at the next one.

    Raises:
        DeskError: there is no such paper. UnavailableError: it could not be recorded.
    """
    printing = desk.papers.printing(key, person_id)
    if key.document in TITLES:
        check_reader(desk, key, person_id)
    number, draw = _content(desk, key, printing, language)
    if record:
        desk.papers.record_print(key, printing, person_id)
    return Paper(key, number, draw(), printing.imprint.copy_number)


def _content(desk: Desk, key: PaperKey, printing: Printing, language: Language | None) -> tuple[str, Callable[[], bytes]]:
    papers, about = desk.papers, key.about
    match key.document:
        case "cash-sheet":
            sheet = papers.cash_sheet(printing, about)
            return sheet.number, lambda: render_cash_sheet(sheet)
        case "handoff-sheet":
            handoff = papers.handoff_sheet(printing, about)
            return handoff.number, lambda: render_handoff(handoff)
        case "mid-shift-sheet":
            mid_shift = papers.mid_shift_sheet(printing, about, blind=True)
            return mid_shift.number, lambda: render_mid_shift(mid_shift)
        case "receipt":
            receipt = papers.receipt(printing, about)
            receipt = replace(receipt, language=language or receipt.language)
            return receipt.number, lambda: render_receipt(receipt)
        case str(document) if document in TITLES:
            return registration_paper(desk, key, printing)
        case _:
            day, _, shift = about.partition("/")
            report = papers.shift_report(printing, date.fromisoformat(day), shift or None)
            return report.number, lambda: render_shift_report(report)
