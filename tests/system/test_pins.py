"""PIN verifiers and weak PINs."""

from __future__ import annotations

import pytest

from access_desk.domain.staff_rules import is_weak
from access_desk.system.pins import Argon2Pins

PEPPER = bytes(range(32))


def test_a_verifier_knows_its_pin_and_no_other() -> None:
    pins = Argon2Pins(PEPPER)
    verifier = pins.hash_pin("402913")
    assert verifier.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert pins.matches(verifier, "402913")
    for other in ("402914", "40291", "", "４０２９１３", "402913 "):
        assert not pins.matches(verifier, other)


def test_the_same_pin_twice_has_two_verifiers() -> None:
    pins = Argon2Pins(PEPPER)
    assert pins.hash_pin("402913") != pins.hash_pin("402913")


def test_without_the_pepper_a_stolen_verifier_tells_nothing() -> None:
    assert not Argon2Pins(bytes(32)).matches(Argon2Pins(PEPPER).hash_pin("402913"), "402913")


@pytest.mark.parametrize("verifier", ["", "402913", "$argon2id$v=19$m=19456,t=2,p=1$", "$argon2id$v=19$m=8,t=1,p=1$AAAA$AAAA"])
def test_a_broken_verifier_matches_nothing(verifier: str) -> None:
    assert not Argon2Pins(PEPPER).matches(verifier, "402913")


@pytest.mark.parametrize(
    "pin",
    [
        "",
        "1",
        "123",
        "abcd",
        "１２３９",
        "1111",
        "000000",
        "1234",
        "4321",
        "7890",
        "0987",
        "890123",
        "1212",
        "402402",
        "1987",
        "2001",
    ],
)
def test_weak_pins(pin: str) -> None:
    assert is_weak(pin)


@pytest.mark.parametrize("pin", ["4029", "402913", "7315", "198724", "121213"])
def test_pins_that_will_do(pin: str) -> None:
    assert not is_weak(pin)
