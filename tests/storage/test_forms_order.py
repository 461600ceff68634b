"""Events about forms give the same rows, and the same state, in whatever order they arrive from other desks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import permutations

from access_desk.domain.events import Recorded, kind_of
from access_desk.domain.forms.events import FormAskedFor, FormCompleted, FormOffered, StayNoted
from access_desk.domain.forms.state import FormsState, evolve
from access_desk.domain.visits.events import VisitDetails, VisitProgressed, VisitRegistered
from access_desk.storage.engine import open_memory_database, read_transaction, write_transaction
from access_desk.storage.replay import differing_tables, project_all
from access_desk.storage.schema import metadata

NOON = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)


def recorded(desk: str, seq: int, millis: int, body: object) -> Recorded:
    stamp, at = f"{millis:013d}-00000-{desk}", NOON + timedelta(milliseconds=millis)
    kind, day = kind_of(body), date(2026, 11, 23)
    return Recorded(f"{desk}-{seq}", "F", desk, 1, seq, at, stamp, day, "ann", None, None, kind, 1, "V", ("P",), body)


def completed(status: str, minutes: int) -> FormCompleted:
    at = NOON + timedelta(minutes=minutes)
    return FormCompleted("V", "P", "consent", "initial", "2026-1", "en", status, at, "00", reason="so")


EVENTS = (
    recorded("north", 1, 1, VisitRegistered("V", "P", "1", VisitDetails("inpatient"), ())),
    recorded("north", 2, 20, FormOffered("V", "P", "consent", "initial", "2026-1", "en")),
    recorded("south", 1, 30, completed("refused", 1)),
    recorded("north", 3, 40, completed("signed", 2)),
    recorded("south", 2, 25, StayNoted("V", "P", "discharged", NOON)),
    recorded("east", 1, 35, StayNoted("V", "P", "discharged", NOON + timedelta(hours=1))),
)
MORE = (
    recorded("east", 2, 50, VisitProgressed("V", "admitted")),
    recorded("east", 3, 60, FormAskedFor("V", "P", "advance_notice", "therapy")),
)


def folded(events: tuple[Recorded, ...]) -> FormsState | None:
    state: FormsState | None = None
    for event in events:
        state = evolve(state, event)
    return state


def test_arrival_does_not_matter() -> None:
    first = open_memory_database()
    metadata.create_all(first)
    with write_transaction(first) as connection:
        project_all(connection, (*EVENTS, *MORE))
    expected = folded((*EVENTS, *MORE))
    assert expected is not None
    last = expected.last("consent")
    assert last is not None
    assert last.body.status == "signed"
    assert expected.left_at == NOON + timedelta(hours=1)
    for number, order in enumerate(permutations(EVENTS)):
        assert folded((*MORE, *order)) == expected
        if number % 60:
            continue
        other = open_memory_database()
        metadata.create_all(other)
        with write_transaction(other) as connection:
            project_all(connection, (*MORE, *order))
        with read_transaction(first) as one, read_transaction(other) as two:
            assert differing_tables(one, two) == []
        other.dispose()
    first.dispose()
