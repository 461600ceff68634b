"""Large content that an event names but does not carry: card images, signature strokes, form PDFs, an imported index."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass


@dataclass(frozen=True, slots=True)
class Content:
    """Bytes by their SHA-256 (hex) and their number; they lie in the encrypted store beside the log."""

    sha256: str
    size: int


def contents_of(body: object) -> Iterator[Content]:
    """The contents that an event's body names, in its fields or in a tuple or a nested value of them."""
    if isinstance(body, Content):
        yield body
    elif isinstance(body, tuple):
        for one in body:
            yield from contents_of(one)
    elif is_dataclass(body) and not isinstance(body, type):
        for field in fields(body):
            yield from contents_of(getattr(body, field.name))
