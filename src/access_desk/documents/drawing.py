"""Pages as placed strings, rules and boxes, and their way onto a ReportLab canvas.

Coordinates are points from the top left corner; a string's ``y`` is its baseline. Black only: papers are photocopied.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import NamedTuple

from reportlab.pdfgen.canvas import Canvas

from access_desk.documents.fonts import Style, typeface
from access_desk.documents.printable import clipped, visible
from access_desk.domain.money import Money


class Word(NamedTuple):
    """A placed string."""

    x: float
    y: float
    text: str
    style: Style


class Rule(NamedTuple):
    """A straight line of a width; ``dash`` is on and off in points, or empty."""

    x0: float
    y0: float
    x1: float
    y1: float
    width: float
    dash: tuple[float, ...] = ()


class Box(NamedTuple):
    """An outline; ``radius`` above zero makes it the circle around its middle."""

    x: float
    y: float
    width: float
    height: float
    line: float
    radius: float = 0


class Bar(NamedTuple):
    """A solid bar of a bar code."""

    x: float
    y: float
    width: float
    height: float


@dataclass(slots=True)
class Page:
    """One page being laid out."""

    words: list[Word] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)

    def left(self, x: float, y: float, text: str, style: Style, width: float | None = None) -> float:
        """Place a text at its left edge, cut to ``width`` points; return how wide it is."""
        shown = visible(text)
        if width is not None:
            shown = clipped(shown, style, width)
        self.words.append(Word(x, y, shown, style))
        return typeface().width(shown, style)

    def right(self, x: float, y: float, text: str, style: Style, width: float | None = None) -> float:
        """Place a text at its right edge, cut to ``width`` points; return how wide it is."""
        shown = visible(text)
        if width is not None:
            shown = clipped(shown, style, width)
        wide = typeface().width(shown, style)
        self.words.append(Word(x - wide, y, shown, style))
        return wide

    def center(self, x: float, y: float, text: str, style: Style, width: float | None = None) -> None:
        """Place a text around a middle, cut to ``width`` points."""
        shown = visible(text)
        if width is not None:
            shown = clipped(shown, style, width)
        self.words.append(Word(x - typeface().width(shown, style) / 2, y, shown, style))

    def figures(self, x: float, y: float, text: str, style: Style, width: float) -> float:
        """Place a figure at its right edge. A figure is never cut: what is too wide is set smaller."""
        wide = typeface().width(text, style)
        if wide > width:
            style = Style(style.face, style.size * width / wide)
            wide = width
        self.words.append(Word(x - wide, y, text, style))
        return wide

    def money(self, x: float, y: float, amount: Money, style: Style, width: float) -> float:
        """Place an amount as in table columns at its right edge."""
        return self.figures(x, y, amount.figures(), style, width)

    def rule(self, x0: float, x1: float, y: float, width: float, dash: tuple[float, ...] = ()) -> None:
        """Draw a level line."""
        self.rules.append(Rule(x0, y, x1, y, width, dash))


@dataclass(frozen=True, slots=True)
class Labels:
    """What a PDF says about itself."""

    title: str
    author: str


def pdf(pages: Sequence[Page], size: tuple[float, float], labels: Labels) -> bytes:
    """Draw pages of a size in points; the same pages give the same bytes."""
    typeface()
    target = BytesIO()
    canvas = Canvas(target, pagesize=size, invariant=1, pageCompression=1)
    canvas.setTitle(visible(labels.title))
    canvas.setAuthor(visible(labels.author))
    canvas.setCreator("Access Desk")
    for page in pages:
        _draw(canvas, page, size[1])
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def _draw(canvas: Canvas, page: Page, height: float) -> None:
    for rule in page.rules:
        canvas.setLineWidth(rule.width)
        canvas.setDash(*_dash(rule))
        canvas.line(rule.x0, height - rule.y0, rule.x1, height - rule.y1)
    canvas.setDash()
    for box in page.boxes:
        canvas.setLineWidth(box.line)
        if box.radius:
            canvas.circle(box.x + box.width / 2, height - box.y - box.height / 2, box.radius)
        else:
            canvas.rect(box.x, height - box.y - box.height, box.width, box.height)
    for bar in page.bars:
        canvas.rect(bar.x, height - bar.y - bar.height, bar.width, bar.height, stroke=0, fill=1)
    _write(canvas, page.words, height)


def _dash(rule: Rule) -> tuple[list[float], int]:
    return list(rule.dash), 0


def _write(canvas: Canvas, words: Sequence[Word], height: float) -> None:
    """One text object for the page: the face is named only when it changes."""
    text = canvas.beginText()
    current: Style | None = None
    for word in words:
        if word.style != current:
            current = word.style
            text.setFont(current.face, current.size)
        text.setTextOrigin(word.x, height - word.y)
        text.textOut(word.text)
    canvas.drawText(text)
