"""Messages as they were recorded stay readable, to the byte; what is no message is refused without telling what was in it."""

from __future__ import annotations

import pytest

from access_desk.protocol import messages as wire
from access_desk.protocol.enrollment_code import EnrollmentCode, new_secret, read_code

SIGNED, HASH = b"ab" * 64, b"cd" * 32
RECORDED: tuple[tuple[type, bytes], ...] = (
    (wire.Push, b'{"protocol":1,"events":[{"event":{"format":1, "x":"\\u00e9"},"signature":"' + SIGNED + b'"}]}'),
    (wire.Acknowledged, b'{"seq":12,"hash":"' + HASH + b'","parked":[3]}'),
    (
        wire.FeedPage,
        b'{"events":[{"position":1,"received_at":"2026-11-23T13:00:00.000000Z","event":{"format":1},"signature":"'
        + SIGNED
        + b'"}],"digest":"'
        + HASH
        + b'","head":9}',
    ),
    (wire.StreamHead, b'{"desk_id":"d","stream_epoch":1,"seq":7,"hash":"' + HASH + b'"}'),
    (
        wire.Sanity,
        b'{"position":9,"events":9,"streams":[{"desk_id":"d","stream_epoch":1,"seq":7,"hash":"'
        + HASH
        + b'"}],"custodies":1,"cash_cents":20000,"figures":"'
        + HASH
        + b'"}',
    ),
    (
        wire.Enroll,
        b'{"protocol":1,"secret":"ABCDEFGHIJKLMNOPQRST","desk_id":"d","label":"Admitting 3","public_key":"'
        + HASH
        + b'","signature":"'
        + SIGNED
        + b'"}',
    ),
    (wire.Enrolled, b'{"facility_id":"CHR","number":2,"practice":true,"series":{"mrn":580001}}'),
    (
        wire.Enrolled,
        b'{"facility_id":"CHR","number":2,"practice":true,"series":{"mrn":580001},"pepper":"' + HASH + b'"}',
    ),
    (wire.ExchangePins, b'{"protocol":1,"lacking":["p1"],"offered":[{"person_id":"p2","verifier":"$argon2id$v=19$x"}]}'),
    (wire.ExchangedPins, b'{"verifiers":[{"person_id":"p1","verifier":"$argon2id$v=19$y"}],"lacking":["p2"]}'),
    (wire.CentralKind, b'{"protocol":1,"practice":true}'),
    (wire.Challenge, b'{"nonce":"' + HASH + b'"}'),
    (wire.OpenSession, b'{"protocol":1,"desk_id":"d","nonce":"' + HASH + b'","signature":"' + SIGNED + b'"}'),
    (wire.Session, b'{"token":"t","seconds":600}'),
    (wire.Problem, b'{"code":"sequence","text":"Event 4 has to come next.","expected":4,"missing":[]}'),
)


@pytest.mark.parametrize(("wanted", "recorded"), RECORDED, ids=[wanted.__name__ for wanted, _ in RECORDED])
def test_a_recorded_message_is_read_and_written_the_same(wanted: type, recorded: bytes) -> None:
    assert wire.to_bytes(wire.read(recorded, wanted)) == recorded


@pytest.mark.parametrize(("wanted", "recorded"), RECORDED, ids=[wanted.__name__ for wanted, _ in RECORDED])
def test_a_field_that_is_not_known_is_refused(wanted: type, recorded: bytes) -> None:
    with pytest.raises(wire.MalformedMessageError) as refused:
        wire.read(recorded[:-1] + b',"patient":"Vega"}', wanted)
    assert "Vega" not in str(refused.value)


@pytest.mark.parametrize(("wanted", "recorded"), RECORDED, ids=[wanted.__name__ for wanted, _ in RECORDED])
def test_a_message_cut_off_is_refused(wanted: type, recorded: bytes) -> None:
    for end in range(len(recorded) - 1):
        with pytest.raises(wire.MalformedMessageError):
            wire.read(recorded[:end], wanted)


def test_a_code_is_read_however_it_is_typed() -> None:
    code = EnrollmentCode(new_secret(bytes(range(12))), bytes(range(32)).hex())
    assert read_code(code.text()) == code
    assert read_code(f"  {code.text().lower().replace('-', ' ')}\n") == code
    for wrong in ("", code.text()[:-1], code.text() + "A", code.text().replace("A", "1")):
        with pytest.raises(ValueError, match=r"."):
            read_code(wrong)


def test_a_pepper_is_a_whole_key_or_nothing() -> None:
    with pytest.raises(wire.MalformedMessageError):
        wire.read(b'{"facility_id":"CHR","number":2,"practice":true,"series":{},"pepper":"00"}', wire.Enrolled)
