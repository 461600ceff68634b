"""The signatures of a batch, checked by another thread or process while its events are read and written.

All of them are checked before a batch is durable. That takes about as long as the database does, and neither has to wait
for the other. A thread needs the interpreter between two signatures; another process does not, where that is worth one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Final, Protocol, TypeAlias

from access_desk.protocol.chain import is_signed_by

# For fewer, beginning a thread takes longer than it saves.
_WORTH_A_THREAD: Final = 8


class WrongSignatureError(Exception):
    """The first of some signatures that does not hold; ``place`` counts from 0 in the order in which they were named."""

    def __init__(self, place: int) -> None:
        super().__init__(f"signature {place}")
        self.place = place


# Public key (hex), message, signature.
Named: TypeAlias = tuple[str, bytes, bytes]


def which_hold(named: Sequence[Named]) -> list[bool]:
    """Of each signature whether it holds; a function of its own because another process is asked by its name."""
    return [is_signed_by(*one) for one in named]


class Elsewhere(Protocol):
    """Another process that checks."""

    def ask(self, named: Sequence[Named]) -> Callable[[], list[bool] | None]:
        """What waits for its answer, of each signature whether it holds; None when the process died."""
        ...


class Signatures:
    """What has to be signed by whom, in order."""

    def __init__(self) -> None:
        self.named: list[Named] = []
        self._begun: Sequence[Named] = ()
        self._answer: Callable[[], list[bool] | None] | None = None
        self._known: dict[Named, bool] = {}

    def begin(self, elsewhere: Elsewhere, named: Sequence[Named]) -> None:
        """Have some looked at already that are named later, if nothing else is wrong with them."""
        if len(named) >= _WORTH_A_THREAD:
            self._begun, self._answer = named, elsewhere.ask(named)

    def name(self, public_key_hex: str, message: bytes, signature: bytes) -> None:
        """One more that has to hold: Ed25519, over the message, by the key's private half."""
        self.named.append((public_key_hex, message, signature))

    def check(self) -> None:
        """Check them now. Raises WrongSignatureError."""
        self._hear()
        for place, one in enumerate(self.named):
            holds = self._known.get(one)
            if not (is_signed_by(*one) if holds is None else holds):
                raise WrongSignatureError(place)

    def _hear(self) -> None:
        if self._answer is not None:
            # Nothing when the other process is gone; what it was asked is looked at here then.
            held = self._answer()
            self._known = dict(zip(self._begun, held, strict=True)) if held else {}
            self._answer = None

    @contextmanager
    def checked_beside(self) -> Iterator[None]:
        """Check them while the block works.

        Raises:
            WrongSignatureError: at the end of the block, instead of whatever went wrong in it; of a few, before it begins.
        """
        if len(self.named) < _WORTH_A_THREAD:
            self.check()
            yield
        elif self._answer is not None:
            try:
                yield
            finally:
                self.check()
        else:
            with ThreadPoolExecutor(1, "signatures") as beside:
                checking = beside.submit(self.check)
                try:
                    yield
                finally:
                    checking.result()
