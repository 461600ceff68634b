"""Wristbands and labels reach the printer at their own size; sheets on the sheet that it holds."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QPageSize
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication

from access_desk.documents.band import LABEL, WRISTBAND, render_label, render_wristband
from access_desk.documents.form import render_form
from access_desk.ui.money.printing import print_pages
from tests.documents.paper import read
from tests.documents.registration_samples import band, form

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
LETTER = (612.0, 792.0)


@pytest.mark.parametrize(
    ("pdf", "size"),
    [(render_label(band()), LABEL), (render_wristband(band()), WRISTBAND), (render_form(form()), LETTER)],
    ids=["label", "wristband", "form"],
)
def test_a_paper_is_printed_at_its_size(qapp: QApplication, tmp_path: Path, pdf: bytes, size: tuple[float, float]) -> None:
    del qapp
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.Letter))
    printer.setFullPage(True)
    out = tmp_path / "printed.pdf"
    printer.setOutputFileName(str(out))
    print_pages(printer, pdf, "paper")
    (printed,) = read(out.read_bytes()).sizes
    assert printed == pytest.approx(size, abs=1.0)
