"""A desk of an earlier release: double names on file are found by a part with a wrong letter once it is upgraded."""

from __future__ import annotations

from pathlib import Path

from access_desk.domain.patients.commands import NewPatient
from access_desk.domain.patients.events import Demographics
from access_desk.domain.visits.events import VisitDetails
from access_desk.services.registration import Registration
from access_desk.storage.engine import open_database, open_memory_database, read_transaction, write_transaction
from access_desk.storage.migrate import REVISIONS
from access_desk.storage.queries import near_names
from access_desk.storage.replay import differing_tables, rebuild
from access_desk.storage.upgrade import upgrade
from tests.desks import TestDesk

HALVES = REVISIONS.index("0042")


def test_parts_of_names_on_file_are_found_after_an_upgrade(desk: TestDesk, tmp_path: Path) -> None:
    person = Demographics("Vega-Trujillo", "Marisol")
    desk.desk.registration.register(desk.desk.by(desk.people["ann"]), Registration(VisitDetails(), (), NewPatient(person)))
    facility_id = desk.desk.journal.facility_id
    with read_transaction(desk.desk.journal.engine) as connection:
        log = [tuple(row) for row in connection.exec_driver_sql("SELECT * FROM events").all()]
    older = open_database(tmp_path / "desk.db", bytes(32), create=True)
    upgrade(older, REVISIONS[:HALVES])
    with write_transaction(older) as connection:
        marks = ", ".join("?" * len(log[0]))
        for row in log:
            connection.exec_driver_sql(f"INSERT INTO events VALUES ({marks})", row)  # noqa: S608 - question marks
    with read_transaction(older) as connection:
        assert near_names.names_near(connection, facility_id, "family", ["trujilo"]) == []
    upgrade(older, REVISIONS[HALVES:])
    fresh = open_memory_database()
    with read_transaction(older) as connection, write_transaction(fresh) as replayed:
        assert near_names.names_near(connection, facility_id, "family", ["trujilo"]) == ["trujillo"]
        assert near_names.double_names(connection, facility_id, "family", ["trujillo"], 9) == ["vegatrujillo"]
        rebuild(connection, replayed)
        assert differing_tables(connection, replayed) == []
    for engine in (older, fresh):
        engine.dispose()
