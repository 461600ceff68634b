"""Putting pages on paper through the system's printers, and into files."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMarginsF, QRectF
from PySide6.QtGui import QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from access_desk.domain.errors import UnavailableError
from access_desk.ui.kit.pdf_view import page_size, render_pages

DOTS_PER_INCH = 300
RECEIPT_DOTS_PER_INCH = 203
SMALL_MEDIA = 200
"""Pages lower than this, in points, are wristbands and labels."""


def default_printer_name() -> str:
    """The system's default printer; blank when there is none."""
    return str(QPrinterInfo.defaultPrinterName())


def print_receipt(pdf: bytes, title: str) -> None:
    """Print straight to the default printer.

    Raises:
        UnavailableError: there is none, or it does not take the pages.
    """
    if not default_printer_name():
        raise UnavailableError("No printer is set up on this computer. The payment is recorded.")
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setFullPage(True)
    _print(printer, pdf, title, RECEIPT_DOTS_PER_INCH)


def ask_printer(parent: QWidget, title: str) -> QPrinter | None:
    """The system's print dialog; None when it was cancelled. Raises UnavailableError without any printer."""
    if not QPrinterInfo.availablePrinterNames():
        raise UnavailableError("No printer is set up on this computer. Save the paper as a PDF instead, Ctrl S.")
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(title)
    printer.setFullPage(True)
    printer.setPageOrientation(QPageLayout.Orientation.Portrait)
    dialog = QPrintDialog(printer, parent)
    dialog.setWindowTitle(f"Print {title}")
    return printer if dialog.exec() == QDialog.DialogCode.Accepted else None


def print_pages(printer: QPrinter, pdf: bytes, title: str) -> None:
    """Print to a printer that was chosen. Raises UnavailableError when it does not take the pages.

    Wristbands and labels go out at their own size, whatever sheet the printer thinks it holds: a bar code that is made
    larger or smaller may not scan.
    """
    size = page_size(pdf)
    if size.height() < SMALL_MEDIA:
        printer.setPageSize(QPageSize(size, QPageSize.Unit.Point, title, QPageSize.SizeMatchPolicy.ExactMatch))
        printer.setPageMargins(QMarginsF(0, 0, 0, 0), QPageLayout.Unit.Point)
    _print(printer, pdf, title, DOTS_PER_INCH)


def ask_file(parent: QWidget, suggested: str) -> Path | None:
    """The system's save dialog; None when it was cancelled."""
    path, _ = QFileDialog.getSaveFileName(parent, "Save PDF", f"{suggested}.pdf", "PDF (*.pdf)")
    return Path(path) if path else None


def write_pdf(path: Path, pdf: bytes) -> None:
    """Write a file. Raises UnavailableError when it cannot be written."""
    try:
        path.write_bytes(pdf)
    except OSError as fault:
        raise UnavailableError(f"The file could not be written: {fault.strerror}. Choose another folder.") from fault


def _print(printer: QPrinter, pdf: bytes, title: str, dots_per_inch: int) -> None:
    printer.setDocName(title)
    painter = QPainter()
    if not painter.begin(printer):
        raise UnavailableError("The printer did not take the paper. Check it, then print again.")
    try:
        for number, image in enumerate(render_pages(pdf, dots_per_inch)):
            if number and not printer.newPage():
                raise UnavailableError("The printer stopped between two pages. Check it, then print again.")
            room = QRectF(printer.pageRect(QPrinter.Unit.DevicePixel))
            scale = min(room.width() / image.width(), room.height() / image.height())
            painter.drawImage(QRectF(0, 0, image.width() * scale, image.height() * scale), image)
    finally:
        painter.end()
