"""Wristband and label, at the size of the media of thermal printers: a page is one band or one label, black only."""

from __future__ import annotations

from access_desk.documents.drawing import Box, Labels, Page, pdf
from access_desk.documents.fonts import BOLD, REGULAR, SEMIBOLD, Style, typeface
from access_desk.documents.moments import day
from access_desk.documents.printable import visible, wrapped
from access_desk.documents.symbols import code128, is_whole, qr_code
from access_desk.domain.papers.registration import Band

INCH = 72.0
WRISTBAND = (11 * INCH, INCH)
LABEL = (2.625 * INCH, INCH)
DOT = INCH / 203
"""A dot of the usual thermal printer: bars are whole dots wide."""
CLASP = 80.0
"""The end of a wristband that lies under its clasp stays blank."""
NAME_SIZES = (15.0, 13.0, 11.0)


def codes_of(band: Band) -> str:
    """What the square code says: both numbers, each with its name."""
    return f"MRN={band.patient.mrn};ACCT={band.patient.account}"


def render_wristband(content: Band) -> bytes:
    """Draw an adult wristband of 1 by 11 inches.

    Raises:
        UnavailableError: when the fonts are missing.
    """
    page, patient = Page(), content.patient
    qr_code(page, CLASP, 8, 56, codes_of(content))
    x = CLASP + 68
    y = _name(page, x, 22, 310, patient.name)
    bold, plain = Style(SEMIBOLD, 9.5), Style(REGULAR, 8.5)
    page.left(x, y, _born(content), bold, 310)
    page.left(x, y + 12, f"MRN {patient.mrn}   Account {patient.account}", bold, 310)
    said = f"{content.visit_type.capitalize()} {day(content.arrived_at)}, {content.imprint.facility_name}"
    if y + 24 < INCH - 3:
        page.left(x, y + 24, said, plain, 310)
    if is_whole(patient.mrn):
        shown = code128(page, 560, 12, 36, 150, patient.mrn, (3 * DOT, 2 * DOT))
        page.center(560, 59, f"MRN {shown}", plain, 150)
    _marks(page, content, 648, 130)
    return pdf([page], WRISTBAND, Labels(f"Wristband {patient.mrn}", content.imprint.facility_name))


def render_label(content: Band) -> bytes:
    """Draw a label of 2 5/8 by 1 inch.

    Raises:
        UnavailableError: when the fonts are missing.
    """
    page, patient = Page(), content.patient
    left, right = 7.0, LABEL[0] - 7
    name = Style(BOLD, 9.5)
    lines = wrapped(patient.name, name, right - left, 2) if _wide(patient.name, name) > right - left else [patient.name]
    if len(lines) > 1:
        name = Style(BOLD, 8)
        lines = wrapped(patient.name, name, right - left, 2)
    y = 13.0
    for line in lines:
        page.left(left, y, line, name, right - left)
        y += 9
    small = Style(SEMIBOLD, 7.4)
    mark, marked = _mark(content), 0.0
    if mark:
        marked = page.right(right - 2, y + 1, mark, Style(BOLD, 6.5), 70) + 8
        page.boxes.append(Box(right - marked + 4, y - 5.6, marked - 4, 8.6, 0.7))
    page.left(left, y + 1, _born(content), small, right - left - marked)
    page.left(left, y + 10, f"MRN {patient.mrn}  Acct {patient.account}  {day(content.arrived_at)}", small, right - left)
    top = y + 14
    if is_whole(patient.account):
        code128(page, (left + right) / 2, top, INCH - top - 6, right - left - 20, patient.account, (3 * DOT, 2 * DOT))
    return pdf([page], LABEL, Labels(f"Label {patient.account}", content.imprint.facility_name))


def _wide(text: str, style: Style) -> float:
    return typeface().width(visible(text), style)


def _name(page: Page, x: float, y: float, width: float, name: str) -> float:
    """Place a name as large as it fits on one line, else on two smaller ones; what is cut ends with an ellipsis."""
    for size in NAME_SIZES:
        if _wide(name, Style(BOLD, size)) <= width:
            page.left(x, y, name, Style(BOLD, size), width)
            return y + 15
    style = Style(BOLD, 10)
    for number, line in enumerate(wrapped(name, style, width, 2)):
        page.left(x, y - 6 + number * 11, line, style, width)
    return y + 18


def _born(content: Band) -> str:
    patient = content.patient
    born = f"Born {day(patient.birth_date)}" if patient.birth_date else "Birth date not known"
    return "  ".join(part for part in (born, patient.age, patient.sex.capitalize(), content.alert) if part)


def _mark(content: Band) -> str:
    marks = ["PRACTICE"] if content.imprint.practice else []
    if content.imprint.copy_number > 1:
        marks.append(f"COPY {content.imprint.copy_number}")
    return " ".join(marks)


def _marks(page: Page, content: Band, x: float, width: float) -> None:
    mark, style = _mark(content), Style(BOLD, 11)
    if mark:
        wide = page.left(x + 5, 40, mark, style, width - 10)
        page.boxes.append(Box(x, 28, wide + 10, 17, 1))
