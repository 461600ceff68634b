"""What central answers to a desk. No HTTP here: messages in, messages or a problem out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from hashlib import sha256

import msgspec

from access_desk.central.clusters import Clusters
from access_desk.central.intake import Taking, take
from access_desk.central.problems import (
    BAD_REQUEST,
    CONFLICT,
    FORBIDDEN,
    NOT_FOUND,
    NOT_IN_FILE,
    UNAUTHORIZED,
    UNAVAILABLE,
    ProblemError,
    check_protocol,
    no,
    read,
)
from access_desk.central.sessions import SESSION_SECONDS, NotSignedError, Sessions
from access_desk.central.snapshots import Part, Snapshots
from access_desk.domain import numbering
from access_desk.domain.errors import DamagedDatabaseError
from access_desk.domain.flags.rules import Flag
from access_desk.domain.ports import Clock
from access_desk.protocol import messages as wire
from access_desk.protocol.chain import is_signed_by
from access_desk.protocol.snapshots import SnapshotOffer
from access_desk.storage import blobs, central_log, flag_rows, pin_verifiers
from access_desk.storage.central_log import KnownDesk
from access_desk.storage.engine import read_transaction, write_transaction
from access_desk.storage.event_log import Stream, head_of
from access_desk.storage.projections.rows import utc_text
from access_desk.storage.received import Flaw, RejectedEventError
from access_desk.storage.sanity import sanity_line
from access_desk.sync.pace import EVERYBODY_SECONDS


@dataclass(frozen=True, slots=True)
class Content:
    """Large content by its hash."""

    data: bytes


class DeskService:
    """Answers desks over central's databases. ``taken_in`` is told how many events of a batch were stored.

    ``reached`` is told how far a facility's feed has come, once that is durable.
    """

    def __init__(self, clusters: Clusters, clock: Clock, sessions: Sessions, pepper: bytes, *, practice: bool) -> None:
        self._clusters = clusters
        self._pepper = pepper
        self._clock = clock
        self._sessions = sessions
        self._practice = practice
        # None where there is no place to keep any: desks follow the feed from its beginning.
        self.snapshots: Snapshots | None = None
        self.taken_in: Callable[[int], object] = lambda _: None
        self.reached: Callable[[str, int], object] = lambda _, __: None
        # Long batches may be handed to another process.
        self.taking: Taking = take

    def enroll(self, body: bytes) -> wire.Enrolled:
        """Make a desk known that brings a code which is good."""
        asked = read(body, wire.Enroll)
        check_protocol(asked.protocol)
        text = wire.enrollment_text(asked.secret, asked.desk_id, asked.public_key)
        if not is_signed_by(asked.public_key, text, bytes.fromhex(asked.signature)):
            raise no(FORBIDDEN, "signature", "The desk did not sign with the key that it names.")
        if any(one.revoked_at or one.public_key != asked.public_key for one in self._clusters.known_desks(asked.desk_id)):
            said = "This desk was revoked, or its name is another desk's. Make a new desk in another folder and enroll that."
            raise no(FORBIDDEN, "desk", said)
        known = self._clusters.enroll(asked.secret, asked.desk_id, asked.label, asked.public_key, self._now())
        if known is None:
            raise no(FORBIDDEN, "code", "This enrollment code is not good: it was used, or it is too old. Ask for another.")
        series = {name: numbering.first_of(name, known.number) for name in numbering.FIRST}
        snapshot_key = self.snapshots.public_key if self.snapshots is not None else ""
        return wire.Enrolled(known.facility_id, known.number, self._practice, series, self._pepper.hex(), snapshot_key)

    def assert_ready(self) -> None:
        """Ask every database for something. Raises UnavailableError when one cannot be reached."""
        for database in self._clusters:
            with read_transaction(database) as connection:
                central_log.feed_head(connection, "")

    def kind(self) -> wire.CentralKind:
        """Whether this central is for practice."""
        return wire.CentralKind(wire.PROTOCOL, self._practice)

    def challenge(self) -> wire.Challenge:
        """Something to sign."""
        nonce = self._sessions.challenge()
        if nonce is None:
            raise no(UNAVAILABLE, "busy", "Too many desks are asking at once.", int(EVERYBODY_SECONDS))
        return wire.Challenge(nonce)

    def open_session(self, body: bytes) -> wire.Session:
        """A token for a desk that signed its challenge."""
        asked = read(body, wire.OpenSession)
        check_protocol(asked.protocol)
        known = self._clusters.known_desks(asked.desk_id)
        if not known:
            raise no(FORBIDDEN, "unknown_desk", "Central does not know this desk. Enroll it again with a new code.")
        if all(one.revoked_at for one in known):
            raise no(FORBIDDEN, "revoked", "This desk was revoked. What it recorded stays on it.")
        if all(one.revoked_at or one.is_quarantined for one in known):
            raise _quarantined()
        try:
            token = self._sessions.open(asked.desk_id, known[0].public_key, asked.nonce, bytes.fromhex(asked.signature))
        except NotSignedError as wrong:
            text = "This desk has another key than the one it was enrolled with, so nothing of it is believed, from event 1 on."
            raise no(FORBIDDEN, "key", f"{text} Call support.") from wrong
        if token is None:
            raise no(UNAUTHORIZED, "session", "The challenge was not signed by this desk, or too late.")
        return wire.Session(token, SESSION_SECONDS)

    def lend_numbers(self, token: str, facility_id: str, body: bytes) -> wire.LentNumbers:
        """A block of numbers for the desk that asks."""
        desk = self._check_member(token, facility_id)
        asked = read(body, wire.WantNumbers)
        check_protocol(asked.protocol)
        with write_transaction(self._clusters.of(facility_id)) as connection:
            block = central_log.lend_block(connection, facility_id, desk.desk_id, asked.series, asked.have, asked.stream_epoch)
        return wire.LentNumbers(asked.series, block)

    def exchange_pins(self, token: str, facility_id: str, body: bytes) -> wire.ExchangedPins:
        """Keep the verifiers that central lacked, and hand on those that the desk lacks."""
        self._check_member(token, facility_id)
        asked = read(body, wire.ExchangePins)
        check_protocol(asked.protocol)
        if asked.offered:
            with write_transaction(self._clusters.of(facility_id)) as connection:
                offered = [(one.person_id, one.verifier) for one in asked.offered]
                pin_verifiers.keep_at_central(connection, facility_id, offered)
        with read_transaction(self._clusters.of(facility_id)) as connection:
            named = pin_verifiers.named_in_log(connection, facility_id)
            kept = pin_verifiers.at_central(connection, facility_id)
        known = [wire.PinVerifier(one, kept[one]) for one in asked.lacking if one in kept]
        return wire.ExchangedPins(tuple(known), tuple(pin_verifiers.lacking(named, kept)[: wire.MOST_PINS]))

    def head(self, token: str, stream: Stream) -> wire.StreamHead:
        """What central has of a desk's stream."""
        self._check_owner(token, stream)
        with read_transaction(self._clusters.of(stream.facility_id)) as connection:
            head = head_of(connection, stream)
        return wire.StreamHead(stream.desk_id, stream.epoch, head.seq, head.hash)

    def push(self, token: str, stream: Stream, body: bytes) -> wire.Acknowledged:
        """Take in a batch, durably, or nothing of it."""
        desk = self._check_owner(token, stream)
        database = self._clusters.of(stream.facility_id)
        try:
            took = self.taking(database, stream, desk.public_key, body, self._now())
        except RejectedEventError as rejected:
            raise self._rejected(stream, rejected) from rejected
        self.taken_in(took.stored)
        if took.stored:
            self.reached(stream.facility_id, took.position)
        return took.acknowledged

    def _rejected(self, stream: Stream, rejected: RejectedEventError) -> ProblemError:
        if rejected.flaw is Flaw.GAP:
            text = f"Event {rejected.expected} has to come next."
            return ProblemError(CONFLICT, wire.Problem("sequence", text, expected=rejected.expected))
        if rejected.flaw in (Flaw.FORK, Flaw.CHAIN):
            self._clusters.raise_alarm(stream, rejected, self._now())
            text = f"Central has another history of this desk before event {rejected.seq + 1}. Both are kept. Call support."
            return no(CONFLICT, "fork", text)
        return no(BAD_REQUEST, rejected.flaw.value, f"Event {rejected.seq} cannot be taken in ({rejected.flaw.value}).")

    def page(self, token: str, facility_id: str, after: int, digest: str, limit: int) -> wire.FeedPage:
        """The feed after a position, for whoever agrees about it up to there."""
        self._check_member(token, facility_id)
        with read_transaction(self._clusters.of(facility_id)) as connection:
            if central_log.digest_at(connection, facility_id, after) != digest:
                raise no(CONFLICT, "feed_changed", "Central's feed is another than it was. Follow it from its beginning.")
            rows = central_log.feed_after(connection, facility_id, after, min(limit, wire.MOST_EVENTS), wire.MOST_BYTES)
            head = central_log.feed_head(connection, facility_id)
        events = tuple(
            wire.FeedEvent(row.position, row.received_at, msgspec.Raw(row.data), row.signature.hex(), row.cap) for row in rows
        )
        return wire.FeedPage(events, rows[-1].digest if rows else digest, head.position)

    def listener(self, token: str, facility_id: str) -> str:
        """The desk that may hear how far a facility's feed has come."""
        return self._check_member(token, facility_id).desk_id

    def position(self, facility_id: str) -> int:
        """How far a facility's feed has come."""
        with read_transaction(self._clusters.of(facility_id)) as connection:
            return central_log.feed_head(connection, facility_id).position

    def members(self, facility_id: str) -> frozenset[str]:
        """The desks that may hear of a facility."""
        with read_transaction(self._clusters.of(facility_id)) as connection:
            return central_log.members(connection, facility_id)

    def sanity(self, token: str, facility_id: str) -> wire.Sanity:
        """What central has of a facility, to compare."""
        self._check_member(token, facility_id)
        with read_transaction(self._clusters.of(facility_id)) as connection:
            line = sanity_line(connection, facility_id)
            head = central_log.feed_head(connection, facility_id)
        streams = tuple(wire.StreamHead(*one) for one in line.streams)
        return wire.Sanity(head.position, line.events, streams, line.custodies, line.cash_cents, line.figures)

    def snapshot_offer(self, token: str, facility_id: str) -> SnapshotOffer:
        """What a desk that begins can have instead of the feed."""
        self._check_member(token, facility_id)
        if self.snapshots is None:
            return SnapshotOffer(None, is_making=False)
        return self.snapshots.offer(self._clusters.of(facility_id), facility_id)

    def snapshot_part(self, token: str, facility_id: str, position: int, first: int, last: int) -> Part:
        """Bytes of a snapshot's file."""
        self._check_member(token, facility_id)
        part = self.snapshots.part(facility_id, position, first, max(first, last)) if self.snapshots is not None else None
        if part is None:
            raise no(NOT_FOUND, "snapshot", "There is no such snapshot, or not any more. Ask what there is.")
        if first > last or not part.content:
            raise no(NOT_IN_FILE, "range", "The snapshot does not have these bytes.")
        return part

    def flags(self, token: str, facility_id: str, after: str, digest: str) -> wire.FlagPage:
        """What stands out of what was taken in; nothing when the desk knows all of it."""
        self._check_member(token, facility_id)
        with read_transaction(self._clusters.of(facility_id)) as connection:
            now = flag_rows.flags_digest(connection, facility_id)
            found = [] if now == digest else flag_rows.flags_after(connection, facility_id, after, wire.MOST_FLAGS)
        return wire.FlagPage(now, tuple(_flagged(one) for one in found))

    def content(self, token: str, facility_id: str, digest: str) -> Content:
        """Content that an event of the facility names."""
        self._check_member(token, facility_id)
        with read_transaction(self._clusters.of(facility_id)) as connection:
            if not blobs.has(connection, facility_id, digest):
                raise no(NOT_FOUND, "content", "Central does not have this content.")
            try:
                return Content(blobs.get(connection, facility_id, digest))
            except DamagedDatabaseError as damaged:
                raise no(UNAVAILABLE, "content", "The content is damaged at central.") from damaged

    def keep_content(self, token: str, facility_id: str, digest: str, data: bytes) -> None:
        """Keep content before the event that names it comes."""
        self._check_member(token, facility_id)
        if sha256(data).hexdigest() != digest:
            raise no(BAD_REQUEST, "content", "The content is not what its hash says.")
        with write_transaction(self._clusters.of(facility_id)) as connection:
            blobs.put(connection, facility_id, data)

    def check_session(self, token: str) -> str:
        """Whose session it is, without asking a database. Raises ProblemError when it is nobody's."""
        desk_id = self._sessions.desk_of(token)
        if desk_id is None:
            raise no(UNAUTHORIZED, "session", "Open a session first.")
        return desk_id

    def _check_member(self, token: str, facility_id: str) -> KnownDesk:
        desk_id = self.check_session(token)
        known = self._clusters.desk_of(facility_id, desk_id)
        if known is None and self._practice:
            known = self._admit(facility_id, desk_id)
        if known is None:
            raise no(FORBIDDEN, "facility", "This desk is not one of this facility.")
        if known.revoked_at:
            raise no(FORBIDDEN, "revoked", "This desk was revoked. What it recorded stays on it.")
        if known.is_quarantined:
            raise _quarantined()
        return known

    def _admit(self, facility_id: str, desk_id: str) -> KnownDesk | None:
        """At a practice central the facilities that day files name come into being."""
        elsewhere = self._clusters.known_desks(desk_id)
        if not elsewhere or elsewhere[0].revoked_at or any(one.is_quarantined for one in elsewhere):
            return None
        return self._clusters.admit(replace(elsewhere[0], facility_id=facility_id, enrolled_at=self._now()))

    def _check_owner(self, token: str, stream: Stream) -> KnownDesk:
        known = self._check_member(token, stream.facility_id)
        if known.desk_id != stream.desk_id:
            raise no(FORBIDDEN, "stream", "A desk writes its own stream only.")
        return known

    def _now(self) -> str:
        return utc_text(self._clock.now())


def _quarantined() -> ProblemError:
    text = "Two histories of this desk have come to central. Both are kept; nothing is exchanged until somebody has looked."
    return no(FORBIDDEN, "quarantined", text)


def _flagged(one: Flag) -> wire.Flagged:
    said = asdict(one) | {"recorded_at": utc_text(one.recorded_at), "received_at": utc_text(one.received_at)}
    return wire.Flagged(**said)
