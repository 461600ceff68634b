"""What a round of synchronization needs of the desk: its file, and its key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from access_desk.protocol import messages as wire
from access_desk.storage.desk_feed import FeedCursor
from access_desk.storage.event_log import Head
from access_desk.storage.received import Arrived
from access_desk.storage.sanity import SanityLine


class Store(Protocol):
    """The desk's file, as a round needs it; each method is a transaction of its own."""

    def epochs(self) -> Sequence[int]:
        """The epochs in which the desk recorded."""
        ...

    def head(self, epoch: int) -> Head:
        """The end of one of the desk's streams."""
        ...

    def hash_at(self, epoch: int, seq: int) -> str | None:
        """The hash (hex) of one of the desk's events."""
        ...

    def hash_of(self, desk_id: str, epoch: int, seq: int) -> str | None:
        """The hash (hex) of an event of any desk."""
        ...

    def offered(self, epoch: int, after: int) -> Sequence[Arrived]:
        """The next batch of the desk's events."""
        ...

    def acknowledged(self, epoch: int, seq: int) -> None:
        """Remember that central has the desk's stream so far."""
        ...

    def content(self, sha256: str) -> bytes:
        """Content that one of the desk's events names."""
        ...

    def cursor(self) -> FeedCursor:
        """How far the feed was followed."""
        ...

    def rewind(self) -> None:
        """Follow the feed from its beginning again."""
        ...

    def followed(self) -> None:
        """The feed was followed to its end."""
        ...

    def compared(self, is_same: bool) -> None:
        """Figures were compared. When they differ for the first time since they were the same, follow the feed again."""
        ...

    def missing(self, events: Sequence[Arrived]) -> Sequence[str]:
        """Content that these events name and the file has not. Raises FeedError."""
        ...

    def keep_content(self, sha256: str, content: bytes) -> bool:
        """Keep it; False when it is not what its hash says."""
        ...

    def follow(self, before: FeedCursor, events: Sequence[Arrived], digest: str) -> int:
        """Take in a page and move the cursor with it; how many were parked. Raises FeedError, RejectedEventError."""
        ...

    def sanity(self) -> SanityLine:
        """What the file has of the facility."""
        ...

    def pins_lacking(self) -> Sequence[str]:
        """Persons for whom the log names a PIN verifier that the file has not."""
        ...

    def keep_pins(self, verifiers: Sequence[tuple[str, str]]) -> None:
        """Keep verifiers by person, those that the log names."""
        ...

    def pins_of(self, person_ids: Sequence[str]) -> Sequence[tuple[str, str]]:
        """The verifiers of these persons by person, where the file has the one that the log names."""
        ...

    def flags_digest(self) -> str:
        """A hash (hex) over the flags that this desk knows."""
        ...

    def keep_flags(self, flags: Sequence[wire.Flagged]) -> None:
        """These are the flags that stand, all of them."""
        ...

    def numbers_wanted(self) -> int | None:
        """The highest block of record numbers that was lent, when few of them are left; None when there are enough."""
        ...

    def keep_numbers(self, block: int) -> None:
        """Keep a block of record numbers that central has lent."""
        ...


class Signs(Protocol):
    """Signs with the desk's key."""

    def sign(self, message: bytes) -> bytes:
        """An Ed25519 signature."""
        ...
