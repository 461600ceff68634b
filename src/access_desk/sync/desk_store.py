"""The desk's file for a round of synchronization: the port `ports.Store` over storage."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256

from msgspec import structs

from access_desk.domain.errors import UnavailableError
from access_desk.domain.flags.rules import Flag
from access_desk.domain.numbering import LOW, MRN
from access_desk.protocol.encoding import decode
from access_desk.protocol.messages import MOST_BYTES, MOST_EVENTS, Flagged
from access_desk.protocol.snapshots import Snapshot
from access_desk.storage import blobs, desk_feed, flag_rows, let_go, let_go_rows, number_blocks, pin_verifiers, received
from access_desk.storage.desk_feed import FeedCursor
from access_desk.storage.engine import CommitFailed, Database, read_transaction, write_transaction
from access_desk.storage.event_log import Head, StoredEvent, Stream, head_of, last_stamp
from access_desk.storage.handles import Connection
from access_desk.storage.received import Arrived
from access_desk.storage.sanity import SanityLine, sanity_line
from access_desk.sync.landing import Landing

# Room for what surrounds the events of a batch.
_ROOM = MOST_BYTES - MOST_EVENTS * 220 - 1024


class DeskStore:
    """One desk's file, for one facility. ``took_in`` hears the latest stamp of what came from other desks."""

    def __init__(self, database: Database, stream: Stream, took_in: Callable[[str], None]) -> None:
        self._database = database
        self._stream = stream
        self._took_in = took_in

    def epochs(self) -> Sequence[int]:
        """The epochs in which the desk recorded."""
        with read_transaction(self._database) as connection:
            return desk_feed.own_epochs(connection, self._stream.facility_id, self._stream.desk_id)

    def head(self, epoch: int) -> Head:
        """The end of one of the desk's streams."""
        with read_transaction(self._database) as connection:
            return head_of(connection, self._of(epoch))

    def hash_at(self, epoch: int, seq: int) -> str | None:
        """The hash (hex) of one of the desk's events."""
        with read_transaction(self._database) as connection:
            found = received.hash_at(connection, self._of(epoch), seq)
        return found.hex() if found else None

    def hash_of(self, desk_id: str, epoch: int, seq: int) -> str | None:
        """The hash (hex) of an event of any desk."""
        with read_transaction(self._database) as connection:
            found = received.hash_at(connection, Stream(self._stream.facility_id, desk_id, epoch), seq)
        return found.hex() if found else None

    def offered(self, epoch: int, after: int) -> Sequence[Arrived]:
        """The next batch of the desk's events."""
        with read_transaction(self._database) as connection:
            return desk_feed.offered(connection, self._of(epoch), after, MOST_EVENTS, _ROOM)

    def acknowledged(self, epoch: int, seq: int) -> None:
        """Remember that central has the desk's stream so far."""
        with self._writing() as connection:
            desk_feed.acknowledge(connection, self._of(epoch), seq)

    def content(self, sha256: str) -> bytes:
        """Content that one of the desk's events names."""
        with read_transaction(self._database) as connection:
            return blobs.get(connection, self._stream.facility_id, sha256)

    def cursor(self) -> FeedCursor:
        """How far the feed was followed."""
        with read_transaction(self._database) as connection:
            return desk_feed.feed_cursor(connection, self._stream.facility_id)

    def rewind(self) -> None:
        """Follow the feed from its beginning again."""
        with self._writing() as connection:
            desk_feed.rewind(connection, self._stream.facility_id)

    def followed(self) -> None:
        """The feed was followed to its end: what came again of what was let go is put where it was, a custody at a time."""
        facility_id = self._stream.facility_id
        with read_transaction(self._database) as connection:
            is_back = let_go_rows.is_all_back(connection, facility_id)
            was_rewound = desk_feed.was_rewound(connection, facility_id)
        is_more = is_back
        while is_more:
            with self._writing() as connection:
                is_more = let_go_rows.next_back(connection, facility_id)
        if is_back:
            self._took_in("")
        if was_rewound:
            with self._writing() as connection:
                let_go_rows.settle_sums(connection, facility_id)
                desk_feed.forget_rewound(connection, facility_id)

    def compared(self, is_same: bool) -> None:
        """Figures were compared. When they differ for the first time since they were the same, follow the feed again.

        Once: where one side sets aside what the other shows, as when releases differ, no feed makes them the same.
        """
        facility_id = self._stream.facility_id
        with read_transaction(self._database) as connection:
            has_differed = desk_feed.has_differed(connection, facility_id)
        if is_same == has_differed:
            with self._writing() as connection:
                desk_feed.note_compared(connection, facility_id, is_same)

    def missing(self, events: Sequence[Arrived]) -> Sequence[str]:
        """Content that these events name and the file has not."""
        with read_transaction(self._database) as connection:
            return desk_feed.missing_contents(connection, self._stream.facility_id, events)

    def keep_content(self, sha256_hex: str, content: bytes) -> bool:
        """Keep it; False when it is not what its hash says."""
        if sha256(content).hexdigest() != sha256_hex:
            return False
        with self._writing() as connection:
            blobs.put(connection, self._stream.facility_id, content)
        return True

    def follow(self, before: FeedCursor, events: Sequence[Arrived], digest: str) -> int:
        """Take in a page and move the cursor, in one transaction or few; how many were parked.

        What makes many rows is followed by the next transaction, with a cursor of its own: whoever records here waits for
        one of them at most.
        """
        parts = desk_feed.in_parts(before, events, digest)
        return sum(self._follow(*part) for part in parts)

    def _follow(self, before: FeedCursor, events: Sequence[Arrived], digest: str) -> int:
        stamps: list[str] = []
        try:
            with self._writing() as connection:
                _, taken, is_restamped = desk_feed.follow(connection, self._stream, before, events, digest)
                # A blank one says that some that were there count otherwise now.
                stamps = [*(self._stamp(stored) for one in taken for stored in one.stored), *([""] if is_restamped else [])]
        finally:
            # Also after an error at COMMIT: the page may be stored all the same, and then no later one brings it again.
            if stamps:
                self._took_in(max(stamps))
        return sum(len(one.parked) for one in taken)

    def _stamp(self, stored: StoredEvent) -> str:
        """What this desk stamps behind: of another desk's event what it counts as, of one of its own that it had lost itself."""
        if stored.event.desk_id != self._stream.desk_id:
            return stored.event.stamp
        return decode(stored.data)[0].stamp

    def is_in_use(self) -> bool:
        """Whether anybody has recorded anything at this desk, for whatever facility."""
        with read_transaction(self._database) as connection:
            return desk_feed.is_in_use(connection, self._stream.desk_id)

    def take_snapshot(self, landing: Landing, snapshot: Snapshot) -> None:
        """Take in a snapshot that was fetched, and follow the feed from there. Raises SnapshotRefusedError."""
        try:
            landing.load(self._database, self._stream, snapshot)
        except CommitFailed as unknown:
            raise UnavailableError("The disk reported an error while a snapshot was saved.") from unknown
        with read_transaction(self._database) as connection:
            stamp = last_stamp(connection, self._stream.facility_id, self._stream.desk_id)
        self._took_in(stamp)

    def let_go(self, now: datetime) -> int:
        """Let go of a bounded part of the details that the rules do not keep; how many events that were.

        Only after a round that found this file and central's the same.
        """
        with self._writing() as connection:
            gone = let_go.let_go_some(connection, self._stream.facility_id, self._stream.desk_id, now)
        if gone:
            # States that were folded from them are folded again, from what is left.
            self._took_in("")
        return gone

    def fetch_again(self, until: datetime) -> None:
        """Follow the feed from its beginning again, which brings what was let go, and let go of nothing before then."""
        with self._writing() as connection:
            let_go.hold(connection, self._stream.facility_id, until)
        self.rewind()

    def sanity(self) -> SanityLine:
        """What the file has of the facility."""
        with read_transaction(self._database) as connection:
            return sanity_line(connection, self._stream.facility_id)

    def pins_lacking(self) -> Sequence[str]:
        """Persons for whom the log names a PIN verifier that the file has not."""
        facility_id = self._stream.facility_id
        with read_transaction(self._database) as connection:
            named = pin_verifiers.named_in_log(connection, facility_id)
            return pin_verifiers.lacking(named, pin_verifiers.at_desk(connection, facility_id))

    def keep_pins(self, verifiers: Sequence[tuple[str, str]]) -> None:
        """Keep verifiers by person, those that the log names."""
        with self._writing() as connection:
            pin_verifiers.keep_at_desk(connection, self._stream.facility_id, verifiers)

    def pins_of(self, person_ids: Sequence[str]) -> Sequence[tuple[str, str]]:
        """The verifiers of these persons by person, where the file has the one that the log names."""
        facility_id = self._stream.facility_id
        with read_transaction(self._database) as connection:
            kept = pin_verifiers.at_desk(connection, facility_id)
            lacking = set(pin_verifiers.lacking(pin_verifiers.named_in_log(connection, facility_id), kept))
        return [(one, kept[one]) for one in person_ids if one in kept and one not in lacking]

    def flags_digest(self) -> str:
        """A hash (hex) over the flags that this desk knows."""
        with read_transaction(self._database) as connection:
            return flag_rows.flags_digest(connection, self._stream.facility_id, flag_rows.DESK)

    def keep_flags(self, flags: Sequence[Flagged]) -> None:
        """These are the flags that stand, all of them."""
        read = [Flag(**structs.asdict(one) | _moments(one)) for one in flags]
        with self._writing() as connection:
            flag_rows.keep_flags(connection, self._stream.facility_id, read)

    def numbers_wanted(self) -> int | None:
        """The highest block of record numbers that was lent, when few of them are left."""
        facility_id, epoch = self._stream.facility_id, self._stream.epoch
        with read_transaction(self._database) as connection:
            left = number_blocks.numbers_left(connection, facility_id, MRN, epoch)
            return number_blocks.last_block(connection, facility_id, MRN) if left is not None and left < LOW else None

    def keep_numbers(self, block: int) -> None:
        """Keep a block of record numbers that central has lent."""
        stream = self._stream
        with self._writing() as connection:
            number_blocks.lend_next(connection, stream.facility_id, MRN, block, stream.epoch)

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """A write transaction whose COMMIT may fail: every step of a round can be taken again, so the next one finds out."""
        try:
            with write_transaction(self._database) as connection:
                yield connection
        except CommitFailed as unknown:
            raise UnavailableError("The disk reported an error while the state of synchronization was saved.") from unknown

    def _of(self, epoch: int) -> Stream:
        return Stream(self._stream.facility_id, self._stream.desk_id, epoch)


def _moments(one: Flagged) -> dict[str, datetime]:
    return {name: datetime.fromisoformat(getattr(one, name)) for name in ("recorded_at", "received_at")}
