"""Every day file of ``tests/days`` through the command, and files that cannot be read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from access_desk.cli import main
from tests.oracle import compare, model, reading
from tests.oracle.values import UnreadableError

DAYS = Path(__file__).resolve().parents[1] / "days"
DEMO = Path(__file__).resolve().parents[2] / "resources" / "demo" / "demo-day.json"
STORIES = sorted(path for path in DAYS.glob("*.json") if not path.name.endswith(".expected.json"))


@pytest.mark.parametrize("path", [*STORIES, DEMO], ids=lambda path: path.stem)
def test_a_day_ends_as_its_file_and_the_figures_worked_out_by_hand_say(path: Path, tmp_path: Path) -> None:
    out = tmp_path / "result.json"
    status = main(["play", str(path), "--json", str(out)])
    result = json.loads(out.read_text(encoding="utf-8"))
    assert model.surprises(reading.read_file(path), result) == []
    assert status == 0
    by_hand = DAYS / f"{path.stem}.expected.json"
    if by_hand.exists():
        assert compare.missing(json.loads(by_hand.read_text(encoding="utf-8")), result) == []
    assert compare.differences(result, model.play(reading.read_file(path))) == []


def _day() -> dict[str, Any]:
    return {
        "format": "access-desk.day/1",
        "facility": {"code": "CHR", "name": "Cedar Hollow Regional", "timezone": "America/Chicago", "policy": {}},
        "staff": [{"key": "dana", "name": "Dana Whitfield", "role": "registrar", "pin": "402913"}],
        "drawers": [{"key": "D1", "desk": "Admitting 1", "imprest": "200.00"}],
        "steps": [{"at": "2026-11-23T07:02", "by": "dana", "do": "open_drawer", "drawer": "D1", "count": {"20": 10}}],
    }


def _with(**changes: object) -> dict[str, Any]:
    return _day() | changes


def _facility(**changes: object) -> dict[str, Any]:
    return _with(facility=_day()["facility"] | changes)


def _policy(**settings: object) -> dict[str, Any]:
    return _facility(policy=settings)


def _staff(**changes: object) -> dict[str, Any]:
    return _with(staff=[_day()["staff"][0] | changes])


def _drawer(**changes: object) -> dict[str, Any]:
    return _with(drawers=[_day()["drawers"][0] | changes])


def _step(**changes: object) -> dict[str, Any]:
    return _with(steps=[*_day()["steps"], {"by": "dana", "do": "no_sale", "drawer": "D1", "reason": "Change"} | changes])


PATIENT = {"family": "Boyd", "given": "Carl", "birth_date": "1961-04-09", "sex": "male"}
VISIT = {"type": "outpatient"}
SECOND = {"key": "dana", "name": "Dana Again", "role": "lead", "pin": "118204"}
UNREADABLE: dict[str, dict[str, Any]] = {
    "another format": _with(format="access-desk.day/2"),
    "an unknown key of the file": _with(comment="x"),
    "an unknown key of the facility": _facility(city="Austin"),
    "an unknown timezone": _facility(timezone="America/Atlantis"),
    "an unknown policy key": _policy(recount=2),
    "a policy that is no number": _policy(recounts="2"),
    "a negative number of recounts": _policy(recounts=-1),
    "a drop limit that is a number": _policy(drop_at=800),
    "a flag that is a text": _policy(paid_out="yes"),
    "an unknown rounding": _policy(cash_rounding="nearest_10"),
    "an unknown release": _policy(emtala_release="triage"),
    "a tier that needs something unknown": _policy(over_short=[{"from": "0.01", "needs": ["luck"]}]),
    "a tier with an unreadable start": _policy(over_short=[{"from": 1, "needs": []}]),
    "a shift with an impossible start": _policy(shifts=[{"name": "day", "from": "25:00"}]),
    "an unknown role": _staff(role="janitor"),
    "a role that is a list": _staff(role=[]),
    "a short PIN": _staff(pin="123"),
    "a PIN with letters": _staff(pin="12a4"),
    "an unknown key of a person": _staff(age=40),
    "two people with one key": _with(staff=[*_day()["staff"], SECOND]),
    "a float that is a number": _drawer(imprest=200),
    "a float without cents": _drawer(imprest="200"),
    "an unknown key of a drawer": _drawer(color="red"),
    "an unknown verb": _step(do="lend"),
    "a step without a verb": _with(steps=[{"at": "2026-11-23T07:02", "by": "dana"}]),
    "a key of another verb": _step(tender="cash"),
    "somebody unknown": _step(by="nobody"),
    "an undeclared drawer": _step(drawer="D9"),
    "an undeclared approver": _step(do="paid_in", amount="1.00", approver="nobody", approver_pin="1111"),
    "an undeclared payment": _with(steps=[{"at": "2026-11-23T07:02", "by": "dana", "do": "void", "payment": "p1"}]),
    "an unknown key of a patient": _with(
        steps=[{"at": "2026-11-23T07:02", "by": "dana", "do": "register", "patient": PATIENT | {"pet": "cat"}, "visit": VISIT}]
    ),
    "an undeclared patient": _with(
        steps=[{"at": "2026-11-23T07:02", "by": "dana", "do": "register", "patient": "p1", "visit": VISIT}]
    ),
    "an expected end that is none": _step(expect="maybe"),
    "an expected refusal that is none": _step(expect="refused", code="too_late"),
    "an expected refusal that is an object": _step(expect="refused", code={}),
    "a step by nobody": _step(by=5),
    "steps that are no list": _with(steps={}),
}


@pytest.mark.parametrize("why", UNREADABLE)
def test_a_file_that_cannot_be_read_is_one_line_and_exit_2(why: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _refused_as_a_whole(json.dumps(UNREADABLE[why]).encode(), tmp_path, capsys)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"null",
        b'{"format": "access-desk.day/1"',
        b"\xff\xfe{}",
        json.dumps(_day()).replace('"code": "CHR"', '"code": "CHR", "code": "XYZ"').encode(),
        json.dumps(_day()).replace('"by": "dana"', '"by": "dana", "by": "dana"').encode(),
    ],
    ids=["empty", "list", "null", "cut off", "not UTF-8", "facility key twice", "step key twice"],
)
def test_a_file_that_is_no_day_is_one_line_and_exit_2(content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _refused_as_a_whole(content, tmp_path, capsys)


def _refused_as_a_whole(content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, out = tmp_path / "day.json", tmp_path / "result.json"
    path.write_bytes(content)
    assert main(["play", str(path), "--json", str(out)]) == 2
    said = capsys.readouterr().err
    assert len(said.strip().splitlines()) == 1
    assert "Traceback" not in said
    assert not out.exists()
    with pytest.raises(UnreadableError):
        model.play(reading.read_file(path))


def test_a_step_that_ends_otherwise_than_said_is_exit_1_and_the_play_goes_on(tmp_path: Path) -> None:
    path, out = tmp_path / "day.json", tmp_path / "result.json"
    day = _step(reason="")
    day["steps"].append({"by": "dana", "do": "no_sale", "drawer": "D1", "reason": "Change"})
    path.write_text(json.dumps(day), encoding="utf-8")
    assert main(["play", str(path), "--json", str(out)]) == 1
    ended = [step["ended"] for step in json.loads(out.read_text(encoding="utf-8"))["steps"]]
    assert ended == ["ok", "refused", "ok"]
