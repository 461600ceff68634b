"""Sessions of desks: a challenge is signed with the desk's key, and answered with a token for some minutes.

Nothing of it depends on a desk's clock. Tokens live in memory: after a restart every desk opens a new session.
"""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from access_desk.protocol.chain import is_signed_by
from access_desk.protocol.messages import session_text

CHALLENGE_SECONDS: Final = 60
SESSION_SECONDS: Final = 600
_MOST_CHALLENGES: Final = 10_000
# Desks open one a round: 7,000 of them have as many open at once.
MOST_SESSIONS: Final = 100_000
_V = TypeVar("_V")


@dataclass(frozen=True, slots=True)
class _Kept:
    desk_id: str
    until: float


def bearer(authorization: str) -> str:
    """The token of an ``Authorization`` header; blank when there is none."""
    scheme, _, token = authorization.partition(" ")
    return token if scheme == "Bearer" else ""


class NotSignedError(Exception):
    """A challenge that was given came back with a signature that is not the desk's."""


class Sessions:
    """``seconds`` is a clock that only goes forward."""

    def __init__(self, fingerprint: str, seconds: Callable[[], float], most: int = MOST_SESSIONS) -> None:
        self._fingerprint = fingerprint
        self._seconds, self._most = seconds, most
        self._lock = threading.Lock()
        self._challenges: OrderedDict[str, float] = OrderedDict()
        self._sessions: OrderedDict[str, _Kept] = OrderedDict()

    def challenge(self) -> str | None:
        """A text to sign, good once; None when too many are open."""
        with self._lock:
            now = self._seconds()
            _drop_ended(self._challenges, lambda until: until <= now)
            if len(self._challenges) >= _MOST_CHALLENGES:
                return None
            nonce = secrets.token_hex(32)
            self._challenges[nonce] = now + CHALLENGE_SECONDS
            return nonce

    def open(self, desk_id: str, public_key: str, nonce: str, signature: bytes) -> str | None:
        """A token for a desk that signed a challenge; None for a challenge that is not good, or not any more.

        Raises:
            NotSignedError: the challenge is good, and the signature was not made with this key.
        """
        with self._lock:
            now = self._seconds()
            if self._challenges.pop(nonce, 0.0) <= now:
                return None
            if not is_signed_by(public_key, session_text(self._fingerprint, desk_id, nonce), signature):
                raise NotSignedError
            _drop_ended(self._sessions, lambda kept: kept.until <= now)
            while len(self._sessions) >= self._most:
                # The oldest ends early: its desk is answered 401, and opens another.
                self._sessions.popitem(last=False)
            token = secrets.token_urlsafe(32)
            self._sessions[token] = _Kept(desk_id, now + SESSION_SECONDS)
            return token

    def desk_of(self, token: str) -> str | None:
        """Whose token it is; None when it is nobody's any more."""
        with self._lock:
            kept = self._sessions.get(token)
            return kept.desk_id if kept is not None and kept.until > self._seconds() else None

    def desks(self) -> int:
        """How many desks have an open session."""
        with self._lock:
            now = self._seconds()
            return len({kept.desk_id for kept in self._sessions.values() if kept.until > now})


def _drop_ended(kept: OrderedDict[str, _V], is_over: Callable[[_V], bool]) -> None:
    """All last equally long, so those that ended stand first: whoever comes pays for few of them, however many are kept."""
    while kept and is_over(next(iter(kept.values()))):
        kept.popitem(last=False)
