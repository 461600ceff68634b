"""A signature as it was drawn: strokes of points with their times, as the bytes that are kept and hashed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import NamedTuple

from access_desk.domain.errors import DeskError, Refusal

FORMAT = 1
MOST_POINTS, FEWEST_POINTS = 20_000, 4
LARGEST = 10_000
LONGEST_MS = 3_600_000


class Point(NamedTuple):
    """Where the pen was, in units of the box, and how many milliseconds after it was first put down."""

    x: int
    y: int
    ms: int


@dataclass(frozen=True, slots=True)
class Strokes:
    """Strokes in a box of a width and a height."""

    width: int
    height: int
    lines: tuple[tuple[Point, ...], ...]

    def check(self) -> None:
        """Raises ``bad_value`` when nothing, or something impossible, was drawn."""
        points = [point for line in self.lines for point in line]
        if len(points) < FEWEST_POINTS:
            raise DeskError(Refusal.BAD_VALUE, "Nothing is signed yet. Sign in the box, or say that it is signed on paper.")
        inside = all(0 <= point.x <= self.width and 0 <= point.y <= self.height for point in points)
        timed = all(0 <= point.ms <= LONGEST_MS for point in points)
        sized = 0 < self.width <= LARGEST and 0 < self.height <= LARGEST
        if not (inside and timed and sized) or len(points) > MOST_POINTS:
            raise DeskError(Refusal.BAD_VALUE, "This signature cannot be kept. Clear the box and sign again.")

    def data(self) -> bytes:
        """The bytes that are kept; the same strokes give the same bytes."""
        content = {"format": FORMAT, "width": self.width, "height": self.height, "strokes": self.lines}
        return json.dumps(content, separators=(",", ":")).encode()


def read_strokes(data: bytes) -> Strokes:
    """The strokes in kept bytes. Raises ``bad_value`` when they are none."""
    try:
        content = json.loads(data)
        if content["format"] != FORMAT:
            raise ValueError("another format")
        lines = tuple(tuple(Point(*map(_whole, point)) for point in line) for line in content["strokes"])
        strokes = Strokes(_whole(content["width"]), _whole(content["height"]), lines)
    except (ValueError, KeyError, TypeError, RecursionError) as wrong:
        raise DeskError(Refusal.BAD_VALUE, "These bytes are not a signature.") from wrong
    strokes.check()
    return strokes


def _whole(value: object) -> int:
    if type(value) is not int:
        raise ValueError("not a whole number")
    return value
