"""Tells desks at once that a facility's feed has grown, over streams that they hold open.

A poke says how far the feed has come and nothing else; what came is asked for like any other page. Streams wait in the
event loop, so that however many desks listen, no worker waits with them. A poke can be missed: desks pull anyway.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Final

from litestar.concurrency import sync_to_thread
from litestar.response import ServerSentEvent, ServerSentEventMessage

from access_desk.domain.errors import UnavailableError
from access_desk.protocol import messages as wire

MOST_STREAMS: Final = 2_000
# As long as a session.
LONGEST_SECONDS: Final = 600.0
# Often enough for a desk to notice that its line is dead, and for a firewall to believe that it is not.
QUIET_SECONDS: Final = 15.0


class _Listener:
    def __init__(self, desk_id: str) -> None:
        self.desk_id = desk_id
        self.position: int | None = None
        self._is_over = False
        self.changed = asyncio.Event()

    def goes_on(self) -> bool:
        return not self._is_over

    def tell(self, position: int) -> None:
        if self.position is None or position > self.position:
            self.position = position
        self.changed.set()

    def end(self) -> None:
        self._is_over = True
        self.changed.set()


class Pokes:
    """The streams of one central. Everything but `reached` belongs to its event loop."""

    def __init__(
        self,
        members: Callable[[str], frozenset[str]],
        *,
        most: int = MOST_STREAMS,
        quiet_s: float = QUIET_SECONDS,
        longest_s: float = LONGEST_SECONDS,
    ) -> None:
        """``members`` says which desks may hear of a facility; it asks a database."""
        self._members = members
        self._most, self._quiet_s, self._longest_s = most, quiet_s, longest_s
        self._loop: asyncio.AbstractEventLoop | None = None
        self._listeners: dict[str, dict[str, _Listener]] = {}
        self._reached: dict[str, int] = {}
        self._spreading: dict[str, asyncio.Task[None]] = {}

    @property
    def count(self) -> int:
        """How many streams are open."""
        return sum(map(len, list(self._listeners.values())))

    @property
    def is_full(self) -> bool:
        """Whether another stream would be one too many."""
        return self.count >= self._most

    def reached(self, facility_id: str, position: int) -> None:
        """A facility's feed has come to a position. From any thread."""
        if self._loop is None or facility_id not in self._listeners:
            return
        try:
            self._loop.call_soon_threadsafe(self._grew, facility_id, position)
        except RuntimeError:
            # The loop was closed in between: central has stopped, and so have the streams.
            return

    def end(self) -> None:
        """Central stops: every stream ends in good order."""
        for task in self._spreading.values():
            task.cancel()
        for listeners in self._listeners.values():
            for one in listeners.values():
                one.end()

    def answer(self, facility_id: str, desk_id: str, position: Callable[[str], int]) -> ServerSentEvent:
        """The stream of a desk that may listen; ``position`` asks a database how far the feed has come."""
        return ServerSentEvent(self.messages(facility_id, desk_id, position))

    async def messages(
        self, facility_id: str, desk_id: str, position: Callable[[str], int]
    ) -> AsyncIterator[ServerSentEventMessage]:
        """What such a stream says."""
        self._loop = asyncio.get_running_loop()
        listener = self._join(facility_id, desk_id)
        try:
            # After joining: what comes in between is heard.
            listener.tell(await sync_to_thread(position, facility_id))
            until = self._loop.time() + self._longest_s
            while listener.goes_on() and (left := until - self._loop.time()) > 0:
                try:
                    await asyncio.wait_for(listener.changed.wait(), min(left, self._quiet_s))
                except TimeoutError:
                    yield ServerSentEventMessage(data=None, comment="")
                    continue
                listener.changed.clear()
                if listener.goes_on() and listener.position is not None:
                    yield ServerSentEventMessage(data=wire.to_bytes(wire.Poke(facility_id, listener.position)), event=wire.POKED)
        finally:
            self._leave(facility_id, listener)

    def _join(self, facility_id: str, desk_id: str) -> _Listener:
        listeners = self._listeners.setdefault(facility_id, {})
        # A desk that comes back before its old line was missed has one stream, not two.
        if (before := listeners.get(desk_id)) is not None:
            before.end()
        listeners[desk_id] = _Listener(desk_id)
        return listeners[desk_id]

    def _leave(self, facility_id: str, listener: _Listener) -> None:
        listeners = self._listeners.get(facility_id, {})
        if listeners.get(listener.desk_id) is listener:
            del listeners[listener.desk_id]
        if not listeners:
            self._listeners.pop(facility_id, None)

    def _grew(self, facility_id: str, position: int) -> None:
        self._reached[facility_id] = max(position, self._reached.get(facility_id, 0))
        if facility_id not in self._spreading:
            self._spreading[facility_id] = asyncio.get_running_loop().create_task(self._spread(facility_id))

    async def _spread(self, facility_id: str) -> None:
        """Poke whoever may hear it; what comes meanwhile goes out together."""
        try:
            while (position := self._reached.pop(facility_id, None)) is not None:
                members = await sync_to_thread(self._members, facility_id)
                for one in list(self._listeners.get(facility_id, {}).values()):
                    if one.desk_id in members:
                        one.tell(position)
                    else:
                        one.end()
        except UnavailableError:
            return
        finally:
            del self._spreading[facility_id]
