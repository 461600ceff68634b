"""Names and notes are hostile: no text raises, embeds a file, becomes a link, or breaks a page."""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil
import sys
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import access_desk.documents
from access_desk.documents.band import render_label, render_wristband
from access_desk.documents.cash_sheet import render_cash_sheet
from access_desk.documents.disclosures import render_disclosures
from access_desk.documents.estimates import render_estimate_letter, render_good_faith
from access_desk.documents.face_sheet import render_face_sheet
from access_desk.documents.form import render_form
from access_desk.documents.handoff import render_handoff
from access_desk.documents.mid_shift import render_mid_shift
from access_desk.documents.receipt import render_receipt
from access_desk.documents.shift_report import render_shift_report
from access_desk.domain.denominations import CashCount, CountedCheck
from access_desk.domain.forms.strokes import Strokes
from tests.documents import registration_samples as registration
from tests.documents.paper import ink_outside, read
from tests.documents.samples import (
    imprint,
    pictured_cash_sheet,
    pictured_handoff,
    pictured_receipt,
    sample_mid_shift,
    sample_shift_report,
)

PAPERS: dict[str, tuple[Callable[[Any], bytes], Any]] = {
    "cash sheet": (render_cash_sheet, pictured_cash_sheet(imprint=imprint(2, practice=True))),
    "receipt": (render_receipt, pictured_receipt()),
    "handoff": (render_handoff, pictured_handoff()),
    "shift report": (render_shift_report, sample_shift_report()),
    "mid-shift": (render_mid_shift, sample_mid_shift()),
    "form": (render_form, registration.form()),
    "form in Spanish": (render_form, registration.form("important_message", "es")),
    "signed form": (render_form, registration.form(done=registration.BY_OTHER)),
    "refused form": (render_form, registration.form("observation_notice", done=registration.UNABLE)),
    "face sheet": (render_face_sheet, registration.face_sheet(entered_at=registration.MOMENT, paper_number="R-0117")),
    "wristband": (render_wristband, registration.band(alert="UNIDENTIFIED")),
    "label": (render_label, registration.band(imprint=imprint(2, practice=True))),
    "estimate letter": (render_estimate_letter, registration.estimate()),
    "good faith estimate": (render_good_faith, registration.good_faith("es")),
    "disclosures": (render_disclosures, registration.disclosures()),
}
# These hold codes that rules chose among, never typed text; counts check theirs themselves.
CODES = {"tender", "kind", "state", "hash", "form", "language", "status", "method"}

LETTER = 612
HOSTILE = (
    'Robert <b>"); <img src="/etc/passwd" width="9"/> <a href="file:///etc/passwd">x</a> & &amp; ]]>',
    "\u202e\u2066evil\u2069 \x00\x07\x08\x1b[31m\x7f\u200b\ufeff\u2028\ud800\r\n\t",
    "שלום مرحبا 李小龍 नमस्ते 👩‍👩‍👧 e\u0301\u0302\u0303" + "\u0301" * 50,
    "W" * 10_000,
    ("word " * 2_000).strip(),
    "=1+1",
    "",
    "   ",
    "(parenthesis \\ ) Tj ET",
)


def with_text(content: Any, text: str) -> Any:
    """The content with every text field replaced, however deep."""
    if isinstance(content, tuple):
        return tuple(text if isinstance(part, str) else with_text(part, text) for part in content)
    if isinstance(content, (CashCount, CountedCheck, Strokes, type)) or not dataclasses.is_dataclass(content):
        return content
    changes: dict[str, Any] = {}
    for field in dataclasses.fields(content):
        value = getattr(content, field.name)
        if type(value) is str:
            changes[field.name] = value if field.name in CODES else text
        elif isinstance(value, tuple) or dataclasses.is_dataclass(value):
            changes[field.name] = with_text(value, text)
    replaced: Any = content
    return dataclasses.replace(replaced, **changes)


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_only_text(paper: str, text: str) -> None:
    render, content = PAPERS[paper]
    pdf = render(with_text(content, text))
    found = read(pdf)
    assert found.images == 0
    assert found.annotations == 0
    assert b"/URI" not in pdf
    assert b"/EmbeddedFile" not in pdf
    width = found.sizes[0][0]
    # Nearer to the edge no printer puts ink: receipts, labels and wristbands have narrow margins.
    left = 38 if width == LETTER else 4 if paper in ("label", "wristband") else 12
    right = 575 if width == LETTER else width - left if paper in ("label", "wristband") else 216
    for page in range(len(found.pages)):
        assert ink_outside(pdf, page, left, right) == 0


def test_markup_is_printed_as_it_was_typed() -> None:
    render, content = PAPERS["handoff"]
    text = 'Robert <b> & <img src="x"/>'
    assert text in read(render(dataclasses.replace(content, note=text))).text


def test_formulas_and_right_to_left_names_stay_visible_on_receipts() -> None:
    text = read(render_receipt(pictured_receipt(patient_given="", patient_family="=1+1"))).text
    assert "=1+1" in text
    assert "□□□□" in read(render_receipt(pictured_receipt(patient_given="", patient_family="שלום"))).text


@pytest.mark.parametrize("paper", PAPERS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=st.text(alphabet=st.characters(), max_size=200))
def test_no_text_raises(paper: str, text: str) -> None:
    render, content = PAPERS[paper]
    found = read(render(with_text(content, text)))
    assert found.images == found.annotations == 0


def test_a_figure_is_shown_whole_beside_any_text() -> None:
    for text in HOSTILE:
        words = " ".join(read(render_receipt(with_text(pictured_receipt(), text))).text.split())
        assert "$118.60" in words
        sheet = read(render_cash_sheet(with_text(pictured_cash_sheet(), text))).text
        for figure in ("−$5.00", "$1,096.00", "359.25", "1,572.75"):
            assert figure in sheet


def test_no_paper_reads_markup() -> None:
    for module in pkgutil.iter_modules(access_desk.documents.__path__, "access_desk.documents."):
        importlib.import_module(module.name)
    drawn = [name for name in sys.modules if name.startswith("access_desk.documents")]
    assert len(drawn) > 10
    for name in drawn:
        for value in vars(sys.modules[name]).values():
            assert not str(getattr(value, "__module__", "")).startswith("reportlab.platypus"), name
