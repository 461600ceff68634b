"""The real pages of a paper, rendered by PDFium. Pages stay in memory; nothing is written."""

from __future__ import annotations

import pypdfium2
from PySide6.QtCore import QSizeF, Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from access_desk.ui.kit.cards import Scroller, column
from access_desk.ui.kit.labels import PlainLabel
from access_desk.ui.kit.theme import current

POINTS_PER_INCH = 72


def render_pages(pdf: bytes, dots_per_inch: float) -> list[QImage]:
    """The pages of a PDF as pictures."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [_render(page, dots_per_inch / POINTS_PER_INCH) for page in document]
    finally:
        document.close()


def page_size(pdf: bytes) -> QSizeF:
    """The size of the first page in points."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return QSizeF(*document.get_page_size(0))
    finally:
        document.close()


def _render(page: pypdfium2.PdfPage, scale: float) -> QImage:
    bitmap = page.render(scale=scale, rev_byteorder=True)
    form = QImage.Format.Format_RGB888 if bitmap.n_channels == 3 else QImage.Format.Format_RGBX8888  # noqa: PLR2004
    image = QImage(bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride, form).copy()
    bitmap.close()
    page.close()
    return image


class PdfView(QWidget):
    """Shows a PDF's pages under each other, as wide as there is room."""

    def __init__(self, *, name: str = "pdfView", width: int = 640) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName("Preview of the printed pages")
        self._width, self._pdf = width, b""
        self._pages = QWidget()
        self._column = QVBoxLayout(self._pages)
        self._column.setSpacing(12)
        self._column.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._cover = PlainLabel("", tone="secondary")
        self._cover.setWordWrap(True)
        self._cover.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._cover.hide()
        content = QWidget()
        content.setLayout(column(self._cover, self._pages, margins=(0, 0, 0, 0)))
        self.scroller = Scroller(content, name=f"{name}Scroller")
        self.scroller.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.scroller)
        self.page_count = 0

    @property
    def shown_pdf(self) -> bytes:
        """What is shown; empty when nothing is, or while it is covered."""
        return b"" if self._pages.isHidden() else self._pdf

    def cover(self, why: str) -> None:
        """Say this in place of the pages; blank shows them again."""
        self._cover.say(why)
        self._cover.setVisible(bool(why))
        self._pages.setVisible(not why)

    def show_pdf(self, pdf: bytes) -> None:
        """Show other pages."""
        if pdf == self._pdf:
            return
        self._pdf = pdf
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        ratio = self.devicePixelRatioF()
        images = render_pages(pdf, 150 * ratio) if pdf else []
        self.page_count = len(images)
        for number, image in enumerate(images, 1):
            page = QLabel()
            page.setObjectName(f"pdfPage{number}")
            page.setAccessibleName(f"Page {number} of {len(images)}")
            scaled = image.scaledToWidth(round(current().px(self._width) * ratio), Qt.TransformationMode.SmoothTransformation)
            picture = QPixmap.fromImage(scaled)
            picture.setDevicePixelRatio(ratio)
            page.setPixmap(picture)
            page.setProperty("card", "true")
            self._column.addWidget(page)
