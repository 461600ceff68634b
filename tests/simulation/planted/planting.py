"""How a bug is planted: a function is exchanged for as long as a context lasts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from tests.simulation.places import forget_what_was_prepared

Exchange = Callable[[Any], Any]
BUGS: dict[str, Planted] = {}


@dataclass(frozen=True)
class Planted:
    """A bug: what it is, and where which function is exchanged. ``make`` is given the right one and gives the wrong one.

    An owner is whatever has the function as an attribute, or a table of functions.
    """

    name: str
    about: str
    owners: tuple[tuple[Any, Any], ...]
    make: Exchange
    hours: float = 4.0

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """The program with the bug."""
        with ExitStack() as stack:
            # Desks that were set up by the program as it is are not those that the bug sets up.
            forget_what_was_prepared()
            stack.callback(forget_what_was_prepared)
            for owner, name in self.owners:
                if isinstance(owner, dict):
                    real, owner[name] = owner[name], self.make(owner[name])
                    stack.callback(owner.__setitem__, name, real)
                else:
                    real = getattr(owner, name)
                    setattr(owner, name, self.make(real))
                    stack.callback(setattr, owner, name, real)
            yield


def planted(about: str, *owners: tuple[Any, Any], hours: float = 4.0) -> Callable[[Exchange], Exchange]:
    """Keep a bug under its function's name; ``hours`` is how long the days are that look for it."""

    def keep(make: Exchange) -> Exchange:
        name = make.__name__
        BUGS[name] = Planted(name, about, owners, make, hours)
        return make

    return keep
