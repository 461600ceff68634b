"""UUIDv7 identifiers (RFC 9562): sortable by time, made at the desk."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable

from access_desk.domain.ports import Clock

_RANDOM_BYTES = 10
_COUNTER_BITS = 12


class UuidSource:
    """Makes UUIDv7s that never go back within this process, whatever the clock does."""

    def __init__(self, clock: Clock, random_bytes: Callable[[int], bytes] = os.urandom) -> None:
        self._clock = clock
        self._random_bytes = random_bytes
        self._lock = threading.Lock()
        self._millis = 0
        self._counter = 0

    def new_id(self) -> str:
        """Make a fresh UUIDv7 in its canonical text form."""
        random = int.from_bytes(self._random_bytes(_RANDOM_BYTES), "big")
        with self._lock:
            millis = int(self._clock.now().timestamp() * 1000)
            if millis > self._millis:
                self._millis, self._counter = millis, random >> 70 & 0x3FF
            else:
                self._counter += 1
                if self._counter >> _COUNTER_BITS:
                    self._millis, self._counter = self._millis + 1, 0
            value = self._millis << 80 | 0x7 << 76 | self._counter << 64 | 0b10 << 62 | random & (1 << 62) - 1
        text = f"{value:032x}"
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
