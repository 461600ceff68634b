"""Messages as they were recorded stay readable, to the byte; what is no message is refused without telling what was in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from access_desk.central.application import interface
from access_desk.protocol import messages as wire
from access_desk.protocol.enrollment_code import EnrollmentCode, new_secret, read_code

FOLDER = Path(__file__).with_name("recorded")
RECORDED = [(getattr(wire, path.name.split(".")[0]), path.read_bytes()) for path in sorted(FOLDER.iterdir())]
IDS = [path.stem for path in sorted(FOLDER.iterdir())]


def test_every_message_of_every_version_was_recorded() -> None:
    """A message that is no longer written stays, and its recording; one that is new needs one."""
    messages = {one.__name__ for one in wire._Message.__subclasses__()}
    recorded = {tuple(path.name.split(".")[:2]) for path in FOLDER.iterdir()}
    assert recorded == {(name, f"v{version}") for name in messages for version in range(1, wire.PROTOCOL + 1)}


def test_every_message_that_an_endpoint_takes_or_answers_was_recorded() -> None:
    named = set(re.findall(r'"#/components/schemas/(\w+)"', interface().decode())) - {"Event", "PokeEvent"}
    assert len(named) > 15
    assert named <= {wanted.__name__ for wanted, _ in RECORDED}


@pytest.mark.parametrize(("wanted", "recorded"), RECORDED, ids=IDS)
def test_a_recorded_message_is_read_and_written_the_same(wanted: type, recorded: bytes) -> None:
    assert wire.to_bytes(wire.read(recorded, wanted)) == recorded


@pytest.mark.parametrize(("wanted", "recorded"), RECORDED, ids=IDS)
def test_a_field_that_is_not_known_is_refused(wanted: type, recorded: bytes) -> None:
    with pytest.raises(wire.MalformedMessageError) as refused:
        wire.read(recorded[:-1] + b',"patient":"Vega"}', wanted)
    assert "Vega" not in str(refused.value)


@pytest.mark.parametrize(("wanted", "recorded"), RECORDED, ids=IDS)
def test_a_message_cut_off_is_refused(wanted: type, recorded: bytes) -> None:
    for end in [*range(0, len(recorded) - 1, max(len(recorded) // 200, 1)), len(recorded) - 1]:
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
