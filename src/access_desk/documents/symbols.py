"""Bar codes and the signs beside a verdict."""

from __future__ import annotations

import re
from collections.abc import Sequence

from reportlab.graphics.barcode.code128 import Code128Auto
from reportlab.graphics.barcode.qr import QrCodeWidget

from access_desk.documents.drawing import Bar, Box, Page, Rule

_NOT_IN_CODE = re.compile(r"[^ -~]")
LONGEST_CODE = 32
LONGEST_SQUARE = 96
"""More in the square that a wristband has room for no scanner reads."""


def code128(
    page: Page, middle: float, top: float, height: float, widest: float, value: str, modules: Sequence[float] = (0.72,)
) -> str:
    """Draw a Code 128 around a middle, with the first of the module widths (points) that stays within ``widest``.

    Narrower than the last when even that does not. Characters that Code 128 lacks are left out and long values cut.
    Returns the text it says (empty: nothing is drawn).
    """
    said = _NOT_IN_CODE.sub("", value).strip()[:LONGEST_CODE]
    if not said:
        return ""
    code = Code128Auto(said, barWidth=1, barHeight=1, quiet=0)
    code.validate()
    code.encode()
    code.decompose()
    steps = [ord(step.lower()) - ord("a") + 1 for step in code.decomposed]
    bars = [step.isupper() for step in code.decomposed]
    length = sum(steps)
    unit = next((module for module in modules if module * length <= widest), widest / length)
    x = middle - unit * length / 2
    for width, is_bar in zip(steps, bars, strict=True):
        if is_bar:
            page.bars.append(Bar(x, top, width * unit, height))
        x += width * unit
    return said


def is_whole(value: str) -> bool:
    """Whether a bar code says this number as it is. A cut one would be another patient's, so none is drawn."""
    return value == value.strip() and len(value) <= LONGEST_CODE and not _NOT_IN_CODE.search(value)


def verdict_sign(page: Page, x: float, y: float, sign: str, radius: float = 9.6) -> None:
    """Draw a circle around a middle with ``+``, ``-``, ``=`` or ``±`` in it, by lines, so that any copy shows it."""
    page.boxes.append(Box(x - radius, y - radius, 2 * radius, 2 * radius, 1.5, radius))
    half = radius * 0.5
    levels = {"+": (0.0,), "-": (0.0,), "=": (-radius * 0.2, radius * 0.2), "±": (radius * 0.45,)}[sign]
    for level in levels:
        page.rules.append(Rule(x - half, y + level, x + half, y + level, 1.9))
    if sign == "+":
        page.rules.append(Rule(x, y - half, x, y + half, 1.9))
    if sign == "±":
        middle = -radius * 0.2
        page.rules.append(Rule(x - half, y + middle, x + half, y + middle, 1.9))
        page.rules.append(Rule(x, y + middle - half, x, y + middle + half, 1.9))


def qr_code(page: Page, x: float, y: float, size: float, value: str) -> None:
    """Draw a QR code (level M) with its upper left corner at a point; nothing for what it cannot say whole."""
    if not value or len(value) > LONGEST_SQUARE or _NOT_IN_CODE.search(value):
        return
    widget = QrCodeWidget(value, barLevel="M")
    widget.qr.make()
    modules = widget.qr.modules
    unit = size / len(modules)
    for row, cells in enumerate(modules):
        start = None
        for column in range(len(cells) + 1):
            dark = column < len(cells) and bool(cells[column])
            if dark and start is None:
                start = column
            elif not dark and start is not None:
                page.bars.append(Bar(x + start * unit, y + row * unit, (column - start) * unit, unit))
                start = None
