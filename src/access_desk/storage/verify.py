"""Walk the log and say whether it is whole: sequence, hashes, signatures, postings, replay. Names the first bad event."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from sqlalchemy import Connection

from access_desk.domain.content import contents_of
from access_desk.domain.events import Recorded
from access_desk.domain.facility.events import DeskEnrolled, PolicySet
from access_desk.domain.ledger import Posting
from access_desk.domain.money import total
from access_desk.protocol.chain import GENESIS, hash_of, is_signed_by
from access_desk.protocol.encoding import UndecodableEventError, decode
from access_desk.storage import blobs
from access_desk.storage.event_log import Head, StoredRow, Stream, every_row
from access_desk.storage.let_go_rows import KINDS
from access_desk.storage.replay import differing_tables, rebuild


@dataclass(frozen=True, slots=True)
class Fault:
    """The first event of a stream that is not as it was written."""

    stream: Stream
    desk_seq: int
    event_id: str
    what: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verification found; ``faults`` empty and ``differing`` empty when all is well.

    Of ``let_go`` of the ``events`` only central has the details.
    """

    events: int = 0
    faults: tuple[Fault, ...] = ()
    differing: tuple[str, ...] = ()
    heads: dict[Stream, Head] = field(default_factory=dict)
    let_go: int = 0

    @property
    def is_intact(self) -> bool:
        """Whether log and projections are whole."""
        return not self.faults and not self.differing


@dataclass(frozen=True, slots=True)
class Kept:
    """A head kept or printed earlier, which the log must still contain; of a hash, paper shows only the first digits."""

    stream: Stream
    head: Head


class _LetGo:
    """Which rows of a log may be without their details: those of other desks' money, where the rules said so."""

    def __init__(self, own_desk: str) -> None:
        self._own_desk = own_desk
        self._said: dict[str, bool] = {}

    def wrong_with(self, connection: Connection, row: StoredRow) -> str:
        """Why a row that was emptied may not be; blank when it may."""
        if not self._own_desk:
            return "its details are not there, and nobody lets go of any here"
        if row.desk_id == self._own_desk:
            return "its details are not there, and it is this desk's own"
        if row.desk_seq == 1 or row.kind not in KINDS:
            return "its details are not there, and such an event keeps them"
        if row.facility_id not in self._said:
            self._said[row.facility_id] = _was_ever_said(connection, row.facility_id)
        return "" if self._said[row.facility_id] else "its details are not there, and the rules keep them"


def _was_ever_said(connection: Connection, facility_id: str) -> bool:
    """Whether the rules of a facility ever let details go."""
    rows = connection.exec_driver_sql(
        "SELECT data FROM events WHERE facility_id = ? AND kind = 'facility.policy_set'", (facility_id,)
    ).all()
    try:
        bodies = [decode(bytes(row[0]))[0].body for row in rows]
    except UndecodableEventError:
        return False
    return any(isinstance(body, PolicySet) and body.policy.details_days > 0 for body in bodies)


class _Walk:
    """One stream on its way through verification."""

    def __init__(self, connection: Connection, stream: Stream, trusted_key: str | None, let_go: _LetGo) -> None:
        self.connection = connection
        self._let_go = let_go
        self.stream = stream
        self.head = Head()
        self.public_key = trusted_key
        self.trusted_key = trusted_key
        self.fault: Fault | None = None
        self.emptied: StoredRow | None = None

    def take(self, row: StoredRow) -> None:
        """Check one row; after the first fault the rest of the stream tells nothing more."""
        if self.fault:
            return
        wrong = self._wrong_with(row)
        if wrong:
            self.fault = Fault(self.stream, row.desk_seq, row.event_id, wrong)
        else:
            self.head = Head(row.desk_seq, row.hash.hex())
            self.emptied = row if row.is_let_go else None

    def end(self) -> None:
        """The stream has no more rows."""
        if self.emptied and not self.fault:
            self.fault = Fault(self.stream, self.emptied.desk_seq, self.emptied.event_id, "it is the last, and has no details")

    def _wrong_with(self, row: StoredRow) -> str:
        if row.desk_seq != self.head.seq + 1:
            return f"event {self.head.seq + 1} is missing"
        if row.is_let_go:
            return self._let_go.wrong_with(self.connection, row) or self._wrong_signature(row)
        if hash_of(row.data) != row.hash:
            return "its bytes are not those that were hashed"
        try:
            event, prev_hash = decode(row.data)
        except UndecodableEventError:
            return "its bytes are not an event"
        if prev_hash != (self.head.hash if self.head.seq else GENESIS):
            return "it does not follow the event before it"
        if _columns(event) != (*_key(row), row.event_id, row.kind, row.command_id):
            return "its row does not say what its bytes say"
        return self._wrong_key(event) or self._wrong_signature(row) or _wrong_postings(event) or self._wrong_content(event)

    def _wrong_key(self, event: Recorded) -> str:
        if event.desk_seq > 1:
            return ""
        if not isinstance(event.body, DeskEnrolled):
            return "the stream does not begin with its desk"
        if self.trusted_key is not None and event.body.public_key != self.trusted_key:
            return "the stream names another key than this desk's"
        self.public_key = event.body.public_key
        return ""

    def _wrong_signature(self, row: StoredRow) -> str:
        if row.signature is None:
            return "it is not signed"
        if not is_signed_by(self.public_key or "", row.hash, row.signature):
            return "it is not signed by its desk"
        return ""

    def _wrong_content(self, event: Recorded) -> str:
        whole = (blobs.is_whole(self.connection, event.facility_id, content) for content in contents_of(event.body))
        return "" if all(whole) else "what it names is not in the file, or was changed"


def _key(row: StoredRow) -> tuple[str, str, int, int]:
    return row.facility_id, row.desk_id, row.stream_epoch, row.desk_seq


def _columns(event: Recorded) -> tuple[object, ...]:
    of_stream = (event.facility_id, event.desk_id, event.stream_epoch, event.desk_seq)
    return (*of_stream, event.event_id, event.kind, event.command_id)


def _wrong_postings(event: Recorded) -> str:
    postings: tuple[Posting, ...] = getattr(event.body, "postings", ())
    return "its postings do not sum to zero" if total(posting.amount for posting in postings) else ""


def verify_log(connection: Connection, trusted_keys: dict[str, str], kept: tuple[Kept, ...] = (), own_desk: str = "") -> Verdict:
    """Walk every stream.

    Args:
        connection: the desk's database, in a read transaction.
        trusted_keys: public key (hex) by desk id, from outside the file, so that a log rewritten under another key shows.
        kept: heads kept outside the file or printed on paper; an older copy put back no longer contains them.
        own_desk: whose file it is, which may have let go of details of the others; blank for central, which has all.
    """
    let_go = _LetGo(own_desk)
    walks: dict[Stream, _Walk] = {}
    expected = {(one.stream, one.head.seq): one.head.hash for one in kept}
    count = emptied = 0
    for row in every_row(connection):
        stream = Stream(row.facility_id, row.desk_id, row.stream_epoch)
        walk = walks.setdefault(stream, _Walk(connection, stream, trusted_keys.get(row.desk_id), let_go))
        walk.take(row)
        wanted = expected.pop((stream, row.desk_seq), None)
        if wanted is not None and not row.hash.hex().startswith(wanted) and not walk.fault:
            walk.fault = Fault(stream, row.desk_seq, row.event_id, "it is not the event whose hash was kept or printed")
        count += 1
        emptied += row.is_let_go
    for walk in walks.values():
        walk.end()
    faults = [walk.fault for walk in walks.values() if walk.fault]
    for stream, seq in sorted(expected, key=lambda one: one[1]):
        if not any(fault.stream == stream for fault in faults):
            last = walks[stream].head.seq if stream in walks else 0
            faults.append(Fault(stream, last + 1, "", f"the log ends before event {seq}, which was kept or printed"))
    return Verdict(count, tuple(faults), (), {stream: walk.head for stream, walk in walks.items()}, emptied)


def _let_go_balances(connection: Connection) -> bool:
    """Every event's postings add up to zero, so the sums of those that were let go do."""
    rows = connection.exec_driver_sql("SELECT facility_id FROM local_let_go GROUP BY facility_id HAVING sum(amount_cents) <> 0")
    return rows.first() is None


def verify_all(
    connection: Connection, empty: Connection, trusted_keys: dict[str, str], kept: tuple[Kept, ...] = (), own_desk: str = ""
) -> Verdict:
    """Walk the log, and when it is whole also replay it into ``empty`` and compare the projections."""
    verdict = verify_log(connection, trusted_keys, kept, own_desk)
    if verdict.faults:
        return verdict
    wrong = rebuild(connection, empty)
    faults = tuple(
        Fault(Stream(one.facility_id, one.desk_id, one.stream_epoch), one.desk_seq, one.event_id, what) for one, what in wrong
    )
    sums = () if _let_go_balances(connection) else ("local_let_go",)
    differing = (*differing_tables(connection, empty), *sums)
    return replace(verdict, faults=faults, differing=differing)
