"""Untrusted text on paper: the one place where strings are made fit to be drawn.

Nothing is interpreted. Text is composed (NFC), and what cannot be drawn is replaced by something visible: control, format
and direction characters by U+FFFD, characters the typeface lacks by a box. What is too long ends with an ellipsis.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from access_desk.documents.fonts import MISSING_BOX, Style, Typeface, typeface

ELLIPSIS = "…"
REPLACEMENT = "\ufffd"
NO_BREAK_SPACE = 0xA0
LONGEST = 4000
"""Characters beyond this are not even looked at; the ellipsis says so."""


class _Visible(dict[int, int]):
    """A `str.translate` table that decides about each code point when it first comes up."""

    def __init__(self, drawable: frozenset[int]) -> None:
        super().__init__()
        self._drawable = drawable

    def __missing__(self, codepoint: int) -> int:
        visible = self[codepoint] = self._decide(codepoint)
        return visible

    def _decide(self, codepoint: int) -> int:
        if codepoint == NO_BREAK_SPACE:
            return codepoint
        category = unicodedata.category(chr(codepoint))
        if category == "Zs":
            return ord(" ")
        if category in {"Cc", "Cf", "Cs", "Zl", "Zp"}:
            return ord(REPLACEMENT)
        return codepoint if codepoint in self._drawable else MISSING_BOX


@lru_cache(maxsize=1)
def _table() -> _Visible:
    return _Visible(typeface().drawable)


def visible(text: str) -> str:
    """One line of drawable characters; long text is cut."""
    if len(text) > LONGEST:
        text = text[:LONGEST] + ELLIPSIS
    if text.isascii() and text.isprintable():
        return text
    return unicodedata.normalize("NFC", text).translate(_table())


def clipped(text: str, style: Style, width: float) -> str:
    """Cut a visible text to a width in points; what was cut ends with an ellipsis."""
    face = typeface()
    if face.width(text, style) <= width:
        return text
    room = width - face.width(ELLIPSIS, style)
    kept = _fitting(text, style, room, face)
    return text[:kept].rstrip() + ELLIPSIS


def wrapped(text: str, style: Style, width: float, most: int) -> list[str]:
    """Break a text into at most so many lines; line breaks in it count, and a cut last line ends with an ellipsis."""
    lines: list[str] = []
    for paragraph in text[: LONGEST + 1].replace("\r\n", "\n").replace("\t", " ").split("\n"):
        lines.extend(_broken(visible(paragraph), style, width))
        if len(lines) > most:
            break
    cut = len(lines) > most or len(text) > LONGEST
    lines = lines[:most]
    if cut:
        lines[-1] = clipped(lines[-1] + ELLIPSIS * 2, style, width).replace(ELLIPSIS * 2, ELLIPSIS)
    return lines


def balanced(text: str, style: Style, width: float, most: int) -> list[str]:
    """Break a text as `wrapped` does, into lines of about the same length."""
    lines = wrapped(text, style, width, most)
    narrower = width * 0.95
    while len(lines) > 1 and narrower > width / 2:
        tried = wrapped(text, style, narrower, most + 1)
        if len(tried) > len(lines) or any(line not in text for line in tried):
            break
        lines = tried
        narrower -= width * 0.05
    return lines


def _broken(text: str, style: Style, width: float) -> list[str]:
    face = typeface()
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if face.width(longer, style) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        line = word
        while face.width(line, style) > width:
            kept = max(1, _fitting(line, style, width, face))
            kept = line.rfind("-", 1, kept) + 1 or kept
            lines.append(line[:kept])
            line = line[kept:]
    return [*lines, line]


def _fitting(text: str, style: Style, width: float, face: Typeface) -> int:
    """How many characters from the start fit."""
    widths = face.widths[style.face]
    room = width * 1000 / style.size
    used = 0
    for index, character in enumerate(text):
        used += widths[character]
        if used > room:
            return index
    return len(text)
