"""Letter pages that follow one another: headings, tables with repeated headers, signatures, marks and the footer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from access_desk.documents.drawing import Box, Labels, Page, pdf
from access_desk.documents.fonts import BOLD, MEDIUM, REGULAR, SEMIBOLD, Style, typeface
from access_desk.documents.moments import clock, day_and_clock
from access_desk.documents.printable import wrapped
from access_desk.documents.symbols import code128
from access_desk.domain.papers.imprint import Imprint, Signed

SIZE = (612.0, 792.0)
LEFT, RIGHT = 40.0, 572.0
BOTTOM = 750.0
"""Where content ends; the footer is below."""
PAGE_TOP = 59.6
"""Where content begins on the pages after the first."""
SIGNATURES = 46.0
"""The height that signature lines take at the bottom of a page."""

FEW_SLOTS = 3
LINE, MOST_LINES = 10.2, 4
"""The pitch of lines in a table row, and the most of them."""

FACILITY = Style(MEDIUM, 9.5)
TITLE = Style(BOLD, 20)
NAME, NAME_LINES = Style(SEMIBOLD, 14), 3
SMALL = Style(REGULAR, 8)
CAPTION = Style(REGULAR, 8.5)
TEXT = Style(REGULAR, 9)
STRONG = Style(SEMIBOLD, 9)
SECTION = Style(BOLD, 10)
ROW = Style(REGULAR, 8.4)
ROW_STRONG = Style(SEMIBOLD, 8.4)
SIGNATURE = Style(SEMIBOLD, 10)
MARK = Style(BOLD, 11)

THICK, MIDDLE, THIN, HAIR = 1.1, 0.8, 0.7, 0.3


class Column(NamedTuple):
    """A table column between two edges; a right-aligned one holds figures, which are never cut.

    A text that is too long ends with an ellipsis, or with ``wraps`` takes up to four lines.
    """

    title: str
    x0: float
    x1: float
    align: Literal["left", "right"] = "left"
    wraps: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A table row. ``strong`` are the columns set bolder; ``struck`` strikes the figures through."""

    cells: tuple[str, ...]
    strong: frozenset[int] = frozenset()
    struck: bool = False


class Field(NamedTuple):
    """A caption over a value."""

    caption: str
    value: str


class Letter:
    """A paper being laid out. ``y`` is the top of the free room on the last page; ``counts`` is what its number counts."""

    counts = "Sheet"

    def __init__(self, imprint: Imprint, title: str, number: str) -> None:
        self.imprint = imprint
        self.title = title
        self.number = number
        self.pages = [Page()]
        self.y = 35.0

    @property
    def page(self) -> Page:
        """The page being filled."""
        return self.pages[-1]

    @property
    def numbered(self) -> str:
        """``Sheet CS-0716-03-D, original``."""
        copy = self.imprint.copy_number
        return f"{self.counts} {self.number}, {'original' if copy <= 1 else f'COPY {copy}'}"

    def next_page(self) -> None:
        """Begin another page, with a short header."""
        self.pages.append(Page())
        wide = self.page.left(LEFT, 52, self.title, Style(BOLD, 13))
        self.page.left(LEFT + wide + 10, 52, "continued", TEXT)
        self.page.right(RIGHT, 43, self.imprint.facility_name, SMALL, 300)
        self.page.right(RIGHT, 53, self.numbered, SMALL, 300)
        self.page.rule(LEFT, RIGHT, 59, THICK)
        self.y = PAGE_TOP

    def about(self, name: str, *facts: str) -> None:
        """Whom the paper is about: the name large, on up to three lines, and below it what is known, a line each."""
        y = self.y + 17
        for line in wrapped(name, NAME, RIGHT - LEFT, NAME_LINES):
            self.page.left(LEFT, y, line, NAME, RIGHT - LEFT)
            y += 16
        for number, fact in enumerate(facts):
            self.page.left(LEFT, y - 2 + 12 * number, fact, TEXT, RIGHT - LEFT)
        self.y = y - 12 + 12 * len(facts)

    def need(self, height: float) -> None:
        """Go to another page when less than this height is left; what is taller than a page gets a fresh one."""
        if self.y + height > BOTTOM and self.y > PAGE_TOP:
            self.next_page()

    def top(self, barcode: bool = True) -> None:
        """Place the letterhead of the first page; the space right of x = 400 is the paper's own."""
        page = self.page
        page.left(LEFT, 43.6, self.imprint.facility_name, FACILITY, 350)
        page.left(LEFT, 66, self.title, TITLE, 250)
        page.left(LEFT, 81.1, self.numbered, TEXT, 236)
        if barcode:
            said = code128(page, 337.5, 47.5, 23, 112, self.number.replace("-", ""))
            page.center(337.5, 81.1, said, SMALL, 112)
        page.rule(LEFT, RIGHT, 91.95, THICK)
        self.y = 92.5

    def fields(self, rows: Sequence[Sequence[Field]], columns: Sequence[float] = (40, 156.2, 280.4, 432.3)) -> None:
        """Place rows of captions over values, and a rule under them."""
        edges = [*columns, RIGHT + 8]
        self.y -= 13.4
        for row in rows:
            self.y += 23.9
            for column, field in enumerate(row):
                width = edges[column + 1] - edges[column] - 8
                self.page.left(edges[column], self.y, field.caption, SMALL, width)
                self.page.left(edges[column], self.y + 11.2, field.value, STRONG, width)
        self.y += 20
        self.page.rule(LEFT, RIGHT, self.y, THICK)

    def heading(self, title: str, caption: str = "", x0: float = LEFT, x1: float = RIGHT, gap: float = 15.4) -> None:
        """Place a section title with its rule; a caption stands at the right."""
        baseline = self.y + gap
        wide = self.page.left(x0, baseline, title, SECTION, x1 - x0)
        if caption:
            self.page.right(x1, baseline, caption, CAPTION, x1 - x0 - wide - 12)
        self.y = baseline + 4.1
        self.page.rule(x0, x1, self.y, THICK)

    def table(
        self,
        title: str,
        columns: Sequence[Column],
        rows: Sequence[Row],
        *,
        caption: str = "",
        totals: Row | None = None,
        pitch: float = 12.02,
    ) -> None:
        """Place a titled table over as many pages as it takes; title and header repeat, the totals keep a row above."""
        tail = 14.0 if totals else 0.0
        self.need(42 + 2 * pitch + tail)
        self._table_top(title, caption, columns)
        for index, row in enumerate(rows):
            reserve = tail if index == len(rows) - 1 else 0.0
            height = pitch + LINE * (_lines(columns, row) - 1)
            if self.y + height + reserve > BOTTOM:
                self.next_page()
                self._table_top(f"{title}, continued", caption, columns)
            last = index == len(rows) - 1 and totals is not None
            self._row(columns, row, pitch, height, THICK if last else HAIR)
        if totals is not None:
            self._totals(columns, totals)

    def _table_top(self, title: str, caption: str, columns: Sequence[Column]) -> None:
        self.heading(title, caption, gap=15.4 if self.y <= PAGE_TOP else 20)
        for column in columns:
            if column.align == "right":
                self.page.right(column.x1, self.y + 10.1, column.title, SMALL)
            else:
                self.page.left(column.x0, self.y + 10.1, column.title, SMALL)
        self.y += 13.3
        self.page.rule(LEFT, RIGHT, self.y, THIN)

    def _row(self, columns: Sequence[Column], row: Row, pitch: float, height: float, line: float) -> None:
        baseline = self.y + pitch - 2.9
        for index, (column, cell) in enumerate(zip(columns, row.cells, strict=True)):
            if not cell:
                continue
            style = ROW_STRONG if index in row.strong else ROW
            width = column.x1 - column.x0
            if column.wraps:
                for number, text in enumerate(wrapped(cell, style, width, MOST_LINES)):
                    self.page.left(column.x0, baseline + number * LINE, text, style)
                continue
            if column.align == "left":
                self.page.left(column.x0, baseline, cell, style, width)
                continue
            wide = self.page.figures(column.x1, baseline, cell, style, width)
            if row.struck:
                self.page.rule(column.x1 - wide - 1.2, column.x1 + 1.2, baseline - 2.7, 0.9)
        self.y += height
        self.page.rule(LEFT, RIGHT, self.y, line)

    def _totals(self, columns: Sequence[Column], row: Row) -> None:
        self.y += 10.4
        for column, cell in zip(columns, row.cells, strict=True):
            if cell and column.align == "right":
                self.page.figures(column.x1, self.y, cell, STRONG, column.x1 - column.x0 + 6)
            elif cell:
                self.page.left(column.x0, self.y, cell, STRONG)
        self.y += 1

    def paragraph(self, text: str, style: Style = TEXT, x0: float = LEFT, x1: float = RIGHT, most: int = 12) -> None:
        """Place wrapped text; it may run on to another page."""
        for line in wrapped(text, style, x1 - x0, most):
            self.need(11.4)
            self.y += 11.4
            self.page.left(x0, self.y - 2.4, line, style)

    def entry(self, label: str, text: str, indent: float = 58.0, most: int = 6) -> None:
        """Place a wrapped text beside a short label."""
        lines = wrapped(text, ROW, RIGHT - LEFT - indent, most)
        self.need(11.4 * min(len(lines), 2))
        self.page.left(LEFT, self.y + 9, label, ROW, indent - 4)
        for line in lines:
            self.need(11.4)
            self.y += 11.4
            self.page.left(LEFT + indent, self.y - 2.4, line, ROW)

    def signatures(self, slots: Sequence[tuple[str, Signed | None]], statement: str = "") -> None:
        """Place signature lines at the bottom of the page: who, as what, and when they entered their PIN.

        A slot without a person, or without a PIN moment, is to be signed with a pen.
        """
        self.need(SIGNATURES)
        if statement:
            self.page.left(LEFT, 711, statement, SMALL, RIGHT - LEFT)
        width = (RIGHT - LEFT - 13.4 * (len(slots) - 1)) / len(slots)
        for index, (caption, signed) in enumerate(slots):
            x0 = LEFT + index * (width + 13.4)
            if signed is not None:
                self.page.left(x0, 727.6, signed.name, SIGNATURE, width)
            self.page.rule(x0, x0 + width, 731.8, THIN)
            wide = self.page.left(x0, 741.6, caption, SMALL, width)
            pin = f"PIN {clock(signed.at)}" if signed is not None and signed.at is not None else _by_pen(signed, len(slots))
            self.page.right(x0 + width, 741.6, pin, SMALL, width - wide - 6)
        self.y = BOTTOM

    def finish(self) -> bytes:
        """Draw all pages, numbered and marked."""
        for index, page in enumerate(self.pages):
            self._footer(page, index + 1)
            self._marks(page)
        return pdf(self.pages, SIZE, Labels(f"{self.title} {self.number}", self.imprint.facility_name))

    def _footer(self, page: Page, number: int) -> None:
        page.rule(LEFT, RIGHT, 761.95, HAIR)
        wide = page.right(RIGHT, 771.8, f"Page {number} of {len(self.pages)}", SMALL)
        head = self.imprint.log_head
        if head is not None:
            groups = " ".join(head.hash[start : start + 4] for start in range(0, 16, 4))
            wide += 18 + page.right(RIGHT - wide - 18, 771.8, f"Log {head.seq} · {groups} …", SMALL)
        printed = day_and_clock(self.imprint.printed_at)
        said = f"Printed {printed} by {self.imprint.printed_by}, {self.imprint.desk_label}, Access Desk"
        page.left(LEFT, 771.8, said, SMALL, RIGHT - LEFT - wide - 12)

    def _marks(self, page: Page) -> None:
        if self.imprint.practice:
            _stamp(page, LEFT, "PRACTICE – no real money, no real patients")
        if self.imprint.copy_number > 1:
            text = f"COPY {self.imprint.copy_number}"
            _stamp(page, RIGHT - typeface().width(text, MARK) - 12, text)


def _lines(columns: Sequence[Column], row: Row) -> int:
    """How many lines a row takes."""
    cells = ((column, cell) for column, cell in zip(columns, row.cells, strict=True) if column.wraps and cell)
    return max((len(wrapped(cell, ROW, column.x1 - column.x0, MOST_LINES)) for column, cell in cells), default=1)


def _by_pen(signed: Signed | None, slots: int) -> str:
    if slots > FEW_SLOTS:
        return "Date, time"
    return "Name, date and time" if signed is None else "Signature, date and time"


def _stamp(page: Page, x: float, text: str) -> None:
    wide = page.left(x + 6, 27.4, text, MARK)
    page.boxes.append(Box(x, 16.4, wide + 12, 15, 1.2))


def named(signed: Signed) -> str:
    """``Dana Whitfield, registrar``."""
    return f"{signed.name}, {signed.role}" if signed.role else signed.name
