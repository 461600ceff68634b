"""How a bug is planted: a function is exchanged for as long as a context lasts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

Exchange = Callable[[Any], Any]
BUGS: dict[str, Planted] = {}


@dataclass(frozen=True)
class Planted:
    """A bug: what it is, and where which function is exchanged. ``make`` is given the right one and gives the wrong one."""

    name: str
    about: str
    owners: tuple[tuple[Any, str], ...]
    make: Exchange

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """The program with the bug."""
        with ExitStack() as stack:
            for owner, attribute in self.owners:
                real = getattr(owner, attribute)
                setattr(owner, attribute, self.make(real))
                stack.callback(setattr, owner, attribute, real)
            yield


def planted(about: str, *owners: tuple[Any, str]) -> Callable[[Exchange], Exchange]:
    """Keep a bug under its function's name."""

    def keep(make: Exchange) -> Exchange:
        name = make.__name__
        BUGS[name] = Planted(name, about, owners, make)
        return make

    return keep
