"""What is the same whenever it is asked is worked out once in a process: the files of a world hold the same events.

Reading an event, projecting it and verifying its signature are pure functions of bytes and of what was read from them. The
walk over central's file at the end of a seed (`storage.verify`, `storage.replay`) reads and projects all of it again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import lru_cache
from typing import Any

from access_desk.storage import caps, desk_feed, event_log, received, verify

_DECODERS = ((received, "decode"), (event_log, "decode"), (desk_feed, "decode"), (caps, "decode"))
_PROJECTORS = ((received, "project"), (event_log, "project"))
_VERIFIERS = ((received, "is_signed_by"), (verify, "is_signed_by"))
_MOST = 30_000


@contextmanager
def worked_out_once() -> Iterator[None]:
    """As long as this lasts. Answers are kept per function that is in place now, so that none outlives its world."""
    with ExitStack() as stack:
        for owners, kept in ((_DECODERS, lru_cache(_MOST)), (_VERIFIERS, lru_cache(_MOST)), (_PROJECTORS, _by_identity)):
            made: dict[int, Any] = {}
            for owner, name in owners:
                real = getattr(owner, name)
                if id(real) not in made:
                    made[id(real)] = kept(real)
                setattr(owner, name, made[id(real)])
                stack.callback(setattr, owner, name, real)
        yield


def _by_identity(project: Callable[[Any], list[Any]]) -> Callable[[Any], list[Any]]:
    """Events have dictionaries in them; an event that was read once is one object."""
    known: dict[int, tuple[Any, list[Any]]] = {}

    def projected(event: Any) -> list[Any]:
        found = known.get(id(event))
        if found is None:
            found = known[id(event)] = (event, project(event))
        return found[1]

    return projected
