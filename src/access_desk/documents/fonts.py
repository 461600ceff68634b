"""IBM Plex Sans for papers: the same TrueType files that the screens use, embedded as subsets."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from access_desk.domain.errors import UnavailableError

REGULAR = "IBMPlexSans-Regular"
MEDIUM = "IBMPlexSans-Medium"
SEMIBOLD = "IBMPlexSans-SemiBold"
BOLD = "IBMPlexSans-Bold"
FACES = (REGULAR, MEDIUM, SEMIBOLD, BOLD)

MISSING_BOX = 0x25A1
"""The white square stands for characters the face lacks. It has no square either: its own missing-glyph box is drawn."""


class Style(NamedTuple):
    """A face and its size in points."""

    face: str
    size: float


class Widths(dict[str, int]):
    """Advance widths by character in thousandths of the size; a character is looked up once."""

    def __init__(self, by_codepoint: dict[int, int], default: int) -> None:
        super().__init__()
        self._by_codepoint = by_codepoint
        self._default = default

    def __missing__(self, character: str) -> int:
        width = self[character] = int(self._by_codepoint.get(ord(character), self._default))
        return width


@dataclass(frozen=True, slots=True)
class Typeface:
    """The registered faces: widths per face, and the code points that all of them can draw."""

    widths: dict[str, Widths]
    drawable: frozenset[int]

    def width(self, text: str, style: Style) -> float:
        """How wide a drawn string is, in points."""
        return sum(map(self.widths[style.face].__getitem__, text)) * style.size / 1000


def font_folder() -> Path:
    """Find the fonts: inside the installed package, else in the checkout.

    Raises:
        UnavailableError: when neither holds them.
    """
    installed = Path(str(files("access_desk"))) / "_resources" / "fonts"
    checkout = Path(__file__).resolve().parents[3] / "resources" / "fonts"
    for folder in (installed, checkout):
        if (folder / f"{REGULAR}.ttf").is_file():
            return folder
    raise UnavailableError("The fonts for printing are missing. Nothing was printed; install the program again.")


@lru_cache(maxsize=1)
def typeface() -> Typeface:
    """Register the faces with ReportLab, once for the process.

    Raises:
        UnavailableError: when a font file is missing or damaged.
    """
    folder = font_folder()
    widths: dict[str, Widths] = {}
    drawable: frozenset[int] | None = None
    for name in FACES:
        try:
            font = TTFont(name, str(folder / f"{name}.ttf"))
        except (TTFError, OSError) as failed:
            raise UnavailableError(f"The font {name} cannot be read. Install the program again.") from failed
        font.face.charToGlyph[MISSING_BOX] = 0
        pdfmetrics.registerFont(font)
        widths[name] = Widths(font.face.charWidths, font.face.defaultWidth)
        covered = frozenset(font.face.charToGlyph)
        drawable = covered if drawable is None else drawable & covered
    return Typeface(widths, drawable or frozenset())
