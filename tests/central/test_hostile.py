"""Whatever is wrong with what comes, it is refused with a status and a code that the document names, and nothing is stored."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from access_desk.protocol import coding
from access_desk.protocol import messages as wire
from access_desk.storage.engine import write_transaction
from access_desk.sync.core import Response
from tests.central.centrals import FINGERPRINT, Backup
from tests.central.documented import assert_documented, described
from tests.central.doors import Door, a_door, events_of
from tests.desks import TestDesk, a_desk

EVENTS = "/v1/streams/F/north/1/events"
AT_CENTRAL = 12
ZEROS = "0" * 64


@dataclass(frozen=True)
class Sent:
    """A request as a hostile client would write it."""

    path: str
    body: bytes = b""
    method: str = "POST"
    headers: dict[str, str] = field(default_factory=dict)
    has_token: bool = True


@dataclass
class Stage:
    """A central that has the beginning of a desk's stream, and whatever follows it in that desk's own hands."""

    door: Door
    desk: TestDesk
    token: str

    @property
    def next(self) -> list[wire.WireEvent]:
        return events_of(self.desk)[AT_CENTRAL:]

    def ask(self, sent: Sent) -> Response:
        headers = {"Content-Type": "application/json", **sent.headers}
        if sent.has_token:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        answer = self.door.client.request(sent.method, sent.path, content=sent.body, headers=headers)
        content_type = answer.headers.get("content-type", "")
        assert_documented(sent.method, sent.path, answer.status_code, content_type, answer.content)
        return Response(answer.status_code, content_type, answer.content)

    def stored(self) -> Backup:
        # A server gives rows in no order of their own.
        return [{name: sorted(rows, key=repr) for name, rows in one.items()} for one in self.door.central.copy()]

    def batch(self, *events: wire.WireEvent) -> bytes:
        return wire.to_bytes(wire.Push(wire.PROTOCOL, list(events or self.next)))

    def signed(self, data: bytes, by: Ed25519PrivateKey | None = None) -> wire.WireEvent:
        """Whatever it is, signed by the desk."""
        return wire.WireEvent(msgspec.Raw(data), (by or self.desk.signer).sign(sha256(data).digest()).hex())

    def changed(self, **said: object) -> bytes:
        """A batch of the next event with another envelope, signed by the desk."""
        event = json.loads(bytes(self.next[0].event)) | said
        return self.batch(self.signed(compact(event)))

    def rewritten(self, old: bytes, new: bytes) -> bytes:
        """The same with other bytes."""
        data = bytes(self.next[0].event)
        assert data.count(old) == 1, (old, data)
        return self.batch(self.signed(data.replace(old, new)))


def compact(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass")


@pytest.fixture
def stage() -> Iterator[Stage]:
    with a_stage() as made:
        yield made


@pytest.fixture(scope="module")
def one_for_all() -> Iterator[Stage]:
    """For what leaves everything as it was."""
    with a_stage() as made:
        yield made
        assert made.door.push(made.next, made.token).status == 200


@contextmanager
def a_stage() -> Iterator[Stage]:
    with a_desk("north", 1) as desk, a_door() as door:
        door.central.enroll(desk)
        token = door.session(desk)
        desk.open()
        desk.pay(desk.register())
        assert door.push(events_of(desk)[:AT_CENTRAL], token).status == 200
        yield Stage(door, desk, token)


Case = tuple[Callable[[Stage], Sent], int, str]


def pushed(make: Callable[[Stage], bytes], **headers: str) -> Callable[[Stage], Sent]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda one: Sent(EVENTS, make(one), headers=named)


def other_key(one: Stage) -> bytes:
    return one.batch(one.signed(bytes(one.next[0].event), Ed25519PrivateKey.generate()))


def fork_of_another_key(one: Stage) -> bytes:
    event = json.loads(bytes(one.next[0].event)) | {"desk_seq": 5}
    return one.batch(one.signed(compact(event), Ed25519PrivateKey.generate()))


def later_forged(one: Stage) -> bytes:
    first, second, *_ = one.next
    return one.batch(first, wire.WireEvent(second.event, first.signature))


def id_again(one: Stage) -> bytes:
    return one.changed(event_id=json.loads(bytes(events_of(one.desk)[3].event))["event_id"])


def money_as(value: str) -> Callable[[Stage], bytes]:
    """The payment among the next events with another amount, all of them in their chain."""

    def make(one: Stage) -> bytes:
        events: list[wire.WireEvent] = []
        before = json.loads(bytes(one.next[0].event))["prev_hash"]
        for each in one.next:
            data = bytes(each.event)
            data = data.replace(json.loads(data)["prev_hash"].encode(), before.encode(), 1)
            if b'"kind":"payment.received"' in data:
                data = data.replace(b'"amount":2500', b'"amount":' + value.encode(), 1)
            events.append(one.signed(data))
            before = sha256(data).hexdigest()
        return one.batch(*events)

    return make


def new_epoch(make: Callable[[dict[str, Any]], None]) -> Callable[[Stage], Sent]:
    """A new epoch of the desk that begins with its first event, changed."""

    def send(one: Stage) -> Sent:
        event = json.loads(bytes(events_of(one.desk)[0].event)) | {"stream_epoch": 2, "event_id": "another"}
        make(event)
        return Sent("/v1/streams/F/north/2/events", one.batch(one.signed(compact(event))))

    return send


def as_payment(event: dict[str, Any]) -> None:
    event |= {"kind": "visit.progressed", "version": 99, "body": {}}


def with_other_key(event: dict[str, Any]) -> None:
    event["body"]["public_key"] = "ab" * 32


NOT_A_MESSAGE: dict[str, bytes | Callable[[Stage], bytes]] = {
    "nothing": b"",
    "null": b"null",
    "a list": b"[]",
    "no fields": b"{}",
    "no events": b'{"protocol":1,"events":[]}',
    "a byte order mark": lambda one: b"\xef\xbb\xbf" + one.batch(),
    "not UTF-8": lambda one: one.batch().replace(b'"protocol"', b'"prot\xffcol"'),
    "UTF-16": lambda one: one.batch().decode().encode("utf-16"),
    "cut off": lambda one: one.batch()[:-1],
    "cut in half": lambda one: one.batch()[: len(one.batch()) // 2],
    "two messages": lambda one: one.batch() * 2,
    "a NUL after it": lambda one: one.batch() + b"\0",
    "a field that nobody knows": lambda one: one.batch()[:-1] + b',"more":1}',
    "a float for a number": lambda one: one.batch().replace(b'"protocol":1', b'"protocol":1.0', 1),
    "a bool for a number": lambda one: one.batch().replace(b'"protocol":1', b'"protocol":true', 1),
    "NaN for a number": lambda one: one.batch().replace(b'"protocol":1', b'"protocol":NaN', 1),
    "infinity for a number": lambda one: one.batch().replace(b'"protocol":1', b'"protocol":1e999', 1),
    "a text for a number": lambda one: one.batch().replace(b'"protocol":1', b'"protocol":"1"', 1),
    "a lone surrogate": lambda one: one.batch().replace(b'"signature":"', b'"signature":"\\ud800', 1),
    "a name twice": lambda one: one.batch()[:-1] + b',"protocol":1}',
    "another name twice": lambda one: one.batch().replace(b'{"event":', b'{"signature":"' + b"0" * 128 + b'","event":', 1),
    "nested deeply": b'{"protocol":1,"events":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "nested deeply in an event": lambda one: one.rewritten(b'"body":{', b'"body":{"x":' + b"[" * 70 + b"]" * 70 + b","),
    "an event that is no object": lambda one: one.batch(one.signed(b"[1]")),
    "too many events": lambda one: one.batch(*[one.next[0]] * (wire.MOST_EVENTS + 1)),
    "a signature that is too short": lambda one: one.batch().replace(b'"signature":"', b'"signature":"0', 1),
}
NOT_AN_EVENT: dict[str, Callable[[Stage], bytes]] = {
    "a name twice in its envelope": lambda one: one.rewritten(b'"desk_seq":13', b'"desk_seq":13,"desk_seq":13'),
    "a name twice in its body": lambda one: one.rewritten(b'"body":{', b'"body":{"x":1,"x":2,'),
    "a name twice in a kind nobody knows": lambda one: one.changed(kind="of.later", body={}).replace(b"{}", b'{"x":1,"x":2}'),
    "a field nobody knows": lambda one: one.changed(more=1),
    "a number that is a float": lambda one: one.rewritten(b'"desk_seq":13', b'"desk_seq":13.0'),
    "a number that is a bool": lambda one: one.rewritten(b'"stream_epoch":1', b'"stream_epoch":true'),
    "a number that is NaN": lambda one: one.rewritten(b'"desk_seq":13', b'"desk_seq":NaN'),
    "a number no database has": lambda one: one.changed(desk_seq=10**30),
    "a number below every one": lambda one: one.changed(desk_seq=-1),
    "number nought": lambda one: one.changed(desk_seq=0),
    "another format": lambda one: one.changed(format=2),
    "version nought": lambda one: one.changed(version=0),
    "a moment without a zone": lambda one: one.changed(recorded_at="2026-11-23T13:00:00"),
    "a moment that never was": lambda one: one.changed(recorded_at="2026-02-30T13:00:00Z"),
    "a NUL in a name": lambda one: one.changed(actor_id="a\0b"),
    "a NUL in its id": lambda one: one.changed(event_id="a\0b"),
    "a lone surrogate in a name": lambda one: one.changed(actor_id="x").replace(b'"actor_id":"x"', b'"actor_id":"\\udc00"'),
    "half a surrogate in a body": lambda one: one.rewritten(b'"body":{', b'"body":{"x":"\\ud83d",'),
    "bytes of a surrogate": lambda one: one.changed(actor_id="\ud800"),
    "a stamp that is none": lambda one: one.changed(stamp="tomorrow"),
    "a hash that is none": lambda one: one.changed(prev_hash="0"),
    "a body that is none": lambda one: one.changed(body=[1]),
    "money that is a float": money_as("2500.0"),
    "money that is a text": money_as('"25.00"'),
    "money that is a bool": money_as("true"),
    "money that is NaN": money_as("NaN"),
}
FORGED: dict[str, tuple[Callable[[Stage], bytes], int, str]] = {
    "no key's signature": (lambda one: one.batch(wire.WireEvent(one.next[0].event, "0" * 128)), 400, "signature"),
    "another key's signature": (other_key, 400, "signature"),
    "another event's signature": (later_forged, 400, "signature"),
    "another facility": (lambda one: one.changed(facility_id="G"), 400, "wrong_stream"),
    "another desk": (lambda one: one.changed(desk_id="south"), 400, "wrong_stream"),
    "another epoch": (lambda one: one.changed(stream_epoch=2), 400, "wrong_stream"),
    "an id that was used": (id_again, 400, "event_id"),
    "a hole": (lambda one: one.batch(*one.next[1:]), 409, "sequence"),
    "a hole in the middle": (lambda one: one.batch(one.next[0], *one.next[2:]), 409, "sequence"),
    "the wrong order": (lambda one: one.batch(*reversed(one.next)), 409, "sequence"),
    "another history nobody signed": (fork_of_another_key, 400, "signature"),
}


def enrollment(one: Stage, **said: str) -> wire.Enroll:
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes_raw().hex()
    message = wire.Enroll(wire.PROTOCOL, "A" * 20, "west", "Desk", public, "0" * 128)
    message = msgspec.structs.replace(message, **said)
    text = wire.enrollment_text(message.secret, message.desk_id, message.public_key)
    return msgspec.structs.replace(message, signature=said.get("signature") or key.sign(text).hex())


def session_of(one: Stage, desk_id: str, signer: Ed25519PrivateKey, nonce: str | None = None) -> bytes:
    nonce = nonce or one.door.central.service.challenge().nonce
    signature = signer.sign(wire.session_text(FINGERPRINT, desk_id, nonce)).hex()
    return wire.to_bytes(wire.OpenSession(wire.PROTOCOL, desk_id, nonce, signature))


def small(path: str, body: bytes | Callable[[Stage], bytes], method: str = "POST") -> Callable[[Stage], Sent]:
    return lambda one: Sent(path, body if isinstance(body, bytes) else body(one), method)


def replayed_session(one: Stage) -> bytes:
    body = session_of(one, "north", one.desk.signer)
    assert one.door.client.post("/v1/sessions", content=body).status_code == 200
    return body


FEED = "/v1/facilities/F/events?"
CONTENT = "/v1/facilities/F/contents/"
NUMBERS, PINS = "/v1/facilities/F/numbers", "/v1/facilities/F/pins"
ELSEWHERE: dict[str, Case] = {
    "larger than a batch": (pushed(lambda one: one.batch() + b" " * 2_200_000), 413, "request"),
    "larger in pieces of zstd": (
        pushed(lambda one: coding.packed(bytes(300_000_000), "zstd"), Content_Encoding="zstd"), 413, "request"
    ),
    "larger in pieces of gzip": (
        pushed(lambda one: coding.packed(bytes(100_000_000), "gzip"), Content_Encoding="gzip"), 413, "request"
    ),
    "said to be gzip": (pushed(lambda one: one.batch(), Content_Encoding="gzip"), 400, "malformed"),
    "said to be zstd": (pushed(lambda one: one.batch(), Content_Encoding="zstd"), 400, "malformed"),
    "zstd cut off": (pushed(lambda one: coding.packed(one.batch(), "zstd")[:-3], Content_Encoding="zstd"), 400, "malformed"),
    "gzip cut off": (pushed(lambda one: coding.packed(one.batch(), "gzip")[:-3], Content_Encoding="gzip"), 400, "malformed"),
    "gzip that is damaged": (
        pushed(lambda one: coding.packed(one.batch(), "gzip")[:-8] + bytes(8), Content_Encoding="gzip"), 400, "malformed"
    ),
    "gzip not said to be": (pushed(lambda one: coding.packed(one.batch(), "gzip")), 400, "malformed"),
    "deflate": (pushed(lambda one: zlib.compress(one.batch()), Content_Encoding="deflate"), 415, "coding"),
    "twice in gzip": (pushed(lambda one: one.batch(), Content_Encoding="gzip, gzip"), 415, "coding"),
    "a coding nobody knows": (pushed(lambda one: one.batch(), Content_Encoding="snappy"), 415, "coding"),
    "a protocol beyond every integer": (
        pushed(lambda one: one.batch().replace(b'"protocol":1', b'"protocol":' + b"9" * 400, 1)), 400, "protocol"
    ),
    "another protocol": (pushed(lambda one: wire.to_bytes(wire.Push(2, one.next))), 400, "protocol"),
    "another desk's stream": (small("/v1/streams/F/south/1/events", lambda one: one.batch()), 403, "stream"),
    "another facility's stream": (small("/v1/streams/G/north/1/events", lambda one: one.batch()), 403, "facility"),
    "a stream with no name": (small("/v1/streams/F/no%20rth/1/events", lambda one: one.batch()), 400, "request"),
    "a NUL in a path": (small("/v1/streams/F/nor%00th/1/events", lambda one: one.batch()), 400, "request"),
    "epoch nought": (small("/v1/streams/F/north/0/events", lambda one: one.batch()), 400, "request"),
    "an epoch no database has": (small(f"/v1/streams/F/north/{10**30}/events", lambda one: one.batch()), 400, "request"),
    "a stream that begins with anything": (new_epoch(as_payment), 400, "genesis"),
    "a stream that begins with another key": (new_epoch(with_other_key), 400, "genesis"),
    "a code that was never given": (small("/v1/enrollments", lambda one: wire.to_bytes(enrollment(one))), 403, "code"),
    "an enrollment that is not signed": (
        small("/v1/enrollments", lambda one: wire.to_bytes(enrollment(one, signature="0" * 128))), 403, "signature"
    ),
    "a NUL in a label": (small("/v1/enrollments", lambda one: wire.to_bytes(enrollment(one, label="a\0b"))), 400, "malformed"),
    "a label of line breaks": (
        small("/v1/enrollments", lambda one: wire.to_bytes(enrollment(one, label="\n"))), 400, "malformed"
    ),
    "a desk id with a path in it": (
        small("/v1/enrollments", lambda one: wire.to_bytes(enrollment(one, desk_id="../north"))), 400, "malformed"
    ),
    "an enrollment that is too large": (small("/v1/enrollments", b" " * 4097), 413, "request"),
    "an unknown desk's session": (
        small("/v1/sessions", lambda one: session_of(one, "west", one.desk.signer)), 403, "unknown_desk"
    ),
    "a session signed by another": (
        small("/v1/sessions", lambda one: session_of(one, "north", Ed25519PrivateKey.generate())), 403, "key"
    ),
    "a session signed before": (small("/v1/sessions", replayed_session), 401, "session"),
    "a challenge that was never given": (
        small("/v1/sessions", lambda one: session_of(one, "north", one.desk.signer, "ab" * 32)), 401, "session"
    ),
    "numbers of a series nobody has": (
        small(NUMBERS, b'{"protocol":1,"series":"ssn","have":0,"stream_epoch":1}'), 400, "malformed"
    ),
    "numbers below the first": (small(NUMBERS, b'{"protocol":1,"series":"mrn","have":-2,"stream_epoch":1}'), 400, "malformed"),
    "numbers as floats": (small(NUMBERS, b'{"protocol":1,"series":"mrn","have":0.5,"stream_epoch":1}'), 400, "malformed"),
    "numbers asked for twice": (
        small(NUMBERS, b'{"protocol":1,"series":"mrn","have":0,"have":4,"stream_epoch":1}'), 400, "malformed"
    ),
    "a NUL in a person's id": (
        small(PINS, b'{"protocol":1,"lacking":[],"offered":[{"person_id":"a\\u0000","verifier":"x"}]}'), 400, "malformed"
    ),
    "too many persons": (small(PINS, wire.to_bytes({"protocol": 1, "lacking": ["x"] * 501})), 400, "malformed"),
    "content of another hash": (small(CONTENT + ZEROS, b"an image", "PUT"), 400, "content"),
    "content cut off": (small(CONTENT + sha256(b"an image").hexdigest(), b"an imag", "PUT"), 400, "content"),
    "content under no hash": (small(CONTENT + "Z" * 64, b"an image", "PUT"), 400, "request"),
    "content that is too large": (small(CONTENT + ZEROS, bytes(wire.LARGEST_CONTENT + 1), "PUT"), 413, "request"),
    "a position below the first": (small(f"{FEED}after=-1&digest={ZEROS}&limit=1", b"", "GET"), 400, "request"),
    "a position that is a float": (small(f"{FEED}after=1.5&digest={ZEROS}&limit=1", b"", "GET"), 400, "request"),
    "a position beyond the feed": (
        small(f"{FEED}after=999&digest={ZEROS}&limit=1", b"", "GET"), 409, "feed_changed"
    ),
    "another feed": (small(f"{FEED}after=1&digest={ZEROS}&limit=1", b"", "GET"), 409, "feed_changed"),
    "a page of nothing": (small(f"{FEED}after=0&digest={ZEROS}&limit=0", b"", "GET"), 400, "request"),
    "a page of whatever": (small("/v1/facilities/F/events", b"", "GET"), 400, "request"),
    "an address that is none": (small("/v1/facilities/F/everything", b"", "GET"), 404, "request"),
    "a method that is none": (small(EVENTS, b"", "DELETE"), 405, "request"),
}  # fmt: skip


def bytes_of(make: bytes | Callable[[Stage], bytes]) -> Callable[[Stage], bytes]:
    return (lambda _: make) if isinstance(make, bytes) else make


CASES: dict[str, Case] = {
    **{f"message: {name}": (pushed(bytes_of(make)), 400, "malformed") for name, make in NOT_A_MESSAGE.items()},
    **{f"event: {name}": (pushed(make), 400, "malformed") for name, make in NOT_AN_EVENT.items()},
    **{f"forged: {name}": (pushed(make), status, code) for name, (make, status, code) in FORGED.items()},
    **ELSEWHERE,
}


@pytest.mark.parametrize("name", CASES)
def test_it_is_refused_and_nothing_is_stored(one_for_all: Stage, name: str) -> None:
    make, status, code = CASES[name]
    sent = make(one_for_all)
    before = one_for_all.stored()
    answer = one_for_all.ask(sent)
    assert (answer.status, wire.read(answer.body, wire.Problem).code) == (status, code), answer.body
    assert one_for_all.stored() == before


def test_a_batch_that_comes_again_changes_nothing(stage: Stage) -> None:
    whole = Sent(EVENTS, stage.batch(*events_of(stage.desk)))
    assert stage.ask(whole).status == 200
    before = stage.stored()
    assert stage.ask(whole).status == 200
    assert stage.ask(replace(whole, body=coding.packed(whole.body, "zstd"), headers={"Content-Encoding": "zstd"})).status == 200
    assert stage.stored() == before


def test_what_a_desk_recorded_is_kept_whatever_stands_in_it(stage: Stage) -> None:
    stage.desk.register(family="Nul\0l", given="\u202eanA \U0001f469")
    assert stage.ask(Sent(EVENTS, stage.batch())).status == 200
    stage.desk.register()
    assert stage.door.push(events_of(stage.desk)[-3:], stage.token).status == 200


def revoked(one: Stage) -> None:
    assert one.door.central.clusters.revoke("north", "2026-11-24") == 1


def cloned(one: Stage) -> None:
    """Two events with one number, both signed by the desk."""
    assert one.door.push(one.next, one.token).status == 200
    other = one.ask(Sent(EVENTS, one.changed(actor_id="somebody else")))
    assert (other.status, wire.read(other.body, wire.Problem).code) == (409, "fork")
    alarms = {name: rows for tables in one.stored() for name, rows in tables.items() if rows}["central_alarms"]
    assert len(alarms) == 1
    with write_transaction(one.door.central.database) as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM events").scalar_one() == len(events_of(one.desk))


def nothing(_: Stage) -> None:
    """The desk is as it was."""


# What makes a desk one that gets nothing, where it asks and with which token, and what it is told.
OUTSIDERS: dict[str, tuple[Callable[[Stage], None], str, str, int, set[str]]] = {
    "without a session": (nothing, "F", "", 401, {"session"}),
    "with a session of nobody": (nothing, "F", "Bearer AAAA", 401, {"session"}),
    "with another scheme": (nothing, "F", "Basic bm9ydGg6eA==", 401, {"session"}),
    "of another facility": (nothing, "G", "own", 403, {"facility"}),
    "revoked": (revoked, "F", "own", 403, {"revoked"}),
    "cloned": (cloned, "F", "own", 403, {"quarantined"}),
}


@pytest.mark.parametrize("name", OUTSIDERS)
def test_a_desk_that_may_not_gets_nothing_from_any_endpoint(stage: Stage, name: str) -> None:
    become, facility, authorization, status, codes = OUTSIDERS[name]
    become(stage)
    before = stage.stored()
    asked = [*every_endpoint_of_desks(facility)]
    assert len(asked) >= 8
    for sent in asked:
        headers = {"Authorization": f"Bearer {stage.token}" if authorization == "own" else authorization, "Range": "bytes=0-1"}
        answer = stage.ask(replace(sent, headers=headers, has_token=bool(authorization)))
        assert (answer.status, {wire.read(answer.body, wire.Problem).code}) == (status, codes), (sent.path, answer.body)
    assert stage.stored() == before


@pytest.mark.parametrize(("become", "code"), [(revoked, "revoked"), (cloned, "quarantined")])
def test_it_gets_no_session_either(stage: Stage, become: Callable[[Stage], None], code: str) -> None:
    become(stage)
    answer = stage.ask(Sent("/v1/sessions", session_of(stage, "north", stage.desk.signer), has_token=False))
    assert (answer.status, wire.read(answer.body, wire.Problem).code) == (403, code)


def test_a_desk_in_quarantine_goes_on_when_somebody_has_looked(stage: Stage) -> None:
    cloned(stage)
    clusters = stage.door.central.clusters
    assert clusters.settle("north", "2026-11-24") == 1
    assert clusters.settle("north", "2026-11-24") == 0
    stage.desk.register()
    assert stage.door.push(events_of(stage.desk), stage.token).status == 200
    # The same contradiction again is an old one; another is not.
    for actor, after in (("somebody else", 200), ("another", 403)):
        assert stage.ask(Sent(EVENTS, stage.changed(actor_id=actor))).status == 409
        assert stage.ask(Sent("/v1/streams/F/north/1", method="GET")).status == after


def every_endpoint_of_desks(facility: str) -> Iterator[Sent]:
    """A request to whatever the document says needs a session."""
    values = {"facility": facility, "desk": "north", "epoch": "1"}
    for path, operations in described()["paths"].items():
        for method, said in operations.items():
            if "security" not in said:
                continue
            query: list[str] = []
            placed = path
            for one in said.get("parameters", []):
                schema = one["schema"]
                value = values.get(one["name"], str(schema.get("minimum", 1)) if schema["type"] == "integer" else ZEROS)
                if one["in"] == "path":
                    placed = placed.replace(f"{{{one['name']}}}", value)
                elif one["in"] == "query":
                    query.append(f"{one['name']}={value}")
            asked = placed + ("?" + "&".join(query) if query else "")
            yield Sent(asked, b"{}" if "requestBody" in said else b"", method.upper())
