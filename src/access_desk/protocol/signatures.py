"""The signatures of a batch, checked by another thread while its events are written.

All of them are checked before a batch is durable. That takes about as long as the database does, and neither has to wait
for the other: the library lets other threads work, and so do the drivers of the databases.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Final

from access_desk.protocol.chain import is_signed_by

# For fewer, beginning a thread takes longer than it saves.
_WORTH_A_THREAD: Final = 8


class WrongSignatureError(Exception):
    """The first of some signatures that does not hold; ``place`` counts from 0 in the order in which they were named."""

    def __init__(self, place: int) -> None:
        super().__init__(f"signature {place}")
        self.place = place


class Signatures:
    """What has to be signed by whom, in order."""

    def __init__(self) -> None:
        self._named: list[tuple[str, bytes, bytes]] = []

    def name(self, public_key_hex: str, message: bytes, signature: bytes) -> None:
        """One more that has to hold: Ed25519, over the message, by the key's private half."""
        self._named.append((public_key_hex, message, signature))

    def check(self) -> None:
        """Check them now. Raises WrongSignatureError."""
        for place, (public_key_hex, message, signature) in enumerate(self._named):
            if not is_signed_by(public_key_hex, message, signature):
                raise WrongSignatureError(place)

    @contextmanager
    def checked_beside(self) -> Iterator[None]:
        """Check them while the block works.

        Raises:
            WrongSignatureError: at the end of the block, instead of whatever went wrong in it.
        """
        if len(self._named) < _WORTH_A_THREAD:
            self.check()
            yield
            return
        with ThreadPoolExecutor(1, "signatures") as beside:
            checking = beside.submit(self.check)
            try:
                yield
            finally:
                checking.result()
