"""What the rules and use cases need from outside, as small protocols; `app` builds the real ones, tests their own."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


class IdSource(Protocol):
    """Makes identifiers."""

    def new_id(self) -> str:
        """A fresh UUIDv7 in its canonical text form."""
        ...


class Secrets(Protocol):
    """Keeps the desk's secrets: never in a plain file, except beside a practice desk."""

    def get(self, name: str) -> str | None:
        """The secret of that name, or None. Raises UnavailableError when the store cannot be asked."""
        ...

    def put(self, name: str, value: str) -> None:
        """Store it. Raises UnavailableError when the store cannot be written."""
        ...


class Places(Protocol):
    """Knows which cities a ZIP code is delivered to."""

    def of_zip(self, zip_code: str) -> tuple[tuple[str, str], ...]:
        """Cities with their state, the usual one first; none for a code that nobody has."""
        ...


class Signer(Protocol):
    """The desk's signing key."""

    def sign(self, message: bytes) -> bytes:
        """A 64-byte Ed25519 signature."""
        ...
