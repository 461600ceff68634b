"""Signatures of a batch: all of them are checked, and the first that does not hold is named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from access_desk.protocol.chain import is_signed_by
from access_desk.protocol.signatures import Named, Signatures, WrongSignatureError
from tests.protocol.elsewhere import Elsewhere

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw().hex()
# In the thread of the caller, and in one of its own.
FEW_AND_MANY = (3, 40)


def signatures(number: int, wrong: tuple[int, ...] = (), holds: Callable[..., bool] = is_signed_by) -> Signatures:
    made = Signatures(holds)
    for place in range(number):
        message = bytes([place]) * 32
        made.name(PUBLIC, message, KEY.sign(b"something else" if place in wrong else message))
    return made


@pytest.mark.parametrize("number", FEW_AND_MANY)
def test_what_is_signed_holds(number: int) -> None:
    done = []
    with signatures(number).checked_beside():
        done.append(number)
    signatures(number).check()
    assert done == [number]


@pytest.mark.parametrize("number", FEW_AND_MANY)
@pytest.mark.parametrize("wrong", [(0,), (2,), (1, 2)])
def test_the_first_that_does_not_hold_is_named(number: int, wrong: tuple[int, ...]) -> None:
    with pytest.raises(WrongSignatureError) as beside, signatures(number, wrong).checked_beside():
        pass
    with pytest.raises(WrongSignatureError) as now:
        signatures(number, wrong).check()
    assert beside.value.place == now.value.place == wrong[0]


@pytest.mark.parametrize("number", FEW_AND_MANY)
def test_it_is_named_whatever_else_went_wrong(number: int) -> None:
    with pytest.raises(WrongSignatureError), signatures(number, (2,)).checked_beside():
        raise LookupError
    with pytest.raises(LookupError), signatures(number).checked_beside():
        raise LookupError


SIGNED = KEY.sign(b"message")


@pytest.mark.parametrize(
    ("key", "message", "signature"),
    [
        (PUBLIC, b"massage", SIGNED),
        (PUBLIC, b"message", SIGNED[:-1]),
        (PUBLIC, b"message", b""),
        (PUBLIC, b"e" + b"message", SIGNED),
        (PUBLIC, b"essage", SIGNED + b"m"),
        (PUBLIC[2:], b"message", SIGNED),
        (PUBLIC + "00", b"message", SIGNED),
        ("", b"message", SIGNED),
        ("no key", b"message", SIGNED),
        ("00" * 32, b"message", bytes(64)),
        ("ff" * 32, b"message", SIGNED),
    ],
)
def test_nothing_else_is_taken_for_a_signature(key: str, message: bytes, signature: bytes) -> None:
    assert is_signed_by(PUBLIC, b"message", SIGNED)
    assert not is_signed_by(key, message, signature)


@pytest.mark.parametrize("begins", [0, 8, 1_000])
@pytest.mark.parametrize("dies_after", [0, 5, 1_000])
@pytest.mark.parametrize("wrong", [(), (0,), (7, 9), (39,)])
def test_what_was_begun_elsewhere_is_not_checked_again_and_the_first_that_is_wrong_is_named(
    wrong: tuple[int, ...], begins: int, dies_after: int
) -> None:
    looked_at: Counter[Named] = Counter()

    def holds(*one: Any) -> bool:
        looked_at[one] += 1
        return is_signed_by(*one)

    made = signatures(40, wrong, holds)
    elsewhere = Elsewhere(begins, dies_after)
    # One that nobody names later; the five that were not begun are looked at here.
    made.begin(elsewhere, [*made.named[5:], (PUBLIC, b"else", b"")])
    seen = None
    try:
        with made.checked_beside():
            made.help_along()
    except WrongSignatureError as found:
        seen = found.place
    assert seen == (wrong[0] if wrong else None)
    assert len(elsewhere.asked[0]) == 36
    assert elsewhere.own == min(36, begins)
    # Here only what nobody else answered, once each.
    assert set(looked_at.values()) <= {1}
    answered = elsewhere.asked[0][: min(elsewhere.own, dies_after)]
    assert not set(looked_at) & set(answered)
    assert wrong or set(made.named) <= {*looked_at, *answered}


def test_a_few_are_not_sent_elsewhere() -> None:
    made, elsewhere = signatures(3, (1,)), Elsewhere()
    made.begin(elsewhere, made.named)
    with pytest.raises(WrongSignatureError), made.checked_beside():
        pass
    assert not elsewhere.asked
