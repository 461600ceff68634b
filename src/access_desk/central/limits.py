"""How often may be asked what costs central something before it knows who asks, and how deep a message may go.

A place in a bucket comes back with time; whoever finds the bucket empty is told how long to wait. Buckets are kept for
addresses and for desks at an address, so that nobody can use up a desk's places from elsewhere.
"""

from __future__ import annotations

import ipaddress
import math
import re
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

import msgspec

MOST_DEEP: Final = 64
_MOST_BUCKETS: Final = 20_000
_BRACKETS: Final = b'[]{}"'
_OTHERS: Final = bytes(code for code in range(256) if code not in _BRACKETS)
_ROUNDS: Final = 8
_STEPS: Final = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}
_IPV6_VERSION: Final = 6
_IPV6_NETWORK: Final = 64


@dataclass(frozen=True, slots=True)
class Rate:
    """So many at once, and so many more a minute."""

    at_once: int
    a_minute: float


@dataclass(frozen=True, slots=True)
class Limits:
    """A hospital's desks may all stand behind one address; a busy desk opens a session every few seconds."""

    enrollments_of_address: Rate = Rate(60, 30)
    enrollments_of_desk: Rate = Rate(10, 6)
    sessions_of_address: Rate = Rate(6_000, 6_000)
    sessions_of_desk: Rate = Rate(600, 600)


class TooOftenError(Exception):
    """It was asked too often; it may be asked again after so many whole seconds."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Turnstile:
    """Lets through what keeps to the limits. ``seconds`` is a clock that only goes forward."""

    def __init__(self, seconds: Callable[[], float], limits: Limits | None = None) -> None:
        self._seconds = seconds
        self._limits = limits or Limits()
        self._lock = threading.Lock()
        # How much is missing from a bucket, and when that was so; one that is full again is as good as none.
        self._missing: OrderedDict[tuple[str, ...], tuple[float, float]] = OrderedDict()

    def enrollment(self, address: str, body: bytes) -> None:
        """An enrollment is attempted. Raises TooOftenError."""
        self._pass(self._limits.enrollments_of_address, "enroll", address)
        self._pass(self._limits.enrollments_of_desk, "enroll", address, _desk_named(body))

    def challenge(self, address: str) -> None:
        """A challenge is asked for; whose it is, is not said yet. Raises TooOftenError."""
        self._pass(self._limits.sessions_of_address, "challenge", address)

    def session(self, address: str, body: bytes) -> None:
        """A desk answers a challenge. Raises TooOftenError."""
        self._pass(self._limits.sessions_of_address, "session", address)
        self._pass(self._limits.sessions_of_desk, "session", address, _desk_named(body))

    def _pass(self, rate: Rate, kind: str, address: str, *desk: str) -> None:
        key = (kind, _network(address), *desk)
        a_second = rate.a_minute / 60
        with self._lock:
            now = self._seconds()
            missing, then = self._missing.pop(key, (0.0, now))
            missing = max(missing - (now - then) * a_second, 0.0)
            is_free = missing + 1 <= rate.at_once
            self._missing[key] = (missing + 1 if is_free else missing, now)
            if len(self._missing) > _MOST_BUCKETS:
                self._missing.popitem(last=False)
        if not is_free:
            raise TooOftenError(max(math.ceil((missing + 1 - rate.at_once) / a_second), 1))


def is_too_deep(body: bytes) -> bool:
    """Whether brackets go deeper than any message's; looked at before anything reads the body."""
    if body.count(b"[") + body.count(b"{") <= MOST_DEEP:
        return False
    if b"\\" in body:
        body = re.sub(rb"\\.", b"", body, flags=re.DOTALL)
    # What has no brackets between its quotes is gone then, and of two quotes side by side what lies around them stays what it
    # was. Of the rest, every second part lies between quotes.
    outside = b"".join(body.translate(None, _OTHERS).replace(b'""', b"").split(b'"')[::2])
    left = outside
    for _ in range(_ROUNDS):
        # Each takes away two levels at most; of a message that is one, soon nothing is left.
        left = left.replace(b"[]", b"").replace(b"{}", b"")
        if not left:
            return False
    return max(accumulate(map(_STEPS.__getitem__, outside)), default=0) > MOST_DEEP


class _Names(msgspec.Struct):
    desk_id: str


def _desk_named(body: bytes) -> str:
    try:
        return msgspec.json.decode(body, type=_Names).desk_id
    except (msgspec.DecodeError, RecursionError, ValueError):
        return ""


def _network(address: str) -> str:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == _IPV6_VERSION:
        # One subscriber has all addresses of such a network.
        return str(ipaddress.ip_network((found, _IPV6_NETWORK), strict=False))
    return address
