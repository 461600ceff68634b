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


class Asked(Protocol):
    """Signatures that another process checks, from the first to the last."""

    def taken_back(self) -> Iterator[int]:
        """The places of those that it has not come to, from the last: each is left to whoever asks for the next."""
        ...

    def held(self) -> list[bool]:
        """Of each that was not taken back whether it holds, once it knows; of fewer, from the first on, when it died or lets
        whoever asks wait too long.
        """
        ...


class Elsewhere(Protocol):
    """Another process that checks."""

    def ask(self, named: Sequence[Named]) -> Asked:
        """Have these checked."""
        ...


class Signatures:
    """What has to be signed by whom, in order."""

    def __init__(self, holds: Callable[[str, bytes, bytes], bool] = is_signed_by) -> None:
        self._holds = holds
        self.named: list[Named] = []
        self._begun: Sequence[Named] = ()
        self._asked: Asked | None = None
        self._known: dict[Named, bool] = {}

    def begin(self, elsewhere: Elsewhere, named: Sequence[Named]) -> None:
        """Have some looked at already that are named later, if nothing else is wrong with them."""
        if len(named) >= _WORTH_A_THREAD:
            self._begun, self._asked = named, elsewhere.ask(named)

    def name(self, public_key_hex: str, message: bytes, signature: bytes) -> None:
        """One more that has to hold: Ed25519, over the message, by the key's private half."""
        self.named.append((public_key_hex, message, signature))

    def help_along(self) -> None:
        """Check here what the other process has not come to: for whoever has to wait for something else."""
        if self._asked is not None:
            for place in self._asked.taken_back():
                one = self._begun[place]
                self._known[one] = self._holds(*one)

    def check(self) -> None:
        """Check them now. Raises WrongSignatureError."""
        self._hear()
        for place, one in enumerate(self.named):
            holds = self._known.get(one)
            if not (self._holds(*one) if holds is None else holds):
                raise WrongSignatureError(place)

    def _hear(self) -> None:
        if self._asked is not None:
            # Also of a batch that is refused: nothing was waited for until now.
            self.help_along()
            # Not all of them when the other process is gone; the others are looked at here then.
            self._known |= dict(zip(self._begun, self._asked.held(), strict=False))
            self._asked = None

    @contextmanager
    def checked_beside(self) -> Iterator[None]:
        """Check them while the block works.

        Raises:
            WrongSignatureError: at the end of the block, instead of whatever went wrong in it; of a few, before it begins.
        """
        if len(self.named) < _WORTH_A_THREAD:
            self.check()
            yield
        elif self._asked is not None:
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
