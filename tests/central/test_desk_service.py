"""What central takes in and what it refuses; nothing of a refused batch is stored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import msgspec
import pytest

from access_desk.central.intake import take
from access_desk.protocol import messages as wire
from access_desk.storage import central_log
from access_desk.storage.engine import read_transaction, write_transaction
from access_desk.storage.event_log import StoredRow, count_events, every_row
from access_desk.sync.core import Request, Response, Round, RoundResult, StoppedError
from tests.central.centrals import FINGERPRINT, TestCentral, a_central, drive, round_of
from tests.desks import TestDesk, a_desk
from tests.protocol.elsewhere import Elsewhere

NO_DIGEST = "0" * 64


@dataclass
class Stage:
    """A central, an enrolled desk, and the desk's token."""

    central: TestCentral
    desk: TestDesk
    token: str

    def push(self, events: list[wire.WireEvent], desk_id: str = "north") -> Response:
        body = wire.to_bytes(wire.Push(wire.PROTOCOL, events))
        return self.send(f"/v1/streams/F/{desk_id}/1/events", body)

    def send(self, path: str, body: bytes) -> Response:
        return self.central.ask(Request("POST", path, body, "application/json", self.token))

    def events(self) -> list[wire.WireEvent]:
        with read_transaction(self.desk.desk.journal.engine) as connection:
            return [wired(row) for row in every_row(connection)]

    def stored(self) -> int:
        with read_transaction(self.central.database) as connection:
            return count_events(connection)


def wired(row: StoredRow) -> wire.WireEvent:
    return wire.WireEvent(msgspec.Raw(row.data), (row.signature or b"").hex())


def session(central: TestCentral, desk: TestDesk) -> str:
    desk_id = desk.desk.journal.stream.desk_id
    nonce = wire.read(central.ask(Request("POST", "/v1/challenges")).body, wire.Challenge).nonce
    signature = desk.signer.sign(wire.session_text(FINGERPRINT, desk_id, nonce)).hex()
    body = wire.to_bytes(wire.OpenSession(wire.PROTOCOL, desk_id, nonce, signature))
    return wire.read(central.ask(Request("POST", "/v1/sessions", body)).body, wire.Session).token


@pytest.fixture(params=["file", "postgresql"])
def stage(request: pytest.FixtureRequest) -> Iterator[Stage]:
    url = request.getfixturevalue("postgres").new_database() if request.param == "postgresql" else None
    with a_desk("north", 1) as desk:
        central = a_central(practice=False, url=url)
        central.enroll(desk)
        yield Stage(central, desk, session(central, desk))
        central.clusters.close()


def problem(response: Response) -> str:
    assert 400 <= response.status < 500
    return wire.read(response.body, wire.Problem).code


def test_a_batch_is_taken_once(stage: Stage) -> None:
    events = stage.events()
    first, again = stage.push(events), stage.push(events)
    assert first.status == again.status == 200
    assert wire.read(again.body, wire.Acknowledged).seq == stage.stored() == len(events)


def test_a_gap_is_told_with_what_must_come_next(stage: Stage) -> None:
    events = stage.events()
    stage.push(events[:3])
    answer = stage.push(events[5:])
    assert (answer.status, wire.read(answer.body, wire.Problem).expected) == (409, 4)
    assert stage.stored() == 3


def test_a_batch_with_one_forged_event_is_not_taken_at_all(stage: Stage) -> None:
    events = stage.events()
    events[4] = wire.WireEvent(events[4].event, events[3].signature)
    assert problem(stage.push(events)) == "signature"
    assert stage.stored() == 0


@pytest.mark.parametrize("forged", [0, 3, 9])
def test_of_two_wrong_events_the_first_is_named(stage: Stage, forged: int) -> None:
    events = stage.events()
    assert len(events) > 11
    events[forged] = wire.WireEvent(events[forged].event, events[forged + 1].signature)
    del events[10]
    answer = stage.push(events)
    assert problem(answer) == "signature"
    assert f"Event {forged + 1} " in wire.read(answer.body, wire.Problem).text
    assert stage.stored() == 0


@pytest.mark.parametrize("lost", [None, 10])
@pytest.mark.parametrize("forged", [None, 1, 9])
def test_what_nobody_else_has_come_to_is_checked_by_whoever_waits(stage: Stage, forged: int | None, lost: int | None) -> None:
    elsewhere = Elsewhere(begins=3)
    stage.central.service.taking = partial(take, checkers=elsewhere)
    events = stage.events()
    if forged is not None:
        events[forged] = wire.WireEvent(events[forged].event, events[forged + 1].signature)
    if lost is not None:
        # Refused before anything is written, so that no database is waited for.
        del events[lost]
    answer = stage.push(events)
    wrong = "signature" if forged is not None else "sequence" if lost is not None else ""
    assert (problem(answer) if answer.status != 200 else "") == wrong
    assert elsewhere.own == 3 < len(elsewhere.asked[0])
    assert stage.stored() == (0 if wrong else len(events))


def test_a_changed_event_does_not_follow(stage: Stage) -> None:
    events = stage.events()
    changed = bytes(events[2].event).replace(b"2026", b"2027", 1)
    events[2] = wire.WireEvent(msgspec.Raw(changed), events[2].signature)
    assert problem(stage.push(events)) == "signature"
    assert stage.stored() == 0


def test_another_history_under_the_same_numbers_is_kept_beside_and_told(stage: Stage) -> None:
    stage.push(stage.events())
    with a_desk("north", 1) as clone:
        clone.signer = stage.desk.signer
        journal = clone.desk.journal
        journal.record("system", [])
        with read_transaction(journal.engine) as connection:
            rows = [row for row in every_row(connection) if row.desk_seq > 1]
        forked = [wire.WireEvent(msgspec.Raw(row.data), stage.desk.signer.sign(row.hash).hex()) for row in rows]
    before = stage.stored()
    assert problem(stage.push(forked)) == "fork"
    with read_transaction(stage.central.database) as connection:
        assert [alarm[3] for alarm in central_log.alarms(connection)] == ["fork"]
    assert stage.stored() == before


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[" * 100_000,
        b'{"protocol":1,"events":[]}',
        b'{"protocol":1,"events":[{"event":{},"signature":"zz"}]}',
        b'{"protocol":1,"events":[{"event":{},"signature":"' + b"0" * 128 + b'"}]}',
        b'{"protocol":2,"events":[{"event":{},"signature":"' + b"0" * 128 + b'"}]}',
        b"\xff\xfe",
    ],
)
def test_what_is_no_message_is_refused(stage: Stage, body: bytes) -> None:
    assert problem(stage.send("/v1/streams/F/north/1/events", body)) in {"malformed", "protocol"}
    assert stage.stored() == 0


def test_a_desk_writes_its_own_stream_only(stage: Stage) -> None:
    assert problem(stage.push(stage.events(), desk_id="south")) == "stream"
    with a_desk("south", 2) as south:
        with read_transaction(south.desk.journal.engine) as connection:
            events = [wired(row) for row in every_row(connection)]
        assert problem(stage.push(events)) == "wrong_stream"


def test_who_is_unknown_or_revoked_or_elsewhere_gets_nothing(stage: Stage) -> None:
    page = f"/v1/facilities/F/events?after=0&digest={NO_DIGEST}&limit=10"
    assert problem(stage.central.ask(Request("GET", page))) == "session"
    assert problem(stage.central.ask(Request("GET", page.replace("/F/", "/G/"), token=stage.token))) == "facility"
    with a_desk("south", 2) as south:
        with pytest.raises(StoppedError) as stopped:
            drive(round_of(south).run(), stage.central.ask)
        assert stopped.value.code == "unknown_desk"
    with write_transaction(stage.central.database) as connection:
        assert central_log.revoke_desk(connection, "north", "2026-11-23") == 1
    assert problem(stage.central.ask(Request("GET", page, token=stage.token))) == "revoked"
    assert problem(stage.push(stage.events())) == "revoked"


def test_a_token_ends_and_a_challenge_is_good_once(stage: Stage) -> None:
    stage.central.seconds += 601
    assert problem(stage.push(stage.events())) == "session"
    nonce = wire.read(stage.central.ask(Request("POST", "/v1/challenges")).body, wire.Challenge).nonce
    signature = stage.desk.signer.sign(wire.session_text(FINGERPRINT, "north", nonce)).hex()
    body = wire.to_bytes(wire.OpenSession(wire.PROTOCOL, "north", nonce, signature))
    assert stage.send("/v1/sessions", body).status == 200
    assert problem(stage.send("/v1/sessions", body)) == "session"


def test_a_challenge_that_another_key_signed_is_told_apart_from_one_that_is_late(stage: Stage) -> None:
    with (
        a_desk("north", 1) as swapped,
        pytest.raises(StoppedError, match="another key than the one") as told,
    ):
        drive(round_of(swapped).run(), stage.central.ask)
    assert told.value.code == "key"


def test_a_second_facility_gives_a_desk_the_same_number_and_nobody_elses_name(stage: Stage) -> None:
    assert stage.central.enroll(stage.desk, stage.central.add_code("G")).number == 1
    with a_desk("south", 2) as south, a_desk("north", 1) as other:
        assert stage.central.enroll(south, stage.central.add_code("G")).number == 2
        with pytest.raises(StoppedError, match="another desk's") as refused:
            stage.central.enroll(other, stage.central.add_code("H"))
        assert refused.value.code == "desk"
    stage.central.clusters.revoke("north", "2026-11-23")
    with pytest.raises(StoppedError, match="revoked"):
        stage.central.enroll(stage.desk, stage.central.add_code("H"))


def test_an_old_code_is_not_good(stage: Stage) -> None:
    with a_desk("south", 2) as south, pytest.raises(StoppedError, match="not good"):
        stage.central.enroll(south, stage.central.add_code(expires_at="2020"))


def test_a_desk_that_was_put_back_stops(stage: Stage) -> None:
    drive(round_of(stage.desk).run(), stage.central.ask)
    engine = stage.desk.desk.journal.engine
    with write_transaction(engine) as connection:
        lost = connection.exec_driver_sql("SELECT * FROM events ORDER BY desk_seq DESC LIMIT 1").one()
        connection.exec_driver_sql("DELETE FROM events WHERE desk_seq = (SELECT max(desk_seq) FROM events)")
    with pytest.raises(StoppedError) as stopped:
        drive(round_of(stage.desk).run(), stage.central.ask)
    assert stopped.value.code == "older_copy"
    with write_transaction(engine) as connection:
        connection.exec_driver_sql(f"INSERT INTO events VALUES ({', '.join('?' * len(lost))})", tuple(lost))  # noqa: S608


def test_a_central_that_loses_events_in_the_middle_of_a_round_gets_them_again(stage: Stage) -> None:
    empty = stage.central.copy()
    stage.push(stage.events()[:5])
    asked: list[Request] = []

    def ask(request: Request) -> Response:
        asked.append(request)
        if request.path.endswith("/events") and request.method == "POST" and len([one for one in asked if one.body]) == 2:
            token = stage.central.service._sessions
            stage.central.put_back(empty)
            stage.central.service._sessions = token
        return stage.central.ask(request)

    round_: Round = round_of(stage.desk)
    result: RoundResult = drive(round_.run(), ask)
    assert stage.stored() == len(stage.events())
    assert result.sane is True
