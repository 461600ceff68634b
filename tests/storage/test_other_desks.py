"""The events of two desks give the same tables in whatever order they arrive, and the same states."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime

from access_desk.domain.events import Recorded, kind_of
from access_desk.domain.facility.events import DrawerInstalled, FacilityEstablished, PolicySet, StaffAdded, StaffAmended
from access_desk.domain.facility.state import FacilityState, evolve
from access_desk.domain.money import Money
from access_desk.domain.policy import Policy
from access_desk.domain.staff import Role
from access_desk.protocol.encoding import decode
from access_desk.storage.engine import Database, open_memory_database, read_transaction, write_transaction
from access_desk.storage.event_log import every_row, in_order
from access_desk.storage.projections import project
from access_desk.storage.replay import differing_tables, project_all
from access_desk.storage.row_changes import write
from access_desk.storage.schema import metadata
from tests.desks import a_desk

NOON = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)


def recorded(desk: str, seq: int, millis: int, body: object) -> Recorded:
    stamp = f"{millis:013d}-00000-{desk}"
    kind, day = kind_of(body), date(2026, 11, 23)
    return Recorded(f"{desk}-{seq}", "F", desk, 1, seq, NOON, stamp, day, "ann", None, None, kind, 1, "F", (), body)


# Both desks were apart when they made facility, person and drawer; north was first with some, south with others.
MADE_TWICE = (
    recorded("north", 1, 10, FacilityEstablished("F", "Cedar Hollow", "America/Chicago")),
    recorded("south", 1, 5, FacilityEstablished("F", "Cedar Hollow Regional", "America/New_York")),
    recorded("north", 2, 11, StaffAdded("ann", "ann", "Ann", Role.REGISTRAR)),
    recorded("south", 2, 12, StaffAdded("ann", "ann", "Ann B.", Role.LEAD)),
    recorded("south", 3, 40, StaffAmended("ann", Role.SUPERVISOR, True)),
    recorded("north", 3, 30, StaffAmended("ann", Role.LEAD, False)),
    recorded("north", 4, 21, PolicySet(Policy(recounts=2))),
)


def tables_after(events: tuple[Recorded, ...]) -> Database:
    database = open_memory_database()
    metadata.create_all(database)
    with write_transaction(database) as connection:
        project_all(connection, events)
    return database


def test_what_two_desks_made_apart_is_the_first_by_stamp_with_the_last_changes() -> None:
    first = tables_after(MADE_TWICE)
    with read_transaction(first) as connection:
        facility = connection.exec_driver_sql("SELECT name, timezone FROM facilities").one()
        person = connection.exec_driver_sql("SELECT name, role, active FROM staff").one()
    assert tuple(facility) == ("Cedar Hollow Regional", "America/New_York")
    assert tuple(person) == ("Ann", "supervisor", 1)
    for seed in range(40):
        mixed = list(MADE_TWICE)
        random.Random(seed).shuffle(mixed)
        other = tables_after(tuple(mixed))
        with read_transaction(first) as one, read_transaction(other) as two:
            assert differing_tables(one, two) == []
        other.dispose()
    first.dispose()


def test_states_fold_in_the_order_of_stamps() -> None:
    drawer = recorded("south", 4, 41, DrawerInstalled("D", "D1", "Admitting 1", Money(20_000)))
    state = FacilityState(facility_id="F")
    for event in sorted((drawer, *MADE_TWICE), key=in_order):
        state = evolve(state, event)
    assert state.name == "Cedar Hollow Regional"
    assert (state.people["ann"].name, state.people["ann"].role) == ("Ann", Role.SUPERVISOR)
    assert state.drawers["D"].desk_id == "south"


def test_a_change_that_arrives_before_its_row_is_not_lost() -> None:
    with a_desk() as desk:
        desk.open()
        visit = desk.register()
        desk.pay(visit)
        desk.desk.registration.amend(desk.desk.by(desk.people["ann"]), visit.patient_id, {"phone": "216-555-0100"})
        desk.count(22_500)
        desk.close()
        with read_transaction(desk.desk.journal.engine) as connection:
            events = [decode(row.data)[0] for row in every_row(connection)]
            assert len(events) > 20
            for seed in range(10):
                mixed = list(events)
                random.Random(seed).shuffle(mixed)
                other = open_memory_database()
                metadata.create_all(other)
                with write_transaction(other) as target:
                    for event in mixed:
                        write(target, project(event), connection)
                with read_transaction(other) as two:
                    assert differing_tables(connection, two) == []
                other.dispose()
