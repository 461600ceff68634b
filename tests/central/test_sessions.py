"""Challenges and tokens: good for their time, and few of them are looked at however many are kept."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from access_desk.central.sessions import CHALLENGE_SECONDS, SESSION_SECONDS, NotSignedError, Sessions
from access_desk.protocol.messages import session_text

KEY = Ed25519PrivateKey.generate()
PUBLIC = KEY.public_key().public_bytes_raw().hex()


class Time:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def opened(made: Sessions, desk_id: str = "north") -> str:
    nonce = made.challenge()
    assert nonce is not None
    token = made.open(desk_id, PUBLIC, nonce, KEY.sign(session_text("f", desk_id, nonce)))
    assert token is not None
    return token


def test_a_token_is_good_for_its_time_and_those_that_ended_are_forgotten() -> None:
    time = Time()
    made = Sessions("f", time)
    first = opened(made)
    time.now = SESSION_SECONDS - 1
    second = opened(made, "south")
    assert (made.desk_of(first), made.desk_of(second), made.desks()) == ("north", "south", 2)
    time.now = SESSION_SECONDS
    assert (made.desk_of(first), made.desk_of(second)) == (None, "south")
    opened(made)
    assert len(made._sessions) == 2


def test_a_challenge_is_good_once_and_for_a_minute() -> None:
    time = Time()
    made = Sessions("f", time)
    nonce, late = made.challenge(), made.challenge()
    assert nonce is not None
    assert late is not None
    signature = KEY.sign(session_text("f", "north", nonce))
    assert made.open("north", PUBLIC, nonce, signature)
    assert made.open("north", PUBLIC, nonce, signature) is None
    time.now = CHALLENGE_SECONDS
    assert made.open("north", PUBLIC, late, KEY.sign(session_text("f", "north", late))) is None
    wrong = made.challenge()
    assert wrong is not None
    with pytest.raises(NotSignedError):
        made.open("north", PUBLIC, wrong, signature)


def test_with_more_than_are_kept_the_oldest_ends_early() -> None:
    made = Sessions("f", Time(), most=3)
    tokens = [opened(made, f"desk{number}") for number in range(5)]
    assert [made.desk_of(token) for token in tokens] == [None, None, "desk2", "desk3", "desk4"]
