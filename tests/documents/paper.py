"""Reading a PDF back: its text per page, and what else is in it."""

from __future__ import annotations

from dataclasses import dataclass

import pypdfium2
from pypdfium2 import raw


@dataclass(frozen=True)
class Read:
    """A PDF as a reader sees it."""

    pages: tuple[str, ...]
    sizes: tuple[tuple[float, float], ...]
    images: int
    annotations: int

    @property
    def text(self) -> str:
        return "\n".join(self.pages)


def read(pdf: bytes) -> Read:
    document = pypdfium2.PdfDocument(pdf)
    pages, sizes, images, annotations = [], [], 0, 0
    for page in document:
        text = page.get_textpage()
        pages.append(text.get_text_range().replace("\r\n", "\n"))
        text.close()
        sizes.append(page.get_size())
        images += sum(1 for _ in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE]))
        annotations += raw.FPDFPage_GetAnnotCount(page.raw)
        page.close()
    document.close()
    return Read(tuple(pages), tuple(sizes), images, annotations)


def _rows(pdf: bytes, page: int, scale: float, grayscale: bool) -> tuple[list[bytes], int]:
    """The rows of a rendered page without their padding, and the bytes per pixel."""
    document = pypdfium2.PdfDocument(pdf)
    bitmap = document[page].render(scale=scale, grayscale=grayscale)
    whole, width = bytes(bitmap.buffer), bitmap.width * bitmap.n_channels
    rows = [whole[start : start + width] for start in range(0, bitmap.stride * bitmap.height, bitmap.stride)]
    channels = bitmap.n_channels
    bitmap.close()
    document.close()
    return rows, channels


def ink_outside(pdf: bytes, page: int, left: float, right: float) -> int:
    """How many dark pixels stand outside two upright edges (points)."""
    rows, _ = _rows(pdf, page, 1.5, grayscale=True)
    edges = [row[: int(left * 1.5) - 1] + row[int(right * 1.5) + 2 :] for row in rows]
    return sum(1 for edge in edges for value in edge if value < 128)


def colors(pdf: bytes) -> bool:
    """Whether anything is drawn in other than grays."""
    for page in range(len(read(pdf).pages)):
        rows, channels = _rows(pdf, page, 1, grayscale=False)
        assert channels >= 3
        if any(not row[0::channels] == row[1::channels] == row[2::channels] for row in rows):
            return True
    return False
