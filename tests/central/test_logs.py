"""Central's log: a line a request and a line a fault, and nothing of what was said."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest

from access_desk.central.logs import FAULTS, NOTHING, CentralLog
from access_desk.sync.core import Request
from tests.central.centrals import drive, round_of
from tests.central.doors import a_door, events_of
from tests.desks import SetClock, a_desk

CANARY = "Zyxwhistle-Quandary"
ROUTE = "/v1/streams/{facility}/{desk}/{epoch}/events"


def test_a_request_is_one_line_with_figures_and_the_desk() -> None:
    with a_desk("north", 1) as desk, a_door() as door:
        door.central.enroll(desk)
        token, events = door.session(desk), events_of(desk)
        door.written.truncate(0)
        door.written.seek(0)
        assert door.push(events, token).status == 200
        assert door.push(events[5:], "nobody's").status == 401
        taken, refused = door.lines()
        sent = taken.pop("bytes")
        assert taken == {
            "at": door.central.clock.moment.isoformat(),
            "level": "info",
            "event": "request",
            "method": "POST",
            "route": ROUTE,
            "status": 200,
            "code": "",
            "milliseconds": 0.0,
            "desk_id": "north",
        }
        assert sent > sum(len(bytes(one.event)) for one in events)
        assert (refused["status"], refused["code"], refused["desk_id"]) == (401, "session", "")


def test_nobody_is_named_and_nothing_that_was_sent_is_there() -> None:
    with a_desk("north", 1) as desk, a_door() as door:
        secret = door.central.add_code()
        door.central.enroll(desk, secret)
        desk.register(family=CANARY)
        drive(round_of(desk).run(), door.ask)
        token = door.session(desk)
        for path in (f"/{CANARY}", f"/v1/facilities/{CANARY}/sanity", f"/v1/central?name={CANARY}"):
            door.ask(Request("GET", path, token=token))
        door.send(b'{"%s":' % CANARY.encode(), token)
        said = door.written.getvalue()
        assert len(door.lines()) > 10
        for one in (CANARY, token, secret, "Sample", "Bearer"):
            assert one not in said


@pytest.mark.parametrize("wanted", ["requests", FAULTS, NOTHING])
def test_a_fault_says_its_kind_and_where_and_not_its_words(wanted: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise ZeroDivisionError(CANARY)

    with a_door(wanted=wanted) as door:
        monkeypatch.setattr(door.central.service, "kind", broken)
        answer = door.ask(Request("GET", "/v1/central"))
        assert (answer.status, CANARY.encode() in answer.body) == (500, False)
        assert CANARY not in door.written.getvalue()
        faults = [line for line in door.lines() if line["level"] == "error"]
        assert door.figure('access_desk_faults_total{error="ZeroDivisionError"}') == 1
        if wanted == NOTHING:
            assert door.lines() == []
            return
        assert [(one["error"], one["route"], one["event"]) for one in faults] == [("ZeroDivisionError", "/v1/central", "a bug")]
        assert any(place.startswith("test_logs.py:") and place.endswith(" broken") for place in faults[0]["places"])
        assert any(line["event"] == "request" for line in door.lines()) == (wanted != FAULTS)


@pytest.fixture
def uvicorn() -> Iterator[logging.Logger]:
    logger = logging.getLogger("uvicorn")
    kept = [(one, one.handlers, one.propagate, one.level) for one in map(logging.getLogger, ("uvicorn", "asyncio", "litestar"))]
    yield logger
    for one, handlers, propagate, level in kept:
        one.handlers, one.propagate = handlers, propagate
        one.setLevel(level)


def test_what_the_server_complains_about_is_a_line_without_what_was_filled_in(uvicorn: logging.Logger) -> None:
    target = io.StringIO()
    CentralLog(target, SetClock()).take_over_libraries()
    logging.getLogger("uvicorn.error").warning("Invalid request: %s", CANARY)
    try:
        raise ValueError(CANARY)
    except ValueError:
        uvicorn.exception("failed")
    said = target.getvalue()
    assert CANARY not in said
    assert '"what": "Invalid request: %s"' in said
    assert '"error": "ValueError"' in said


def test_a_log_that_cannot_be_written_hinders_nobody() -> None:
    target = io.StringIO()
    log = CentralLog(target, SetClock())
    target.close()
    log.warning("something")
    with a_door() as door:
        door.written.close()
        assert door.client.get("/live").status_code == 200
