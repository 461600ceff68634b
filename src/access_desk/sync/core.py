"""One round of synchronization, without a network and without a clock: it yields requests and is sent the answers.

The same generator is driven over HTTPS, by the tests' lossy network, and in a thread of the window. A round can be
abandoned at any point: whatever was durable stays, and the next round begins by asking what central has.

::

    session -> for each of the desk's epochs: ask for its head, push what follows it (one batch in flight)
            -> a snapshot, when the desk is far behind
            -> feed page after page, each with its cursor in one transaction
            -> PIN verifiers that the log names and one side lacks
            -> what central flagged, when that is not what the desk knows
            -> sanity line
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Final, Protocol, TypeAlias, TypeVar

import msgspec

from access_desk.domain.numbering import MRN
from access_desk.protocol import messages as wire
from access_desk.storage.desk_feed import EMPTY_DIGEST, FeedCursor, FeedError
from access_desk.storage.event_log import Stream
from access_desk.storage.received import Arrived, RejectedEventError
from access_desk.storage.sanity import SanityLine
from access_desk.sync.ports import Signs, Store

OK: Final = 200
CONFLICT: Final = 409
NOT_FOUND: Final = 404
_SERVER_FAULT: Final = 500
_RETRIED: Final = frozenset({408, 425, 429})
# A batch is offered again this often after central said that it expects another sequence or lacks content.
_MOST_REWINDS: Final = 20
_JSON: Final = "application/json"
_BYTES: Final = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be asked of central."""

    method: str
    path: str
    body: bytes = b""
    content_type: str = ""
    token: str = ""
    # As the header of that name says it: `bytes=0-99`.
    byte_range: str = ""


@dataclass(frozen=True, slots=True)
class Response:
    """What was answered. ``retry_after`` is how many seconds central wants to be left alone, when it said so."""

    status: int
    content_type: str
    body: bytes
    retry_after: float = 0.0


class RetryLaterError(Exception):
    """Central could not be asked, or could not answer now. Everything stays here; the next round goes on.

    ``seconds`` is how long central wants to be left alone, when it said so.
    """

    def __init__(self, text: str, seconds: float = 0.0) -> None:
        super().__init__(text)
        self.seconds = seconds


class StoppedError(Exception):
    """Central refuses, or something contradicts what this desk has: somebody has to look. Nothing here was changed."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the desk is to central."""

    facility_id: str
    desk_id: str
    stream_epoch: int
    fingerprint: str

    @property
    def stream(self) -> Stream:
        """The stream the desk writes now."""
        return Stream(self.facility_id, self.desk_id, self.stream_epoch)


@dataclass(frozen=True, slots=True)
class Began:
    """At which position of the feed the desk began; zero when it did not, and why not when something was wrong."""

    position: int = 0
    refused: str = ""


@dataclass(frozen=True, slots=True)
class RoundResult:
    """What a round did. ``waiting`` of the desk's events are not at central; ``sane`` is None when it was not compared.

    ``differs`` says what is not the same here and there; blank when nothing is, or only sums are. ``began`` says whether the
    desk began with a snapshot. ``stopped`` is why the rounds of one of several facilities wait until somebody has looked.
    """

    pushed: int = 0
    pulled: int = 0
    waiting: int = 0
    parked: int = 0
    sane: bool | None = None
    differs: str = ""
    began: Began = Began()
    stopped: str = ""


_A = TypeVar("_A")
Asking: TypeAlias = Generator[Request, Response, _A]
# A path, and the range of bytes wanted or nothing.
AskRange: TypeAlias = Callable[[str, str], Asking[Response]]


class Beginning(Protocol):
    """Begins with a snapshot instead of the feed; see `bootstrap`."""

    def is_due(self, position: int, head: int) -> bool:
        """Whether a snapshot is to be asked for before the page after that position is taken in."""
        ...

    def begin(self, position: int, ask: AskRange) -> Asking[Began]:
        """Take in a snapshot that leads further than that position, if there is one."""
        ...


def enroll(secret: str, desk_id: str, label: str, public_key: str, signer: Signs) -> Asking[wire.Enrolled]:
    """Make a desk known. Asking again with the same code and key is answered the same."""
    signature = signer.sign(wire.enrollment_text(secret, desk_id, public_key)).hex()
    message = wire.Enroll(wire.PROTOCOL, secret, desk_id, label, public_key, signature)
    answer = yield Request("POST", "/v1/enrollments", wire.to_bytes(message), _JSON)
    return answer_of(answer, wire.Enrolled)


def kind_of_central() -> Asking[wire.CentralKind]:
    """Ask whether a central is for practice, before a desk is made."""
    answer = yield Request("GET", "/v1/central")
    return answer_of(answer, wire.CentralKind)


def open_session(identity: Identity, signer: Signs) -> Asking[str]:
    """A token for the desk's requests of some minutes."""
    challenge = answer_of((yield Request("POST", "/v1/challenges")), wire.Challenge)
    text = wire.session_text(identity.fingerprint, identity.desk_id, challenge.nonce)
    message = wire.OpenSession(wire.PROTOCOL, identity.desk_id, challenge.nonce, signer.sign(text).hex())
    answer = yield Request("POST", "/v1/sessions", wire.to_bytes(message), _JSON)
    return answer_of(answer, wire.Session).token


def pokes_request(facility_id: str, token: str) -> Request:
    """What opens the stream of a facility's pokes."""
    return Request("GET", f"/v1/facilities/{facility_id}/pokes", token=token)


class Round:
    """One round of one desk."""

    def __init__(self, identity: Identity, store: Store, signer: Signs, beginning: Beginning | None = None) -> None:
        self._identity = identity
        self._beginning = beginning
        self._began = Began()
        self._store = store
        self._signer = signer
        self._token = ""
        self._pushed = self._pulled = self._parked = 0
        self._at_central: dict[int, int] = {}

    def run(self) -> Asking[RoundResult]:
        """Push, pull, compare.

        Raises:
            RetryLaterError: central cannot be asked now.
            StoppedError: somebody has to look.
        """
        self._token = yield from open_session(self._identity, self._signer)
        yield from self._ask_for_numbers()
        for epoch in self._store.epochs():
            yield from self._push(epoch)
        yield from self._pull()
        yield from self._exchange_pins()
        yield from self._ask_for_flags()
        sane, differs = yield from self._compare()
        waiting = sum(max(self._store.head(epoch).seq - seq, 0) for epoch, seq in self._at_central.items())
        return RoundResult(self._pushed, self._pulled, waiting, self._parked, sane, differs, self._began)

    def _ask(self, method: str, path: str, body: bytes = b"", content_type: str = "") -> Asking[Response]:
        answer = yield Request(method, path, body, content_type, self._token)
        return answer

    def _ask_range(self, path: str, byte_range: str) -> Asking[Response]:
        answer = yield Request("GET", path, token=self._token, byte_range=byte_range)
        return answer

    def _ask_for_numbers(self) -> Asking[None]:
        have = self._store.numbers_wanted()
        if have is None:
            return
        message = wire.WantNumbers(wire.PROTOCOL, MRN, have, self._identity.stream_epoch)
        path = f"/v1/facilities/{self._identity.facility_id}/numbers"
        lent = answer_of((yield from self._ask("POST", path, wire.to_bytes(message), _JSON)), wire.LentNumbers)
        if lent.block <= have:
            raise StoppedError("numbers", "Central lent record numbers that this desk had already. Nothing was changed.")
        self._store.keep_numbers(lent.block)

    def _push(self, epoch: int) -> Asking[None]:
        path = f"/v1/streams/{self._identity.facility_id}/{self._identity.desk_id}/{epoch}"
        central = answer_of((yield from self._ask("GET", path)), wire.StreamHead)
        yield from self._check_head(epoch, central)
        seq, rewinds = central.seq, 0
        while batch := self._store.offered(epoch, seq):
            events = [wire.WireEvent(msgspec.Raw(one.data), one.signature.hex()) for one in batch]
            answer = yield from self._ask("POST", f"{path}/events", wire.to_bytes(wire.Push(wire.PROTOCOL, events)), _JSON)
            if answer.status != CONFLICT:
                acknowledged = answer_of(answer, wire.Acknowledged)
                if acknowledged.seq <= seq or self._store.hash_at(epoch, acknowledged.seq) != acknowledged.hash:
                    raise StoppedError("acknowledgement", "Central acknowledged something that this desk did not send.")
                self._pushed += acknowledged.seq - seq
                seq, rewinds = acknowledged.seq, 0
                continue
            rewinds += 1
            problem = problem_of(answer)
            if rewinds > _MOST_REWINDS:
                raise RetryLaterError("central goes back and forth")
            if problem.code == "content_missing":
                yield from self._send_contents(problem.missing)
            elif problem.code == "sequence" and problem.expected is not None:
                # A restored central has less, or an answer was lost and it has more.
                seq = problem.expected - 1
            else:
                raise StoppedError(problem.code, problem.text)
        self._at_central[epoch] = seq
        self._store.acknowledged(epoch, seq)

    def _check_head(self, epoch: int, central: wire.StreamHead) -> Asking[None]:
        if not central.seq:
            return
        ours = self._store.hash_at(epoch, central.seq)
        if ours is None and epoch != self._identity.stream_epoch:
            return  # what was lost with an earlier installation comes back with the feed
        if ours is None:
            raise StoppedError(
                "older_copy",
                f"Central has event {central.seq} of this desk, which is not in the desk's file: an older copy was put back. "
                f"Event {self._store.head(epoch).seq + 1} is the first that it lacks. Nothing was changed. Put the right file "
                "back, or use access-desk restore.",
            )
        if ours != central.hash:
            seq = yield from self._first_other(self._identity.desk_id, epoch, central.seq)
            raise StoppedError(
                "fork",
                f"Central has other events of this desk than the desk itself: event {seq} is the first. Nothing was changed. "
                "Call support.",
            )

    def _first_other(self, desk_id: str, epoch: int, last: int) -> Asking[int]:
        """The first event of a desk that is not the one in central's feed."""
        facility, after, digest = f"/v1/facilities/{self._identity.facility_id}", 0, EMPTY_DIGEST
        asked = Stream(self._identity.facility_id, desk_id, epoch)
        while True:
            query = f"after={after}&digest={digest}&limit={wire.MOST_EVENTS}"
            page = answer_of((yield from self._ask("GET", f"{facility}/events?{query}")), wire.FeedPage)
            for one in page.events:
                arrived = Arrived(bytes(one.event), bytes.fromhex(one.signature))
                event = arrived.decoded[0]
                is_asked = Stream(event.facility_id, event.desk_id, event.stream_epoch) == asked
                if is_asked and self._store.hash_of(desk_id, epoch, event.desk_seq) != arrived.hash.hex():
                    return event.desk_seq
            if not page.events:
                return last
            after, digest = page.events[-1].position, page.digest

    def _send_contents(self, hashes: Sequence[str]) -> Asking[None]:
        for sha256 in hashes:
            path = f"/v1/facilities/{self._identity.facility_id}/contents/{sha256}"
            answer = yield from self._ask("PUT", path, self._store.content(sha256), _BYTES)
            checked(answer)

    def _pull(self) -> Asking[None]:
        facility = f"/v1/facilities/{self._identity.facility_id}"
        rewound = False
        while True:
            cursor = self._store.cursor()
            query = f"after={cursor.position}&digest={cursor.digest}&limit={wire.MOST_EVENTS}"
            answer = yield from self._ask("GET", f"{facility}/events?{query}")
            if answer.status == CONFLICT and problem_of(answer).code == "feed_changed" and not rewound:
                self._store.rewind()
                rewound = True
                continue
            page = answer_of(answer, wire.FeedPage)
            if not page.events:
                self._store.followed()
                return
            if self._beginning is not None and self._beginning.is_due(cursor.position, page.head):
                self._began = yield from self._beginning.begin(cursor.position, self._ask_range)
                if self._began.position:
                    continue
            arrived = _in_sequence(page, cursor)
            try:
                for sha256 in self._store.missing(arrived):
                    content = checked((yield from self._ask("GET", f"{facility}/contents/{sha256}")))
                    if not self._store.keep_content(sha256, content.body):
                        raise RetryLaterError("content came damaged")
                self._parked += self._store.follow(cursor, arrived, page.digest)
            except (FeedError, RejectedEventError) as wrong:
                raise StoppedError("feed", f"What central sent cannot be taken in: {wrong}. Nothing was changed.") from wrong
            self._pulled += len(arrived)

    def _exchange_pins(self) -> Asking[None]:
        path = f"/v1/facilities/{self._identity.facility_id}/pins"
        message = wire.ExchangePins(wire.PROTOCOL, list(self._store.pins_lacking())[: wire.MOST_PINS])
        answer = answer_of((yield from self._ask("POST", path, wire.to_bytes(message), _JSON)), wire.ExchangedPins)
        if answer.verifiers:
            self._store.keep_pins([(one.person_id, one.verifier) for one in answer.verifiers])
        offered = self._store.pins_of(answer.lacking) if answer.lacking else ()
        if offered:
            message = wire.ExchangePins(wire.PROTOCOL, [], [wire.PinVerifier(*one) for one in offered])
            answer_of((yield from self._ask("POST", path, wire.to_bytes(message), _JSON)), wire.ExchangedPins)

    def _ask_for_flags(self) -> Asking[None]:
        path = f"/v1/facilities/{self._identity.facility_id}/flags"
        known, after = self._store.flags_digest(), ""
        found: list[wire.Flagged] = []
        while True:
            answer = yield from self._ask("GET", f"{path}?digest={known}&after={after}")
            if answer.status == NOT_FOUND:
                return  # a central of before there were flags
            page = answer_of(answer, wire.FlagPage)
            if page.digest == known:
                return
            found += page.flags
            if len(page.flags) < wire.MOST_FLAGS:
                break
            after = page.flags[-1].flag_id
        self._store.keep_flags(found)

    def _compare(self) -> Asking[tuple[bool | None, str]]:
        answer = yield from self._ask("GET", f"/v1/facilities/{self._identity.facility_id}/sanity")
        central = answer_of(answer, wire.Sanity)
        ours = self._store.sanity()
        if central.position != self._store.cursor().position:
            return None, ""  # something was recorded in between; the next round compares
        differs, is_here = yield from self._other_stream(central, ours)
        if differs:
            if is_here:
                # What this file lacks comes again; what is another is found where it is taken in.
                self._store.rewind()
            return False if is_here else None, differs
        streams = tuple((one.desk_id, one.stream_epoch, one.seq, one.hash) for one in central.streams)
        if streams != ours.streams:
            return None, ""
        figures = (central.events, central.custodies, central.cash_cents, central.figures)
        is_same = figures == (ours.events, ours.custodies, ours.cash_cents, ours.figures)
        self._store.compared(is_same)
        return is_same, ""

    def _other_stream(self, central: wire.Sanity, ours: SanityLine) -> Asking[tuple[str, bool]]:
        """Which desk's events are not the same here and there, in words, and whether it is this file that is to be mended.

        Blank when all are. A central that was restored lacks what its desks offer again. The desk's own stream may have grown
        since it was sent; the others have come with the feed up to this position.
        """
        here = {(desk, epoch): (seq, digest) for desk, epoch, seq, digest in ours.streams}
        there = {(one.desk_id, one.stream_epoch): (one.seq, one.hash) for one in central.streams}
        for key in sorted(here | there):
            desk_id, epoch = key
            ended, known = here.get(key, (0, "")), there.get(key, (0, ""))
            if ended == known:
                continue
            if desk_id != self._identity.desk_id:
                if ended[0] == known[0]:
                    seq = yield from self._first_other(desk_id, epoch, known[0])
                    return f"Event {seq} of desk {desk_id} is another at central than in this desk's file.", True
                if ended[0] < known[0]:
                    return f"Event {ended[0] + 1} of desk {desk_id} is missing from this desk's file.", True
                return f"Event {known[0] + 1} of desk {desk_id} is missing from central.", False
            if known[0] and self._store.hash_at(epoch, known[0]) != known[1]:
                seq = yield from self._first_other(desk_id, epoch, known[0])
                return f"Event {seq} of this desk is another at central than in its file.", True
        return "", False


def _in_sequence(page: wire.FeedPage, cursor: FeedCursor) -> list[Arrived]:
    expected = range(cursor.position + 1, cursor.position + 1 + len(page.events))
    if [one.position for one in page.events] != list(expected):
        raise StoppedError("feed", "Central left something out of what it sent. Nothing was changed.")
    return [Arrived(bytes(one.event), bytes.fromhex(one.signature), one.cap) for one in page.events]


def answer_of(response: Response, wanted: type[_A]) -> _A:
    """The message that was answered. Raises RetryLaterError, StoppedError."""
    body = checked(response).body
    try:
        return wire.read(body, wanted)
    except wire.MalformedMessageError as wrong:
        # A captive portal answers 200 with a page of its own.
        raise RetryLaterError("something else than central answered") from wrong


def checked(response: Response) -> Response:
    """The answer, when it is one. Raises RetryLaterError, StoppedError."""
    if response.status == OK:
        return response
    if response.status >= _SERVER_FAULT or response.status in _RETRIED:
        raise RetryLaterError(f"central answered {response.status}", response.retry_after)
    problem = problem_of(response)
    if problem.code == "session":
        raise RetryLaterError("the session ended")
    raise StoppedError(problem.code, problem.text)


def problem_of(response: Response) -> wire.Problem:
    """The problem that was answered. Raises RetryLaterError."""
    try:
        return wire.read(response.body, wire.Problem)
    except wire.MalformedMessageError as wrong:
        raise RetryLaterError("something else than central answered") from wrong
