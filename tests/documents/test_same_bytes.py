"""Papers are pure functions of their content, and cost about as much as their strings on a bare canvas."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from reportlab.pdfgen.canvas import Canvas

from access_desk.documents import letter
from access_desk.documents.cash_sheet import render_cash_sheet
from access_desk.documents.drawing import Labels, Page, pdf
from access_desk.documents.handoff import render_handoff
from access_desk.documents.mid_shift import render_mid_shift
from access_desk.documents.receipt import render_receipt
from access_desk.documents.shift_report import render_shift_report
from access_desk.domain.papers.cash_sheet import CashSheet
from tests.documents.samples import (
    long_receipts,
    pictured_cash_sheet,
    pictured_handoff,
    pictured_receipt,
    sample_mid_shift,
    sample_shift_report,
)

RENDERED: dict[str, Callable[[], bytes]] = {
    "cash sheet": lambda: render_cash_sheet(pictured_cash_sheet()),
    "receipt": lambda: render_receipt(pictured_receipt()),
    "handoff": lambda: render_handoff(pictured_handoff()),
    "shift report": lambda: render_shift_report(sample_shift_report()),
    "mid-shift": lambda: render_mid_shift(sample_mid_shift()),
}

IN_ANOTHER_PROCESS = """
import hashlib
from tests.documents.test_same_bytes import RENDERED
print(" ".join(hashlib.sha256(render()).hexdigest() for render in RENDERED.values()))
"""


@pytest.mark.parametrize("paper", RENDERED)
def test_the_same_content_gives_the_same_bytes(paper: str) -> None:
    first = RENDERED[paper]()
    for other in RENDERED.values():
        other()
    assert RENDERED[paper]() == first
    assert first.startswith(b"%PDF-")


def test_another_process_draws_the_same_bytes() -> None:
    root = Path(__file__).resolve().parents[2]
    said = []
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join([str(root / "src"), str(root)])}
        done = subprocess.run(
            [sys.executable, "-c", IN_ANOTHER_PROCESS], env=environment, cwd=root, capture_output=True, text=True, check=True
        )
        said.append(done.stdout)
    assert said[0] == said[1]
    assert len(said[0].split()) == len(RENDERED)


def placed_pages(content: CashSheet, monkeypatch: pytest.MonkeyPatch) -> list[Page]:
    kept: list[Page] = []

    def keep(pages: list[Page], size: tuple[float, float], labels: Labels) -> bytes:
        kept.extend(pages)
        return pdf(pages, size, labels)

    with monkeypatch.context() as patch:
        patch.setattr(letter, "pdf", keep)
        render_cash_sheet(content)
    return kept


def bare_canvas(pages: list[Page]) -> bytes:
    target = BytesIO()
    canvas = Canvas(target, pagesize=letter.SIZE, invariant=1, pageCompression=1)
    for page in pages:
        for word in page.words:
            canvas.setFont(word.style.face, word.style.size)
            canvas.drawString(word.x, letter.SIZE[1] - word.y, word.text)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def _seconds(work: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def test_forty_receipts_cost_at_most_three_times_their_strings(monkeypatch: pytest.MonkeyPatch) -> None:
    content = pictured_cash_sheet(receipts=long_receipts(40))
    pages = placed_pages(content, monkeypatch)
    sheet, bare = [], []
    for _ in range(7):
        sheet.append(_seconds(lambda: render_cash_sheet(content)))
        bare.append(_seconds(lambda: bare_canvas(pages)))
    assert statistics.median(sheet) <= 3 * statistics.median(bare)
