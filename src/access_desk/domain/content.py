"""Large content that an event names but does not carry: card images, signature strokes, form PDFs, an imported index."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, is_dataclass
from functools import cache
from typing import Any, get_args, get_type_hints


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
    else:
        of: Any = type(body)
        for name in _fields_that_may_name_it(of):
            yield from contents_of(getattr(body, name))


@cache
def _fields_that_may_name_it(of: Any) -> tuple[str, ...]:
    # Few kinds of events do. The others are most of what central takes in, and are not looked through one by one.
    return tuple(name for name, hint in get_type_hints(of).items() if _may(hint, of)) if is_dataclass(of) else ()


def _may(hint: Any, *outer: object) -> bool:
    if hint is Content or hint in (object, Any):
        return True
    if isinstance(hint, type) and is_dataclass(hint) and hint not in outer:
        return any(_may(inner, *outer, hint) for inner in get_type_hints(hint).values())
    return any(_may(inner, *outer) for inner in get_args(hint))
