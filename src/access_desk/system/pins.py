"""PIN verifiers: Argon2id over a peppered PIN.

The parameters are OWASP's minimum for Argon2id (19 MiB, 2 passes, 1 lane): a PIN of a few digits is protected by the
pepper, the file's encryption and the throttle, not by the cost of one guess.
"""

from __future__ import annotations

import hmac
from hashlib import sha256

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_MEMORY_KIB, _PASSES, _LANES = 19 * 1024, 2, 1


class Argon2Pins:
    """Makes and checks verifiers; the pepper (32 bytes) is one of the desk's secrets."""

    def __init__(self, pepper: bytes) -> None:
        self._pepper = pepper
        self._hasher = PasswordHasher(time_cost=_PASSES, memory_cost=_MEMORY_KIB, parallelism=_LANES)

    def hash_pin(self, pin: str) -> str:
        """Make a verifier for the PIN."""
        return self._hasher.hash(self._peppered(pin))

    def matches(self, verifier: str, pin: str) -> bool:
        """Tell whether the verifier was made from this PIN."""
        try:
            return self._hasher.verify(verifier, self._peppered(pin))
        except (VerificationError, InvalidHashError):
            return False

    def _peppered(self, pin: str) -> bytes:
        return hmac.new(self._pepper, pin.encode(), sha256).digest()
