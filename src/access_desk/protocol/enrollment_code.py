"""The code that a desk enrolls with: a one-time secret, and the fingerprint of central's authority.

Five groups of four and then thirteen of four, in an alphabet that is read aloud without mistakes; typed in small letters,
with or without its dashes, it is the same.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Final

SECRET_LENGTH: Final = 20
_FINGERPRINT_LENGTH: Final = 52
_GROUP: Final = 4
_SECRET_BYTES: Final = 12


@dataclass(frozen=True, slots=True)
class EnrollmentCode:
    """``fingerprint`` is hex."""

    secret: str
    fingerprint: str

    def text(self) -> str:
        """As it is shown."""
        folded = self.secret + base64.b32encode(bytes.fromhex(self.fingerprint)).decode().rstrip("=")
        return "-".join(folded[start : start + _GROUP] for start in range(0, len(folded), _GROUP))


def new_secret(random: bytes) -> str:
    """A secret of 96 bits from that many random bytes."""
    if len(random) != _SECRET_BYTES:
        raise ValueError(f"a secret is made of {_SECRET_BYTES} bytes")
    return base64.b32encode(random).decode().rstrip("=")


def read_code(text: str) -> EnrollmentCode:
    """A code as somebody typed it. Raises ValueError when it cannot be one."""
    folded = "".join(text.split()).replace("-", "").upper()
    if len(folded) != SECRET_LENGTH + _FINGERPRINT_LENGTH:
        raise ValueError("the code is not complete")
    fingerprint = base64.b32decode(folded[SECRET_LENGTH:] + "====")
    base64.b32decode(folded[:SECRET_LENGTH] + "====")
    return EnrollmentCode(folded[:SECRET_LENGTH], fingerprint.hex())
