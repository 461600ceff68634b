"""The technical log says what went wrong, and nothing about anybody."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from access_desk.domain.errors import UnavailableError
from access_desk.system.clock import ManualClock
from access_desk.system.logs import LARGEST_BYTES, LOG_FILE, LONGEST_TEXT, TechnicalLog

CANARY = "Zyxwhistle-Quandary"


@pytest.fixture
def log(tmp_path: Path) -> Iterator[TechnicalLog]:
    opened = TechnicalLog(tmp_path / "logs", ManualClock(datetime(2026, 11, 23, 7, 2, tzinfo=UTC)))
    yield opened
    opened.close()


def lines(tmp_path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (tmp_path / "logs" / LOG_FILE).read_text(encoding="ascii").splitlines()]


def test_a_line_is_json_with_ids_and_figures(log: TechnicalLog, tmp_path: Path) -> None:
    log.note("opened", desk_id="d1", count=3, milliseconds=1.5)
    found = {
        "at": "2026-11-23T07:02:00+00:00",
        "event": "opened",
        "level": "info",
        "desk_id": "d1",
        "count": 3,
        "milliseconds": 1.5,
    }
    assert lines(tmp_path) == [found]
    if sys.platform != "win32":
        assert (tmp_path / "logs" / LOG_FILE).stat().st_mode & 0o777 == 0o600


def test_fields_that_are_not_on_the_list_are_dropped_and_named(log: TechnicalLog, tmp_path: Path) -> None:
    log.warning("odd", family=CANARY, patient={"given": CANARY}, code="x")
    (line,) = lines(tmp_path)
    assert (line["dropped"], line["code"], line["level"]) == (["family", "patient"], "x", "warning")
    assert CANARY not in (tmp_path / "logs" / LOG_FILE).read_text()


def test_control_and_direction_characters_do_not_get_out(log: TechnicalLog, tmp_path: Path) -> None:
    log.note("odd", what="a\x1b[2J\u202eb\nc\x00é")
    raw = (tmp_path / "logs" / LOG_FILE).read_bytes()
    assert raw.count(b"\n") == 1
    assert all(32 <= byte < 127 for byte in raw.rstrip(b"\n"))
    assert lines(tmp_path)[0]["what"] == "a\x1b[2J\u202eb\nc\x00é"


def test_a_long_text_is_cut(log: TechnicalLog, tmp_path: Path) -> None:
    log.note("odd", what="x" * 10_000)
    assert len(lines(tmp_path)[0]["what"]) == LONGEST_TEXT


def raise_about(name: str) -> None:
    patient = {"family": name}
    try:
        raise KeyError(name)
    except KeyError as cause:
        raise RuntimeError(f"cannot print {patient}") from cause


def test_a_bug_is_logged_without_its_text_and_variables(log: TechnicalLog, tmp_path: Path) -> None:
    try:
        raise_about(CANARY)
    except RuntimeError as error:
        log.bug(error)
    (line,) = lines(tmp_path)
    assert line["error"] == "RuntimeError"
    assert [place.split()[-1] for place in line["places"]] == [
        "raise_about",
        "KeyError",
        line["places"][2].split()[-1],
        "raise_about",
        "RuntimeError",
    ]
    assert CANARY not in json.dumps(line)


def test_bugs_that_nobody_catches_are_shown_and_logged_and_not_printed(
    log: TechnicalLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    shown: list[BaseException] = []
    log.catch_bugs(shown.append)
    error = RuntimeError(CANARY)
    sys.excepthook(RuntimeError, error, None)
    thread = threading.Thread(target=raise_about, args=(CANARY,), name="desk-task")
    thread.start()
    thread.join()
    assert [type(one) for one in shown] == [RuntimeError, RuntimeError]
    assert [line["thread"] for line in lines(tmp_path)] == ["MainThread", "desk-task"]
    assert capfd.readouterr() == ("", "")


def test_old_logs_are_rotated_away(log: TechnicalLog, tmp_path: Path) -> None:
    for number in range(2 * LARGEST_BYTES // 1000):
        log.note("filling", places=["x" * 190] * 5, count=number)
    sizes = [path.stat().st_size for path in (tmp_path / "logs").iterdir()]
    assert 2 <= len(sizes) <= 6
    assert max(sizes) <= LARGEST_BYTES


def test_a_log_that_cannot_be_written_any_more_hinders_nobody(
    log: TechnicalLog, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def full(_: str) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(log._lines.stream, "write", full, raising=False)
    log.note("lost")
    assert capfd.readouterr() == ("", "")


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "logs").touch()
    with pytest.raises(UnavailableError, match="cannot be written"):
        TechnicalLog(tmp_path / "logs", ManualClock(datetime(2026, 11, 23, tzinfo=UTC)))
